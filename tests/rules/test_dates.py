"""The last day and the counting of days, as tables (CN01-CN09)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import Contract, NoticeUnit
from rules.partings.dates import (
    DayKind,
    accept_last_day,
    counted_on,
    day_choices,
    end_of_month,
    last_day_notes,
    notice_end,
    propose_last_day,
)
from rules.partings.deliverables import Deliverable
from rules.partings.laws import law_note
from rules.workdays import count_back, count_forward, is_known, is_working

MONTHS, WEEKS, DAYS, WORKING = NoticeUnit.MONTHS, NoticeUnit.WEEKS, NoticeUnit.DAYS, NoticeUnit.WORKING_DAYS


@pytest.mark.parametrize(
    ("received", "length", "unit", "expected"),
    [
        ("2026-01-31", 1, MONTHS, "2026-02-28"),
        ("2028-01-31", 1, MONTHS, "2028-02-29"),
        ("2027-12-31", 2, MONTHS, "2028-02-29"),
        ("2026-01-29", 1, MONTHS, "2026-02-28"),
        ("2028-01-29", 1, MONTHS, "2028-02-29"),
        ("2026-01-28", 1, MONTHS, "2026-02-28"),
        ("2026-02-28", 1, MONTHS, "2026-03-28"),
        ("2026-03-31", 1, MONTHS, "2026-04-30"),
        ("2026-08-31", 6, MONTHS, "2027-02-28"),
        ("2026-10-15", 3, MONTHS, "2027-01-15"),
        ("2026-01-30", 1, MONTHS, "2026-02-28"),
        ("2026-05-31", 1, MONTHS, "2026-06-30"),
        ("2027-11-30", 3, MONTHS, "2028-02-29"),
        ("2028-02-29", 48, MONTHS, "2032-02-29"),
        ("2099-12-31", 2, MONTHS, "2100-02-28"),
        ("2028-02-22", 1, WEEKS, "2028-02-29"),
        ("2028-02-29", 12, MONTHS, "2029-02-28"),
        ("2026-11-22", 4, WEEKS, "2026-12-20"),
        ("2026-12-24", 1, WEEKS, "2026-12-31"),
        ("2026-11-22", 30, DAYS, "2026-12-22"),
        ("2028-02-28", 1, DAYS, "2028-02-29"),
        ("2027-02-28", 1, DAYS, "2027-03-01"),
        ("2026-11-22", 0, DAYS, "2026-11-22"),
    ],
)
def test_a_notice_period_ends_on_the_day_that_the_calendar_gives(
    received: str, length: int, unit: NoticeUnit, expected: str
) -> None:
    """Days, weeks and months from receipt; a month after the 31st is the last day of a shorter month."""
    contract = Contract(reviewed=True, notice_length=length, notice_unit=unit)
    assert notice_end(contract, date.fromisoformat(received))[0] == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "length", "unit", "expected"),
    [
        ("2026-11-22", 1, MONTHS, "2026-12-31"),
        ("2026-01-31", 1, MONTHS, "2026-02-28"),
        ("2028-01-15", 1, MONTHS, "2028-02-29"),
        ("2026-11-22", 8, DAYS, "2026-11-30"),
        ("2026-11-23", 8, DAYS, "2026-12-31"),
        ("2026-11-30", 0, DAYS, "2026-11-30"),
        ("2028-01-31", 1, MONTHS, "2028-02-29"),
        ("2026-12-31", 1, MONTHS, "2027-01-31"),
    ],
)
def test_a_notice_to_the_end_of_a_month_runs_on_to_it(
    received: str, length: int, unit: NoticeUnit, expected: str
) -> None:
    """Where the contract says "to the end of a month", the last day is one."""
    contract = Contract(reviewed=True, notice_length=length, notice_unit=unit, to_month_end=True)
    day, arithmetic = notice_end(contract, date.fromisoformat(received))
    assert "end of a month" in arithmetic[-1]
    assert day == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("country", "start", "days", "expected"),
    [
        ("NL", "2026-04-24", 1, "2026-04-28"),  # King's Day
        ("NL", "2026-04-02", 2, "2026-04-08"),  # Good Friday to Easter Monday: Tue 7 and Wed 8 are left
        ("NL", "2026-05-13", 2, "2026-05-18"),  # Ascension Day
        ("SE", "2026-04-30", 1, "2026-05-04"),  # May Day
        ("SE", "2026-06-05", 1, "2026-06-08"),  # National Day falls on a Saturday
        ("SE", "2026-01-05", 1, "2026-01-07"),  # Epiphany
        ("ES", "2026-10-09", 1, "2026-10-13"),  # National Day
        ("ES", "2026-12-07", 1, "2026-12-09"),  # Immaculate Conception
        ("GB", "2026-12-24", 1, "2026-12-29"),  # Boxing Day observed on Monday
        ("GB", "2026-05-01", 1, "2026-05-05"),  # May Day bank holiday
        ("US", "2026-11-25", 1, "2026-11-27"),  # Thanksgiving
        ("US", "2026-07-02", 1, "2026-07-06"),  # Independence Day observed on Friday
        ("US", "2026-12-31", 10, "2027-01-15"),  # New Year's Day
        ("us", "2026-11-25", 1, "2026-11-27"),
        ("", "2026-12-24", 1, "2026-12-25"),
        ("XX", "2026-12-24", 1, "2026-12-25"),
        ("AE", "2026-11-19", 2, "2026-11-23"),
    ],
)
def test_working_days_leave_out_the_holidays_of_the_country(country: str, start: str, days: int, expected: str) -> None:
    """Public holidays and weekends of the client's country are not counted; unknown countries have weekends only."""
    contract = Contract(reviewed=True, notice_length=days, notice_unit=WORKING, country=country)
    day, arithmetic = notice_end(contract, date.fromisoformat(start))
    assert ("only weekends" in arithmetic[0]) == (not is_known(country))
    assert day == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("country", "last_day", "days", "expected"),
    [
        ("GB", "2026-12-28", 0, "2026-12-24"),
        ("GB", "2026-12-28", 1, "2026-12-24"),
        ("NL", "2026-12-31", 5, "2026-12-23"),
        ("SE", "2026-05-04", 1, "2026-04-30"),
        ("US", "2027-01-04", 1, "2026-12-31"),
        ("ES", "2026-12-09", 1, "2026-12-07"),
    ],
)
def test_days_are_counted_back_over_working_days(country: str, last_day: str, days: int, expected: str) -> None:
    """A task due so many working days before the last day never falls on a free day."""
    assert count_back(date.fromisoformat(last_day), days, country).day == date.fromisoformat(expected)


