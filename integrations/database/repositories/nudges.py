"""Unasked words and the people whom they are for."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.nudges.nudge import UNSETTLED, Nudge, Recipient
from rules.nudges.receipt import NoteReceipt

NUDGE = Record(tables.nudges, Nudge, "This reminder is not here any more.")
RECEIPT = Record(tables.receipts, NoteReceipt, "This receipt is not here any more.")
RECIPIENT = Record(tables.recipients, Recipient, "Nobody is known here under this name.")

_nudge = tables.nudges.c
_receipt = tables.receipts.c
_HERS = _nudge.person_id == sa.bindparam("person")

UNSETTLED_OF = NUDGE.where(_HERS, _nudge.state.in_(sorted(UNSETTLED))).order_by(_nudge.due_at, _nudge.id)
IN_BUNDLE = NUDGE.where(_HERS, _nudge.bundle == sa.bindparam("in_bundle")).order_by(_nudge.due_at, _nudge.id)

_HER_RECEIPTS = _receipt.person_id == sa.bindparam("person")
UNDRAWN = RECEIPT.where(_HER_RECEIPTS, _receipt.drawn < _receipt.version).order_by(_receipt.day, _receipt.id)
OF_SIGNAL = RECEIPT.where(_receipt.signal_id == sa.bindparam("signal")).order_by(_receipt.id)
OF_DAY = RECEIPT.where(_HER_RECEIPTS, _receipt.day == sa.bindparam("on_day")).order_by(_receipt.id)


class NudgeRows:
    """A row a word, and a row a person who was ever told something or wished something."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find(self, nudge_id: str) -> Nudge | None:
        return NUDGE.find(self._scope, id=nudge_id)

    def save(self, nudge: Nudge) -> None:
        NUDGE.put(self._scope, nudge)

    def unsettled(self, person_id: str) -> list[Nudge]:
        return NUDGE.many(self._scope, UNSETTLED_OF, person=person_id)

    def in_bundle(self, person_id: str, bundle: str) -> list[Nudge]:
        return NUDGE.many(self._scope, IN_BUNDLE, person=person_id, in_bundle=bundle)

    def lock_recipient(self, person_id: str) -> Recipient:
        RECIPIENT.add_new(self._scope, [self._new(person_id)])
        return RECIPIENT.get(self._scope, lock=True, person_id=person_id)

    def recipient(self, person_id: str) -> Recipient:
        return RECIPIENT.find(self._scope, person_id=person_id) or self._new(person_id)

    def save_recipient(self, recipient: Recipient) -> None:
        RECIPIENT.put(self._scope, recipient)

    def _new(self, person_id: str) -> Recipient:
        return Recipient(person_id=person_id, workspace_id=self._scope.workspace_id)


class ReceiptRows:
    """A row a note and person."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, known_id: str) -> NoteReceipt:
        return RECEIPT.get(self._scope, id=known_id)

    def find(self, known_id: str) -> NoteReceipt | None:
        return RECEIPT.find(self._scope, id=known_id)

    def save(self, receipt: NoteReceipt) -> None:
        RECEIPT.put(self._scope, receipt)

    def undrawn(self, person_id: str) -> list[NoteReceipt]:
        return RECEIPT.many(self._scope, UNDRAWN, person=person_id)

    def of_signal(self, signal_id: str) -> list[NoteReceipt]:
        return RECEIPT.many(self._scope, OF_SIGNAL, signal=signal_id)

    def of_day(self, person_id: str, day: date) -> list[NoteReceipt]:
        return RECEIPT.many(self._scope, OF_DAY, person=person_id, on_day=day)
