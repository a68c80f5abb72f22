"""Has a note's receipt drawn, and drawn again whenever the note changes: inside the transaction that changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.agenda import SEND_RECEIPTS
from rules.clients.people import Member
from rules.local_days import local_day
from rules.nudges.receipt import NoteReceipt, receipt_id
from rules.ports import UnitOfWork


def keep_receipt(unit: UnitOfWork, person: Member, signal_id: str, now: datetime) -> None:
    """For whoever logged a note where no answer could be shown. Logged again, it is the same receipt."""
    unit.nudges.lock_recipient(person.id)
    if unit.receipts.find(receipt_id(signal_id, person.id)) is None:
        _draw(unit, _new(unit, person, signal_id, now), now)


def touch_receipts(unit: UnitOfWork, signal_id: str, now: datetime) -> None:
    """The note was changed, taken back or brought back: whoever holds a receipt sees it there."""
    held = [row for note_id in _earlier(unit, signal_id) for row in unit.receipts.of_signal(note_id)]
    # People are locked in one order, so that two changes at once never wait for each other.
    for known in sorted(held, key=lambda row: row.person_id):
        unit.nudges.lock_recipient(known.person_id)
        again = unit.receipts.get(known.id)
        _draw(unit, replace(again, version=again.version + 1), now)


def _new(unit: UnitOfWork, person: Member, signal_id: str, now: datetime) -> NoteReceipt:
    return NoteReceipt(
        id=receipt_id(signal_id, person.id),
        workspace_id=unit.workspace_id,
        person_id=person.id,
        signal_id=signal_id,
        day=local_day(now, person.timezone),
    )


def _earlier(unit: UnitOfWork, signal_id: str) -> list[str]:
    """The note and those that it corrects: receipts hang on the row that was logged first."""
    found = [signal_id]
    while (earlier := unit.signals.get(found[-1]).corrects) and earlier not in found:
        found.append(earlier)
    return found


def _draw(unit: UnitOfWork, row: NoteReceipt, now: datetime) -> None:
    """The job is for speed; the due time brings it back until it has gone through.

    Whoever draws does not stop before nothing of the person's is behind, so that a hundred notes take one job.
    """
    is_drawn_anyway = bool(unit.receipts.undrawn(row.person_id))
    unit.receipts.save(row)
    unit.dues.set(SEND_RECEIPTS.at(now, unit.workspace_id, row.person_id))
    if is_drawn_anyway:
        return
    once = f"receipts:{row.id}:{row.version}"
    unit.jobs.add(SEND_RECEIPTS(unit.workspace_id, row.person_id, now.isoformat(), once=once))
