"""A workspace with one decided client, a tracker that can misbehave, and a worker that can be killed at any point."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services.health.briefs import BriefService
from bot.services.health.scorecards import HealthService
from bot.services.needs.needs import needs_of
from bot.services.needs.scene import Scene
from bot.services.partings.closing.closings import ClosingService
from bot.services.partings.partings import PartingService
from bot.services.partings.sheets import PartingSheet
from bot.services.partings.tasks.previews import PreviewService
from bot.services.partings.tickets.destinations import DestinationService
from bot.services.partings.tickets.news import NewsService
from bot.services.partings.tickets.tickets import TicketService
from bot.services.waiting import Need
from integrations.checklist.tracker import ChecklistTracker
from integrations.database.unit_of_work import SqlUnits
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.errors import NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.health.catalogue import load_catalogue
from rules.nudges.need import NeedKind, theirs
from rules.partings.parting import Parting, Ticket
from rules.partings.terms import Talk
from rules.ports import (
    Account,
    Destination,
    Job,
    Presence,
    Queue,
    TicketChange,
    TicketOrder,
    TicketRef,
    TicketStatus,
    Tracker,
    UnitOfWork,
    Workspace,
)
from tests.clocks import StandingClock

WORKSPACE = "T1"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Killed(BaseException):
    """The worker was killed with -9: nothing in it runs any more."""


class LeapingClock(StandingClock):
    """Each time somebody looks at its real time, the next of the leaps has passed: a frozen process notices nothing."""

    def __init__(self) -> None:
        super().__init__(MONDAY)
        self.leaps: deque[timedelta] = deque()

    def real(self) -> datetime:
        self.moment += self.leaps.popleft() if self.leaps else timedelta()
        return self.moment


@dataclass
class Issue:
    """What the tracker holds. A search finds it once the index knows it."""

    order: TicketOrder
    ref: TicketRef
    indexed_at: datetime
    status: str = ""
    is_double_of: str = ""


class FakeTracker:
    """A tracker with an index that lags and a wire on which requests and answers get lost, as the test says.

    `faults` are taken one a request: an error before anything happens (lost request, refusal) or after (lost answer).
    """

    quiet_period = timedelta(minutes=2)
    is_inside = False
    expires_on: date | None = None

    def __init__(self, clock: LeapingClock, name: str = "jira") -> None:
        self.name = name
        self.label = name.capitalize()
        self.issues: list[Issue] = []
        self.lag = timedelta()
        self.faults: deque[tuple[str, BaseException]] = deque()
        self.requests = 0
        self.reads = 0
        self.looks = 0
        self.blind = False
        self.refuses_marks = False
        self.updates: list[tuple[str, TicketChange]] = []
        self.update_fault: TrackerError | None = None
        self.tidied: list[str] = []
        self.people: list[Account] = []
        self.read_fault: TrackerError | None = None
        self.place = Destination(id=f"{name}:AC", name="Agency", url=f"https://{name}.test", audience="Our team.")
        self.before_request: Callable[[], None] = lambda: None
        self.on_watermark: Callable[[], None] = lambda: None
        self._clock = clock
        self._lock = threading.Lock()

    def watermark(self) -> str:
        self._read()
        self.on_watermark()
        return str(len(self.issues))

    def create(self, order: TicketOrder) -> TicketRef:
        self.before_request()
        with self._lock:
            self.requests += 1
            when, fault = self.faults.popleft() if self.faults else ("never", Killed())
            if when == "before":
                raise fault
            number = len(self.issues) + 1
            ref = TicketRef(ref=str(number), key=f"AC-{number}", url=f"https://{self.name}.test/AC-{number}")
            self.issues.append(Issue(order=order, ref=ref, indexed_at=self._clock.real() + self.lag))
        if when == "after":
            raise fault
        return ref

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        del attempt_at, watermark
        self._read()
        self.looks += 1
        wanted = {order.marker for order in orders}
        found: dict[str, list[TicketRef]] = {}
        for issue in self.issues:
            if issue.indexed_at <= self._clock.real() and issue.order.marker in wanted:
                found.setdefault(issue.order.marker, []).append(issue.ref)
        return found

    def glance(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        del refs
        return {}

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        self._read()
        known = {
            issue.ref.ref: TicketStatus(
                closed=bool(issue.status),
                names=(issue.status,) if issue.status else (),
                closed_as=issue.status,
                title=issue.order.title,
                due_on=issue.order.due_on,
            )
            for issue in self.issues
        }
        if self.blind:
            return {}
        return {ref: known.get(ref, TicketStatus(presence=Presence.GONE)) for ref in refs}

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        self._read()
        return next(((issue.order.marker, issue.ref) for issue in self.issues if issue.ref.ref == ref), None)

    def update(self, ref: str, change: TicketChange) -> None:
        if self.update_fault:
            raise self.update_fault
        self.updates.append((ref, change))
        issue = next(issue for issue in self.issues if issue.ref.ref == ref)
        issue.order = replace(issue.order, due_on=change.due_on or issue.order.due_on)
        issue.status = "Done" if change.done else "Won't Do" if change.dropped else issue.status

    def edit(self, ref: str, **changes: Any) -> None:
        """Somebody edits the ticket in the tracker."""
        issue = next(issue for issue in self.issues if issue.ref.ref == ref)
        issue.order = replace(issue.order, **changes)

    def tidy(self, parent_ref: str) -> None:
        self.tidied.append(parent_ref)

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        del parent_marker, parent_ref
        self._read()
        found: dict[str, list[TicketRef]] = {}
        for issue in self.issues:
            if issue.order.run_marker == run_marker:
                found.setdefault(issue.order.marker, []).append(issue.ref)
        return found

    def mark_double(self, ref: str, original: TicketRef) -> None:
        if self.refuses_marks:
            raise NeedsHumanError("Labels can't be edited.")
        for issue in self.issues:
            if issue.ref.ref == ref:
                issue.is_double_of = original.key

    def accounts(self) -> list[Account]:
        self._read()
        return self.people

    def keep_webhook(self) -> None:
        self._read()

    def webhook_fault(self) -> str:
        return ""

    def destination(self) -> Destination:
        self._read()
        return self.place

    def lose_request(self) -> None:
        self.faults.append(("before", OutcomeUnknownError("No answer.")))

    def lose_answer(self) -> None:
        self.faults.append(("after", OutcomeUnknownError("No answer.")))

    def refuse(self, error: TrackerError) -> None:
        self.faults.append(("before", error))

    def kill_before_request(self) -> None:
        self.faults.append(("before", Killed()))

    def kill_after_request(self) -> None:
        self.faults.append(("after", Killed()))

    def work(self) -> None:
        self.faults.append(("never", Killed()))

    def markers(self) -> list[str]:
        return [issue.order.marker for issue in self.issues]

    def _read(self) -> None:
        self.reads += 1
        if self.read_fault:
            raise self.read_fault


class JobTable:
    """The engine's queue in a table of its own, so that a job is there if, and only if, its unit was committed."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS test_jobs"
                " (id TEXT PRIMARY KEY, name TEXT, queue TEXT, args TEXT, delay REAL, done INTEGER)"
            )

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        connection.execute(
            sa.text("INSERT INTO test_jobs VALUES (:id, :name, :queue, :args, :delay, 0) ON CONFLICT DO NOTHING"),
            {
                "id": job.id,
                "name": job.name,
                "queue": job.queue,
                "args": json.dumps(job.args),
                "delay": job.delay.total_seconds(),
            },
        )

    def waiting(self) -> list[Job]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT id, name, queue, args, delay FROM test_jobs WHERE done = 0 ORDER BY delay, id")
            ).all()
        return [
            Job(name=name, queue=Queue(queue), id=job_id, args=tuple(json.loads(args)), delay=timedelta(seconds=delay))
            for job_id, name, queue, args, delay in rows
        ]

    def pass_time(self, passed: timedelta) -> None:
        with self._engine.begin() as connection:
            statement = sa.text("UPDATE test_jobs SET delay = delay - :passed WHERE done = 0")
            connection.execute(statement, {"passed": passed.total_seconds()})

    def finish(self, job: Job) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.text("UPDATE test_jobs SET done = 1 WHERE id = :id"), {"id": job.id})

    def lose(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.text("UPDATE test_jobs SET done = 1"))


