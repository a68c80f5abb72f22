"""Where the score is heading: now against a week ago, by what was written down then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from rules.health.account import Health
from rules.health.catalogue import Catalogue
from rules.health.formula import health
from rules.health.signal import Signal

LOOK_BACK: Final = timedelta(days=7)
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


def trend(current: Health, signals: Iterable[Signal], *, now: datetime, today: date, catalogue: Catalogue) -> Trend:
    then = now - LOOK_BACK
    known = (signal for signal in signals if signal.logged_at <= then)
    before = health(known, now=then, today=today - LOOK_BACK, catalogue=catalogue)
    if current.score_tenths is None or before.score_tenths is None:
        return Trend(Direction.UNKNOWN, None)
    change = current.score_tenths - before.score_tenths
    if abs(change) < _NOTICEABLE_TENTHS:
        return Trend(Direction.STEADY, change)
    return Trend(Direction.UP if change > 0 else Direction.DOWN, change)
