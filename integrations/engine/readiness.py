"""What must be true of the database before a process starts to work on it; each fault is a sentence with its remedy."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

import sqlalchemy as sa

from integrations.database.migrate import current_revision, newest_revision
from integrations.database.tables import executors
from integrations.engine.settings import EngineSettings

NOT_MIGRATED = "The database is not up to date. Run `amicable migrate` first."
TWO_HOSTS = (
    "Another machine works on this SQLite file. SQLite serves one machine only: "
    "set AMICABLE_DATABASE_URL to a PostgreSQL address, or run everything on one machine."
)


def fault(engine: sa.Engine, now: datetime, settings: EngineSettings) -> str:
    """Empty when all is well, and when the database can't be reached: it may come back. `now` is real time."""
    try:
        with engine.connect() as connection:
            if current_revision(connection) != newest_revision():
                return NOT_MIGRATED
            return _two_hosts(connection, now - timedelta(seconds=settings.dead_after_seconds))
    except sa.exc.OperationalError:
        return ""


def _two_hosts(connection: sa.Connection, since: datetime) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    alive = connection.scalars(sa.select(executors.c.id).where(executors.c.seen_at > since))
    hosts = {executor_id.partition(":")[0] for executor_id in alive}
    return TWO_HOSTS if hosts - {socket.gethostname()} else ""
