"""The tasks that a parting proposes (BR07, BR08, WU01-WU11, HO01-HO11)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files as resources
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.stages import Origin
from rules.partings.deliverables import Deliverable
from rules.partings.parting import TaskKind
from rules.partings.tasks import (
    CONDITIONS,
    PartingFacts,
    Role,
    TaskType,
    holding,
    inside_steps,
    propose,
    task_languages,
    task_types,
    text,
    to_be_asked,
)
from rules.workdays import is_working

FACTS = PartingFacts(last_day=date(2026, 12, 31), today=date(2026, 11, 23), owner_id="U1", country="NL")
WORDS = resources("rules.partings").joinpath("words")
ALL_HOLD = replace(FACTS, subcontractors=True, tenure_months=60)
NONE_HOLDS = replace(FACTS, has_contract=False, shared_accounts=False, personal_data=False, team=False)


def deliverable(title: str, due_on: date) -> Deliverable:
    return Deliverable(code=f"deliverable_{title}", title=title, due_on=due_on)


def ticked(facts: PartingFacts, *items: Deliverable) -> list[str]:
    return [task.code for task in propose(facts, items) if task.ticked]


@pytest.mark.parametrize("facts", [FACTS, ALL_HOLD, NONE_HOLDS])
def test_a_usual_parting_ticks_what_applies(facts: PartingFacts) -> None:
    """Wrap-up and handoff are covered, the client has tasks of their own (HO02), and it can be looked through."""
    kinds = [task.kind for task in propose(facts) if task.ticked]
    assert 25 <= len(kinds) <= 45
    assert min(kinds.count(TaskKind.WRAP_UP), kinds.count(TaskKind.HANDOFF)) >= 10
    assert 3 <= kinds.count(TaskKind.CLIENT) <= 5


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
    items = (deliverable("Site", date(2026, 12, 18)), deliverable("Logo", date(2026, 12, 4)))
    promised = [task for task in propose(FACTS, items) if task.code.startswith("deliverable_")]
    assert [(task.title, task.due_on, task.ticked) for task in promised] == [
        ("Finish: Logo", date(2026, 12, 4), True),
        ("Finish: Site", date(2026, 12, 18), True),
    ]


@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("count", [0, 5, 10, 20])
def test_no_deliverable_pushes_anything_out(count: int, origin: Origin) -> None:
    """Access, data, money, rights and receipt are ticked, however much is still to be finished."""
    items = [deliverable(f"d{number}", date(2026, 12, 18)) for number in range(count)]
    chosen = [task for task in propose(replace(FACTS, origin=origin), items) if task.ticked]
    always = {"revoke_our_access", "revoke_their_access", "rotate_secrets", "client_data", "data_confirmation",
              "outstanding_invoices", "final_invoice", "confirm_paid", "rights", "receipt"}  # fmt: skip
    assert always - {task.code for task in chosen} == set()
    assert sum(task.code.startswith("deliverable_") for task in chosen) == count


# What somebody who has left clients before would look for, and the condition on which it stands.
OFFBOARDING = {
    "rights": "", "domains": "domains", "hosting": "hosting", "ad_accounts": "campaigns", "analytics": "campaigns",
    "app_stores": "app_stores", "mailboxes": "mailboxes", "licences": "licences", "website_backup": "hosting",
    "final_invoice": "", "finance_told": "", "data_confirmation": "personal_data", "help_interview": "long_term",
    "interim_tools": "", "brief_replacement": "replacement", "their_recipient": "", "their_domains": "domains",
}  # fmt: skip
OFFERED = {"credit_notes", "insurance"}


@pytest.mark.parametrize(("code", "condition"), OFFBOARDING.items())
def test_a_real_offboarding_has_its_task_ticked_exactly_where_it_applies(code: str, condition: str) -> None:
    """HO02, HO05, HO06, HO08: once somebody has said what holds, what applies is ticked, and what does not is gone."""
    all_hold, none = (ticked(replace(FACTS, circumstances=known)) for known in (frozenset(CONDITIONS), frozenset()))
    assert (code in all_hold, code in none) == (True, not condition)


def test_what_only_some_need_is_there_to_tick() -> None:
    """Credit notes and the insurance for the time after: offered to everybody, ticked by a person."""
    offered = {task.code: task.ticked for task in propose(FACTS) if task.code in OFFERED}
    assert offered == dict.fromkeys(OFFERED, False)


def test_what_nobody_has_answered_is_proposed_and_not_ticked() -> None:
    """Domains and the like are there to tick; once somebody has said that they hold, they are."""
    asked = {task.code: task.ticked for task in propose(FACTS) if task.code in {"domains", "hosting", "app_stores"}}
    answered = replace(FACTS, circumstances=holding(FACTS) | {"domains"})
    said = {task.code: task.ticked for task in propose(answered) if task.code in {"domains", "hosting", "app_stores"}}
    assert (asked, said) == (dict.fromkeys(asked, False), {"domains": True})
    assert (len(asked), to_be_asked(answered)) == (3, ())


@pytest.mark.parametrize(
    ("origin", "there", "not_there"),
    [
        (Origin.OURS, {"next_help", "interim_tools", "talking_points", "letter"}, {"ask_why", "acknowledgement"}),
        (Origin.THEIRS, {"ask_why", "handover_talk", "acknowledgement", "open_work"},
         {"next_help", "help_interview", "talking_points", "rehearsal", "impact_check", "letter"}),
        (Origin.NOBODYS_FAULT, {"next_help", "conversation", "letter"}, {"ask_why", "thank_you_letter"}),
        (Origin.NATURAL_FADE, {"short_word", "thank_you_letter", "receipt"},
         {"open_work", "in_flight_work", "quality_check", "next_help", "conversation", "rehearsal", "letter"}),
    ],
)  # fmt: skip
def test_each_origin_has_its_own_list(origin: Origin, there: set[str], not_there: set[str]) -> None:
    """Nobody rehearses a talk that the client has begun, and no open work is listed where there is none."""
    facts = replace(ALL_HOLD, origin=origin)
    codes = {task.code for task in (*propose(facts), *inside_steps(facts))}
    assert (there - codes, not_there & codes) == (set(), set())


def test_before_the_client_knows_nothing_asks_an_outsider() -> None:
    """BR14: what may open before the talk is done among ourselves."""
    early = {task.code for task in propose(ALL_HOLD) if task.before_told}
    assert early == {"open_work", "outstanding_invoices", "access_inventory", "find_data", "finance_told", "pipeline"}


def test_a_team_of_one_is_asked_for_no_second_person() -> None:
    """BR13: the second pair of eyes is one's own, a day later."""
    alone = replace(FACTS, team=False)
    words = {task.code: task.details for task in (*propose(alone), *inside_steps(alone))}
    asked = [
        code for code, details in words.items() if re.search(r"second (pair|person)|somebody who plays|team", details)
    ]
    assert (asked, "team_brief" in words) == ([], False)


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
    found = {task.code: task for task in propose(near)}["find_data"]
    files = {task.code: task for task in propose(near)}["final_files"]
    assert found.due_on == date(2026, 12, 28)
    assert found.arithmetic.endswith("that has passed, so Mon 28 Dec 2026")
    assert (files.due_on, "; not before the letter, so Tue 29 Dec 2026" in files.arithmetic) == (
        date(2026, 12, 29),
        True,
    )


