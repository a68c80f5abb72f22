"""What needs somebody: kinds, whose it is, and how far it goes up when it is left (design section 5, "Digest")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from rules.workdays import is_working

LEFT_TO_DECIDERS: Final = 5  # working days
LEFT_TO_ADMINS: Final = 10
_DAY: Final = timedelta(days=1)


class NeedKind(StrEnum):
    """What may need somebody, in the order in which it is named where a client needs several things."""

    ACT_NOW = "act_now"
    DECISION = "decision"
    UNPLANNED = "unplanned"
    OUTCOME = "outcome"
    LETTER = "letter"
    PARTING = "parting"
    DELIVERABLES = "deliverables"
    CHECKPOINT = "checkpoint"
    PROMISE = "promise"
    MILESTONE = "milestone"
    TERM_OVER = "term_over"
    NOTICE_DAY = "notice_day"
    ANSWER = "answer"
    RETRO = "retro"
    SILENT = "silent"
    UNCONFIRMED = "unconfirmed"
    UNSORTED = "unsorted"
    WORD = "word"


# What goes up when it is left. An answer owed is the sensor's to count, a lesson and a type are nobody else's matter.
GOES_UP: Final = frozenset(NeedKind) - {
    NeedKind.ANSWER,
    NeedKind.RETRO,
    NeedKind.SILENT,
    NeedKind.UNCONFIRMED,
    NeedKind.UNSORTED,
    NeedKind.WORD,
}


# What follows when nobody acts, in plain words; a source that knows it better says so itself.
OTHERWISE: Final[Mapping[NeedKind, str]] = MappingProxyType(
    {
        NeedKind.ACT_NOW: "It stays on top, whatever the number says.",
        NeedKind.DECISION: "Nothing is decided by itself.",
        NeedKind.UNPLANNED: "After two weeks the agency's owner hears of it.",
        NeedKind.OUTCOME: "The plan counts as running on, and nobody learns whether it helped.",
        NeedKind.LETTER: "It goes nowhere; after 8 working days those who decide see it too.",
        NeedKind.PARTING: "After 10 working days the admins are told, once.",
        NeedKind.DELIVERABLES: "It stays open what we still finish for them.",
        NeedKind.CHECKPOINT: "A plan whose checkpoint is missed for a week counts as not running.",
        NeedKind.PROMISE: "Our promise is broken. After 5 working days it goes to all who decide.",
        NeedKind.MILESTONE: "Nobody knows whether it was kept. After 5 working days it goes to all who decide.",
        NeedKind.TERM_OVER: "It is asked once more after two weeks; then it only stands here.",
        NeedKind.NOTICE_DAY: "It goes on as the contract says.",
        NeedKind.ANSWER: "It is noted as our miss.",
        NeedKind.RETRO: "What it taught is forgotten; nobody else is asked.",
        NeedKind.SILENT: "After 90 days without a note the number says nothing any more.",
        NeedKind.UNCONFIRMED: "It goes on counting nothing; you are not asked again.",
        NeedKind.UNSORTED: "It goes on counting nothing.",
        NeedKind.WORD: "",
    }
)


class Reach(IntEnum):
    """How far something has gone up: after 5 working days to those who decide, after 10 to the admins, no further."""

    OWNER = 0
    DECIDERS = 1
    ADMINS = 2


def working_days_left(due_on: date, today: date, country: str) -> int:
    """How many working days something has been left since its day was over; 0 until then."""
    days, day = 0, due_on
    while day < today:
        day += _DAY
        days += is_working(day, country)
    return days


def reach(kind: NeedKind, days_left: int) -> Reach:
    """`days_left` as `working_days_left` counts them."""
    if kind not in GOES_UP or days_left < LEFT_TO_DECIDERS:
        return Reach.OWNER
    return Reach.DECIDERS if days_left < LEFT_TO_ADMINS else Reach.ADMINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose something is. `named`: whose turn it is; `role`: who else could settle it."""

    named: tuple[str, ...] = ()
    role: frozenset[str] = frozenset()

    def is_of(self, person_id: str) -> bool:
        return person_id in self.named or person_id in self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What needs somebody: since when, and until which day it was in time.

    `what` it is in words, `way` names the button that settles it and `value` what that carries. `is_secret`: only those
    who decide may know. `is_cover`: those who decide have it in hand, and whoever may not know that goes on seeing it.
    `days_left` are working days after `due_on`.
    """

    kind: NeedKind
    client_id: str
    what: str
    way: str
    value: str
    turn: Whose
    since: date
    due_on: date | None = None
    is_secret: bool = False
    is_cover: bool = False
    days_left: int = 0

    @property
    def is_late(self) -> bool:
        return self.days_left > 0

    @property
    def reach(self) -> Reach:
        return reach(self.kind, self.days_left)


M = TypeVar("M", bound=Matter)


def theirs(matters: Iterable[M], person_id: str) -> list[M]:
    """What is this person's to settle: "act now" first, then their own, then their role's, each the oldest first."""
    own = [each for each in matters if each.turn.is_of(person_id) and not each.is_cover]
    return sorted(
        own,
        key=lambda each: (each.kind is not NeedKind.ACT_NOW, person_id not in each.turn.named, each.since),
    )
