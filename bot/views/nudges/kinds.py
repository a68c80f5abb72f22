"""What each kind of unasked word is called where it can be muted, and why somebody gets it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.nudges.kinds import NudgeKind

LABELS: Mapping[NudgeKind, str] = MappingProxyType(
    {
        NudgeKind.CONFIRMATION: "A decision to confirm",
        NudgeKind.TICKET_REFUSED: "Tickets that could not be opened",
        NudgeKind.LETTER: "Letters whose turn it is yours",
        NudgeKind.UNPLANNED: "Clients in trouble without a plan",
        NudgeKind.LEFT: "What nobody has settled for ten working days",
        NudgeKind.CHECKPOINT: "Checkpoints of plans",
        NudgeKind.PLAN_ACTION: "Actions of plans",
        NudgeKind.MILESTONE: "Milestones of agreements",
        NudgeKind.OBJECTIONS_OVER: "Pages that nobody objected to",
        NudgeKind.UNCONFIRMED: "Notes of yours that may be about abuse",
        NudgeKind.EARLY_FLAG: "First small warnings",
        NudgeKind.MISSED_REPLY: "Reply windows that are over",
        NudgeKind.CHECK_IN: "Check-in talks",
        NudgeKind.OVERDUE_TASK: "Overdue tasks of a parting",
        NudgeKind.ANSWERS_DEFAULT: "Deliverables that nobody answered for",
        NudgeKind.RECEIPT_DEFAULT: "Receipts that never came",
        NudgeKind.LOOK_BACK: "Looking back after a parting",
        NudgeKind.NEXT_STEP: "Overdue next steps",
        NudgeKind.RENEWAL: "Contracts that end or renew soon",
        NudgeKind.TERM_OVER: "Terms that have ended",
        NudgeKind.FADE: "Clients with whom nothing happens any more",
        NudgeKind.WELCOME: "The welcome",
        NudgeKind.DOUBLES: "Tickets that were there twice",
        NudgeKind.UNMAPPED: "Channels without a client",
        NudgeKind.NO_WINDOW: "Reply windows to agree on",
        NudgeKind.DIGEST_TROUBLE: "Digests that could not be posted",
        NudgeKind.TRACKER_FAULT: "Trackers that refuse our account",
        NudgeKind.IMPORT_TROUBLE: "Lists that could not be read",
        NudgeKind.PULSE: "How it is to work with a client, once a month",
    }
)
BECAUSE: Mapping[NudgeKind, str] = MappingProxyType(
    {
        NudgeKind.CONFIRMATION: "You are one of those who decide about this client.",
        NudgeKind.TICKET_REFUSED: "You look after this client.",
        NudgeKind.LETTER: "You wrote this letter, or may read it a second time.",
        NudgeKind.UNPLANNED: "You own this workspace, and nobody has acted for two weeks.",
        NudgeKind.LEFT: "You are a workspace admin. You are told once.",
        NudgeKind.CHECKPOINT: "You look after this client, or started its plan.",
        NudgeKind.PLAN_ACTION: "You look after this action.",
        NudgeKind.MILESTONE: "You look after this client.",
        NudgeKind.OBJECTIONS_OVER: "You shared this page.",
        NudgeKind.UNCONFIRMED: "You wrote this note. You are told once.",
        NudgeKind.EARLY_FLAG: "You look after this client.",
        NudgeKind.MISSED_REPLY: "You asked to be told when no answer comes.",
        NudgeKind.CHECK_IN: "You look after this client.",
        NudgeKind.OVERDUE_TASK: "It is your task, or you decide about it.",
        NudgeKind.ANSWERS_DEFAULT: "You look after this client.",
        NudgeKind.RECEIPT_DEFAULT: "You look after this client.",
        NudgeKind.LOOK_BACK: "You led this parting, or look after the client.",
        NudgeKind.NEXT_STEP: "You look after this client.",
        NudgeKind.RENEWAL: "You look after this client.",
        NudgeKind.TERM_OVER: "You look after this client.",
        NudgeKind.FADE: "You look after this client.",
        NudgeKind.WELCOME: "You are new here, and Amicable says hello once.",
        NudgeKind.DOUBLES: "You look after this client.",
        NudgeKind.UNMAPPED: "You reacted in that channel.",
        NudgeKind.NO_WINDOW: "You asked to be told when no answer comes.",
        NudgeKind.DIGEST_TROUBLE: "You are a workspace admin.",
        NudgeKind.TRACKER_FAULT: "You are a workspace admin.",
        NudgeKind.IMPORT_TROUBLE: "You are a workspace admin. You are told once a file.",
        NudgeKind.PULSE: "You work with this client. Only how often each answer was given is kept.",
    }
)
