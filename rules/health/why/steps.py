"""The next step that a band calls for: what (by its words), who, and until when (HS04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from rules.health.score import Band

WORKING_DAYS: Final = MappingProxyType(
    {Band.ACT_NOW: 1, Band.CONSIDER: 2, Band.AMEND: 5, Band.WATCH: 10, Band.TOO_EARLY: 10}
)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the band calls for has an owner and a day; `overdue` once that day is over.

    To keep going has no day: a healthy client is never late.
    """

    band: Band
    owner_id: str
    due_on: date | None = None
    overdue: bool = False


def step_for(band: Band, *, owner_id: str, since: date, today: date) -> Step:
    """`since` is the day on which the band first appeared. Days are counted Monday to Friday."""
    if band not in WORKING_DAYS:
        return Step(band=band, owner_id=owner_id)
    due_on = working_days_after(since, WORKING_DAYS[band])
    return Step(band=band, owner_id=owner_id, due_on=due_on, overdue=today > due_on)


def working_days_after(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day
