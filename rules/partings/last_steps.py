"""The last steps of a parting: the client's receipt, what is frozen at the close, what was learnt (HO11, AF01-AF05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.clients.stages import Origin
from rules.errors import InvalidError
from rules.health.score import Band, LineKind
from rules.partings.deliverables import Answer, Source

LOOK_BACK_AFTER = timedelta(days=30)
RECEIPT_WORKING_DAYS = 5
LOOK_BACK_TASK = "look_back"


class Way(StrEnum):
    """How we know that the client has everything; `default`: we asked and nobody objected in time."""

    MAIL = "mail"
    CALL = "call"
    MEETING = "meeting"
    CHAT = "chat"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The client has everything. `by_id` is who of us wrote it down, empty for the default."""

    on: date
    way: Way
    by_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptQuestion:
    """We asked the client to confirm; silence until the end of `until` counts as a yes."""

    asked_on: date
    until: date
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenLine:
    """A line of the score without words of anybody: `type` is a code of the catalogue."""

    kind: LineKind
    points_tenths: int
    type: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenTask:
    """A task by its code, and what became of it."""

    code: str
    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenAnswer:
    """A deliverable by its number on the list."""

    answer: Answer | None
    source: Source | None
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How it stood at the close. It explains the parting a year later, when all texts may be gone.

    Nothing here was written by a person. `score_tenths` is None where it was too early to say.
    """

    at: datetime
    origin: Origin
    formula: str
    band: Band
    score_tenths: int | None
    lines: tuple[FrozenLine, ...]
    last_day: date
    told_on: date | None
    tasks: tuple[FrozenTask, ...]
    answers: tuple[FrozenAnswer, ...]
    letter: str = ""
    letter_language: str = ""
    letter_sent_on: date | None = None
    letter_received_on: date | None = None
    receipt: Way | None = None
    receipt_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retro:
    """Three answers: what we missed, what worked, what we ask the next client (AF01-AF03)."""

    missed: str
    worked: str
    ask_next: str
    by_id: str
    on: date


class Feeling(StrEnum):
    """What stayed after 30 days (AF05)."""

    RELIEF = "relief"
    BOTH = "both"
    REGRET = "regret"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """What 30 days later somebody found."""

    access_gone: bool
    money_in: bool
    feeling: Feeling
    left: str
    by_id: str
    on: date


def require_good_receipt(receipt: Receipt, today: date) -> None:
    if receipt.on > today:
        raise InvalidError("That day is still to come.", {"received_on": "Choose today or an earlier day."})
