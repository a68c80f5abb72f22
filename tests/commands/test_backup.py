"""`amicable backup` and `restore`: a copy to trust, taken from a living system, and what is no such copy."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from integrations.database import tables
from integrations.database.connect import open_database
from rules.clients.client import Client
from rules.ports import Units, Workspace

if TYPE_CHECKING:
    from tests.commands.conftest import Typed

NOW = datetime(2026, 9, 7, 8, tzinfo=UTC)
TEAM = "T1"


def add_client(units: Units, number: int) -> None:
    client = Client(
        id=f"cl-{number}",
        workspace_id=TEAM,
        name=f"Client {number}",
        aliases=(f"C{number}",),
        owner_id="U1",
        stage_since=NOW,
    )
    with units.begin(TEAM) as unit:
        unit.clients.add(client)


@contextmanager
def a_busy_team(units: Units) -> Iterator[threading.Event]:
    """Adds clients, each with two names in one commit, until the block ends; the event tells of the first ones."""
    with units.house() as house:
        house.add_workspace(Workspace(id=TEAM, name="Agency", created_at=NOW))
    enough, going = threading.Event(), threading.Event()

    def work() -> None:
        number = 0
        while not enough.is_set():
            number += 1
            add_client(units, number)
            if number == 20:
                going.set()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        going.wait(30)
        yield going
    finally:
        enough.set()
        worker.join()


def clients_and_names(url: str) -> tuple[int, int]:
    engine = open_database(url, wait_seconds=1)
    counts = sa.select(
        sa.select(sa.func.count()).select_from(tables.clients).scalar_subquery(),
        sa.select(sa.func.count()).select_from(tables.client_names).scalar_subquery(),
    )
    with engine.connect() as connection:
        clients, names = connection.execute(counts).one()
    engine.dispose()
    return int(clients), int(names)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_of_a_living_database_is_whole(typed: Typed, stored: str, units: Units, tmp_path: Path) -> None:
    """An operator copies at noon: each copy opens, has what was committed, and no half of a commit."""
    copies = [tmp_path / "copies" / f"{number}.db" for number in range(5)]
    with a_busy_team(units):
        ended = [typed("backup", copy).exit_code for copy in copies]
    found = [clients_and_names(f"sqlite:///{copy}") for copy in copies]
    assert (ended, all(2 * clients == names >= 40 for clients, names in found)) == ([0] * 5, True)
    assert clients_and_names(stored)[0] >= found[-1][0] > found[0][0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("token", ["", "xoxb-made-up"], ids=["nothing of Slack", "half of it"])
def test_what_needs_no_slack_asks_for_none(
    typed: Typed, stored: str, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """On the machine that keeps the backups nobody has tokens; what does need Slack says by name what is missing."""
    monkeypatch.delenv("AMICABLE_SLACK__SIGNING_SECRET")
    monkeypatch.setenv("AMICABLE_SLACK__BOT_TOKEN", token)
    without = [typed(*words).exit_code for words in (("backup", "copy.db"), ("metrics",))]
    exported, web = typed("export"), typed("web")
    assert (without, exported.exit_code, "There are: none yet" in exported.stderr) == ([0, 0], 1, True)
    missing = "AMICABLE_SLACK__APP_TOKEN" if token else "AMICABLE_SLACK__BOT_TOKEN is not set."
    assert (web.exit_code, missing in web.stderr, "type amicable setup" in web.stderr) == (2, True, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_lies_beside_the_database_for_its_owner_only(typed: Typed, stored: str, tmp_path: Path) -> None:
    """The notes in it are as private as those in the database, and nothing else is left lying about."""
    result = typed("backup")
    (copy,) = tmp_path.glob("*backup*")
    assert (result.exit_code, result.stdout, stat.S_IMODE(copy.stat().st_mode)) == (0, f"{copy}\n", 0o600)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_exists_is_overwritten(typed: Typed, stored: str) -> None:
    """A typing error does not put a copy over the database, or over the last copy."""
    database = Path(stored.removeprefix("sqlite:///"))
    before = database.read_bytes()
    result = typed("backup", database)
    sentence = f"{database} is there already and stays as it is. Name another file, or a folder.\n"
    assert (result.exit_code, result.stderr, database.read_bytes()) == (1, sentence, before)


def test_a_database_that_is_not_there_is_not_made(typed: Typed, stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong path is said, instead of an empty copy of nothing."""
    monkeypatch.setenv("AMICABLE_DATABASE_URL", "sqlite:///elsewhere.db")
    result = typed("backup")
    sentence = "There is no database at elsewhere.db yet. Check AMICABLE_DATABASE_URL.\n"
    assert (result.exit_code, result.stderr, list(Path().iterdir())) == (1, sentence, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_folder_that_takes_nothing_is_named(typed: Typed, stored: str, tmp_path: Path) -> None:
    """Where the copy can't be written, the operator reads why, and no half copy stays."""
    tmp_path.joinpath("file").touch()
    result = typed("backup", tmp_path / "file" / "copy.db")
    assert (result.exit_code, "No copy was made at" in result.stderr) == (1, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_is_copied_by_its_own_tool(typed: Typed, stored: str) -> None:
    """The command stands there to be copied, without the password, and no script takes it for a backup."""
    result = typed("backup", "friday.dump")
    shown = sa.make_url(stored).set(drivername="postgresql", password=None).render_as_string()
    sentence = f"run: pg_dump --format=custom --file=friday.dump '{shown}'\n"
    assert (result.exit_code, result.stdout, result.stderr.endswith(sentence)) == (1, "", True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_copy_of_ours_changes_nothing(typed: Typed, stored: str, tmp_path: Path) -> None:
    """Rubbish, a database of somebody else, nothing at all, the database itself: said, and all is as it was."""
    database = Path(stored.removeprefix("sqlite:///"))
    rubbish, somebodys = tmp_path / "holiday.jpg", tmp_path / "somebodys.db"
    rubbish.write_bytes(b"not a database")
    somebodys.touch()
    before = clients_and_names(stored)
    for copy in (rubbish, somebodys, tmp_path / "nowhere.db", database):
        result = typed("restore", copy)
        assert (result.exit_code, str(copy) in result.stderr or "as it was" in result.stderr) == (1, True)
    assert (list(tmp_path.glob("**/*.replaced-*")), list(tmp_path.glob(".restore-*"))) == ([], [])
    assert clients_and_names(stored) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_database_gives_way_to_its_copy(
    typed: Typed, stored: str, units: Units, engine: sa.Engine, tmp_path: Path
) -> None:
    """The day for which there are backups: what is there can't be read, and is kept byte by byte."""
    with units.house() as house:
        house.add_workspace(Workspace(id=TEAM, name="Agency", created_at=NOW))
    add_client(units, 1)
    assert typed("backup", tmp_path / "friday.db").exit_code == 0
    engine.dispose()
    rubbish = b"The disk was full. " * 500
    Path(stored.removeprefix("sqlite:///")).write_bytes(rubbish)

    restored = typed("restore", tmp_path / "friday.db")

    kept = next(tmp_path.glob("**/*.replaced-*.db"))
    assert (restored.exit_code, clients_and_names(stored)) == (0, (1, 2))
    assert (kept.read_bytes(), stat.S_IMODE(kept.stat().st_mode)) == (rubbish, 0o600)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_typed_wrongly_restores_nothing(typed: Typed, stored: str, tmp_path: Path) -> None:
    """Nothing named, both named, or PostgreSQL's rest on SQLite: nobody reads "Restored"."""
    results = [typed("restore"), typed("restore", "friday.db", "--is-back"), typed("restore", "--is-back")]
    assert [result.exit_code for result in results] == [2, 2, 1]
    assert not any("Restored" in result.output for result in results)
