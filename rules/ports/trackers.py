"""A place for tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOrder:
    """What a ticket shall say. `parent_ref` is empty on the parent; plain text throughout.

    `answers` are what an admin said once to the fields that the tracker requires besides, by field id. `due_on` and
    `today` are days in `timezone`. `assignee` is an account there, or blank.
    """

    marker: str
    run_marker: str
    title: str
    details: str
    due_on: date | None
    timezone: str = "UTC"
    today: date | None = None
    assignee: str
    parent_ref: str
    is_parent: bool
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRef:
    """How a tracker names a ticket: `ref` never changes, `key` is what people see."""

    ref: str
    key: str
    url: str


class Presence(StrEnum):
    """Whether a ticket is there. `GONE` is proven: it is not there, while our account sees the place where it was.

    A `HIDDEN` one is kept from our account. A ticket of which nothing is known is neither, and left out of an answer.
    """

    SEEN = "seen"
    HIDDEN = "hidden"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStatus:
    """What the tracker says of a ticket now.

    `complete`: somebody ticked it as finished. `closed`: the tracker counts it as over, whatever that means; `names`
    say what, the most particular one first (a resolution, a status, a list), and `closed_as` words it for people.
    `due_at` is an instant where the tracker knows no days. `key` and `url` are blank where they never change.
    """

    presence: Presence = Presence.SEEN
    complete: bool = False
    closed: bool = False
    names: tuple[str, ...] = ()
    closed_as: str = ""
    title: str = ""
    due_on: date | None = None
    due_at: datetime | None = None
    key: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What shall be written anew on a ticket: another day, that it is finished, or that it is not needed (`dropped`).

    `said` is what an admin said of names, by plain name (see `rules.partings.tickets.outcomes`).
    """

    due_on: date | None = None
    done: bool = False
    dropped: bool = False
    said: Mapping[str, bool] = field(default_factory=dict)
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketHint:
    """A tracker's word that something happened to a ticket. It is never believed: the ticket is read again.

    `event_id` is the same for every repeat of this word.
    """

    tracker: str
    event_id: str
    ref: str
    is_new: bool


class Webhook(Protocol):
    """What a tracker sends us by itself. Pure."""

    def is_genuine(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Whether the tracker sent this body; `secret` comes from the address. Header names are in lower case."""

    def read(self, headers: Mapping[str, str], body: bytes) -> TicketHint | None:
        """None when it concerns no ticket. A body of another shape raises `ValueError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Somebody who sees a destination, as the tracker names them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who can be given a ticket there. Most trackers hide the e-mail: then it is blank (facts 8.5)."""

    id: str
    name: str
    email: str = ""


class FieldKind(StrEnum):
    """What a field takes where it offers no choices of its own."""

    TEXT = "text"
    NUMBER = "number"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredField:
    """A field without which the tracker takes no ticket. `choices` are (value, label); none: any text, or a number.

    `many`: it takes several; an answer then holds them with commas between.
    """

    id: str
    name: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where tickets go and who sees it. `problem` is a sentence when it must not be used.

    `people` are those who see it and whom the tracker names one by one. `endings` are the names under which a ticket
    counts as over there, whatever each of them means; `endings_by_ref` are those of places that may be parents which
    we made. `layout` says how tickets lie there, `remarks` what works less well there than it could.
    """

    id: str
    name: str
    url: str
    audience: str
    problem: str = ""
    required_fields: tuple[RequiredField, ...] = ()
    people: tuple[Onlooker, ...] = ()
    endings: tuple[str, ...] = ()
    endings_by_ref: Mapping[str, str] = field(default_factory=dict)
    layout: str = ""
    remarks: tuple[str, ...] = ()


class Tracker(Protocol):
    """A place for tickets. Every method makes bounded calls and raises `TrackerError`s only.

    `is_inside` says that the tasks stay in Amicable. `quiet_period` is how long after a request a clean look proves
    that nothing was created. `expires_on` is the last day of our access, where somebody has said so.
    """

    name: str
    label: str
    quiet_period: timedelta
    is_inside: bool
    expires_on: date | None

    def watermark(self) -> str:
        """What to remember before sending, so that a look need not trust the search index."""

    def create(self, order: TicketOrder) -> TicketRef:
        """Sends exactly one request."""

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        """One look for several orders of one run: by marker every ticket that carries it, oldest first.

        A parent that lost its marker since is known by the run's tasks in it.
        `attempt_at` and `watermark` are those of the earliest of them. A marker that is missing from the answer is on
        no ticket that the tracker knows by now, and our account would see it.
        """

    def glance(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """The same from an index that may be minutes old, where it spares requests; what is missing has to be read."""

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """By ref, each that something is known of. Our own account being at fault raises `NeedsHumanError`."""

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        """The marker of the ticket with this `ref`; None when it is none of ours, marked as a double, or gone."""

    def update(self, ref: str, change: TicketChange) -> None:
        """Writes this on the ticket; repeating it does no harm. A parent takes what it has a place for."""

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        """Tickets of the run by marker, for the sweep that looks for doubles."""

    def tidy(self, parent_ref: str) -> None:
        """All tickets of the run are accounted for: takes from the parent what people need not see of our marker."""

    def mark_double(self, ref: str, original: TicketRef) -> None:
        """Says on the ticket that it is a double; never deletes."""

    def destination(self) -> Destination: ...
    def accounts(self) -> list[Account]:
        """Whom a ticket can be given to."""

    def keep_webhook(self) -> None:
        """Has the tracker tell us of changes by itself, where we can see to that: registered, and switched on."""

    def webhook_fault(self) -> str:
        """Why the tracker does not tell us of changes by itself, as far as it can be known; blank when it does."""
