"""Formula v1: what the signals of one client say on a day, as lines that add up to the score (design section 5).

The exact definition, chosen so that one more flag never raises the number and, without praise, time alone never
lowers it. All amounts are whole tenths of a point.

1. The age of a note is the whole days since it happened; for a lasting type (abuse, gaslighting) 0 until somebody has
   reviewed it, and then the whole days since the review. Once even the heaviest note of its type would round to 0 (its
   *reach*, at least the 90 days of the evidence window) it is left out altogether.
2. Points of a live red flag = weight x severity (pink 1, red 2) x repeat x 2^(-age / half-life), rounded half up, once,
   after all factors. Repeat: the dates of the live flags of one type, oldest first, count 1, 1.25, 1.5, 1.5, ... What a
   limit below takes off doesn't take a date away here.
3. Of several flags in one thread on one date the one with the most points counts; gut feelings compare among
   themselves.
4. A date costs at most 20.0: first its flags, then what room is left goes to its gut feelings.
5. Gut feelings cost at most 5.0 together, after 4.
6. Praise = weight x 2^(-age / half-life), rounded likewise, at most 10.0 together.
7. Score = 100.0 - cost + praise, clipped to 0.0 and 100.0.

Steps 3 to 5 are limits on a sum, so that more or fresher flags never cost less.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from rules.health.catalogue import Catalogue, SignalType
from rules.health.formula.v1_limits import limit_flags, limit_praise, limit_total
from rules.health.score import Band, Banner, Health, Line, LineKind, band_of
from rules.health.signal import Severity, Side, Signal, State

VERSION: Final = "v1"
START_TENTHS: Final = 1000
EVIDENCE_DAYS: Final = 90
EVIDENCE_SIGNALS: Final = 3
EVIDENCE_DATES: Final = 2

_SEVERITY: Final = {Severity.PINK: 1, Severity.RED: 2}
_REPEAT_PERCENT: Final = (100, 125, 150)
_LOOKED_BACK: Final = timedelta(days=10)  # a trend looks a week back, and a date is not a moment
_SILENT: Final = {State.WITHDRAWN: LineKind.WITHDRAWN, State.EXCUSED: LineKind.EXCUSED, State.LIVE: LineKind.OURS}


@dataclass(frozen=True, slots=True)
class _Note:
    """A signal with what the catalogue and the calendar say of it."""

    signal: Signal
    type: SignalType
    age_days: int

    @property
    def is_live(self) -> bool:
        return self.signal.state is State.LIVE

    @property
    def is_within_reach(self) -> bool:
        return self.age_days <= EVIDENCE_DAYS or self.age_days <= reach_days(self.type)

    def is_evidence(self, today: date) -> bool:
        """Types without weight say nothing about health: three notes that nobody sorted are no green light."""
        recent = (today - self.signal.happened_on).days <= EVIDENCE_DAYS
        return self.is_live and recent and self.signal.side is not Side.OURS and self.type.weight_tenths > 0

    def line(self, kind: LineKind, points_tenths: int = 0, repeat_percent: int = 100) -> Line:
        return Line(
            kind=kind,
            points_tenths=points_tenths,
            signal_id=self.signal.id,
            type=self.signal.type,
            severity=self.signal.severity,
            on=self.signal.happened_on,
            repeat_percent=repeat_percent,
            age_days=self.age_days,
        )


def health(signals: Iterable[Signal], *, now: datetime, today: date, catalogue: Catalogue) -> Health:
    """The health of one client from all of its signals, or from those that `horizon` and the lasting types name."""
    notes = _notes(signals, now, today, catalogue)
    evidence = [note.signal.happened_on for note in notes if note.is_evidence(today)]
    lines = _lines(notes)
    total = sum(line.points_tenths for line in lines)
    enough = len(evidence) >= EVIDENCE_SIGNALS and len(set(evidence)) >= EVIDENCE_DATES
    return Health(
        score_tenths=total if enough else None,
        band=band_of(total) if enough else Band.TOO_EARLY,
        calm_band=band_of(total) if enough else Band.TOO_EARLY,
        total_tenths=total,
        lines=lines,
        our_side=tuple(note.line(_SILENT[note.signal.state]) for note in notes if note.signal.side is Side.OURS),
        banners=_banners(notes, now),
        evidence_signals=len(evidence),
        evidence_dates=len(set(evidence)),
        version=VERSION,
    )


def reach_days(entry: SignalType) -> int:
    """The age at which even a red, thrice repeated note of this type rounds to 0.0."""
    heaviest_tenths = entry.weight_tenths * _SEVERITY[Severity.RED] * _REPEAT_PERCENT[-1] / 100
    halvings = math.log2(heaviest_tenths / 0.5) if heaviest_tenths else 0
    return max(EVIDENCE_DAYS, math.ceil(halvings * entry.half_life_days))


def horizon(catalogue: Catalogue) -> timedelta:
    """How far back a note can still matter to a score or its trend; the lasting types matter for ever."""
    return timedelta(days=max(map(reach_days, catalogue.types.values()))) + _LOOKED_BACK


def _notes(signals: Iterable[Signal], now: datetime, today: date, catalogue: Catalogue) -> list[_Note]:
    typed = ((signal, catalogue.counted(signal)) for signal in signals)
    notes = (_Note(signal, entry, _age_days(signal, entry, now, today)) for signal, entry in typed)
    return sorted((note for note in notes if note.is_within_reach), key=_place)


def _place(note: _Note) -> tuple[date, datetime, str]:
    return note.signal.happened_on, note.signal.happened_at, note.signal.id


def _age_days(signal: Signal, entry: SignalType, now: datetime, today: date) -> int:
    if not entry.lasting:
        return max(0, (today - signal.happened_on).days)
    reviewed_at = _reviewed_at(signal, now)
    return (now - reviewed_at).days if reviewed_at else 0


def _reviewed_at(signal: Signal, now: datetime) -> datetime | None:
    return signal.reviewed_at if signal.reviewed_at and signal.reviewed_at <= now else None


def _lines(notes: Sequence[_Note]) -> tuple[Line, ...]:
    flags = _flag_lines([note for note in notes if note.is_live and note.signal.side is Side.THEIRS])
    praise = _praise_lines([note for note in notes if note.is_live and note.signal.side is Side.PRAISE])
    lines = [
        Line(kind=LineKind.START, points_tenths=START_TENTHS),
        *flags,
        *_flag_limits(flags, notes),
        *praise,
        *limit_praise(praise),
        *(note.line(_SILENT[note.signal.state]) for note in notes if _is_struck(note)),
    ]
    return (*lines, *limit_total(sum(line.points_tenths for line in lines)))


def _is_struck(note: _Note) -> bool:
    return not note.is_live and note.signal.side is not Side.OURS


def _flag_lines(flags: Sequence[_Note]) -> list[Line]:
    repeats = _repeat_percents(flags)
    lines = []
    for note in flags:
        repeat = repeats[note.type.code, note.signal.happened_on]
        lines.append(note.line(LineKind.FLAG, -_points_tenths(note, _SEVERITY[note.signal.severity], repeat), repeat))
    return lines


def _repeat_percents(flags: Iterable[_Note]) -> dict[tuple[str, date], int]:
    dates: dict[str, set[date]] = defaultdict(set)
    for note in flags:
        dates[note.type.code].add(note.signal.happened_on)
    last = len(_REPEAT_PERCENT) - 1
    return {
        (code, on): _REPEAT_PERCENT[min(place, last)]
        for code, days in dates.items()
        for place, on in enumerate(sorted(days))
    }


def _praise_lines(praise: Iterable[_Note]) -> list[Line]:
    return [note.line(LineKind.PRAISE, _points_tenths(note)) for note in praise]


def _points_tenths(note: _Note, severity: int = 1, repeat_percent: int = 100) -> int:
    fresh = note.type.weight_tenths * severity * repeat_percent / 100
    return math.floor(fresh * 2 ** (-note.age_days / note.type.half_life_days) + 0.5)


def _flag_limits(flags: Iterable[Line], notes: Iterable[_Note]) -> list[Line]:
    by_id = {note.signal.id: note for note in notes}
    return limit_flags(
        flags,
        threads={note_id: _thread(note.signal) for note_id, note in by_id.items()},
        gut={note_id for note_id, note in by_id.items() if note.type.category == "gut"},
    )


def _thread(signal: Signal) -> str:
    """One key a thread; a note outside of any thread stands alone."""
    return f"{signal.channel_id} {signal.thread}" if signal.thread else signal.id


def _banners(notes: Iterable[_Note], now: datetime) -> tuple[Banner, ...]:
    return tuple(
        Banner(signal_id=note.signal.id, type=note.type.code, on=note.signal.happened_on)
        for note in notes
        if note.is_live and note.type.lasting and not _reviewed_at(note.signal, now)
    )
