"""Unasked words and the people whom they are for."""

from __future__ import annotations

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.quiet.nudge import UNSETTLED, Nudge, Recipient

NUDGE = Record(tables.nudges, Nudge, "This word is not here any more.")
RECIPIENT = Record(tables.recipients, Recipient, "Nobody is known here under this name.")

_nudge = tables.nudges.c
_HERS = _nudge.person_id == sa.bindparam("person")

UNSETTLED_OF = NUDGE.where(_HERS, _nudge.state.in_(sorted(UNSETTLED))).order_by(_nudge.due_at, _nudge.id)
IN_BUNDLE = NUDGE.where(_HERS, _nudge.bundle == sa.bindparam("in_bundle")).order_by(_nudge.due_at, _nudge.id)


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
