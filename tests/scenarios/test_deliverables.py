"""The list of what is open: asked in the client's language, answered, and tickets, days and letter follow (D11)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.services.partings.tasks.deliverables import Reply
from integrations.sandbox.agency import AMIR, BIRCH
from integrations.sandbox.slack.forms import elements_of
from rules.clients.client import Contract
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.partings.deliverables import Answer, Source
from rules.partings.parting import PartingState, TaskState
from tests.scenarios.second_readers import approve

CLIENT = "Birch & Barrow"


class Office:
    """Amir's decided client, and what the people of the agency do about its deliverables."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.amir, self.olivia, self.dana = app.agency.amir, app.agency.olivia, app.agency.dana
        self.team = app.world.slack.workspace.team_id
        self.amir.command("/client", f"add {CLIENT}")
        self.amir.submit({"channel": BIRCH, "language": "nl", "contact_name": "Jo Birch"})
        self.today: date = app.world.now().date()
        now = app.world.now()
        with app.web.outside.units.begin(self.team) as unit:
            client = replace(unit.clients.all()[0], stage=Stage.DECIDED,
                             contract=Contract(reviewed=True, none_written=True))  # fmt: skip
            unit.clients.save(client)
            decision = Decision(id="de-1", workspace_id=self.team, client_id=client.id, origin=Origin.OURS,
                                opened_at=now, opened_by=AMIR, reason="Het werk past niet meer bij ons.",
                                confirmed_at=now)  # fmt: skip
            unit.decisions.save(decision)
            self.parting_id = app.web.services.partings.begin(unit, decision, client, AMIR, now).id
        self.olivia.home()
        self.dana.home()

    def parting(self) -> Any:
        with self.app.web.outside.units.read(self.team) as unit:
            return unit.partings.get(self.parting_id)

    def letter(self) -> Any:
        with self.app.web.outside.units.read(self.team) as unit:
            return unit.notices.of_parting(self.parting_id)

    def tickets(self) -> dict[str, Any]:
        """Those of deliverables, by title."""
        with self.app.web.outside.units.read(self.team) as unit:
            found = unit.partings.tickets(self.parting_id)
        return {ticket.title: ticket for ticket in found if ticket.task_code.startswith("deliverable_")}

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def open(self, who: Any, verb: str = "parting") -> Any:
        assert who.command("/client", f"{CLIENT} {verb}").error == ""
        return who.view

    def list(self, who: Any = None) -> Any:
        who = who or self.amir
        who.click(self.open(who), "deliverables")
        return who.view

    def add(self, title: str, days: int, note: str = "") -> None:
        self.amir.click(self.list(), "add_deliverable")
        answer = self.amir.submit({"title": title, "due_on": self.day(days).isoformat(), "note": note})
        assert answer.outcome == "updated", answer.errors

    def tell(self) -> None:
        self.amir.click(self.open(self.amir), "told")
        assert self.amir.submit({}).outcome == "updated"

    def answer(self, answers: dict[str, tuple[str, int]], **more: str) -> Any:
        """By title: the answer, and by when."""
        self.amir.click(self.list(), "answers")
        codes = {item.title: item.code for item in self.parting().items}
        values: dict[str, Any] = dict(more)
        for title, (said, days) in answers.items():
            values |= {f"answer_{codes[title]}": said, f"due_{codes[title]}": self.day(days).isoformat()}
        return self.amir.submit(values)

    def open_tickets(self, tracker: str) -> None:
        self.amir.click(self.open(self.amir), "preview")
        assert self.amir.submit({"tracker": tracker}).outcome == "updated"
        self.olivia.click(self.open(self.olivia), "audience")
        self.app.web.outside.jobs.idle()
        if "confirm_destination" in words(self.olivia.view):
            self.olivia.click(self.olivia.view, "confirm_destination")
        self.amir.click(self.open(self.amir), "open_tickets")
        self.settle()

    def settle(self) -> None:
        self.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=90)


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def there(office: Office, tracker: str) -> dict[str, Any]:
    """What the tracker shows of deliverables, by title: (due, closed)."""
    world = office.app.world
    if tracker == "jira":
        found = {issue.summary: (issue.due_on, issue.closed) for issue in world.jira.issues}
    else:
        found = {card.name: (card.due, card.closed or card.due_complete) for card in world.trello.cards}
    return {name: state for name, state in found.items() if "Finish:" in name or "Hand over as it is:" in name}


def test_the_question_is_ours_to_copy_and_holds_nothing_of_ours(office: Office) -> None:
    """WU02: asked after the talk only, in the client's language, with titles and days and no word of our own list."""
    office.add("Voorjaarscampagne", 5, note="Margin is thin here")
    early = words(office.list())
    office.tell()
    office.amir.click(office.list(), "ask_answers")
    shown = office.amir.submit({"until": office.day(7).isoformat(), "default": "drop"})

    text = next(block["text"]["text"] for block in office.amir.view["blocks"]
                if block.get("text", {}).get("type") == "plain_text")  # fmt: skip
    asked = (shown.outcome, "Ask the client" in early, text.splitlines()[0], "Margin" in text)
    assert asked == ("updated", False, "Geachte Jo Birch,", False)
    assert "dan laten wij het vervallen" in text


