"""A client's settings: the form, archiving, and the merge of two clients."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Message, Private, Reply, Show
from bot.services.clients.merging import MergeService
from bot.services.clients.settings import ClientSettingsService
from bot.views.blocks import notice_view
from bot.views.clients import settings as views


class ClientSettingsDesk:
    """For those who decide about the client; each service asks again."""

    def __init__(self, settings: ClientSettingsService, merges: MergeService) -> None:
        self._settings = settings
        self._merges = merges

    def form(self, call: ClickCall) -> Reply:
        return Show(views.settings_form(self._settings.sheet(call.workspace_id, call.member, call.value)))

    def save(self, call: FormCall) -> Reply:
        changes = views.read_settings(call.values)
        client = self._settings.change(call.workspace_id, call.member, call.memo["client"], changes)
        return Show(notice_view(views.saved(client)))

    def archive(self, call: ClickCall) -> Reply:
        return _shown(call, views.archived(self._settings.archive(call.workspace_id, call.member, call.value)))

    def unarchive(self, call: ClickCall) -> Reply:
        return _shown(call, views.unarchived(self._settings.unarchive(call.workspace_id, call.member, call.value)))

    def merge_form(self, call: ClickCall) -> Reply:
        sheet = self._settings.sheet(call.workspace_id, call.member, call.value)
        return Show(views.merge_form(sheet.client))

    def preview(self, call: FormCall) -> Reply:
        about = call.memo["client"], str(call.values["client"])
        return Show(views.merge_preview(self._merges.preview(call.workspace_id, call.member, *about)))

    def merge(self, call: FormCall) -> Reply:
        about = call.memo["client"], call.memo["gone"]
        return Show(notice_view(views.merged(self._merges.merge(call.workspace_id, call.member, *about))))


def _shown(call: ClickCall, shown: Message) -> Reply:
    return Show(notice_view(shown)) if call.view_id else Private(shown)


def register(desk: Desk, here: ClientSettingsDesk) -> None:
    desk.click(Action.CLIENT_SETTINGS, here.form)
    desk.form(Form.CLIENT_SETTINGS, here.save)
    desk.click(Action.ARCHIVE_CLIENT, here.archive)
    desk.click(Action.UNARCHIVE_CLIENT, here.unarchive)
    desk.click(Action.MERGE_CLIENT, here.merge_form)
    desk.form(Form.MERGE, here.preview)
    desk.form(Form.CONFIRM_MERGE, here.merge)
