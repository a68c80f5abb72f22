"""Days, sums, hours and columns as accounting and time programs write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InvalidError
from rules.lists.columns import Table, layout_of
from rules.lists.lines import MonthSums, invoice_cells
from rules.lists.notation import DayOrder, is_in_digits, read_day, read_hours, read_month, read_sum, whole_hours
from tests.examples import examples

DAY = date(2026, 8, 14)
DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-14",
        "20260814",
        "2026-08-14 00:00:00",
        "2026-08-14T00:00:00",
        "14 Aug 2026",
        "14 August 2026",
        "14-aug-2026",
        "Aug 14, 2026",
        "August 14th, 2026",
        "14 augustus 2026",
        "14 augusti 2026",
        "14 d\u2019agost de 2026",
        "14 d'agost de 2026",
        "14. August 2026",
        "14 août 2026",
        "14.08.2026",
        "14/08/2026",
        "08/14/2026",
        "14-8-26",
    ],
)
def test_a_day_that_can_be_read_in_one_way_is_read(text: str) -> None:
    """In the notations and languages of real exports."""
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31 feb 2026", "soon", "", "14 foo 2026", "32/13/2026", "2026", "x" * 3000]
)
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    """Never a guess."""
    with pytest.raises(InvalidError, match="Write year-month-day"):
        read_day(text)


@examples(200)
@given(day=DAYS, sign=st.sampled_from("-/. "), order=st.sampled_from(DayOrder))
def test_a_day_in_digits_needs_its_order_or_can_do_without(day: date, sign: str, order: DayOrder) -> None:
    """With the order said it is always the day that was meant; without, that day or a question."""
    numbers = (day.day, day.month) if order is DayOrder.DAY_FIRST else (day.month, day.day)
    text = f"{numbers[0]:02}{sign}{numbers[1]:02}{sign}{day.year}"
    is_open = numbers[0] <= 12 and numbers[1] <= 12 and numbers[0] != numbers[1] and sign != "."

    assert is_in_digits(text)
    if not (sign == "." and order is DayOrder.MONTH_FIRST):
        assert read_day(text, order) == day
    if is_open:
        with pytest.raises(InvalidError, match="--dates dmy or --dates mdy"):
            read_day(text)


@pytest.mark.parametrize(
    "text", ["2026-09", "09/2026", "9-2026", "Sep 2026", "september 2026", "setembre de 2026", "2026-09-30"]
)
def test_a_month_is_read(text: str) -> None:
    """By its name, by its number, or by a day in it."""
    assert read_month(text) == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3600", "3600"),
        ("3,600.00", "3600"),
        ("1.230,50", "1230.50"),
        ("12 500,00", "12500"),
        ("1'250.5", "1250.5"),
        ("$4,250.00", "4250"),
        ("EUR 1.250", "1250"),
        ("€ 12,5", "12.5"),
        ("-12,00", "-12"),
        ("(12.00)", "-12"),
        ("\u22123", "-3"),
    ],
)
def test_a_sum_is_read_whatever_its_marks(text: str, said: str) -> None:
    """The last mark is the decimal one, unless three digits follow."""
    assert read_sum(text) == Decimal(said)


def test_what_is_no_sum_is_none() -> None:
    """Not zero, which would say that nothing is open."""
    assert (read_sum(""), read_sum("n/a"), read_sum("0,00")) == (None, None, Decimal(0))


def test_hours_are_read_and_rounded_once() -> None:
    """Decimals of either kind, and hours with minutes and seconds; half an hour counts up."""
    read = [read_hours(text) for text in ("41.5", "41,5", "41:30", "41:30:00", "41.5 h")]
    assert read == [Decimal("41.5")] * 5
    assert [whole_hours(each) for each in (*read[:1], Decimal("41.49"))] == [42, 41]
    for text in ("", "a day", "41:75", "-3"):
        with pytest.raises(InvalidError, match=r"41\.5 or 41:30"):
            read_hours(text)


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (["Date", "Client", "Project", "Task", "Notes", "Hours", "Billable?"], Table.TIME),
        (["Datum", "Kunde", "Projekt", "Notizen", "Stunden"], Table.TIME),
        (["User", "Client", "Description", "Start date", "Duration"], Table.TIME),
        (["Klant", "Maand", "Uren"], Table.HOURS),
        (["ContactName", "InvoiceNumber", "DueDate", "Total"], Table.INVOICES),
        (["", "Date", "Num", "Customer full name", "Due date", "Open balance"], Table.INVOICES),
        (["Factuurnummer", "Vervaldatum", "Bedrijfsnaam", "Totaal (incl. btw)"], Table.INVOICES),
        (["Fakturanr", "Kundnamn", "Förfallodatum", "Saldo"], Table.INVOICES),
        (["client", "date", "type", "text"], None),
        (["name", "owner"], None),
    ],
)
def test_a_table_is_told_by_the_names_of_its_columns(header: list[str], table: Table | None) -> None:
    """Lines of a time program are hours, and never notes."""
    found = layout_of(header, {})
    assert (found.table if found else None) is table


def test_a_column_with_a_name_of_its_own_is_what_somebody_says() -> None:
    """And wins over a name that we know."""
    header = ["Firma", "Beleg", "Zahlbar bis", "Client"]
    renamed = {"Firma": "client", "Beleg": "number", "zahlbar BIS": "due_on"}
    found = layout_of(header, renamed)
    assert (layout_of(header, {}), found and dict(found.places)) == (None, {"client": 0, "number": 1, "due_on": 2})


def test_titles_and_totals_are_no_lines() -> None:
    """A group's title has one cell, a total says so; a client called Total Design has a number and a day."""
    layout = layout_of(["client", "number", "due", "amount"], {})
    assert layout
    rows = [["91 or more days", "", "", ""], ["TOTAL", "", "", "30"], ["Totaal: x", "", "", "30"], ["", "", "", ""]]
    assert [layout.sums_up(row) for row in rows] == [True] * 4
    lines = [["Total Design", "INV-1", "2026-01-31", ""], ["Acme", "", "2026-01-31", "30"]]
    assert [layout.sums_up(row) for row in lines] == [False] * 2


