"""Formula v2: the number can be explained line by line, and it keeps its promises."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rules.errors import NotFoundError
from rules.health.catalogue import Catalogue
from rules.health.formula.entries import entries_of
from rules.health.formula.v2 import health, reach_days
from rules.health.score import Band, Health, LineKind, band_of
from rules.health.signal import Severity, Side, Signal, Source, State


def points(found: Health, kind: LineKind) -> list[int]:
    return [line.points_tenths for line in found.lines if line.kind is kind]


# --- the parts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_code", "severity", "days_ago", "cost_tenths"),
    [
        ("late_payment", "red", 0, 90),
        ("late_payment", "red", 90, 46),
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
    judge: Callable[..., Health],
    type_code: str,
    severity: str,
    days_ago: int,
    cost_tenths: int,
) -> None:
    """Weight x severity, halved at each half-life; abuse stays as it is until somebody has reviewed it."""
    found = judge([note(type_code, days_ago, severity)])
    assert [-cost_tenths] == points(found, LineKind.FLAG)


def test_further_dates_of_the_same_type_cost_more(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """A pattern hurts more than one event: a quarter more for each earlier date of half a year, four times at most."""
    found = [judge([note("stalled", days) for days in ages]) for ages in ((181, 180, 1, 0, 0), range(16))]
    repeats = [[line.repeat_percent for line in each.lines if line.kind is LineKind.FLAG] for each in found]
    assert repeats == [[100, 125, 150, 150], [*range(100, 401, 25), 400, 400, 400]]


def test_one_event_counts_once(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """Notes of one type on one date are one event, with the heaviest; the others say that they tell of the same."""
    told = [
        note("disrespect", 0, severity, reporter_id=who)
        for severity, who in (("pink", "U1"), ("red", "U2"), ("red", "U3"))
    ]
    found = judge(told)
    assert (points(found, LineKind.FLAG), points(found, LineKind.JOINED)) == ([-80], [0, 0])
    assert next(line for line in found.lines if line.points_tenths == -80).signal_id == told[1].id


def test_a_fact_takes_the_place_of_what_people_say_of_it(
    note: Callable[..., Signal], judge: Callable[..., Health], today: date
) -> None:
    """HS12: within 14 days of it the same type costs nothing beside it, and is no further date of it either."""
    due = today - timedelta(days=21)
    fact = note("late_payment", 20, source=Source.SENSOR, due_on=due)
    typed = [note("late_payment", days) for days in (34, 20, 6)]
    assert points(judge([fact, *typed]), LineKind.FLAG) == [-72]
    assert sorted(points(judge([fact, note("late_payment", 35), note("late_payment", 5)]), LineKind.FLAG)) == [
        -130,
        -90,
        -68,
    ]


@pytest.mark.parametrize(
    ("days_late", "cost_tenths"), [(1, 14), (3, 14), (4, 36), (14, 36), (15, 72), (30, 72), (31, 117), (400, 117)]
)
def test_an_invoice_weighs_by_how_late_it_is(
    note: Callable[..., Signal], judge: Callable[..., Health], today: date, *, days_late: int, cost_tenths: int
) -> None:
    """RF35: one day is not sixty; while it is open it doesn't fade, and once it is paid it does."""
    due = today - timedelta(days=days_late)
    late = note("late_payment", days_late - 1, source=Source.SENSOR, due_on=due)
    paid = replace(late, paid_on=today)
    assert points(judge([late]), LineKind.FLAG) == [-cost_tenths]
    assert points(judge([paid], 90), LineKind.FLAG) == [-int(cost_tenths / 2 + 0.5)]


