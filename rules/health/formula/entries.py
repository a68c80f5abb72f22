"""What the formula reads: one narrow row a note or invoice, without words and hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from rules.health.catalogue import Catalogue
from rules.health.signal import Outline, Severity, Side, Signal, Source, State
from rules.local_days import local_day


class Entry(NamedTuple):
    """One note, or one fact: what an invoice, the hours or a clock of answers says (HS12).

    `people` are all who noted it. `due_on` is the first working day on which an invoice can be paid in time, None for
    whatever is no invoice; `paid_on` is None while it is open.
    """

    id: str
    type: str
    side: Side
    severity: Severity
    on: date
    people: frozenset[str] = frozenset()
    state: State = State.LIVE
    is_fact: bool = False
    due_on: date | None = None
    paid_on: date | None = None
    reviewed_on: date | None = None

    def open_until(self, today: date) -> date | None:
        """The last day up to today on which the money was missing; None for what is no invoice."""
        if self.due_on is None:
            return None
        return self.paid_on if self.paid_on and self.paid_on <= today else today


def entries_of(signals: Iterable[Signal | Outline], catalogue: Catalogue, timezone: str) -> list[Entry]:
    """The rows of a ledger. Days are those of the workspace's time zone."""
    return [
        Entry(
            id=signal.id,
            type=catalogue.counted(signal).code,
            side=signal.side,
            severity=signal.severity,
            on=signal.happened_on,
            people=frozenset((signal.reporter_id, *signal.witness_ids)),
            state=signal.state,
            is_fact=signal.source is Source.SENSOR,
            due_on=signal.due_on,
            paid_on=signal.paid_on,
            reviewed_on=local_day(signal.reviewed_at, timezone) if signal.reviewed_at else None,
        )
        for signal in signals
    ]