@dataclass
class Office:
    """The services of one workspace, and its people."""

    units: SqlUnits
    clock: LeapingClock
    jobs: JobTable
    jira: FakeTracker
    tickets: TicketService
    news: NewsService
    partings: PartingService
    previews: PreviewService
    closings: ClosingService
    destinations: DestinationService
    owner: Member
    admin: Member
    colleague: Member
    client: Client
    parting: Parting

    def needs(self, unit: UnitOfWork, member: Member, kind: NeedKind) -> list[Need]:
        """What of this kind stands on their Home."""
        cards = BriefService(self.clock, load_catalogue()).everyone(unit, member)
        found = theirs(needs_of(Scene(unit, self.clock.now(), cards)), member.id)
        return [each for each in found if each.kind is kind]

    def sheet(self) -> PartingSheet:
        return self.partings.sheet(WORKSPACE, self.admin, self.parting.id)

    def rows(self) -> list[Ticket]:
        with self.units.read(WORKSPACE) as unit:
            return unit.partings.tickets(self.parting.id)

    def over(self) -> None:
        """The last day has passed, nothing is owed, and no letter is waited for."""
        with self.units.begin(WORKSPACE) as unit:
            parting = replace(
                unit.partings.lock(self.parting.id), no_letter="They asked for none.", amounts_owed="none"
            )
            unit.partings.save(parting)
        self.clock.move(days=60)

    def tell(self) -> PartingSheet:
        talk = Talk(held_on=self.clock.now().date(), by=self.owner.id)
        return self.partings.told(WORKSPACE, self.owner, self.parting.id, talk)

    def open(self) -> PartingSheet:
        """Told, destination confirmed, first revision opened."""
        self.tell()
        self.previews.confirm_destination(WORKSPACE, self.admin, self.jira.place.id)
        return self.previews.open(WORKSPACE, self.owner, self.parting.id, 1)

    def run_one(self) -> bool:
        """Runs the next ticket job, at its time; False when there is none. A killed worker's job stays where it was."""
        jobs = [job for job in self.jobs.waiting() if job.name == "open_jira_ticket"]
        if not jobs:
            return False
        passed = max(jobs[0].delay, timedelta())
        self.clock.moment += passed
        self.jobs.pass_time(passed)
        workspace_id, ticket_id, turn = jobs[0].args
        self.tickets.advance(str(workspace_id), str(ticket_id), int(turn))
        self.jobs.finish(jobs[0])
        return True

    def run_crowded(self, most: int = 300) -> None:
        """Like `run`, but every job is taken by two workers at once, and four are at work."""
        with ThreadPoolExecutor(4) as workers:
            for _ in range(most):
                jobs = [job for job in self.jobs.waiting() if job.name == "open_jira_ticket"]
                if not jobs:
                    return
                passed = max(jobs[0].delay, timedelta())
                self.clock.moment += passed
                self.jobs.pass_time(passed)
                ready = [job for job in jobs if job.delay <= passed]
                ended = [(job, workers.submit(self._work_on, job)) for job in ready for _ in range(2)]
                for job, work in ended:
                    if work.result():
                        self.jobs.finish(job)
        raise AssertionError("The tickets never come to rest.")

    def _work_on(self, job: Job) -> bool:
        """False when the worker was killed: its job stays where it was."""
        workspace_id, ticket_id, turn = job.args
        try:
            self.tickets.advance(str(workspace_id), str(ticket_id), int(turn))
        except Killed:
            return False
        return True

    def run(self, most: int = 500) -> None:
        """Until no ticket job is left, restarting a killed worker at once."""
        for _ in range(most):
            try:
                if not self.run_one():
                    return
            except Killed:
                continue
        raise AssertionError("The tickets never come to rest.")