@pytest.mark.parametrize("tracker", ["jira", "trello", "checklist"])
def test_one_answer_changes_ticket_day_and_letter_together(office: Office, tracker: str) -> None:
    """D11: finish later moves ticket, last day and letter; dropping closes the ticket; nothing needs a second step."""
    office.add("Website", 3)
    office.add("Film", 4)
    office.tell()
    assert office.answer({"Website": ("finish", 3), "Film": ("finish", 4)}).outcome == "updated"
    planned = [task for task in office.parting().preview.tasks if task.code.startswith("deliverable_")]
    office.amir.click(office.open(office.amir, "letter"), "draft_letter")
    office.open_tickets(tracker)
    first_day = office.parting().last_day
    tickets = office.tickets()
    assert {(task.title, task.due_on) for task in planned} == {(name, each.due_on) for name, each in tickets.items()}

    late = (first_day - office.today).days + 10
    assert office.answer({"Website": ("finish", late), "Film": ("drop", 4)}, close_opened="close").outcome == "updated"
    office.settle()

    parting, letter, tickets = office.parting(), office.letter(), office.tickets()
    assert parting.last_day == office.day(late) > first_day
    assert (tickets["Finish: Website"].due_on, tickets["Finish: Film"].task_state) == (
        office.day(late),
        TaskState.WAIVED,
    )
    assert ("- Website, uiterlijk" in letter.body, "- Film" in letter.body, "inbegrepen: Film." in letter.body) == (
        True,
        False,
        True,
    )
    counted = next(task for task in parting.preview.tasks if task.code == "final_files")
    with office.app.web.outside.units.read(office.team) as unit:
        stored = {each.task_code: each for each in unit.partings.tickets(office.parting_id)}
    assert stored["final_files"].due_on == counted.due_on > first_day
    if tracker != "checklist":
        shown = there(office, tracker)
        assert ({name: closed for name, (_, closed) in shown.items()}) == {
            "Finish: Website": False,
            "Finish: Film": True,
        }


def test_an_open_ticket_is_not_closed_unasked(office: Office) -> None:
    """Dropping what has an open ticket asks first; left open, it stays with whoever looks after it."""
    office.add("Film", 4)
    office.tell()
    office.answer({"Film": ("finish", 4)})
    office.open_tickets("trello")
    with pytest.raises(Exception, match="A ticket is open for this"):
        office.app.web.services.deliverables.answer(
            office.team,
            office.app.member(AMIR),
            office.parting_id,
            {office.parting().items[0].code: Reply(answer=Answer.DROP)},
        )
    assert office.answer({"Film": ("drop", 4)}, close_opened="leave").outcome == "updated"
    office.settle()

    assert office.tickets()["Finish: Film"].task_state is TaskState.OPEN
    assert [closed for _, closed in there(office, "trello").values()] == [False]


def test_a_dropped_one_that_is_wanted_again_gets_its_ticket(office: Office) -> None:
    """Answers change: what was closed in the tracker is followed by a new ticket, and the history shows each word."""
    office.add("Film", 4)
    office.tell()
    office.answer({"Film": ("finish", 4)})
    office.open_tickets("jira")
    office.answer({"Film": ("drop", 4)}, close_opened="close")
    office.settle()
    office.answer({"Film": ("hand_over", 4)})
    office.settle()
    office.answer({"Film": ("finish", 5)}, close_opened="close")
    office.settle()

    shown = there(office, "jira")
    item = office.parting().items[0]
    assert [said.answer for said in item.said] == [Answer.FINISH, Answer.DROP, Answer.HAND_OVER, Answer.FINISH]
    assert {name: each.task_state for name, each in office.tickets().items()} == {
        "Finish: Film": TaskState.OPEN,
        "Hand over as it is: Film": TaskState.WAIVED,
    }
    assert shown["Hand over as it is: Film"][1] is True
    assert office.parting().state is PartingState.OPEN
    assert "Before: finish it, drop it, hand it over as it is." in words(office.list())


