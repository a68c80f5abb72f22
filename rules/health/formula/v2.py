"""Formula v2: what was noted of one client, as lines that add up to the score (design section 5).

It measures the client, not how many people write: one event counts once, many small things of a week weigh less each,
kind words cover grumbles, and what one person alone says has a limit. The steps are in `events` and `charges`. With
them a further impression, a higher severity or a further witness never raises the number, and without praise and with
no invoice open time alone never lowers it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from rules.health.catalogue import Catalogue, SignalType
from rules.health.formula import events as happened
from rules.health.formula.charges import Steps, Week, charged, reliefs, steps_of, weeks_of
from rules.health.formula.entries import Entry
from rules.health.formula.events import GUT, Event
from rules.health.limits import Limits
from rules.health.score import Band, Banner, Health, Line, LineKind, band_of
from rules.health.signal import Severity, Side, State

VERSION: Final = "v2"
START_TENTHS: Final = 1000
EVIDENCE_DAYS: Final = 90
EVIDENCE_EVENTS: Final = 3
EVIDENCE_DATES: Final = 2
_LOOKED_BACK: Final = timedelta(days=10)  # a trend looks a week back, and a date is not a moment
_STRUCK: Final = {State.WITHDRAWN: LineKind.WITHDRAWN, State.EXCUSED: LineKind.EXCUSED, State.LIVE: LineKind.OURS}


class Day(NamedTuple):
    """What happened up to the end of a day, as both the number and the account of it need it.

    `evidence` is what there is to judge by, `flag_on` the newest day for which a flag is part of that.
    """

    flags: happened.Flags
    praise: Sequence[Event]
    weeks: Sequence[Week]
    evidence: Sequence[Event]
    flag_on: date | None

    @property
    def is_enough(self) -> bool:
        return len(self.evidence) >= EVIDENCE_EVENTS and self.evidence_dates >= EVIDENCE_DATES

    @property
    def evidence_dates(self) -> int:
        """On how many dates it happened: five invoices that are open today were late on five."""
        return len({event.on for event in self.evidence})


def day_of(occasions: happened.Occasions, today: date, limits: Limits) -> Day:
    flags, praise = occasions.flags(today), occasions.praise(today)
    flagged = [(event, on) for event in flags.events if (on := evidence_on(event, today))]
    praised = [event for event in praise if evidence_on(event, today)]
    return Day(
        flags=flags,
        praise=praise,
        weeks=weeks_of(flags.events, praise, limits),
        evidence=[*(event for event, _ in flagged), *praised],
        flag_on=max((on for _, on in flagged), default=None),
    )


def health(
    entries: Sequence[Entry], *, today: date, catalogue: Catalogue, team: int = 1, day: Day | None = None
) -> Health:
    """The health of one client at the end of a day. `team` is how many of ours work with the client.

    The ledger is that of today; what happened later than `today` doesn't count, and an invoice that was paid later is
    open. `day` is what these entries say of it, where that is known already.
    """
    known = [entry for entry in entries if entry.on <= today]
    found = day or day_of(happened.Occasions(known, catalogue=catalogue, team=team), today, catalogue.limits)
    kind_words = sorted(found.praise, key=_place)
    lines = [
        Line(kind=LineKind.START, points_tenths=START_TENTHS),
        *_flag_lines(found.flags, today, catalogue),
        *_limit_lines(found.weeks, catalogue.limits),
        *(line for event in kind_words for line in _event_lines(event, LineKind.PRAISE, event.tenths)),
        *_praise_limits(found.praise, catalogue.limits, team),
        *(_line(entry, _STRUCK[entry.state], today, catalogue) for entry in known if _is_struck(entry)),
    ]
    lines += _bounds(sum(line.points_tenths for line in lines))
    total = sum(line.points_tenths for line in lines)
    band = band_of(total) if found.is_enough else Band.TOO_EARLY
    return Health(
        score_tenths=total if found.is_enough else None,
        band=band,
        calm_band=band,
        total_tenths=total,
        lines=tuple(lines),
        our_side=tuple(
            _line(entry, _STRUCK[entry.state], today, catalogue) for entry in known if entry.side is Side.OURS
        ),
        banners=banners(known, today, catalogue),
        evidence_signals=len(found.evidence),
        evidence_dates=found.evidence_dates,
        version=version(catalogue),
    )


def version(catalogue: Catalogue) -> str:
    """Which formula judged, told apart from one whose weights are the agency's own."""
    return f"{VERSION} {catalogue.own}" if catalogue.own else VERSION


