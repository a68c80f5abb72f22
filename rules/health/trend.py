"""Where the score is heading: week by week, by what was written down then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from rules.health.catalogue import Catalogue
from rules.health.formula.v1 import FORMULAS, Formula, health
from rules.health.score import Health
from rules.health.signal import Severity, Signal, State

LOOK_BACK: Final = timedelta(days=7)
WEEKS: Final = 8
_NOTICEABLE_TENTHS: Final = 30


class Direction(StrEnum):
    """Unknown where there is no number now or was none a week ago."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trend:
    """The direction and the change of the score over a week, in tenths."""

    direction: Direction
    change_tenths: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The score of a day, by the formula that was in force on it; None where it was too early to say."""

    on: date
    score_tenths: int | None
    version: str


def trend(current: Health, signals: Iterable[Signal], *, now: datetime, today: date, catalogue: Catalogue) -> Trend:
    before = week_ago(signals, now=now, today=today, catalogue=catalogue)
    if current.score_tenths is None or before.score_tenths is None:
        return Trend(Direction.UNKNOWN, None)
    change = current.score_tenths - before.score_tenths
    if abs(change) < _NOTICEABLE_TENTHS:
        return Trend(Direction.STEADY, change)
    return Trend(Direction.UP if change > 0 else Direction.DOWN, change)


def week_ago(signals: Iterable[Signal], *, now: datetime, today: date, catalogue: Catalogue) -> Health:
    then = now - LOOK_BACK
    return health(known_then(signals, then), now=then, today=today - LOOK_BACK, catalogue=catalogue)


def points(
    signals: Sequence[Signal],
    *,
    now: datetime,
    today: date,
    catalogue: Catalogue,
    formulas: Sequence[Formula] = FORMULAS,
) -> tuple[Point, ...]:
    """The scores of the last eight weeks, oldest first, today's last. `formulas` are in the order of their days."""
    spans = [week * LOOK_BACK for week in reversed(range(WEEKS))]
    return tuple(_point(signals, now - span, today - span, catalogue, formulas) for span in spans)


def known_then(signals: Iterable[Signal], then: datetime) -> tuple[Signal, ...]:
    """The ledger as it was written at that time: without later notes, corrections and withdrawals."""
    return tuple(_as_written(signal, then) for signal in signals if signal.logged_at <= then)


def _point(
    signals: Iterable[Signal], then: datetime, on: date, catalogue: Catalogue, formulas: Sequence[Formula]
) -> Point:
    formula = next(formula for formula in reversed(formulas) if formula.since <= on)
    found = formula.judge(known_then(signals, then), now=then, today=on, catalogue=catalogue)
    return Point(on=on, score_tenths=found.score_tenths, version=formula.version)


def _as_written(signal: Signal, then: datetime) -> Signal:
    state = State.LIVE if signal.settled_at and signal.settled_at > then else signal.state
    severity = _severity_then(signal, then)
    if (state, severity) == (signal.state, signal.severity):
        return signal
    return replace(signal, state=state, severity=severity)


def _severity_then(signal: Signal, then: datetime) -> Severity:
    return next((revision.severity for revision in signal.revisions if revision.at > then), signal.severity)
