"""A look at ourselves before any plan (FG01-FG03, FG06), and how bad it is (RP01, RP02).

These are thoughts of our own: no text that a client could see is built from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.decisions.plan import Coaching, Level, Plan
from rules.errors import InvalidError
from rules.health.signal import Side, Signal, State

MISSES_WITHIN = timedelta(days=90)
FRESH_FOR = timedelta(days=14)


class Load(StrEnum):
    """How full the writer's own plate is: stress colours the view (FG02)."""

    CALM = "calm"
    FULL = "full"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True, kw_only=True)
class Perspective:
    """What is ours in this, what do we owe them, what would they say: one person's answers on one day."""

    id: str
    workspace_id: str
    client_id: str
    ours: str
    owed: str
    they_say: str
    load: Load = Load.CALM
    on_business: Level = Level.MEDIUM
    on_team: Level = Level.MEDIUM
    coaching: Coaching = Coaching.UNSURE
    by_id: str
    at: datetime


def require_answered(perspective: Perspective) -> None:
    """Raises `InvalidError` beside each question that was passed over."""
    asked = {
        "ours": (perspective.ours, "Look at our own side first: a word is enough, and “nothing” is an answer."),
        "owed": (perspective.owed, "Say what we still owe them; “nothing” is an answer."),
        "they_say": (perspective.they_say, "Put yourself in their place: what would they say?"),
    }
    missing = {field: sentence for field, (answer, sentence) in asked.items() if not answer.strip()}
    if missing:
        raise InvalidError("Answer the three short questions that come before a plan.", missing)


def usable(perspective: Perspective | None, plans: Iterable[Plan], now: datetime) -> Perspective | None:
    """The perspective if a plan may still begin with it: a fortnight old at most, and no plan has begun since."""
    if perspective is None or now - perspective.at > FRESH_FOR:
        return None
    return None if any(plan.started_at >= perspective.at for plan in plans) else perspective


def our_misses(signals: Iterable[Signal], today: date) -> list[Signal]:
    """Our own live misses of the last 90 days, newest first (HS18)."""
    ours = (each for each in signals if each.side is Side.OURS and each.state is State.LIVE)
    return sorted(
        (each for each in ours if each.happened_on > today - MISSES_WITHIN),
        key=lambda each: (each.happened_at, each.id),
        reverse=True,
    )
