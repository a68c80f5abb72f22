"""How a sensor writes into the ledger, and puts right what it wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.services.capture.notes import CaptureService, NewNote
from bot.services.health.scorecards import HealthService
from rules.decisions.decision import rests_on
from rules.errors import NotFoundError
from rules.health.catalogue import Catalogue
from rules.health.measures import Sensor
from rules.health.signal import Signal, State
from rules.ports import UnitOfWork

SAID_BY_SENSOR = "Noticed by Amicable."


class Noting:
    """Works inside a transaction that holds the client."""

    def __init__(self, capture: CaptureService, health: HealthService, catalogue: Catalogue) -> None:
        self._capture = capture
        self._health = health
        self._catalogue = catalogue

    def type_of(self, sensor: Sensor) -> str:
        return self._catalogue.sensed_by(sensor).code

    def log(
        self,
        unit: UnitOfWork,
        reporter_id: str,
        new: NewNote,
        *,
        due_on: date | None = None,
        paid_on: date | None = None,
    ) -> Signal:
        """In the name of whoever typed the fact or started the clock; the text says that nobody judged it."""
        reporter = unit.people.find_member(reporter_id)
        if reporter is None:
            raise NotFoundError("Whoever set this up is not known here any more. Somebody else has to set it up again.")
        signal = self._capture.put(unit, reporter, replace(new, note=f"{new.note} {SAID_BY_SENSOR}"))
        if due_on:
            signal = replace(signal, due_on=due_on, paid_on=paid_on)
            unit.signals.save(signal)
        self._health.touched(unit, signal.client_id)
        return signal

    def paid(self, unit: UnitOfWork, signal_id: str, due_on: date, paid_on: date | None) -> None:
        """The note of a late invoice counts late by its days from now on."""
        signal = unit.signals.get(signal_id)
        unit.signals.save(replace(signal, due_on=due_on, paid_on=paid_on))
        self._health.touched(unit, signal.client_id)

    def take_back(self, unit: UnitOfWork, signal_id: str, reason: str, now: datetime) -> None:
        """The fact was typed wrongly; a note on which a decision rests stays, and a settled one stays as it is."""
        signal = unit.signals.get(signal_id)
        decision = unit.decisions.current(signal.client_id)
        if signal.state is State.LIVE and not (decision and rests_on(decision, signal)):
            unit.signals.save(replace(signal, state=State.WITHDRAWN, state_reason=reason, settled_at=now))
            self._health.touched(unit, signal.client_id)
