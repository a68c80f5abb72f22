"""The band that people see: when it rises, to the day and to the tenth of a point."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.health.catalogue import Catalogue
from rules.health.days.course import Good, GoodNews, Ledger
from rules.health.formula.entries import Entry
from rules.health.score import Band
from rules.health.signal import Severity, Side

FIRST = date(2026, 3, 2)
LAST = FIRST + timedelta(days=21)


def entry(code: str, on: date) -> Entry:
    return Entry(f"{code}-{on}", code, Side.THEIRS, Severity.RED, on, frozenset({"amir"}))


def ledger(catalogue: Catalogue, *news: GoodNews) -> Ledger:
    """A red flag a week for four weeks: 76.6, watch; from the 25th day on enough has faded for 83."""
    codes = ("disrespect", "toll", "slow_reply", "comms_breach")
    notes = [entry(code, FIRST + timedelta(days=7 * week)) for week, code in enumerate(codes)]
    return Ledger(notes, news, catalogue=catalogue, team=1)


@pytest.mark.parametrize(("days", "band"), [(0, Band.WATCH), (27, Band.WATCH), (28, Band.HEALTHY)])
def test_from_watch_28_days_without_a_flag_are_news_enough(catalogue: Catalogue, days: int, band: Band) -> None:
    """Not a day sooner, however much has faded by then."""
    known = ledger(catalogue)
    assert known.reading(LAST + timedelta(days=26)).total_tenths >= 830
    assert band is known.replayed(LAST + timedelta(days=days)).band


def test_a_band_rises_with_3_points_to_spare(catalogue: Catalogue) -> None:
    """With news every day it rises on the first day at 83, and not at 80: no band flickers at its border."""
    days = [LAST + timedelta(days=ago) for ago in range(28)]
    known = ledger(catalogue, *(GoodNews(day, Good.ANSWERED) for day in days))
    risen = next(day for day in days if known.replayed(day).band is Band.HEALTHY)
    before = [known.reading(day).total_tenths for day in days if day < risen]

    assert max(before) < 830 <= known.reading(risen).total_tenths
    assert max(before) >= 800