def test_counting_shows_its_arithmetic() -> None:
    """The words beside a date name what was left out."""
    counted = count_forward(date(2026, 12, 23), 3, "GB")
    assert counted.arithmetic == (
        "3 working days after Wed 23 Dec 2026: Wed 30 Dec 2026, leaving out 2 weekend days, "
        "Christmas Day (Fri 25 Dec 2026), Boxing Day (observed) (Mon 28 Dec 2026)"
    )


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 12, 31)),
    st.integers(min_value=1, max_value=40),
    st.sampled_from(["NL", "SE", "ES", "GB", "US", ""]),
)
def test_counting_forward_and_back_meet(start: date, days: int, country: str) -> None:
    """From a working day, n working days on and n back lead to the same day; both ends are working days."""
    begin = count_forward(start, 0, country).day
    there = count_forward(begin, days, country).day
    assert is_working(there, country)
    assert count_back(there, days, country).day == begin


def test_a_silent_contract_means_two_weeks() -> None:
    """CN06: where nothing is written down, 14 days are proposed, and the arithmetic says why."""
    proposed = propose_last_day(Contract(reviewed=True, none_written=True), date(2026, 11, 22))
    assert "14 days" in proposed.arithmetic[0]
    assert proposed.day == date(2026, 12, 6)


MONTHLY = Contract(reviewed=True, notice_length=1, notice_unit=MONTHS)


@pytest.mark.parametrize(
    ("ends_on", "expected", "words"),
    [
        (None, "2026-12-22", "1 month"),
        ("2026-12-22", "2026-12-22", "1 month"),
        ("2026-12-31", "2026-12-31", "better than ending in the middle"),
        ("2027-02-20", "2027-02-20", "better than ending in the middle"),
        ("2027-02-21", "2026-12-22", "too far off"),
        ("2026-12-10", "2026-12-22", "renews itself"),
    ],
)
def test_the_end_of_the_term_is_preferred_while_it_is_near(ends_on: str | None, expected: str, words: str) -> None:
    """CN03 and CN07: both dates are shown; the term's end wins up to 60 days after the notice."""
    ends = date.fromisoformat(ends_on) if ends_on else None
    contract = Contract(reviewed=True, notice_length=1, notice_unit=MONTHS, ends_on=ends)
    proposed = propose_last_day(contract, date(2026, 11, 22))
    assert (proposed.mid_term, proposed.end_of_term) == (date(2026, 12, 22), ends)
    assert words in proposed.arithmetic[-1]
    assert proposed.day == date.fromisoformat(expected)


