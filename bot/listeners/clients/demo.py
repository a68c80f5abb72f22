"""The demo client: looked at beside the first step, removed on its card and on Home."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk
from bot.ids import Action
from bot.replies import Message, Private, Reply, Show
from bot.services.clients.demo import DemoService
from bot.views.blocks import Marked, message, notice_view, section


class DemoDesk:
    """Home is drawn anew by a worker."""

    def __init__(self, demo: DemoService, card: Callable[[Call, str], Message]) -> None:
        """`card` draws a client."""
        self._demo = demo
        self._card = card

    def look(self, call: ClickCall) -> Reply:
        client = self._demo.look(call.workspace_id, call.member)
        return Show(notice_view(self._card(call, client.id)))

    def remove(self, call: ClickCall) -> Reply:
        self._demo.remove(call.workspace_id, call.member)
        text = "The demo client is gone, with everything about it."
        gone = message(text, section(Marked(text)))
        return Show(notice_view(gone)) if call.view_id or call.on_home else Private(gone)


def register(desk: Desk, here: DemoDesk) -> None:
    desk.click(Action.LOOK_AT_DEMO, here.look)
    desk.click(Action.REMOVE_DEMO, here.remove)
