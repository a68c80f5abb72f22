"""What is stored of one workspace, repository by repository."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from rules.clients.accord import Accord
from rules.clients.client import Client
from rules.clients.people import Member, Place
from rules.clients.watch import Watch
from rules.decisions.decision import Decision
from rules.decisions.perspective import Perspective
from rules.decisions.plan import Plan
from rules.health.days.standing import Standing
from rules.health.measures import Invoice, MonthlyHours, ResponseClock
from rules.health.pulse import PulseRound
from rules.health.signal import Outline, Reaction, Signal
from rules.notices.notice import Notice
from rules.nudges.nudge import Nudge, Recipient
from rules.nudges.receipt import NoteReceipt
from rules.partings.parting import Parting, Ticket
from rules.ports.records import AuditEntry, DigestChannel, Due, InboxEvent, Post
from rules.ports.work import DueJob, Job


class Clients(Protocol):
    """Clients of the workspace."""

    def add(self, client: Client) -> None: ...
    def save(self, client: Client) -> None: ...
    def get(self, client_id: str) -> Client:
        """The client; of one that was merged into another, that other one: old buttons lead there."""

    def lock(self, client_id: str) -> Client:
        """The same, locked against other writers until the unit ends: plans, decisions and stages change under it.

        One that was erased is refused, so that nothing about it is stored any more; and a demo, which never changes.
        """

    def all(self, *, archived: bool = False) -> list[Client]:
        """Those in use, or with `archived` those too; merged and erased ones and a demo never."""

    def demo(self) -> Client | None:
        """The one that is made up to look at; besides here it is found by its id and by its whole name alone."""

    def found(self, typed: str, most: int, skipped: int = 0) -> list[Client]:
        """Clients in use for what somebody types: names that begin with it, then words that do, then the others."""

    def named(self, normal_names: Iterable[str]) -> dict[str, Client]:
        """The clients whose normalised name or alias is among these, by that name."""

    def ways(self, normal_names: Iterable[str], channel_ids: Iterable[str]) -> dict[str, Client]:
        """The same, and the clients of these channels, by name or channel; a normalised name is never a channel's id.

        One statement for all that a text may mean by itself and by where it was typed.
        """

    def names(self) -> list[tuple[str, str]]:
        """Every (normalised name or alias, client id) of clients in use."""

    def merge(self, keeper: Client, gone: Client) -> None:
        """Stores what `rules.clients.merging` made of two, and moves to the keeper what hangs on the other."""

    def move(self, from_id: str, to_id: str) -> int:
        """Moves whatever hangs on one client to another one; how many rows that were."""

    def belongings(self, client_id: str) -> dict[str, int]:
        """How many rows hang on the client, by table."""

    def of_channel(self, channel_id: str) -> Client | None: ...
    def forget_ways(self, client_id: str) -> None:
        """No name, alias or channel leads to the client any more."""


class Signals(Protocol):
    """The ledger. Rows are never deleted."""

    def add(self, signal: Signal) -> None: ...
    def add_new(self, signal: Signal) -> bool:
        """Adds it unless its id is there already; whether it was added."""

    def add_all(self, signals: Sequence[Signal]) -> None:
        """Adds those whose id is not there yet."""

    def known(self, signal_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are there."""

    def some(self, signal_ids: Collection[str]) -> list[Signal]: ...
    def save(self, signal: Signal) -> None: ...
    def get(self, signal_id: str) -> Signal: ...
    def find(self, signal_id: str) -> Signal | None: ...
    def scoring(self, client_id: str, since: datetime, lasting_types: Iterable[str]) -> list[Signal]:
        """What can still matter to a score: all since then, and all of the lasting types; oldest first."""

    def outlines(self, client_id: str, since: datetime, lasting_types: Iterable[str]) -> list[Outline]:
        """Of these the live ones that count for or against the client, in outline and in no order."""

    def outlines_of(
        self, client_ids: Sequence[str], since: datetime, lasting_types: Iterable[str]
    ) -> dict[str, list[Outline]]:
        """The same for several clients, by client id, in one query."""

    def told_in_lists(
        self,
        client_ids: Sequence[str],
        since: datetime,
        lasting_types: Iterable[str],
        *,
        types: Iterable[str],
        logged_after: datetime | None,
    ) -> dict[str, list[Signal]]:
        """Of what can still matter the live ones of these types, and whatever was logged after a time.

        By client id, oldest first, in one query.
        """

    def scoring_of(
        self, client_ids: Sequence[str], since: datetime, lasting_types: Iterable[str]
    ) -> dict[str, list[Signal]]:
        """As `scoring` for several clients, by client id, in one query."""

    def scoring_of_all(self, since: datetime, lasting_types: Iterable[str]) -> dict[str, list[Signal]]:
        """The same for every client of the workspace, by client id, in one query."""

    def history(self, client_id: str, limit: int, before: datetime | None = None) -> list[Signal]: ...
    def page(
        self, client_id: str, limit: int, *, before: Signal | None, side: str = "", state: str = "", type_code: str = ""
    ) -> list[Signal]:
        """Newest first, those that come after `before` in that order; an empty word takes every one."""

    def is_untouched(self, client_id: str) -> bool:
        """Whether this unit has written no note of the client so far."""

    def twins(self, client_id: str, other_id: str) -> list[tuple[str, str]]:
        """Live notes of both clients on one message and of one type: (this one's id, the other's)."""

    def count_live(self) -> int: ...
    def reactions_in(self, channel_id: str) -> list[Reaction]: ...
    def reactions_on(self, channel_id: str, message_ts: str, type_code: str) -> list[Reaction]: ...
    def on_message(self, channel_id: str, message_ts: str) -> list[Signal]:
        """Every note that hangs on this message, whichever its client and state."""

    def keep_reaction(self, reaction: Reaction) -> bool:
        """Stores the reaction unless a newer word of this person about this emoji is known; True when it was stored."""


