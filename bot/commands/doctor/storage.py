"""The database, and whether somebody works on it."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.bootstrap import House
from bot.bootstrap.backup import stored_files
from bot.commands.doctor.findings import Finding, fault, fine, off, told
from rules.sentences import Sentence

AREA: Final = "Database"
EXPORTS: Final = "amicable-export*"


def look_at_database(house: House, *, before_start: bool) -> Iterator[Finding]:
    """`before_start`: nothing runs yet, and that is as it should be."""
    if problem := house.storage_problem():
        yield told(AREA, problem)
        return
    yield fine(
        AREA,
        Sentence("The database ({name}) is up to date and can be written.", name=house.outside.engine.dialect.name),
    )
    if house.outside.jobs.beats(house.outside.clock.real()):
        yield fine("Worker", "A worker is alive.")
    elif before_start:
        yield off("Worker", "No worker runs yet.", "Start one with amicable run, or with amicable worker beside web.")
    else:
        said = "No worker has been heard of for half a minute: nothing is posted and no ticket is opened."
        yield fault("Worker", said, "Start one with amicable run, or with amicable worker beside amicable web.")


def look_at_files(database_url: str, exports: Path) -> Iterator[Finding]:
    """The SQLite file, what lies beside it, and exports in the folder where they are made without another name."""
    stored = stored_files(database_url)
    for folder in {file.parent for file in stored if _is_open(file.parent)}:
        said = Sentence("Others on this machine can look into {folder}.", folder=folder)
        remedy = Sentence("If the folder holds nothing else, type: chmod 700 {path}", path=_typed([folder]))
        yield off(AREA, said, remedy)
    opened = sorted(path for path in [*exports.glob(EXPORTS), *stored] if _is_open(path))
    if opened:
        names = ", ".join(path.name for path in opened)
        said = Sentence("Others on this machine can read {names}, which hold what was noted.", names=names)
        yield fault(AREA, said, Sentence("Type: chmod go= {paths}", paths=_typed(opened)))


def _is_open(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))


def _typed(paths: Sequence[Path]) -> str:
    return shlex.join(map(str, paths))


def look_at_owner(house: House, workspace_id: str) -> Iterator[Finding]:
    """A database belongs to the workspace that began it."""
    with house.outside.units.house() as keeping:
        known = keeping.workspaces()
    if known and workspace_id not in {workspace.id for workspace in known}:
        names = ", ".join(workspace.name for workspace in known)
        said = Sentence(
            "The database holds what belongs to {names}, and the token is of another workspace.", names=names
        )
        yield fault(AREA, said, "Set that workspace's token, or another AMICABLE_DATABASE_URL.")
