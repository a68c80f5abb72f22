"""Partings under random kills, database restarts, lost requests and answers, late creations, and a search that lags.

People click through two web processes, two workers open the tickets; all four are killed at random, and PostgreSQL is
restarted without a goodbye. (A SQLite file has no server to restart.) Each combination of tracker and database tells on
stderr how far it is, and in the end what the tracker itself made, ticket by ticket.

`recovery` is the same with the settings that are shipped, where a look has to wait for minutes until it proves
anything: how long after the last kill the last ticket is there.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from integrations.sandbox.faults import Fault
from integrations.sandbox.processes import free_port
from rules.errors import UnavailableError
from tests.bench.databases import KINDS, Databases
from tests.bench.measures import Measure
from tests.bench.processes import answers
from tests.bench.tickets import Outcome, Partings
from tests.bench.workers import Workers

TASKS = 24
LOST_SHARE = 0.15  # of the requests, and as many of the answers
LATE_SHARE, LATE_SECONDS = 0.1, 2.0  # of the requests: carried out after the line broke, within the quiet period
INDEX_LAG_SECONDS, QUIET_SECONDS = 1.5, 4
TRACKERS = ("jira", "datacenter", "trello")
COMBINATIONS = [f"{tracker} on {kind}" for kind, tracker in product(KINDS, TRACKERS)]
WORKERS, WEBS = 2, 2
RESTART_EVERY_SECONDS = 8.0
CLICKED_AGAIN_AFTER_SECONDS = 0.5
KILL_EVERY_SECONDS = (0.5, 4.0)
KILLING_SECONDS = 25.0
PATIENCE_SECONDS = 600.0
LOOKED_AT_EVERY_SECONDS, TOLD_EVERY_SECONDS = 0.2, 15.0
SHIPPED_TASKS = 12
SHIPPED_PATIENCE_SECONDS = 1800.0


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """How many clients leave with how many tasks each; with the shipped settings everything takes minutes."""

    clients: int
    tasks: int
    is_shipped: bool = False
    patience: float = PATIENCE_SECONDS


@dataclass(frozen=True)
class Ordeal:
    """What one combination of database and tracker went through; recovery counts from the last kill."""

    outcome: Outcome
    clients: int
    kills: int
    restarts: int
    lost_requests: int
    lost_answers: int
    late: int
    recovery_seconds: float
    is_complete: bool


def chaos(databases: Databases, tickets: int, only: Sequence[str]) -> Iterator[Measure]:
    """`only` names combinations; none: all. So many `tickets` are shared among all six, whichever are asked for."""
    clients = -(-tickets // (TASKS * len(COMBINATIONS)))
    ordeals = {name: _undergone(databases, name, _Plan(clients=clients, tasks=TASKS)) for name in only or COMBINATIONS}
    yield from _told(ordeals)
    yield Measure(name="from the last kill to the last ticket", value=_longest(ordeals), unit="s")


def recovery(databases: Databases, only: Sequence[str]) -> Iterator[Measure]:
    """As shipped: quiet periods of minutes, the engine's own habits. On SQLite, where nothing else is asked for."""
    plan = _Plan(clients=1, tasks=SHIPPED_TASKS, is_shipped=True, patience=SHIPPED_PATIENCE_SECONDS)
    ordeals = {name: _undergone(databases, name, plan) for name in only or COMBINATIONS[: len(TRACKERS)]}
    yield from _told(ordeals)
    for name, ordeal in ordeals.items():
        seconds = ordeal.recovery_seconds
        yield Measure(name=f"from the last kill to the last ticket as shipped, {name}", value=seconds, unit="s")


def _undergone(databases: Databases, name: str, plan: _Plan) -> Ordeal:
    kind = name.rpartition(" ")[2]
    restart = databases.restart if kind == "postgresql" else None
    with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ordeal = _ordeal(Path(folder), url, name, plan, restart)
    _say(name, str(ordeal))
    return ordeal


def _say(name: str, what: str) -> None:
    sys.stderr.write(f"  {name}: {what}\n")
    sys.stderr.flush()


def _told(ordeals: Mapping[str, Ordeal]) -> Iterator[Measure]:
    wanted = sum(each.outcome.wanted for each in ordeals.values())
    lost = sum(each.outcome.lost + each.outcome.astray for each in ordeals.values())
    doubled = sum(each.outcome.doubled for each in ordeals.values())
    kills = sum(each.kills for each in ordeals.values())
    more = {"each": {name: str(each) for name, each in ordeals.items()}}
    is_whole = len(ordeals) == len(COMBINATIONS)
    yield Measure(name="tickets opened under kills", value=wanted, at_least=1000 if is_whole else None, more=more)
    yield Measure(name="tickets lost", value=lost, at_most=0)
    yield Measure(name="tickets doubled", value=doubled, at_most=0)
    yield Measure(name="requests carried out after the line broke", value=sum(each.late for each in ordeals.values()))
    yield Measure(name="processes killed with -9", value=kills)
    yield Measure(name="restarts of PostgreSQL", value=sum(each.restarts for each in ordeals.values()))


def _longest(ordeals: Mapping[str, Ordeal]) -> float:
    return max(each.recovery_seconds for each in ordeals.values())


def _ordeal(folder: Path, url: str, name: str, plan: _Plan, restart: Callable[[], None] | None) -> Ordeal:
    tracker = name.partition(" ")[0]
    quiet = None if plan.is_shipped else QUIET_SECONDS
    partings = Partings(folder, url, tracker, quiet_seconds=quiet, lag=INDEX_LAG_SECONDS)
    ports = tuple(free_port() for _ in range(WEBS))
    try:
        names = [partings.decide(plan.tasks) for _ in range(plan.clients)]
        with Workers(partings.environment, folder / "app.log", WORKERS, ports) as running:
            running.wait_for(lambda: all(answers(port, "/health") for port in ports))
            _begin_faults(partings)
            clicking = threading.Thread(target=_click, args=(partings, names, ports), daemon=True)
            clicking.start()
            kills, restarts = _disturb(running, partings, restart)
            began = time.perf_counter()
            clicking.join(plan.patience)
            complete = running.wait_for(_Watch(name, partings, plan), plan.patience)
            seconds = time.perf_counter() - began
        happened = partings.faults.happened
        return Ordeal(
            outcome=partings.outcome(),
            clients=plan.clients,
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


def _begin_faults(partings: Partings) -> None:
    partings.faults.sometimes(Fault.LOSE_REQUEST, LOST_SHARE)
    partings.faults.sometimes(Fault.LOSE_ANSWER, LOST_SHARE)
    partings.faults.late = LATE_SECONDS
    partings.faults.sometimes(Fault.LATE, LATE_SHARE, method="POST")


class _Watch:
    """Whether all is done, looked at now and then, and how far it is, told now and then."""

    def __init__(self, name: str, partings: Partings, plan: _Plan) -> None:
        self._name = name
        self._partings = partings
        self._wanted = plan.clients * (plan.tasks + 1)
        self._told_at = time.monotonic()

    def __call__(self) -> bool:
        time.sleep(LOOKED_AT_EVERY_SECONDS)
        if time.monotonic() > self._told_at + TOLD_EVERY_SECONDS:
            self._told_at = time.monotonic()
            _say(self._name, f"{self._partings.made()} made in the tracker of {self._wanted} wanted")
        return _is_done(self._partings)


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
