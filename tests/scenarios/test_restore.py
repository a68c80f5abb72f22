"""The drill: back to a copy that was made before the tickets were opened, and the story goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from tests.bench.exits import Outcome, Partings
from tests.bench.workers import Workers

TASKS, PARENT = 5, 1
QUIET_SECONDS = 2


@pytest.fixture(params=["jira", "trello"])
def partings(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, starts_at: datetime
) -> Iterator[Partings]:
    made = Partings(tmp_path, sqlite_url, request.param, quiet_seconds=QUIET_SECONDS, lag=1.0, starts_at=starts_at)
    yield made
    made.close()


def typed(partings: Partings, *words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], env=dict(partings.environment))


def test_what_was_opened_after_the_copy_is_found_and_not_opened_again(partings: Partings, tmp_path: Path) -> None:
    """Tickets on their way at the backup, some opened since: each has its ticket once, and what was there is kept."""
    copy, log = tmp_path / "friday.db", tmp_path / "worker.log"
    partings.open(TASKS)
    assert typed(partings, "backup", copy).exit_code == 0
    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)
        refused = typed(partings, "restore", copy)
    partings.house.close()
    restored = typed(partings, "restore", copy)
    before = [ticket.state for ticket in partings.tickets()]

    with Workers(partings.environment, log) as workers:
        assert workers.wait_for(partings.are_open)

    assert partings.outcome() == Outcome(wanted=TASKS + PARENT, lost=0, doubled=0, astray=0)
    assert (refused.exit_code, "Stop all of its processes" in refused.stderr) == (1, True)
    assert (restored.exit_code, f"{TASKS + PARENT} tickets were not open" in restored.stderr) == (0, True)
    assert "opened" not in before
    assert len(list(tmp_path.glob("**/*.replaced-*"))) == 1
