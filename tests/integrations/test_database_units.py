from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.database.connect import open_database
from integrations.database.settings import known_url
from integrations.database.turnstile import Turnstile
from integrations.database.unit_of_work import JobQueue, SqlUnits
from rules.clients.client import Client
from rules.errors import ConflictError, NotFoundError, UnavailableError
from rules.ports import SWEEP, Due, UnitOfWork, Units
from tests.clocks import real_now

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
T = "T1"


def client(client_id: str) -> Client:
    return Client(id=client_id, workspace_id=T, name=f"Client {client_id}", owner_id="U1", stage_since=NOW)


def test_a_unit_that_raises_leaves_nothing_behind(units: Units) -> None:
    """Half a change is never stored."""

    def stumble(unit: UnitOfWork) -> None:
        unit.clients.add(client("c1"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), units.begin(T) as unit:
        stumble(unit)
    with units.read(T) as unit:
        assert unit.clients.all() == []


def test_a_reading_unit_refuses_to_write(units: Units) -> None:
    """A unit that only reads saves nothing, even by mistake, and whoever made the mistake hears of it."""
    writes: list[Callable[[UnitOfWork], object]] = [
        lambda unit: unit.clients.add(client("c1")),
        lambda unit: unit.clients.forget_ways("c1"),
        lambda unit: unit.dues.set(Due(workspace_id=T, kind="digest", subject="C1", due_at=NOW)),
        lambda unit: unit.jobs.add(SWEEP("now", once="sweep:now")),
    ]
    for write in writes:
        with pytest.raises(RuntimeError, match="only reads"), units.read(T) as unit:
            write(unit)
    with units.read(T) as unit:
        assert unit.clients.all() == []


def test_reading_never_waits_for_a_writer(units: Units) -> None:
    """Somebody opens Home while an import is running."""

    def home() -> list[Client]:
        with units.read(T) as reading:
            return reading.clients.all()

    with units.begin(T) as writing, ThreadPoolExecutor(1) as somebody:
        writing.clients.add(client("c1"))
        seen = somebody.submit(home).result(timeout=60)

    assert seen == []


def test_a_thread_never_waits_for_a_connection_while_it_holds_one(units: Units) -> None:
    """As many at once as there are connections would wait for ever: a second unit is refused, on both databases."""
    with units.read(T), pytest.raises(RuntimeError, match="pass that one on"), units.read(T):
        pass
    with units.read(T) as unit:
        assert unit.clients.all() == []


def test_an_unknown_workspace_is_said_plainly(units: Units) -> None:
    """A workspace that never installed Amicable gets a sentence, not an error."""
    with pytest.raises(NotFoundError, match="Install Amicable"), units.read(T) as unit:
        unit.workspace()


def test_the_same_row_twice_is_a_conflict(units: Units) -> None:
    """Two people who save the same thing at one moment: the second is told, nothing is doubled."""
    with units.begin(T) as unit:
        unit.clients.add(client("c1"))
    with pytest.raises(ConflictError, match="Nothing of yours was saved"), units.begin(T) as unit:
        unit.clients.add(client("c1"))


def test_threads_write_one_after_the_other_and_none_is_lost(units: Units) -> None:
    """Forty people log at once: all of it is stored, and nobody sees "database is locked"."""

    def write(number: int) -> None:
        with units.begin(T) as unit:
            unit.clients.add(client(f"c{number}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with units.read(T) as unit:
        assert len(unit.clients.all()) == 40


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql://nobody@/none?host=/nowhere-at-all",
        "sqlite:////tmp",
    ],
)
def test_a_database_that_is_away_says_so_within_slacks_three_seconds(url: str, jobs: JobQueue) -> None:
    """The person who typed a command is told that nothing was saved, while there is time to answer."""
    started = time.monotonic()
    units = SqlUnits(open_database(url, wait_seconds=1), jobs)
    with pytest.raises(UnavailableError, match="nothing was saved"), units.begin(T):
        raise AssertionError

    assert time.monotonic() - started < 2.5


def test_a_file_that_somebody_else_keeps_locked_is_away(sqlite_url: str, jobs: JobQueue) -> None:
    """Another process that holds the file for too long makes nobody wait for ever."""
    engine = open_database(sqlite_url, wait_seconds=1)
    holder = sqlite3.connect(engine.url.database or "")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="nothing was saved"), SqlUnits(engine, jobs).begin(T):
        raise AssertionError
    holder.close()
    engine.dispose()


