"""How events add up: many weigh less each, kind words cover grumbles, and no date, week or voice weighs too much.

Each step is a function that never falls when an event is added, grows heavier, or gets a further witness; that is why
a week is reckoned as a whole and nothing is taken off in proportion. All amounts are whole tenths of a point.

- *Ladder.* Of a week's small notes the k-th heaviest counts 1/k; of its red flags and facts 1/sqrt(k), at least half.
  Since a red one is worth two pink ones, half of it is never less than the place that it leaves.
- *Cover.* Kind words take off what the small notes still cost, in the proportion of `cover` times their points to the
  plain points of all impressions of the week (of the red ones, too, so that a note that turns red uncovers nothing).
- *A date, a week.* Where a date costs more than its limit, it counts as its limit beside the rest of the week.
- *A voice.* What only one person says, and what is a gut feeling, costs at most its limit on top of everything else.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import combinations
from operator import attrgetter
from typing import Final, NamedTuple

from rules.health.formula.events import GUT, Event
from rules.health.limits import Limits

WHOLE: Final = 10_000
FIRM_LADDER: Final = (10_000, 7_071, 5_773)
FIRM_LEAST: Final = 5_000
MOST_VOICES: Final = 8  # more people who are each alone with so much do not occur; each doubles the work
NOBODY: Final[AbstractSet[str]] = frozenset()


class Week(NamedTuple):
    """The events of an ISO week, the heaviest first, and how much of its small notes kind words leave: `left / of`."""

    monday: date
    events: Sequence[Event]
    left: int
    of: int


class Steps(NamedTuple):
    """What a week costs after each step. `cut` are the dates that count as their limit."""

    plain: int
    laddered: int
    uncovered: int
    dated: int
    cost: int
    cut: tuple[date, ...] = ()


class Relief(NamedTuple):
    """What a voice's limit takes off."""

    voice: str
    tenths: int


def weeks_of(flags: Iterable[Event], praise: Iterable[Event], limits: Limits) -> list[Week]:
    """The weeks that have flags, in their order."""
    events: dict[date, list[Event]] = defaultdict(list)
    for event in flags:
        events[event.monday].append(event)
    kind: dict[date, int] = defaultdict(int)
    for event in praise:
        kind[event.monday] += event.plain_tenths
    return [_week(monday, events[monday], int(limits.cover * kind[monday])) for monday in sorted(events)]


def steps_of(week: Week, limits: Limits, without: AbstractSet[str] = NOBODY, *, most: float = math.inf) -> Steps:
    """`without`: as if these voices had said nothing. `most`: what costs so much or more need not be told apart."""
    events = [event for event in week.events if event.voice not in without] if without else week.events
    dates = _laddered(events)
    plain, firm, small = _summed(dates.values())
    laddered = (firm + small) // WHOLE
    uncovered = _uncovered(week, firm, small)
    dated, cut = _dated(week, events, dates, limits, most) if uncovered > limits.date else (uncovered, ())
    return Steps(plain, laddered, uncovered, dated, min(dated, limits.week), cut)


def reliefs(weeks: Sequence[Week], costs: Sequence[int], limits: Limits) -> list[Relief]:
    """What the limits on voices take off the sum of the weeks' costs, voice by voice."""
    said: dict[str, int] = defaultdict(int)
    for event in (event for week in weeks for event in week.events if event.voice):
        said[event.voice] += event.tenths
    most = {voice: limits.gut if voice == GUT else limits.voice for voice in said}
    loud = sorted((voice for voice in said if said[voice] > most[voice]), key=lambda voice: (voice != GUT, voice))
    if not loud:
        return []
    heard = [{event.voice for event in week.events} for week in weeks]
    known: dict[tuple[date, AbstractSet[str]], int] = {
        (week.monday, NOBODY): cost for week, cost in zip(weeks, costs, strict=True)
    }
    found, cost = [], sum(costs)
    for count in range(1, min(len(loud), MOST_VOICES) + 1):
        now = min(_cost_with(weeks, heard, silent, most, limits, known) for silent in _choices(loud[:count]))
        found.append(Relief(loud[count - 1], cost - now))
        cost = now
    return found


