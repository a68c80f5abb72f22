"""Every private word of ours, as data: what may go out at once and why, and what keeps to the quiet rules (D13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class AtOnce(StrEnum):
    """Why a private word may go out at any hour and is not counted."""

    UNSAFE_REACTION = "unsafe_reaction"
    LEFT_CHANNEL = "left_channel"
    INVITED = "invited"
    TAKEN_BACK = "taken_back"
    ACT_NOW = "act_now"
    CIRCUIT = "circuit"
    EXPORT = "export"
    PROGRESS = "progress"
    ANSWER = "answer"
    RECEIPT = "receipt"
    INSTALLED = "installed"
    COUNTED = "counted"


NEVER_WAITS: Mapping[AtOnce, str] = MappingProxyType(
    {
        AtOnce.UNSAFE_REACTION: "A client can see a reaction; each minute makes it worse.",
        AtOnce.LEFT_CHANNEL: "Somebody has just invited Amicable where a client listens.",
        AtOnce.TAKEN_BACK: "Something of ours stood, or still stands, where people from outside can read it.",
        AtOnce.ACT_NOW: "Somebody on the team was abused; nobody should have to wait for help.",
        AtOnce.CIRCUIT: "A tracker refuses everything, so a parting that somebody started stands still.",
    }
)
ASKED_FOR: Mapping[AtOnce, str] = MappingProxyType(
    {
        AtOnce.INVITED: "The person has just invited Amicable into the channel that the question is about.",
        AtOnce.EXPORT: "The person has just asked for it.",
        AtOnce.PROGRESS: "The person has just opened the tasks of a parting; the message is updated in place.",
        AtOnce.ANSWER: "What the person started has come to its end.",
        AtOnce.RECEIPT: "The person has just noted something; receipts can be muted.",
        AtOnce.INSTALLED: "The person has just installed Amicable; it is one message, updated in place.",
        AtOnce.COUNTED: "The quiet rules have let this one through and have counted it.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of unasked word is treated; `bot/views/nudges/kinds.py` says what it is called and why it comes.

    `pressing`: others wait for the person's answer. `has_own_line`: the feature itself shows it on Home.
    """

    pressing: bool = False
    has_own_line: bool = False


class NudgeKind(StrEnum):
    """What an unasked word is about. Rows and mutes hold these names, so they stay for ever."""

    CHECKPOINT = "checkpoint"
    PLAN_ACTION = "plan_action"
    PULSE = "pulse"
    MILESTONE = "milestone"
    OBJECTIONS_OVER = "objections_over"
    CONFIRMATION = "confirmation"
    MISSED_REPLY = "missed_reply"
    CHECK_IN = "check_in"
    EARLY_FLAG = "early_flag"
    UNCONFIRMED = "unconfirmed"
    NEXT_STEP = "next_step"
    UNPLANNED = "unplanned"
    LEFT = "left"
    LETTER = "letter"
    TERM_OVER = "term_over"
    FADE = "fade"
    WELCOME = "welcome"
    RENEWAL = "renewal"
    OVERDUE_TASK = "overdue_task"
    ANSWERS_DEFAULT = "answers_default"
    RECEIPT_DEFAULT = "receipt_default"
    LOOK_BACK = "look_back"
    TICKET_REFUSED = "ticket_refused"
    DOUBLES = "doubles"
    UNMAPPED = "unmapped"
    NO_WINDOW = "no_window"
    DIGEST_TROUBLE = "digest_trouble"
    TRACKER_FAULT = "tracker_fault"
    IMPORT_TROUBLE = "import_trouble"


KINDS: Mapping[NudgeKind, Kind] = MappingProxyType(
    {
        NudgeKind.CONFIRMATION: Kind(pressing=True, has_own_line=True),
        NudgeKind.TICKET_REFUSED: Kind(pressing=True, has_own_line=True),
        NudgeKind.LETTER: Kind(pressing=True, has_own_line=True),
        NudgeKind.UNPLANNED: Kind(has_own_line=True),
        NudgeKind.LEFT: Kind(has_own_line=True),
        NudgeKind.CHECKPOINT: Kind(has_own_line=True),
        NudgeKind.PLAN_ACTION: Kind(has_own_line=True),
        NudgeKind.MILESTONE: Kind(has_own_line=True),
        NudgeKind.OBJECTIONS_OVER: Kind(),
        NudgeKind.UNCONFIRMED: Kind(has_own_line=True),
        NudgeKind.EARLY_FLAG: Kind(),
        NudgeKind.MISSED_REPLY: Kind(),
        NudgeKind.CHECK_IN: Kind(),
        NudgeKind.OVERDUE_TASK: Kind(),
        NudgeKind.ANSWERS_DEFAULT: Kind(),
        NudgeKind.RECEIPT_DEFAULT: Kind(),
        NudgeKind.LOOK_BACK: Kind(),
        NudgeKind.NEXT_STEP: Kind(has_own_line=True),
        NudgeKind.RENEWAL: Kind(has_own_line=True),
        NudgeKind.TERM_OVER: Kind(has_own_line=True),
        NudgeKind.FADE: Kind(),
        NudgeKind.WELCOME: Kind(),
        NudgeKind.DOUBLES: Kind(),
        NudgeKind.UNMAPPED: Kind(),
        NudgeKind.NO_WINDOW: Kind(),
        NudgeKind.DIGEST_TROUBLE: Kind(),
        NudgeKind.TRACKER_FAULT: Kind(),
        NudgeKind.IMPORT_TROUBLE: Kind(),
        # The last: nobody waits for it, so it takes no place from what somebody waits for.
        NudgeKind.PULSE: Kind(has_own_line=True),
    }
)
