"""Names of clients as people paste them: one a line or between commas, from a mail, a table or a bulleted list."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from rules.clients.names import plain

_BULLET: Final = re.compile(r"^\s*(?:[-*\u2022\u2013\u2014]\s|\d{1,4}[.)]\s)\s*")


def listed_names(text: str) -> tuple[str, ...]:
    """Every name, in its order; a comma within quotation marks belongs to the name."""
    return tuple(_names(text.splitlines()))


def name_list(names: Iterable[str]) -> str:
    """The same as text: one a line, so that `listed_names` finds them again."""
    return "\n".join(f'"{name}"' if "," in name or _BULLET.match(name) else name for name in names)


def _names(rows: Iterable[str]) -> Iterator[str]:
    for row in rows:
        for cells in csv.reader([plain(_BULLET.sub("", row))], skipinitialspace=True):
            yield from filter(None, (cell.strip() for cell in cells))
