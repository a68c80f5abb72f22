"""The band that people see: replayed day by day by when things happened, it falls at once and rises on news.

It is a function of today's ledger: a note that was withdrawn never lowered it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from rules.health.catalogue import Catalogue
from rules.health.formula.entries import Entry
from rules.health.formula.events import Occasions
from rules.health.formula.v2 import EVIDENCE_DAYS, Day, Reading, day_of, reading
from rules.health.score import Band, band_of, rounded
from rules.health.signal import Side, State
from rules.local_days import sunday_of

SPARE_TENTHS: Final = 30
CALM_DAYS: Final = 28
DAY: Final = timedelta(days=1)
RANK: Final = {Band.CONSIDER: 0, Band.AMEND: 1, Band.WATCH: 2, Band.HEALTHY: 3}
_HELD: Final = frozenset({Band.AMEND, Band.CONSIDER})
_MONEY: Final = "money"


class Good(StrEnum):
    """What lifts a band beside praise: a checkpoint that went well or an answer in time; money only what it lowered."""

    CHECKPOINT = "checkpoint"
    ANSWERED = "answered"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class GoodNews:
    """Good news that is no note."""

    on: date
    good: Good


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a client stands at the end of a day. `since`: in this band; `fell_on`: news count from that day on.

    `paid_to` is the best band that money alone can bring back: the one that there would be without money's share.
    """

    band: Band = Band.TOO_EARLY
    since: date
    fell_on: date
    paid_to: Band = Band.TOO_EARLY

    @property
    def is_known(self) -> bool:
        return self.band is not Band.TOO_EARLY


