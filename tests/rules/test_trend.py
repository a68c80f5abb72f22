"""Where the score heads, since when, and the picture of the last weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.health.catalogue import Catalogue
from rules.health.days.course import Ledger
from rules.health.days.turn import Turn, Way, turn
from rules.health.formula.entries import entries_of
from rules.health.score import Health
from rules.health.signal import Signal
from rules.health.trend import Point, points, trend_of

Note = Callable[..., Signal]
Judge = Callable[..., Health]


def drawn(
    signals: list[Signal], now: datetime, today: date, catalogue: Catalogue, since: date | None = None
) -> tuple[Point, ...]:
    ledger = Ledger(entries_of(signals, catalogue, "UTC"), (), catalogue=catalogue, team=1)
    return points(ledger, signals, now=now, today=today, catalogue=catalogue, judged_since=since)


def test_the_picture_ends_where_the_number_stands(
    note: Note, judge: Judge, now: datetime, today: date, catalogue: Catalogue
) -> None:
    """Eight weeks by when things happened, the last one today's."""
    signals = [note("disrespect", 30), note("late_payment", 9), *(note("clear_brief", age) for age in (50, 40, 2))]
    found = [(point.on, point.score_tenths) for point in drawn(signals, now, today, catalogue)]
    days = [-7 * ago for ago in reversed(range(8))]
    assert found == [(today + timedelta(days=day), judge(signals, day).score_tenths) for day in days]


def test_a_score_keeps_the_formula_of_its_day(note: Note, now: datetime, today: date, catalogue: Catalogue) -> None:
    """Where the formula changed, the trend says so: older points are those that v1 gave then."""
    signals = [note("disrespect", age, "red") for age in (59, 58, 57, 56)]
    since = today - timedelta(days=10)
    found = drawn(signals, now, today, catalogue, since)
    assert [point.version for point in found] == ["v1"] * 6 + ["v2"] * 2
    late = [replace(each, logged_at=now) for each in signals]
    assert [point.score_tenths for point in drawn(late, now, today, catalogue, since)][:6] == [None] * 6


@pytest.mark.parametrize(
    ("numbers", "way", "weeks_ago"),
    [
        ([90] * 20, Way.STEADY, None),
        ([90] * 12 + [70] * 8, Way.DOWN, 7),
        ([70] * 12 + [90] * 3, Way.UP, 2),
        ([90] * 12 + [85, 80, 75, 70, 70, 70], Way.DOWN, 5),
        ([90] * 9 + [40] + [90] * 9, Way.STEADY, None),
        ([90] * 9 + [60] * 9 + [88] * 9, Way.UP, 8),
        ([90] * 9 + [60] * 30, Way.DOWN, 29),
        ([100 - week // 2 for week in range(30)], Way.STEADY, None),
        ([None] * 5 + [90, 88], Way.STEADY, None),
        ([90, 70, None], Way.UNKNOWN, None),
        ([90, 70, 70], Way.STEADY, None),
        ([90, 80, 80, 80], Way.SLOW, 2),
        ([90] * 12 + [70], Way.SLOW, 0),
    ],
)
def test_since_when(numbers: list[int | None], way: Way, weeks_ago: int | None) -> None:
    """RF42, HS15: against the client's own weeks; one bad week is no turn, and a turn stays until it turns back."""
    found = turn(numbers)
    assert (found.way, found.weeks_ago) == (way, weeks_ago)


def test_a_slow_fall_says_for_how_many_weeks() -> None:
    """8 points in 13 weeks, without a week in which it turned."""
    found = turn([90, 90, 90, *(90 - round(0.62 * week) for week in range(1, 15))])
    assert found == Turn(Way.SLOW, 13, -1)


@example(level=60, size=12, before=10, after=4, noise=[0, 0, 0, *[2] * 5, -2, -2, *[0] * 40])
@given(
    level=st.integers(60, 95),
    size=st.integers(12, 50),
    before=st.integers(8, 30),
    after=st.integers(4, 20),
    noise=st.lists(st.integers(-2, 2), min_size=50, max_size=50),
)
def test_a_planted_turn_is_found_within_a_week(
    level: int, size: int, before: int, after: int, noise: list[int]
) -> None:
    """However noisy the weeks are."""
    weeks = [level] * before + [level - size] * after
    found = turn([number + extra for number, extra in zip(weeks, noise, strict=False)])
    assert found.way is Way.DOWN
    assert found.weeks_ago is not None
    assert abs(found.weeks_ago - (after - 1)) <= 1


def test_the_week_of_a_turn_is_named_by_its_monday() -> None:
    """So that it stays the same day on every day of a week."""
    found = {trend_of(Turn(Way.DOWN, 2, 0), date(2026, 11, 23 + day)).since for day in range(7)}
    assert found == {date(2026, 11, 9)}
