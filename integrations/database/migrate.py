"""Brings a database's tables up to date: `amicable migrate`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from integrations.database.connect import keep_for_us, open_database
from integrations.database.revisions import MIGRATIONS, TOO_NEW, current_revision, is_known, newest_revision
from rules.errors import RefusedError
from rules.sentences import Sentence

TURNSTILE = 7_264_425  # PostgreSQL's advisory lock: two releases at once go one after the other


def migrate(url: str) -> None:
    """Runs what is missing in one transaction; a second run does nothing. A SQLite file is copied before it changes.

    `RefusedError` where a later version has changed it: what that one stores is not known here.
    """
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            if current_revision(connection) is not None and not is_known(connection):
                raise RefusedError(TOO_NEW)
        if engine.dialect.name == "sqlite":
            back_up(engine)
        with alone(engine) as connection:
            command.upgrade(alembic_config(connection), "head")
    finally:
        engine.dispose()


def alembic_config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def back_up(engine: sa.Engine) -> Path | None:
    """Copies a file that is about to change beside itself: `amicable.before-0002.db`; None when nothing will change."""
    with engine.connect() as connection:
        held, newest = current_revision(connection), newest_revision()
    if held is None or held == newest:
        return None
    path = Path(str(engine.url.database))
    copy = path.with_name(f"{path.stem}.before-{newest}{path.suffix}")
    keep_for_us(copy)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@contextmanager
def alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One migrator at a time, one transaction, nothing kept if it fails."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield from _alone_in_file(connection)
        else:
            with connection.begin():
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURNSTILE)))
                yield connection


def _alone_in_file(connection: sa.Connection) -> Iterator[sa.Connection]:
    """SQLite rebuilds a table to change it; with foreign keys on that would delete the children of its rows.

    So they are off meanwhile, which only works outside a transaction, and are counted before it is committed.
    """
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.commit()
    try:
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise RuntimeError(
                    Sentence(
                        "The migration would leave {count} row without their parent: not done.",
                        "The migration would leave {count} rows without their parent: not done.",
                        count=len(orphans),
                    )
                )
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
