"""A band is announced when a reading finds it still new 20 hours after it first appeared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.days.standing import (
    CONFIRMED_AFTER,
    Announcement,
    Objection,
    Standing,
    TeamSize,
    closed,
    first_standing,
    judge,
    read,
    require_good_objection,
    with_team,
)
from rules.health.formula.v1 import VERSION
from rules.health.score import Band, Health
from rules.health.signal import Signal


def of_band(band: Band) -> Health:
    score = None if band is Band.TOO_EARLY else 500
    return Health(
        score_tenths=score,
        band=band,
        calm_band=band,
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


def test_at_most_one_rise_a_week_is_announced_and_a_fall_always(now: datetime) -> None:
    """Somebody who rises twice in a week is told of once; what falls to amend or consider can't wait."""
    twice = [(day * 24, band) for day, band in enumerate(2 * [Band.AMEND] + 2 * [Band.WATCH] + 3 * [Band.HEALTHY])]
    _, fell = readings(now, *twice, (8 * 24, Band.AMEND), (9 * 24, Band.AMEND))
    _, held = readings(now, *twice, (10 * 24, Band.HEALTHY))
    assert [each.now for each in fell] == [Band.AMEND, Band.WATCH, Band.AMEND]
    assert [each.now for each in held] == [Band.AMEND, Band.WATCH, Band.HEALTHY]


@pytest.mark.parametrize(
    ("lower", "higher"), list(combinations([Band.CONSIDER, Band.AMEND, Band.WATCH, Band.HEALTHY], 2))
)
def test_of_two_rises_in_a_week_one_is_told_whatever_the_bands(now: datetime, lower: Band, higher: Band) -> None:
    """Each band stands above those that are worse; a fall back is told all the same."""
    found = (lower, lower, higher, higher, lower, lower, higher, higher)
    _, said = readings(now, *((20 * place, band) for place, band in enumerate(found)))
    assert [each.now for each in said] == [lower, higher, lower]


@pytest.mark.parametrize("band", [Band.CONSIDER, Band.AMEND, Band.WATCH, Band.HEALTHY])
def test_how_long_it_has_been_poor_is_kept_for_amend_and_consider(now: datetime, band: Band) -> None:
    """From the day on which it first was one of the two."""
    standing, _ = readings(now, (0, band), (20, band))
    assert standing.poor_since == (now if band in {Band.CONSIDER, Band.AMEND} else None)


def test_the_largest_team_of_half_a_year_counts(now: datetime, today: date) -> None:
    """To the day: whoever left is one of them for 180 days, read or kept."""
    known = first_standing("c1", "T1", now)
    shrank = replace(known, team_sizes=(TeamSize(on=today, people=5), TeamSize(on=today + timedelta(days=9), people=2)))
    last = today + timedelta(days=179)
    gone = last + timedelta(days=1)

    assert (shrank.team_on(last), shrank.team_on(gone)) == (5, 2)
    assert [each.people for each in with_team(shrank, 1, last).team_sizes] == [5, 2, 1]
    assert [each.people for each in with_team(shrank, 1, gone).team_sizes] == [2, 1]


def test_somebodys_word_against_the_number_lasts_90_days_at_most(today: date) -> None:
    """It can be renewed, and so it is looked at again."""
    longest = Objection(band=Band.WATCH, reason="They moved offices.", last_day=today + timedelta(days=90))
    require_good_objection(longest, today)
    with pytest.raises(InvalidError):
        require_good_objection(replace(longest, last_day=longest.last_day + timedelta(days=1)), today)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("later", [1, 6, 9, 23])
def test_what_is_kept_of_closed_weeks_says_what_the_ledger_says(
    note: Callable[..., Signal], now: datetime, today: date, catalogue: Catalogue, weekday: int, later: int
) -> None:
    """On whatever day somebody looked last, and however long ago: no week twice, and none left out."""
    signals = [note(code, 9 * ago) for ago, code in enumerate(("disrespect", "toll", "slow_reply", "rush_request"))]
    seen = today + timedelta(days=weekday)
    first = judge(signals, None, today=seen, timezone="UTC", catalogue=catalogue)
    kept = closed(first_standing("c1", "T1", now), first.at, seen, catalogue)
    fresh, remembered = (
        judge(signals, standing, today=seen + timedelta(days=later), timezone="UTC", catalogue=catalogue)
        for standing in (None, kept)
    )
    assert remembered.at.numbers == fresh.at.numbers
    assert remembered.health == fresh.health
