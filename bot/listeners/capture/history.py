"""The history: sifting, turning pages, and setting notes right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.capture.ledger import LedgerService, Sieve
from bot.services.capture.notes import CaptureService
from bot.views.capture import history as views
from rules.health.catalogue import Catalogue
from rules.health.signal import State
from rules.words import Words


class HistoryDesk:
    """Every note, and what can be done about it."""

    def __init__(self, ledger: LedgerService, capture: CaptureService, catalogue: Catalogue, words: Words) -> None:
        self._ledger = ledger
        self._capture = capture
        self._catalogue = catalogue
        self._view = views.HistoryView(catalogue, words)

    def open(self, call: Call, client_id: str) -> Reply:
        return self._page(call, client_id, Sieve())

    def turn(self, call: ClickCall) -> Reply:
        return self._page(call, *views.read_place(call.value))

    def ask(self, outcome: str) -> Callable[[ClickCall], Reply]:
        """The form that asks for the reason."""

        def ask(call: ClickCall) -> Reply:
            note_id, place = views.read_note_at(call.value)
            if outcome != views.REVIEWED:
                self._capture.own_note(call.workspace_id, call.member, note_id)
            client, signal = self._ledger.note(call.workspace_id, call.member, note_id)
            return Show(views.settle_form(client, signal, outcome, place, self._catalogue))

        return ask

    def restore(self, call: ClickCall) -> Reply:
        note_id, place = views.read_note_at(call.value)
        self._capture.restore(call.workspace_id, call.member, note_id)
        return self._page(call, *views.read_place(place))

    def settle(self, call: FormCall) -> Reply:
        note_id, outcome = call.memo["note"], call.memo["as"]
        reason = views.read_settle_form(call.values, outcome)
        match outcome:
            case State.EXCUSED:
                self._capture.excuse(call.workspace_id, call.member, note_id, reason)
            case views.REVIEWED:
                self._ledger.review(call.workspace_id, call.member, note_id, reason)
            case _:
                self._capture.withdraw(call.workspace_id, call.member, note_id, reason)
        return self._page(call, *views.read_place(call.memo["place"]))

    def opens(self) -> Mapping[str, Callable[[Call, str], Reply]]:
        """The verbs of `/client NAME ...` that are answered here."""
        return {"history": self.open}

    def _page(self, call: Call, client_id: str, sieve: Sieve) -> Reply:
        return Show(self._view.dialog(self._ledger.page(call.workspace_id, call.member, client_id, sieve)))


def register(desk: Desk, here: HistoryDesk) -> None:
    desk.click(Action.HISTORY, here.turn)
    desk.click(Action.WITHDRAW_NOTE, here.ask(State.WITHDRAWN))
    desk.click(Action.EXCUSE_NOTE, here.ask(State.EXCUSED))
    desk.click(Action.REVIEW_NOTE, here.ask(views.REVIEWED))
    desk.click(Action.RESTORE_NOTE, here.restore)
    desk.form(Form.SETTLE_NOTE, here.settle)
