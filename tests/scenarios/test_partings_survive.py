"""A parting goes on where it was when its worker is killed: as many tickets as tasks, none twice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from integrations.sandbox.faults import Fault
from tests.bench.tickets import Outcome, Partings
from tests.bench.workers import Workers

TASKS, PARENT = 24, 1
INDEX_LAG_SECONDS = 1.5
QUIET_SECONDS = 3
ENDS_WITHIN = 10.0


@pytest.fixture(params=[("jira", "sqlite"), ("datacenter", "postgresql"), ("trello", "postgresql")])
def partings(request: pytest.FixtureRequest, tmp_path: Path, starts_at: datetime) -> Iterator[Partings]:
    """Every combination goes through `make bench`."""
    tracker, kind = request.param
    url = str(request.getfixturevalue("sqlite_url" if kind == "sqlite" else "own_postgresql_url"))
    made = Partings(tmp_path, url, tracker, quiet_seconds=QUIET_SECONDS, lag=INDEX_LAG_SECONDS, starts_at=starts_at)
    yield made
    made.close()


def test_a_killed_worker_loses_no_ticket_and_makes_none_twice(partings: Partings, tmp_path: Path) -> None:
    """BR07, BR08: kill -9 in the middle, requests and answers that get lost, a search that knows less than is there."""
    with Workers(partings.environment, tmp_path / "worker.log") as workers:
        partings.open(TASKS)
        assert workers.wait_for(lambda: partings.made() > 1)
        partings.faults.sometimes(Fault.LOSE_REQUEST, 0.15)
        partings.faults.sometimes(Fault.LOSE_ANSWER, 0.15)
        time.sleep(random.uniform(0, 0.8))  # noqa: S311 - any moment will do, and no two runs the same
        workers.kill()
        workers.restart()
        before = partings.made()
        assert workers.wait_for(lambda: partings.made() > before or partings.made() > TASKS)
        partings.faults.clear()
        workers.wait_for(partings.are_open)

    assert partings.outcome() == Outcome(wanted=TASKS + PARENT, lost=0, doubled=0, astray=0)


@pytest.mark.parametrize("partings", [("jira", "sqlite")], indirect=True)
def test_a_worker_whose_tracker_hangs_ends_when_it_is_asked_to(partings: Partings, tmp_path: Path) -> None:
    """SIGTERM with the drain as shipped, while every call waits for an answer; afterwards nothing is missing."""
    del partings.environment["AMICABLE_ENGINE__DRAIN_SECONDS"]
    with Workers(partings.environment, tmp_path / "worker.log") as workers:
        partings.faults.delay = 120.0
        partings.open(TASKS)
        assert workers.wait_for(lambda: partings.made() > 1)
        partings.faults.sometimes(Fault.SLOW, 1.0)
        assert workers.wait_for(lambda: partings.faults.happened[Fault.SLOW] > 0)
        seconds = workers.stop()
        partings.faults.clear()
        workers.restart()
        workers.wait_for(partings.are_open)

    assert seconds < ENDS_WITHIN
    assert partings.outcome() == Outcome(wanted=TASKS + PARENT, lost=0, doubled=0, astray=0)