def test_many_notes_of_a_week_weigh_less_each(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """The k-th small one counts 1/k, the k-th red one 1/sqrt(k) and at least half, apart from one another."""
    codes = ("disrespect", "toll", "keeps_demands", "demoralising", "breach_of_deal", "contract_breach")
    reds = [note(code, day, "red") for day, code in enumerate(codes, start=-6)]
    pinks = [note(code, day) for day, code in enumerate(("rush_request", "unprepared", "no_acknowledgement"), start=-6)]
    red, pink = (judge(each, 6) for each in (reds, pinks))
    costs = sorted((-each for each in points(red, LineKind.FLAG)), reverse=True)
    laddered = sum(cost * share for cost, share in zip(costs, (10_000, 7_071, 5_773, 5_000, 5_000, 5_000), strict=True))
    assert points(red, LineKind.LADDER) == [sum(costs) - laddered // 10_000]
    small = sorted((-each for each in points(pink, LineKind.FLAG)), reverse=True)
    assert points(pink, LineKind.LADDER) == [sum(small) - int(small[0] + small[1] / 2 + small[2] / 3)]


def test_kind_words_of_a_week_cover_its_small_grumbles(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """Twice their points against those of the grumbles; red ones stay, and so does another week."""
    kind, small, other, red = note("quick_reply", 0), note("slow_reply", 0), note("no_commitment", 0), note("toll", 0)
    assert points(judge([kind, small, other]), LineKind.COVER) == [23]  # 3.0 of 5.5 cover so much of 3.0 + 2.5 / 2
    assert points(judge([kind, small]), LineKind.COVER) == [25]
    assert points(judge([kind, red]), LineKind.COVER) == []
    assert points(judge([note("quick_reply", 7), small]), LineKind.COVER) == []


def test_one_voice_costs_at_most_30(
    note: Callable[..., Signal], judge: Callable[..., Health], catalogue: Catalogue
) -> None:
    """In a team of two or more; what another one says within 14 days, too, is nobody's alone."""
    codes = ("disrespect", "toll", "keeps_demands")
    alone = [note(code, week * 7, "red", reporter_id="U1") for week in range(3) for code in codes]
    heard = note("disrespect", 28, "red", reporter_id="U2")
    entries, both = (entries_of(each, catalogue, "UTC") for each in (alone, [*alone, heard]))
    today = alone[0].happened_on
    team = [health(entries, today=today, catalogue=catalogue, team=size) for size in (1, 2)]
    assert team[1].total_tenths == 700
    assert [line.person_id for line in team[1].lines if line.kind is LineKind.VOICE] == ["U1"]
    assert points(team[1], LineKind.VOICE) == [team[1].total_tenths - team[0].total_tenths]
    found = health(both, today=today, catalogue=catalogue, team=2)
    assert found.total_tenths < 700 - 80


def test_a_terrible_day_costs_20(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """FG09: and the limit is a line."""
    codes = ("late_payment", "disrespect", "contract_breach", "keeps_demands", "toll")
    found = judge([note(code, severity="red") for code in codes])
    laddered = 100 + (90 * 7_071 + 80 * 5_773 + 80 * 5_000 * 2) / 10_000
    assert points(found, LineKind.DATE_CAP) == [int(laddered) - 200]
    assert found.total_tenths == 800


def test_a_terrible_week_costs_30(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """However many days of it."""
    codes = ("late_payment", "disrespect", "contract_breach", "keeps_demands", "toll")
    found = judge([note(code, days, "red") for code in codes for days in (-2, -3, -4)], 4)
    assert (found.total_tenths, len(points(found, LineKind.WEEK_CAP))) == (700, 1)


def test_gut_feelings_cost_5_together(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """FG11: recorded, shown, never decisive."""
    found = judge([note("gut", days, "red") for days in range(8)])
    assert found.total_tenths == 950


def test_praise_is_limited_and_never_passes_100(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """Both limits are lines of their own."""
    found = judge([note("recommends_us", days) for days in range(4)])
    assert (
        sum(points(found, LineKind.PRAISE) + points(found, LineKind.PRAISE_CAP)),
        *points(found, LineKind.CEILING),
    ) == (100, -100)


def test_the_number_never_falls_below_0(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """The floor is a line of its own."""
    found = judge([note("abuse", days) for days in range(0, 63, 7)])
    assert (found.score_tenths, points(found, LineKind.FLOOR)) == (0, [800])


def test_our_misses_are_listed_apart(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """FG03: whoever reads the score sees our part beside it."""
    found = judge([note("our_late_delivery"), note("late_payment")])
    assert [(x.type, x.points_tenths, x.kind) for x in found.our_side] == [("our_late_delivery", 0, LineKind.OURS)]


def test_abuse_asks_to_act_now_until_it_is_reviewed(
    note: Callable[..., Signal], judge: Callable[..., Health], now: datetime
) -> None:
    """FG14: from the review on it fades like anything else."""
    live, reviewed = note("abuse", 30), note("gaslighting", 100, reviewed_at=now - timedelta(days=90))
    found = judge([live, reviewed, note("abuse", 3, state=State.WITHDRAWN)])
    assert [live.id] == [banner.signal_id for banner in found.banners]
    assert points(found, LineKind.FLAG) == [-80, -200]


def test_a_review_changes_no_day_before_it(
    note: Callable[..., Signal], judge: Callable[..., Health], now: datetime, catalogue: Catalogue
) -> None:
    """What was shown then is shown for ever: number, points and the call to act; from the review on it fades."""
    unread = note("abuse", 30)
    read = replace(unread, reviewed_at=now + timedelta(days=7))
    before = [(judge([read], days), judge([unread], days)) for days in range(-30, 7)]
    assert [day for day, (one, other) in enumerate(before) if one != other] == []
    assert all(one.banners for one, _ in before)
    half_gone = judge([read], 7 + catalogue.type("abuse").half_life_days)
    assert (judge([read], 7).banners, points(half_gone, LineKind.FLAG)) == ((), [-100])


def test_a_type_that_the_catalogue_does_not_know_is_a_clear_error(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """A hand-edited database is named, not guessed at."""
    with pytest.raises(NotFoundError, match="sorcery"):
        judge([replace(note("gut"), type="sorcery")])


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
    note: Callable[..., Signal], judge: Callable[..., Health], notes: list[tuple[str, int]], *, is_early: bool
) -> None:
    """Fewer than 3 client-side notes on 2 dates within 90 days: lines, but no number; silence is never green."""
    found = judge([note(code, days) for code, days in notes])
    assert is_early == (found.score_tenths is None) == (found.band is Band.TOO_EARLY)


# --- small stories that show what the weights do -------------------------------------------------------------------


def story(note: Callable[..., Signal], *notes: tuple[str, int]) -> list[Signal]:
    return [note(code, days) for code, days in notes]


def test_story_ordinary_friction_stays_healthy(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """HS09: a disagreement, a rush and a slow answer in a month are everyday life."""
    assert Band.HEALTHY is judge(story(note, ("rejects_advice", 20), ("rush_request", 12), ("slow_reply", 3))).band


def test_story_two_late_payments_and_a_rush_are_worth_watching(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """HS12: clear-cut facts weigh more than moods."""
    assert Band.WATCH is judge(story(note, ("late_payment", 30), ("late_payment", 0), ("rush_request", 5))).band


def test_story_three_weeks_of_trouble_call_for_a_plan(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """A late payment, a slow answer and a rush on one day of three weeks."""
    week = ("late_payment", "slow_reply", "rush_request")
    assert Band.AMEND is judge(story(note, *((code, days) for days in (14, 7, 0) for code in week))).band


def test_story_a_steady_month_of_red_flags_calls_for_considering(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """Mixed red flags every third day, none of them abuse."""
    mixed = ("late_payment", "disrespect", "impossible_demand", "breach_of_deal", "drains_other_work")
    found = judge([note(mixed[day % 5], day * 3, "red") for day in range(10)])
    assert Band.CONSIDER is found.band


def test_story_one_day_of_abuse_is_no_verdict_but_a_banner(
    note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """FG09 and FG14: the sums don't bend, the banner acts."""
    found = judge(story(note, ("abuse", 0), ("disrespect", 0), ("praise", 9)))
    assert (found.band, len(found.banners)) == (Band.HEALTHY, 1)


def test_story_a_month_of_praise_brings_some_back(note: Callable[..., Signal], judge: Callable[..., Health]) -> None:
    """A client who was to be watched heals by good weeks, and faster than by silence."""
    trouble = story(note, ("late_payment", 45), ("slow_reply", 40), ("late_payment", 38), ("impossible_demand", 35))
    good = story(note, ("paid_on_time", 20), ("great_feedback", 12), ("clear_brief", 5), ("trusts_us", 1))
    then = judge(trouble, -35)
    assert (then.band, judge([*trouble, *good]).band) == (Band.WATCH, Band.HEALTHY)
    assert judge(trouble).total_tenths < judge([*trouble, *good]).total_tenths


# --- speed --------------------------------------------------------------------------------------------------------


def test_a_thousand_live_notes_are_judged_at_once(
    note: Callable[..., Signal], catalogue: Catalogue, now: datetime, today: date
) -> None:
    """Design section 6: under 50 ms of computing for one client with 1,000 live notes."""
    codes = [entry.code for entry in catalogue.of_side(Side.THEIRS)]
    signals = [note(codes[n % len(codes)], n % 90, reporter_id=f"U{n % 7}") for n in range(1000)]
    ledger = entries_of(signals, catalogue, "UTC")
    took = []
    for _ in range(5):
        began = time.process_time()
        health(ledger, today=today, catalogue=catalogue, team=7)
        took.append(time.process_time() - began)
    assert min(took) < 0.05


def test_a_types_reach_ends_where_its_heaviest_note_rounds_to_nothing(
    catalogue: Catalogue, note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """Nothing that still costs is left out, so no number jumps when a note drops out of sight."""
    for entry in catalogue.of_side(Side.THEIRS):
        if entry.lasting or entry.code == "gut":
            continue
        days = reach_days(entry, catalogue.limits)
        last = [note(entry.code, days + n, Severity.RED) for n in range(3)]
        found = judge(last)
        assert all(line.points_tenths == 0 for line in found.lines if line.kind is LineKind.FLAG), entry.code
