"""Receipts of notes that were logged by reaction: gathered by day, true when they are drawn, updated in place.

They answer what a person has just done, so they are not counted; whoever does not want them mutes them on Home.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from bot.access import may_see
from bot.agenda import SEND_RECEIPTS, TRIED_AGAIN_AFTER
from bot.services.capture.corrections import newest
from bot.services.capture.notes import CaptureService, Receipt
from bot.services.health.scorecards import HealthService
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import AmicableError
from rules.health.score import Glance
from rules.health.signal import Signal
from rules.nudges.receipt import NoteReceipt, message_key, versions
from rules.ports import Clock, UnitOfWork, Units

MOST_LOOKED_AT = 25  # a message has no room for more, and each of them takes a look at the score without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One receipt as it should look now; `may_undo` until a decision has used the note."""

    receipt: Receipt
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfNotes:
    """One message: its day, the rows that it was made from, and what it shows of them, the newest note first.

    `earlier` are the clients of notes that are only counted there. For whoever mutes them none is begun; one that
    stands is kept true.
    """

    day: date
    is_muted: bool
    rows: tuple[NoteReceipt, ...]
    slips: tuple[Slip, ...]
    earlier: tuple[Client, ...] = ()

    @property
    def key(self) -> str:
        return message_key(self.rows[0].person_id, self.day)


class ReceiptService:
    """Says what has to be drawn for a person."""

    def __init__(self, units: Units, clock: Clock, health: HealthService, capture: CaptureService) -> None:
        self._units = units
        self._clock = clock
        self._health = health
        self._capture = capture

    def days(self, workspace_id: str, person: Member) -> list[DayOfNotes]:
        """Each that is behind its notes, the oldest first."""
        with self._units.read(workspace_id) as unit:
            is_muted = unit.nudges.recipient(person.id).wishes.mutes_receipts
            behind = sorted({row.day for row in unit.receipts.undrawn(person.id)})
            return [self._day(unit, person, day, is_muted=is_muted) for day in behind]

    def drawn(self, workspace_id: str, person_id: str, days: Iterable[DayOfNotes]) -> bool:
        """These stand in Slack as they were read. False where one has changed meanwhile: it has to be drawn again.

        Another worker may have drawn it, and this one its older words over that: so it counts as behind in any case.
        """
        with self._units.begin(workspace_id) as unit:
            unit.nudges.lock_recipient(person_id)
            for each in days:
                now = unit.receipts.of_day(person_id, each.day)
                is_same = versions(now) == versions(each.rows)
                as_it_is = [replace(row, drawn=row.version if is_same else 0) for row in now]
                for row in {*as_it_is}.difference(now):
                    unit.receipts.save(row)
            if unit.receipts.undrawn(person_id):
                unit.dues.set(SEND_RECEIPTS.at(self._clock.now() + TRIED_AGAIN_AFTER, workspace_id, person_id))
                return False
            unit.dues.drop(SEND_RECEIPTS, person_id)
        return True

    def _day(self, unit: UnitOfWork, person: Member, day: date, *, is_muted: bool) -> DayOfNotes:
        rows = unit.receipts.of_day(person.id, day)
        client_of = cache(unit.clients.get)
        told = [note for note in _notes(unit, rows) if may_see(person, client_of(note.client_id))]
        without = cache(lambda client_id: self._health.without(unit, client_id))
        slips = [self._slip(unit, person, note, without(note.client_id)) for note in told[:MOST_LOOKED_AT]]
        earlier = [client_of(note.client_id) for note in told[MOST_LOOKED_AT:]]
        return DayOfNotes(day=day, is_muted=is_muted, rows=tuple(rows), slips=tuple(slips), earlier=tuple(earlier))

    def _slip(self, unit: UnitOfWork, person: Member, note: Signal, without: Callable[[str], Glance]) -> Slip:
        receipt = Receipt(
            client=unit.clients.get(note.client_id),
            signal=note,
            before=without(note.id),
            after=without(""),
            joined=note.reporter_id != person.id,
        )
        return Slip(receipt=receipt, may_undo=self._may_undo(unit, person, note))

    def _may_undo(self, unit: UnitOfWork, person: Member, signal: Signal) -> bool:
        try:
            self._capture.own(unit, person, signal.id)
        except AmicableError:
            return False
        return True


def _notes(unit: UnitOfWork, rows: Collection[NoteReceipt]) -> list[Signal]:
    """The newest first. Notes that a correction or a merge has made one stand there once."""
    logged = unit.signals.some([row.signal_id for row in rows])
    became = [unit.signals.get(newest(unit, note.id)) if note.corrected_by else note for note in logged]
    return sorted({note.id: note for note in became}.values(), key=_logged_at, reverse=True)


def _logged_at(note: Signal) -> tuple[datetime, str]:
    """Of two at the same moment, that of the later message."""
    return note.logged_at, note.message_ts
