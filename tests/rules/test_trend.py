"""The scores of the last weeks, by what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.health.catalogue import Catalogue
from rules.health.formula.v1 import Formula, health
from rules.health.score import Health
from rules.health.signal import Signal, State
from rules.health.trend import WEEKS, points, trend

Note = Callable[..., Signal]
Judge = Callable[..., Health]


def weeks(signals: list[Signal], now: datetime, today: date, catalogue: Catalogue, **more: Any) -> list[int | None]:
    return [point.score_tenths for point in points(signals, now=now, today=today, catalogue=catalogue, **more)]


@given(ages=st.lists(st.integers(0, 80), max_size=12))
def test_the_last_point_is_todays_score_and_each_older_one_was_todays_then(
    ages: list[int], note: Note, judge: Judge, now: datetime, today: date, catalogue: Catalogue
) -> None:
    """The picture ends where the number stands, and a point doesn't change when later notes come."""
    signals = [note("late_payment" if age % 2 else "praise", age) for age in ages]
    found = weeks(signals, now, today, catalogue)
    week = timedelta(days=7)
    earlier = [signal for signal in signals if signal.logged_at <= now - week]

    assert len(found) == WEEKS
    assert found[-1] == judge(signals).score_tenths
    assert found[:-1] == weeks(earlier, now - week, today - week, catalogue)[1:]


def test_a_note_that_was_taken_back_counted_until_then(
    note: Note, now: datetime, today: date, catalogue: Catalogue
) -> None:
    """The past stays as people saw it: taking back today raises today's point only."""
    kept = [note("praise", 30), note("slow_reply", 28), note("slow_reply", 25)]
    counted = note("disrespect", 20, severity="red")
    back = replace(counted, state=State.WITHDRAWN, settled_at=now)

    then = weeks([*kept, counted], now, today, catalogue)
    found = weeks([*kept, back], now, today, catalogue)

    assert found[:-1] == then[:-1]
    assert (found[-1] or 0) > (then[-1] or 0)


def test_a_score_keeps_the_formula_of_its_day(note: Note, now: datetime, today: date, catalogue: Catalogue) -> None:
    """Where the formula changed, the trend says so: older points are those of the older version."""

    def harsher(signals: Iterable[Signal], *, now: datetime, today: date, catalogue: Catalogue) -> Health:
        return replace(health(signals, now=now, today=today, catalogue=catalogue), score_tenths=0)

    formulas = (
        Formula(version="v1", since=date.min, judge=health),
        Formula(version="v2", since=today - timedelta(days=10), judge=harsher),
    )
    signals = [note("praise", 80), note("praise", 81), note("praise", 82)]
    found = points(signals, now=now, today=today, catalogue=catalogue, formulas=formulas)

    assert [point.version for point in found] == ["v1"] * 6 + ["v2"] * 2
    assert [point.score_tenths for point in found[-3:]] == [1000, 0, 0]


def test_the_arrow_speaks_of_what_was_known_a_week_ago(
    note: Note, judge: Judge, now: datetime, today: date, catalogue: Catalogue
) -> None:
    """Something that happened long ago and is logged today is this week's fall."""
    known = [note("praise", 30), note("slow_reply", 28), note("slow_reply", 25)]
    late = replace(note("disrespect", 20, severity="red"), logged_at=now)
    signals = [*known, late]

    found = trend(judge(signals), signals, now=now, today=today, catalogue=catalogue)

    assert found.direction == "down"
