"""What a parting proposes by itself: its steps in their order, its tasks by what holds, and the last day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, DANA
from rules.clients.client import Contract
from rules.partings.parting import TaskKind
from tests.scenarios.parting_office import Office

FIVE_YEARS, HALF_A_YEAR = timedelta(days=5 * 365), timedelta(days=180)
HELP_FOR_LATER = "Help for the time after"


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def sections(view: Any) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "section" and "text" in block]


def anew(office: Office, contract: Contract, with_us: timedelta = HALF_A_YEAR, **changes: Any) -> None:
    """A fresh parting of the client, as if it had just been decided, with that contract and so long with us."""
    now = office.app.world.now()
    with office.app.web.outside.units.begin(office.team) as unit:
        client = replace(
            unit.clients.lock(office.client.id), contract=contract, client_since=now.date() - with_us, **changes
        )
        unit.clients.save(client)
        decision = replace(unit.decisions.get("de-1"), id=f"de-{unit.partings.of_client(client.id).id}")
        unit.decisions.save(decision)
        office.parting = office.app.web.services.partings.begin(unit, decision, client, AMIR, now)


def page(office: Office, name: str) -> str:
    """What stands on the preview under that heading; empty where nothing does."""
    return next((text for text in sections(office.show(office.amir)) if text.startswith(f"*{name}*")), "")


def holds(office: Office, *conditions: str) -> None:
    """Amir says what holds here."""
    office.amir.click(office.show(office.amir), "preview")
    blocks = {block["block_id"]: block for block in office.amir.view["blocks"] if block["type"] == "input"}
    offered = {name: [each["value"] for each in blocks[name]["element"]["options"]] for name in ("holds", "runs")}
    said = {name: [each for each in conditions if each in values] for name, values in offered.items()}
    assert office.amir.submit(said).outcome == "updated"


def last_day(office: Office) -> Any:
    office.amir.click(office.show(office.amir), "last_day")
    return office.amir.view


def choices(view: Any) -> dict[str, str]:
    """Kind of day -> all that is said of it."""
    found = [text.split(": ", 1) for text in sections(view) if text.startswith("*") and ": " in text]
    return {head.strip("*"): said for head, said in found}


def said_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def test_talk_list_and_letter_come_in_that_order(office: Office) -> None:
    """CV01, NE01, WU07: what is open is counted up first, then the talk, what was agreed, and the letter with it."""
    office.amir.click(office.show(office.amir), "steps")
    steps = next(text for text in sections(office.amir.view))
    order = ["Write talking points", "Hold the conversation", "Record what was agreed", "Draft the letter", "Send the"]
    tasks = {task.code: task for task in office.parting.preview.tasks}

    assert [step in steps for step in order] == [True] * len(order)
    assert [steps.index(step) for step in order] == sorted(steps.index(step) for step in order)
    assert "Talk first, write afterwards" in steps
    line = office.sheet().line
    assert line.talk_on < line.letter_on
    assert tasks["open_work"].due_on < tasks["confirm_work"].due_on <= line.letter_on
    assert [(tasks[code].ticked, tasks[code].before_told) for code in ("open_work", "confirm_work")] == [
        (True, True),
        (True, False),
    ]


def test_each_task_is_somebodys_and_due_and_the_work_stays_good(office: Office) -> None:
    """HO02, WU04, WU05: nobody's and someday are no answers; quality has a ticket, and comes before the files."""
    office.tell()
    office.choose("trello", few=False)
    office.set_page(office.amir, "work", owner_quality_check=DANA)
    office.confirm()
    office.open()
    listed = page(office, "Work") or words(office.show(office.amir))
    sheet = office.sheet()
    tasks = {ticket.task_code: ticket for ticket in sheet.tasks}
    cards = {card.name: card for card in office.app.world.trello.cards}

    assert [ticket.task_code for ticket in sheet.tasks if not ticket.owner_id or not ticket.due_on] == []
    assert [name for name, card in cards.items() if not card.due] == []
    quality = tasks["quality_check"]
    assert (quality.owner_id, quality.title in cards, quality.title in listed) == (DANA, True, True)
    assert quality.due_on < tasks["final_files"].due_on <= sheet.parting.last_day
    kinds = {task.kind for task in sheet.parting.preview.tasks if task.ticked}
    assert {TaskKind.HANDOFF, TaskKind.CLIENT} <= kinds


