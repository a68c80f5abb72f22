"""Formula v1: the number can be explained line by line, and it keeps its promises."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rules.errors import NotFoundError
from rules.health.catalogue import Catalogue
from rules.health.formula.v1 import health, reach_days
from rules.health.score import Band, Health, LineKind, band_of
from rules.health.signal import Severity, Side, Signal, State


def points(found: Health, kind: LineKind) -> list[int]:
    return [line.points_tenths for line in found.lines if line.kind is kind]


# --- the parts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_code", "severity", "days_ago", "cost_tenths"),
    [
        ("late_payment", "red", 0, 90),
        ("late_payment", "red", 90, 45),
        ("late_payment", "pink", 0, 45),
        ("rejects_advice", "pink", 0, 25),
        ("rejects_advice", "pink", 60, 13),
        ("disrespect", "red", 0, 80),
        ("abuse", "red", 0, 200),
        ("abuse", "red", 800, 200),
        ("gut", "pink", 0, 10),
        ("unsorted", "red", 0, 0),
    ],
)
def test_what_one_flag_costs(
    note: Callable[..., Signal],
    judge_v1: Callable[..., Health],
    type_code: str,
    severity: str,
    days_ago: int,
    cost_tenths: int,
) -> None:
    """Weight x severity, halved at each half-life; abuse stays as it is until somebody has reviewed it."""
    found = judge_v1([note(type_code, days_ago, severity)])
    assert [-cost_tenths] == points(found, LineKind.FLAG)


def test_further_dates_of_the_same_type_cost_more(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """A pattern hurts more than one event: 1, then 1.25, then 1.5; twice on one day is no pattern."""
    found = judge_v1([note("stalled", days, "red") for days in (3, 2, 2, 1, 0)])
    assert [line.repeat_percent for line in found.lines if line.kind is LineKind.FLAG] == [100, 125, 125, 150, 150]


def test_one_thread_on_one_date_counts_once(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """Three notes about one heated thread are one event; the heaviest counts and the line says what is given back."""
    heated = [note(code, 0, thread="t1", channel_id="C1") for code in ("late_payment", "disrespect", "slow_reply")]
    found = judge_v1([*heated, note("slow_reply", 0, thread="t1", channel_id="C2")])
    assert points(found, LineKind.THREAD) == [105]


def test_a_terrible_day_costs_20(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """FG09: and the limit is a line with its date."""
    found = judge_v1([note("late_payment"), note("disrespect"), note("contract_breach"), note("gut", severity="red")])
    assert points(found, LineKind.DATE_CAP) == [90]
    assert found.total_tenths == 800


def test_gut_feelings_cost_5_together(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """FG11: recorded, shown, never decisive."""
    found = judge_v1([note("gut", days, "red") for days in range(8)])
    assert found.total_tenths == 950


def test_praise_is_limited_and_never_passes_100(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """Both limits are lines of their own."""
    found = judge_v1([note("recommends_us", days) for days in range(4)])
    assert (
        sum(points(found, LineKind.PRAISE) + points(found, LineKind.PRAISE_CAP)),
        *points(found, LineKind.CEILING),
    ) == (100, -100)


def test_the_number_never_falls_below_0(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """The floor is a line of its own."""
    found = judge_v1([note("abuse", days) for days in range(6)])
    assert (found.score_tenths, points(found, LineKind.FLOOR)) == (0, [200])


def test_our_misses_are_listed_apart(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """FG03: whoever reads the score sees our part beside it."""
    found = judge_v1([note("our_late_delivery"), note("late_payment")])
    assert [(x.type, x.points_tenths, x.kind) for x in found.our_side] == [("our_late_delivery", 0, LineKind.OURS)]


def test_abuse_asks_to_act_now_until_it_is_reviewed(
    note: Callable[..., Signal], judge_v1: Callable[..., Health], now: datetime
) -> None:
    """FG14: from the review on it fades like anything else."""
    live, reviewed = note("abuse", 30), note("gaslighting", 100, reviewed_at=now - timedelta(days=90))
    found = judge_v1([live, reviewed, note("abuse", 3, state=State.WITHDRAWN)])
    assert [live.id] == [banner.signal_id for banner in found.banners]
    assert points(found, LineKind.FLAG) == [-80, -200]


def test_a_type_that_the_catalogue_does_not_know_is_a_clear_error(
    note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """A hand-edited database is named, not guessed at."""
    with pytest.raises(NotFoundError, match="sorcery"):
        judge_v1([replace(note("gut"), type="sorcery")])


@pytest.mark.parametrize(
    ("score_tenths", "band"),
    [
        (1000, Band.HEALTHY),
        (800, Band.HEALTHY),
        (799, Band.WATCH),
        (600, Band.WATCH),
        (599, Band.AMEND),
        (400, Band.AMEND),
        (399, Band.CONSIDER),
        (0, Band.CONSIDER),
    ],
)
def test_bands_begin_at_80_60_and_40(score_tenths: int, band: Band) -> None:
    """HS04: each band calls for its own next step."""
    assert band == band_of(score_tenths)


# --- too early to say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notes", "is_early"),
    [
        ([], True),
        ([("late_payment", 0), ("late_payment", 1)], True),
        ([("late_payment", 0), ("slow_reply", 0), ("gut", 0)], True),
        ([("late_payment", 0), ("slow_reply", 0), ("gut", 1)], False),
        ([("praise", 0), ("paid_on_time", 5), ("great_feedback", 9)], False),
        ([("unsorted", 0), ("unsorted", 1), ("unsorted", 2)], True),
        ([("our_mistake", 0), ("our_mistake", 1), ("our_mistake", 2)], True),
        ([("late_payment", 0), ("slow_reply", 0), ("gut", 90)], False),
        ([("late_payment", 0), ("slow_reply", 0), ("gut", 91)], True),
    ],
)
def test_three_notes_on_two_dates_make_a_number(
    note: Callable[..., Signal], judge_v1: Callable[..., Health], notes: list[tuple[str, int]], *, is_early: bool
) -> None:
    """Fewer than 3 client-side notes on 2 dates within 90 days: lines, but no number; silence is never green."""
    found = judge_v1([note(code, days) for code, days in notes])
    assert is_early == (found.score_tenths is None) == (found.band is Band.TOO_EARLY)


# --- small stories that show what the weights do -------------------------------------------------------------------


def story(note: Callable[..., Signal], *notes: tuple[str, int]) -> list[Signal]:
    return [note(code, days) for code, days in notes]


def test_story_ordinary_friction_stays_healthy(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """HS09: a disagreement, a rush and a slow answer in a month are everyday life."""
    assert Band.HEALTHY is judge_v1(story(note, ("rejects_advice", 20), ("rush_request", 12), ("slow_reply", 3))).band


def test_story_two_late_payments_and_a_rush_are_worth_watching(
    note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """HS12: clear-cut facts weigh more than moods."""
    assert Band.WATCH is judge_v1(story(note, ("late_payment", 30), ("late_payment", 0), ("rush_request", 5))).band


def test_story_three_weeks_of_trouble_call_for_a_plan(
    note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """A late payment, a slow answer and a rush on one day of three weeks."""
    week = ("late_payment", "slow_reply", "rush_request")
    assert Band.AMEND is judge_v1(story(note, *((code, days) for days in (14, 7, 0) for code in week))).band


def test_story_a_steady_month_of_red_flags_calls_for_considering(
    note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """Mixed red flags every third day, none of them abuse."""
    mixed = ("late_payment", "disrespect", "impossible_demand", "breach_of_deal", "drains_other_work")
    found = judge_v1([note(mixed[day % 5], day * 3, "red") for day in range(10)])
    assert Band.CONSIDER is found.band


def test_story_one_day_of_abuse_is_no_verdict_but_a_banner(
    note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """FG09 and FG14: the sums don't bend, the banner acts."""
    found = judge_v1(story(note, ("abuse", 0), ("disrespect", 0), ("praise", 9)))
    assert (found.band, len(found.banners)) == (Band.HEALTHY, 1)