def test_the_last_day_is_never_before_the_last_deliverable() -> None:
    """What was accepted is still delivered: the last day moves behind it and says so."""
    items = (
        Deliverable(code="", title="Report", due_on=date(2026, 12, 28)),
        Deliverable(code="", title="Site", due_on=date(2027, 1, 8)),
        Deliverable(code="", title="Logo", due_on=date(2026, 12, 1)),
    )
    proposed = propose_last_day(MONTHLY, date(2026, 11, 22), items)
    assert "Site is due on Fri 8 Jan 2027" in proposed.arithmetic[-1]
    assert proposed.milestone == items[0]
    assert proposed.day == date(2027, 1, 8)


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (Contract(notice_length=1, notice_unit=MONTHS, country="nl", ends_on=date(2027, 12, 31)), "Netherlands"),
        (Contract(notice_length=1, notice_unit=MONTHS, country="SE"), "30 days or a calendar month"),
        (Contract(country="ES", ends_on=date(2027, 12, 31)), "says nothing on notice"),
        (Contract(notice_length=4, notice_unit=MONTHS), "a long time to stay"),
    ],
)
def test_a_person_is_told_when_to_think_twice(contract: Contract, words: str) -> None:
    """CN02 and CN07: a note where the law differs or the stay is very long; never a decision in its place."""
    notes = propose_last_day(contract, date(2026, 11, 22)).notes
    assert [words in note for note in notes].count(True) == 1


def test_a_plain_case_has_no_notes() -> None:
    """Nobody is sent to counsel for an ordinary month's notice."""
    assert propose_last_day(MONTHLY, date(2026, 11, 22)).notes == ()


@pytest.mark.parametrize("country", ["NL", "SE", "ES", "GB", "US", "ES-CT", "gb-sct"])
def test_a_law_note_names_its_source_its_day_and_counsel(country: str) -> None:
    """CN02: we give no advice; what we have read is linked, with the day on which we read it."""
    note = law_note(country)
    assert re.search(r": ask counsel\. Read on Mon 30 Nov 2026: https://\S+$", note)
    assert (law_note("DE"), law_note("")) == ("", "")


@pytest.mark.parametrize(
    ("since", "days"),
    [(None, 14), ("2026-11-01", 14), ("2024-11-23", 14), ("2024-11-22", 28), ("2021-11-23", 28), ("2021-11-22", 42)],
)
def test_the_proposal_of_a_silent_contract_grows_with_the_years(since: str | None, days: int) -> None:
    """CN06: two weeks, four after two years, six after five; and never said to be what the law asks for."""
    contract = counted_on(Contract(reviewed=True), "", date.fromisoformat(since) if since else None)
    proposed = propose_last_day(contract, date(2026, 11, 22))
    assert "our proposal, not a rule of law" in proposed.arithmetic[0]
    assert "reasonable" not in proposed.arithmetic[0]
    assert proposed.day == date(2026, 11, 22) + timedelta(days=days)


@pytest.mark.parametrize(
    ("country", "start", "expected"),
    [
        ("ES-CT", "2026-09-10", "2026-09-14"),  # 11 September, the National Day of Catalonia, is a Friday
        ("ES", "2026-09-10", "2026-09-11"),
        ("ES-CT", "2026-06-23", "2026-06-25"),  # Saint John
        ("GB-SCT", "2026-11-27", "2026-12-01"),  # Saint Andrew
        ("GB-ENG", "2026-11-27", "2026-11-30"),
        ("GB-SCT", "2027-01-01", "2027-01-05"),  # 2 January, observed on Monday 4
        ("ES-XX", "2026-10-09", "2026-10-13"),  # a region that nobody knows has the days of its country
    ],
)
def test_a_region_has_holidays_of_its_own(country: str, start: str, expected: str) -> None:
    """A working day in Madrid or London may be none in Barcelona or Glasgow."""
    assert count_forward(date.fromisoformat(start), 1, country).day == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("contract", "day", "words"),
    [
        (Contract(country="GB-SCT"), "2026-12-25", "Fri 25 Dec 2026 is Christmas Day"),
        (Contract(country="ES-CT"), "2026-09-11", "is National Day of Catalonia"),
        (Contract(country="GB-SCT"), "2026-11-30", "is Saint Andrew's Day"),
        (Contract(), "2026-12-06", "Sun 6 Dec 2026 is a Sunday"),
        (MONTHLY, "2026-12-01", "The notice runs until Tue 22 Dec 2026"),
    ],
)
def test_a_day_that_asks_for_thought_is_pointed_out(contract: Contract, day: str, words: str) -> None:
    """A last day on a holiday, a Sunday or before the notice has run out is said plainly."""
    notes = last_day_notes(
        contract, date(2026, 11, 22) if day > "2026-11" else date(2026, 8, 1), date.fromisoformat(day)
    )
    assert [note for note in notes if words in note] != []


