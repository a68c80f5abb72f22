"""A database of each version before is brought up to date with a row in every table, and today's code reads them all.

Rows are those that revision 0007 really stored (`running_0007.json`), and one of today's for each table that is empty
there. In revisions before it a document holds no more than its kind demands: fields came one by one, with a default.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from typer.testing import CliRunner

from bot.__main__ import command_line
from integrations.database import repositories
from integrations.database.connect import open_database
from integrations.database.migrate import alembic_config, alone, migrate
from integrations.database.repositories.records import Record, Scope
from integrations.database.revisions import MIGRATIONS, TOO_NEW
from integrations.database.tables import PREFIX, metadata
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.readiness import NOT_MIGRATED
from rules.clients.names import sought
from tests.conftest import RecordedJobs, database_address, drop_database, new_database

STORED = Path(__file__).parents[1] / "scenarios" / "running_0007.json"
REVISIONS = sorted(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
MONTH = date(2026, 11, 1)
OF_CLIENT = {"workspace_id": "T0AGENCY01", "client_id": "cl-a1cd96a452e6317d"}
OF_MESSAGE = {"workspace_id": "T0AGENCY01", "channel_id": "C0BIRCH"}
OF_PERSON = {"workspace_id": "T0AGENCY01", "person_id": "U0AMIR"}

Row = dict[str, Any]

# What the database of revision 0007 held no row of, or did not know yet.
TODAYS: Mapping[str, Row] = {
    "reactions": OF_MESSAGE
    | OF_PERSON
    | {"message_ts": "1.2", "type": "praise", "emoji": "tada", "event_ts": "1.3", "present": True},
    "watches": OF_MESSAGE | {"reactions": True, "listens": True, "spoke_at": AT},
    "invoices": OF_CLIENT
    | {"id": "in-1", "due_on": MONTH, "paid_on": None, "signal_id": ""}
    | {"document": {"number": "17", "amount": "EUR 120", "typed_by": "U0AMIR", "typed_at": AT.isoformat()}},
    "monthly_hours": OF_CLIENT | {"month": MONTH, "hours": 30, "budget": 20, "document": {"typed_by": "U0AMIR"}},
    "response_clocks": OF_CLIENT
    | {"id": "rc-1", "state": "running", "ends_at": AT}
    | {
        "document": {"side": "theirs", "channel_id": "C0BIRCH", "message_ts": "1.2", "hours": 24}
        | {"started_by": "U0AMIR", "started_at": AT.isoformat()}
    },
    "notices": OF_CLIENT
    | {"id": "le-1", "parting_id": "pt-062ff234d7678d38", "status": "draft", "drafted_at": AT}
    | {
        "document": {"language": "en", "subject": "Our last day", "body": "Dear Jo,", "facts_digest": "f" * 64}
        | {"drafted_by": "U0AMIR"}
    },
    "nudges": OF_PERSON
    | {"id": "nu-1", "state": "waiting", "bundle": "", "due_at": AT}
    | {"document": {"kind": "checkpoint", "subject": "pl-b3dabfb4f9bfc808", "raised_at": AT.isoformat()}},
    "recipients": OF_PERSON | {"document": {"told_at": [AT.isoformat()]}},
    "receipts": OF_PERSON | {"id": "re-1", "signal_id": "nt-1", "day": MONTH, "version": 2, "drawn": 1},
    "perspectives": OF_CLIENT
    | {"id": "pe-1", "at": AT}
    | {"document": {"ours": "Late twice", "owed": "A report", "they_say": "Slow", "by_id": "U0AMIR"}},
    "accords": OF_CLIENT | {"id": "ac-1", "begun_at": AT, "ended_at": None, "document": {"goal": "A shop in May"}},
    "pulses": OF_CLIENT | {"month": MONTH, "closes_at": AT, "document": {"counts": [0, 0, 1, 0, 0]}},
    "executors": {"id": "here:1:abc", "seen_at": AT},
}


@pytest.fixture
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, on which no version was ever started."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/amicable.db"
        return
    server = str(request.getfixturevalue("postgresql_server"))
    name = new_database(server)
    yield database_address(server, name)
    drop_database(server, name)


@pytest.mark.parametrize("older", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("revision", REVISIONS)
def test_each_version_is_brought_up_to_date_with_all_that_is_in_it(older: str, revision: str) -> None:
    """Whoever updates, from however long ago, finds every row as it was, and each is read by today's repositories."""
    before = _leave(older, revision)
    migrate(older)
    engine = open_database(older)
    after = _rows(engine)
    with engine.connect() as connection:
        read = {name: _read(connection, name, record) for name, record in _records().items()}
    _ways_lead_to_their_clients(SqlUnits(engine, RecordedJobs()), after)
    engine.dispose()

    assert {name for name, rows in before.items() if not rows} == set()
    assert {name: [row for row in rows if not _is_among(row, after[name])] for name, rows in before.items()} == {
        name: [] for name in before
    }
    # Nothing is added but what the nightly look at what is kept for a time begins with.
    added = {name: len(after[name]) - len(rows) for name, rows in before.items() if len(after[name]) != len(rows)}
    assert added == ({"amicable_dues": 1} if revision < "0005" else {})
    assert read == {name: len(after[name]) for name in read}


