"""Units of work: one transaction each, with the jobs that are enqueued if it commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from integrations.database import tables
from integrations.database.connect import LEAST_LOCK_WAIT_SECONDS
from integrations.database.repositories import clients, lists
from integrations.database.repositories.accords import AccordRows, PulseRows
from integrations.database.repositories.agreements import AgreementRows
from integrations.database.repositories.archive import ArchiveRows, TombstoneRows
from integrations.database.repositories.clients import ClientRows
from integrations.database.repositories.decisions import DecisionRows, PerspectiveRows, PlanRows
from integrations.database.repositories.house import BY_ID, LOCKED_BY_ID, WORKSPACE, HouseRows
from integrations.database.repositories.messages import AuditRows, DigestRows, DueRows, InboxRows, PostRows
from integrations.database.repositories.nudges import NudgeRows, ReceiptRows
from integrations.database.repositories.partings import NoticeRows, PartingRows
from integrations.database.repositories.people import PeopleRows, WatchRows
from integrations.database.repositories.records import Scope, in_workspace
from integrations.database.repositories.signals import STANDING, SignalRows, StandingRows
from integrations.database.turnstile import Turnstile, begin_to_write
from rules import ports
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import ConflictError, NotFoundError, UnavailableError
from rules.health.days.standing import Standing

AWAY = "Our storage can't be reached, so nothing was saved. Please try again in a minute."
MEANWHILE = "Somebody saved the same thing at this moment. Nothing of yours was saved: look again, then repeat it."

# SQLite has one writer for all processes. Where threads of a worker wait for it in a row, so much is left between two
# of them to a process that answers somebody; and of those that only read and compute there are few at once, since each
# of them keeps Python's interpreter from whoever is writing.
BREATH_SECONDS = 0.004
MOST_READERS = 4

# What nearly every change of a client begins with, in one statement: the client, locked, its standing, the workspace.
_client, _standing, _workspace = tables.clients.c, tables.standings.c, tables.workspaces.c
CLIENT_AT_HAND = (
    sa.select(*clients.RECORD.columns, *STANDING.columns, *WORKSPACE.columns)
    .join(tables.workspaces, _workspace.id == _client.workspace_id)
    .outerjoin(
        tables.standings,
        sa.and_(_standing.workspace_id == _client.workspace_id, _standing.client_id == _client.id),
    )
    .where(in_workspace(tables.clients), _client.id == sa.bindparam("client"))
    .with_for_update(of=tables.clients)
)
_ends = (*accumulate(len(record.columns) for record in (clients.RECORD, STANDING, WORKSPACE)),)
PARTS = tuple(slice(start, end) for start, end in pairwise((0, *_ends)))
MERGED_INTO = clients.RECORD.columns.index(_client.merged_into)


class JobQueue(Protocol):
    """Enqueues within the caller's transaction."""

    def enqueue(self, connection: sa.Connection, job: ports.Job) -> None: ...


class _UnitJobs:
    def __init__(self, queue: JobQueue, connection: sa.Connection) -> None:
        self._queue = queue
        self._connection = connection

    def add(self, job: ports.Job) -> None:
        self._queue.enqueue(self._connection, job)


class _NoJobs:
    def add(self, _job: ports.Job) -> None:
        raise RuntimeError("This unit of work only reads: begin one that may write.")


