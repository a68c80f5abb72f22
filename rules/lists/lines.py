"""What the lines of other programs come to: invoices with our words, and hours summed by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules.lists.columns import Table, TableLayout, is_of
from rules.lists.notation import DayOrder, read_day, read_hours, read_sum
from rules.sentences import Sentence

NAMED_LINES = 10
PAID, CREDIT = "paid", "credit note"


def invoice_cells(cells: Mapping[str, str]) -> dict[str, str] | None:
    """An invoice's cells by our columns; None for what is no invoice to a client (a payment, a supplier's bill).

    Nothing open and no day of payment: the program says that it was paid, and not when.
    """
    kind = cells.get("kind", "")
    if is_of(kind, "not_ours"):
        return None
    amount, currency = cells.get("amount", "") or cells.get("open", ""), cells.get("currency", "")
    status = cells.get("status", "")
    if is_of(kind, "credits"):
        status = CREDIT
    elif not cells.get("paid_on") and not status and read_sum(cells.get("open", "")) == 0 and read_sum(amount):
        status = PAID
    wanted = {name: cells.get(name, "") for name in ("client", "number", "due_on", "paid_on")}
    named = currency and amount and not any(sign.isalpha() for sign in amount)
    return wanted | {"amount": f"{currency} {amount}" if named else amount, "status": status}


@dataclass(slots=True)
class MonthSums:
    """The hours of time lines by client and month, in order of appearance, each with the number of its first line."""

    order: DayOrder | None
    _sums: dict[tuple[str, date], Decimal] = field(default_factory=dict)
    _first: dict[tuple[str, date], int] = field(default_factory=dict)

    def add(self, number: int, cells: Mapping[str, str]) -> None:
        """`InvalidError` where the day or the time can't be read."""
        month = read_day(cells.get("date", ""), self.order).replace(day=1)
        slot = cells.get("client", ""), month
        self._sums[slot] = self._sums.get(slot, Decimal(0)) + read_hours(cells.get("hours", ""))
        self._first.setdefault(slot, number)

    def cells(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(number of the first line, cells by our columns) of each month."""
        for (client, month), hours in self._sums.items():
            yield self._first[client, month], {"client": client, "month": f"{month:%Y-%m}", "hours": f"{hours:.2f}"}


def is_aside(cells: Sequence[str], layout: TableLayout) -> bool:
    """A title, a total, a payment: nothing that we take."""
    return layout.sums_up(cells) or (layout.table is Table.INVOICES and invoice_cells(layout.cells(cells)) is None)


def remarks(layout: TableLayout | None, aside: Sequence[int]) -> Iterator[str]:
    """What is said of a table before it is taken; `aside` are the numbers of lines that are left out."""
    if layout and layout.table is Table.TIME:
        yield "these are lines of a time program: they are summed by client and month"
    if aside:
        named = ", ".join(map(str, aside[:NAMED_LINES])) + (", …" if len(aside) > NAMED_LINES else "")
        yield Sentence("line {named} is a title, a total or no invoice, and is left aside",
                       "lines {named} are titles, totals or no invoices, and are left aside",
                       count=len(aside), named=named)  # fmt: skip
