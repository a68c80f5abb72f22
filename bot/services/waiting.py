"""What waits for a person: shown first on Home and in the digest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto


class WayOn(StrEnum):
    """What somebody may do about something, by its id; `bot/views/ways.py` has the button of each."""

    SETTINGS = auto()
    AGREEMENT = auto()
    THEY_ANSWERED = auto()
    WE_ANSWERED = auto()
    EMERGENCY = auto()
    CHECK_IN = auto()
    LETTER = auto()
    DELIVERABLES = auto()
    PARTING = auto()
    CLOSE = auto()
    LOOK_BACK = auto()
    RETRO = auto()
    TRY_AGAIN = auto()
    HISTORY = auto()
    PLAN = auto()
    WHY = auto()
    CHOOSE_CLIENT = auto()
    CHECKPOINT = auto()
    FINISH_PLAN = auto()
    PLAN_ACTION_DONE = auto()
    SETTLE_MILESTONE = auto()
    EXPECTATIONS = auto()
    RENEW = auto()
    PULSE_1 = auto()
    PULSE_2 = auto()
    PULSE_3 = auto()
    PULSE_4 = auto()
    PULSE_5 = auto()
    CHANGE_PLAN_ACTION = auto()
    CONSIDER = auto()
    CONFIRM = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing to do: `what` in words, and the way that leads there.

    `nudge_id` names the unasked word that it stands for, where it can be put off or settled by hand.
    """

    client_id: str
    client_name: str
    what: str
    way: WayOn
    value: str
    nudge_id: str = ""
