"""The limits of formula v1, each a line of its own that gives back what it takes off (FG09, FG11).

They work on lines whose points are already rounded, so that all that follows is whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.health.score import Line, LineKind

DATE_TENTHS: Final = 200
GUT_TENTHS: Final = 50
PRAISE_TENTHS: Final = 100
TOP_TENTHS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The flags of one thread on one date, gut feelings apart from the others: only the costliest counts."""

    is_gut: bool
    lines: Sequence[Line]
    cost_tenths: int

    @classmethod
    def of(cls, lines: Sequence[Line], *, is_gut: bool) -> _Bundle:
        return cls(is_gut, lines, max(-line.points_tenths for line in lines))

    @property
    def relief_tenths(self) -> int:
        return sum(-line.points_tenths for line in self.lines) - self.cost_tenths


@dataclass(frozen=True, slots=True)
class _Day:
    """What one date costs after its threads, before its own limit."""

    bundles: Sequence[_Bundle]
    plain_tenths: int
    gut_tenths: int

    @classmethod
    def of(cls, bundles: Sequence[_Bundle]) -> _Day:
        gut = sum(bundle.cost_tenths for bundle in bundles if bundle.is_gut)
        return cls(bundles, sum(bundle.cost_tenths for bundle in bundles) - gut, gut)

    @property
    def relief_tenths(self) -> int:
        return max(0, self.plain_tenths + self.gut_tenths - DATE_TENTHS)

    @property
    def gut_room_tenths(self) -> int:
        return max(0, min(self.gut_tenths, DATE_TENTHS - self.plain_tenths))


def limit_flags(flags: Iterable[Line], *, threads: Mapping[str, str], gut: AbstractSet[str]) -> list[Line]:
    """The lines of threads, dates and gut feelings. `threads` names each note's thread, `gut` the gut feelings."""
    days = {on: _Day.of(bundles) for on, bundles in _bundled(flags, threads, gut).items()}
    lines = []
    for on, day in sorted(days.items()):
        crowded = [bundle for bundle in day.bundles if len(bundle.lines) > 1]
        lines += [_limit(LineKind.THREAD, bundle.relief_tenths, bundle.lines, on) for bundle in crowded]
        members = [line for bundle in day.bundles for line in bundle.lines]
        lines.append(_limit(LineKind.DATE_CAP, day.relief_tenths, members, on))
    gut_lines = [line for day in days.values() for bundle in day.bundles if bundle.is_gut for line in bundle.lines]
    gut_relief = max(0, sum(day.gut_room_tenths for day in days.values()) - GUT_TENTHS)
    lines.append(_limit(LineKind.GUT_CAP, gut_relief, gut_lines))
    return [line for line in lines if line.points_tenths]


def limit_praise(praise: Sequence[Line]) -> list[Line]:
    over = sum(line.points_tenths for line in praise) - PRAISE_TENTHS
    return [_limit(LineKind.PRAISE_CAP, -over, praise)] if over > 0 else []


def limit_total(total_tenths: int) -> list[Line]:
    if total_tenths > TOP_TENTHS:
        return [Line(kind=LineKind.CEILING, points_tenths=TOP_TENTHS - total_tenths)]
    if total_tenths < 0:
        return [Line(kind=LineKind.FLOOR, points_tenths=-total_tenths)]
    return []


def _bundled(flags: Iterable[Line], threads: Mapping[str, str], gut: AbstractSet[str]) -> dict[date, list[_Bundle]]:
    groups: dict[tuple[date, str, bool], list[Line]] = defaultdict(list)
    for line in flags:
        if line.on:
            groups[line.on, threads[line.signal_id], line.signal_id in gut].append(line)
    bundles: dict[date, list[_Bundle]] = defaultdict(list)
    for (on, _thread, is_gut), lines in groups.items():
        bundles[on].append(_Bundle.of(lines, is_gut=is_gut))
    return bundles


def _limit(kind: LineKind, points_tenths: int, lines: Iterable[Line], on: date | None = None) -> Line:
    return Line(kind=kind, points_tenths=points_tenths, on=on, members=tuple(line.signal_id for line in lines))
