"""What waits, put together for whoever watches over this installation."""

from __future__ import annotations

from datetime import datetime

from bot.bootstrap.adapters import Adapters
from bot.bootstrap.services import Services
from integrations.database.figures import count_rows
from integrations.metrics import Backlog, Figures


def figures(outside: Adapters, services: Services) -> Figures:
    """One look at the database, which may block."""
    now, real = outside.clock.now(), outside.clock.real()
    rows = count_rows(outside.engine)
    queues = outside.jobs.queues()
    return Figures(
        inbox=Backlog(waiting=rows.events, oldest_seconds=_age(rows.oldest_event, now)),
        jobs={name: Backlog(waiting=count, oldest_seconds=_age(since, real)) for name, count, since in queues},
        tickets=rows.tickets,
        digests_late=services.digests.late(),
        database_bytes=rows.size,
        workers=outside.jobs.alive(real),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
