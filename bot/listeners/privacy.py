"""Data and privacy, behind Settings: how long words are kept, export, erasure. For admins."""

from __future__ import annotations

from dataclasses import dataclass

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Push, Reply, Show
from bot.services.privacy.erasure import ErasureService, Subject
from bot.services.privacy.exports import ExportService
from bot.services.privacy.retention import RetentionService
from bot.views import privacy as views
from bot.views.blocks import notice_view
from rules.errors import InvalidError
from rules.privacy.tombstones import Erased
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyDesk:
    """The services check on each step again that an admin asks."""

    retention: RetentionService
    exports: ExportService
    erasure: ErasureService

    def overview(self, call: ClickCall) -> Reply:
        return Push(views.overview(self.retention.months(call.workspace_id, call.member)))

    def retention_form(self, call: ClickCall) -> Reply:
        return Push(views.retention_form(self.retention.months(call.workspace_id, call.member)))

    def foresee_retention(self, call: FormCall) -> Reply:
        months = views.read_months(call.values)
        rows = self.retention.preview(call.workspace_id, call.member, months)
        return Show(views.retention_confirmation(months, rows))

    def set_retention(self, call: FormCall) -> Reply:
        months = int(call.memo["months"])
        self.retention.set(call.workspace_id, call.member, months)
        return Show(notice_view(views.retention_set(months)))

    def export_form(self, call: ClickCall) -> Reply:
        self.retention.months(call.workspace_id, call.member)
        return Push(views.export_form())

    def export(self, call: FormCall) -> Reply:
        kind, who = views.read_who(call.values)
        wanted = self.exports.find(call.workspace_id, call.member, kind, who)
        self.exports.start(call.workspace_id, call.member, wanted, as_csv=call.values.get("format") == "csv")
        return Show(notice_view(views.export_begun()))

    def erase_form(self, call: ClickCall) -> Reply:
        self.retention.months(call.workspace_id, call.member)
        return Push(views.erase_form())

    def foresee_erasure(self, call: FormCall) -> Reply:
        kind, who = views.read_who(call.values)
        if kind is None:
            raise InvalidError("Please say who it is.", {"kind": "Choose one of these."})
        return Show(views.erase_confirmation(self.erasure.foresee(call.workspace_id, call.member, kind, who)))

    def erase(self, call: FormCall) -> Reply:
        subject = Subject.read(call.memo["subject"])
        typed = str(call.values.get("typed") or "")
        self.erasure.start(call.workspace_id, call.member, subject, typed)
        return Show(
            notice_view(
                views.erasing(typed if subject.kind is Erased.PERSON else Sentence("The client {typed}", typed=typed))
            )
        )


def register(desk: Desk, here: PrivacyDesk) -> None:
    desk.click(Action.PRIVACY, here.overview)
    desk.click(Action.RETENTION, here.retention_form)
    desk.click(Action.EXPORT, here.export_form)
    desk.click(Action.ERASE, here.erase_form)
    desk.form(Form.RETENTION, here.foresee_retention)
    desk.form(Form.RETENTION_SURE, here.set_retention)
    desk.form(Form.EXPORT, here.export)
    desk.form(Form.ERASE, here.foresee_erasure)
    desk.form(Form.ERASE_SURE, here.erase)
