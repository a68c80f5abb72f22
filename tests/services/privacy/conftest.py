"""A workspace in which every field of every table that can hold text holds a word that is found again."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services.health.scorecards import HealthService
from bot.services.privacy.erasure import ErasureService, Subject
from bot.services.privacy.retention import AGING, RetentionService
from integrations.database import repositories, tables
from integrations.database.repositories.records import Record, Scope
from rules.clients.client import Absorbed, Client
from rules.clients.people import Member
from rules.health.catalogue import load_catalogue
from rules.health.score import Health
from rules.health.signal import Severity, Side, Source, State
from rules.partings.parting import PartingState
from rules.ports import AuditEntry, UnitOfWork, Units, Workspace
from rules.privacy.fields import Holds
from rules.privacy.fields import tables as described
from rules.privacy.tombstones import Erased
from tests.clocks import StandingClock

WORKSPACE = "T1"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=800)
SPOKEN = (Holds.WORDS, Holds.TITLES, Holds.REPORT, Holds.IDENTITY)
# Parents before children.
ORDER = (
    "clients",
    "signals",
    "invoices",
    "monthly_hours",
    "response_clocks",
    "perspectives",
    "plans",
    "accords",
    "pulses",
    "decisions",
    "partings",
    "tickets",
    "notices",
    "audit",
)

OPEN: dict[str, dict[str, Any]] = {
    "plans": {"ended_at": None},
    "accords": {"ended_at": None},
    "decisions": {"confirmed_at": None, "dropped_at": None},
    "partings": {"state": PartingState.OPEN},
}


def records() -> dict[str, Record[Any]]:
    modules = [
        importlib.import_module(f"{repositories.__name__}.{each.name}")
        for each in pkgutil.iter_modules(repositories.__path__)
    ]
    found = [each for module in modules for each in vars(module).values() if isinstance(each, Record)]
    return {record.table.name.removeprefix(tables.PREFIX): record for record in found}


@dataclass
class Filler:
    """Makes values whose texts say where they stand: `zq<tag>-<table>-<path>`."""

    tag: str
    person_id: str
    known: Mapping[str, Any]
    when: datetime = NOW

    def make(self, table: str, kind: Any, path: str = "", name: str = "") -> Any:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if dataclasses.is_dataclass(kind):
            return self._whole(table, kind, path)
        if origin in (typing.Union, types.UnionType):
            return self.make(table, next(each for each in arguments if each is not type(None)), path, name)
        if origin is tuple and arguments[-1] is not Ellipsis:
            return tuple(self.make(table, each, f"{path}.{place}") for place, each in enumerate(arguments))
        if origin in (tuple, frozenset, list):
            return (self.make(table, arguments[0], path, name),)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {}
        return self._single(table, kind, path)

    def _whole(self, table: str, kind: Any, path: str) -> Any:
        hints = typing.get_type_hints(kind)
        given = {} if path else self.known
        return kind(
            **{
                each.name: given[each.name]
                if each.name in given
                else self.make(table, hints[each.name], f"{path}.{each.name}" if path else each.name)
                for each in dataclasses.fields(kind)
            }
        )

    def _single(self, table: str, kind: Any, path: str) -> Any:
        plain = {bool: False, int: 1, Decimal: Decimal(1), datetime: self.when, date: self.when.date()}
        if kind in plain:
            return plain[kind]
        return next(iter(kind)) if issubclass(kind, Enum) else self._text(table, path)

    def _text(self, table: str, path: str) -> str:
        held = described()[table].kinds[path]
        spoken = f"zq{self.tag}-{table}-{path.replace('.', '-')}"
        if held is Holds.REPORT:
            check = {"code": "a", "state": "met", "explanation": spoken}
            return json.dumps({"at": "", "passed": True, "checks": [check]})
        if held in SPOKEN:
            return spoken
        return self.person_id if held in (Holds.AUTHORS, Holds.PEOPLE) else f"{self.tag}-{table}"


@dataclass
class Archive:
    """Two clients with rows of every kind, told by Tom and by Eve."""

    units: Units
    engine: sa.Engine
    clock: StandingClock = field(default_factory=lambda: StandingClock(NOW))

    def __post_init__(self) -> None:
        self.erasure = ErasureService(self.units, self.clock)
        self.retention = RetentionService(self.units, self.clock)
        self.health_service = HealthService(self.units, self.clock, load_catalogue())
        self.tom = Member(
            id="UTOM77", workspace_id=WORKSPACE, team_id=WORKSPACE, name="Tomas Zqash", email="zqtom@x.example",
            fetched_at=NOW,
        )  # fmt: skip
        self.eve = dataclasses.replace(self.tom, id="UEVE88", name="Eve Zqoak", email="zqeve@x.example", is_admin=True)
        with self.units.house() as house:
            house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=LONG_AGO))
        with self.units.begin(WORKSPACE) as unit:
            for each in (self.tom, self.eve):
                unit.people.save_member(each)

    def fill(self, tag: str, by: Member, when: datetime = NOW, *, ended: bool = True) -> None:
        """A client with one row of each table, ended where a row can end."""
        with self.engine.begin() as connection:
            scope = Scope(connection, WORKSPACE)
            for table in ORDER:
                record = records()[table]
                facts = self._known(table, tag) | self._ended(table) | ({} if ended else OPEN.get(table, {}))
                record.add(scope, Filler(tag, by.id, facts, when).make(table, record.kind))
        with self.units.begin(WORKSPACE) as unit:
            unit.clients.save(unit.clients.get(f"{tag}-clients"))

    def _known(self, table: str, tag: str) -> dict[str, Any]:
        shared = {"workspace_id": WORKSPACE, "client_id": f"{tag}-clients", "parting_id": f"{tag}-partings"}
        if table == "clients":
            return shared | {
                "archived_at": None,
                "erased_at": None,
                "merged_into": "",
                "absorbed": (),
                "visible_to": (),
            }
        if table == "audit":
            return shared | {"subject": f"{tag}-clients"}
        return shared

    def _ended(self, table: str) -> dict[str, Any]:
        if table == "signals":
            flag = {"type": "late_payment", "side": Side.THEIRS, "severity": Severity.RED, "state": State.LIVE}
            return flag | {"source": Source.FORM, "happened_at": NOW, "happened_on": NOW.date()}
        if table in ("partings", "tickets", "notices"):
            return {"state": PartingState.CLOSED} if table == "partings" else {}
        return {}

    def absorb(self, unit: UnitOfWork, into: str, older: Client) -> None:
        """As merging leaves it: a row without names that leads to the other one, which knows the old name."""
        merged = dataclasses.replace(older, merged_into=into, archived_at=NOW)
        records()["clients"].put(Scope(unit.archive._scope.connection, WORKSPACE), merged)  # type: ignore[attr-defined]  # noqa: SLF001  # no port writes it
        absorbed = Absorbed(client_id=older.id, name=older.name, at=NOW, by_id=self.tom.id)
        unit.clients.save(dataclasses.replace(unit.clients.get(into), absorbed=(absorbed,)))

    def add_notes(self, tag: str, number: int) -> None:
        """Further notes on many days, so that there is a score."""
        record = records()["signals"]
        with self.engine.begin() as connection:
            for place in range(number):
                at = NOW - timedelta(days=place)
                facts = self._known("signals", tag) | self._ended("signals")
                facts |= {"id": f"{tag}-{place}", "happened_at": at, "happened_on": at.date(), "thread": str(place)}
                record.add(Scope(connection, WORKSPACE), Filler(tag, self.tom.id, facts).make("signals", record.kind))

    def health(self, tag: str) -> Health:
        with self.units.read(WORKSPACE) as unit:
            return self.health_service.today(unit, f"{tag}-clients")

    def erase(self, subject: Subject, *, stop_after: int = 10_000) -> None:
        """As a worker does it; `stop_after` so many pages it is killed."""
        left = stop_after
        for table in self.erasure.tables(subject):
            after = "begin"
            while after:
                if not left:
                    return
                after = self.erasure.blank_page(WORKSPACE, str(subject), table, "" if after == "begin" else after)
                left -= 1
        self.erasure.finish(WORKSPACE, str(subject))

    def retain(self) -> None:
        for table in AGING:
            after = self.retention.blank_page(WORKSPACE, table, "")
            while after:
                after = self.retention.blank_page(WORKSPACE, table, after)

    def subject(self) -> Subject:
        return Subject(kind=Erased.CLIENT, id="acme-clients", actor_id=self.eve.id)

    def dump(self) -> str:
        """Every table of the database; on SQLite its files as they lie on the disk, too."""
        return "\n".join([self.dump_tables(), *self._on_disk()])

    def dump_tables(self) -> str:
        """The engine's among them."""
        inspector = sa.inspect(self.engine)
        schemas = [None] if self.engine.dialect.name == "sqlite" else ["public", "dbos"]
        with self.engine.connect() as connection:
            rows = [
                str(tuple(row))  # a row itself shows long values cut
                for schema in schemas
                for name in inspector.get_table_names(schema=schema)
                for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name, schema=schema)))
            ]
        return "\n".join(rows)

    def _on_disk(self) -> Iterator[str]:
        if self.engine.dialect.name == "sqlite":
            path = Path(str(self.engine.url.database))
            for each in (path, path.with_name(f"{path.name}-wal")):
                if each.exists():
                    yield each.read_bytes().decode("latin-1")

    def rows(self) -> dict[str, int]:
        with self.engine.connect() as connection:
            return {
                name: connection.execute(sa.select(sa.func.count()).select_from(records()[name].table)).scalar_one()
                for name in ORDER
            }

    def audit(self) -> list[AuditEntry]:
        with self.units.read(WORKSPACE) as unit:
            return list(unit.audit.newest(20))


@pytest.fixture
def archive(units: Units, engine: sa.Engine) -> Archive:
    return Archive(units, engine)
