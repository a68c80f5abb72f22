"""The tasks that a parting proposes (BR07, BR08, WU01-WU11, HO01-HO11)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files as resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.partings.dates import Deliverable
from rules.partings.parting import TaskKind
from rules.partings.tasks import (
    CONDITIONS,
    MAX_TICKED,
    PartingFacts,
    Role,
    TaskType,
    inside_steps,
    propose,
    task_languages,
    task_types,
    text,
)
from rules.workdays import is_working

FACTS = PartingFacts(last_day=date(2026, 12, 31), today=date(2026, 11, 23), owner_id="U1", country="NL")
WORDS = resources("rules.partings").joinpath("words")
ALL_HOLD = replace(FACTS, subcontractors=True, tenure_months=60)
NONE_HOLDS = replace(FACTS, has_contract=False, shared_accounts=False, personal_data=False, team=False)


def ticked(facts: PartingFacts, *items: Deliverable) -> list[str]:
    return [task.code for task in propose(facts, items) if task.ticked]


@pytest.mark.parametrize("facts", [FACTS, ALL_HOLD, NONE_HOLDS])
def test_a_usual_parting_ticks_sixteen_to_twenty_tasks(facts: PartingFacts) -> None:
    """What a person has to look through fits a screen, and both wrap-up and handoff are covered."""
    kinds = [task.kind for task in propose(facts) if task.ticked]
    assert 16 <= len(kinds) <= MAX_TICKED
    assert min(kinds.count(TaskKind.WRAP_UP), kinds.count(TaskKind.HANDOFF)) >= 6


@pytest.mark.parametrize("facts", [FACTS, ALL_HOLD, NONE_HOLDS])
def test_a_thorough_person_can_tick_twenty_four(facts: PartingFacts) -> None:
    """There is more to choose from than what is ticked."""
    assert len(propose(facts)) >= 24


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("account_ownership", replace(FACTS, shared_accounts=False)),
        ("client_data", replace(FACTS, personal_data=False)),
        ("warranty", replace(FACTS, has_contract=False)),
        ("subcontractors", replace(ALL_HOLD, subcontractors=False)),
        ("help_interview", replace(ALL_HOLD, tenure_months=23)),
        ("help_interview", replace(ALL_HOLD, tenure_months=None)),
    ],
)
def test_tasks_without_ground_are_not_proposed(code: str, facts: PartingFacts) -> None:
    """Nobody is asked to return data that was never held; HO03: more is offered to clients of many years."""
    assert code in [task.code for task in propose(ALL_HOLD)]
    assert code not in [task.code for task in propose(facts)]


def test_each_kept_deliverable_is_a_ticked_task() -> None:
    """WU01, WU10: one task for each promised deliverable, due on its promised day."""
    items = (Deliverable(name="Site", due_on=date(2026, 12, 18)), Deliverable(name="Logo", due_on=date(2026, 12, 4)))
    promised = [task for task in propose(FACTS, items) if task.code.startswith("deliverable_")]
    assert [(task.title, task.due_on, task.ticked) for task in promised] == [
        ("Finish: Logo", date(2026, 12, 4), True),
        ("Finish: Site", date(2026, 12, 18), True),
    ]


def test_many_deliverables_untick_what_matters_least() -> None:
    """Credentials and files stay ticked when room gets short; the last tasks of the list give way."""
    items = [Deliverable(name=f"d{number}", due_on=date(2026, 12, 18)) for number in range(12)]
    chosen = ticked(FACTS, *items)
    assert {"open_work", "credentials", "final_files"} <= set(chosen)
    assert "orphan_check" not in chosen
    assert len(chosen) == MAX_TICKED


def test_days_are_counted_back_from_the_last_day_and_forward_after_it() -> None:
    """Each day comes with the words that explain it."""
    days = {task.code: (task.due_on, task.arithmetic) for task in propose(FACTS)}
    assert days["handover_notes"][0] == date(2026, 12, 23)
    assert days["handover_notes"][1].startswith("5 working days before Thu 31 Dec 2026")
    assert days["final_invoice"][0] == date(2026, 12, 31)
    assert days["look_back"][0] == date(2027, 2, 2)


@pytest.mark.parametrize(
    ("country", "last_day", "code", "expected", "words"),
    [
        ("NL", "2026-04-28", "credentials", "2026-04-22", "King's Day"),
        ("SE", "2026-05-04", "credentials", "2026-04-28", "May Day"),
        ("ES", "2026-12-09", "credentials", "2026-12-03", "Immaculate Conception"),
        ("GB", "2026-12-31", "credentials", "2026-12-24", "Boxing Day (observed)"),
        ("US", "2026-11-30", "credentials", "2026-11-24", "Thanksgiving"),
        ("", "2026-12-28", "credentials", "2026-12-23", "2 weekend days"),
        ("US", "2028-03-01", "credentials", "2028-02-25", "2 weekend days"),
        ("NL", "2026-04-24", "receipt", "2026-04-28", "King's Day"),
        ("SE", "2026-04-30", "receipt", "2026-05-04", "May Day"),
        ("ES", "2026-12-07", "receipt", "2026-12-09", "Immaculate Conception"),
        ("GB", "2026-12-24", "receipt", "2026-12-29", "Christmas Day"),
        ("US", "2026-11-25", "receipt", "2026-11-27", "Thanksgiving"),
        ("NL", "2028-02-28", "receipt", "2028-02-29", "1 working day after"),
        ("GB", "2026-12-28", "final_invoice", "2026-12-24", "Christmas Day"),
        ("NL", "2026-12-31", "confirm_paid", "2027-01-22", "New Year's Day"),
        ("SE", "2026-02-27", "look_back", "2026-03-31", "weekend days"),
    ],
)
def test_tasks_are_due_on_working_days_of_the_clients_country(
    country: str, last_day: str, code: str, expected: str, words: str
) -> None:
    """Before the last day and after it, over holidays, leap days and the year's end; each says what it left out."""
    facts = replace(ALL_HOLD, last_day=date.fromisoformat(last_day), today=date(2026, 1, 1), country=country)
    task = next(task for task in propose(facts) if task.code == code)
    assert (task.due_on, words in task.arithmetic) == (date.fromisoformat(expected), True), task.arithmetic


