"""CSV as spreadsheet, accounting and time programs write it: where the table begins, and what its lines say to us."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, islice
from typing import Final, Protocol, TextIO

from bot.services.imports.rows import Line, RowKind, column, day_columns, kind_of, unused
from rules.errors import InvalidError
from rules.lists.columns import DAYS, HEADER_WITHIN, Table, TableLayout, key, layout_of
from rules.lists.lines import MonthSums, invoice_cells, is_aside, remarks
from rules.lists.notation import DayOrder, told_order, with_days
from rules.sentences import Sentence

DELIMITERS: Final = ",;\t"
# Excel says with it how the cells are parted.
_SEPARATED_BY: Final = "sep="


class _Reader(Protocol):
    """Of the csv module."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a person said of their files: whose column is which of ours, and which comes first in a day."""

    columns: Mapping[str, str] = field(default_factory=dict)
    order: DayOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A table as a first look found it: `begins` is the line of its columns. `remarks` are sentences for the reader."""

    kind: RowKind
    begins: int
    delimiter: str
    columns: tuple[str, ...]
    layout: TableLayout | None
    order: DayOrder | None
    unused: tuple[str, ...]
    remarks: tuple[str, ...]

    def lines(self, text: TextIO) -> Iterator[Line]:
        reader = _reader(text, self.delimiter)
        while reader.line_num < self.begins:
            next(reader)
        rows = _rows(reader)
        if self.layout is None:
            days = day_columns(self.kind)
            return (_line(number, self.columns, cells, self.order, days) for number, cells in rows)
        if self.layout.table is Table.TIME:
            return _months(rows, self.layout, self.order)
        return (line for number, cells in rows if (line := _laid_out(number, cells, self.layout, self.order)))


def look_at(text: TextIO, reading: Reading) -> Found:
    """Reads the table once from end to end: an `InvalidError` says why it is none of ours."""
    head = list(islice(text, HEADER_WITHIN))
    delimiter = _delimiter(head)
    begins, names = _header(head, delimiter, reading)
    layout = layout_of(names, reading.columns)
    own = {key(theirs): ours for theirs, ours in reading.columns.items()}
    columns = tuple(own.get(key(name), column(name)) for name in names)
    kind = (RowKind.INVOICES if layout.table is Table.INVOICES else RowKind.HOURS) if layout else kind_of(columns)
    twice = [name for name, times in Counter(filter(None, columns)).items() if times > 1 and layout is None]
    if twice:
        raise InvalidError(Sentence("Two columns are called {twice}. Rename or remove one.", twice=twice[0]))
    reader = _reader(chain(head, text), delimiter)
    while reader.line_num < begins:
        next(reader)
    days = day_columns(kind)
    dated = [layout.tells_of_days(place) if layout else name in days for place, name in enumerate(columns)]
    orders, aside = set(), []
    for number, cells in _rows(reader):
        if isinstance(cells, list):
            orders |= {order for cell in compress(cells, dated) if (order := told_order(cell))}
            if layout and is_aside(cells, layout):
                aside.append(number)
    order = reading.order or (orders.pop() if len(orders) == 1 else None)
    placed = set(layout.places.values()) if layout else set()
    left = (
        tuple(name for place, name in enumerate(columns) if name and place not in placed)
        if layout
        else tuple(unused(kind, columns))
    )
    return Found(kind=kind, begins=begins, delimiter=delimiter, columns=columns, layout=layout, order=order,
                 unused=left, remarks=tuple(remarks(layout, aside)))  # fmt: skip


def _header(head: Sequence[str], delimiter: str, reading: Reading) -> tuple[int, list[str]]:
    """(its line, its names): the first line whose columns we know, or else the first one that isn't empty."""
    reader = _reader(head, delimiter)
    first: tuple[int, list[str]] | None = None
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return first or (1, [])
        if not any(map(str.strip, cells)) or cells[0].casefold().startswith(_SEPARATED_BY):
            continue
        first = first or (reader.line_num, cells)
        if layout_of(cells, reading.columns) or _is_ours([column(name) for name in cells]):
            return reader.line_num, cells


def _is_ours(columns: Sequence[str]) -> bool:
    try:
        kind_of(columns)
    except InvalidError:
        return False
    return True


def _delimiter(head: Sequence[str]) -> str:
    if head and head[0].casefold().startswith(_SEPARATED_BY) and head[0].strip()[len(_SEPARATED_BY) :]:
        return head[0].strip()[len(_SEPARATED_BY)]
    return max(DELIMITERS, key=lambda sign: max((line.count(sign) for line in head), default=0))


def _reader(lines: Iterable[str], delimiter: str) -> _Reader:
    # Strict: a quotation mark that nothing closes would else swallow every line behind it without a word.
    return csv.reader(iter(lines), delimiter=delimiter, strict=True)


def _rows(reader: _Reader) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each line that isn't empty, with its number in the file."""
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, error
            continue
        if any(map(str.strip, cells)):
            yield number, cells


def _line(
    number: int, columns: Sequence[str], cells: list[str] | csv.Error, order: DayOrder | None, days: Collection[str]
) -> Line:
    if isinstance(cells, csv.Error):
        return _fallen_apart(number, cells)
    if any(map(str.strip, cells[len(columns) :])):
        fault = "There are more cells than columns. Put a text with separators in it between quotation marks."
        return Line(number=number, fault=fault)
    known = dict(zip(columns, cells, strict=False))
    return Line(number=number, cells=with_days(known, order, days))


def _laid_out(number: int, cells: list[str] | csv.Error, layout: TableLayout, order: DayOrder | None) -> Line | None:
    if isinstance(cells, csv.Error):
        return _fallen_apart(number, cells)
    if is_aside(cells, layout):
        return None
    known = with_days(layout.cells(cells), order, DAYS)
    return Line(number=number, cells=invoice_cells(known) or {} if layout.table is Table.INVOICES else known)


def _months(
    rows: Iterable[tuple[int, list[str] | csv.Error]], layout: TableLayout, order: DayOrder | None
) -> Iterator[Line]:
    sums = MonthSums(order)
    for number, cells in rows:
        if isinstance(cells, csv.Error):
            yield _fallen_apart(number, cells)
        elif not layout.sums_up(cells):
            try:
                sums.add(number, layout.cells(cells))
            except InvalidError as error:
                yield Line(number=number, fault=error.sentence)
    for number, month in sums.cells():
        yield Line(number=number, cells=month)


def _fallen_apart(number: int, error: csv.Error) -> Line:
    fault = Sentence("The quotation marks don't fit: {error}. Put a second one before each.", error=error)
    return Line(number=number, fault=fault)