class Agreements(Protocol):
    """What is measured: invoices, hours, response clocks."""

    def save_invoice(self, invoice: Invoice) -> None: ...
    def invoice(self, invoice_id: str) -> Invoice: ...
    def invoices(self, client_id: str) -> list[Invoice]:
        """The latest due date first."""

    def unpaid(self, due_before: date) -> list[Invoice]:
        """Of all clients, without those that led to a note already."""

    def save_hours(self, month: MonthlyHours) -> None: ...
    def hours(self, client_id: str) -> list[MonthlyHours]:
        """The latest month first."""

    def save_clock(self, clock: ResponseClock) -> None: ...
    def find_clock(self, clock_id: str) -> ResponseClock | None: ...
    def running_clocks(self, client_id: str) -> list[ResponseClock]:
        """The one that ends first comes first."""

    def clocks_ending_after(self, client_id: str, moment: datetime) -> list[ResponseClock]:
        """In whatever state they are."""

    def all_running(self) -> list[ResponseClock]: ...


class Standings(Protocol):
    """The last reading per client."""

    def find(self, client_id: str) -> Standing | None: ...
    def save(self, standing: Standing) -> str:
        """Stores it; its new `ledger_mark`, which counts for nobody where another unit wrote meanwhile."""

    def all(self) -> dict[str, Standing]: ...


class People(Protocol):
    """Cached members and places; both are read again from Slack when old or before a post."""

    def find_member(self, member_id: str) -> Member | None: ...
    def lock_member(self, member_id: str) -> Member | None:
        """The person, locked against other writers until the unit ends; several always in the order of their ids."""

    def save_member(self, member: Member) -> None: ...
    def members(self) -> list[Member]: ...
    def some_members(self, member_ids: Collection[str]) -> list[Member]:
        """Those of them whom we know."""

    def find_place(self, channel_id: str) -> Place | None: ...
    def some_places(self, channel_ids: Collection[str]) -> dict[str, Place]:
        """Those of them that we know, by their ids."""

    def save_place(self, place: Place) -> None: ...


class Watches(Protocol):
    """How we look at channels."""

    def of(self, channel_id: str) -> Watch:
        """What somebody set, or else what holds for every channel."""

    def save(self, watch: Watch) -> None: ...
    def listened(self) -> list[Watch]:
        """Those that we listen to."""


class Plans(Protocol):
    """Redirection plans."""

    def save(self, plan: Plan) -> None: ...
    def get(self, plan_id: str) -> Plan: ...
    def of_client(self, client_id: str) -> list[Plan]:
        """Newest first."""

    def of_clients(self, client_ids: Collection[str]) -> dict[str, list[Plan]]:
        """The same for several clients at once; without those that never had one."""

    def running(self) -> list[Plan]: ...


