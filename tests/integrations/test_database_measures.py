"""What is measured is stored on both databases, also in one that the version before has left behind."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from integrations.database import migrate as migration
from integrations.database.connect import open_database
from integrations.database.migrate import alembic_config
from integrations.database.revisions import current_revision, newest_revision
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.migrate import migrate
from rules.clients.client import Client
from rules.errors import NotFoundError
from rules.health.measures import ClockState, Invoice, MonthlyHours, ResponseClock
from rules.health.reactions import settle
from rules.health.signal import Evidence, Reaction, Side
from rules.ports import Job, Units

pytestmark = pytest.mark.both_databases

T = "T1"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ACME = Client(id="c1", workspace_id=T, name="Acme", owner_id="U1", stage_since=NOW)
INVOICE = Invoice(
    id="in-1",
    workspace_id=T,
    client_id="c1",
    number="2026-17",
    amount="EUR 1,200",
    due_on=date(2026, 11, 1),
    typed_by="U1",
    typed_at=NOW,
)
CLOCK = ResponseClock(
    id="rc-1",
    workspace_id=T,
    client_id="c1",
    side=Side.THEIRS,
    channel_id="C1",
    message_ts="1.2",
    started_by="U1",
    started_at=NOW,
    hours=24,
    ends_at=NOW + timedelta(hours=24),
)


@pytest.fixture
def acme(units: Units) -> Client:
    with units.begin(T) as unit:
        unit.clients.add(ACME)
    return ACME


def test_an_invoice_waits_for_its_money_until_it_led_to_a_note(units: Units, acme: Client) -> None:
    """Of the unpaid invoices those are named that are overdue and nobody has noticed yet."""
    paid, later = (
        replace(INVOICE, id="in-2", paid_on=date(2026, 11, 2)),
        replace(INVOICE, id="in-3", due_on=date(2026, 12, 1)),
    )
    with units.begin(T) as unit:
        for invoice in (INVOICE, paid, later):
            unit.agreements.save_invoice(invoice)
    with units.begin(T) as unit:
        assert unit.agreements.unpaid(date(2026, 11, 2)) == [INVOICE]
        assert unit.agreements.invoices(acme.id) == [later, paid, INVOICE]
        unit.agreements.save_invoice(replace(INVOICE, signal_id="nt-1"))
    with units.read(T) as unit:
        assert unit.agreements.unpaid(date(2026, 11, 2)) == []
        assert unit.agreements.invoice("in-1").signal_id == "nt-1"
    with units.read("T2") as unit, pytest.raises(NotFoundError):
        unit.agreements.invoice("in-1")


def test_hours_of_a_month_are_typed_again_in_their_place(units: Units, acme: Client) -> None:
    """The latest figure of a month counts; months come newest first."""
    october = MonthlyHours(
        workspace_id=T, client_id=acme.id, month=date(2026, 10, 1), hours=30, budget=20, typed_by="U1"
    )
    september = replace(october, month=date(2026, 9, 1))
    with units.begin(T) as unit:
        for month in (september, october, replace(october, hours=31)):
            unit.agreements.save_hours(month)
    with units.read(T) as unit:
        assert unit.agreements.hours(acme.id) == [replace(october, hours=31), september]


def test_a_clock_that_stands_still_is_found_but_runs_no_more(units: Units, acme: Client) -> None:
    """The dialog of a client shows what still runs; a reaction that comes late finds the clock it belongs to."""
    sooner = replace(CLOCK, id="rc-2", ends_at=NOW + timedelta(hours=1))
    answered = replace(CLOCK, id="rc-3", state=ClockState.ANSWERED, settled_at=NOW)
    with units.begin(T) as unit:
        for clock in (CLOCK, sooner, answered):
            unit.agreements.save_clock(clock)
    with units.read(T) as unit:
        assert unit.agreements.running_clocks(acme.id) == [sooner, CLOCK]
        assert unit.agreements.find_clock("rc-3") == answered
        assert unit.agreements.find_clock("rc-9") is None


class NoJobs:
    """Nothing is left for a worker."""

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        raise NotImplementedError


@pytest.fixture(params=["sqlite", "postgresql"])
def first_version(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database as the first version left it, with a client in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/old.db"
    else:
        url = str(request.getfixturevalue("own_postgresql_url"))
        engine = open_database(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    engine = open_database(url)
    with migration.alone(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
    _leave_a_client(engine)
    _leave_a_note(engine)
    engine.dispose()
    return url


def _leave_a_client(engine: sa.Engine) -> None:
    """As the first version wrote it: today's code knows columns that were not there."""
    row = {"workspace_id": T, "id": "c1", "name": "Acme", "stage": "active"}
    document = json.dumps({"owner_id": "U1", "stage_since": NOW.isoformat()})
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO amicable_clients (workspace_id, id, name, stage, document) "
                "VALUES (:workspace_id, :id, :name, :stage, :document)"
            ),
            row | {"document": document},
        )
        connection.execute(
            sa.text(
                "INSERT INTO amicable_client_names (workspace_id, normal_name, client_id) "
                "VALUES (:workspace_id, :normal_name, :id)"
            ),
            {"workspace_id": T, "normal_name": "acme", "id": "c1"},
        )