def test_a_task_without_a_place_says_so_and_one_click_makes_the_place_anew(office: Office) -> None:
    """Somebody deleted the label that holds the tasks together: what comes later would be refused for ever."""
    trello = office.app.world.trello
    for name in ("To do", "Done"):
        trello.board.add_list({"name": name, "pos": "bottom"})
    office.tell()
    office.open_tickets("trello")
    before = len(trello.cards)
    trello.board.labels.clear()
    office.add("Brochure", 5)
    office.add("Flyer", 6)
    office.answer({"Brochure": ("finish", 5), "Flyer": ("finish", 6)})
    office.settle()
    shown = words(office.open(office.amir))
    alone = len(trello.cards)
    [again] = {each["action_id"] for _, each in elements_of(office.amir.view["blocks"]) if "try_again" in str(each)}
    office.amir.click(office.amir.view, again)
    office.settle()
    [label] = trello.board.labels.values()
    made = trello.cards[before:]

    assert "What holds these tasks together was deleted in Trello." in shown
    assert "“Try again” makes it anew" in shown
    assert alone == before
    assert [(card.name, card.label_ids) for card in made] == [(card.name, (label.id,)) for card in made]
    assert {card.name for card in made} == {ticket.title for ticket in office.tickets().values()}
    assert words(office.open(office.amir)).count("try_again") == 0


def test_silence_becomes_our_default_marked_as_that(office: Office) -> None:
    """No answer by the day: the default is recorded as one, tickets follow, the owner hears of it once."""
    office.add("Website", 3)
    office.add("Film", 4)
    office.tell()
    office.answer({"Website": ("drop", 3)})
    office.amir.click(office.list(), "ask_answers")
    office.amir.submit({"until": office.day(2).isoformat(), "default": "hand_over"})
    office.app.sweep(timedelta(days=1))
    before = {item.title: item.answer for item in office.parting().items}
    for _ in range(12):  # past a weekend and a quiet night
        office.app.sweep(timedelta(hours=9))

    items = {item.title: (item.answer, item.said[-1].source) for item in office.parting().items}
    assert before == {"Website": Answer.DROP, "Film": None}
    assert items == {"Website": (Answer.DROP, Source.CLIENT), "Film": (Answer.HAND_OVER, Source.DEFAULT)}
    assert "our default: no answer" in words(office.list())
    told = [message for message in office.amir.dms() if "our default holds" in message.text + words(message.blocks)]
    assert len(told) == 1


def test_the_last_day_comes_back_when_nothing_holds_it_any_more(office: Office) -> None:
    """Never before the last accepted deliverable; when that is dropped, the agreed day holds again."""
    office.add("Website", 60)
    office.tell()
    agreed = office.parting().last_day
    office.answer({"Website": ("finish", 60)})
    held = office.parting().last_day
    office.answer({"Website": ("drop", 60)})

    assert (held, office.parting().last_day) == (office.day(60), agreed)
    assert "No deliverable is due after" in office.parting().last_day_arithmetic[-1]


def test_an_approved_letter_is_void_when_an_answer_changes(office: Office) -> None:
    """An approval binds to facts: another answer makes it a draft again, with the new list in it."""
    office.add("Website", 3)
    office.tell()
    office.answer({"Website": ("finish", 3)})
    office.amir.click(office.open(office.amir), "terms")
    office.amir.submit({"amounts_owed": "none"})
    office.amir.click(office.open(office.amir, "letter"), "draft_letter")
    office.amir.click(office.amir.view, "submit_letter")
    facts = office.app.web.services.notices.of_client(
        office.team, office.app.member(AMIR), office.parting().client_id
    ).facts
    approve(office.dana, office.open(office.dana, "letter"), facts)
    approved = office.letter()
    office.answer({"Website": ("hand_over", 3)})

    letter = office.letter()
    assert (approved.status.value, letter.status.value, letter.approved_by) == ("approved", "draft", "")
    assert "Website, zoals het nu is, uiterlijk" in letter.body


def test_whoever_does_not_decide_reads_and_changes_nothing(office: Office) -> None:
    """Before the talk the list is for those who decide; afterwards the team reads it."""
    office.add("Website", 3)
    early = office.dana.command("/client", f"{CLIENT} parting").text
    office.tell()
    view = words(office.list(office.dana))

    assert "There is no parting" in early
    assert ("Website" in view, "add_deliverable" in view) == (True, False)
    with pytest.raises(Exception, match="decide"):
        office.app.web.services.deliverables.remove(
            office.team, office.app.member(office.dana.who.id), office.parting_id, office.parting().items[0].code
        )


def test_new_scope_is_frozen_after_the_decision_and_asks_why(office: Office) -> None:
    """DC05: what is added since then needs a reason, which stays with us; what was promised before doesn't."""
    amir = office.amir
    amir.click(office.list(), "add_deliverable")
    refused = amir.submit({"title": "A second website", "due_on": office.day(10).isoformat(), "scope": "new"})
    amir.submit({"because": "It replaces the one that we drop"})
    shown = json.dumps(amir.view, ensure_ascii=False)
    amir.click(amir.view, "add_deliverable")
    amir.submit({"title": "The June report", "due_on": office.day(9).isoformat()})
    items = {item.title: item.added_because for item in office.parting().items}

    assert list(refused.errors) == ["because"]
    assert "New since the decision: It replaces the one that we drop" in shown
    assert items == {"A second website": "It replaces the one that we drop", "The June report": ""}
