"""Walking through all rows of a table a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rules.ports import Chosen, Stored, UnitOfWork

PAGE = 500


def pages(unit: UnitOfWork, table: str, chosen: Chosen) -> Iterator[list[Stored]]:
    """Within one unit."""
    after = ""
    while True:
        rows = unit.archive.page(table, chosen, after, PAGE)
        yield rows
        if len(rows) < PAGE:
            return
        after = rows[-1].place


def count_pages(found: Iterable[list[Stored]], counts: Callable[[Mapping[str, Any]], bool]) -> int:
    return sum(counts(stored.values) for rows in found for stored in rows)