class Ledger:
    """One client's notes and news, with the readings of the days that were asked for."""

    def __init__(
        self,
        entries: Iterable[Entry],
        news: Iterable[GoodNews],
        *,
        catalogue: Catalogue,
        team: int,
        most_replayed: int | None = None,
    ) -> None:
        """`most_replayed`: a replay begins with so many of the newest notes, so that a long ledger holds nobody up."""
        self._entries = [entry for entry in entries if entry.state is State.LIVE and entry.side is not Side.OURS]
        self._catalogue = catalogue
        self._team = team
        self._most = most_replayed or len(self._entries) or 1
        self._occasions = Occasions(self._entries, catalogue=catalogue, team=team)
        self._day: tuple[date, Day] | None = None
        self._readings: dict[date, Reading] = {}
        kinds = catalogue.types
        told = (each.on for each in self._entries if each.side is Side.PRAISE and kinds[each.type].weight_tenths)
        self._good = sorted([*told, *(each.on for each in news if each.good is not Good.PAID)])
        self._paid = sorted(each.on for each in news if each.good is Good.PAID)

    @property
    def first_day(self) -> date | None:
        """Of the replay."""
        days = sorted(entry.on for entry in self._entries)
        return days[-self._most :][0] if days else None

    def day(self, on: date) -> Day:
        """Only the last one is kept: of a long ledger they are large."""
        if self._day is None or self._day[0] != on:
            self._day = on, day_of(self._occasions, on, self._catalogue.limits)
        return self._day[1]

    def reading(self, on: date) -> Reading:
        if on not in self._readings:
            self._readings[on] = reading(self.day(on), self._catalogue.limits, self._team)
        return self._readings[on]

    def numbers(self, until: date, weeks: int) -> list[int | None]:
        """At the end of each ISO week and today, oldest first; None where there is too little to judge by."""
        sunday = sunday_of(until)
        days = [min(until, sunday - timedelta(days=7 * ago)) for ago in reversed(range(weeks))]
        start = self.first_day or until
        found = [self.reading(day) if day >= start else None for day in days]
        return [rounded(each.total_tenths) if each and each.is_enough else None for each in found]

    def replayed(self, until: date, before: Course | None = None, since: date | None = None) -> Course:
        """The course at the end of `until`. `before` is the one at the end of the day before `since`, where known."""
        start = since or self.first_day or until
        course = before or Course(since=start, fell_on=start)
        if start > until:
            return course
        if start == until:
            return self._quiet(course, start, until)
        days = [start, *(day for day in self._turning_days(start, until) if start < day <= until), until + DAY]
        for first, after in pairwise(days):
            course = self._quiet(course, first, after - DAY)
        return course

    def _quiet(self, course: Course, first: date, last: date) -> Course:
        """Days on which everything only fades: what changes nothing at either bound changes nothing in between."""
        if first == last or (last - first).days == 1:
            course = self._step(course, first, self.reading(first))
            return course if first == last else self._step(course, last, self.reading(last))
        then, now = self.reading(first), self.reading(last)
        worst = now._replace(cost_tenths=then.cost_tenths)
        best = now._replace(praise_tenths=then.praise_tenths)
        if self._step(course, first, worst) == self._step(course, first, best) == course:
            return course
        middle = first + (last - first) // 2
        return self._quiet(self._quiet(course, first, middle), middle + DAY, last)

    def _step(self, course: Course, today: date, found: Reading) -> Course:
        total = found.total_tenths
        if not course.is_known:
            return self._fallen(today, total) if found.is_enough else course
        if not found.evidence_signals or (not found.is_enough and course.band not in _HELD):
            return Course(since=today, fell_on=today)
        if RANK[band_of(total)] < RANK[course.band]:
            return self._fallen(today, total)
        risen = band_of(total - SPARE_TENTHS)
        if not self._has_good(course, today) and not _is_calm(course, found, today):
            risen = min(risen, course.paid_to, key=RANK.__getitem__) if self._was_paid(course, today) else course.band
        return replace(course, band=risen, since=today) if RANK[risen] > RANK[course.band] else course

    def _fallen(self, today: date, total_tenths: int) -> Course:
        others = [each for each in self._entries if self._catalogue.type(each.type).category != _MONEY]
        occasions, limits = Occasions(others, catalogue=self._catalogue, team=self._team), self._catalogue.limits
        without = reading(day_of(occasions, today, limits), limits, self._team)
        return Course(band=band_of(total_tenths), since=today, fell_on=today, paid_to=band_of(without.total_tenths))

    def _has_good(self, course: Course, today: date) -> bool:
        return bisect_right(self._good, today) > bisect_right(self._good, course.fell_on)

    def _was_paid(self, course: Course, today: date) -> bool:
        return bisect_right(self._paid, today) > bisect_right(self._paid, course.fell_on)

    def _turning_days(self, start: date, until: date) -> Sequence[date]:
        """The days on which something other than fading may change what is read."""
        happened = sorted({entry.on for entry in self._entries})
        kinds = self._catalogue.types
        flags = (entry for entry in self._entries if entry.side is Side.THEIRS and kinds[entry.type].weight_tenths)
        flagged = sorted({entry.on for entry in flags})
        days = {*happened, *self._good, *self._paid}
        days |= {entry.reviewed_on for entry in self._entries if entry.reviewed_on}
        days |= _last_of_each(flagged, CALM_DAYS)
        days |= {on + timedelta(days=EVIDENCE_DAYS + 1) for on in happened}
        for entry in self._entries:
            days |= self._invoice_days(entry)
        return sorted(day for day in days if start <= day <= until)

    def _invoice_days(self, entry: Entry) -> set[date]:
        if entry.due_on is None:
            return set()
        steps = {entry.due_on + timedelta(days=most + 1) for most, _ in self._catalogue.limits.lateness}
        ends = entry.paid_on or date.max
        known = {day for day in steps if day <= ends}
        if entry.paid_on:
            known |= {entry.paid_on, entry.paid_on + DAY * CALM_DAYS, entry.paid_on + DAY * (EVIDENCE_DAYS + 1)}
        return known


def _is_calm(course: Course, found: Reading, today: date) -> bool:
    """From watch, four weeks without a flag are news enough."""
    return course.band is Band.WATCH and (found.flag_on is None or (today - found.flag_on).days >= CALM_DAYS)


def _last_of_each(dates: Sequence[date], days: int) -> set[date]:
    """The days on which it has been still for so long."""
    return {on + timedelta(days=days) for on, other in pairwise((*dates, date.max)) if (other - on).days > days}
