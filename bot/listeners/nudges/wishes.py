"""“Messages to me” on Home."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.nudges.wishes import WishService
from bot.views.blocks import notice_view
from bot.views.nudges.wishes import read_wishes, saved, wishes_form


class WishDesk:
    """Everybody's own form."""

    def __init__(self, wishes: WishService) -> None:
        self._wishes = wishes

    def form(self, call: ClickCall) -> Reply:
        return Show(wishes_form(self._wishes.sheet(call.workspace_id, call.member)))

    def submit(self, call: FormCall) -> Reply:
        wishes = read_wishes(call.values, self._wishes.sheet(call.workspace_id, call.member))
        self._wishes.save(call.workspace_id, call.member, wishes)
        return Show(notice_view(saved(wishes)))


def register(desk: Desk, here: WishDesk) -> None:
    desk.click(Action.MESSAGES_TO_ME, here.form)
    desk.form(Form.MESSAGES_TO_ME, here.submit)