def test_a_day_in_the_past_becomes_the_next_working_day() -> None:
    """With a near last day nothing is due yesterday: it is due at once, and the words say why."""
    near = replace(FACTS, today=date(2026, 12, 26))
    first = {task.code: task for task in propose(near)}["open_work"]
    assert first.due_on == date(2026, 12, 28)
    assert first.arithmetic.endswith("that has passed, so Mon 28 Dec 2026")


def test_people_get_the_tasks_of_their_role() -> None:
    """Finance gets the invoices; a role that nobody has falls to the client's owner."""
    facts = replace(FACTS, people={Role.FINANCE: "U7"})
    owners = {task.code: task.owner_id for task in propose(facts)}
    assert (owners["final_invoice"], owners["credentials"]) == ("U7", "U1")


def test_steps_inside_amicable_become_no_tickets() -> None:
    """Talking and writing are steps here; the preview holds tickets only."""
    steps = [step.code for step in inside_steps(FACTS)]
    assert (len(steps), steps[1], steps[-1]) == (14, "contract_review", "letter_received")
    assert {task.kind for task in propose(ALL_HOLD)} == {TaskKind.WRAP_UP, TaskKind.HANDOFF}


@pytest.mark.parametrize("language", task_languages())
def test_every_entry_reads_well_and_says_nothing_of_flags(language: str) -> None:
    """A client may see a ticket: plain words, no codes, no judgement, one line for a title; in our own language."""
    told = "\n".join(f"{each.title} {each.details}" for each in task_types(language))
    assert re.findall(r"[A-Z]{2}\d\d|\bflag|score|health|difficult|\bfault", told) == []
    assert [each.code for each in task_types(language) if not each.details or len(each.title) > 80] == []


def test_every_language_has_words_of_its_own_for_every_task() -> None:
    """LG01: four languages, none of which falls back to another, and no words without a task."""
    files = {
        name: tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8")) for name in ("en", "nl", "ca", "sv")
    }
    codes = {each.code for each in task_types()}
    english = files["en"]
    copied = [
        (name, code)
        for name, words in files.items()
        for code, each in words["tasks"].items()
        if name != "en" and each in english["tasks"].values()
    ]
    assert {name: (set(words["tasks"]), set(words["texts"])) for name, words in files.items()} == dict.fromkeys(
        files, (codes, set(english["texts"]))
    )
    assert copied == []