class Reading(NamedTuple):
    """The figures of a day without their lines: what the flags cost and praise adds, and what there is to judge by.

    `flag_on` is the newest day for which a flag is evidence.
    """

    cost_tenths: int
    praise_tenths: int
    evidence_signals: int
    is_enough: bool
    flag_on: date | None

    @property
    def total_tenths(self) -> int:
        return min(START_TENTHS, max(0, START_TENTHS - self.cost_tenths + self.praise_tenths))


def reading(day: Day, limits: Limits, team: int) -> Reading:
    """What `health` finds, quicker."""
    added = sum(event.tenths for event in day.praise)
    return Reading(
        cost_tenths=charged(day.weeks, limits),
        praise_tenths=added + sum(line.points_tenths for line in _praise_limits(day.praise, limits, team)),
        evidence_signals=len(day.evidence),
        is_enough=day.is_enough,
        flag_on=day.flag_on,
    )


def evidence_on(event: Event, today: date) -> date | None:
    """The day for which an event is evidence of health; an open invoice still is today.

    Types without weight say nothing: three notes that nobody sorted are no green light.
    """
    if not event.type.weight_tenths:
        return None
    fact = event.notes[0]
    on = event.on if fact.due_on is None else max(event.on, fact.open_until(today) or event.on)
    return on if (today - on).days <= EVIDENCE_DAYS else None


def reach_days(kind: SignalType, limits: Limits) -> int:
    """The age at which even the heaviest note of this type rounds to 0.0, and repeats nothing any more."""
    heaviest = kind.weight_tenths * happened.RED_WEIGHS * limits.repeat_most * max(1.0, limits.heaviest_lateness)
    halvings = math.log2(heaviest / 0.5) if heaviest else 0
    fades = math.ceil(halvings * kind.half_life_days) + limits.repeat_days
    return max(EVIDENCE_DAYS, fades if kind.weight_tenths else 0)


def horizon(catalogue: Catalogue) -> timedelta:
    """How far back a note can still matter to a score or its trend; the lasting types matter for ever."""
    reach = max(reach_days(kind, catalogue.limits) for kind in catalogue.types.values())
    return timedelta(days=reach) + _LOOKED_BACK


def _flag_lines(flags: happened.Flags, today: date, catalogue: Catalogue) -> Iterator[Line]:
    for event in sorted(flags.events, key=_place):
        yield from _event_lines(event, LineKind.FLAG, -event.tenths)
    for entry in sorted(flags.told_again, key=lambda entry: (entry.on, entry.id)):
        yield _line(entry, LineKind.JOINED, today, catalogue)


def _event_lines(event: Event, kind: LineKind, points_tenths: int) -> Iterator[Line]:
    """The points stand on the oldest of the heaviest notes; the others say that they tell of the same."""
    first, *others = sorted(event.notes, key=lambda note: (note.severity is not Severity.RED, note.id))
    yield Line(
        kind=kind,
        points_tenths=points_tenths,
        signal_id=first.id,
        type=event.type.code,
        severity=event.severity,
        on=event.on,
        repeat_percent=event.repeat_percent,
        age_days=event.age_days,
    )
    for note in others:
        yield Line(
            kind=LineKind.JOINED,
            points_tenths=0,
            signal_id=note.id,
            type=note.type,
            severity=note.severity,
            on=note.on,
            age_days=event.age_days,
            members=(first.id,),
        )


