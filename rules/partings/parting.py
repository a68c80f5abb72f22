"""A parting and its tickets, as stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from rules.clients.stages import Origin
from rules.partings.belongings import Belonging, Sum
from rules.partings.deliverables import ClientQuestion, Deliverable, finished
from rules.partings.last_steps import LookBack, Receipt, ReceiptQuestion, Retro, Snapshot
from rules.sentences import Sentence
from rules.workdays import day_name


class TaskKind(StrEnum):
    """What a task is for; an `inside` task is a step in Amicable, a `client` one the client's own; no tickets."""

    WRAP_UP = "wrap_up"
    HANDOFF = "handoff"
    INSIDE = "inside"
    CLIENT = "client"


NO_TICKET = frozenset({TaskKind.INSIDE, TaskKind.CLIENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """One line of the preview: what will be opened, for whom, until when. `arithmetic` says how the date came about.

    `tracker` is blank where the task goes along with the others, `is_chosen` where a person has set the day. `after`
    names by code what it waits for; a `strict` one can't be done before that is done or waived.
    """

    code: str
    kind: TaskKind
    title: str
    details: str
    owner_id: str
    due_on: date
    arithmetic: str
    ticked: bool
    before_told: bool = False
    section: str = ""
    after: tuple[str, ...] = ()
    strict: bool = False
    tracker: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A stored revision of the tasks; opening names the revision it opens."""

    revision: int
    tracker: str
    tasks: tuple[PlannedTask, ...]


class PartingState(StrEnum):
    """How far a parting has come."""

    PREPARING = "preparing"
    OPENING = "opening"
    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"


RUNNING = frozenset({PartingState.OPENING, PartingState.OPEN})
OVER = frozenset({PartingState.CLOSED, PartingState.STOPPED})


class TalkWay(StrEnum):
    """How the client is told (CV07, CV08); talking comes first."""

    MEETING = "meeting"
    CALL = "call"
    MAIL = "mail"


class TalkLine(StrEnum):
    """Why, in one line (CV09, CV10, CV14)."""

    GENERAL = "general"
    UNMET = "unmet"
    MOVED_ON = "moved_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPlan:
    """What somebody will say, in their own words; `is_rehearsed` once they have practised it (CV03, CV04)."""

    way: TalkWay = TalkWay.MEETING
    line: TalkLine = TalkLine.GENERAL
    points: str = ""
    is_rehearsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """How often something was changed, by whom and when last: who looked at another count saw an older state."""

    count: int = 0
    by_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMove:
    """The last day became another one: from which to which, on what day and by whom; nobody where a rule moved it."""

    by_id: str
    on: date
    moved_from: date
    moved_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A parting. `last_day_arithmetic` has one line a step; `told_at`/`told_by` say the talk was held.

    `circumstances` are the conditions of `tasks.toml` that hold here, once a person has said so; None: as far as we
    know from the client's record. `earlier` are revisions that somebody may still be looking at.
    `items` are all that is open between us, `deliverables` what of it we finish, as (what, until when); that there is
    `nothing_to_finish` is an answer of its own (WU01-WU03). `agreed_last_day` is kept while a deliverable holds the
    last day back. `snapshot` is frozen at the close; `team_word` is said to the team then.
    `named_in_talk`: the client agreed to this very last day. `held_on` is the day of the talk, or on which the client
    told us. `no_letter` is why there is none, where somebody has said so. The stamps are those of `sums` with
    `belongings`, of `items` with the terms, and of the preview.
    """

    id: str
    workspace_id: str
    client_id: str
    decision_id: str
    origin: Origin
    state: PartingState = PartingState.PREPARING
    last_day: date
    last_day_arithmetic: tuple[str, ...]
    day_moves: tuple[DayMove, ...] = ()
    told_at: datetime | None = None
    told_by: str = ""
    held_on: date | None = None
    no_letter: str = ""
    preview: Preview
    opened_revision: int | None = None
    earlier: tuple[Preview, ...] = ()
    circumstances: tuple[str, ...] | None = None
    deliverables: tuple[tuple[str, date], ...] = ()
    items: tuple[Deliverable, ...] = ()
    question: ClientQuestion | None = None
    agreed_last_day: date | None = None
    named_in_talk: bool = False
    nothing_to_finish: bool = False
    amounts_owed: str = ""
    referrals: str = ""
    sums: tuple[Sum, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    talk: TalkPlan | None = None
    created_at: datetime
    created_by: str
    receipt: Receipt | None = None
    receipt_question: ReceiptQuestion | None = None
    closed_at: datetime | None = None
    snapshot: Snapshot | None = None
    team_word: str = ""
    retro: Retro | None = None
    look_back: LookBack | None = None
    money_stamp: Stamp = field(default_factory=Stamp)
    work_stamp: Stamp = field(default_factory=Stamp)
    preview_stamp: Stamp = field(default_factory=Stamp)


def days_of(move: DayMove) -> str:
    return Sentence("from {before} to {after}", before=day_name(move.moved_from), after=day_name(move.moved_to))


def stamped(stamp: Stamp, by_id: str, now: datetime) -> Stamp:
    return Stamp(count=stamp.count + 1, by_id=by_id, at=now)


def with_items(parting: Parting, items: tuple[Deliverable, ...]) -> Parting:
    """The parting with another list of what is open."""
    finishing = finished(items)
    return replace(
        parting,
        items=items,
        deliverables=finishing,
        nothing_to_finish=parting.nothing_to_finish and not finishing,
    )


class TicketState(StrEnum):
    """The outcome classes of the at-most-once recipe (facts/trackers.md 3.4)."""

    NEW = "new"
    SENDING = "sending"
    OPENED = "opened"
    REFUSED = "refused"
    PARKED = "parked"


class TaskState(StrEnum):
    """What became of the task itself."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the tracker held when we last wrote or read it; a blank title was not read yet.

    `closed_as` names how it is closed there without being done. `hidden`: our account can't see it any more, which is
    no proof that it was deleted.
    """

    due_on: date | None
    title: str = ""
    done: bool = False
    closed_as: str = ""
    hidden: bool = False

    @property
    def over(self) -> bool:
        return self.done or bool(self.closed_as)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One task on its way into a tracker.

    `planned_on` is the day that our plan gives it, `due_on` the one that holds: somebody may have set another one in
    the tracker. `after` and `strict` are the planned task's. `trouble` is what the tracker has refused to take over
    from us since.
    `marker` (`wu-` and 12 hex digits) is what the tracker stores and we look for. `attempt_at` is when the last
    request was sent, `watermark` what the tracker knew before it (Jira: the highest key). `turn` counts the engine's
    jobs for this ticket. `parent_id` is empty on the parent itself. `ref`, `key`, `url` come from the tracker, and
    so does what was last `seen` there.
    """

    id: str
    workspace_id: str
    parting_id: str
    parent_id: str = ""
    task_code: str
    kind: TaskKind
    tracker: str
    marker: str
    run_marker: str
    title: str
    details: str
    owner_id: str = ""
    due_on: date | None = None
    planned_on: date | None = None
    state: TicketState = TicketState.NEW
    task_state: TaskState = TaskState.OPEN
    attempt_at: datetime | None = None
    attempts: int = 0
    looks: int = 0
    turn: int = 0
    look_at: datetime | None = None
    watermark: str = ""
    ref: str = ""
    key: str = ""
    url: str = ""
    cause: str = ""
    remedy: str = ""
    waived_reason: str = ""
    seen: Seen | None = None
    after: tuple[str, ...] = ()
    strict: bool = False
    trouble: str = ""
    updated_at: datetime


def without_chosen_days(parting: Parting) -> Parting:
    """As if nobody had chosen a day for a task, so that each is planned from the days of the parting."""
    tasks = tuple(replace(task, is_chosen=False) for task in parting.preview.tasks)
    return replace(parting, preview=replace(parting.preview, tasks=tasks))