def test_a_term_that_ends_in_two_days_says_so() -> None:
    """The term comes before the notice: it may well renew itself."""
    contract = replace(MONTHLY, ends_on=date(2026, 11, 24))
    assert propose_last_day(contract, date(2026, 11, 22)).arithmetic[-1] == (
        "The term ends on Tue 24 Nov 2026, in 2 days, before the notice has run out: check whether it renews itself."
    )


def test_three_days_stand_side_by_side_with_their_cost() -> None:
    """CN03, CN08: earliest by notice, next finished deliverable, end of term; the arithmetic and the cost of each."""
    contract = replace(MONTHLY, ends_on=date(2027, 2, 20))
    items = (
        Deliverable(code="", title="Site", due_on=date(2027, 1, 8)),
        Deliverable(code="", title="Logo", due_on=date(2026, 12, 1)),
    )
    choices = day_choices(contract, date(2026, 11, 22), items, hours_a_week=10)
    assert [(each.kind, each.day) for each in choices] == [
        (DayKind.BY_NOTICE, date(2027, 1, 8)),
        (DayKind.NEXT_DELIVERABLE, date(2027, 1, 8)),
        (DayKind.END_OF_TERM, date(2027, 2, 20)),
    ]
    assert choices[0].arithmetic[-1] == "Site is due on Fri 8 Jan 2027: never before the last deliverable."
    assert choices[1].cost == (
        "2 weeks and 3 days longer than the notice asks for, about 24 hours of work.",
        "It cuts the term short by 6 weeks and 1 day: see what the contract asks for the rest.",
    )
    assert choices[2].cost == ("8 weeks and 4 days longer than the notice asks for, about 86 hours of work.",)


def test_where_no_notice_runs_the_letter_is_the_end() -> None:
    """RF43: of a fade without a written notice nothing claims that one runs."""
    received = date(2026, 11, 10)
    chosen = day_choices(Contract(country="NL"), received, notice=False)
    notes = last_day_notes(Contract(), received, received, notice=False)
    assert ([(each.kind, each.day) for each in chosen], notes) == ([(DayKind.NOTHING_LEFT, received)], ())
    assert chosen[0].arithmetic[0].startswith("Nothing is open and no notice is written down")

    contract, items = Contract(ends_on=date(2026, 12, 1)), (Deliverable(code="", title="Logo", due_on=received),)
    later = day_choices(contract, received, items, 10, notice=False)
    assert [each.cost[0] for each in later] == [
        "Nothing is added: it ends once they have the letter.",
        "Nothing is added: it ends once they have the letter.",
        "3 weeks after they have the letter, about 30 hours of work.",
    ]
    assert later[1].arithmetic == ("Logo is finished on Tue 10 Nov 2026, the next one after the letter.",)
    assert last_day_notes(Contract(), received, date(2026, 11, 9), notice=False) == (
        "They have the letter on Tue 10 Nov 2026 at the earliest: choose that day or a later one.",
    )


def test_the_clients_own_date_is_kept_with_its_open_points() -> None:
    """When the client ends it, their day stands; an early day and later deliverables are pointed out."""
    items = (Deliverable(code="", title="Site", due_on=date(2026, 12, 8)),)
    accepted = accept_last_day(MONTHLY, date(2026, 12, 4), date(2026, 11, 22), items)
    assert [note.split(":")[0] for note in accepted.notes] == [
        "Their notice period runs until Tue 22 Dec 2026",
        "Due after that day",
    ]
    assert (accepted.day, accepted.arithmetic) == (date(2026, 12, 4), ("The client named Fri 4 Dec 2026.",))


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 12, 31)),
    st.none() | st.integers(min_value=0, max_value=24),
    st.sampled_from(NoticeUnit),
    st.booleans(),
    st.none() | st.integers(min_value=-100, max_value=900),
    st.lists(st.integers(min_value=0, max_value=200), max_size=4),
)
def test_every_proposal_keeps_notice_and_promises(
    received: date,
    length: int | None,
    unit: NoticeUnit,
    to_month_end: bool,  # noqa: FBT001 - Hypothesis gives it
    term: int | None,
    due: list[int],
) -> None:
    """Whatever the contract: never before the notice has run, never before a deliverable, always with arithmetic."""
    contract = Contract(
        notice_length=length,
        notice_unit=unit,
        to_month_end=to_month_end,
        ends_on=None if term is None else received + timedelta(days=term),
        country="NL",
    )
    items = [Deliverable(code="", title=f"d{days}", due_on=received + timedelta(days=days)) for days in due]
    proposed = propose_last_day(contract, received, items)
    assert proposed.arithmetic
    if length is not None and to_month_end:
        assert proposed.mid_term == end_of_month(proposed.mid_term)
    assert proposed.day >= max([proposed.mid_term, *(item.due_on for item in items)])
