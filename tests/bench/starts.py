"""How long our processes take to start, and how much memory they hold."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from integrations.sandbox.processes import free_port
from tests.bench import processes
from tests.bench.databases import Databases
from tests.bench.measures import Measure
from tests.bench.processes import app_settings, open_house
from tests.bench.workers import Workers
from tests.clocks import real_now

ROUNDS = 3
SETTLING_SECONDS, IDLE_SECONDS = 10, 40


def starts(databases: Databases) -> Iterator[Measure]:
    """The best of three: what we add, not what the neighbours on this machine do."""
    with databases.fresh("sqlite") as url, processes.slack() as slack, tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        environment = app_settings(slack, url, port=9)
        worker_seconds, worker_megabytes = _worker(environment, url, log)
        seconds, megabytes, healthy = [], [], []
        with Workers(environment, log) as workers:
            workers.wait_for(lambda: _beats(url))
            for _ in range(ROUNDS):
                with processes.web(slack, url, ready="/ready") as web:
                    seconds.append(web.started)
                    megabytes.append(web.megabytes)
                with processes.web(slack, url) as web:
                    healthy.append(web.started)
    more = {"all": healthy}
    yield Measure(name="amicable web, start to /health", value=min(healthy), unit="s", at_most=2, more=more)
    yield Measure(name="amicable web, start to ready", value=min(seconds), unit="s", at_most=2.5, more={"all": seconds})
    yield Measure(name="amicable web, memory", value=max(megabytes), unit="MB", at_most=150)
    yield Measure(name="amicable worker, start to first heartbeat", value=worker_seconds, unit="s")
    yield Measure(name="amicable worker, memory", value=worker_megabytes, unit="MB")


def rest(databases: Databases) -> Iterator[Measure]:
    """All in one process with production's settings, while nobody does anything; the engine alone takes 0.9 and 2.3."""
    for kind, most in (("sqlite", 2), ("postgresql", 3)):
        with databases.fresh(kind) as url, processes.slack() as slack:
            port = free_port()
            with processes.started(["bot", "run"], app_settings(slack, url, port), port, "/ready") as running:
                time.sleep(SETTLING_SECONDS)
                before = running.cpu_seconds
                time.sleep(IDLE_SECONDS)
                idle = (running.cpu_seconds - before) / IDLE_SECONDS
                megabytes = running.megabytes
        yield Measure(name=f"idle CPU of amicable run, {kind}", value=100 * idle, unit="%", at_most=most)
        yield Measure(name=f"memory of amicable run, {kind}", value=megabytes, unit="MB", at_most=115)


def _worker(environment: dict[str, str], url: str, log: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with Workers(environment, log) as workers:
        workers.wait_for(lambda: _beats(url))
        seconds = time.perf_counter() - began
        time.sleep(1)  # until its queues are open
        return seconds, sum(psutil.Process(pid).memory_info().rss for pid in workers.pids) / 1e6


def _beats(url: str) -> bool:
    house = open_house(url)
    try:
        return house.outside.jobs.beats(real_now())
    finally:
        house.close()
