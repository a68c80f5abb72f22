"""What happened, from what was noted: one event once, however many people noted it and however they came by it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from rules.health.catalogue import Catalogue, SignalType
from rules.health.formula.entries import Entry
from rules.health.limits import Limits
from rules.health.signal import Severity, Side, State

GUT = "gut"
RED_WEIGHS = 2


class Event(NamedTuple):
    """A fact, or all impressions of one type on one date.

    `tenths` is what it costs (or, for praise, adds) by itself, `plain_tenths` what an impression of it weighs on its
    first day as a pink one: kind words of the week are held against that. `is_firm`: a red flag or a fact.
    `voice` is whose limit it falls under: gut feelings', that of the one person who says so, or "" for nobody's.
    """

    type: SignalType
    on: date
    monday: date
    notes: Sequence[Entry]
    tenths: int
    plain_tenths: int
    is_firm: bool
    voice: str
    severity: Severity
    repeat_percent: int
    age_days: int


class Flags(NamedTuple):
    """What counts against a client, and what tells of a fact that is counted already."""

    events: list[Event]
    told_again: list[Entry]


class Occasion(NamedTuple):
    """What is noted of one type on one date, or one fact: what an event has of its own before a day is asked for.

    `voice` says so alone until `heard_on`, when a fact or somebody else does too; from `told_on` on a fact tells the
    same. `repeat_percent` is 0 where that hangs on the facts which are known by the day. `is_dated`: it ages from its
    date, and not from a review or a payment.
    """

    type: SignalType
    on: date
    monday: date
    notes: Sequence[Entry]
    severity: Severity
    is_dated: bool = False
    voice: str = ""
    heard_on: date = date.max
    told_on: date = date.max
    repeat_percent: int = 0
    is_fact: bool = False


class Occasions:
    """A client's live flags and praise, put in order once for whatever days are asked for.

    `team` is how many of ours work with the client.
    """

    def __init__(self, entries: Iterable[Entry], *, catalogue: Catalogue, team: int) -> None:
        self._limits = catalogue.limits
        self._facts: dict[str, list[Entry]] = defaultdict(list)
        self._flagged: dict[str, dict[date, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        praised: dict[tuple[str, date], list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.state is not State.LIVE or entry.side is Side.OURS:
                continue
            if entry.side is Side.PRAISE:
                praised[entry.type, entry.on].append(entry)
            elif entry.is_fact:
                self._facts[entry.type].append(entry)
            else:
                self._flagged[entry.type][entry.on].append(entry)
        for facts in self._facts.values():
            facts.sort(key=attrgetter("on"))
        self._told = {code: _told(facts, self._limits.together_days) for code, facts in self._facts.items()}
        self._repeats: dict[tuple[str, int], Mapping[date, int]] = {}
        codes = dict.fromkeys((*self._facts, *self._flagged))
        flags = [each for code in codes for each in self._of_type(catalogue.type(code), team)]
        self._flags = _Days(flags)
        self._praise = _Days(_kind_words(catalogue.type(code), on, notes) for (code, on), notes in praised.items())

    def flags(self, today: date) -> Flags:
        """The events of live red flags up to today."""
        events: list[Event] = []
        told_again: list[Entry] = []
        for each in self._flags.until(today):
            if each.told_on <= today:
                told_again += each.notes
                continue
            repeat = each.repeat_percent or self._repeat(each, today)
            made = _fact(each, repeat, today, self._limits) if each.is_fact else _impression(each, repeat, today)
            events.append(made)
        return Flags(events, told_again)

    def praise(self, today: date) -> list[Event]:
        """Each type and date of live praise once; `voice` is who alone said so."""
        return [_praise(each, (today - each.on).days) for each in self._praise.until(today)]

    def _of_type(self, kind: SignalType, team: int) -> Iterator[Occasion]:
        facts, flagged = self._facts.get(kind.code, []), self._flagged.get(kind.code, {})
        told, is_gut = self._told.get(kind.code, {}), kind.category == GUT
        repeats = {} if facts else _repeats(flagged, self._limits)
        alone = _alone(facts, flagged, self._limits.together_days) if team > 1 and not is_gut else {}
        unheard = (GUT if is_gut else "", date.max)
        for fact in facts:
            yield Occasion(kind, fact.on, _monday(fact.on), (fact,), fact.severity, is_fact=True)
        for on, notes in flagged.items():
            severity, is_dated = Severity.PINK, not kind.lasting
            for note in notes:
                if note.severity is Severity.RED:
                    severity = Severity.RED
                if note.due_on is not None:
                    is_dated = False
            voice, heard_on = alone.get(on, unheard)
            told_on, repeat = told.get(on, date.max), repeats.get(on, 0)
            yield Occasion(kind, on, _monday(on), notes, severity, is_dated, voice, heard_on, told_on, repeat)

    def _repeat(self, each: Occasion, today: date) -> int:
        """Where facts tell of the type: a note that says the same as one which is known by then repeats nothing."""
        code = each.type.code
        known = bisect_right(self._facts[code], today, key=attrgetter("on"))
        if (code, known) not in self._repeats:
            told = self._told[code]
            days = {on for on in self._flagged.get(code, ()) if told.get(on, date.max) > today}
            self._repeats[code, known] = _repeats(
                days.union(fact.on for fact in self._facts[code][:known]), self._limits
            )
        return self._repeats[code, known][each.on]


class _Days:
    """Occasions in the order of their dates."""

    def __init__(self, occasions: Iterable[Occasion]) -> None:
        self._occasions = sorted(occasions, key=attrgetter("on"))
        self._days = [each.on for each in self._occasions]

    def until(self, today: date) -> Sequence[Occasion]:
        known = bisect_right(self._days, today)
        return self._occasions if known == len(self._days) else self._occasions[:known]


@cache
def faded(age_days: int, half_life_days: int) -> float:
    return float(2 ** (-age_days / half_life_days))


def age_of(entry: Entry, kind: SignalType, today: date) -> int:
    """Whole days: an invoice ages from the day on which it was paid, a lasting type from its review."""
    if kind.lasting:
        reviewed = entry.reviewed_on
        return (today - reviewed).days if reviewed and reviewed <= today else 0
    return (today - (entry.open_until(today) or entry.on)).days


def _whole(tenths: float) -> int:
    """Half a tenth up. A red impression is twice the whole tenths of a pink one, so that it is never less."""
    return int(tenths + 0.5)


@cache
def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _told(facts: Iterable[Entry], days: int) -> Mapping[date, date]:
    """The dates on which a note tells of a fact, each with that of the first fact."""
    told: dict[date, date] = {}
    for fact in facts:
        for away in range(-days, days + 1):
            told.setdefault(fact.on + timedelta(days=away), fact.on)
    return told


def _repeats(dates: Iterable[date], limits: Limits) -> Mapping[date, int]:
    """Of each date of a type, in percent: 100, and more for each earlier one in the half year before."""
    ordered, first, span = sorted(dates), 0, timedelta(days=limits.repeat_days)
    found = {}
    for place, on in enumerate(ordered):
        while ordered[first] < on - span:
            first += 1
        found[on] = round(100 * min(limits.repeat_most, 1 + limits.repeat * (place - first)))
    return found


def _alone(
    facts: Iterable[Entry], flagged: Mapping[date, Sequence[Entry]], days: int
) -> Mapping[date, tuple[str, date]]:
    """Who alone noted a type on a date, and from what day on a fact or somebody else is heard within the days around.

    Those days make it the same.
    """
    noted: dict[date, frozenset[str]] = {on: _people(notes) for on, notes in flagged.items()}
    for fact in facts:
        noted[fact.on] = noted.get(fact.on, frozenset()) | {""}
    voices = {on: next(iter(people)) for on, people in noted.items() if len(people) == 1}
    heard = dict.fromkeys(voices, date.max)
    if len({person for people in noted.values() for person in people}) > 1:
        for on, other in _within(sorted(noted), days):
            for each in {on, other} & heard.keys() if noted[on] != noted[other] else ():
                heard[each] = min(heard[each], other)
    return {on: (voice, heard[on]) for on, voice in voices.items()}


def _within(dates: Sequence[date], days: int) -> Iterator[tuple[date, date]]:
    """Each two of them that lie so close, the earlier one first."""
    for place, on in enumerate(dates):
        yield from ((on, other) for other in dates[place + 1 : bisect_right(dates, on + timedelta(days=days))])


def _fact(each: Occasion, repeat: int, today: date, limits: Limits) -> Event:
    """An invoice weighs by how late it is so far; what else is measured by the severity of its note."""
    kind, fact = each.type, each.notes[0]
    share: float = RED_WEIGHS if each.severity is Severity.RED else 1
    open_until = fact.open_until(today)
    if fact.due_on and open_until:
        share = RED_WEIGHS * limits.lateness_of((open_until - fact.due_on).days)
    age = age_of(fact, kind, today)
    tenths = _whole(kind.weight_tenths * (repeat / 100) * share * faded(age, kind.half_life_days))
    return Event(kind, each.on, each.monday, each.notes, tenths, 0, True, "", each.severity, repeat, age)  # noqa: FBT003 -- a row


def _impression(each: Occasion, repeat: int, today: date) -> Event:
    """All that people say of one type on one date: the heaviest counts. What lasts is never a small thing."""
    kind, on = each.type, each.on
    age = (today - on).days if each.is_dated else min(age_of(note, kind, today) for note in each.notes)
    tenths = _whole(kind.weight_tenths * (repeat / 100) * faded(age, kind.half_life_days))
    is_red = each.severity is Severity.RED
    return Event(
        kind,
        on,
        each.monday,
        each.notes,
        RED_WEIGHS * tenths if is_red else tenths,
        kind.weight_tenths,
        is_red or kind.lasting,
        each.voice if today < each.heard_on else "",
        each.severity,
        repeat,
        age,
    )


def _kind_words(kind: SignalType, on: date, notes: Sequence[Entry]) -> Occasion:
    people = _people(notes)
    voice = next(iter(people)) if len(people) == 1 else ""
    return Occasion(kind, on, _monday(on), notes, Severity.PINK, voice=voice)


def _praise(each: Occasion, age: int) -> Event:
    kind = each.type
    tenths = _whole(kind.weight_tenths * faded(age, kind.half_life_days))
    plain, severity = kind.weight_tenths, each.severity
    return Event(kind, each.on, each.monday, each.notes, tenths, plain, False, each.voice, severity, 100, age)  # noqa: FBT003 -- a row


def _people(notes: Iterable[Entry]) -> frozenset[str]:
    return frozenset[str]().union(*(note.people for note in notes))
