"""What was agreed with a client, and what is measured against it (AM01, AM02)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.access import locked_client, seen_client
from bot.services.agreements.accords import current
from bot.services.agreements.reminders import may_know
from bot.services.audit import record
from bot.services.calendars import country_of
from rules.clients.accord import AgreementChange
from rules.clients.client import Agreement, Client, Satisfaction
from rules.clients.people import Member
from rules.errors import InvalidError
from rules.health.ladder import LOOKED_BACK, Rung, rung
from rules.health.measures import Invoice, MonthlyHours, ResponseClock
from rules.local_days import local_day
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSheet:
    """One client's agreement with everything that runs against it. `country`: whose holidays count."""

    client: Client
    clocks: tuple[ResponseClock, ...]
    invoices: tuple[Invoice, ...]
    hours: tuple[MonthlyHours, ...]
    today: date
    timezone: str
    country: str
    habits: str = ""
    rung: Rung = Rung.NONE


class AgreementService:
    """Shows and changes agreements."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> AgreementSheet:
        with self._units.read(workspace_id) as unit:
            return self._sheet(unit, reader, seen_client(unit, reader, client_id))

    def agree(
        self, workspace_id: str, actor: Member, client_id: str, agreement: Agreement, habits: str | None = None
    ) -> AgreementSheet:
        """A clock that runs already keeps the window that it was started with. What held before is kept (AM05)."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            known = locked_client(unit, actor, client_id)
            accord = current(unit, known, now)
            wanted = accord.habits if habits is None else habits.strip()
            if (agreement, wanted) != (known.agreement, accord.habits):
                before = AgreementChange(at=now, by_id=actor.id, agreement=known.agreement, habits=accord.habits)
                unit.accords.save(replace(accord, habits=wanted, changes=(*accord.changes, before)))
            client = replace(known, agreement=agreement)
            unit.clients.save(client)
            record(unit, actor, now, "agreement changed", client.id)
            return self._sheet(unit, actor, client)

    def hear(self, workspace_id: str, actor: Member, client_id: str, said: Satisfaction) -> AgreementSheet:
        """The client's own word, from 1 to 5. It stands beside the score and never in it (HS19)."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            known = locked_client(unit, actor, client_id)
            if said.heard_on > local_day(now, unit.workspace().timezone):
                fault = "This day has not come yet. Choose today or an earlier one."
                raise InvalidError(fault, {"heard_on": fault})
            client = replace(known, satisfactions=(*known.satisfactions, replace(said, by_id=actor.id)))
            unit.clients.save(client)
            record(unit, actor, now, "satisfaction heard", client.id)
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
        timezone, now = unit.workspace().timezone, self._clock.now()
        accord = unit.accords.current(client.id)
        recent = unit.agreements.clocks_ending_after(client.id, now - LOOKED_BACK)
        return AgreementSheet(
            client=client,
            clocks=tuple(each for each in unit.agreements.running_clocks(client.id) if may_know(unit, reader, each)),
            invoices=tuple(unit.agreements.invoices(client.id)),
            hours=tuple(unit.agreements.hours(client.id)),
            today=local_day(self._clock.now(), timezone),
            timezone=timezone,
            country=country_of(unit, client),
            habits=accord.habits if accord else "",
            rung=rung([each for each in recent if may_know(unit, reader, each)], now),
        )