def charged(weeks: Sequence[Week], limits: Limits) -> int:
    """What the flags cost in the end."""
    costs = [_cost(week, limits) for week in weeks]
    return sum(costs) - sum(relief.tenths for relief in reliefs(weeks, costs, limits))


def _cost(week: Week, limits: Limits, without: AbstractSet[str] = NOBODY) -> int:
    return steps_of(week, limits, without, most=limits.week).cost


def _week(monday: date, events: list[Event], covering: int) -> Week:
    plain = sum(event.plain_tenths for event in events)
    heaviest_first = sorted(events, key=attrgetter("tenths"), reverse=True)
    return Week(monday, heaviest_first, max(0, plain - covering), plain or 1)


def _laddered(events: Iterable[Event]) -> dict[date, list[int]]:
    """By date: the plain sum, and in `WHOLE`ths what firm and small ones come to; the heaviest have to come first."""
    firms = smalls = 0
    dates: dict[date, list[int]] = {}
    for event in events:
        tenths = event.tenths
        share = dates.get(event.on) or dates.setdefault(event.on, [0, 0, 0])
        share[0] += tenths
        if event.is_firm:
            share[1] += tenths * (FIRM_LADDER[firms] if firms < len(FIRM_LADDER) else FIRM_LEAST)
            firms += 1
        else:
            smalls += 1
            share[2] += tenths * (WHOLE // smalls)
    return dates


def _summed(shares: Iterable[Sequence[int]]) -> tuple[int, int, int]:
    plain = firm = small = 0
    for share in shares:
        plain += share[0]
        firm += share[1]
        small += share[2]
    return plain, firm, small


def _uncovered(week: Week, firm: int, small: int) -> int:
    return (firm * week.of + small * week.left) // (week.of * WHOLE)


def _dated(
    week: Week,
    events: Sequence[Event],
    dates: Mapping[date, Sequence[int]],
    limits: Limits,
    most: float,
) -> tuple[int, tuple[date, ...]]:
    """The least of all ways to count some dates as their limit and the rest as it is.

    Without a date the others move up the ladder, so that the rest costs at least what it did beside it.
    """
    _, firm, small = _summed(dates.values())
    heavy = sorted(on for on, (plain, _, _) in dates.items() if plain > limits.date)
    best: tuple[int, tuple[date, ...]] = (_uncovered(week, firm, small), ())
    for count in range(1, min(len(heavy), limits.week // max(1, limits.date)) + 1):
        for cut in combinations(heavy, count):
            _, less_firm, less_small = _summed(dates[on] for on in cut)
            least = count * limits.date + _uncovered(week, firm - less_firm, small - less_small)
            if least > best[0] or least >= most:
                continue
            rest = _summed(_laddered(event for event in events if event.on not in cut).values())
            best = min(best, (count * limits.date + _uncovered(week, *rest[1:]), cut))
    return best


def _choices(voices: Sequence[str]) -> Iterable[frozenset[str]]:
    return (frozenset(some) for count in range(len(voices) + 1) for some in combinations(voices, count))


def _cost_with(
    weeks: Iterable[Week],
    heard: Iterable[AbstractSet[str]],
    silent: frozenset[str],
    most: Mapping[str, int],
    limits: Limits,
    known: dict[tuple[date, AbstractSet[str]], int],
) -> int:
    """The cost where these voices count as their limits, and say nothing else."""
    cost = sum(most[voice] for voice in silent)
    for week, voices in zip(weeks, heard, strict=True):
        key = week.monday, silent & voices
        if key not in known:
            known[key] = _cost(week, limits, key[1])
        cost += known[key]
    return cost
