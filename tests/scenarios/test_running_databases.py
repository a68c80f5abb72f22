"""A database that an earlier version left in the middle of its work is migrated and goes on.

`running_0007.json` holds the rows of one, as revision 0007 and its engine stored them: jobs that wait, one whose worker
was killed between its two steps, due times of every sort, a parting whose tickets are about to open and one under way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from dbos import DBOS

from bot.agenda import ERASE, TAKE_DEFAULT_RECEIPT, TELL_DECIDED
from integrations.database.connect import open_database
from integrations.database.migrate import alembic_config, alone
from integrations.database.settings import known_url
from integrations.engine.migrate import migrate
from integrations.sandbox.agency import GUS, LEADS
from rules.partings.last_steps import Way
from tests.conftest import database_address, drop_database, new_database

RUNNING = Path(__file__).parent / "running_0007.json"


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(RUNNING.read_text(encoding="utf-8"), object_hook=_days_and_times)
    return read


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, stored: dict[str, Any]) -> Iterator[str]:
    """Instead of a fresh database: one at the old revision with the rows in it, then migrated."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/amicable.db"
        _fill(url, stored)
        yield url
        return
    server = str(request.getfixturevalue("postgresql_server"))
    name = new_database(server)
    url = database_address(server, name)
    _fill(url, stored)
    yield url
    drop_database(server, name)


@pytest.mark.both_databases
def test_what_was_under_way_goes_on(app: Any, stored: dict[str, Any]) -> None:
    """Names of jobs, steps and due times are stored: whatever waited is done, and nothing is done twice."""
    app.world.move_clock(datetime.fromisoformat(stored["at"]) - app.world.now())
    app.settle()
    app.web.outside.jobs.idle(soon=timedelta(seconds=5), timeout_seconds=60)
    team, amir, olivia = app.team_id, app.agency.amir, app.agency.olivia
    northwind, volt, birch = (_client(app, name) for name in ("Northwind Traders", "Volt Bikes", "Birch & Barrow"))

    # The decision's people had been told before the worker was killed; only the remembering was left.
    told = [message.text for message in (*amir.dms(), *olivia.dms()) if "confirmed" in message.text]
    assert (told, _dues(app, TELL_DECIDED)) == ([], [])
    # Each ticket once, the parent among them; the note of a reaction; the export; the erased client nowhere.
    with app.web.outside.units.read(team) as unit:
        parting = unit.partings.of_client(northwind.id)
        tickets = unit.partings.tickets(parting.id)
        known = [client.name for client in unit.clients.all()]
    assert len(tickets) == 2
    assert sorted(issue.key for issue in app.world.jira.issues) == sorted(ticket.key for ticket in tickets)
    assert [(note.type, note.source) for note in app.notes(volt)] == [("unsorted", "reaction")]
    assert [each.name[:9] for each in app.world.slack.workspace.files.values()] == ["amicable-"]
    assert ("Gone & Sons" in known, _dues(app, ERASE)) == (False, [])

    # What was due later comes up at its time: the digest, the receipt by default, the end of a guest's time.
    for _ in range(9):
        app.sweep(timedelta(days=1))
    with app.web.outside.units.read(team) as unit:
        closing = unit.partings.of_client(birch.id)
        guest = unit.people.find_member(GUS)
    assert closing.receipt.way is Way.DEFAULT
    assert (guest.is_contractor, _dues(app, TAKE_DEFAULT_RECEIPT)) == (False, [])
    assert len(olivia.sees(LEADS)) == 2


def _client(app: Any, name: str) -> Any:
    with app.web.outside.units.read(app.team_id) as unit:
        return next(client for client in unit.clients.all() if client.name == name)


def _dues(app: Any, job: Any) -> list[str]:
    with app.web.outside.units.house() as house:
        return [due.subject for due in house.due(app.world.now() + timedelta(days=999), 500) if due.kind == job.kind]


def _days_and_times(read: dict[str, Any]) -> Any:
    if "__" in read:
        text = read["__"]
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return read.get("__t", read)


def _fill(url: str, stored: dict[str, Any]) -> None:
    engine = open_database(url)
    with alone(engine) as connection:
        command.upgrade(alembic_config(connection), stored["revision"])
    DBOS.migrate(known_url(url))
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    with engine.begin() as connection:
        for tables, where in ((stored["ours"], None), (stored["engine"], schema)):
            for name, rows in tables.items():
                table = sa.Table(name, sa.MetaData(), schema=where, autoload_with=connection)
                for row in rows:
                    connection.execute(table.insert().values(row))
    engine.dispose()
    migrate(url)
