"""What comes next when answers stay out: a check-in, another channel, then a talk (AM03, AM05, AM06)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from rules.health.measures import ClockState, ResponseClock

LOOKED_BACK = timedelta(days=60)
TALK_WITHIN = timedelta(days=2)


class Rung(StrEnum):
    """The step that is due, from the lowest."""

    NONE = "none"
    CHECK_IN = "check_in"
    OTHER_CHANNEL = "other_channel"
    TALK = "talk"


def rung(clocks: Iterable[ResponseClock], now: datetime) -> Rung:
    """By how often windows were missed in 60 days, on either side.

    What is missed within two days of an occasion's first belongs to it: nobody could have tried the step before.
    """
    ends = (each.ends_at for each in clocks if each.state is ClockState.MISSED and now - each.ends_at <= LOOKED_BACK)
    occasions: list[datetime] = []
    for end in sorted(ends):
        if not occasions or end - occasions[-1] > TALK_WITHIN:
            occasions.append(end)
    steps = (Rung.NONE, Rung.CHECK_IN, Rung.OTHER_CHANNEL)
    return steps[len(occasions)] if len(occasions) < len(steps) else Rung.TALK


NEXT_STEP = {
    Rung.NONE: "",
    Rung.CHECK_IN: "A short check-in talk often clears it up.",
    Rung.OTHER_CHANNEL: "It happened again: try another channel or style for two weeks, one that they like.",
    Rung.TALK: "A check-in and another channel have not been enough: hold an open talk about how you work together.",
}
