"""Opens the database: SQLite for one machine, PostgreSQL beyond (facts/engine.md 8 and 9)."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from pydantic_core import from_json

from integrations.clock import SystemClock
from integrations.database.settings import known_url

WEB_WAIT_SECONDS = 1.0
WORKER_WAIT_SECONDS = 60.0
LEAST_LOCK_WAIT_SECONDS = 1.25  # for a turn and again for the file: within Slack's 3 seconds
RETRY_SECONDS = 0.5
TRUSTED_SECONDS = 1.0
SQLITE_CONNECTIONS = 20
FIRST_SQLITE_WITH_SUBSECONDS = (3, 42)


def open_database(url: str, wait_seconds: float = WORKER_WAIT_SECONDS, connections: int = 8) -> sa.Engine:
    """An engine that rides out an outage of `wait_seconds`: short in the web process, which has 3 seconds to answer.

    Nothing is connected before the first use. Errors never repeat the values of a statement.
    """
    address = sa.make_url(known_url(url))
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, max(wait_seconds, LEAST_LOCK_WAIT_SECONDS))
    return _open_postgresql(address, wait_seconds, connections)


def _open_sqlite(address: sa.URL, lock_wait_seconds: float) -> sa.Engine:
    file = Path(str(address.database))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = sa.create_engine(
        address,
        pool_size=SQLITE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=lock_wait_seconds,
        hide_parameters=True,
        json_deserializer=from_json,
    )
    sa.event.listen(engine, "do_connect", lambda *_: keep_for_us(file))
    sa.event.listen(engine, "connect", _sqlite_preparation(lock_wait_seconds))
    return engine


def keep_for_us(file: Path) -> None:
    """A new file that no other user of the machine can read, whatever the umask; SQLite's own beside it follow it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _sqlite_preparation(lock_wait_seconds: float) -> Callable[[sqlite3.Connection, Any], None]:
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={int(lock_wait_seconds * 1000)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten, not only forgotten
        connection.isolation_level = "IMMEDIATE"
        if sqlite3.sqlite_version_info < FIRST_SQLITE_WITH_SUBSECONDS:
            connection.create_function("unixepoch", -1, _unixepoch)

    return prepare


def _unixepoch(*modifiers: str) -> float:
    """The engine asks for `unixepoch('subsec')`; an older SQLite answers with NULL (facts/engine.md 9, trap 2)."""
    seconds = SystemClock().real().timestamp()
    return seconds if modifiers == ("subsec",) else int(seconds)


def _open_postgresql(address: sa.URL, wait_seconds: float, connections: int) -> sa.Engine:
    hurries = wait_seconds <= WEB_WAIT_SECONDS
    engine = sa.create_engine(
        address,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=not hurries,
        pool_timeout=max(wait_seconds, LEAST_LOCK_WAIT_SECONDS),
        hide_parameters=True,
        json_deserializer=from_json,
        connect_args={"connect_timeout": 2},
    )
    sa.event.listen(engine, "do_connect", _patient_connect(wait_seconds))
    if hurries:
        _ping_after_a_pause(engine)
    return engine


def _ping_after_a_pause(engine: sa.Engine) -> None:
    """Asking before each use costs a command a tenth of its time, so a connection in steady use is trusted.

    Where that was wrong the person is told that nothing was saved, and Slack repeats an event. The engine takes it
    worse (facts/engine.md 9, trap 5): workers always ask.
    """

    def rest(_connection: psycopg.Connection[Any], record: Any) -> None:
        record.info["resting_since"] = time.monotonic()

    def wake(connection: psycopg.Connection[Any], record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("resting_since", time.monotonic()) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)  # type: ignore[arg-type]  # SQLAlchemy's protocol for drivers
        except psycopg.Error as error:
            raise sa.exc.DisconnectionError from error

    sa.event.listen(engine, "checkin", rest)
    sa.event.listen(engine, "checkout", wake)


def _patient_connect(wait_seconds: float) -> Callable[[sa.Dialect, Any, Any, Any], Any]:
    """Tries again in here, because the engine gives up on a restart of PostgreSQL (facts/engine.md 4)."""

    def connect(dialect: sa.Dialect, _record: Any, arguments: Any, options: Any) -> Any:
        give_up_at = time.monotonic() + wait_seconds
        while True:
            try:
                return dialect.connect(*arguments, **options)
            except psycopg.OperationalError:
                if time.monotonic() + RETRY_SECONDS > give_up_at:
                    raise
            time.sleep(RETRY_SECONDS)

    return connect
