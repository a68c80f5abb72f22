"""When nobody has logged: an empty ledger says nothing, and least of all that all is well (HS14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain
from typing import Final

from rules.health.signal import Signal, Source

SILENT_AFTER: Final = timedelta(weeks=6)


def noted_on(notes: Iterable[Signal]) -> list[date]:
    """When somebody logged, or said that something happened; what a list of invoices or hours says is not theirs."""
    return [max(each.happened_on, each.logged_on) for each in notes if each.source is not Source.SENSOR]


def silent_since(noted_on: Iterable[date], answered_on: Iterable[date], *, began: date, today: date) -> date | None:
    """The day of the last note, praise, answer or checkpoint, where it lies six weeks or more back; else None.

    What the books say of money is nobody's word. `began`: before that day nobody could have logged.
    """
    newest = max(chain([began], noted_on, answered_on))
    return newest if today - newest >= SILENT_AFTER else None
