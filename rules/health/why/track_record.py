"""How right the score was: where clients stood eight weeks before they were mended, left or had faded.

Only what was known on that day counts: notes that were logged by then, with the severity that they had. What was
imported, and what invoices and hours say, counts by its own day: it tells of a past in which nobody logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from rules.health.catalogue import Catalogue
from rules.health.days.course import GoodNews, Ledger
from rules.health.formula import v1, v2
from rules.health.formula.entries import entries_of
from rules.health.score import Band, rounded
from rules.health.signal import Signal, Source
from rules.health.trend import known_then
from rules.local_days import at_local_time

BEFORE: Final = timedelta(weeks=8)
LEAST: Final = 5  # outcomes below which a number would only look like one
LOW: Final = frozenset({Band.AMEND, Band.CONSIDER, Band.ACT_NOW})


class Fate(StrEnum):
    """What became of a client. Partings that are nobody's fault are none: no score could have seen them."""

    MENDED = "mended"
    LEFT = "left"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Fated:
    """One outcome of one client, and its day."""

    ending: Fate
    on: date


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a formula said; `number` is None where it was too early to say."""

    version: str
    number: int | None
    band: Band

    @property
    def is_low(self) -> bool:
        return self.band in LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What each formula said of a client on `on`, eight weeks before its outcome."""

    client_id: str
    client_name: str
    ended: Fated
    on: date
    verdicts: tuple[Foretold, ...]


def verdicts(
    signals: Iterable[Signal], news: Iterable[GoodNews], on: date, *, timezone: str, catalogue: Catalogue, team: int
) -> tuple[Foretold, ...]:
    """What each formula says of what was known at the end of a day, the newest first."""
    end = at_local_time(on + timedelta(days=1), timezone, time())
    known = known_then([_by_its_day(signal) for signal in signals], end)
    entries = entries_of(known, catalogue, timezone)
    ledger = Ledger(entries, [each for each in news if each.on <= on], catalogue=catalogue, team=team)
    course = ledger.replayed(on)
    new = v2.health(entries, today=on, catalogue=catalogue, team=team)
    old = v1.health(known, now=end, today=on, catalogue=catalogue)
    return (
        Foretold(
            new.version,
            new.number if course.is_known else None,
            Band.ACT_NOW if new.banners else course.band,
        ),
        Foretold(v1.VERSION, None if old.score_tenths is None else rounded(old.score_tenths), old.band),
    )


def low_of(foresights: Sequence[Foresight], ending: Fate, version: str) -> tuple[int, int]:
    """How many of those that ended so stood low eight weeks earlier, by a formula; and how many it could judge."""
    told = [
        verdict
        for each in foresights
        if each.ended.ending is ending
        for verdict in each.verdicts
        if verdict.version == version and verdict.band is not Band.TOO_EARLY
    ]
    return sum(verdict.is_low for verdict in told), len(told)


def _by_its_day(signal: Signal) -> Signal:
    told_of = signal.source in {Source.IMPORT, Source.SENSOR}
    return replace(signal, logged_at=min(signal.logged_at, signal.happened_at)) if told_of else signal
