"""Talk, letter, receipt, notice and last day on one line of time (CN05, NE01)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import Contract, NoticeUnit
from rules.clients.stages import Origin
from rules.partings.dates import latest_receipt, notice_end
from rules.partings.tasks import Anchor, PartingFacts, inside_steps, propose, task_types
from rules.partings.timeline import Happened, earliest_receipt, passed, plan, why_not_keep

COUNTRIES = ("NL", "SE", "ES-CT", "GB-SCT", "US")
TODAY = date(2026, 11, 30)
QUARTER = Contract(notice_length=3, notice_unit=NoticeUnit.MONTHS, country="NL")


def test_three_months_notice_is_not_sent_two_months_too_late() -> None:
    """The last day is counted from the receipt; talk and letter are planned so that it can be kept."""
    received_on = earliest_receipt(TODAY, "NL")
    last_day, _ = notice_end(QUARTER, received_on)
    line = plan(Origin.OURS, QUARTER, last_day, TODAY)
    assert (line.talk_on, line.letter_on, line.received_on) == (TODAY, date(2026, 12, 1), date(2026, 12, 2))
    assert (line.notice_ends_on, line.last_day, line.slip) == (date(2027, 3, 2), date(2027, 3, 2), "")


def test_a_later_day_leaves_time_and_plans_backwards() -> None:
    """With the whole of next year before us, the letter is not due tomorrow."""
    line = plan(Origin.OURS, QUARTER, date(2027, 9, 30), TODAY)
    assert (line.talk_on, line.letter_on, line.received_on) == (
        date(2027, 6, 28),
        date(2027, 6, 29),
        date(2027, 6, 30),
    )


def test_a_slip_says_what_it_moves() -> None:
    """Four weeks late, the day that the letter names can't be kept; the sentence says which one can."""
    line = plan(Origin.OURS, QUARTER, date(2027, 3, 2), TODAY + timedelta(days=28))
    assert line.slip == (
        "For Tue 2 Mar 2027 the letter had to be received by Wed 2 Dec 2026; it can be received at the earliest on "
        "Wed 30 Dec 2026. The notice then runs until Tue 30 Mar 2027, 28 days later: choose another last day."
    )


@pytest.mark.parametrize(
    ("origin", "known", "received_on", "kept"),
    [
        (Origin.OURS, Happened(), "2026-12-02", True),
        (Origin.OURS, Happened(), "2026-12-03", False),
        (Origin.NOBODYS_FAULT, Happened(), "2026-12-03", False),
        (Origin.OURS, Happened(agreed=True), "2027-02-03", True),
        (Origin.THEIRS, Happened(), "2027-02-03", True),
        (Origin.NATURAL_FADE, Happened(), "2027-02-03", True),
    ],
)
def test_a_day_that_can_not_be_kept_is_refused(origin: Origin, known: Happened, received_on: str, kept: bool) -> None:  # noqa: FBT001 - pytest gives it
    """Only where we give notice, and the client has not agreed to that very day."""
    fault = why_not_keep(origin, QUARTER, date(2027, 3, 2), date.fromisoformat(received_on), known)
    assert (not fault, "Tue 2 Mar 2027" in fault or kept) == (kept, True)


def test_a_promise_of_yesterday_is_named() -> None:
    """A letter that says “by 29 November” on the 30th is wrong; one for today is not."""
    promised = (("Site", date(2026, 11, 29)), ("Logo", TODAY))
    assert passed(promised, TODAY) == ("Site was promised for Sun 29 Nov 2026.",)


def contracts() -> Iterator[Contract]:
    """Terms of 5 countries: silent, short and long, to the end of a month or not."""
    for country, unit, length in product(COUNTRIES, NoticeUnit, (0, 1, 3, 6)):
        for to_month_end in (False, True):
            yield Contract(notice_length=length, notice_unit=unit, to_month_end=to_month_end, country=country)
    yield from (Contract(country=country) for country in COUNTRIES)


# Month ends, a leap day, the turn of the year, Christmas, and the holidays of Catalonia and Scotland.
STARTS = [
    date.fromisoformat(day)
    for day in ("2026-01-31", "2028-02-28", "2028-02-29", "2026-12-31", "2026-12-24", "2026-09-10", "2026-11-27")
]


@pytest.mark.parametrize("today", STARTS, ids=str)
def test_the_line_holds_in_every_country_for_every_notice(today: date) -> None:
    """Planned in time nothing slips; 3 weeks late the earliest day that can be kept is named, and no other."""
    for contract in contracts():
        last_day, _ = notice_end(contract, earliest_receipt(today, contract.country))
        line = plan(Origin.OURS, contract, last_day, today)
        assert today <= line.talk_on < line.letter_on < line.received_on <= latest_receipt(contract, last_day)
        assert line.slip == ""
        late = plan(Origin.OURS, contract, last_day, today + timedelta(days=21))
        assert bool(late.slip) == (late.notice_ends_on is not None and late.notice_ends_on > last_day)
        assert notice_end(contract, late.received_on)[0] == late.notice_ends_on


def test_the_latest_receipt_is_the_latest() -> None:
    """One day later the notice would run over the last day."""
    for contract, last_day in product(contracts(), STARTS):
        latest = latest_receipt(contract, last_day)
        assert notice_end(contract, latest)[0] <= last_day < notice_end(contract, latest + timedelta(days=1))[0]


NAMED_BY_LETTER = {"open_work", "confirm_work", "outstanding_invoices", "access_inventory", "next_help"}


@given(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2029, 12, 31)),
    st.none() | st.integers(min_value=0, max_value=24),
    st.sampled_from(NoticeUnit),
    st.integers(min_value=0, max_value=120),
    st.sampled_from(COUNTRIES),
    st.sampled_from(Origin),
)
def test_nothing_that_the_letter_names_is_due_after_it(
    today: date, length: int | None, unit: NoticeUnit, spare: int, country: str, origin: Origin
) -> None:
    """WU07, NE06: inventory and invoices come before the letter, what is handed over comes with it or after it."""
    contract = Contract(notice_length=length, notice_unit=unit, country=country)
    last_day = notice_end(contract, earliest_receipt(today, country))[0] + timedelta(days=spare)
    line = plan(origin, contract, last_day, today)
    facts = PartingFacts(last_day=last_day, today=today, owner_id="U1", country=country, origin=origin, line=line)
    days = {task.code: task.due_on for task in propose(facts)}
    assert {code: day for code, day in days.items() if code in NAMED_BY_LETTER and day > line.letter_on} == {}
    assert days["credentials"] >= line.letter_on
    steps = {step.code: step.due_on for step in inside_steps(facts)}
    talk = next(steps[code] for code in ("conversation", "handover_talk", "short_word") if code in steps)
    assert talk <= steps["letter_sent"] <= steps["letter_received"]


def test_whatever_is_counted_to_the_letter_is_known_to_this_test() -> None:
    """A further task that the letter names has to stand in the list above."""
    counted = {each.code for each in task_types() if each.counted_from is Anchor.LETTER and each.offset <= 0}
    internal = {"finance_told", "letter", "acknowledgement", "thank_you_letter", "letter_review", "letter_sent"}
    assert counted - internal == NAMED_BY_LETTER