def test_people_get_the_tasks_of_their_role() -> None:
    """Finance gets the invoices; a role that nobody has falls to the client's owner."""
    facts = replace(FACTS, people={Role.FINANCE: "U7"})
    owners = {task.code: task.owner_id for task in propose(facts)}
    assert (owners["final_invoice"], owners["credentials"]) == ("U7", "U1")


def test_steps_inside_amicable_become_no_tickets() -> None:
    """Talking and writing are steps here; the preview holds tickets only."""
    steps = [step.code for step in inside_steps(FACTS)]
    assert (len(steps), steps[1], steps[-1]) == (14, "contract_review", "letter_received")
    assert TaskKind.INSIDE not in {task.kind for task in propose(ALL_HOLD)}


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
    titles = [task.title for task in propose(facts, [deliverable("Site", date(2026, 12, 4))])]
    assert (next(title for title in titles if "Site" in title), text("parent", "nl", client="Acme")) == (
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
    """A workspace's own way of parting: its tasks are proposed with ours."""
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
    codes = {each.code for each in task_types()}
    assert [each.code for each in task_types() if set(each.after) - codes or each.code in each.after] == []
    wrong = []
    for origin, last_day in product(Origin, (date(2026, 11, 24), date(2026, 12, 4), date(2027, 3, 1))):
        facts = replace(ALL_HOLD, origin=origin, last_day=last_day, circumstances=frozenset(CONDITIONS))
        tasks = {task.code: task for task in (*propose(facts), *inside_steps(facts))}
        wrong += [
            (task.code, first)
            for task in tasks.values()
            for first in task.after
            if first in tasks and tasks[first].ticked and tasks[first].due_on > task.due_on
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
    """Whatever the dates: nothing in the past, every task of ours on a working day."""
    today = last_day - timedelta(days=days_before)
    facts = replace(ALL_HOLD, last_day=last_day, today=today, country=country)
    items = [deliverable(f"d{number}", today + timedelta(days=days)) for number, days in enumerate(due)]
    tasks = propose(facts, items)
    ours = [task for task in tasks if not task.code.startswith("deliverable_")]
    assert all(task.due_on >= today for task in tasks)
    assert all(is_working(task.due_on, country) for task in ours)
