"""Invoices and hours from a file: as if somebody had typed them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.agreements.money import MoneyService, NewInvoice
from bot.services.imports.desk import ImportDesk
from bot.services.imports.register import Known, require_there
from bot.services.imports.rows import HoursRow, InvoiceRow, Line, read_row, require_payday
from bot.services.imports.tally import Tally
from rules.errors import InvalidError
from rules.health.measures import Invoice, MonthlyHours, is_accusing
from rules.sentences import Sentence

NO_BUDGET = "No monthly hours are agreed with {name}. Fill in the agreement, or monthly_hours in the list of clients."


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A line that holds."""

    number: int
    client: Known
    row: InvoiceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursLine:
    """A line that holds."""

    number: int
    client: Known
    row: HoursRow


class InvoiceIntake:
    """An invoice is known by its client and number; that it was paid, or asks nothing any more, is news."""

    def __init__(self, desk: ImportDesk, money: MoneyService) -> None:
        self._desk = desk
        self._money = money
        self._typed: dict[str, dict[str, Invoice]] = {}

    def read(self, line: Line) -> InvoiceLine:
        row = read_row(InvoiceRow, line)
        require_payday(row)
        client = self._desk.register.client(row.client)
        if row.paid_on and row.paid_on > self._desk.today():
            raise InvalidError(
                Sentence("paid_on: {paid_on} has not come yet. Leave it empty until it is paid.", paid_on=row.paid_on)
            )
        return InvoiceLine(number=line.number, client=client, row=row)

    def foresee(self, lines: Sequence[InvoiceLine], tally: Tally) -> None:
        for line in lines:
            known = self._find(line)
            if known is None:
                tally.foresee(f"{line.client.id} {line.row.number.casefold()}")
            else:
                tally.count(_is_news(known, line.row))

    def store(self, lines: Sequence[InvoiceLine], tally: Tally) -> None:
        for line in lines:
            try:
                self._put(line, tally)
            except InvalidError as error:
                tally.refuse(line.number, error)

    def _put(self, line: InvoiceLine, tally: Tally) -> None:
        require_there(line.client)
        known, row = self._find(line), line.row
        args = (self._desk.actor.workspace_id, self._desk.actor)
        if known is None:
            new = NewInvoice(
                number=row.number, amount=row.amount, due_on=row.due_on, paid_on=row.paid_on, status=row.status
            )
            self._remember(line, self._money.add(*args, line.client.id, new))
            tally.added += 1
        elif row.paid_on and known.paid_on is None:
            self._remember(line, self._money.pay(*args, known.id, row.paid_on))
            tally.filled += 1
        elif _is_news(known, row):
            self._remember(line, self._money.drop(*args, known.id))
            tally.filled += 1
        else:
            tally.there += 1

    def _find(self, line: InvoiceLine) -> Invoice | None:
        client_id = line.client.id
        if client_id not in self._typed:
            with self._desk.read() as unit:
                typed = unit.agreements.invoices(client_id)
            self._typed[client_id] = {invoice.number.casefold(): invoice for invoice in typed}
        return self._typed[client_id].get(line.row.number.casefold())

    def _remember(self, line: InvoiceLine, invoice: Invoice) -> None:
        """Under the id that the line was read with: somebody may have merged the client meanwhile."""
        self._typed[line.client.id][invoice.number.casefold()] = invoice


class HoursIntake:
    """One figure a client and month; a later one corrects it."""

    def __init__(self, desk: ImportDesk, money: MoneyService) -> None:
        self._desk = desk
        self._money = money

    def read(self, line: Line) -> HoursLine:
        row = read_row(HoursRow, line)
        client = self._desk.register.client(row.client)
        if not client.measures_hours:
            raise InvalidError(Sentence(NO_BUDGET, name=client.name))
        if row.month > self._desk.today():
            raise InvalidError(Sentence("month: {month:%Y-%m} has not come yet. Correct it.", month=row.month))
        return HoursLine(number=line.number, client=client, row=row)

    def foresee(self, lines: Sequence[HoursLine], tally: Tally) -> None:
        for line in lines:
            known = self._find(line)
            if known is None:
                tally.foresee(f"{line.client.id} {line.row.month}")
            else:
                tally.count(known.hours != line.row.hours)

    def store(self, lines: Sequence[HoursLine], tally: Tally) -> None:
        for line in lines:
            try:
                self._put(line, tally)
            except InvalidError as error:
                tally.refuse(line.number, error)

    def _put(self, line: HoursLine, tally: Tally) -> None:
        require_there(line.client)
        known, row = self._find(line), line.row
        if known and known.hours == row.hours:
            tally.there += 1
            return
        self._money.type_hours(self._desk.actor.workspace_id, self._desk.actor, line.client.id, row.month, row.hours)
        if known:
            tally.filled += 1
        else:
            tally.added += 1

    def _find(self, line: HoursLine) -> MonthlyHours | None:
        with self._desk.read() as unit:
            typed = unit.agreements.hours(line.client.id)
        return next((month for month in typed if month.month == line.row.month), None)


def _is_news(known: Invoice, row: InvoiceRow) -> bool:
    """An open one was paid, or is void or credited now; whoever was paid late stays paid late."""
    if known.paid_on is not None:
        return False
    return row.paid_on is not None or not (known.asks_nothing or is_accusing(row.amount, row.status))
