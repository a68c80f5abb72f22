from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from rules.ports import Account, Destination, TicketChange, TicketOrder, TicketRef, TicketStatus


class ChecklistTracker:
    """Tasks that live in our own database: a task's row is its ticket, so nothing is ever sent, lost or doubled."""

    name = "checklist"
    label = "the checklist in Slack"
    quiet_period = timedelta()
    is_inside = True
    expires_on: date | None = None

    def watermark(self) -> str:
        return ""

    def create(self, order: TicketOrder) -> TicketRef:
        return _row(order)

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        """The rows were there before anybody could ask."""
        del attempt_at, watermark
        return {order.marker: [_row(order)] for order in orders}

    def glance(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        del refs
        return {}

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """Nothing: what becomes of these tasks is said in Slack and known here before anywhere else."""
        del refs
        return {}

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        """Nobody but us makes a row."""
        del ref
        return None

    def update(self, ref: str, change: TicketChange) -> None:
        """Nothing: the row has it already."""

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        del run_marker, parent_marker, parent_ref
        return {}

    def tidy(self, parent_ref: str) -> None:
        """Nothing: our rows show no marker."""

    def mark_double(self, ref: str, original: TicketRef) -> None:
        """Never asked for: there are no doubles."""

    def accounts(self) -> list[Account]:
        """None: the checklist knows people as Slack does."""
        return []

    def keep_webhook(self) -> None:
        """Nothing: nobody else changes these tasks."""

    def webhook_fault(self) -> str:
        """Nothing to tell: what changes, changes here."""
        return ""

    def destination(self) -> Destination:
        return Destination(
            id=self.name, name="Checklist in Slack", url="", audience="Only people who may see the client in Amicable."
        )


def _row(order: TicketOrder) -> TicketRef:
    return TicketRef(ref=order.marker, key="", url="")
