"""The folder into which other programs write their lists: read each morning, so that nobody has to think of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.services.imports.imports import Import, ImportService
from bot.services.imports.rows import RowKind
from bot.services.imports.sheets import Sheet, open_plainly, read_sheets
from bot.services.imports.tables import Reading
from bot.services.imports.tally import Tally
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.people import Member
from rules.errors import InvalidError
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

log = structlog.get_logger()

ENDINGS = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"})
UNREADABLE = "-"  # of a whole file
NAMED_LINES = 10


@dataclass(slots=True, kw_only=True)
class _Read:
    """A file of the folder: what stands in it, and the numbers of the lines that can't be taken."""

    path: Path
    sheets: list[Sheet]
    bad: list[int]


class FolderService:
    """Takes what can be taken. What can't is told to the admins once for each content of a file."""

    def __init__(
        self,
        imports: ImportService,
        units: Units,
        clock: Clock,
        folder: str,
        channels: Callable[[str], Mapping[str, str]],
    ) -> None:
        """`folder` is empty where none is read; `channels(workspace_id)` are ids of channels by name."""
        self._imports = imports
        self._units = units
        self._clock = clock
        self._folder = Path(folder) if folder else None
        self._channels = channels

    def read(self, workspace_id: str) -> None:
        """Files that were read before change nothing."""
        admin = next(iter(self._admins(workspace_id)), None)
        if self._folder is None or admin is None:
            return
        read = [self._opened(path, workspace_id) for path in self._files()]
        self._take(workspace_id, admin, read)
        faults = {each.path.name: ",".join(map(str, each.bad)) or UNREADABLE for each in read if _has_fault(each)}
        if not self._folder.is_dir():
            faults = {self._folder.name: UNREADABLE}
        self._note(workspace_id, faults)

    def _files(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        found = (path for path in self._folder.iterdir() if path.is_file() and not path.name.startswith("."))
        return sorted(path for path in found if path.suffix.casefold() in ENDINGS)

    def _opened(self, path: Path, workspace_id: str) -> _Read:
        try:
            reading = Reading(columns=self._imports.columns(workspace_id))
            return _Read(path=path, sheets=read_sheets(path, reading), bad=[])
        except InvalidError as error:
            log.warning("list_unreadable", kind=type(error).__name__)  # its name may be a client's; admins are told it
            return _Read(path=path, sheets=[], bad=[])

    def _take(self, workspace_id: str, admin: Member, read: list[_Read]) -> None:
        """Clients first, since the other lists speak of them."""
        pairs = [(each, sheet) for each in read for sheet in each.sheets]
        pairs.sort(key=lambda pair: list(RowKind).index(pair[1].kind))
        if not pairs:
            return
        channels = self._channels(workspace_id) if pairs[0][1].kind is RowKind.CLIENTS else {}
        run = self._imports.open(workspace_id, admin, channels)
        whole = [sheet for each, sheet in pairs if _is_checked(run, each, sheet)]
        run.begin()
        taken = []
        for sheet in whole:
            tally = Tally(tell=lambda _number, _sentence: None)
            run.take(sheet.kind, sheet.lines(open_plainly), tally)
            taken.append((sheet.kind, tally.added + tally.filled))
        run.end(taken)

    def _note(self, workspace_id: str, faults: Mapping[str, str]) -> None:
        """The words of a file are not kept: its name and the numbers of its lines are."""
        with self._units.read(workspace_id) as unit:
            if unit.workspace().import_faults == faults:
                return
        admins, now = self._admins(workspace_id), self._clock.now()
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), import_faults=dict(faults)))
            for name in faults:
                subject = f"{name}:{self._digest(name)}"
                for admin in admins:
                    nudge(unit, NudgeKind.IMPORT_TROUBLE, admin.id, subject=subject, now=now, details=name)

    def _digest(self, name: str) -> str:
        """What makes another content of a file another occasion."""
        path = (self._folder or Path()) / name
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        except OSError:
            return UNREADABLE

    def _admins(self, workspace_id: str) -> list[Member]:
        with self._units.read(workspace_id) as unit:
            return sorted((each for each in team(unit) if each.is_admin), key=lambda each: each.id)


def import_trouble(unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
    """`known.details` names the file; None once it was read without fault, or is gone."""
    fault = unit.workspace().import_faults.get(known.details)
    if fault is None:
        return None
    return Told(about=known.details, what=_what(known.details, fault), ways=(Way(WayOn.SETTINGS, ""),))


def _what(name: str, fault: str) -> str:
    if fault == UNREADABLE:
        return Sentence(
            "The import folder has this, and it can't be read. Run amicable import {name} --dry-run on the server: it "
            "says what to do.",
            name=name,
        )
    lines = fault.split(",")
    named = ", ".join(lines[:NAMED_LINES]) + (" …" if len(lines) > NAMED_LINES else "")
    return Sentence(
        "{count} line of this file in the import folder was not taken: line {named}. Run amicable import {name} "
        "--dry-run on the server: it says what to correct. The other lines are in.",
        "{count} lines of this file in the import folder were not taken: lines {named}. Run amicable import {name} "
        "--dry-run on the server: it says what to correct. The other lines are in.",
        count=len(lines),
        named=named,
        name=name,
    )


def _is_checked(run: Import, read: _Read, sheet: Sheet) -> bool:
    """Not where the file went away, or turned into something else, since it was opened: the others are taken."""
    try:
        run.check(sheet.kind, sheet.lines(open_plainly), _quiet_tally(read), foresee=False)
    except InvalidError as error:
        log.warning("list_unreadable", kind=type(error).__name__)
        read.sheets, read.bad = [], []
    return bool(read.sheets)


def _has_fault(read: _Read) -> bool:
    return bool(read.bad) or not read.sheets


def _quiet_tally(read: _Read) -> Tally:
    return Tally(tell=lambda number, _sentence: read.bad.append(number))
