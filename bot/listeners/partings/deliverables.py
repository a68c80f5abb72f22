"""Deliverables: the list, the question, the answers (WU01-WU03, D11)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import ClickCall, Desk, FormCall, read_memo
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.partings.tasks.deliverables import DeliverableService, DeliverableSheet
from bot.views.partings import deliverables as views


class DeliverableDesk:
    """What can be done with the list in Slack."""

    def __init__(self, deliverables: DeliverableService) -> None:
        self._deliverables = deliverables

    def open(self, call: ClickCall) -> Reply:
        return _shown(self._deliverables.sheet(call.workspace_id, call.member, call.value))

    def asking(self, ask: Callable[[DeliverableSheet], View]) -> Callable[[ClickCall], Reply]:
        """A button that opens a form about the list, for those who decide."""

        def asked(call: ClickCall) -> Reply:
            sheet = self._deliverables.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet)) if sheet.may_decide and not sheet.is_over else _shown(sheet)

        return asked

    def ask_change(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        sheet = self._deliverables.sheet(call.workspace_id, call.member, asked["parting"])
        return Show(views.item_form(sheet, asked["item"])) if sheet.may_decide else _shown(sheet)

    def keep(self, call: FormCall) -> Reply:
        new = views.read_item(call.values, call.memo.get("seen", ""))
        parting_id, code = call.memo["parting"], call.memo["item"]
        if code:
            return _shown(self._deliverables.change(call.workspace_id, call.member, parting_id, code, new))
        return _shown(self._deliverables.add(call.workspace_id, call.member, parting_id, new))

    def remove(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        return _shown(self._deliverables.remove(call.workspace_id, call.member, asked["parting"], asked["item"]))

    def take_promised(self, call: ClickCall) -> Reply:
        return _shown(self._deliverables.take_promised(call.workspace_id, call.member, call.value))

    def ask(self, call: FormCall) -> Reply:
        until, default = views.read_question(call.values)
        return _shown(self._deliverables.ask(call.workspace_id, call.member, call.memo["parting"], until, default))

    def answer(self, call: FormCall) -> Reply:
        replies, close_opened = views.read_answers(call.values)
        sheet = self._deliverables.answer(
            call.workspace_id, call.member, call.memo["parting"], replies, close_opened=close_opened
        )
        return _shown(sheet)


def _shown(sheet: DeliverableSheet) -> Reply:
    return Show(views.deliverables_dialog(sheet))


def register(desk: Desk, deliverables: DeliverableService) -> None:
    here = DeliverableDesk(deliverables)
    desk.click(Action.DELIVERABLES, here.open)
    desk.click(Action.ADD_DELIVERABLE, here.asking(views.item_form))
    desk.click(Action.CHANGE_DELIVERABLE, here.ask_change)
    desk.form(Form.DELIVERABLE, here.keep)
    desk.click(Action.REMOVE_DELIVERABLE, here.remove)
    desk.click(Action.TAKE_PROMISED, here.take_promised)
    desk.click(Action.ASK_ANSWERS, here.asking(views.ask_form))
    desk.form(Form.ASK_ANSWERS, here.ask)
    desk.click(Action.ANSWERS, here.asking(views.answers_form))
    desk.form(Form.ANSWERS, here.answer)
