"""What happened, from what was noted: one event once, however many people noted it and however they came by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import cache
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
    notes: Sequence[Entry]
    tenths: int
    plain_tenths: int = 0
    is_firm: bool = False
    voice: str = ""
    severity: Severity = Severity.PINK
    repeat_percent: int = 100
    age_days: int = 0

    @property
    def monday(self) -> date:
        return self.on - timedelta(days=self.on.weekday())


class Flags(NamedTuple):
    """What counts against a client, and what tells of a fact that is counted already."""

    events: list[Event]
    told_again: list[Entry]


def flags(entries: Iterable[Entry], *, today: date, catalogue: Catalogue, team: int) -> Flags:
    """The events of live red flags up to today. `team` is how many of ours work with the client."""
    limits = catalogue.limits
    live = [entry for entry in entries if entry.state is State.LIVE and entry.side is Side.THEIRS and entry.on <= today]
    facts = [entry for entry in live if entry.is_fact]
    near = _near(facts, limits.together_days)
    told_again = [entry for entry in live if not entry.is_fact and (entry.type, entry.on) in near] if near else []
    grouped = _grouped(entry for entry in live if not entry.is_fact)
    for told in told_again:
        grouped.pop((told.type, told.on), None)
    repeats = _repeats([*((fact.type, fact.on) for fact in facts), *grouped], limits)
    alone = _alone(live, catalogue) if team > 1 else {}
    events = [_fact(fact, repeats[fact.type, fact.on], today, catalogue) for fact in facts]
    for (code, on), notes in grouped.items():
        event = _impression(catalogue.type(code), notes, repeats[code, on], alone.get((code, on), ""), today)
        events.append(event)
    return Flags(events, told_again)


def praise(entries: Iterable[Entry], *, today: date, catalogue: Catalogue) -> list[Event]:
    """Each type and date of live praise once; `voice` is who alone said so."""
    live = (entry for entry in entries if entry.state is State.LIVE and entry.side is Side.PRAISE and entry.on <= today)
    events = []
    for (code, on), notes in _grouped(live).items():
        entry, people = catalogue.type(code), _people(notes)
        age = (today - on).days
        tenths = _whole(entry.weight_tenths * faded(age, entry.half_life_days))
        voice = next(iter(people)) if len(people) == 1 else ""
        events.append(Event(entry, on, notes, tenths, plain_tenths=entry.weight_tenths, voice=voice, age_days=age))
    return events


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


def _grouped(entries: Iterable[Entry]) -> dict[tuple[str, date], list[Entry]]:
    grouped: dict[tuple[str, date], list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.type, entry.on].append(entry)
    return grouped


def _near(facts: Iterable[Entry], days: int) -> AbstractSet[tuple[str, date]]:
    """The types and dates on which a note tells of a fact."""
    span = range(-days, days + 1)
    return {(fact.type, fact.on + timedelta(days=away)) for fact in facts for away in span}


def _repeats(events: Iterable[tuple[str, date]], limits: Limits) -> Mapping[tuple[str, date], int]:
    """Of each type and date, in percent: 100, and more for each earlier date of the type in the half year before."""
    dates: dict[str, set[date]] = defaultdict(set)
    for code, on in events:
        dates[code].add(on)
    span, found = timedelta(days=limits.repeat_days), {}
    for code, known in dates.items():
        ordered, first = sorted(known), 0
        for place, on in enumerate(ordered):
            while ordered[first] < on - span:
                first += 1
            found[code, on] = round(100 * min(limits.repeat_most, 1 + limits.repeat * (place - first)))
    return found


def _alone(live: Iterable[Entry], catalogue: Catalogue) -> dict[tuple[str, date], str]:
    """Who alone noted a type, where nobody else did within the days that make it the same, and no fact says it."""
    days = catalogue.limits.together_days
    by_type: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for entry in live:
        by_type[entry.type][entry.on] |= {""} if entry.is_fact else entry.people
    alone: dict[tuple[str, date], str] = {}
    for code, noted in by_type.items():
        dates = sorted(noted)
        mixed = _mixed(dates, noted, days)
        alone |= {(code, on): next(iter(noted[on])) for on in dates if on not in mixed}
    return alone


def _mixed(dates: Sequence[date], noted: Mapping[date, AbstractSet[str]], days: int) -> AbstractSet[date]:
    """The dates near which more than one voice is heard."""
    mixed = {on for on in dates if len(noted[on]) != 1}
    if len({person for people in noted.values() for person in people}) == 1 and not mixed:
        return mixed
    for place, on in enumerate(dates):
        for other in dates[place + 1 :]:
            if (other - on).days > days:
                break
            if noted[on] != noted[other]:
                mixed |= {on, other}
    return mixed


def _fact(fact: Entry, repeat: int, today: date, catalogue: Catalogue) -> Event:
    """An invoice weighs by how late it is so far; what else is measured by the severity of its note."""
    kind, limits = catalogue.type(fact.type), catalogue.limits
    share: float = RED_WEIGHS if fact.severity is Severity.RED else 1
    open_until = fact.open_until(today)
    if fact.due_on and open_until:
        share = RED_WEIGHS * limits.lateness_of((open_until - fact.due_on).days)
    age = age_of(fact, kind, today)
    tenths = _whole(kind.weight_tenths * (repeat / 100) * share * faded(age, kind.half_life_days))
    return Event(kind, fact.on, (fact,), tenths, 0, True, "", fact.severity, repeat, age)  # noqa: FBT003 -- a row


def _impression(kind: SignalType, notes: Sequence[Entry], repeat: int, alone: str, today: date) -> Event:
    """All that people say of one type on one date: the heaviest counts. What lasts is never a small thing."""
    severity = Severity.RED if any(note.severity is Severity.RED for note in notes) else Severity.PINK
    age = min(age_of(note, kind, today) for note in notes)
    pink = _whole(kind.weight_tenths * (repeat / 100) * faded(age, kind.half_life_days))
    is_red = severity is Severity.RED
    return Event(
        type=kind,
        on=notes[0].on,
        notes=notes,
        tenths=RED_WEIGHS * pink if is_red else pink,
        plain_tenths=kind.weight_tenths,
        is_firm=is_red or kind.lasting,
        voice=GUT if kind.category == GUT else alone,
        severity=severity,
        repeat_percent=repeat,
        age_days=age,
    )


def _people(notes: Iterable[Entry]) -> frozenset[str]:
    return frozenset[str]().union(*(note.people for note in notes))
