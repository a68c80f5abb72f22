"""A process does not start on a database that it could harm."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from integrations.database.connect import open_database
from integrations.database.tables import executors
from integrations.engine.readiness import NOT_MIGRATED, NOT_WRITABLE, TWO_HOSTS, fault, problem
from integrations.engine.settings import EngineSettings

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 9, 7, 8, tzinfo=UTC)


def test_a_migrated_database_is_ready(engine: sa.Engine) -> None:
    """An operator who ran `amicable migrate` hears nothing."""
    assert fault(engine, NOW, EngineSettings()) == ""


def test_an_empty_database_names_the_remedy(tmp_path: Path) -> None:
    """An operator who forgot `amicable migrate` is told so instead of meeting errors later."""
    engine = open_database(f"sqlite:///{tmp_path}/empty.db", wait_seconds=1)

    found = fault(engine, NOW, EngineSettings())

    engine.dispose()
    assert found == NOT_MIGRATED


def test_one_sqlite_file_serves_one_machine(engine: sa.Engine) -> None:
    """Web and worker on different hosts refuse SQLite; PostgreSQL serves many (design section 3)."""
    with engine.begin() as connection:
        connection.execute(sa.insert(executors).values(id="elsewhere:1:abc", seen_at=NOW))

    found = fault(engine, NOW, EngineSettings())

    assert found == (TWO_HOSTS if engine.dialect.name == "sqlite" else "")


def test_a_worker_that_is_long_gone_keeps_nobody_away(engine: sa.Engine) -> None:
    """After a move to a new machine the old heartbeat does not matter."""
    with engine.begin() as connection:
        connection.execute(sa.insert(executors).values(id="elsewhere:1:abc", seen_at=datetime(2026, 9, 1, tzinfo=UTC)))

    assert fault(engine, NOW, EngineSettings()) == ""


def test_a_database_that_is_away_may_come_back() -> None:
    """The web process starts all the same and tells its users that nothing was saved."""
    engine = open_database("postgresql://nobody@127.0.0.1:9/none", wait_seconds=0)

    found = fault(engine, NOW, EngineSettings())

    engine.dispose()
    assert found == ""


def test_a_database_that_takes_nothing_is_a_problem(engine: sa.Engine) -> None:
    """A full disk or a wrong owner is told before somebody's note is lost; what was tried leaves no trace."""
    before = problem(engine, NOW, EngineSettings())
    read_only = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET default_transaction_read_only=on"}

    def close_it(connection: Any, _record: Any) -> None:
        connection.execute(read_only[engine.dialect.name])
        connection.commit()

    engine.dispose()
    sa.event.listen(engine, "connect", close_it)
    after = problem(engine, NOW, EngineSettings())

    with engine.connect() as connection:
        tried = connection.scalars(sa.select(executors.c.id)).all()
    assert (before, after, tried) == ("", NOT_WRITABLE, [])
