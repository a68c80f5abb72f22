"""Since when: the week in which a client's numbers turned, against the client's own weeks before (RF42, HS15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

WEEKS: Final = 8
LEAST_WEEKS: Final = 3
NOTICEABLE: Final = 8
SLOW_WEEKS: Final = 13
TREND_WEEKS: Final = 53


class Way(StrEnum):
    """What a trend says. `slow`: no week in which it turned, and yet lower than a quarter ago."""

    DOWN = "down"
    UP = "up"
    SLOW = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """`weeks_ago`: how many weeks before the newest one it began, None where there was no turn.

    `change` is the difference to the week before the newest, in whole points; None where there was no number.
    """

    way: Way
    weeks_ago: int | None = None
    change: int | None = None


def turn(numbers: Sequence[int | None]) -> Turn:
    """From the number of each week, oldest first; None where it was too early to say."""
    known = _since_last_gap(numbers)
    change = known[-1] - known[-2] if len(known) > 1 else None
    if not known:
        return Turn(Way.UNKNOWN)
    found = _turned(known)
    if found is not None:
        began, fell = found
        return Turn(Way.DOWN if fell else Way.UP, len(known) - 1 - began, change)
    before = known[-SLOW_WEEKS - 1 :]
    if len(before) > LEAST_WEEKS and before[0] - before[-1] >= NOTICEABLE:
        return Turn(Way.SLOW, len(known) - 1 - _began_to_fall(known), change)
    return Turn(Way.STEADY, None, change)


def _since_last_gap(numbers: Sequence[int | None]) -> list[int]:
    """The numbers behind the last week without one."""
    known: list[int] = []
    for number in reversed(numbers):
        if number is None:
            break
        known.append(number)
    return known[::-1]


def _turned(known: Sequence[int]) -> tuple[int, bool] | None:
    """The newest turn: the place of its first week, and whether it was a fall."""
    gaps = {
        place: median(known[place : place + WEEKS]) - median(known[max(0, place - WEEKS) : place])
        for place in range(LEAST_WEEKS, len(known) - LEAST_WEEKS + 1)
    }
    turned = [place for place, gap in gaps.items() if abs(gap) >= NOTICEABLE]
    if not turned:
        return None
    last = turned[-1]
    fell = gaps[last] < 0
    first = last
    while first - 1 in gaps and abs(gaps[first - 1]) >= NOTICEABLE and (gaps[first - 1] < 0) is fell:
        first -= 1
    widest = max(range(first, last + 1), key=lambda place: (abs(gaps[place]), -place))
    return _first_week(known, widest, fell=fell), fell


def _first_week(known: Sequence[int], widest: int, *, fell: bool) -> int:
    """Behind the last week that still was as it had been before."""
    level = median(known[max(0, widest - WEEKS) : widest])
    place = widest + LEAST_WEEKS
    while place > 0 and _has_left(known[min(place, len(known)) - 1], level, fell=fell):
        place -= 1
    return min(place, len(known) - 1)


def _has_left(number: int, level: float, *, fell: bool) -> bool:
    """By more than two ordinary weeks of one level may lie apart."""
    return (level - number if fell else number - level) > NOTICEABLE / 2


def _began_to_fall(known: Sequence[int]) -> int:
    """Behind the newest peak of what has only gone down since."""
    top = max(known)
    return min(len(known) - 1, max(place for place, number in enumerate(known) if number == top) + 1)
