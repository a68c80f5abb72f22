"""Lists as spreadsheet programs and people write them, and what is said of those that can't be read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.services.imports import sheets
from bot.services.imports.cells import clean
from bot.services.imports.rows import Line, NoteRow, RowKind, read_row
from bot.services.imports.sheets import Sheet, open_plainly, read_sheets
from rules.errors import InvalidError
from tests.examples import examples

HEADER = "client,date,text\n"


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def lines(sheet: Sheet) -> list[Line]:
    return list(sheet.lines(open_plainly))


def cells(path: Path) -> list[dict[str, Any]]:
    (sheet,) = read_sheets(path)
    return [dict(line.cells) for line in lines(sheet)]


def refusal(path: Path) -> str:
    with pytest.raises(InvalidError) as caught:
        [lines(sheet) for sheet in read_sheets(path)]
    return caught.value.sentence.replace(str(path), "FILE")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Client,Date,Text\nAcme,2026-03-01,hé\n", "utf-8"),
        ("client;date;text\r\nAcme;2026-03-01;hé\r\n", "utf-8-sig"),
        ("client\tdate\ttext\r\nAcme\t2026-03-01\thé", "utf-16"),
        ("CLIENT, Date ,text,\nAcme,2026-03-01,hé,\n\n,,,\n", "utf-8"),
        ('"client","date","text"\n"Acme","2026-03-01","hé"\n', "utf-8"),
    ],
    ids=["plain", "Excel in Europe", "Excel's Unicode text", "loose", "quoted"],
)
def test_what_programs_write_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    """Nobody has to know what a BOM, a delimiter or a line end is."""
    found = cells(write(tmp_path, "notes.csv", text, encoding))
    assert [{name: cell for name, cell in row.items() if name} for row in found] == [
        {"client": "Acme", "date": "2026-03-01", "text": "hé"}
    ]


def test_lines_bear_the_numbers_that_an_editor_shows(tmp_path: Path) -> None:
    """Texts over several lines and empty lines in between don't shift the number in a report."""
    text = HEADER + 'Acme,2026-03-01,"one\r\ntwo\nthree"\n\nAcme,2026-03-02,four\n'
    (sheet,) = read_sheets(write(tmp_path, "notes.csv", text))
    assert [(line.number, line.cells["text"]) for line in lines(sheet)] == [(2, "one\r\ntwo\nthree"), (6, "four")]


def test_a_line_that_falls_apart_takes_no_other_along(tmp_path: Path) -> None:
    """Quotation marks and separators gone wrong are named with their line; the lines around them are read."""
    text = HEADER + 'Acme,2026-03-01,"a"b"\nAcme,2026-03-02,well, well\nAcme,2026-03-03,c\nAcme,2026-03-04,"open\n'
    (sheet,) = read_sheets(write(tmp_path, "notes.csv", text))
    assert [(line.number, line.fault.partition(".")[0].partition(":")[0]) for line in lines(sheet)] == [
        (2, "The quotation marks don't fit"),
        (3, "There are more cells than columns"),
        (4, ""),
        (5, "The quotation marks don't fit"),
    ]


@pytest.mark.parametrize("name", ["notes.json", "notes.jsonl"])
def test_json_is_read_as_well(tmp_path: Path, name: str) -> None:
    """What another program exports comes in without a detour over a spreadsheet; empty cells may be left out."""
    entries = [{"Client": "Acme", "date": "2026-03-01"}, {"client": "Acme", "date": "2026-03-02", "text": "é"}]
    text = json.dumps(entries) if name == "notes.json" else "\n".join(json.dumps(entry) for entry in entries)
    found = cells(write(tmp_path, name, text))
    assert found == [{"client": "Acme", "date": "2026-03-01"}, {"client": "Acme", "date": "2026-03-02", "text": "é"}]