def test_errors_of_the_database_never_quote_what_was_written(engine: sa.Engine) -> None:
    """A note must not reach a log through an error."""
    with pytest.raises(sa.exc.DBAPIError) as raised, engine.connect() as connection:
        connection.execute(sa.text("SELECT :note FROM nowhere"), {"note": "a secret note"})

    assert "a secret note" not in str(raised.value)


def test_sqlite_is_opened_durably(sqlite_url: str) -> None:
    """An acknowledged note survives a power cut, readers don't wait, and children keep their parents."""
    engine = open_database(sqlite_url)
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        now = connection.exec_driver_sql("SELECT unixepoch('subsec')").scalar()
    engine.dispose()

    assert found == ["wal", 2, 1]
    assert abs(float(now or 0) - real_now().timestamp()) < 5


def test_a_file_in_a_folder_that_is_not_there_makes_the_folder(tmp_path: Path) -> None:
    """A newcomer's first start needs no preparation."""
    engine = open_database(f"sqlite:///{tmp_path}/data/new/amicable.db")
    with engine.connect():
        pass
    engine.dispose()

    assert (tmp_path / "data" / "new" / "amicable.db").exists()


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("postgres://u:p@db:5432/x", "postgresql+psycopg://u:p@db:5432/x"),
        ("postgresql://u:p@db/x?sslmode=require", "postgresql+psycopg://u:p@db/x?sslmode=require"),
        ("postgresql+psycopg2://u:p@db/x", "postgresql+psycopg://u:p@db/x"),
        (" sqlite:///data/amicable.db ", "sqlite:///data/amicable.db"),
    ],
)
def test_the_addresses_that_hosts_hand_out_are_understood(given: str, known: str) -> None:
    """Changing the URL is all it takes to move to PostgreSQL."""
    assert known_url(given) == known


@pytest.mark.parametrize("given", ["", "mysql://u:secret@db/x", "sqlite://", "sqlite:///:memory:", "data/amicable.db"])
def test_other_addresses_are_refused_with_a_sentence(given: str) -> None:
    """A wrong address stops the start and never repeats the password."""
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        known_url(given)

    assert "secret" not in str(refused.value)


def test_turns_come_in_the_order_of_arrival() -> None:
    """A busy thread can't pass those that wait."""
    turnstile, order = Turnstile(), list[int]()

    def go(number: int) -> None:
        with turnstile.turn(10):
            order.append(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in (1, 2, 3, 4, 5)]
    with turnstile.turn(10):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while turnstile.waiting < number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert order == [1, 2, 3, 4, 5]


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    """Nobody waits for ever, and whoever gave up is not waited for."""
    turnstile = Turnstile()
    outcome: list[str] = []

    def wait() -> None:
        try:
            with turnstile.turn(0.01):
                outcome.append("came")
        except TimeoutError:
            outcome.append("gave up")

    with turnstile.turn(1):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    with turnstile.turn(0.01):
        outcome.append("free again")

    assert outcome == ["gave up", "free again"]


def test_a_unit_within_a_unit_is_a_mistake_that_is_named() -> None:
    """A developer who nests units learns it at once instead of waiting for a lock that never comes."""
    turnstile = Turnstile()
    with turnstile.turn(1), pytest.raises(RuntimeError, match="one unit of work at a time"), turnstile.turn(1):
        raise AssertionError