def test_a_language_without_words_gets_english_ones() -> None:
    """A workspace never stands without tasks."""
    assert task_types("eo") == task_types("en")


def test_tickets_are_written_in_our_own_language() -> None:
    """Whatever the client speaks: tasks are for our people."""
    facts = replace(FACTS, language="nl")
    first = propose(facts, [Deliverable(name="Site", due_on=date(2026, 12, 4))])[0]
    assert (first.title, text("parent", "nl", client="Acme")) == (
        "Afmaken: Site",
        "Afronding en overdracht: Acme",
    )


def test_what_a_person_says_wins_over_the_record() -> None:
    """Each condition can be asked for: on, its tasks are proposed; off, they are not."""
    for condition in CONDITIONS:
        needing = {each.code for each in task_types() if condition in each.applies}
        shown = [
            {task.code for task in (*propose(each), *inside_steps(each))} & needing
            for each in (
                replace(NONE_HOLDS, circumstances=frozenset({condition})),
                replace(ALL_HOLD, circumstances=frozenset(CONDITIONS) - {condition}),
            )
        ]
        assert (condition, shown) == (condition, [needing, set()])
        assert needing


def test_own_tasks_stand_beside_the_built_in_ones_and_others_can_be_switched_off() -> None:
    """A workspace's own way of parting: its tasks are ticked before ours when room gets short."""
    mine = TaskType(
        code="own_keys",
        kind=TaskKind.HANDOFF,
        section="handover",
        title="Bring back the office keys",
        details="Both of them.",
        owner=Role.OPS,
        offset=-1,
    )
    facts = replace(FACTS, own=(mine,), off=frozenset({"archive", "final_invoice"}), people={Role.OPS: "U9"})
    tasks = {task.code: task for task in propose(facts)}
    assert (tasks["own_keys"].title, tasks["own_keys"].owner_id, tasks["own_keys"].ticked) == (mine.title, "U9", True)
    assert not {"archive", "final_invoice"} & set(tasks)


def test_what_comes_first_is_due_first() -> None:
    """Nothing waits for a task that is due later, nor for one that does not exist, nor for itself."""
    days = {task.code: task.due_on for task in (*propose(ALL_HOLD), *inside_steps(ALL_HOLD))}
    wrong = [
        (each.code, before)
        for each in task_types()
        for before in each.after
        if before not in days or days[before] > days[each.code] or before == each.code
    ]
    assert wrong == []


def test_access_is_removed_last() -> None:
    """Nobody is locked out before everything is handed over: these tasks insist on what they wait for."""
    strict = {each.code: set(each.after) for each in task_types() if each.strict}
    assert set(strict) == {"revoke_our_access", "revoke_their_access", "shared_channels"}
    assert {"credentials", "final_files", "receipt"} <= strict["revoke_our_access"]


@given(
    st.dates(min_value=date(2026, 11, 23), max_value=date(2028, 12, 31)),
    st.integers(min_value=-10, max_value=60),
    st.lists(st.integers(min_value=0, max_value=90), max_size=30),
    st.sampled_from(["NL", "SE", "ES", "GB", "US", ""]),
)
def test_every_proposal_is_payable_in_days(last_day: date, days_before: int, due: list[int], country: str) -> None:
    """Whatever the dates: at most 20 ticked, nothing in the past, every task of ours on a working day."""
    today = last_day - timedelta(days=days_before)
    facts = replace(ALL_HOLD, last_day=last_day, today=today, country=country)
    items = [Deliverable(name=f"d{number}", due_on=today + timedelta(days=days)) for number, days in enumerate(due)]
    tasks = propose(facts, items)
    ours = [task for task in tasks if not task.code.startswith("deliverable_")]
    assert sum(task.ticked for task in tasks) <= MAX_TICKED
    assert all(task.due_on >= today for task in tasks)
    assert all(is_working(task.due_on, country) for task in ours)
