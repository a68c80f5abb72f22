"""What was agreed with a client, and what is measured against it (AM01, AM02)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.access import locked_client, seen_client
from bot.services.agreements.reminders import may_know
from bot.services.audit import record
from rules.clients.client import Agreement, Client
from rules.clients.people import Member
from rules.health.measures import Invoice, MonthlyHours, ResponseClock
from rules.local_days import local_day
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSheet:
    """One client's agreement with everything that runs against it."""

    client: Client
    clocks: tuple[ResponseClock, ...]
    invoices: tuple[Invoice, ...]
    hours: tuple[MonthlyHours, ...]
    today: date
    timezone: str


class AgreementService:
    """Shows and changes agreements."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> AgreementSheet:
        with self._units.read(workspace_id) as unit:
            return self._sheet(unit, reader, seen_client(unit, reader, client_id))

    def agree(self, workspace_id: str, actor: Member, client_id: str, agreement: Agreement) -> AgreementSheet:
        """A clock that runs already keeps the window that it was started with."""
        with self._units.begin(workspace_id) as unit:
            client = replace(locked_client(unit, actor, client_id), agreement=agreement)
            unit.clients.save(client)
            record(unit, actor, self._clock.now(), "agreement changed", client.id)
            return self._sheet(unit, actor, client)

    def set_term(self, workspace_id: str, actor: Member, client_id: str, ends_on: date | None) -> AgreementSheet:
        """When the contract ends or renews: its owner is reminded in time (AM12, CN09)."""
        with self._units.begin(workspace_id) as unit:
            known = locked_client(unit, actor, client_id)
            contract = replace(
                known.contract, ends_on=ends_on, none_written=known.contract.none_written and not ends_on
            )
            client = replace(known, contract=contract)
            unit.clients.save(client)
            record(unit, actor, self._clock.now(), "end of term changed", client.id)
            return self._sheet(unit, actor, client)

    def _sheet(self, unit: UnitOfWork, reader: Member, client: Client) -> AgreementSheet:
        timezone = unit.workspace().timezone
        return AgreementSheet(
            client=client,
            clocks=tuple(each for each in unit.agreements.running_clocks(client.id) if may_know(unit, reader, each)),
            invoices=tuple(unit.agreements.invoices(client.id)),
            hours=tuple(unit.agreements.hours(client.id)),
            today=local_day(self._clock.now(), timezone),
            timezone=timezone,
        )
