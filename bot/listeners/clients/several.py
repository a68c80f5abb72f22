"""Several clients from a pasted list."""

from __future__ import annotations

from bot.calls import Call, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.clients.several import SeveralService
from bot.views.blocks import notice_view
from bot.views.clients import several as views


class SeveralDesk:
    """The form comes back with what remains, until nothing does."""

    def __init__(self, several: SeveralService) -> None:
        self._several = several

    def open(self, call: Call) -> Reply:
        return Show(views.several_form(call.member.id))

    def add(self, call: FormCall) -> Reply:
        text, owner_id, near_too = views.read_several(call.values)
        answers = self._several.add(call.workspace_id, call.member, owner_id, text, near_too=near_too)
        if any(answer.remains for answer in answers):
            return Show(views.remaining_form(answers, owner_id))
        return Show(notice_view(views.answered(answers)))


def register(desk: Desk, here: SeveralDesk) -> None:
    desk.click(Action.ADD_CLIENTS, here.open)
    desk.form(Form.ADD_CLIENTS, here.add)
