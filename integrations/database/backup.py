"""A consistent copy of a SQLite file while others write into it."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from integrations.database.connect import keep_for_us


def dump_command(url: str, target: str) -> str:
    """What copies a PostgreSQL database; empty for SQLite. The password is not in it: `pg_dump` asks."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return ""
    shown = address.set(drivername="postgresql", password=None).render_as_string()
    return f"pg_dump --format=custom --file={target} '{shown}'"


def restore_commands(url: str, copy: str) -> tuple[str, ...]:
    """What puts a PostgreSQL copy into a new database beside this one; none for SQLite. The tools ask for passwords.

    Into the one that is there it could not go: what a later version added refers to what the copy brings.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return ()
    shown = address.set(drivername="postgresql", password=None)
    fresh = shown.set(database=f"{shown.database}_restored")
    return (
        shlex.join(["createdb", "--maintenance-db", shown.render_as_string(), str(fresh.database)]),
        shlex.join(["pg_restore", "--no-owner", "--single-transaction", "--dbname", fresh.render_as_string(), copy]),
    )


def fold_log(file: Path) -> bool:
    """Folds the write-ahead log into the file, so that the file is all there is; False while anybody has it open."""
    with closing(sqlite3.connect(file, timeout=0)) as alone:
        try:
            alone.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
    return True


def set_aside(file: Path, kept: Path) -> bool:
    """Copies the bytes as they are, for the file may be damaged; False where there is none.

    Logs that it left behind go away: SQLite would read them into whatever file comes next under its name.
    """
    there = file.exists()
    if there:
        keep_for_us(kept)
        shutil.copyfile(file, kept)
        give_to_owner_of(file, kept)
    for log in ("-wal", "-shm", "-journal"):
        left = file.with_name(f"{file.name}{log}")
        if left.exists():
            left.replace(kept.with_name(f"{kept.name}{log}"))
    return there


def give_to_owner_of(place: Path, file: Path) -> None:
    """Where root restores, for the account that the app runs as."""
    if os.geteuid() == 0:
        owner = place.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def database_file(url: str) -> Path:
    """Of a SQLite address."""
    return Path(str(sa.make_url(url).database))


def copy_database(source: Path, target: Path) -> None:
    """Copies in one step, which reads one moment's state and keeps no writer waiting.

    The copy takes its name only when it is whole and has been looked through; nobody but its owner may read it.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    keep_for_us(partial)
    try:
        # Opened for reading only: a wrong path must not make an empty database.
        reading = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        with closing(reading), closing(sqlite3.connect(partial)) as copy:
            reading.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            _look_through(copy)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _look_through(copy: sqlite3.Connection) -> None:
    (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
