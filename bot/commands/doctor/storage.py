"""The database, and whether somebody works on it."""

from __future__ import annotations

import shlex
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.bootstrap.backup import stored_files
from bot.bootstrap.house import House
from bot.commands.doctor.findings import Finding, fault, fine, off, told
from rules.sentences import Sentence

AREA: Final = "Database"
EXPORTS: Final = "amicable-export*"
LEAST_BYTES: Final = 200_000_000
MOUNTS: Final = Path("/proc/mounts")
NETWORK_DISKS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs", "lustre", "gpfs"}
)


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


def look_at_disk(database_url: str, here: Path, mounts: Path = MOUNTS) -> Iterator[Finding]:
    """How much room is left, and for SQLite whether its disk is this machine's own."""
    stored = stored_files(database_url)
    folder = stored[0].parent if stored else here
    if folder.exists() and (left := shutil.disk_usage(folder).free) < LEAST_BYTES:
        said = Sentence("The disk under {folder} has {left} MB left.", folder=folder.resolve(), left=left // 1_000_000)
        yield fault("Disk", said, "Make room: what can't be written is refused, and nothing more is noted.")
    if stored and (kind := _network_disk(folder.resolve(), mounts)):
        said = Sentence("{folder} is on a network disk ({kind}), where SQLite loses data.", folder=folder, kind=kind)
        yield fault("Disk", said, "Move the file to this machine's own disk, or use PostgreSQL.")


def _network_disk(folder: Path, mounts: Path) -> str:
    """Its kind, where it is one; blank where this system does not tell."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    above = [words for words in lines if len(words) > 2 and folder.is_relative_to(words[1])]  # noqa: PLR2004 - fstab(5)
    kind = str(max(above, key=lambda words: len(words[1]))[2]) if above else ""
    return kind if kind in NETWORK_DISKS else ""


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