def test_an_invoice_says_what_it_is() -> None:
    """Credits accuse nobody, payments and suppliers' bills are none of ours, nothing open means paid on some day."""
    line = {"client": "Acme", "number": "1", "due_on": "2026-01-31", "amount": "100.00"}
    assert invoice_cells({**line, "kind": "Payment"}) is None
    assert invoice_cells({**line, "kind": "Crediteur"}) is None
    read = [
        invoice_cells({**line, **more}) or {}
        for more in (
            {"kind": "Credit Memo"},
            {"open": "0.00"},
            {"open": "0,00", "paid_on": "2026-01-30"},
            {"open": "80"},
            {"currency": "GBP"},
            {"currency": "GBP", "amount": "EUR 5"},
            {"amount": "", "open": "80"},
        )
    ]
    assert [each["status"] for each in read] == ["credit note", "paid", "", "", "", "", ""]
    assert [each["amount"] for each in read[4:]] == ["GBP 100.00", "EUR 5", "80"]


def test_hours_are_summed_by_client_and_month() -> None:
    """Minutes add up before they are rounded; each month has the number of its first line."""
    sums = MonthSums(None)
    for number, (client, day, hours) in enumerate(
        (
            ("Acme", "2026-10-05", "0:20"),
            ("Acme", "2026-10-06", "0:20"),
            ("Birch", "2026-10-06", "1"),
            ("Acme", "2026-11-01", "2"),
            ("Acme", "2026-10-31", "0:20"),
        ),
        start=2,
    ):
        sums.add(number, {"client": client, "date": day, "hours": hours})
    assert [(number, *cells.values()) for number, cells in sums.cells()] == [
        (2, "Acme", "2026-10", "1.00"),
        (4, "Birch", "2026-10", "1.00"),
        (5, "Acme", "2026-11", "2.00"),
    ]
