"""Receipts of notes that were logged by reaction: gathered by day, true when they are drawn, updated in place.

They answer what a person has just done, so they are not counted; whoever does not want them mutes them on Home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from bot.access import may_see
from bot.agenda import SEND_RECEIPTS, TRIED_AGAIN_AFTER
from bot.services.capture.corrections import newest
from bot.services.capture.notes import CaptureService, Receipt
from bot.services.health.scorecards import HealthService
from rules.clients.people import Member
from rules.errors import AmicableError
from rules.health.signal import Signal
from rules.nudges.receipt import NoteReceipt, message_key, versions
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One receipt as it should look now; `may_undo` until a decision has used the note."""

    row: NoteReceipt
    receipt: Receipt
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfNotes:
    """One message: its day, the rows that it was made from, and what it shows of them, the newest note first.

    For whoever mutes them none is begun; one that stands is kept true.
    """

    day: date
    is_muted: bool
    rows: tuple[NoteReceipt, ...]
    slips: tuple[Slip, ...]

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
                for row in now:
                    unit.receipts.save(replace(row, drawn=row.version if is_same else 0))
            if unit.receipts.undrawn(person_id):
                unit.dues.set(SEND_RECEIPTS.at(self._clock.now() + TRIED_AGAIN_AFTER, workspace_id, person_id))
                return False
            unit.dues.drop(SEND_RECEIPTS, person_id)
        return True

    def _day(self, unit: UnitOfWork, person: Member, day: date, *, is_muted: bool) -> DayOfNotes:
        rows = unit.receipts.of_day(person.id, day)
        ledger = cache(lambda client_id: self._health.notes(unit, client_id))
        slips = [slip for row in rows if (slip := self._slip(unit, person, row, ledger))]
        # Notes that a correction or a merge has made one stand there once.
        by_note = {slip.receipt.signal.id: slip for slip in slips}
        shown = sorted(by_note.values(), key=_logged_at, reverse=True)
        return DayOfNotes(day=day, is_muted=is_muted, rows=tuple(rows), slips=tuple(shown))

    def _slip(
        self, unit: UnitOfWork, person: Member, row: NoteReceipt, ledger: Callable[[str], Mapping[str, Signal]]
    ) -> Slip | None:
        signal = unit.signals.get(newest(unit, row.signal_id))
        client = unit.clients.get(signal.client_id)
        if not may_see(person, client):
            return None
        notes = ledger(client.id)
        standing = self._health.standing(unit, client.id)
        without = {known_id: note for known_id, note in notes.items() if known_id != signal.id}
        receipt = Receipt(
            client=client,
            signal=signal,
            before=self._health.of(unit, without, standing).glance,
            after=self._health.of(unit, notes, standing).glance,
            joined=signal.reporter_id != person.id,
        )
        return Slip(row=row, receipt=receipt, may_undo=self._may_undo(unit, person, signal))

    def _may_undo(self, unit: UnitOfWork, person: Member, signal: Signal) -> bool:
        try:
            self._capture.own(unit, person, signal.id)
        except AmicableError:
            return False
        return True


def _logged_at(slip: Slip) -> tuple[datetime, str]:
    """Of two at the same moment, that of the later message."""
    return slip.receipt.signal.logged_at, slip.receipt.signal.message_ts
