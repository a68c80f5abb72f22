"""Time and durable work: what a job is, and when it comes up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple

from rules.ports.records import Due, Workspace

Args = TypeVarTuple("Args")
Result = TypeVar("Result")


class Clock(Protocol):
    """The one reader of the clock."""

    def now(self) -> datetime:
        """The product's time: aware, UTC, movable in the sandbox."""

    def real(self) -> datetime:
        """Real time, for whatever happens on the wire: signatures, triggers, quiet periods."""


class Queue(StrEnum):
    """Where jobs wait. Somebody waits for what an event brings; a tracker's queue keeps to its rate limit.

    What reads whole ledgers goes through `BULK`, so that it keeps nobody waiting.
    """

    EVENTS = "events"
    FLOWS = "flows"
    BULK = "bulk"
    JIRA = "jira"
    TRELLO = "trello"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done once by a worker. A second job with the same `id` is a no-op, even when the first is done.

    The engine stores `args` for a month: ids, dates, numbers, never what somebody wrote.
    """

    name: str
    queue: Queue
    id: str
    args: tuple[Any, ...] = ()
    delay: timedelta = timedelta()


class Runner(Protocol):
    """What a job may do: run steps whose JSON results are remembered across crashes."""

    def step(self, work: Callable[[*Args], Result], *args: *Args) -> Result:
        """Runs `work(*args)` at least once; a finished step is never run again for the same job.

        It is remembered by `work`'s own name: a step that is called otherwise strands the jobs that are in the middle.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """What the job of this name does."""

    name: str
    run: Callable[..., None]


@dataclass(frozen=True)
class JobType(Generic[*Args]):
    """A kind of job and the types of its arguments: services make jobs of it, `bot/jobs` says what it does.

    `name` is stored with every job that waits, so it stays for ever.
    """

    name: str
    queue: Queue

    def __call__(self, *args: *Args, once: str, after: timedelta = timedelta()) -> Job:
        """A job with the id `once`, to be begun `after` a while of real time."""
        return Job(name=self.name, queue=self.queue, id=once, args=args, delay=after)

    def does(self, *steps: Callable[[*Args], object]) -> Workflow:
        """These steps in this order, each with the job's arguments."""

        def run(runner: Runner, *args: *Args) -> None:
            for step in steps:
                runner.step(step, *args)

        return Workflow(name=self.name, run=run)

    def runs(self, run: Callable[[Runner, *Args], None]) -> Workflow:
        """What needs more than steps in a row."""
        return Workflow(name=self.name, run=run)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """A job that comes up at the time that a row says, about one subject: an id.

    `name` and `kind` are stored with jobs and rows, so both stay for ever. `again` is when the subject is due next
    once its job is made (None: never); it gets the time and the workspace. What `needs_slack` waits while Amicable is
    removed from the workspace.
    """

    name: str
    kind: str
    again: Callable[[datetime, Workspace], datetime | None]
    needs_slack: bool = False
    queue: Queue = Queue.FLOWS

    def at(self, moment: datetime, workspace_id: str, subject: str) -> Due:
        return Due(workspace_id=workspace_id, kind=self.kind, subject=subject, due_at=moment)

    def __call__(
        self, workspace_id: str, subject: str, due_at: str, *, once: str, after: timedelta = timedelta()
    ) -> Job:
        """The same at once; `due_at` is an ISO time."""
        return Job(name=self.name, queue=self.queue, id=once, args=(workspace_id, subject, due_at), delay=after)

    def does(self, *steps: Callable[[str, str], object]) -> Workflow:
        """These steps in this order, each with the workspace and the subject."""

        def run(runner: Runner, workspace_id: str, subject: str, _due_at: str) -> None:
            for step in steps:
                runner.step(step, workspace_id, subject)

        return self.runs(run)

    def runs(self, run: Callable[[Runner, str, str, str], None]) -> Workflow:
        """What needs more than steps in a row: it gets the workspace, the subject and the time it was due at."""

        def with_time(runner: Runner, workspace_id: str, subject: str, due_at: str = "") -> None:
            run(runner, workspace_id, subject, due_at)  # jobs that version 1 made at once had no time

        return Workflow(name=self.name, run=with_time)


# The one job that the engine starts by itself, every minute; its argument is the time.
SWEEP = JobType[str]("sweep", Queue.FLOWS)
