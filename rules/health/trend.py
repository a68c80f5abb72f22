"""Where the score is heading: against the client's own weeks, and since when; and the picture of eight weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from rules.health.catalogue import Catalogue
from rules.health.days.course import Ledger
from rules.health.days.turn import Turn, Way
from rules.health.formula import v1, v2
from rules.health.signal import Severity, Signal, State
from rules.local_days import sunday_of

LOOK_BACK: Final = timedelta(days=7)
WEEKS: Final = 8


@dataclass(frozen=True, slots=True)
class Trend:
    """`since` is the Monday of the week in which it turned; `change` is that of the newest week, in whole points."""

    way: Way
    since: date | None = None
    change: int | None = None
    weeks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The score of a day, by the formula that was in force on it; None where it was too early to say."""

    on: date
    score_tenths: int | None
    version: str


def trend_of(found: Turn, today: date) -> Trend:
    if found.weeks_ago is None:
        return Trend(found.way, None, found.change)
    monday = sunday_of(today) - timedelta(days=6) - found.weeks_ago * LOOK_BACK
    return Trend(found.way, monday, found.change, found.weeks_ago + 1)


def points(
    ledger: Ledger,
    signals: Iterable[Signal],
    *,
    now: datetime,
    today: date,
    catalogue: Catalogue,
    judged_since: date | None = None,
) -> tuple[Point, ...]:
    """The scores of the last eight weeks, oldest first, today's last; before `judged_since` those that v1 gave then."""
    known = list(signals)
    found = []
    for ago in reversed(range(WEEKS)):
        on = today - ago * LOOK_BACK
        if judged_since and on < judged_since:
            then = now - ago * LOOK_BACK
            old = v1.health(known_then(known, then), now=then, today=on, catalogue=catalogue)
            found.append(Point(on=on, score_tenths=old.score_tenths, version=v1.VERSION))
            continue
        reading = ledger.reading(on)
        tenths = reading.total_tenths if ledger.replayed(on).is_known else None
        found.append(Point(on=on, score_tenths=tenths, version=v2.version(catalogue)))
    return tuple(found)


def known_then(signals: Iterable[Signal], then: datetime) -> tuple[Signal, ...]:
    """The ledger as it was written at that time: without later notes, corrections and withdrawals."""
    return tuple(_as_written(signal, then) for signal in signals if signal.logged_at <= then)


def _as_written(signal: Signal, then: datetime) -> Signal:
    state = State.LIVE if signal.settled_at and signal.settled_at > then else signal.state
    severity = _severity_then(signal, then)
    if (state, severity) == (signal.state, signal.severity):
        return signal
    return replace(signal, state=state, severity=severity)


def _severity_then(signal: Signal, then: datetime) -> Severity:
    return next((revision.severity for revision in signal.revisions if revision.at > then), signal.severity)
