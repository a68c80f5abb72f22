"""Which list a table is, and which of its columns are ours: told by the names that real programs give them."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

HEADER_WITHIN = 30  # lines: reports put their name, the company and a day above their columns


class Table(StrEnum):
    """What a table holds; `TIME` are the lines of a time program. The one that says most comes first."""

    TIME = "time"
    HOURS = "hours"
    INVOICES = "invoices"


NEEDED: Mapping[Table, frozenset[str]] = {
    Table.TIME: frozenset({"client", "date", "hours"}),
    Table.HOURS: frozenset({"client", "month", "hours"}),
    Table.INVOICES: frozenset({"client", "number", "due_on"}),
}


DAYS = frozenset({"date", "month", "due_on", "paid_on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """A table's kind and where its columns stand: our name to the number of the column, counted from 0."""

    table: Table
    places: Mapping[str, int]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return {name: row[place].strip() for name, place in self.places.items() if place < len(row)}

    def tells_of_days(self, place: int) -> bool:
        """Whether a day may stand in this column of the file: not in a number, a sum or a name of ours."""
        return place not in {at for name, at in self.places.items() if name not in DAYS}

    def sums_up(self, row: Sequence[str]) -> bool:
        """A total, or the title of what follows: no whole line, with one cell, or a first one that says “total”."""
        known, filled = self.cells(row), [cell for cell in row if cell.strip()]
        if all(known.get(name) for name in NEEDED[self.table]):
            return False
        first = filled[0].replace(":", " ").split() if filled else []
        return len(filled) <= 1 or (bool(first) and key(first[0]) in _words()["totals"])


def key(name: str) -> str:
    """A header as it is compared: letters and digits, small and without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def layout_of(header: Sequence[str], renamed: Mapping[str, str]) -> TableLayout | None:
    """How the table under this header is read; None where it is none of them.

    `renamed` says what somebody's own columns are, by their names: `{"Kunde": "client"}`.
    """
    own = {key(theirs): ours for theirs, ours in renamed.items()}
    keys = [key(name) for name in header]
    for table, needed in NEEDED.items():
        known = _columns()[table]
        places = {ours: keys.index(theirs) for theirs, ours in own.items() if theirs in keys and ours in known}
        for ours, names in known.items():
            found = next((name for name in names if name in keys and name not in own), None)
            if found is not None:
                places.setdefault(ours, keys.index(found))
        if needed <= places.keys():
            return TableLayout(table=table, places=places)
    return None


def is_of(kind: str, words: str) -> bool:
    """Whether a table's own word for a line is one of ours: `not_ours`, `credits`."""
    return bool(kind) and key(kind) in _words()[words]


def known_columns() -> frozenset[str]:
    """Ours, of the tables here."""
    return frozenset(name for columns in _columns().values() for name in columns)


@cache
def _columns() -> dict[str, dict[str, list[str]]]:
    return {name: columns for name, columns in _read().items() if name != "words"}


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in _read()["words"].items()}


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text(encoding="utf-8"))
