"""Where tickets go: who sees it, what each ticket gets there, and the opening (BR07, BR14)."""

from __future__ import annotations

from bot.calls import Call, ClickCall, Desk, FormCall, read_memo
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.partings.partings import PartingService
from bot.services.partings.tasks.previews import PreviewService
from bot.services.partings.tickets.destinations import AskFor, DestinationService
from bot.views.partings import choices, parting
from bot.views.partings.tickets import destinations
from rules.words import Words


class DestinationDesk:
    """What needs a tracker's answer is answered at once with a dialog that waits for it."""

    def __init__(
        self, asked: DestinationService, partings: PartingService, previews: PreviewService, words: Words
    ) -> None:
        self._asked = asked
        self._partings = partings
        self._previews = previews
        self._words = words

    def show_audience(self, call: ClickCall) -> Reply:
        return self._ask(call, call.value, AskFor.AUDIENCE)

    def ask_fields(self, call: ClickCall) -> Reply:
        return self._ask(call, call.value, AskFor.FIELDS)

    def ask_endings(self, call: ClickCall) -> Reply:
        return self._ask(call, call.value, AskFor.ENDINGS)

    def ask_people(self, call: ClickCall) -> Reply:
        return self._ask(call, call.value, AskFor.PEOPLE)

    def match_people(self, call: FormCall) -> Reply:
        parting_id, people = call.memo["parting"], destinations.read_people(call.values)
        self._asked.match_people(call.workspace_id, call.member, parting_id, people)
        sheet = self._partings.sheet(call.workspace_id, call.member, parting_id)
        return Show(parting.parting_dialog(sheet, self._words))

    def ask_again(self, call: ClickCall) -> Reply:
        memo = read_memo(call.value)
        return self._ask(call, memo["parting"], AskFor(memo["ask_for"]), memo["value"])

    def answer_fields(self, call: FormCall) -> Reply:
        parting_id = call.memo["parting"]
        self._previews.answer_fields(call.workspace_id, call.member, parting_id, choices.read_fields(call.values))
        return self._ask(call, parting_id, AskFor.AUDIENCE)

    def say_endings(self, call: FormCall) -> Reply:
        parting_id, (asked, done) = call.memo["parting"], destinations.read_endings(call.values, call.memo)
        self._asked.say_endings(call.workspace_id, call.member, parting_id, done=done, asked=asked)
        return self._ask(call, parting_id, AskFor.AUDIENCE)

    def confirm_destination(self, call: ClickCall) -> Reply:
        memo = read_memo(call.value)
        self._previews.confirm_destination(call.workspace_id, call.member, memo["destination"], memo["people"].split())
        if memo.get("revision"):
            return self.open_tickets(call)
        sheet = self._partings.sheet(call.workspace_id, call.member, memo["parting"])
        return Show(parting.parting_dialog(sheet, self._words))

    def open_tickets(self, call: ClickCall) -> Reply:
        memo = read_memo(call.value)
        return self._ask(call, memo["parting"], AskFor.OPEN, memo["revision"])

    def open_again(self, call: ClickCall) -> Reply:
        parting_id = self._partings.parting_of(call.workspace_id, call.value)
        return self._ask(call, parting_id, AskFor.OPEN_AGAIN, call.value)

    def _ask(self, call: Call, parting_id: str, ask_for: AskFor, value: str = "") -> Reply:
        asking = self._asked.ask(call.workspace_id, call.member, parting_id, ask_for, value)
        if asking.name:
            return Show(destinations.asking_dialog(asking))
        # Nobody outside is asked, so nobody waits.
        match ask_for:
            case AskFor.OPEN:
                sheet = self._previews.open(call.workspace_id, call.member, parting_id, int(value))
            case AskFor.OPEN_AGAIN:
                sheet = self._partings.open_again(call.workspace_id, call.member, value)
            case _:
                audience = self._previews.audience(call.workspace_id, call.member, parting_id)
                return Show(destinations.audience_dialog(audience))
        return Show(parting.parting_dialog(sheet, self._words))


def register(desk: Desk, parts: DestinationDesk) -> None:
    desk.click(Action.AUDIENCE, parts.show_audience)
    desk.click(Action.TRACKER_FIELDS, parts.ask_fields)
    desk.form(Form.TRACKER_FIELDS, parts.answer_fields)
    desk.click(Action.ENDINGS, parts.ask_endings)
    desk.form(Form.ENDINGS, parts.say_endings)
    desk.click(Action.TRACKER_PEOPLE, parts.ask_people)
    desk.form(Form.TRACKER_PEOPLE, parts.match_people)
    desk.click(Action.ASK_AGAIN, parts.ask_again)
    desk.click(Action.CONFIRM_DESTINATION, parts.confirm_destination)
    desk.click(Action.OPEN_TICKETS, parts.open_tickets)
    desk.click(Action.OPEN_AGAIN, parts.open_again)