def test_there_is_no_parting_without_a_plan_for_the_handover(office: Office) -> None:
    """HO01: it is there from the decision on; with every task unticked nothing opens, and nothing closes."""
    begun = {task.kind for task in office.parting.preview.tasks if task.ticked}
    office.tell()
    office.amir.click(office.show(office.amir), "preview")
    blocks = [b["block_id"] for b in office.amir.view["blocks"] if b["block_id"].startswith("tasks_")]
    none = office.amir.submit({"tracker": "checklist", **{block: [] for block in blocks}})
    office.over()
    closing = words(office.show(office.amir, "close"))

    assert {TaskKind.HANDOFF, TaskKind.WRAP_UP, TaskKind.CLIENT} <= begun
    assert list(none.errors.values()) == ["Tick at least one task."]
    assert ("Open its tasks first, then finish them." in closing, "close_now" in closing) == (True, False)
    assert {TaskKind.HANDOFF, TaskKind.WRAP_UP, TaskKind.CLIENT} <= {
        task.kind for task in office.sheet().parting.preview.tasks if task.ticked
    }


def test_more_help_is_offered_to_a_client_of_many_years(office: Office) -> None:
    """HO03, HO04, HO05, HO06, HO08: others and tools for all; a successor is interviewed with them, and briefed."""
    contract = Contract(reviewed=True, none_written=True)
    anew(office, contract, HALF_A_YEAR)
    young = page(office, HELP_FOR_LATER)
    anew(office, contract, FIVE_YEARS)
    old, before = page(office, HELP_FOR_LATER), page(office, "Handover")
    office.amir.click(office.show(office.amir), "preview")
    ticked = words(office.amir.view)
    office.amir.close()
    holds(office, "long_term", "replacement")
    known = page(office, "Handover")

    assert ["Name others who can help next" in text for text in (young, old)] == [True, True]
    assert ["tools for the time in between" in text for text in (young, old)] == [True, True]
    assert ["interview" in text.lower() for text in (young, old)] == [False, True]
    assert "They have been with us for two years or more" in ticked
    assert ["Brief" in text for text in (before, known)] == [False, True]


def test_the_last_day_is_worked_out_and_its_ways_stand_side_by_side(office: Office) -> None:
    """CN03, CN05, CN08: by notice from the receipt, with the next finished work, with the term; each with its cost."""
    today = office.app.world.now().date()
    ends_on, milestone = today + timedelta(days=75), today + timedelta(days=45)
    anew(office, Contract(reviewed=True, notice_length=30, ends_on=ends_on))
    first = office.parting.last_day
    office.tell()
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({"deliverables": f"{milestone} Spring campaign", "amounts_owed": "none"})
    received = office.sheet().line.received_on
    ways = choices(last_day(office))
    office.amir.click(office.amir.view, "choose_last_day")
    office.amir.submit({"kind": "next_deliverable"})
    by_notice, milestone_way, by_term = (
        next((said for kind, said in ways.items() if kind == wanted), "")
        for wanted in ("Earliest by notice", "With the next finished deliverable", "End of the term")
    )

    assert first == ends_on
    earliest = f"{said_day(received)} + 30 days = {said_day(received + timedelta(days=30))}"
    assert (earliest in by_notice, "It cuts the term short by" in by_notice) == (True, True), by_notice
    assert (said_day(milestone) in milestone_way, "Spring campaign is finished" in milestone_way) == (True, True)
    assert (said_day(ends_on) in by_term, "longer than the notice asks for" in by_term) == (True, True)
    assert office.sheet().parting.last_day == milestone


def test_a_silent_contract_means_two_weeks_or_the_next_stop_and_doubts_go_to_counsel(office: Office) -> None:
    """CN02, CN06, CN07: said to be our proposal and no law; a stay of months is pointed out, and nobody is advised."""
    today = office.app.world.now().date()
    anew(office, Contract(reviewed=True))
    silent = words(last_day(office))
    two_weeks = office.parting.last_day - office.sheet().line.received_on
    anew(office, Contract(reviewed=True, ends_on=today + timedelta(days=160), country="NL"))
    fixed = words(last_day(office))
    anew(office, Contract(reviewed=True, notice_length=75, ends_on=today + timedelta(days=120)))
    long_stay, until = words(last_day(office)), office.parting.last_day
    anew(office, Contract(reviewed=True, notice_length=75, ends_on=today + timedelta(days=200)))
    not_waited_for = office.parting.last_day

    assert two_weeks == timedelta(days=14)
    assert "14 days are our proposal, not a rule of law" in silent
    assert ("ask counsel" in silent, "a long time to stay" in silent) == (False, False)
    assert "says nothing on notice: ask counsel before ending it in the middle" in fixed
    assert "In the Netherlands a contractor may" in fixed
    assert ("a long time to stay" in long_stay, until) == (True, today + timedelta(days=120))
    assert not_waited_for < today + timedelta(days=100)
