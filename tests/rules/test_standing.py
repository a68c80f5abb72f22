"""A band is announced when a reading finds it still new 20 hours after it first appeared; and where a score heads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.health.catalogue import Catalogue
from rules.health.formula.v1 import VERSION
from rules.health.score import Band, Health
from rules.health.signal import Signal, Standing
from rules.health.standing import CONFIRMED_AFTER, Announcement, first_standing, read
from rules.health.trend import Direction, trend


def of_band(band: Band) -> Health:
    score = None if band is Band.TOO_EARLY else 500
    return Health(
        score_tenths=score,
        band=band,
        total_tenths=score or 1000,
        lines=(),
        our_side=(),
        banners=(),
        evidence_signals=0,
        evidence_dates=0,
        version=VERSION,
    )


def readings(now: datetime, *found: tuple[float, Band]) -> tuple[Standing, list[Announcement]]:
    """The standing after readings at these hours, and what was announced on the way."""
    standing, said = first_standing("c1", "T1", now), []
    for hours, band in found:
        standing, announcement = read(standing, of_band(band), now + timedelta(hours=hours))
        said += [announcement] if announcement else []
    return standing, said


def test_a_new_band_is_to_be_confirmed_first(now: datetime) -> None:
    """The first reading says nothing aloud."""
    standing, said = readings(now, (0, Band.WATCH))
    assert (standing.band, standing.pending_band, said) == ("too_early_to_say", "watch", [])


@pytest.mark.parametrize(("hours", "announced"), [(1, 0), (19.9, 0), (20, 1), (24, 1)])
def test_a_band_is_announced_after_20_hours(now: datetime, hours: float, announced: int) -> None:
    """A reading before that waits; the first one after it announces."""
    _, said = readings(now, (0, Band.WATCH), (hours, Band.WATCH))
    assert announced == len(said)


def test_a_band_that_goes_away_is_never_announced(now: datetime) -> None:
    """A note that is withdrawn in the evening made no news."""
    standing, said = readings(now, (0, Band.WATCH), (5, Band.TOO_EARLY), (24, Band.TOO_EARLY))
    assert (standing.pending_band, standing.pending_since, said) == ("", None, [])


def test_another_new_band_starts_its_own_20_hours(now: datetime) -> None:
    """The 20 hours belong to one band."""
    _, said = readings(now, (0, Band.WATCH), (19, Band.AMEND), (24, Band.AMEND), (39, Band.AMEND))
    assert said == [Announcement(client_id="c1", was=Band.TOO_EARLY, now=Band.AMEND)]


def test_an_announced_band_is_not_announced_again(now: datetime) -> None:
    """Once is enough."""
    _, said = readings(now, *((hours, Band.WATCH) for hours in range(0, 200, 10)))
    assert len(said) == 1


@given(bands=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(Band)), max_size=30))
def test_each_announcement_follows_20_hours_of_the_same_band(bands: list[tuple[int, Band]], now: datetime) -> None:
    """Whatever comes and goes: the band that is announced was read for 20 hours and by every reading between."""
    standing, at = first_standing("c1", "T1", now), now
    seen: list[tuple[datetime, Band]] = []
    for hours, band in bands:
        at += timedelta(hours=hours)
        seen.append((at, band))
        standing, announcement = read(standing, of_band(band), at)
        if announcement:
            held = [when for when, _ in _last_run(seen)]
            assert announcement.now == standing.band != announcement.was
            assert held[-1] - held[0] >= CONFIRMED_AFTER


def _last_run(seen: list[tuple[datetime, Band]]) -> list[tuple[datetime, Band]]:
    breaks = [place for place, (_, band) in enumerate(seen) if band is not seen[-1][1]]
    return seen[breaks[-1] + 1 :] if breaks else seen


@pytest.mark.parametrize(
    ("new_notes", "direction"),
    [
        ([], Direction.STEADY),
        ([("late_payment", 1), ("disrespect", 0)], Direction.DOWN),
        ([("recommends_us", 2), ("great_feedback", 0)], Direction.UP),
        ([("rejects_ideas", 1)], Direction.STEADY),
    ],
)
def test_the_trend_compares_with_a_week_ago(
    note: Callable[..., Signal],
    judge: Callable[..., Health],
    now: datetime,
    today: date,
    catalogue: Catalogue,
    *,
    new_notes: list[tuple[str, int]],
    direction: Direction,
) -> None:
    """RF42: a client is compared with the client's own past; a change under 3 points is no trend."""
    old = [note("values_misfit", days, "red") for days in (30, 20, 12)]
    signals = [*old, *(note(code, days) for code, days in new_notes)]
    assert direction is trend(judge(signals), signals, now=now, today=today, catalogue=catalogue).direction


def test_what_was_written_down_later_was_not_known_a_week_ago(
    note: Callable[..., Signal], judge: Callable[..., Health], now: datetime, today: date, catalogue: Catalogue
) -> None:
    """Old notes that are caught up on today show as a fall, and without a number a week ago there is no trend."""
    old = [note("values_misfit", days) for days in (30, 20, 12)]
    caught_up = note("late_payment", 25, logged_at=now)
    found = trend(judge([*old, caught_up]), [*old, caught_up], now=now, today=today, catalogue=catalogue)
    first = trend(judge(old), old[1:], now=now, today=today, catalogue=catalogue)
    assert (found.direction, first.direction) == (Direction.DOWN, Direction.UNKNOWN)