def test_one_json_file_may_hold_several_lists(tmp_path: Path) -> None:
    """Each list comes under its name."""
    content = {"notes": [{"client": "Acme", "date": "2026-03-01"}], "clients": [{"name": "Acme"}], "hours": []}
    found = read_sheets(write(tmp_path, "all.json", json.dumps(content)))
    assert [(sheet.kind, sheet.unit, len(lines(sheet))) for sheet in found] == [
        (RowKind.CLIENTS, "clients entry", 1),
        (RowKind.NOTES, "notes entry", 1),
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "client,date,client\n", "FILE: Two columns are called client. Rename or remove one."),
        ("b.csv", "", "FILE: The columns tell of no list that we know. There are: none."),
        ("c.csv", "firm,when\n", "FILE: The columns tell of no list that we know. There are: firm, when."),
        ("d.json", '[{"name": "Acme"},\n]', "FILE is not valid JSON: "),
        ("e.json", '"Acme"', "FILE has to be a list of entries, or lists under the names clients, notes, invoices,"),
        ("f.json", '{"notes": 1}', "What stands under the name of a list has to be a list of entries."),
        ("g.json", "[" * 100_000, "FILE is not a list that can be read: its entries lie too deep in one another."),
    ],
)
def test_a_file_that_can_not_be_read_is_told_why(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    """Each sentence names the file and what is wrong with it."""
    said = refusal(write(tmp_path, name, text))
    assert said[: len(sentence)] == sentence


def test_a_file_in_an_old_encoding_is_read_and_told(tmp_path: Path) -> None:
    """What Windows writes in the West is read, with a word about it; what is no text at all is told how to save it."""
    path = write(tmp_path, "notes.csv", HEADER + "Café,2026-03-01,x\n", "cp1252")
    (sheet,) = read_sheets(path)
    rubbish = tmp_path / "rubbish.csv"
    rubbish.write_bytes(HEADER.encode() + b"Caf\x81,2026-03-01,x\n")

    assert [line.cells["client"] for line in lines(sheet)] == ["Café"]
    assert [remark for remark in sheet.remarks if "look at the accents" in remark] == list(sheet.remarks[-1:])
    assert refusal(rubbish) == "FILE is not UTF-8 text. In a spreadsheet program save it as “CSV UTF-8”."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A typing error in a path is no traceback."""
    assert refusal(tmp_path / "notes.csv") == "Check the path: there is no file FILE."


def test_json_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON has to be read as a whole; long lists have another form."""
    monkeypatch.setattr(sheets, "MOST_JSON_BYTES", 3)
    said = refusal(write(tmp_path, "notes.json", '[{"name": "Acme"}]'))
    assert said == "FILE is too long for JSON. Write CSV, or JSON Lines (.jsonl): one entry a line."


def test_a_line_of_json_that_is_broken_is_named(tmp_path: Path) -> None:
    """The other lines are read."""
    text = '{"client": "Acme", "date": "2026-03-01"}\n{"client": \n\n[1]\n'
    (sheet,) = read_sheets(write(tmp_path, "notes.jsonl", text))
    assert [(line.number, bool(line.fault)) for line in lines(sheet)] == [(1, False), (2, True), (4, True)]


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), delimiter=st.sampled_from(",;\t"))
def test_whatever_somebody_wrote_comes_through(tmp_path: Path, text: str, delimiter: str) -> None:
    """Separators, quotes, line ends, emoji: a text in a file is the text in the ledger, but for what nobody sees."""
    path, written = tmp_path / "notes.csv", text.encode("utf-8", "replace").decode()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["client", "date", "text"], ["Acme", "2026-03-01", written]])
    (sheet,) = read_sheets(path)
    (line,) = lines(sheet)
    assert read_row(NoteRow, line).text == clean(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Cafe\u0301", "Café"),
        (" a\r\nb\rc ", "a\nb\nc"),
        ("a\x00b\x07\u200bc", "ab\u200bc"),
        ("'=1+1", "=1+1"),
        ("'tis", "'tis"),
    ],
)
def test_texts_are_cleaned_of_what_nobody_sees(written: str, kept: str) -> None:
    """One spelling of each letter, one kind of line end, and nothing that a database refuses."""
    assert clean(written) == kept
