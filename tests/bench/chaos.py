"""Exits under random kills, lost requests and answers, and a search that lags: what is lost, what is there twice."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from integrations.sandbox.faults import Fault
from tests.bench.databases import KINDS, Databases
from tests.bench.exits import Outcome, Partings
from tests.bench.measures import Measure
from tests.bench.workers import Workers

TASKS = 24
LOST_SHARE = 0.15  # of the requests, and as many of the answers
INDEX_LAG_SECONDS, QUIET_SECONDS = 1.5, 4
WORKERS = 2
KILL_EVERY_SECONDS = (0.5, 4.0)
KILLING_SECONDS = 25.0
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Ordeal:
    """What one combination of database and tracker went through; recovery counts from the last kill."""

    outcome: Outcome
    exits: int
    kills: int
    lost_requests: int
    lost_answers: int
    recovery_seconds: float
    is_complete: bool


def chaos(databases: Databases, tickets: int) -> Iterator[Measure]:
    combinations = list(product(KINDS, ("jira", "datacenter", "trello")))
    exits = -(-tickets // (TASKS * len(combinations)))
    ordeals = {}
    for kind, tracker in combinations:
        with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            ordeals[f"{tracker} on {kind}"] = _ordeal(Path(folder), url, tracker, exits)
    yield from _told(ordeals)


def _told(ordeals: dict[str, Ordeal]) -> Iterator[Measure]:
    wanted = sum(each.outcome.wanted for each in ordeals.values())
    lost = sum(each.outcome.lost + each.outcome.astray for each in ordeals.values())
    doubled = sum(each.outcome.doubled for each in ordeals.values())
    kills = sum(each.kills for each in ordeals.values())
    more = {"each": {name: str(each) for name, each in ordeals.items()}}
    yield Measure(name="tickets opened under kills", value=wanted, at_least=1000, more=more)
    yield Measure(name="tickets lost", value=lost, at_most=0)
    yield Measure(name="tickets doubled", value=doubled, at_most=0)
    yield Measure(name="workers killed with -9", value=kills)
    longest = max(each.recovery_seconds for each in ordeals.values())
    yield Measure(name="from the last kill to the last ticket", value=longest, unit="s")


def _ordeal(folder: Path, url: str, tracker: str, exits: int) -> Ordeal:
    partings = Partings(folder, url, tracker, quiet_seconds=QUIET_SECONDS, lag=INDEX_LAG_SECONDS)
    try:
        with Workers(partings.environment, folder / "worker.log", WORKERS) as workers:
            for _ in range(exits):
                partings.open(TASKS)
            partings.faults.sometimes(Fault.LOSE_REQUEST, LOST_SHARE)
            partings.faults.sometimes(Fault.LOSE_ANSWER, LOST_SHARE)
            kills = _kill_at_random(workers, partings)
            began = time.perf_counter()
            complete = workers.wait_for(partings.are_open, PATIENCE_SECONDS)
            seconds = time.perf_counter() - began
        happened = partings.faults.happened
        return Ordeal(
            outcome=partings.outcome(),
            exits=exits,
            kills=kills,
            lost_requests=happened[Fault.LOSE_REQUEST],
            lost_answers=happened[Fault.LOSE_ANSWER],
            recovery_seconds=seconds,
            is_complete=complete,
        )
    finally:
        partings.close()


def _kill_at_random(workers: Workers, partings: Partings) -> int:
    """Kills one worker or the other and starts it again, as long as there is something to disturb."""
    workers.wait_for(lambda: partings.made() > 0)
    kills, end = 0, time.monotonic() + KILLING_SECONDS
    while time.monotonic() < end and not partings.are_open():
        time.sleep(random.uniform(*KILL_EVERY_SECONDS))  # noqa: S311 - any moment will do
        number = random.randrange(WORKERS)  # noqa: S311 - any worker will do
        workers.kill(number)
        workers.restart(number)
        kills += 1
    return kills
