"""Our processes as an operator starts them, with a clock on their start and a scale for their memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
import requests

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.sandbox.processes import free_port
from tests.bench.load import Load, Served

HOUSE = Path(__file__).parents[2]
SECRET = "bench-signing-secret"
START_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Running:
    """A server on this machine; `started` is how many seconds it took until it was ready."""

    port: int
    started: float
    process: psutil.Process

    @property
    def megabytes(self) -> float:
        return float(self.process.memory_info().rss) / 1e6

    @property
    def cpu_seconds(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system)


def environment(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
    return inherited | {"PYTHONPATH": str(HOUSE)} | settings


def settings_of(variables: Mapping[str, str]) -> Settings:
    """As a process with this environment reads them."""
    with patch.dict(os.environ, variables):
        return Settings(_env_file=None)


def open_house(database_url: str) -> House:
    """Our parts without a process; there is no Slack to ask."""
    return House(settings_of(app_settings(Running(9, 0, psutil.Process()), database_url, 9)), serves_web=False)


def app_settings(slack: Running, database_url: str, port: int) -> dict[str, str]:
    return environment(
        AMICABLE_DATABASE_URL=database_url,
        AMICABLE_SLACK__API_URL=f"http://127.0.0.1:{slack.port}/api/",
        AMICABLE_SLACK__BOT_TOKEN="xoxb-bench",
        AMICABLE_SLACK__SIGNING_SECRET=SECRET,
        AMICABLE_WEB__PORT=str(port),
        AMICABLE_LOG_LEVEL="WARNING",
        AMICABLE_TIMEZONE="Europe/Amsterdam",
    )


@contextmanager
def started(arguments: Sequence[str], settings: Mapping[str, str], port: int, ready: str) -> Iterator[Running]:
    """Runs `python -m ARGUMENTS` until the block ends; `ready` is the path that answers 2xx when it is."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *arguments], env=dict(settings), cwd=HOUSE)  # noqa: S603 - ours
    try:
        wait_until(lambda: answers(port, ready), process)
        yield Running(port, time.perf_counter() - began, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def wait_until(look: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while not look():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("It did not start.")
        time.sleep(0.01)


def answers(port: int, path: str) -> bool:
    try:
        return bool(requests.get(f"http://127.0.0.1:{port}{path}", timeout=10).ok)
    except requests.RequestException:
        return False


@contextmanager
def slack() -> Iterator[Running]:
    port = free_port()
    with started(["tests.bench.slack_stub", str(port)], environment(), port, "/api/auth.test") as running:
        yield running


@contextmanager
def echo() -> Iterator[Running]:
    port = free_port()
    with started(["tests.bench.echo", str(port), SECRET], environment(), port, "/ready") as running:
        yield running


@contextmanager
def web(slack_server: Running, database_url: str, ready: str = "/health") -> Iterator[Running]:
    port = free_port()
    with started(["bot", "web"], app_settings(slack_server, database_url, port), port, ready) as running:
        yield running


def send(load: Load) -> Served:
    """The load comes from a process of its own."""
    served = Served(**_loaded(asdict(load)))
    if served.failures:
        raise RuntimeError(f"{served.failures} of {served.requests} requests were not answered as expected.")
    return served


def send_in_turn(loads: Sequence[Load], rounds: int, size: int) -> list[list[float]]:
    """The seconds of each load's block of `size` requests, round by round."""
    found: list[list[float]] = _loaded({"loads": [asdict(load) for load in loads], "rounds": rounds, "size": size})
    return found


def _loaded(asked: Mapping[str, Any]) -> Any:
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asked)]
    done = subprocess.run(command, env=environment(), cwd=HOUSE, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return json.loads(done.stdout)
