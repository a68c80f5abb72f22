"""Invoices and hours: typed by people, judged by the calendar (RF35, RF01)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

from bot.access import locked_client, seen_client
from bot.services.agreements.noting import Noting
from bot.services.audit import record
from bot.services.calendars import country_of
from bot.services.capture.notes import NewNote
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import InvalidError
from rules.health.measures import (
    Invoice,
    MonthlyHours,
    Sensor,
    first_late_day,
    invoice_said,
    is_accusing,
    is_late,
    is_over_budget,
    last_day_in_time,
)
from rules.health.signal import Source
from rules.local_days import day_time, local_day, month_end
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvoice:
    """What the form asks for."""

    number: str
    amount: str
    due_on: date
    paid_on: date | None = None
    status: str = ""


class MoneyService:
    """One note an invoice, one a month."""

    def __init__(self, units: Units, clock: Clock, ledger: Noting) -> None:
        self._units = units
        self._clock = clock
        self._ledger = ledger

    def add(self, workspace_id: str, actor: Member, client_id: str, new: NewInvoice) -> Invoice:
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            if any(known.number.casefold() == new.number.casefold() for known in unit.agreements.invoices(client.id)):
                raise InvalidError(
                    "Please look at the number.",
                    {"number": "This invoice is in the list already. Look for its number there."},
                )
            invoice = Invoice(
                id=f"in-{secrets.token_hex(8)}",
                workspace_id=workspace_id,
                client_id=client.id,
                number=new.number,
                amount=new.amount,
                due_on=new.due_on,
                paid_on=new.paid_on,
                typed_by=actor.id,
                typed_at=now,
                asks_nothing=not is_accusing(new.amount, new.status),
            )
            if invoice.paid_on:
                invoice = self._judged_invoice(unit, client, invoice)
            unit.agreements.save_invoice(invoice)
            record(unit, actor, now, "invoice typed", invoice.id)
            return invoice

    def invoice(self, workspace_id: str, reader: Member, invoice_id: str) -> Invoice:
        with self._units.read(workspace_id) as unit:
            invoice = unit.agreements.invoice(invoice_id)
            seen_client(unit, reader, invoice.client_id)
            return invoice

    def pay(self, workspace_id: str, actor: Member, invoice_id: str, paid_on: date) -> Invoice:
        """The money came: nothing is noticed from now on, and a note that was wrong is taken back."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, unit.agreements.invoice(invoice_id).client_id)
            invoice = replace(unit.agreements.invoice(invoice_id), paid_on=paid_on)
            invoice = self._judged_invoice(unit, client, invoice)
            unit.agreements.save_invoice(invoice)
            record(unit, actor, now, "invoice paid", invoice_id)
            return invoice

    def drop(self, workspace_id: str, actor: Member, invoice_id: str) -> Invoice:
        """It is void or credited: it asks nobody for money, and never did; its note is taken back."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, unit.agreements.invoice(invoice_id).client_id)
            invoice = replace(unit.agreements.invoice(invoice_id), asks_nothing=True)
            invoice = self._judged_invoice(unit, client, invoice)
            unit.agreements.save_invoice(invoice)
            record(unit, actor, now, "invoice dropped", invoice_id)
            return invoice

    def notice_overdue(self, workspace_id: str) -> int:
        """Part of the daily reading; returns how many invoices are newly overdue."""
        with self._units.read(workspace_id) as unit:
            today = local_day(self._clock.now(), unit.workspace().timezone)
            unpaid = unit.agreements.unpaid(today)
        return sum(self._notice(workspace_id, invoice) for invoice in unpaid)

    def type_hours(self, workspace_id: str, actor: Member, client_id: str, month: date, hours: int) -> MonthlyHours:
        """What a month took; more than the agreed budget is noticed once a month."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            budget = client.agreement.monthly_hours
            if budget is None:
                raise InvalidError("Agree on monthly hours first: the agreement form asks for them.")
            known = next((each for each in unit.agreements.hours(client.id) if each.month == month), None)
            typed = MonthlyHours(
                workspace_id=workspace_id,
                client_id=client.id,
                month=month,
                hours=hours,
                budget=known.budget if known else budget,
                signal_id=known.signal_id if known else "",
                typed_by=actor.id,
            )
            typed = self._judged(unit, typed)
            unit.agreements.save_hours(typed)
            record(unit, actor, now, "hours typed", client.id, f"{month:%Y-%m}")
            return typed

    def _notice(self, workspace_id: str, found: Invoice) -> bool:
        with self._units.begin(workspace_id) as unit:
            # An invoice outlives its erased client as a row without words; it must not stop the whole daily reading.
            if unit.clients.get(found.client_id).erased_at:
                return False
            client = unit.clients.lock(found.client_id)
            invoice = unit.agreements.invoice(found.id)
            judged = invoice if invoice.signal_id else self._judged_invoice(unit, client, invoice)
            if judged == invoice:
                return False
            unit.agreements.save_invoice(judged)
            return True

    def _judged_invoice(self, unit: UnitOfWork, client: Client, invoice: Invoice) -> Invoice:
        """One fact an invoice: late so far, paid late by its days, or in time, which takes a note back."""
        now, timezone, country = self._clock.now(), unit.workspace().timezone, country_of(unit, client)
        if not is_late(invoice, local_day(now, timezone), country):
            if invoice.signal_id:
                why = "the invoice asks for no money" if invoice.asks_nothing else "it was paid in time"
                self._ledger.take_back(unit, invoice.signal_id, why, now)
            return invoice
        if invoice.signal_id:
            in_time = last_day_in_time(invoice.due_on, country)
            self._ledger.paid(unit, invoice.signal_id, in_time, invoice.paid_on)
            return invoice
        new = NewNote(
            client_id=client.id,
            type=self._ledger.type_of(Sensor.INVOICE),
            source=Source.SENSOR,
            happened_at=day_time(first_late_day(invoice.due_on, country), timezone),
            note=invoice_said(invoice),
            once=f"invoice:{invoice.id}",
        )
        in_time = last_day_in_time(invoice.due_on, country)
        signal = self._ledger.log(unit, invoice.typed_by, new, due_on=in_time, paid_on=invoice.paid_on)
        return replace(invoice, signal_id=signal.id)

    def _judged(self, unit: UnitOfWork, typed: MonthlyHours) -> MonthlyHours:
        now = self._clock.now()
        if not is_over_budget(typed):
            if typed.signal_id:
                self._ledger.take_back(unit, typed.signal_id, "the hours were within the budget", now)
            return replace(typed, signal_id="")
        if typed.signal_id:
            return typed
        new = NewNote(
            client_id=typed.client_id,
            type=self._ledger.type_of(Sensor.HOURS),
            source=Source.SENSOR,
            happened_at=min(now, day_time(month_end(typed.month), unit.workspace().timezone)),
            note=Sentence(
                "{count} hour in {month:%B %Y}, agreed were {budget}.",
                "{count} hours in {month:%B %Y}, agreed were {budget}.",
                count=typed.hours,
                month=typed.month,
                budget=typed.budget,
            ),
            once=f"hours:{typed.client_id}:{typed.month}",
        )
        return replace(typed, signal_id=self._ledger.log(unit, typed.typed_by, new).id)
