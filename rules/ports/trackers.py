"""A place for tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOrder:
    """What a ticket shall say. `parent_ref` is empty on the parent; plain text throughout.

    `answers` are what an admin said once to the fields that the tracker requires besides, by field id.
    """

    marker: str
    run_marker: str
    title: str
    details: str
    due_on: date | None
    assignee_email: str
    parent_ref: str
    is_parent: bool
    answers: Mapping[str, str] = field(default_factory=dict)


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
class TicketChange:
    """What shall be written anew on a ticket: another day, or that it is finished."""

    due_on: date | None = None
    done: bool = False


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
class RequiredField:
    """A field without which the tracker takes no ticket. `choices` are (value, label); none: any text."""

    id: str
    name: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where tickets go and who sees it. `problem` is a sentence when it must not be used.

    `people` are those who see it and whom the tracker names one by one.
    """

    id: str
    name: str
    url: str
    audience: str
    problem: str = ""
    required_fields: tuple[RequiredField, ...] = ()
    people: tuple[Onlooker, ...] = ()


class Tracker(Protocol):
    """A place for tickets. Every method makes bounded calls and raises `TrackerError`s only.

    `is_inside` says that the tasks stay in Amicable. `quiet_period` is how long after a request a clean look proves
    that nothing was created.
    """

    name: str
    label: str
    quiet_period: timedelta
    is_inside: bool

    def watermark(self) -> str:
        """What to remember before sending, so that a look need not trust the search index."""

    def create(self, order: TicketOrder) -> TicketRef:
        """Sends exactly one request."""

    def find(self, order: TicketOrder, attempt_at: datetime, watermark: str) -> list[TicketRef]:
        """Every ticket that carries the order's marker, oldest first."""

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]: ...
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
