"""Receipts of notes that were logged by reaction: gathered by day, true when they are drawn, updated in place.

They answer what a person has just done, so they are not counted; whoever does not want them mutes them on Home.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.access import may_see
from bot.agenda import SEND_RECEIPTS
from bot.services.capture.corrections import newest
from bot.services.capture.notes import CaptureService, Receipt
from bot.services.health.scorecards import HealthService
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.errors import AmicableError
from rules.health.signal import Signal
from rules.nudges.receipt import NoteReceipt
from rules.ports import UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One receipt as it should look now; `may_undo` until a decision has used the note."""

    row: NoteReceipt
    receipt: Receipt
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfNotes:
    """A thread: its day, how many notes it holds, and those that have to be drawn."""

    day: date
    count: int
    slips: tuple[Slip, ...]


class ReceiptService:
    """Says what has to be drawn for a person."""

    def __init__(self, units: Units, health: HealthService, capture: CaptureService) -> None:
        self._units = units
        self._health = health
        self._capture = capture

    def days(self, workspace_id: str, person: Member) -> list[DayOfNotes]:
        """Oldest first; nothing for whoever has muted receipts or left the team."""
        with self._units.read(workspace_id) as unit:
            rows = unit.receipts.undrawn(person.id)
            muted = unit.nudges.recipient(person.id).wishes.mutes_receipts
            if muted or not is_ours(person, workspace_id):
                return []
            found = [self._slip(unit, person, row) for row in rows]
            counts = {row.day: unit.receipts.count(person.id, row.day) for row in rows}
        slips = [slip for slip in found if slip]
        return [
            DayOfNotes(day=day, count=count, slips=tuple(slip for slip in slips if slip.row.day == day))
            for day, count in sorted(counts.items())
        ]

    def drawn(self, workspace_id: str, person_id: str, rows: Iterable[NoteReceipt]) -> None:
        """These stand in Slack as they were read; what has changed meanwhile is drawn again."""
        with self._units.begin(workspace_id) as unit:
            unit.nudges.lock_recipient(person_id)
            for row in rows:
                unit.receipts.save(replace(unit.receipts.get(row.id), drawn=row.version))
            if not unit.receipts.undrawn(person_id):
                unit.dues.drop(SEND_RECEIPTS, person_id)

    def undrawn(self, workspace_id: str, person_id: str) -> list[NoteReceipt]:
        with self._units.read(workspace_id) as unit:
            return unit.receipts.undrawn(person_id)

    def _slip(self, unit: UnitOfWork, person: Member, row: NoteReceipt) -> Slip | None:
        signal = unit.signals.get(newest(unit, row.signal_id))
        client = unit.clients.get(signal.client_id)
        if not may_see(person, client):
            return None
        notes = self._health.notes(unit, client.id)
        standing = self._health.standing(unit, client.id)
        without = {known_id: note for known_id, note in notes.items() if known_id != signal.id}
        receipt = Receipt(
            client=client,
            signal=signal,
            before=self._health.of(unit, without, standing),
            after=self._health.of(unit, notes, standing),
            joined=signal.reporter_id != person.id,
        )
        return Slip(row=row, receipt=receipt, may_undo=self._may_undo(unit, person, signal))

    def _may_undo(self, unit: UnitOfWork, person: Member, signal: Signal) -> bool:
        try:
            self._capture.own(unit, person, signal.id)
        except AmicableError:
            return False
        return True