def _line(entry: Entry, kind: LineKind, today: date, catalogue: Catalogue) -> Line:
    return Line(
        kind=kind,
        points_tenths=0,
        signal_id=entry.id,
        type=entry.type,
        severity=entry.severity,
        on=entry.on,
        age_days=happened.age_of(entry, catalogue.type(entry.type), today),
    )


def _place(event: Event) -> tuple[date, str, str]:
    return event.on, event.type.code, event.notes[0].id


def _is_struck(entry: Entry) -> bool:
    return entry.state is not State.LIVE and entry.side is not Side.OURS


def _limit_lines(weeks: Sequence[Week], limits: Limits) -> Iterator[Line]:
    """What each limit gives back; together with the notes' lines they come to what the client is charged."""
    costs = []
    for week in weeks:
        steps = steps_of(week, limits)
        costs.append(steps.cost)
        yield from (line for line in _week_lines(week, steps) if line.points_tenths)
    for relief in reliefs(weeks, costs, limits):
        told = (event for week in weeks for event in week.events if event.voice == relief.voice)
        kind, person = (LineKind.GUT_CAP, "") if relief.voice == GUT else (LineKind.VOICE, relief.voice)
        if relief.tenths:
            yield Line(kind=kind, points_tenths=relief.tenths, members=_ids(told), person_id=person)


def _week_lines(week: Week, steps: Steps) -> Iterator[Line]:
    def limit(kind: LineKind, relief: int, events: Iterable[Event]) -> Line:
        return Line(kind=kind, points_tenths=relief, on=week.monday, members=_ids(events))

    yield limit(LineKind.LADDER, steps.plain - steps.laddered, week.events)
    yield limit(LineKind.COVER, steps.laddered - steps.uncovered, (event for event in week.events if not event.is_firm))
    on_those = (event for event in week.events if event.on in steps.cut)
    yield limit(LineKind.DATE_CAP, steps.uncovered - steps.dated, on_those)
    yield limit(LineKind.WEEK_CAP, steps.dated - steps.cost, week.events)


def _ids(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(sorted(note.id for event in events for note in event.notes))


def _praise_limits(praise: Sequence[Event], limits: Limits, team: int) -> Iterator[Line]:
    """One person's praise alone, where several work with the client, and then all of it."""
    total = sum(event.tenths for event in praise)
    people = sorted({event.voice for event in praise if event.voice}) if team > 1 else []
    for person in people:
        told = [event for event in praise if event.voice == person]
        over = sum(event.tenths for event in told) - limits.praise_voice
        if over > 0:
            yield Line(kind=LineKind.PRAISE_VOICE, points_tenths=-over, members=_ids(told), person_id=person)
            total -= over
    if total > limits.praise:
        yield Line(kind=LineKind.PRAISE_CAP, points_tenths=limits.praise - total, members=_ids(praise))


def _bounds(total_tenths: int) -> list[Line]:
    if total_tenths > START_TENTHS:
        return [Line(kind=LineKind.CEILING, points_tenths=START_TENTHS - total_tenths)]
    if total_tenths < 0:
        return [Line(kind=LineKind.FLOOR, points_tenths=-total_tenths)]
    return []


def banners(entries: Iterable[Entry], today: date, catalogue: Catalogue) -> tuple[Banner, ...]:
    """The live notes of lasting types that nobody had reviewed by the end of the day."""
    lasting = catalogue.lasting_types()
    return tuple(
        Banner(signal_id=entry.id, type=entry.type, on=entry.on)
        for entry in entries
        if entry.type in lasting
        if entry.state is State.LIVE and entry.side is Side.THEIRS and entry.on <= today
        if entry.reviewed_on is None or entry.reviewed_on > today
    )