class SqlUnit:
    """`rules.ports.UnitOfWork` on one connection; without a queue it only reads."""

    def __init__(self, connection: sa.Connection, workspace_id: str, jobs: JobQueue | None = None) -> None:
        self._scope = scope = Scope(connection, workspace_id, reads_only=jobs is None)
        self._workspace: ports.Workspace | None = None
        self.workspace_id = workspace_id
        self.clients: ports.Clients = ClientRows(scope)
        self.signals: ports.Signals = SignalRows(scope)
        self.agreements: ports.Agreements = AgreementRows(scope)
        self.standings: ports.Standings = (standings := StandingRows(scope))
        self._standings = standings
        self.people: ports.People = PeopleRows(scope)
        self.watches: ports.Watches = WatchRows(scope)
        self.plans: ports.Plans = PlanRows(scope)
        self.perspectives: ports.Perspectives = PerspectiveRows(scope)
        self.accords: ports.Accords = AccordRows(scope)
        self.pulses: ports.Pulses = PulseRows(scope)
        self.decisions: ports.Decisions = DecisionRows(scope)
        self.partings: ports.Partings = PartingRows(scope)
        self.notices: ports.Notices = NoticeRows(scope)
        self.posts: ports.Posts = PostRows(scope)
        self.nudges: ports.Nudges = NudgeRows(scope)
        self.receipts: ports.Receipts = ReceiptRows(scope)
        self.digests: ports.Digests = DigestRows(scope)
        self.dues: ports.Dues = DueRows(scope)
        self.inbox: ports.Inbox = InboxRows(scope)
        self.jobs: ports.Jobs = _UnitJobs(jobs, connection) if jobs else _NoJobs()
        self.audit: ports.Audit = AuditRows(scope)
        self.archive: ports.Archive = ArchiveRows(scope)
        self.tombstones: ports.Tombstones = TombstoneRows(scope)

    def end(self) -> None:
        """Before it is committed."""
        self._standings.forget_unread()

    def workspace(self) -> ports.Workspace:
        """Read once a unit: nearly everything that is done asks for its time zone."""
        self._workspace = self._workspace or WORKSPACE.first(self._scope, BY_ID)
        if self._workspace is None:
            raise NotFoundError("This workspace is not known here. Install Amicable into it first.")
        return self._workspace

    def lock_client(self, client_id: str) -> tuple[Client, Standing | None]:
        row = self._scope.rows(CLIENT_AT_HAND, client=client_id).first()
        if row is None or row[MERGED_INTO]:
            client = self.clients.lock(client_id)
            return client, self.standings.find(client.id)
        client, standing, workspace = (row[part] for part in PARTS)
        self._workspace = WORKSPACE.load(workspace)
        return clients.usable(clients.RECORD.load(client)), STANDING.load(standing) if standing[0] else None

    def list_clients(self, since: datetime) -> Iterator[list[ports.Listed]]:
        for page, workspace in lists.pages(self._scope, since):
            self._workspace = self._workspace or workspace
            yield page

    def look_at_reader(self, member_id: str) -> tuple[Member | None, list[Client]]:
        return lists.reader(self._scope, member_id)

    def lock_workspace(self) -> ports.Workspace:
        self._workspace = WORKSPACE.first(self._scope, LOCKED_BY_ID)
        return self.workspace()

    def save_workspace(self, workspace: ports.Workspace) -> None:
        if workspace.id != self.workspace_id:
            raise ValueError("This is another workspace.")
        WORKSPACE.put(self._scope, workspace)
        self._workspace = workspace


class SqlUnits:
    """`rules.ports.Units` on SQLite or PostgreSQL.

    SQLite lets one writer in at a time, and those who wait for the file sleep; a lock in the process lets its threads
    queue up instead, which is steadier by far (facts/engine.md, "SQLite under the web's threads").
    """

    def __init__(self, engine: sa.Engine, jobs: JobQueue) -> None:
        self._engine = engine
        self._jobs = jobs
        self._is_sqlite = engine.dialect.name == "sqlite"
        # Readers do without a transaction: each statement sees its own moment. In PostgreSQL's "read committed" it does
        # so anyway, and two of three round trips are saved; Python's driver for SQLite begins nothing for a SELECT by
        # itself, and lets go of the interpreter at each statement, which costs a busy process more than the statement.
        self._reading = engine if self._is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turnstile = Turnstile()
        self._few = threading.BoundedSemaphore(MOST_READERS) if self._is_sqlite else nullcontext()
        self._inside = threading.local()
        self._patience_seconds = engine.pool.timeout() if isinstance(engine.pool, sa.QueuePool) else 0

    @contextmanager
    def begin(self, workspace_id: str) -> Iterator[ports.UnitOfWork]:
        with self._alone(), self._transaction() as connection:
            unit = SqlUnit(connection, workspace_id, self._jobs)
            yield unit
            unit.end()

    @contextmanager
    def read(self, workspace_id: str) -> Iterator[ports.UnitOfWork]:
        with self._alone(), _said_plainly(), self._few, self._reading.connect() as connection:
            yield SqlUnit(connection, workspace_id)

    @contextmanager
    def house(self) -> Iterator[ports.HouseKeeping]:
        with self._alone(), self._transaction() as connection:
            yield HouseRows(connection, _UnitJobs(self._jobs, connection))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One unit at a time in a thread.

        As many threads as there are connections, each waiting for a second one while it holds the first, would wait
        for ever.
        """
        if getattr(self._inside, "unit", False):
            raise RuntimeError("This thread has a unit of work already: pass that one on.")
        self._inside.unit = True
        try:
            yield
        finally:
            self._inside.unit = False

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with _said_plainly(), self._turn_to_write(), self._engine.begin() as connection:
            if self._is_sqlite:
                begin_to_write(connection, self._patience_seconds)
            yield connection

    def scrub(self) -> None:
        """SQLite's log beside the file still has the old pages; the file itself overwrites them (`secure_delete`)."""
        if self._is_sqlite:
            with _said_plainly(), self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if not self._is_sqlite:
            yield
            return
        with self._turnstile.turn(self._patience_seconds):
            yield
            if self._turnstile.waiting and self._patience_seconds > LEAST_LOCK_WAIT_SECONDS:
                time.sleep(BREATH_SECONDS)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """The database's failures as sentences; whatever raised, the transaction is rolled back."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError(MEANWHILE) from error
    except (OperationalError, InterfaceError, PoolTimeoutError, TimeoutError) as error:
        raise UnavailableError(AWAY) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise UnavailableError(AWAY) from error
        raise
