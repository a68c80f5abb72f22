"""Clients and their notes by the thousand, written past the services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.unit_of_work import SqlUnits
from rules.clients.client import Client
from rules.clients.names import normal, sought
from rules.health.catalogue import load_catalogue
from rules.health.formula.v2 import horizon
from rules.health.signal import Side, Signal, Source
from rules.ports import Job, Workspace
from tests.bench.slack_stub import PERSON, TEAM
from tests.clocks import real_now

TYPES = ("late_payment", "slow_reply", "disrespect", "rush_request", "rate_pressure", "always_on", "gut")
RECENT_DAYS = 120
OLD_DAYS = horizon(load_catalogue()).days + 1  # beyond everything that still matters to a score
COPIES = 100


class NoJobs:
    """Nothing is left for a worker."""

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        raise NotImplementedError


class Ledger:
    """A workspace with so many clients; notes are dealt to them in turn. All of it is there when this is made."""

    def __init__(self, engine: sa.Engine, *, clients: int, recent: int, old: int = 0) -> None:
        self.engine = engine
        self.units = SqlUnits(engine, NoJobs())
        self.now = real_now()
        self.client_ids = [f"cl-{number:05}" for number in range(clients)]
        self.names = [f"Client {number:05}" for number in range(clients)]
        self._add_workspace()
        self._add_clients()
        self._add_notes("new", recent, 0)
        self._add_notes("old", min(old, max(old // COPIES, clients)), OLD_DAYS)
        self._copy_old(old)
        self._settle_down()

    def _add_workspace(self) -> None:
        with self.units.house() as house:
            house.add_workspace(Workspace(id=TEAM, name="Bench", timezone="Europe/Amsterdam", created_at=self.now))

    def _add_clients(self) -> None:
        first = Client(
            id=self.client_ids[0], workspace_id=TEAM, name=self.names[0], owner_id=PERSON, stage_since=self.now
        )
        with self.units.begin(TEAM) as unit:
            unit.clients.add(first)
        with self.engine.begin() as connection:
            row = dict(connection.execute(sa.select(tables.clients)).mappings().one())
            pairs = list(zip(self.client_ids, self.names, strict=True))[1:]
            if pairs:
                connection.execute(tables.clients.insert(), [row | {"id": each, "name": name} for each, name in pairs])
                connection.execute(tables.client_names.insert(), [_spelt(each, name) for each, name in pairs])

    def _add_notes(self, kind: str, count: int, days_ago: int) -> None:
        if not count:
            return
        sample = self._note(kind, 0, days_ago)
        with self.units.begin(TEAM) as unit:
            unit.signals.add(sample)
        with self.engine.begin() as connection:
            table = tables.signals
            row = dict(connection.execute(sa.select(table).where(table.c.id == sample.id)).mappings().one())
            rows = list(self._rows(row, kind, count, days_ago))
            for start in range(0, len(rows), 5000):
                connection.execute(table.insert(), rows[start : start + 5000])

    def _rows(self, row: dict[str, Any], kind: str, count: int, days_ago: int) -> Iterator[dict[str, Any]]:
        for number in range(1, count):
            note = self._note(kind, number, days_ago)
            changed = ("id", "client_id", "type", "happened_at", "happened_on", "logged_at", "logged_on")
            yield row | {name: getattr(note, name) for name in changed}

    def _note(self, kind: str, number: int, days_ago: int) -> Signal:
        turn = number // len(self.client_ids)
        at = self.now - timedelta(days=days_ago + turn % RECENT_DAYS, seconds=number % 80_000)
        return Signal(
            id=f"{kind}-{number}",
            workspace_id=TEAM,
            client_id=self.client_ids[number % len(self.client_ids)],
            type=TYPES[turn % len(TYPES)],
            side=Side.THEIRS,
            source=Source.COMMAND,
            reporter_id=PERSON,
            happened_at=at,
            happened_on=at.date(),
            logged_at=at,
            logged_on=at.date(),
            note="They paid three weeks late again, and nobody answered the reminder.",
        )

    def _copy_old(self, wanted: int) -> None:
        """Copies the old notes within the database until there are about so many."""
        table = tables.signals
        numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < COPIES - 1))
        copied = [table.c.id + "-" + sa.cast(numbers.c.n, sa.String) if c.name == "id" else c for c in table.c]
        source = sa.select(*copied).select_from(table.join(numbers, sa.true())).where(table.c.id.startswith("old-"))
        if wanted > COPIES * len(self.client_ids) // 2:
            with self.engine.begin() as connection:
                connection.execute(table.insert().from_select([c.name for c in table.c], source))

    def _settle_down(self) -> None:
        """What the database does by itself in time."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _spelt(client_id: str, name: str) -> dict[str, str]:
    return {"workspace_id": TEAM, "client_id": client_id, "normal_name": normal(name), "sought": sought(name)}