class Perspectives(Protocol):
    """Looks at ourselves before a plan."""

    def save(self, perspective: Perspective) -> None: ...
    def newest(self, client_id: str) -> Perspective | None: ...


class Accords(Protocol):
    """What both sides expect of each other, term by term."""

    def save(self, accord: Accord) -> None: ...
    def get(self, accord_id: str) -> Accord: ...
    def current(self, client_id: str) -> Accord | None:
        """The one that runs."""

    def running(self) -> list[Accord]:
        """Of every client."""

    def of_client(self, client_id: str) -> list[Accord]:
        """Newest first, those that ended too."""


class Pulses(Protocol):
    """Rounds of the question how it is to work with a client."""

    def save(self, known: PulseRound) -> None: ...
    def find(self, client_id: str, month: date) -> PulseRound | None: ...
    def closed(self, client_id: str, before: datetime, most: int) -> list[PulseRound]:
        """Newest first."""

    def asked_in(self, month: date) -> list[PulseRound]:
        """Of every client."""


class Decisions(Protocol):
    """Considerations of ending."""

    def save(self, decision: Decision) -> None: ...
    def get(self, decision_id: str) -> Decision: ...
    def current(self, client_id: str) -> Decision | None:
        """The newest that was not dropped."""


class Partings(Protocol):
    """Partings and their tickets."""

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
    def known_tickets(self, *, ref: str = "", marker: str = "") -> list[Ticket]:
        """Those with this ref or marker: of several trackers perhaps."""

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
    def claim(self, post: Post) -> bool:
        """Stores the post unless its key is there already; True for the one who may send it."""

    def save(self, post: Post) -> None: ...
    def in_channel(self, channel_id: str) -> list[Post]: ...
    def of_subject(self, kind: str, subject: str) -> list[Post]: ...
    def channels(self) -> list[str]:
        """The ids of channels in which a post of ours stands; private messages are none."""

    def forget(self, key: str) -> None: ...


class Nudges(Protocol):
    """Unasked words, and the people whom they are for."""

    def find(self, nudge_id: str) -> Nudge | None: ...
    def save(self, nudge: Nudge) -> None: ...
    def unsettled(self, person_id: str) -> list[Nudge]:
        """What was not said yet, or said and not settled, in the order of their due times."""

    def in_bundle(self, person_id: str, bundle: str) -> list[Nudge]: ...
    def lock_recipient(self, person_id: str) -> Recipient:
        """The person's wishes, locked against other writers until the unit ends: after all other locks."""

    def recipient(self, person_id: str) -> Recipient: ...
    def save_recipient(self, recipient: Recipient) -> None: ...


class Receipts(Protocol):
    """Receipts of notes that were logged where no answer could be shown."""

    def get(self, known_id: str) -> NoteReceipt: ...
    def find(self, known_id: str) -> NoteReceipt | None: ...
    def save(self, receipt: NoteReceipt) -> None: ...
    def undrawn(self, person_id: str) -> list[NoteReceipt]:
        """Those that are behind their note, the oldest day first."""

    def of_signal(self, signal_id: str) -> list[NoteReceipt]: ...
    def of_day(self, person_id: str, day: date) -> list[NoteReceipt]: ...


class Digests(Protocol):
    """Where digests go."""

    def channels(self) -> list[DigestChannel]: ...
    def find(self, channel_id: str) -> DigestChannel | None: ...
    def save(self, channel: DigestChannel) -> None: ...
    def drop(self, channel_id: str) -> None: ...


class Dues(Protocol):
    """Due times of the workspace."""

    def set(self, due: Due) -> None:
        """Adds the due time or moves it."""

    def find(self, job: DueJob, subject: str) -> Due | None: ...
    def drop(self, job: DueJob, subject: str) -> None: ...
    def drop_handled(self, job: DueJob, subject: str, now: datetime) -> None:
        """Where the sweep has moved it on: one that was set anew meanwhile is due already, and stays."""

    def forget(self, kind: str, subject: str) -> None:
        """Drops a row as it is stored, also of a kind that this version does not know."""


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
    def page(
        self, limit: int, *, before: int | None = None, actions: Collection[str] = ()
    ) -> list[tuple[int, AuditEntry]]:
        """Newest first, each with its number, those below `before`; without `actions` of every kind."""
