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


class ActionStatus(StrEnum):
    """How far an action is (RP06). A dropped one stays readable."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class Response(StrEnum):
    """How the client responded, asked at each checkpoint (RP08)."""

    NONE = "none"
    SOME = "some"
    GOOD = "good"


class Outcome(StrEnum):
    """How a plan ended (RP09). `EXTEND` is a choice and never stored: an extended plan runs on."""

    KEEP = "keep"
    EXTEND = "extend"
    RENEW = "renew"
    NOT_HELPED = "not_helped"
    PART = "part"
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


class Rhythm(StrEnum):
    """How often checkpoints come back (AM11)."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"

    @property
    def days(self) -> int:
        return 7 if self is Rhythm.WEEKLY else 14


class ChangeKind(StrEnum):
    """What was done to a plan while it ran."""

    ADDED = "added"
    CHANGED = "changed"
    BEGUN = "begun"
    DROPPED = "dropped"
    DONE = "done"
    EXTENDED = "extended"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something to be better; `raised_by_client` marks what the client named (FG08: theirs come first).

    `types` are the types of notes that speak of it, so that a checkpoint can show what became of them.
    """

    id: str
    text: str
    raised_by_client: bool = False
    types: tuple[str, ...] = ()
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done about one concern, by whom, from when until when; `benchmark` says how we will know (RP05).

    `is_internal` marks what happens behind the scenes, without the client (RP10). `way` is the way of the menu that it
    came from, and `ready` its ready action there: empty where somebody thought of it.
    """

    id: str = ""
    concern_id: str
    text: str
    side: ActionSide
    owner_id: str
    start_on: date | None = None
    due_on: date
    status: ActionStatus = ActionStatus.OPEN
    benchmark: str = ""
    is_internal: bool = False
    done_on: date | None = None
    way: str = ""
    ready: str = ""

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.status in {ActionStatus.OPEN, ActionStatus.DOING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A day on which the plan is looked at. `score_tenths` is what the client's score was when it was held."""

    due_on: date
    held_on: date | None = None
    held_by: str = ""
    response: Response | None = None
    note: str = ""
    score_tenths: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """One change of a running plan: what it was about in words, and how it was before."""

    at: datetime
    by_id: str
    kind: ChangeKind
    what: str
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a plan did, in numbers that do not change any more (AM04). `flags_*` are notes of its concerns.

    `*_before` is the time of the same length before the plan began; scores are None where it was too early to say.
    """

    days: int
    score_then_tenths: int | None
    score_now_tenths: int | None
    flags_before: int
    flags_since: int
    praise_before: int
    praise_since: int
    actions: int
    done: int
    held: int
    response: Response | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPoints:
    """What we want to say, point by point, about one way (AM09)."""

    way: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A redirection plan for one client. `alternatives` are the other ways that were thought of (RP04).

    `target` is what can be reached with what we have (FG15). Without a `rhythm` it has only the checkpoints that were
    chosen. `score_tenths` is what the score was at its start.
    """

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
    coaching_asked: bool = False
    alternatives: str = ""
    target: str = ""
    rhythm: Rhythm | None = None
    score_tenths: int | None = None
    talks: tuple[TalkPoints, ...] = ()
    changes: tuple[PlanChange, ...] = ()
    effect: Effect | None = None
    outcome: Outcome | None = None
    outcome_note: str = ""
    ended_at: datetime | None = None

    @property
    def live_concerns(self) -> tuple[Concern, ...]:
        return tuple(concern for concern in self.concerns if concern.dropped_on is None)

    @property
    def live_actions(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.status is not ActionStatus.DROPPED)

    @property
    def types(self) -> frozenset[str]:
        """The types of notes that its concerns are about."""
        return frozenset(code for concern in self.concerns for code in concern.types)
