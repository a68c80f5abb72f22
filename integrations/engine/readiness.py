"""What must be true of the database before a process starts to work on it; each fault is a sentence with its remedy."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from integrations.database.revisions import TOO_NEW, current_revision, is_known, newest_revision
from integrations.database.tables import executors
from integrations.engine.settings import EngineSettings

NOT_MIGRATED = "The database is not up to date. Run `amicable migrate` first."
NOT_THERE = "There is no database yet. Run `amicable migrate`, or `amicable run`, which begins with it."
AWAY = "The database can't be reached. Check AMICABLE_DATABASE_URL, and that its server runs."
NOT_WRITABLE = "The database can't be written. Check the rights of its file and folder, or of its user, and the disk."
TWO_HOSTS = (
    "Another machine works on this SQLite file. SQLite serves one machine only: "
    "set AMICABLE_DATABASE_URL to a PostgreSQL address, or run everything on one machine."
)


def fault(engine: sa.Engine, now: datetime, settings: EngineSettings) -> str:
    """Empty when all is well, and when the database can't be reached: it may come back. `now` is real time."""
    try:
        with engine.connect() as connection:
            held = current_revision(connection)
            if held != newest_revision():
                return NOT_MIGRATED if held is None or is_known(connection) else TOO_NEW
            return _two_hosts(connection, now - timedelta(seconds=settings.dead_after_seconds))
    except sa.exc.OperationalError:
        return ""


def problem(engine: sa.Engine, now: datetime, settings: EngineSettings) -> str:
    """The same for somebody who asks: then a database that is away is a fault, too. What is tried is undone."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return NOT_THERE
    try:
        with engine.connect():
            pass
    except (sa.exc.DBAPIError, OSError):
        return AWAY
    return fault(engine, now, settings) or _not_writable(engine, now)


def _not_writable(engine: sa.Engine, now: datetime) -> str:
    try:
        with engine.connect() as connection:
            connection.execute(sa.insert(executors).values(id="doctor", seen_at=now))
            connection.rollback()
    except sa.exc.DBAPIError:
        return NOT_WRITABLE
    return ""


def _two_hosts(connection: sa.Connection, since: datetime) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    alive = connection.scalars(sa.select(executors.c.id).where(executors.c.seen_at > since))
    hosts = {executor_id.partition(":")[0] for executor_id in alive}
    return TWO_HOSTS if hosts - {socket.gethostname()} else ""
