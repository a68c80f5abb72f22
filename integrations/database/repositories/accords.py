"""What both sides expect of each other, term by term, and the rounds of the pulse."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.clients.accord import Accord
from rules.health.pulse import PulseRound

ACCORD = Record(tables.accords, Accord, "This agreement is not here any more.")
PULSE = Record(tables.pulses, PulseRound, "This question is not here any more.")

_accord = tables.accords.c
_pulse = tables.pulses.c

OF_CLIENT = ACCORD.where(_accord.client_id == sa.bindparam("client")).order_by(
    _accord.begun_at.desc(), _accord.id.desc()
)
CURRENT = (
    ACCORD.where(_accord.client_id == sa.bindparam("client"), _accord.ended_at.is_(None))
    .order_by(_accord.begun_at.desc(), _accord.id.desc())
    .limit(1)
)
RUNNING = ACCORD.where(_accord.ended_at.is_(None)).order_by(_accord.client_id, _accord.begun_at, _accord.id)
ROUND = PULSE.where(_pulse.client_id == sa.bindparam("client"), _pulse.month == sa.bindparam("in_month"))
ROUNDS = (
    PULSE.where(_pulse.client_id == sa.bindparam("client"), _pulse.closes_at <= sa.bindparam("moment"))
    .order_by(_pulse.month.desc())
    .limit(sa.bindparam("most"))
)
ASKED_IN = PULSE.where(_pulse.month == sa.bindparam("in_month")).order_by(_pulse.client_id)


class AccordRows:
    """A client has one that runs at most; those that ended stay."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, accord: Accord) -> None:
        ACCORD.put(self._scope, accord)

    def get(self, accord_id: str) -> Accord:
        return ACCORD.get(self._scope, id=accord_id)

    def current(self, client_id: str) -> Accord | None:
        return ACCORD.first(self._scope, CURRENT, client=client_id)

    def running(self) -> list[Accord]:
        return ACCORD.many(self._scope, RUNNING)

    def of_client(self, client_id: str) -> list[Accord]:
        return ACCORD.many(self._scope, OF_CLIENT, client=client_id)


class PulseRows:
    """One row a client and month."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, known: PulseRound) -> None:
        PULSE.put(self._scope, known)

    def find(self, client_id: str, month: date) -> PulseRound | None:
        return PULSE.first(self._scope, ROUND, client=client_id, in_month=month)

    def closed(self, client_id: str, before: datetime, most: int) -> list[PulseRound]:
        return PULSE.many(self._scope, ROUNDS, client=client_id, moment=before, most=most)

    def asked_in(self, month: date) -> list[PulseRound]:
        return PULSE.many(self._scope, ASKED_IN, in_month=month)
