"""Imports: every line is looked at first, then taken in batches; run again, it takes what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Protocol

from bot.access import require_admin
from bot.services.agreements.money import MoneyService
from bot.services.audit import record
from bot.services.health.scorecards import HealthService
from bot.services.imports.clients import ClientIntake
from bot.services.imports.desk import ImportDesk
from bot.services.imports.money import HoursIntake, InvoiceIntake
from bot.services.imports.notes import NoteIntake
from bot.services.imports.register import Register
from bot.services.imports.rows import Line, RowKind
from bot.services.imports.tally import Tally
from rules.clients.people import Member
from rules.errors import InvalidError, NotFoundError
from rules.health.catalogue import Catalogue
from rules.ports import Clock, Units
from rules.privacy.tombstones import Erased, Tombstone
from rules.sentences import Sentence

# Lines in one commit: as many as keep whoever logs a note meanwhile waiting for about so long.
FEWEST_AT_ONCE, FIRST_AT_ONCE, MOST_AT_ONCE = 5, 25, 100
HELD_SECONDS = 0.05


class Intake(Protocol):
    """Takes the lines of one kind of list."""

    def read(self, line: Line) -> Any:
        """What the line says, or an `InvalidError`; None where nothing is to be taken from it."""

    def foresee(self, lines: Sequence[Any], tally: Tally) -> None:
        """Counts what would come of the lines."""

    def store(self, lines: Sequence[Any], tally: Tally) -> None:
        """Takes the lines; each wholly or not at all."""


class ImportService:
    """Opens imports."""

    def __init__(
        self,
        units: Units,
        clock: Clock,
        catalogue: Catalogue,
        health: HealthService,
        money: MoneyService,
        *,
        pause: Callable[[float], None],
    ) -> None:
        """`pause(seconds)` lets others write: where one may at a time, a long import would keep them out."""
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health
        self._money = money
        self._pause = pause

    def actor(self, workspace_id: str, address: str) -> Member:
        """In whose name: an admin by e-mail, or the only one there is."""
        with self._units.read(workspace_id) as unit:
            admins = [member for member in unit.people.members() if member.is_admin and not member.is_deleted]
        named = [admin for admin in admins if address.casefold() in {admin.email.casefold(), admin.id.casefold()}]
        found = named if address else admins
        if len(found) != 1:
            known = ", ".join(sorted(admin.email or admin.id for admin in admins))
            raise NotFoundError(
                Sentence("Say in whose name with --as and the e-mail address of an admin: {known}.", known=known)
            )
        return found[0]

    def _gone(self, workspace_id: str, kind: Erased, text: str) -> Tombstone | None:
        with self._units.read(workspace_id) as unit:
            return unit.tombstones.find(kind, text)

    def columns(self, workspace_id: str) -> Mapping[str, str]:
        """What somebody said of their columns before."""
        with self._units.read(workspace_id) as unit:
            return unit.workspace().import_columns

    def keep_columns(self, actor: Member, columns: Mapping[str, str]) -> None:
        """So that it is asked once."""
        require_admin(actor)
        with self._units.begin(actor.workspace_id) as unit:
            workspace = unit.lock_workspace()
            unit.save_workspace(replace(workspace, import_columns={**workspace.import_columns, **columns}))
            record(unit, actor, self._clock.now(), "columns of lists named", actor.workspace_id)

    def open(self, workspace_id: str, actor: Member, channels: Mapping[str, str]) -> Import:
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            desk = ImportDesk(
                units=self._units,
                clock=self._clock,
                actor=actor,
                register=Register(unit, channels, partial(self._gone, workspace_id)),
                timezone=unit.workspace().timezone,
            )
        notes = NoteIntake(desk, self._catalogue)
        intakes: dict[RowKind, Intake] = {
            RowKind.CLIENTS: ClientIntake(desk),
            RowKind.NOTES: notes,
            RowKind.INVOICES: InvoiceIntake(desk, self._money),
            RowKind.HOURS: HoursIntake(desk, self._money),
        }

        def note(action: str, details: str) -> None:
            with self._units.begin(workspace_id) as unit:
                record(unit, actor, self._clock.now(), action, workspace_id, details)

        def finish() -> None:
            notes.finish(self._health, self._rest_after)
            self._money.notice_overdue(workspace_id)

        return Import(intakes, note, finish, self._rest_after)

    def _rest_after(self, work: Callable[[], None]) -> float:
        """As many seconds as the work took, and returns them; a clock that was set back meanwhile gives no rest."""
        began = self._clock.real()
        work()
        took = max(0.0, (self._clock.real() - began).total_seconds())
        self._pause(took)
        return took


class Import:
    """One import: `check` every list before the first is taken, clients before what speaks of them."""

    def __init__(
        self,
        intakes: Mapping[RowKind, Intake],
        note: Callable[[str, str], None],
        finish: Callable[[], None],
        rest_after: Callable[[Callable[[], None]], float],
    ) -> None:
        """`note(action, details)` writes into the audit log, `finish` reads again what has changed."""
        self._intakes = intakes
        self._note = note
        self._finish = finish
        self._rest_after = rest_after

    def check(self, kind: RowKind, lines: Iterable[Line], tally: Tally, *, foresee: bool) -> None:
        """Tells of the lines that can't be taken; `foresee` counts besides what the others would come to."""
        intake = self._intakes[kind]
        for some in _batches(_readable(intake, lines, tally)):
            if foresee:
                intake.foresee(some, tally)

    def begin(self) -> None:
        self._note("import begun", "")

    def take(self, kind: RowKind, lines: Iterable[Line], tally: Tally) -> None:
        intake, size = self._intakes[kind], FIRST_AT_ONCE
        read = _readable(intake, lines, tally)
        while some := [*islice(read, size)]:
            took = self._rest_after(partial(intake.store, some, tally))
            size = _next_size(size, took)

    def end(self, taken: Iterable[tuple[RowKind, int]]) -> None:
        """`taken`: how many of each kind are new."""
        self._finish()
        counts: Counter[RowKind] = Counter()
        for kind, number in taken:
            counts[kind] += number
        self._note("imported", ", ".join(f"{counts[kind]} {kind}" for kind in RowKind if kind in counts))


def _readable(intake: Intake, lines: Iterable[Line], tally: Tally) -> Iterator[Any]:
    for line in lines:
        try:
            read = intake.read(line)
        except InvalidError as error:
            tally.refuse(line.number, error)
        else:
            if read is not None:
                yield read


def _batches(read: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(read, MOST_AT_ONCE)):
        yield some


def _next_size(size: int, took: float) -> int:
    """A new client costs five times what a note does, and a busy machine takes three times as long as another."""
    if took > HELD_SECONDS:
        return max(FEWEST_AT_ONCE, size // 2)
    return min(MOST_AT_ONCE, size + size // 4) if took < HELD_SECONDS / 2 else size
