"""What a line of an imported list may say, and the sentence for each cell that can't be taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.services.imports.rows import ClientRow, HoursRow, InvoiceRow, Line, NoteRow, Row, RowKind, kind_of, read_row
from rules.clients.client import NoticeUnit
from rules.errors import InvalidError

NOTE = {"client": "Acme", "date": "2026-03-01"}


def read(model: type[Row], cells: Mapping[str, Any]) -> Any:
    return read_row(model, Line(number=2, cells=cells))


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"name"}, RowKind.CLIENTS),
        ({"name", "owner", "since"}, RowKind.CLIENTS),
        ({"client", "date", "type"}, RowKind.NOTES),
        ({"client", "happened_on", "name"}, RowKind.NOTES),
        ({"client", "number", "due"}, RowKind.INVOICES),
        ({"client", "month", "hours"}, RowKind.HOURS),
    ],
)
def test_a_list_is_told_by_its_columns(columns: set[str], kind: RowKind) -> None:
    """Nobody has to say what is in a file."""
    assert kind_of(columns) is kind


@pytest.mark.parametrize(
    ("model", "cells", "sentence"),
    [
        (NoteRow, {"client": " ", "date": "2026-03-01"}, "client is empty. Fill it in."),
        (
            NoteRow,
            NOTE | {"date": "3/4/2026"},
            "date: “3/4/2026” can be read in two ways. Say which comes first with --dates dmy or --dates mdy.",
        ),
        (
            NoteRow,
            NOTE | {"date": "2026-02-30"},
            "date: “2026-02-30” is no date that we are sure of. Write year-month-day: 2026-03-31.",
        ),
        (NoteRow, NOTE | {"date": "0026-03-01"}, "date: the year 0026 is hardly meant. Correct it."),
        (
            NoteRow,
            NOTE | {"severity": "orange"},
            "severity: a note is pink or red. Write one of them, or leave it empty.",
        ),
        (
            NoteRow,
            NOTE | {"text": "x" * 3001},
            "text: it has 3001 characters and at most 3000 fit. Shorten it.",
        ),
        (
            NoteRow,
            NOTE | {"link": "javascript:alert(1)"},
            "link: this is no address of a page. Write one that begins with https://.",
        ),
        (
            InvoiceRow,
            {"client": "Acme", "number": "7", "due": "soon"},
            "due: “soon” is no date that we are sure of. Write year-month-day: 2026-03-31.",
        ),
        (
            HoursRow,
            {"client": "Acme", "month": "2026-03", "hours": "a lot"},
            "hours: “a lot” is no number of hours. Write 41.5 or 41:30.",
        ),
        (
            HoursRow,
            {"client": "Acme", "month": "2026-03", "hours": "99999999999"},
            "hours: 99999999999 is out of bounds. Write a number from 0 to 10000.",
        ),
        (
            ClientRow,
            {"name": "Acme", "language": "english"},
            "language: “english” is no code of a language. Write one such as en, nl or pt-BR.",
        ),
        (
            ClientRow,
            {"name": "Acme", "revenue_share": "140 %"},
            "revenue_share: 140 is no share. Write a number from 0 to 100.",
        ),
        (
            ClientRow,
            {"name": "Acme", "country": "Utopia"},
            "country: “UTOPIA” is no country that we know. Write its two letters, such as DE or US.",
        ),
        (
            ClientRow,
            {"name": "Acme", "notice_unit": "moons"},
            "notice_unit: write one of days, working_days, weeks, months.",
        ),
        (
            ClientRow,
            {"name": "Acme", "none_written": "maybe"},
            "none_written: the answer is yes or no. Write one of them.",
        ),
    ],
)
def test_a_cell_that_can_not_be_taken_has_its_sentence(
    model: type[Row], cells: Mapping[str, Any], sentence: str
) -> None:
    """Each says which column it is, what stands there and what to write instead."""
    with pytest.raises(InvalidError) as caught:
        read(model, cells)
    assert caught.value.sentence == sentence


def test_every_wrong_cell_of_a_line_is_named_at_once() -> None:
    """Nobody mends a line twice."""
    with pytest.raises(InvalidError) as caught:
        read(NoteRow, {"date": "x", "severity": "x"})
    assert [caught.value.sentence.count(word) for word in ("client is empty", "date:", "severity:")] == [1, 1, 1]


def test_people_write_cells_in_their_way() -> None:
    """Numbers of JSON, percent signs, capitals and lists of names are all understood."""
    row = read(
        ClientRow,
        {
            "name": " Acme  Inc ",
            "aliases": "A, B",
            "channel": ["#volt", "#cobalt"],
            "revenue_share": "12 %",
            "monthly_hours": 40,
            "language": "pt_br",
            "notice_unit": "Working days",
            "to_month_end": True,
            "country": "nl",
        },
    )
    assert (row.name, row.aliases, row.channels, row.revenue_share_percent, row.monthly_hours) == (
        "Acme Inc",
        ("A", "B"),
        ("#volt", "#cobalt"),
        12,
        40,
    )
    assert (row.language, row.notice_unit, row.to_month_end, row.country) == (
        "pt-BR",
        NoticeUnit.WORKING_DAYS,
        True,
        "NL",
    )


def test_names_with_commas_are_kept_between_semicolons() -> None:
    """A company may well have a comma in its name."""
    assert read(ClientRow, {"name": "Acme", "aliases": "Acme, Inc.; A"}).aliases == ("Acme, Inc.", "A")


def test_a_time_may_stand_beside_the_day() -> None:
    """An export that knows the minute keeps it."""
    found = read(NoteRow, NOTE | {"date": "2026-03-01T10:30:00Z"}).date
    assert (found, read(NoteRow, NOTE).date) == (datetime(2026, 3, 1, 10, 30, tzinfo=UTC), date(2026, 3, 1))
