"""What needs somebody: one list, shown on Home, in the digest and as nudges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from rules.nudges.need import Matter


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
    LOG = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Matter):
    """One thing that needs somebody, with the way that leads there, and what follows `otherwise`.

    `nudge_id` names the unasked word that it stands for, where it can be put off or settled by hand.
    `key` names its occasion, where its kind has a name for it.
    """

    client_name: str
    otherwise: str = ""
    way: WayOn
    nudge_id: str = ""
    key: str = ""

    @property
    def subject(self) -> str:
        """What makes this occasion its own: the same need a month later is another one."""
        return self.key or f"{self.kind}:{self.value}:{self.since.isoformat()}"
