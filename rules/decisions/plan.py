"""The redirection plan (RP01-RP12): concerns, an action for each, checkpoints, an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActionSide(StrEnum):
    """Who acts."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Response(StrEnum):
    """How the client responded, asked at each checkpoint (RP08)."""

    NONE = "none"
    SOME = "some"
    GOOD = "good"


class Outcome(StrEnum):
    """How a plan ended (RP09)."""

    KEEP = "keep"
    EXTEND = "extend"
    RENEW = "renew"
    NOT_HELPED = "not_helped"
    ABANDONED = "abandoned"


class Level(StrEnum):
    """How bad it is (RP01)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Coaching(StrEnum):
    """Whether coaching can solve it (RP02)."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something to be better; `theirs` marks what the client named (FG08: theirs come first)."""

    id: str
    text: str
    raised_by_client: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done about one concern, by whom, until when; `benchmark` says how we will know (RP05).

    `is_internal` marks what happens behind the scenes, without the client (RP10).
    """

    concern_id: str
    text: str
    side: ActionSide
    owner_id: str
    due_on: date
    benchmark: str = ""
    is_internal: bool = False
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A day on which the plan is looked at."""

    due_on: date
    held_on: date | None = None
    response: Response | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A redirection plan for one client. `alternatives` are the other ways that were thought of (RP04)."""

    id: str
    workspace_id: str
    client_id: str
    goal: str
    concerns: tuple[Concern, ...]
    actions: tuple[Action, ...]
    checkpoints: tuple[Checkpoint, ...]
    started_at: datetime
    started_by: str
    on_business: Level = Level.MEDIUM
    on_team: Level = Level.MEDIUM
    coaching: Coaching = Coaching.UNSURE
    alternatives: str = ""
    outcome: Outcome | None = None
    outcome_note: str = ""
    ended_at: datetime | None = None
