"""A copy of the database, and the way back to it; or how to make and take it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.clock import SystemClock
from integrations.database.backup import (
    copy_database,
    database_file,
    dump_command,
    fold_log,
    restore_command,
    set_aside,
)
from integrations.database.connect import open_database
from integrations.database.migrate import is_known
from integrations.engine.migrate import migrate
from rules.errors import ConflictError, InvalidError, UnavailableError
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Where the copy is and its size in bytes; or, where we can't make it, the `command` that does."""

    path: Path | None = None
    size: int = 0
    command: str = ""


def back_up(database_url: str, wanted: Path | None) -> Backup:
    """Without a path, or with a folder's, the copy is named after the moment. An existing file is left alone."""
    moment = f"{SystemClock().real():%Y-%m-%dT%H%M%S}"
    command = dump_command(database_url, str(wanted or f"amicable-{moment}.dump"))
    if command:
        return Backup(command=command)
    source = database_file(database_url)
    if not source.is_file():
        raise InvalidError(
            Sentence("There is no database at {source} yet. Check AMICABLE_DATABASE_URL.", source=source)
        )
    target = _target(source, wanted, moment)
    try:
        copy_database(source, target)
    except (sqlite3.Error, OSError) as error:
        raise UnavailableError(
            Sentence("No copy was made at {target}: {error}. Name another place.", target=target, error=error)
        ) from error
    return Backup(path=target, size=target.stat().st_size)


def stored_files(database_url: str) -> list[Path]:
    """The SQLite file with its logs and copies beside it; none for PostgreSQL."""
    if dump_command(database_url, ""):
        return []
    file = database_file(database_url)
    return [*file.parent.glob(f"{file.stem}*{file.suffix}*")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Where what was there before now lies, if anything was, and how many tickets are looked for first.

    Where we can't put it back, the `command` that does.
    """

    kept: Path | None = None
    doubted: int = 0
    command: str = ""


def put_back(settings: Settings, copy: Path) -> Restored:
    """The copy takes the place of the database at one moment, brought up to date; what was there is kept beside it."""
    command = restore_command(settings.database_url, str(copy))
    if command:
        return Restored(command=command)
    target = database_file(settings.database_url)
    if not copy.is_file() or (target.exists() and copy.samefile(target)):
        raise InvalidError(Sentence("{copy} is not a copy of the database. Name the file of a backup.", copy=copy))
    try:
        _require_alone(target)
        return _exchange(settings, copy, target)
    except (sqlite3.Error, OSError) as error:
        raise UnavailableError(
            Sentence("Nothing was restored, and the database is as it was: {error}.", error=error)
        ) from error


def _require_alone(target: Path) -> None:
    """A database that is damaged is nobody's to use, and the reason why somebody restores."""
    try:
        alone = not target.exists() or fold_log(target)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise
        alone = True
    if not alone:
        raise ConflictError("Amicable is running on this database. Stop all of its processes, then try again.")


def look_for_tickets(settings: Settings) -> int:
    """How many tickets a database that was put back calls unsent: each is looked for before it is sent."""
    house = House(settings, serves_web=False)
    try:
        return house.services.tickets.doubt_all()
    finally:
        house.close()


def _exchange(settings: Settings, copy: Path, target: Path) -> Restored:
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".restore-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        copy_database(copy, fresh)
        url = f"sqlite:///{fresh}"
        _require_ours(url, copy)
        migrate(url)
        doubted = look_for_tickets(settings.model_copy(update={"database_url": url}))
        fold_log(fresh)
        kept = None
        if target.exists():
            kept = target.with_name(f"{target.stem}.replaced-{SystemClock().real():%Y-%m-%dT%H%M%S}{target.suffix}")
            _require_alone(target)  # also of what was started meanwhile
            set_aside(target, kept)
        fresh.replace(target)
    return Restored(kept=kept, doubted=doubted)


def _require_ours(url: str, copy: Path) -> None:
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            known = is_known(connection)
    finally:
        engine.dispose()
    if not known:
        raise InvalidError(
            Sentence("{copy} is no database of this version of Amicable or an earlier one. Name another.", copy=copy)
        )


def _target(source: Path, wanted: Path | None, moment: str) -> Path:
    name = f"{source.stem}.backup-{moment}{source.suffix}"
    target = source.with_name(name) if wanted is None else wanted / name if wanted.is_dir() else wanted
    if target.exists():
        raise InvalidError(
            Sentence("{target} is there already and stays as it is. Name another file, or a folder.", target=target)
        )
    return target
