"""A copy of the database, or how to make one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from integrations.clock import SystemClock
from integrations.database.backup import copy_database, database_file, dump_command
from rules.errors import InvalidError, UnavailableError
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
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_database(source, target)
    except (sqlite3.Error, OSError) as error:
        raise UnavailableError(
            Sentence("No copy was made at {target}: {error}. Name another place.", target=target, error=error)
        ) from error
    return Backup(path=target, size=target.stat().st_size)


def _target(source: Path, wanted: Path | None, moment: str) -> Path:
    name = f"{source.stem}.backup-{moment}{source.suffix}"
    target = source.with_name(name) if wanted is None else wanted / name if wanted.is_dir() else wanted
    if target.exists():
        raise InvalidError(
            Sentence("{target} is there already and stays as it is. Name another file, or a folder.", target=target)
        )
    return target
