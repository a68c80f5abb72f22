"""What comes of a score if nothing new is noted: what fades by when, and what would raise it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rules.health.catalogue import Catalogue
from rules.health.formula.entries import Entry
from rules.health.formula.v2 import EVIDENCE_DATES, EVIDENCE_EVENTS, health
from rules.health.score import Band, Health, LineKind

QUIET: Final = timedelta(days=28)
_HEAVIEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    """One of the heaviest lines. `half_on` is the day on which half of it is gone; None: not until it is reviewed."""

    signal_id: str
    points_tenths: int
    half_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`quiet_*`: what the lines add up to in four weeks without a new note. The band there may be "too early to say".

    `praise_room_tenths` is what praise can still add; `missing_*` is what a number still needs.
    """

    fading: tuple[Fading, ...]
    quiet_on: date
    quiet_tenths: int
    quiet_band: Band
    praise_room_tenths: int
    missing_signals: int
    missing_dates: int


def outlook(current: Health, entries: Sequence[Entry], *, today: date, catalogue: Catalogue, team: int = 1) -> Outlook:
    quiet = health(entries, today=today + QUIET, catalogue=catalogue, team=team)
    return Outlook(
        fading=tuple(fading(current, entries, today=today, catalogue=catalogue)),
        quiet_on=today + QUIET,
        quiet_tenths=quiet.total_tenths,
        quiet_band=quiet.band,
        praise_room_tenths=max(0, catalogue.limits.praise - _praise_tenths(current)),
        missing_signals=max(0, EVIDENCE_EVENTS - current.evidence_signals),
        missing_dates=max(0, EVIDENCE_DATES - current.evidence_dates),
    )


def fading(current: Health, entries: Iterable[Entry], *, today: date, catalogue: Catalogue) -> list[Fading]:
    """The heaviest red flags with the day on which half of what they cost today is gone."""
    by_id = {entry.id: entry for entry in entries}
    flags = sorted((line for line in current.lines if line.kind is LineKind.FLAG), key=lambda line: line.points_tenths)
    return [
        Fading(
            signal_id=line.signal_id,
            points_tenths=line.points_tenths,
            half_on=_half_on(by_id[line.signal_id], today, catalogue),
        )
        for line in flags[:_HEAVIEST]
        if line.points_tenths
    ]


def _half_on(entry: Entry, today: date, catalogue: Catalogue) -> date | None:
    kind = catalogue.type(entry.type)
    is_unread = kind.lasting and (entry.reviewed_on is None or entry.reviewed_on > today)
    is_open = entry.due_on is not None and (entry.paid_on is None or entry.paid_on > today)
    return None if is_unread or is_open else today + timedelta(days=kind.half_life_days)


def _praise_tenths(current: Health) -> int:
    limited = (LineKind.PRAISE, LineKind.PRAISE_VOICE, LineKind.PRAISE_CAP)
    return sum(line.points_tenths for line in current.lines if line.kind in limited)
