"""How it is to work with a client: asked once a month, answered with one tap, shown as one word (D15, RF28, HS17).

Nobody's answer can be told, neither by elimination nor by watching: a round keeps how often each answer was given and,
apart from that, who has answered; it shows nothing before it is closed and nothing below three answers; and its word
is so coarse that whoever knows their own answer can't tell anybody else's (held by a test that tries all of them).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.errors import ConflictError, RefusedError

FEWEST = 3
FIRST_AFTER = timedelta(days=30)
CLOSES_AFTER = timedelta(days=10)
APART = timedelta(days=21)  # who was first asked on the last day of a month is not asked again the next day
SHOWN_FOR = timedelta(days=92)
ANSWERS = (1, 2, 3, 4, 5)  # from "it wears us out" to "a pleasure"
_HEAVY, _LIGHT = 17, 19  # sixths of a mean: below 2 5/6, above 3 1/6


class Mood(StrEnum):
    """What a closed round says."""

    HEAVY = "heavy"
    MIXED = "mixed"
    LIGHT = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseRound:
    """One month of one client. `counts` goes by answer, from 1 to 5; it never says whose. `asked_ids` may answer."""

    workspace_id: str
    client_id: str
    month: date
    closes_at: datetime
    counts: tuple[int, ...] = (0, 0, 0, 0, 0)
    voter_ids: tuple[str, ...] = ()
    asked_ids: tuple[str, ...] = ()


def answered(known: PulseRound, person_id: str, answer: int, now: datetime) -> PulseRound:
    """Once for each person and round. An answer can't be changed: it is not known any more whose it was."""
    if answer not in ANSWERS:
        raise ValueError("No such answer.")
    if now >= known.closes_at:
        raise ConflictError("This month's question is closed. We ask again next month.")
    if person_id not in known.asked_ids:
        raise RefusedError("This question goes to those who work with the client. There is nothing to answer for you.")
    if person_id in known.voter_ids:
        raise ConflictError(
            "You have answered this month already. Nobody can tell which answer was yours, so it stays."
        )
    counts = tuple(count + (value == answer) for value, count in zip(ANSWERS, known.counts, strict=True))
    # Sorted, so that the order of the names says nothing about the order of the answers.
    return replace(known, counts=counts, voter_ids=tuple(sorted((*known.voter_ids, person_id))))


def mood(known: PulseRound, now: datetime) -> Mood | None:
    """The word of a closed round; None while it runs, and below three answers."""
    count = sum(known.counts)
    if now < known.closes_at or count < FEWEST:
        return None
    return mood_of(sum(value * times for value, times in zip(ANSWERS, known.counts, strict=True)), count)


def mood_of(total: int, count: int) -> Mood:
    if total * 6 < _HEAVY * count:
        return Mood.HEAVY
    return Mood.LIGHT if total * 6 > _LIGHT * count else Mood.MIXED


def may_be_asked_again(before: PulseRound | None, now: datetime) -> bool:
    """Whether the round before, if there was one, is old enough."""
    return before is None or now - (before.closes_at - CLOSES_AFTER) >= APART


def is_asked(team: int) -> bool:
    """Below three people no answer could ever be shown, so nobody is asked; a team of one least of all (BR13)."""
    return team >= FEWEST
