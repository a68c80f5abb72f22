"""Somebody comes back after some days: since when they were away, and what they are told of each client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from rules.clients.people import Member
from rules.clients.stages import Stage
from rules.health.days.course import RANK
from rules.health.score import Band
from rules.local_days import local_day
from rules.workdays import count_forward

AWAY_DAYS: Final = 5  # working days in a row without a visit
ONE_VISIT: Final = timedelta(hours=1)  # a tab that is left and opened again meanwhile
SHOWN: Final = 8


def is_same_visit(member: Member, now: datetime) -> bool:
    return member.visited_at is not None and now - member.visited_at < ONE_VISIT


def visited(member: Member, now: datetime, country: str) -> Member:
    """The person as they open their Home now. `away_since` is their last visit, where that lies far enough back."""
    if member.visited_at is None or is_same_visit(member, now):
        return member if member.visited_at else replace(member, visited_at=now)
    last, today = local_day(member.visited_at, member.timezone), local_day(now, member.timezone)
    was_away = count_forward(last, AWAY_DAYS, country).day < today
    return replace(member, visited_at=now, away_since=member.visited_at if was_away else None)


def moved(was: Band | None, now: Band) -> tuple[Band | None, Band | None]:
    """A band of an earlier day and that of now, where both say something and differ; else nothing."""
    return (was, now) if was in RANK and now in RANK and was is not now else (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a client meanwhile, as its reader may know it. `notes` are theirs and others', counted by type.

    `was` and `now` are bands that say something, and differ; `stage` is one that it came to meanwhile.
    """

    client_id: str
    client_name: str
    acts_now: bool = False
    was: Band | None = None
    now: Band | None = None
    stage: Stage | None = None
    plan_began: bool = False
    plan_ended: bool = False
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_news(self) -> bool:
        return bool(self.acts_now or self.now or self.stage or self.plan_began or self.plan_ended or self.notes)

    @property
    def fell(self) -> bool:
        return self.was is not None and self.now is not None and RANK[self.now] < RANK[self.was]


def in_order(changes: Iterable[Changed]) -> list[Changed]:
    """What nobody has to put up with, then what became worse, then what was decided, then the rest."""
    return sorted((each for each in changes if each.is_news), key=_order)


def _order(changed: Changed) -> tuple[object, ...]:
    return (
        not changed.acts_now,
        not changed.fell,
        RANK.get(changed.now, len(RANK)) if changed.now else len(RANK),
        changed.stage is None,
        not (changed.plan_began or changed.plan_ended),
        -sum(changed.notes.values()),
        changed.client_name.casefold(),
    )