def test_story_a_month_of_praise_brings_some_back(note: Callable[..., Signal], judge_v1: Callable[..., Health]) -> None:
    """A client who was to be watched heals by good weeks, and faster than by silence."""
    trouble = story(note, ("late_payment", 45), ("slow_reply", 40), ("late_payment", 38), ("impossible_demand", 35))
    good = story(note, ("paid_on_time", 20), ("great_feedback", 12), ("clear_brief", 5), ("trusts_us", 1))
    then = judge_v1(trouble, -35)
    assert (then.band, judge_v1([*trouble, *good]).band) == (Band.WATCH, Band.HEALTHY)
    assert judge_v1(trouble).total_tenths < judge_v1([*trouble, *good]).total_tenths


# --- speed --------------------------------------------------------------------------------------------------------


def test_a_thousand_live_notes_are_judged_at_once(
    note: Callable[..., Signal], catalogue: Catalogue, now: datetime, today: date
) -> None:
    """Design section 6: under 50 ms of computing for one client with 1,000 live notes."""
    codes = [entry.code for entry in catalogue.of_side(Side.THEIRS)]
    ledger = [note(codes[n % len(codes)], n % 90, thread=str(n % 200)) for n in range(1000)]
    took = []
    for _ in range(5):
        began = time.process_time()
        health(ledger, now=now, today=today, catalogue=catalogue)
        took.append(time.process_time() - began)
    assert min(took) < 0.05


def test_a_types_reach_ends_where_its_heaviest_note_rounds_to_nothing(
    catalogue: Catalogue, note: Callable[..., Signal], judge_v1: Callable[..., Health]
) -> None:
    """Nothing that still costs is left out, so no number jumps when a note drops out of sight."""
    for entry in catalogue.of_side(Side.THEIRS):
        if entry.lasting or entry.code == "gut":
            continue
        days = reach_days(entry)
        last = [note(entry.code, days + n, Severity.RED) for n in range(3)]
        found = judge_v1(last)
        assert all(line.points_tenths == 0 for line in found.lines if line.kind is LineKind.FLAG), entry.code
