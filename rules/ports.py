"""What the services need from the outside. Adapters in `integrations/` and the Slack edge in `bot/` provide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from rules.clients.client import Client
from rules.clients.people import Member, Place
from rules.decisions.decision import Decision
from rules.decisions.plan import Plan
from rules.exits.parting import Parting, Ticket
from rules.health.signal import Reaction, Signal, Standing
from rules.notices.notice import Notice

# --- time ---------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The one reader of the clock."""

    def now(self) -> datetime:
        """The product's time: aware, UTC, movable in the sandbox."""

    def real(self) -> datetime:
        """Real time, for whatever happens on the wire: signatures, triggers, quiet periods."""


# --- durable work -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done once by a worker. A second job with the same `id` is a no-op. `args` are ids, dates, numbers."""

    workflow: str
    id: str
    args: tuple[str | int, ...] = ()
    delay: timedelta = timedelta()


class Runner(Protocol):
    """What a workflow may do: run steps whose JSON results are remembered across crashes."""

    def step(self, work: Callable[..., Any], *args: str | int) -> Any:
        """Runs `work(*args)` at least once; a finished step is never run again for the same workflow run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Names and order only. `queue` is one of the engine's few queues."""

    name: str
    queue: str
    run: Callable[..., None]


# --- storage ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One Slack team. `destinations_confirmed` names the tracker destinations whose audience an admin confirmed."""

    id: str
    name: str
    bot_user_id: str = ""
    timezone: str = "UTC"
    company_name: str = ""
    tracker: str = ""
    destinations_confirmed: tuple[str, ...] = ()
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEvent:
    """An acknowledged event. `payload` is JSON text, blank once it is erased (24 h)."""

    event_id: str
    workspace_id: str
    type: str
    payload: str
    received_at: datetime
    handled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that has to happen at a time. (workspace, kind, subject) is unique; `due_at` moves."""

    workspace_id: str
    kind: str
    subject: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of ours in a channel. `key` makes it once-only; `ts` is empty until Slack has confirmed it."""

    key: str
    workspace_id: str
    channel_id: str
    kind: str
    subject: str
    ts: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, when; never holds note or letter text."""

    at: datetime
    workspace_id: str
    actor_id: str
    action: str
    subject: str
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChannel:
    """Where and when a digest is posted, in the channel's own local time. `weekday` 0 is Monday.

    `shown_bands` is what the last digest said of each client, `last_fingerprint` what it amounted to.
    """

    workspace_id: str
    channel_id: str
    weekday: int = 0
    hour: int = 9
    minute: int = 0
    timezone: str = "UTC"
    last_fingerprint: str = ""
    shown_bands: Mapping[str, str] = field(default_factory=dict)


class Clients(Protocol):
    """Clients of the workspace."""

    def add(self, client: Client) -> None: ...
    def save(self, client: Client) -> None: ...
    def get(self, client_id: str) -> Client: ...
    def lock(self, client_id: str) -> Client:
        """The client, locked against other writers until the unit ends: plans, decisions and stages change under it."""

    def all(self) -> list[Client]: ...
    def named(self, normal_names: Iterable[str]) -> dict[str, Client]:
        """The clients whose normalised name or alias is among these, by that name."""

    def names(self) -> list[tuple[str, str]]:
        """Every (normalised name or alias, client id)."""

    def of_channel(self, channel_id: str) -> Client | None: ...


class Signals(Protocol):
    """The ledger. Rows are never deleted."""

    def add(self, signal: Signal) -> None: ...
    def save(self, signal: Signal) -> None: ...
    def get(self, signal_id: str) -> Signal: ...
    def find(self, signal_id: str) -> Signal | None: ...
    def scoring(self, client_id: str, since: datetime, lasting_types: Iterable[str]) -> list[Signal]:
        """What can still matter to a score: all since then, and all of the lasting types; oldest first."""

    def scoring_of_all(self, since: datetime, lasting_types: Iterable[str]) -> dict[str, list[Signal]]:
        """The same for every client of the workspace, by client id, in one query."""

    def history(self, client_id: str, limit: int, before: datetime | None = None) -> list[Signal]: ...
    def count_live(self) -> int: ...
    def reactions_on(self, channel_id: str, message_ts: str, type_code: str) -> list[Reaction]: ...
    def keep_reaction(self, reaction: Reaction) -> bool:
        """Stores the reaction unless a newer word of this person is known; True when it was stored."""


class Standings(Protocol):
    """The last reading per client."""

    def find(self, client_id: str) -> Standing | None: ...
    def save(self, standing: Standing) -> None: ...
    def all(self) -> dict[str, Standing]: ...


class People(Protocol):
    """Cached members and places; both are read again from Slack when old or before a post."""

    def find_member(self, member_id: str) -> Member | None: ...
    def save_member(self, member: Member) -> None: ...
    def members(self) -> list[Member]: ...
    def find_place(self, channel_id: str) -> Place | None: ...
    def save_place(self, place: Place) -> None: ...


class Plans(Protocol):
    """Redirection plans."""

    def save(self, plan: Plan) -> None: ...
    def get(self, plan_id: str) -> Plan: ...
    def of_client(self, client_id: str) -> list[Plan]:
        """Newest first."""

    def running(self) -> list[Plan]: ...


class Decisions(Protocol):
    """Considerations of ending."""

    def save(self, decision: Decision) -> None: ...
    def get(self, decision_id: str) -> Decision: ...
    def current(self, client_id: str) -> Decision | None:
        """The newest that was not dropped."""


class Partings(Protocol):
    """Exits and their tickets."""

    def save(self, parting: Parting) -> None: ...
    def get(self, parting_id: str) -> Parting: ...
    def lock(self, parting_id: str) -> Parting:
        """The parting, locked against other writers until the unit ends; always before any of its tickets."""

    def of_client(self, client_id: str) -> Parting | None: ...
    def all(self) -> list[Parting]: ...
    def add_tickets(self, tickets: Sequence[Ticket]) -> None: ...
    def save_ticket(self, ticket: Ticket) -> None: ...
    def ticket(self, ticket_id: str) -> Ticket: ...
    def lock_ticket(self, ticket_id: str) -> Ticket:
        """The ticket, locked against other workers until the unit ends."""

    def tickets(self, parting_id: str) -> list[Ticket]: ...
    def unfinished_tickets(self, look_before: datetime) -> list[Ticket]:
        """New and sending tickets whose `look_at` (or, without one, `updated_at`) lies before this time."""


class Notices(Protocol):
    """Letters."""

    def save(self, notice: Notice) -> None: ...
    def get(self, notice_id: str) -> Notice: ...
    def of_parting(self, parting_id: str) -> Notice | None: ...


class Posts(Protocol):
    """Messages of ours, so that they can be updated, found again and taken back."""

    def find(self, key: str) -> Post | None: ...
    def save(self, post: Post) -> None: ...
    def in_channel(self, channel_id: str) -> list[Post]: ...
    def forget(self, key: str) -> None: ...


class Digests(Protocol):
    """Where digests go."""

    def channels(self) -> list[DigestChannel]: ...
    def find(self, channel_id: str) -> DigestChannel | None: ...
    def save(self, channel: DigestChannel) -> None: ...


class Dues(Protocol):
    """Due times of the workspace."""

    def set(self, due: Due) -> None:
        """Adds the due time or moves it."""

    def find(self, kind: str, subject: str) -> Due | None: ...
    def drop(self, kind: str, subject: str) -> None: ...


class Inbox(Protocol):
    """Acknowledged events."""

    def accept(self, event: InboxEvent) -> bool:
        """Stores the event; False when this `event_id` was already there."""

    def get(self, event_id: str) -> InboxEvent: ...
    def mark_handled(self, event_id: str, at: datetime) -> None: ...
    def erase_payloads(self, before: datetime) -> int:
        """Blanks the payloads of handled events received before this time; returns how many."""


class Jobs(Protocol):
    """Work that is enqueued if, and only if, the unit commits."""

    def add(self, job: Job) -> None: ...


class Audit(Protocol):
    """The audit log."""

    def add(self, entry: AuditEntry) -> None: ...
    def newest(self, limit: int) -> list[AuditEntry]: ...


class UnitOfWork(Protocol):
    """One transaction of one workspace: committed when the block ends, rolled back when it raises."""

    workspace_id: str
    clients: Clients
    signals: Signals
    standings: Standings
    people: People
    plans: Plans
    decisions: Decisions
    partings: Partings
    notices: Notices
    posts: Posts
    digests: Digests
    dues: Dues
    inbox: Inbox
    jobs: Jobs
    audit: Audit

    def workspace(self) -> Workspace: ...
    def save_workspace(self, workspace: Workspace) -> None: ...


class HouseKeeping(Protocol):
    """One transaction over all workspaces, for the sweep and retention."""

    jobs: Jobs

    def workspaces(self) -> list[Workspace]: ...
    def find_workspace(self, workspace_id: str) -> Workspace | None: ...
    def add_workspace(self, workspace: Workspace) -> None: ...
    def due(self, now: datetime, limit: int) -> list[Due]:
        """What is due, earliest first."""

    def move(self, due: Due, due_at: datetime | None) -> None:
        """Moves a due time, or drops it when there is no next one."""

    def digest_channel(self, workspace_id: str, channel_id: str) -> DigestChannel | None: ...

    def erase_payloads(self, before: datetime) -> int: ...


class Units(Protocol):
    """Opens units of work. A database that can't be reached raises `UnavailableError`."""

    def begin(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        """A unit that may write."""

    def read(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        """A unit that only reads: it never waits for a writer."""

    def house(self) -> AbstractContextManager[HouseKeeping]: ...


# --- trackers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOrder:
    """What a ticket shall say. `parent_ref` is empty on the parent; plain text throughout."""

    marker: str
    run_marker: str
    title: str
    details: str
    due_on: date | None
    assignee_email: str
    parent_ref: str
    is_parent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRef:
    """How a tracker names a ticket: `ref` never changes, `key` is what people see."""

    ref: str
    key: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStatus:
    """What the tracker says of a ticket now. `exists` False: somebody deleted it."""

    exists: bool
    done: bool = False
    title: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where tickets go and who sees it. `problem` is a sentence when it must not be used."""

    id: str
    name: str
    url: str
    audience: str
    problem: str = ""
    required_fields: tuple[str, ...] = field(default=())


class Tracker(Protocol):
    """A place for tickets. Every method makes bounded calls and raises `TrackerError`s only.

    `quiet_period` is how long after a request a clean look proves that nothing was created.
    """

    name: str
    label: str
    quiet_period: timedelta

    def watermark(self) -> str:
        """What to remember before sending, so that a look need not trust the search index."""

    def create(self, order: TicketOrder) -> TicketRef:
        """Sends exactly one request."""

    def find(self, order: TicketOrder, attempt_at: datetime, watermark: str) -> list[TicketRef]:
        """Every ticket that carries the order's marker, oldest first."""

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]: ...
    def doubles(self, run_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        """Tickets of the run by marker, for the sweep that looks for doubles."""

    def mark_double(self, ref: str, original: TicketRef) -> None:
        """Says on the ticket that it is a double; never deletes."""

    def destination(self) -> Destination: ...


# --- the workplace (Slack, reading side) --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMessage:
    """A message that was reacted to. `text` is empty when the history may not be read."""

    text: str
    author_id: str
    thread_ts: str
    link: str


class Directory(Protocol):
    """Reads people, places and messages from the workplace; `fresh` goes round the cache."""

    def member(self, workspace_id: str, member_id: str, *, fresh: bool = False) -> Member: ...
    def refresh_members(self, workspace_id: str) -> int: ...
    def place(self, workspace_id: str, channel_id: str, *, fresh: bool = False) -> Place: ...
    def message(self, channel_id: str, message_ts: str) -> FoundMessage: ...
