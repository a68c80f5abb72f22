"""What comes next when answers stay out: a check-in, another channel, then a talk (AM03, AM05, AM06)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from rules.health.measures import ClockState, ResponseClock

LOOKED_BACK = timedelta(days=60)


class Rung(StrEnum):
    """The step that is due, from the lowest."""

    NONE = "none"
    CHECK_IN = "check_in"
    OTHER_CHANNEL = "other_channel"
    TALK = "talk"


def rung(clocks: Iterable[ResponseClock], now: datetime) -> Rung:
    """By on how many days windows were missed within 60 days, on either side: two that end together are one miss."""
    recent = (each for each in clocks if each.state is ClockState.MISSED and now - each.ends_at <= LOOKED_BACK)
    missed = len({each.ends_at.date() for each in recent})
    steps = (Rung.NONE, Rung.CHECK_IN, Rung.OTHER_CHANNEL)
    return steps[missed] if missed < len(steps) else Rung.TALK


NEXT_STEP = {
    Rung.NONE: "",
    Rung.CHECK_IN: "A short check-in talk often clears it up.",
    Rung.OTHER_CHANNEL: "It happened again: try another channel or style for two weeks, one that they like.",
    Rung.TALK: "A check-in and another channel have not been enough: hold an open talk about how you work together.",
}
