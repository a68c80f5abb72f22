"""How far back each look goes: to the day, on both sides of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from rules.health.days.turn import Way, turn
from rules.health.early import first_warning, is_news
from rules.health.quiet import silent_since
from rules.health.signal import Signal
from rules.health.why.balance import balance

Note = Callable[..., Signal]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("days", "counted"), [(89, (1, 1)), (90, (0, 0))])
def test_praise_and_complaint_are_counted_over_90_days(
    days: int, counted: tuple[int, int], note: Note, today: date
) -> None:
    """RF27: a ratio of this quarter, whatever was before."""
    assert balance([note("praise", days), note("late_payment", days)], today) == counted


@pytest.mark.parametrize(("weeks", "is_silent"), [(timedelta(days=41), False), (timedelta(days=42), True)])
def test_six_weeks_without_a_word_are_silence(weeks: timedelta, today: date, *, is_silent: bool) -> None:
    """HS14: a note, an answer and the beginning all end it."""
    last = today - weeks
    for noted, answered, began in (([last], [], date.min), ([], [last], date.min), ([], [], last)):
        assert silent_since(noted, answered, began=began, today=today) == (last if is_silent else None)


def test_a_first_warning_is_the_only_small_one_of_90_days(note: Note, now: datetime) -> None:
    """HS05: what is older warns of nothing new, and takes nothing from what is."""
    early, late = note("late_payment", 89, severity="pink"), note("late_payment", 90, severity="pink")
    assert [first_warning(notes, now) for notes in ([early], [late], [early, late])] == [early, None, early]


def test_only_what_was_logged_within_the_hour_is_news(note: Note, now: datetime) -> None:
    """A correction of yesterday's note alarms nobody once more."""
    logged = note("late_payment")
    hour = logged.logged_at + timedelta(hours=1)
    assert [is_news(logged, at) for at in (hour - MINUTE, hour)] == [True, False]


def test_a_slow_fall_is_one_within_a_quarter() -> None:
    """No week in which it turned, and eight points lower than thirteen weeks ago; fourteen are too far."""
    assert [turn([100] * 5 + [93] * weeks + [92]).way for weeks in (12, 13)] == [Way.SLOW, Way.STEADY]