@pytest.fixture
def office(engine: sa.Engine) -> Office:
    clock = LeapingClock()
    jobs = JobTable(engine)
    units = SqlUnits(engine, jobs)
    jira = FakeTracker(clock)
    trackers: dict[str, Tracker] = {
        "jira": jira,
        "trello": FakeTracker(clock, "trello"),
        "checklist": ChecklistTracker(),
    }
    previews = PreviewService(units, clock, trackers)
    partings = PartingService(units, clock, trackers, previews)
    with units.house() as house:
        house.add_workspace(Workspace(id=WORKSPACE, name="Agency", company_name="Agency", created_at=MONDAY))
    owner, admin, colleague = (_member(units, name) for name in ("owner", "admin", "colleague"))
    client, parting = _decided(units, partings, owner)
    return Office(
        units=units,
        clock=clock,
        jobs=jobs,
        jira=jira,
        tickets=TicketService(units, clock, trackers),
        news=NewsService(units, clock, trackers),
        partings=partings,
        previews=previews,
        closings=ClosingService(units, clock, HealthService(units, clock, load_catalogue())),
        destinations=DestinationService(units, clock, trackers),
        owner=owner,
        admin=admin,
        colleague=colleague,
        client=client,
        parting=parting,
    )


def _member(units: SqlUnits, name: str) -> Member:
    member = Member(
        id=f"U{name.upper()}",
        workspace_id=WORKSPACE,
        team_id=WORKSPACE,
        name=name.capitalize(),
        email=f"{name}@agency.test",
        is_admin=name == "admin",
        fetched_at=MONDAY,
    )
    with units.begin(WORKSPACE) as unit:
        unit.people.save_member(member)
    return member


def _decided(units: SqlUnits, partings: PartingService, owner: Member) -> tuple[Client, Parting]:
    client = Client(
        id="cl-acme",
        workspace_id=WORKSPACE,
        name="Acme",
        owner_id=owner.id,
        stage=Stage.DECIDED,
        stage_since=MONDAY,
        contact_name="Jo Doe",
        contact_email="jo@acme.test",
    )
    decision = Decision(
        id="de-acme",
        workspace_id=WORKSPACE,
        client_id=client.id,
        origin=Origin.OURS,
        opened_at=MONDAY,
        opened_by=owner.id,
        reason="The work has moved away from what we do best.",
        confirmed_at=MONDAY,
        confirmed_by=owner.id,
    )
    with units.begin(WORKSPACE) as unit:
        unit.clients.add(client)
        unit.decisions.save(decision)
        return client, partings.begin(unit, decision, client, owner.id, MONDAY)
