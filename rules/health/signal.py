"""One entry of a client's ledger. The row stays for ever; withdrawing and excusing are further facts on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from rules.clients.people import Member, Place
from rules.clients.places import may_read

NOTE_LENGTH = 3000
CORRECTED = "corrected"  # the reason that stands beside a note which another one corrects


class Side(StrEnum):
    """Whose doing it is. Only `theirs` costs points; `ours` stands beside the score (HS18)."""

    THEIRS = "theirs"
    PRAISE = "praise"
    OURS = "ours"


class Severity(StrEnum):
    """How bad: pink flags are early warnings (RF33)."""

    PINK = "pink"
    RED = "red"


class Source(StrEnum):
    """The way in."""

    REACTION = "reaction"
    COMMAND = "command"
    SHORTCUT = "shortcut"
    FORM = "form"
    IMPORT = "import"
    SENSOR = "sensor"


class State(StrEnum):
    """Only live signals count; the others stay visible at 0 points."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    EXCUSED = "excused"


class Evidence(StrEnum):
    """What became of the message that a note hangs on, as far as we were told."""

    STANDS = "stands"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A correction of a note in its place: until `at` it had this severity. Words that were changed are not kept."""

    at: datetime
    by_id: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A red flag, praise or our miss.

    `happened_at` is the message's time, `happened_on` its date in the workspace's time zone; `logged_*` is when
    it was written down. `type` is a code of the catalogue. `thread` names the Slack thread it belongs to.
    `settled_at` is when it came into its state, where that was not on logging. Another type or client is another row:
    `corrected_by` names it, and there `corrects` names this one. `answers` are those to the questions of its type, by
    the question's code: codes themselves, never words that somebody wrote. `excerpt` is what we keep of the message,
    `fingerprint` that of its whole text, so that an edit is noticed without keeping more. `guessed`: words suggested
    its type, and nobody has said yet that it is right.
    """

    id: str
    workspace_id: str
    client_id: str
    type: str
    side: Side
    severity: Severity = Severity.RED
    state: State = State.LIVE
    source: Source
    reporter_id: str
    witness_ids: tuple[str, ...] = ()
    happened_at: datetime
    happened_on: date
    logged_at: datetime
    logged_on: date
    note: str = ""
    excerpt: str = ""
    link: str = ""
    channel_id: str = ""
    message_ts: str = ""
    thread: str = ""
    state_reason: str = ""
    reviewed_at: datetime | None = None
    settled_at: datetime | None = None
    corrects: str = ""
    corrected_by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    asked_kindly: bool = False
    guessed: bool = False
    due_on: date | None = None
    paid_on: date | None = None
    fingerprint: str = ""
    evidence: Evidence = Evidence.STANDS
    revisions: tuple[Revision, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Its message was not read when it was logged; what was deleted meanwhile is not read any more."""
        return not self.fingerprint and self.evidence is not Evidence.DELETED


class Outline(NamedTuple):
    """A live note in the few fields that the score is made of."""

    id: str
    type: str
    side: Side
    severity: Severity
    source: Source
    reporter_id: str
    witness_ids: tuple[str, ...]
    happened_on: date
    reviewed_at: datetime | None
    happened_at: datetime
    guessed: bool = False
    due_on: date | None = None
    paid_on: date | None = None
    state: State = State.LIVE


def outlined(note: Signal) -> Outline:
    """A note that was read whole."""
    return Outline(
        id=note.id,
        type=note.type,
        side=note.side,
        severity=note.severity,
        source=note.source,
        reporter_id=note.reporter_id,
        witness_ids=note.witness_ids,
        happened_on=note.happened_on,
        reviewed_at=note.reviewed_at,
        happened_at=note.happened_at,
        guessed=note.guessed,
        due_on=note.due_on,
        paid_on=note.paid_on,
        state=note.state,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """The newest word (by `event_ts`) of one person about one emoji on one message. A type may have several emoji."""

    workspace_id: str
    channel_id: str
    message_ts: str
    type: str
    emoji: str = ""
    person_id: str
    event_ts: str
    present: bool


def without_words(note: Signal) -> Signal:
    """What somebody took back is not kept by us either."""
    return replace(note, excerpt="", fingerprint="", evidence=Evidence.DELETED)


def hidden_notes(places: Mapping[str, Place | None], reader: Member, signals: Iterable[Signal]) -> frozenset[str]:
    """Notes from private conversations that the reader is not in: what Slack does not show, we don't either."""
    return frozenset(
        signal.id
        for signal in signals
        if signal.channel_id and signal.reporter_id != reader.id and not may_read(places.get(signal.channel_id), reader)
    )


def message_time(message_ts: str) -> datetime:
    """A signal's time is the message's time; Slack's `ts` is seconds since 1970."""
    return datetime.fromtimestamp(float(message_ts), UTC)
