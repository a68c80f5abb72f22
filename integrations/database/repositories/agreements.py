"""What is measured: invoices, hours and response clocks."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.health.measures import ClockState, Invoice, MonthlyHours, ResponseClock

INVOICE = Record(tables.invoices, Invoice, "This invoice is not here any more.")
HOURS = Record(tables.monthly_hours, MonthlyHours, "There are no hours of this month.")
CLOCK = Record(tables.response_clocks, ResponseClock, "This clock is not here any more.")

_invoice = tables.invoices.c
_hours = tables.monthly_hours.c
_clock = tables.response_clocks.c

INVOICES = INVOICE.where(_invoice.client_id == sa.bindparam("client")).order_by(
    _invoice.due_on.desc(), _invoice.id.desc()
)
UNPAID = INVOICE.where(
    _invoice.due_on < sa.bindparam("due_before"), _invoice.paid_on.is_(None), _invoice.signal_id == ""
).order_by(_invoice.due_on, _invoice.id)
HOURS_OF = HOURS.where(_hours.client_id == sa.bindparam("client")).order_by(_hours.month.desc())
RUNNING = CLOCK.where(_clock.client_id == sa.bindparam("client"), _clock.state == ClockState.RUNNING).order_by(
    _clock.ends_at, _clock.id
)
ENDING_AFTER = CLOCK.where(
    _clock.client_id == sa.bindparam("client"), _clock.ends_at >= sa.bindparam("moment")
).order_by(_clock.ends_at, _clock.id)
ALL_RUNNING = CLOCK.where(_clock.state == ClockState.RUNNING).order_by(_clock.ends_at, _clock.id)


class AgreementRows:
    """Corrected in place: what they led to stands in the ledger, which keeps its history."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save_invoice(self, invoice: Invoice) -> None:
        INVOICE.put(self._scope, invoice)

    def invoice(self, invoice_id: str) -> Invoice:
        return INVOICE.get(self._scope, id=invoice_id)

    def invoices(self, client_id: str) -> list[Invoice]:
        return INVOICE.many(self._scope, INVOICES, client=client_id)

    def unpaid(self, due_before: date) -> list[Invoice]:
        return INVOICE.many(self._scope, UNPAID, due_before=due_before)

    def save_hours(self, month: MonthlyHours) -> None:
        HOURS.put(self._scope, month)

    def hours(self, client_id: str) -> list[MonthlyHours]:
        return HOURS.many(self._scope, HOURS_OF, client=client_id)

    def save_clock(self, clock: ResponseClock) -> None:
        CLOCK.put(self._scope, clock)

    def find_clock(self, clock_id: str) -> ResponseClock | None:
        return CLOCK.find(self._scope, id=clock_id)

    def running_clocks(self, client_id: str) -> list[ResponseClock]:
        return CLOCK.many(self._scope, RUNNING, client=client_id)

    def clocks_ending_after(self, client_id: str, moment: datetime) -> list[ResponseClock]:
        return CLOCK.many(self._scope, ENDING_AFTER, client=client_id, moment=moment)

    def all_running(self) -> list[ResponseClock]:
        return CLOCK.many(self._scope, ALL_RUNNING)
