"""What moved the number between two accounts; the moves add up exactly to the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.health.score import Health, Line, LineKind


class Cause(StrEnum):
    """Why the number moved; the first six are about one note each."""

    NEW = "new"
    TAKEN_BACK = "taken_back"
    EXCUSED = "excused"
    BROUGHT_BACK = "brought_back"
    REVISED = "revised"
    REPEATED = "repeated"
    FADED = "faded"
    PRAISE_FADED = "praise_faded"
    LIMIT = "limit"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One cause and what it did. `signal_ids` are the notes it is about, `limit` the limit that took another size."""

    cause: Cause
    points_tenths: int
    signal_ids: tuple[str, ...] = ()
    limit: LineKind | None = None


_TOGETHER: Final = (Cause.REPEATED, Cause.FADED, Cause.PRAISE_FADED)
_STRUCK: Final = {LineKind.WITHDRAWN: Cause.TAKEN_BACK, LineKind.EXCUSED: Cause.EXCUSED}


def moves(before: Health, after: Health) -> tuple[Move, ...]:
    """Notes one by one, the biggest first; then what happened to many at once, the limits, and what can't be seen.

    Both accounts have to be those of one reader.
    """
    by_note = list(_note_moves(before.lines, after.lines))
    single = [move for move in by_note if move.cause not in _TOGETHER]
    together = [_sum_of(cause, [move for move in by_note if move.cause is cause]) for cause in _TOGETHER]
    every = (*sorted(single, key=_biggest_first), *together, *_other_moves(before.lines, after.lines))
    return tuple(move for move in every if move.points_tenths)


def _note_moves(before: Iterable[Line], after: Iterable[Line]) -> Iterator[Move]:
    was = {line.signal_id: line for line in before if line.signal_id}
    now = {line.signal_id: line for line in after if line.signal_id}
    for signal_id in {**was, **now}:
        old, new = was.get(signal_id), now.get(signal_id)
        points = (new.points_tenths if new else 0) - (old.points_tenths if old else 0)
        if points:
            yield Move(cause=_cause(old, new), points_tenths=points, signal_ids=(signal_id,))


def _cause(old: Line | None, new: Line | None) -> Cause:
    if new is None or old is None:
        line = old or new
        return Cause.NEW if old is None else _fading(line)
    if new.kind in _STRUCK:
        return _STRUCK[new.kind]
    if old.kind in _STRUCK:
        return Cause.BROUGHT_BACK
    if old.severity != new.severity:
        return Cause.REVISED
    return Cause.REPEATED if old.repeat_percent != new.repeat_percent else _fading(new)


def _fading(line: Line | None) -> Cause:
    return Cause.PRAISE_FADED if line and line.kind is LineKind.PRAISE else Cause.FADED


def _other_moves(before: Iterable[Line], after: Iterable[Line]) -> Iterator[Move]:
    sums: dict[LineKind, int] = defaultdict(int)
    for sign, lines in ((-1, before), (1, after)):
        for line in lines:
            if not line.signal_id:
                sums[line.kind] += sign * line.points_tenths
    for kind, points in sums.items():
        hidden = kind is LineKind.HIDDEN
        yield Move(cause=Cause.HIDDEN if hidden else Cause.LIMIT, points_tenths=points, limit=None if hidden else kind)


def _sum_of(cause: Cause, parts: Iterable[Move]) -> Move:
    found = list(parts)
    return Move(
        cause=cause,
        points_tenths=sum(move.points_tenths for move in found),
        signal_ids=tuple(signal_id for move in found for signal_id in move.signal_ids),
    )


def _biggest_first(move: Move) -> tuple[int, tuple[str, ...]]:
    return -abs(move.points_tenths), move.signal_ids
