"""Exits under random kills, database restarts, lost requests and answers, late creations, and a search that lags.

People click through two web processes, two workers open the tickets; all four are killed at random, and PostgreSQL is
restarted without a goodbye. (A SQLite file has no server to restart.)
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from integrations.sandbox.faults import Fault
from integrations.sandbox.processes import free_port
from rules.errors import UnavailableError
from tests.bench.databases import KINDS, Databases
from tests.bench.exits import Outcome, Partings
from tests.bench.measures import Measure
from tests.bench.processes import answers
from tests.bench.workers import Workers

TASKS = 24
LOST_SHARE = 0.15  # of the requests, and as many of the answers
LATE_SHARE, LATE_SECONDS = 0.1, 2.0  # of the requests: carried out after the line broke, within the quiet period
INDEX_LAG_SECONDS, QUIET_SECONDS = 1.5, 4
WORKERS, WEBS = 2, 2
RESTART_EVERY_SECONDS = 8.0
CLICKED_AGAIN_AFTER_SECONDS = 0.5
KILL_EVERY_SECONDS = (0.5, 4.0)
KILLING_SECONDS = 25.0
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Ordeal:
    """What one combination of database and tracker went through; recovery counts from the last kill."""

    outcome: Outcome
    exits: int
    kills: int
    restarts: int
    lost_requests: int
    lost_answers: int
    late: int
    recovery_seconds: float
    is_complete: bool


def chaos(databases: Databases, tickets: int) -> Iterator[Measure]:
    combinations = list(product(KINDS, ("jira", "datacenter", "trello")))
    exits = -(-tickets // (TASKS * len(combinations)))
    ordeals = {}
    for kind, tracker in combinations:
        restart = databases.restart if kind == "postgresql" else None
        with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            ordeals[f"{tracker} on {kind}"] = _ordeal(Path(folder), url, tracker, exits, restart)
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
    yield Measure(name="requests carried out after the line broke", value=sum(each.late for each in ordeals.values()))
    yield Measure(name="processes killed with -9", value=kills)
    yield Measure(name="restarts of PostgreSQL", value=sum(each.restarts for each in ordeals.values()))
    longest = max(each.recovery_seconds for each in ordeals.values())
    yield Measure(name="from the last kill to the last ticket", value=longest, unit="s")


def _ordeal(folder: Path, url: str, tracker: str, exits: int, restart: Callable[[], None] | None) -> Ordeal:
    partings = Partings(folder, url, tracker, quiet_seconds=QUIET_SECONDS, lag=INDEX_LAG_SECONDS)
    ports = tuple(free_port() for _ in range(WEBS))
    try:
        names = [partings.decide(TASKS) for _ in range(exits)]
        with Workers(partings.environment, folder / "app.log", WORKERS, ports) as running:
            running.wait_for(lambda: all(answers(port, "/health") for port in ports))
            partings.faults.sometimes(Fault.LOSE_REQUEST, LOST_SHARE)
            partings.faults.sometimes(Fault.LOSE_ANSWER, LOST_SHARE)
            partings.faults.late = LATE_SECONDS
            partings.faults.sometimes(Fault.LATE, LATE_SHARE, method="POST")
            clicking = threading.Thread(target=_click, args=(partings, names, ports))
            clicking.start()
            kills, restarts = _disturb(running, partings, restart)
            began = time.perf_counter()
            clicking.join(PATIENCE_SECONDS)
            complete = running.wait_for(lambda: _is_done(partings), PATIENCE_SECONDS)
            seconds = time.perf_counter() - began
        happened = partings.faults.happened
        return Ordeal(
            outcome=partings.outcome(),
            exits=exits,
            kills=kills,
            restarts=restarts,
            lost_requests=happened[Fault.LOSE_REQUEST],
            lost_answers=happened[Fault.LOSE_ANSWER],
            late=happened[Fault.LATE],
            recovery_seconds=seconds,
            is_complete=complete,
        )
    finally:
        partings.close()


def _click(partings: Partings, names: Sequence[str], ports: Sequence[int]) -> None:
    """As a person does who clicks again, somewhere else, until the tasks are on their way."""
    for name in names:
        while not partings.click_open(name, random.choice(ports)):  # noqa: S311 - either will do
            time.sleep(CLICKED_AGAIN_AFTER_SECONDS)


def _disturb(running: Workers, partings: Partings, restart: Callable[[], None] | None) -> tuple[int, int]:
    """Kills one process or another and starts it again, and restarts the database, as long as there is work."""
    running.wait_for(lambda: partings.made() > 0)
    kills = restarts = 0
    began = time.monotonic()
    while time.monotonic() < began + KILLING_SECONDS and not _is_done(partings):
        time.sleep(random.uniform(*KILL_EVERY_SECONDS))  # noqa: S311 - any moment will do
        number = random.randrange(running.count)  # noqa: S311 - any process will do
        running.kill(number)
        running.restart(number)
        kills += 1
        if restart and time.monotonic() > began + restarts * RESTART_EVERY_SECONDS:
            restart()
            restarts += 1
    return kills, restarts


def _is_done(partings: Partings) -> bool:
    try:
        return partings.are_open()
    except UnavailableError:
        return False
