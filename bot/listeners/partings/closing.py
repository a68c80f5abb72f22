"""The close, the receipt, the three questions and the look back (HO11, AF01-AF05, RF43)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.partings.closing.closings import ClosingService, ClosingSheet
from bot.services.partings.closing.lessons import LessonService, LessonSheet
from bot.views.partings import closing as views


class ClosingDesk:
    """How a parting is ended in Slack."""

    def __init__(self, closings: ClosingService, lessons: LessonService) -> None:
        self._closings = closings
        self._lessons = lessons

    def open(self, call: Call, client_id: str) -> Reply:
        return _shown(self._closings.of_client(call.workspace_id, call.member, client_id))

    def open_clicked(self, call: ClickCall) -> Reply:
        return _shown(self._closings.sheet(call.workspace_id, call.member, call.value))

    def asking(self, ask: Callable[[ClosingSheet], View]) -> Callable[[ClickCall], Reply]:
        """A button that opens a form about its parting, for those who decide."""

        def asked(call: ClickCall) -> Reply:
            sheet = self._closings.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet)) if sheet.may_decide else _shown(sheet)

        return asked

    def ask_receipt(self, call: ClickCall) -> Reply:
        return _shown(self._closings.ask_receipt(call.workspace_id, call.member, call.value))

    def go_without_letter(self, call: FormCall) -> Reply:
        reason = str(call.values.get("reason") or "")
        return _shown(self._closings.go_without_letter(call.workspace_id, call.member, call.memo["parting"], reason))

    def receive(self, call: FormCall) -> Reply:
        way, on = views.read_receipt(call.values)
        parting_id = call.memo["parting"]
        return _shown(self._closings.confirm_receipt(call.workspace_id, call.member, parting_id, way, on))

    def close(self, call: FormCall) -> Reply:
        """What it taught us is asked right behind it."""
        receipt, team_word = views.read_close(call.values)
        parting_id = call.memo["parting"]
        self._closings.close(call.workspace_id, call.member, parting_id, receipt, team_word)
        return Show(views.retro_form(self._lessons.sheet(call.workspace_id, call.member, parting_id)))

    def come_back(self, call: ClickCall) -> Reply:
        client = self._closings.come_back(call.workspace_id, call.member, call.value)
        return Show(views.came_back_dialog(client.name))

    # --- what was learnt -------------------------------------------------------------------------------------------

    def reflecting(self, ask: Callable[[LessonSheet], View]) -> Callable[[ClickCall], Reply]:
        def asked(call: ClickCall) -> Reply:
            sheet = self._lessons.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet) if sheet.may_decide else views.noted_dialog(sheet))

        return asked

    def learn(self, call: FormCall) -> Reply:
        answers = views.read_retro(call.values)
        sheet = self._lessons.learn(call.workspace_id, call.member, call.memo["parting"], answers)
        return Show(views.noted_dialog(sheet))

    def look_back(self, call: FormCall) -> Reply:
        found = views.read_look_back(call.values)
        sheet = self._lessons.look_back(call.workspace_id, call.member, call.memo["parting"], found)
        return Show(views.noted_dialog(sheet))


def _shown(sheet: ClosingSheet) -> Reply:
    return Show(views.closing_dialog(sheet))


def register(desk: Desk, here: ClosingDesk) -> None:
    desk.click(Action.CLOSE, here.open_clicked)
    desk.click(Action.CLOSE_NOW, here.asking(views.close_form))
    desk.form(Form.CLOSE, here.close)
    desk.click(Action.NO_LETTER, here.asking(views.no_letter_form))
    desk.form(Form.NO_LETTER, here.go_without_letter)
    desk.click(Action.RECEIPT, here.asking(views.receipt_form))
    desk.form(Form.RECEIPT, here.receive)
    desk.click(Action.ASK_RECEIPT, here.ask_receipt)
    desk.click(Action.COME_BACK, here.come_back)
    desk.click(Action.RETRO, here.reflecting(views.retro_form))
    desk.form(Form.RETRO, here.learn)
    desk.click(Action.LOOK_BACK, here.reflecting(views.look_back_form))
    desk.form(Form.LOOK_BACK, here.look_back)


def opens(here: ClosingDesk) -> dict[str, Callable[[Call, str], Reply]]:
    """The verb of `/client NAME close`."""
    return {"close": here.open}
