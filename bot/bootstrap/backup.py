"""A copy of the database, and the way back to it; or how to make and take it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.bootstrap.house import House
from bot.services.partings.tickets.tickets import Doubted
from bot.settings import Settings
from integrations.clock import SystemClock
from integrations.database.backup import (
    copy_database,
    database_file,
    dump_command,
    fold_log,
    give_to_owner_of,
    restore_commands,
    set_aside,
)
from integrations.database.connect import open_database
from integrations.database.revisions import is_known
from integrations.engine.migrate import migrate
from rules.errors import ConflictError, InvalidError, UnavailableError
from rules.sentences import Sentence

WORKSHOP: Final = ".restore-"
RUNNING: Final = (
    "Amicable is running on this database. Stop all of its processes; where one was killed, wait half a minute. "
    "Then try again."
)

NOTHING: Final = Doubted(tickets=0, unopened=())


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
    """The database that has been restored, where what was there before lies now, if anything was, and what is doubted.

    Where we can't put it back: the `commands` that do.
    """

    database: Path | None = None
    kept: Path | None = None
    doubted: Doubted = NOTHING
    commands: tuple[str, ...] = ()


def put_back(settings: Settings, copy: Path) -> Restored:
    """The copy takes the place of the database at one moment, brought up to date; what was there is kept beside it."""
    commands = restore_commands(settings.database_url, str(copy))
    if commands:
        return Restored(commands=commands)
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


def take_over(settings: Settings) -> Doubted:
    """The rest, where PostgreSQL's own tools have put a copy back."""
    if not restore_commands(settings.database_url, ""):
        raise InvalidError("AMICABLE_DATABASE_URL does not name a PostgreSQL database. Name the file of a backup.")
    migrate(settings.database_url)
    with closing(House(settings, serves_web=False)) as house:
        if house.outside.jobs.alive(house.outside.clock.real()):
            raise ConflictError(RUNNING)
        return house.services.tickets.doubt_all()


def _require_alone(target: Path) -> None:
    """A database that is damaged is nobody's to use, and the reason why somebody restores."""
    try:
        alone = not target.exists() or fold_log(target)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise
        alone = True
    if not alone:
        raise ConflictError(RUNNING)


def _exchange(settings: Settings, copy: Path, target: Path) -> Restored:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in target.parent.glob(f"{WORKSHOP}*"):  # of one that was killed: it holds a whole database
        shutil.rmtree(left)
    with TemporaryDirectory(prefix=WORKSHOP, dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        copy_database(copy, fresh)
        url = f"sqlite:///{fresh}"
        _require_ours(url, copy)
        migrate(url)
        with closing(House(settings.model_copy(update={"database_url": url}), serves_web=False)) as house:
            doubted = house.services.tickets.doubt_all()
        if not fold_log(fresh):
            raise sqlite3.OperationalError("somebody has opened the copy")
        give_to_owner_of(target if target.exists() else target.parent, fresh)
        _require_alone(target)  # also of what was started meanwhile
        kept = target.with_name(f"{target.stem}.replaced-{SystemClock().real():%Y-%m-%dT%H%M%S}{target.suffix}")
        was_there = set_aside(target, kept)
        fresh.replace(target)
    return Restored(database=target.absolute(), kept=kept if was_there else None, doubted=doubted)


def _require_ours(url: str, copy: Path) -> None:
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            known = is_known(connection)
    finally:
        engine.dispose()
    if not known:
        raise InvalidError(
            Sentence(
                "{copy} is not a database of this version of Amicable or of an earlier one. Name another.", copy=copy
            )
        )


def _target(source: Path, wanted: Path | None, moment: str) -> Path:
    name = f"{source.stem}.backup-{moment}{source.suffix}"
    target = source.with_name(name) if wanted is None else wanted / name if wanted.is_dir() else wanted
    if target.exists():
        raise InvalidError(
            Sentence("{target} is there already and stays as it is. Name another file, or a folder.", target=target)
        )
    return target