def _leave_a_note(engine: sa.Engine) -> None:
    """Made by a reaction, on a message."""
    texts = {
        "workspace_id": T, "id": "nt-1", "client_id": "c1", "type": "late_payment", "side": "theirs", "severity": "red",
        "state": "live", "source": "reaction", "reporter_id": "U1", "note": "", "excerpt": "Unpaid", "link": "",
        "channel_id": "C1", "message_ts": "1.2", "thread": "1.2", "state_reason": "", "corrects": "",
        "corrected_by": "", "happened_on": NOW.date().isoformat(), "logged_on": NOW.date().isoformat(),
        "happened_at": NOW.isoformat(" "), "logged_at": NOW.isoformat(" "), "witness_ids": "[]",
        "document": '{"revisions": []}',
    }  # fmt: skip
    reaction = {"workspace_id": T, "channel_id": "C1", "message_ts": "1.2", "type": "late_payment", "person_id": "U1"}
    with engine.begin() as connection:
        for table, row in (("signals", texts), ("reactions", reaction | {"event_ts": "1.5", "present": True})):
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO amicable_{table} ({names}) VALUES ({values})"), row)  # noqa: S608 - names of ours


def test_a_reaction_of_the_version_before_can_be_taken_off(first_version: str) -> None:
    """Which emoji it was is not known of it: the person's next word about this kind of note settles it."""
    migrate(first_version)
    engine = open_database(first_version)
    units = SqlUnits(engine, NoJobs())
    off = Reaction(
        workspace_id=T,
        channel_id="C1",
        message_ts="1.2",
        type="late_payment",
        emoji="money_with_wings",
        person_id="U1",
        event_ts="1.9",
        present=False,
    )
    with units.begin(T) as unit:
        before = settle(unit.signals.reactions_on("C1", "1.2", "late_payment")).person_ids
        unit.signals.keep_reaction(off)
        after = settle(unit.signals.reactions_on("C1", "1.2", "late_payment")).person_ids
        (note,) = unit.signals.on_message("C1", "1.2")
        watch = unit.watches.of("C1")
    engine.dispose()

    assert (before, after) == (("U1",), ())
    assert (note.id, note.excerpt, note.fingerprint, note.evidence) == ("nt-1", "Unpaid", "", Evidence.STANDS)
    assert (watch.reactions, watch.listens) == (True, False)


def test_a_database_of_the_version_before_keeps_all_that_is_in_it(first_version: str) -> None:
    """Whoever updates finds the clients as they were, and can measure from then on."""
    migrate(first_version)
    engine = open_database(first_version)
    units = SqlUnits(engine, NoJobs())
    with units.begin(T) as unit:
        unit.agreements.save_invoice(INVOICE)
    with units.read(T) as unit:
        kept = (unit.clients.all(), unit.agreements.invoices("c1"))
    with engine.connect() as connection:
        revision = current_revision(connection)
    engine.dispose()

    assert revision == newest_revision()
    assert kept == ([ACME], [INVOICE])


def test_yesterdays_file_stays_beside_the_migrated_one(tmp_path: Path) -> None:
    """If the update turns out badly, the file from before it is still there."""
    engine = open_database(f"sqlite:///{tmp_path}/amicable.db")
    with migration.alone(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
    _leave_a_client(engine)
    engine.dispose()
    migrate(f"sqlite:///{tmp_path}/amicable.db")
    with closing(sqlite3.connect(tmp_path / f"amicable.before-{newest_revision()}.db")) as copy:
        names = copy.execute("SELECT name FROM amicable_clients").fetchall()
        version = copy.execute("SELECT version_num FROM amicable_version").fetchall()

    assert (names, version) == ([("Acme",)], [("0001",)])