@pytest.mark.parametrize("older", ["sqlite"], indirect=True)
@pytest.mark.parametrize("process", ["web", "worker", "socket"])
def test_a_start_with_an_older_database_says_what_to_type(
    older: str, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever updated the code and forgot the database is stopped before anything is written or answered."""
    before = _leave(older, REVISIONS[-2])
    _set(monkeypatch, older)
    ended = CliRunner().invoke(command_line(), [process])

    engine = open_database(older)
    after = _rows(engine)
    engine.dispose()
    assert (ended.exit_code, ended.stderr, after) == (1, f"{NOT_MIGRATED}\n", before)
    assert "Run `amicable migrate`" in NOT_MIGRATED


@pytest.mark.parametrize("older", ["sqlite"], indirect=True)
@pytest.mark.parametrize("process", ["web", "migrate", "run"])
def test_a_start_after_going_back_a_version_says_what_to_do(
    older: str, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration can't be the remedy: what the later version stores is not known here, and is left as it is."""
    migrate(older)
    engine = open_database(older)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE amicable_version SET version_num = 'later'")
    before = _rows(engine)
    _set(monkeypatch, older)
    ended = CliRunner().invoke(command_line(), [process])

    after = _rows(engine)
    engine.dispose()
    assert (ended.exit_code, ended.stderr, after) == (1, f"{TOO_NEW}\n", before)
    assert "`amicable restore`" in TOO_NEW


def _set(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    settings = {
        "DATABASE_URL": database_url,
        "SLACK__BOT_TOKEN": "xoxb-1",
        "SLACK__SIGNING_SECRET": "0" * 32,
        "SLACK__APP_TOKEN": "xapp-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"AMICABLE_{name}", value)


def _leave(url: str, revision: str) -> dict[str, list[Row]]:
    """The rows of each table, as they stand in a database of that revision."""
    engine = open_database(url)
    with alone(engine) as connection:
        command.upgrade(alembic_config(connection), revision)
        there = _tables(connection)
        for table in metadata.sorted_tables:
            if table.name in there:
                for row in _fitting(table.name, revision):
                    known = {name: value for name, value in row.items() if name in there[table.name].c}
                    connection.execute(there[table.name].insert().values(known))
    rows = _rows(engine)
    engine.dispose()
    return rows


def _fitting(name: str, revision: str) -> list[Row]:
    stored = _stored()
    rows = stored["ours"].get(name) or [TODAYS[name.removeprefix(PREFIX)]]
    if revision < "0005" and name == "amicable_dues":
        rows = [row for row in rows if row["kind"] != "retention"]  # which came with that revision
    if revision < stored["revision"] and name in _records():
        demanded = {each.name for each in fields(_records()[name].kind) if _is_demanded(each)}
        rows = [row | _lean(row, demanded) for row in rows]
    return rows


@cache
def _stored() -> Row:
    read: Row = json.loads(STORED.read_text(encoding="utf-8"), object_hook=_days_and_times)
    return read


def _lean(row: Row, demanded: set[str]) -> Row:
    if "document" not in row:
        return {}
    return {"document": {name: value for name, value in row["document"].items() if name in demanded}}


def _is_demanded(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


@cache
def _records() -> dict[str, Record[Any]]:
    """How the repositories read each table; beside these there are a client's names and channels, and heartbeats."""
    modules = [import_module(f"{repositories.__name__}.{each.name}") for each in iter_modules(repositories.__path__)]
    found = {each.table.name: each for module in modules for each in vars(module).values() if isinstance(each, Record)}
    ways = {f"{PREFIX}{name}" for name in ("client_names", "client_channels", "executors")}
    assert found.keys() == metadata.tables.keys() - ways
    return found


def _read(connection: sa.Connection, name: str, record: Record[Any]) -> int:
    scope = Scope(connection, OF_CLIENT["workspace_id"], reads_only=True)
    return len(record.many(scope, record.select if name == "amicable_workspaces" else record.where()))


def _ways_lead_to_their_clients(units: SqlUnits, rows: Mapping[str, list[Row]]) -> None:
    """By its channel, by its name, and by what somebody types of it."""
    with units.read(OF_CLIENT["workspace_id"]) as unit:
        for way in rows["amicable_client_channels"]:
            client = unit.clients.of_channel(way["channel_id"])
            assert client is not None
            assert client.id == way["client_id"]
        for way in rows["amicable_client_names"]:
            assert unit.clients.named([way["normal_name"]])[way["normal_name"]].id == way["client_id"]
            assert way["client_id"] in [client.id for client in unit.clients.found(way["normal_name"], 9)]
            assert way["sought"] == sought(way["normal_name"])


def _rows(engine: sa.Engine) -> dict[str, list[Row]]:
    with engine.connect() as connection:
        return {
            name: [_plain(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for name, table in _tables(connection).items()
            if name in metadata.tables
        }


def _tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """As they are in the database, whatever we know of them."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: name.startswith(PREFIX))
    return dict(found.tables)


def _plain(row: Mapping[Any, Any]) -> Row:
    """SQLite's own times bear no zone; ours are in UTC."""
    return {
        str(name): (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }


def _is_among(row: Row, rows: list[Row]) -> bool:
    return any(all(other[name] == value for name, value in row.items()) for other in rows)


def _days_and_times(read: Row) -> Any:
    if "__" in read:
        text = read["__"]
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return read.get("__t", read)
