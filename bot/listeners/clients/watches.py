"""Settings of channels: what is followed there."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.clients.clients import ClientService
from bot.services.clients.watches import WatchService
from bot.views.blocks import notice_view
from bot.views.clients import watches as views


class WatchDesk:
    """Admins change it, everybody may read it."""

    def __init__(self, watches: WatchService, clients: ClientService) -> None:
        self._watches = watches
        self._clients = clients

    def list(self, call: ClickCall) -> Reply:
        channels = self._watches.all(call.workspace_id, call.member)
        return Show(views.watch_list(channels, int(call.value or 0), call.member))

    def form(self, call: ClickCall) -> Reply:
        return Show(views.watch_form(self._watches.of(call.workspace_id, call.member, call.value)))

    def add_form(self, _call: ClickCall) -> Reply:
        return Show(views.add_watch_form())

    def add(self, call: FormCall) -> Reply:
        channel_id, client_id = str(call.values["channel"]), str(call.values["client"])
        done = self._set(call, channel_id, client_id)
        self._clients.map_channel(call.workspace_id, call.member, client_id, channel_id)
        return done

    def change(self, call: FormCall) -> Reply:
        return self._set(call, call.memo["channel"])

    def _set(self, call: FormCall, channel_id: str, client_id: str = "") -> Reply:
        wish = views.read_watch_form(call.values)
        done = self._watches.set(
            call.workspace_id,
            call.member,
            channel_id,
            reactions=wish.reactions,
            listens=wish.listens,
            client_id=client_id,
        )
        return Show(notice_view(views.watch_set(done)))


def register(desk: Desk, here: WatchDesk) -> None:
    desk.click(Action.WATCHES, here.list)
    desk.click(Action.WATCH, here.form)
    desk.click(Action.ADD_WATCH, here.add_form)
    desk.form(Form.ADD_WATCH, here.add)
    desk.form(Form.WATCH, here.change)
