"""How much waits in the database, for whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from integrations.database.tables import UNHANDLED, inbox, tickets
from rules.partings.parting import TicketState


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """`oldest_event` is when the oldest event that is not handled came; `tickets` go by tracker and state."""

    events: int
    oldest_event: datetime | None
    tickets: dict[tuple[str, str], int]
    size: int


def count_rows(engine: sa.Engine) -> Rows:
    """One short look."""
    tracker = tickets.c.document["tracker"].as_string()
    with engine.connect() as connection:
        events, oldest = connection.execute(
            sa.select(sa.func.count(), sa.func.min(inbox.c.received_at)).where(UNHANDLED)
        ).one()
        waiting = connection.execute(
            sa.select(tracker, tickets.c.state, sa.func.count())
            .where(tickets.c.state != TicketState.OPENED)
            .group_by(tracker, tickets.c.state)
        )
        found = {(str(name), str(state)): int(count) for name, state, count in waiting}
        return Rows(events=events, oldest_event=oldest, tickets=found, size=_size(connection))


def _size(connection: sa.Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    return int(connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0)
