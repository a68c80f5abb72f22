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
    """One kind of unasked word. `label` names it where it can be muted, `because` says why somebody gets it.

    `pressing`: others wait for the person's answer. `has_own_line`: the feature itself shows it on Home.
    """

    label: str
    because: str
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
        NudgeKind.CONFIRMATION: Kind(
            label="A decision to confirm",
            because="You are one of those who decide about this client.",
            pressing=True,
            has_own_line=True,
        ),
        NudgeKind.TICKET_REFUSED: Kind(
            label="Tickets that could not be opened",
            because="You look after this client.",
            pressing=True,
            has_own_line=True,
        ),
        NudgeKind.LETTER: Kind(
            label="Letters whose turn it is yours",
            because="You wrote this letter, or may read it a second time.",
            pressing=True,
            has_own_line=True,
        ),
        NudgeKind.UNPLANNED: Kind(
            label="Clients in trouble without a plan",
            because="You own this workspace, and nobody has acted for two weeks.",
            has_own_line=True,
        ),
        NudgeKind.LEFT: Kind(
            label="What nobody has settled for ten working days",
            because="You are a workspace admin. You are told once.",
            has_own_line=True,
        ),
        NudgeKind.CHECKPOINT: Kind(
            label="Checkpoints of plans",
            because="You look after this client, or started its plan.",
            has_own_line=True,
        ),
        NudgeKind.PLAN_ACTION: Kind(label="Actions of plans", because="You look after this action.", has_own_line=True),
        NudgeKind.MILESTONE: Kind(
            label="Milestones of agreements", because="You look after this client.", has_own_line=True
        ),
        NudgeKind.OBJECTIONS_OVER: Kind(label="Pages that nobody objected to", because="You shared this page."),
        NudgeKind.UNCONFIRMED: Kind(
            label="Notes of yours that may be about abuse",
            because="You wrote this note. You are told once.",
            has_own_line=True,
        ),
        NudgeKind.EARLY_FLAG: Kind(label="First small warnings", because="You look after this client."),
        NudgeKind.MISSED_REPLY: Kind(
            label="Reply windows that are over", because="You asked to be told when no answer comes."
        ),
        NudgeKind.CHECK_IN: Kind(label="Check-in talks", because="You look after this client."),
        NudgeKind.OVERDUE_TASK: Kind(
            label="Overdue tasks of a parting", because="It is your task, or you decide about it."
        ),
        NudgeKind.ANSWERS_DEFAULT: Kind(
            label="Deliverables that nobody answered for", because="You look after this client."
        ),
        NudgeKind.RECEIPT_DEFAULT: Kind(label="Receipts that never came", because="You look after this client."),
        NudgeKind.LOOK_BACK: Kind(
            label="Looking back after a parting", because="You led this parting, or look after the client."
        ),
        NudgeKind.NEXT_STEP: Kind(label="Overdue next steps", because="You look after this client.", has_own_line=True),
        NudgeKind.RENEWAL: Kind(
            label="Contracts that end or renew soon", because="You look after this client.", has_own_line=True
        ),
        NudgeKind.TERM_OVER: Kind(
            label="Terms that have ended", because="You look after this client.", has_own_line=True
        ),
        NudgeKind.FADE: Kind(label="Clients with whom nothing happens any more", because="You look after this client."),
        NudgeKind.WELCOME: Kind(label="The welcome", because="You are new here, and Amicable says hello once."),
        NudgeKind.DOUBLES: Kind(label="Tickets that were there twice", because="You look after this client."),
        NudgeKind.UNMAPPED: Kind(label="Channels without a client", because="You reacted in that channel."),
        NudgeKind.NO_WINDOW: Kind(
            label="Reply windows to agree on", because="You asked to be told when no answer comes."
        ),
        NudgeKind.DIGEST_TROUBLE: Kind(label="Digests that could not be posted", because="You are a workspace admin."),
        NudgeKind.TRACKER_FAULT: Kind(label="Trackers that refuse our account", because="You are a workspace admin."),
        NudgeKind.IMPORT_TROUBLE: Kind(
            label="Lists that could not be read", because="You are a workspace admin. You are told once a file."
        ),
        # The last: nobody waits for it, so it takes no place from what somebody waits for.
        NudgeKind.PULSE: Kind(
            label="How it is to work with a client, once a month",
            because="You work with this client. Only how often each answer was given is kept.",
            has_own_line=True,
        ),
    }
)
