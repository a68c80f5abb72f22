"""What a process remembers of a client's notes counts only while they are the same, whoever changes them and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services.capture.notes import CaptureService, new_signal
from bot.services.clients.merging import MergeService
from bot.services.health import scorecards
from bot.services.health.memory import CountedNotes, LedgerMemory
from bot.services.health.scorecards import HealthService
from rules.clients.client import Client
from rules.health.catalogue import Catalogue
from rules.health.days.standing import Position, Standing, position
from rules.health.formula.entries import Entry
from rules.health.score import Glance
from rules.health.signal import Severity, Side, Signal, Source, outlined
from rules.ports import UnitOfWork, Units
from rules.ports.archive import Chosen
from tests.services.health.conftest import ACME, MONDAY, WORKSPACE, Practice


@pytest.fixture
def ledgers_read(engine: sa.Engine) -> Iterator[list[str]]:
    """Each time that somebody asks for the outlines of a client's notes."""
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "UNION ALL" in statement and "amicable_signals" in statement:
            read.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield read
    sa.event.remove(engine, "before_cursor_execute", note)


class Elsewhere:
    """Another process on the same database, which remembers nothing yet."""

    def __init__(self, here: Practice) -> None:
        self.here = here
        self.health = HealthService(here.units, here.clock, here.catalogue)
        self.capture = CaptureService(here.units, here.clock, here.catalogue, self.health)
        self.merging = MergeService(here.units, here.clock, self.health)

    def glance(self) -> Glance:
        with self.here.units.read(WORKSPACE) as unit:
            return HealthService(self.here.units, self.here.clock, self.here.catalogue).without(unit, ACME)("")


def withdrawn(there: Elsewhere, note: Signal) -> None:
    there.capture.withdraw(WORKSPACE, there.here.olivia, note.id)


def excused(there: Elsewhere, note: Signal) -> None:
    there.capture.excuse(WORKSPACE, there.here.olivia, note.id, "A storm")


def restored(there: Elsewhere, note: Signal) -> None:
    withdrawn(there, note)
    there.capture.restore(WORKSPACE, there.here.olivia, note.id)
    withdrawn(there, note)


def corrected(there: Elsewhere, note: Signal) -> None:
    there.capture.retype(WORKSPACE, there.here.olivia, note.id, there.here.new("gut", once=note.id))


def told_long_after(there: Elsewhere, _note: Signal) -> None:
    there.capture.log(WORKSPACE, there.here.tom, there.here.new("goes_quiet", days_ago=40))


def imported_and_broken_off(there: Elsewhere, _note: Signal) -> None:
    new, now = there.here.new("rush_request", days_ago=3), there.here.clock.now()
    with there.here.units.begin(WORKSPACE) as unit:
        unit.clients.lock(ACME)
        kind = there.here.catalogue.type(new.type)
        unit.signals.add_all([new_signal(unit, new, kind, (there.here.tom.id,), now)])


def merged(there: Elsewhere, _note: Signal) -> None:
    other = Client(id="cl-other", workspace_id=WORKSPACE, name="Other", owner_id="UOLIVIA", stage_since=MONDAY)
    with there.here.units.begin(WORKSPACE) as unit:
        unit.clients.add(other)
    there.capture.log(WORKSPACE, there.here.olivia, replace(there.here.new("disrespect", 2), client_id=other.id))
    there.merging.merge(WORKSPACE, there.here.olivia, ACME, other.id)


def rewritten(there: Elsewhere, note: Signal) -> None:
    """In the way of erasure and retention, which know rows and no notes."""
    with there.here.units.begin(WORKSPACE) as unit:
        rows = unit.archive.lock_page("signals", Chosen(client_id=ACME), "", 99)
        stored = next(each for each in rows if each.values["id"] == note.id)
        unit.archive.rewrite("signals", stored, {**stored.values, "severity": Severity.PINK.value})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "changed",
    [withdrawn, excused, restored, corrected, told_long_after, imported_and_broken_off, merged, rewritten],
    ids=lambda each: each.__name__,
)
def test_what_another_process_changes_is_seen_at_once(
    practice: Practice, ledgers_read: list[str], changed: Callable[[Elsewhere, Signal], None]
) -> None:
    """A receipt then says what the whole ledger says; where nobody changed anything the ledger is not read again."""
    there = Elsewhere(practice)
    first, *_ = (practice.log(code, days_ago=9) for code in ("late_payment", "slow_reply", "disrespect"))
    ledgers_read.clear()
    practice.log("rate_pressure")
    assert ledgers_read == []

    before = there.glance()
    changed(there, first)
    assert there.glance() != before
    now = there.glance()
    receipt = practice.capture.log(WORKSPACE, practice.tom, practice.new("praise", severity=None))
    assert (receipt.before, receipt.after) == (now, there.glance())
    mended = practice.capture.retype(WORKSPACE, practice.tom, receipt.signal.id, practice.new("gut", once="again"))
    assert (mended.before, mended.after) == (receipt.after, there.glance())


class Waited:
    """Units before whose first turn to write something happens; `held` while one is open."""

    def __init__(self, units: Units, first: Callable[[], object] | None) -> None:
        self._units = units
        self._first = first
        self.held = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._units, name)

    @contextmanager
    def begin(self, workspace_id: str) -> Iterator[UnitOfWork]:
        first, self._first = self._first, None
        if first:
            first()
        with self._units.begin(workspace_id) as unit:
            self.held = True
            yield unit
            self.held = False


@pytest.mark.parametrize("somebody_writes", [False, True])
def test_all_days_are_judged_before_anybody_waits(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, *, somebody_writes: bool
) -> None:
    """And again only where somebody wrote in between."""
    there, new = Elsewhere(practice), practice.new("goes_quiet", days_ago=40)
    for code in ("late_payment", "slow_reply", "disrespect"):
        practice.log(code, days_ago=9)
    comes = partial(there.capture.log, WORKSPACE, practice.tom, new) if somebody_writes else None
    units = Waited(practice.units, comes)
    judged: list[bool] = []

    def seen(entries: Sequence[Entry], standing: Standing, *, today: date, catalogue: Catalogue) -> Position:
        judged.append(units.held)
        return position(entries, standing, today=today, catalogue=catalogue)

    monkeypatch.setattr(scorecards, "position", seen)
    HealthService(units, practice.clock, practice.catalogue).read_one(WORKSPACE, ACME)

    with practice.units.read(WORKSPACE) as unit:
        kept = unit.standings.find(ACME)
    assert kept
    assert kept.shown == there.glance()
    assert (judged[0], judged.count(True)) == (False, int(somebody_writes))


def test_those_that_were_asked_for_longest_ago_make_room() -> None:
    """Counted in notes; one that is too long by itself is not kept, and neither is what was kept of it before."""

    def told(notes: int) -> CountedNotes:
        note = Signal(
            id="n",
            workspace_id=WORKSPACE,
            client_id=ACME,
            type="gut",
            side=Side.THEIRS,
            source=Source.FORM,
            reporter_id="U1",
            happened_at=MONDAY,
            happened_on=MONDAY.date(),
            logged_at=MONDAY,
            logged_on=MONDAY.date(),
        )
        return CountedNotes([outlined(note)] * notes, [])

    memory = LedgerMemory(most_notes=10)
    for name in "abc":
        memory.keep((WORKSPACE, name), "m", told(2))
    memory.recall((WORKSPACE, "a"), "m")
    memory.keep((WORKSPACE, "d"), "m", told(2))
    assert [name for name in "abcd" if memory.recall((WORKSPACE, name), "m")] == ["a", "c", "d"]
    assert memory.recall((WORKSPACE, "a"), "another mark") is None
    memory.keep((WORKSPACE, "a"), "m", told(10))
    assert [name for name in "abcd" if memory.recall((WORKSPACE, name), "m")] == []
