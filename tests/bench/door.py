"""The door under attack: spoiled requests, floods of unsigned ones, senders that hang, and an end in the middle."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil
import requests

from integrations.sandbox.processes import free_port
from tests.bench import processes, spoiled
from tests.bench.databases import Databases
from tests.bench.measures import Measure

COUNT = 10_000
SENDERS = 4
HANGING = 60
FLOOD_SECONDS = 8.0
ALLOWED = frozenset({200, 400, 401})
END_SECONDS = 10.0
HEALTH_MS = 100.0


class HealthProbe:
    """Asks `/health` twenty times a second, as a load balancer might, and keeps how long each took."""

    def __init__(self, port: int) -> None:
        self._url, self._over = f"http://127.0.0.1:{port}/health", threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with requests.Session() as session:
            while not self._over.wait(0.05):
                began = time.perf_counter()
                session.get(self._url, timeout=30)
                self.seconds.append(time.perf_counter() - began)

    @property
    def p99(self) -> float:
        """In milliseconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] * 1000


@contextmanager
def logged_web(slack: processes.Running, database_url: str, log: Path) -> Iterator[processes.Running]:
    """`amicable web` as it is, with everything that it says kept in a file; it is not ended here."""
    port = free_port()
    settings = processes.app_settings(slack, database_url, port) | {"AMICABLE_LOG_LEVEL": "DEBUG"}
    with log.open("wb") as said:
        command = [sys.executable, "-m", "bot", "web"]
        process = subprocess.Popen(command, env=settings, cwd=processes.HOUSE, stdout=said, stderr=said)  # noqa: S603 - ours
        try:
            processes.wait_until(lambda: processes.answers(port, "/health"), process)
            yield processes.Running(port, 0.0, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(END_SECONDS * 3)


def fuzz(port: int, secret: str, seed: int) -> Counter[int]:
    """How often each status came back."""
    url, own = f"http://127.0.0.1:{port}/slack/events", threading.local()

    def send(request: spoiled.SpoiledRequest) -> int:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        return int(own.session.post(url, data=request.body, headers=dict(request.headers), timeout=30).status_code)

    with ThreadPoolExecutor(SENDERS) as pool:
        return Counter(pool.map(send, spoiled.requests_of(COUNT, seed, secret)))


def flood(port: int) -> int:
    """Unsigned forms of nearly a megabyte from several senders; how many were answered."""
    body, end = b"a=" + b"%20" * 330_000, time.monotonic() + FLOOD_SECONDS
    headers = {"Content-Type": spoiled.FORM, "X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=0"}

    def send(_: int) -> int:
        answered = 0
        with requests.Session() as session:
            while time.monotonic() < end:
                session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers, timeout=60)
                answered += 1
        return answered

    with ThreadPoolExecutor(SENDERS) as pool:
        return sum(pool.map(send, range(SENDERS)))


@contextmanager
def hanging(port: int) -> Iterator[list[socket.socket]]:
    """Senders that promise a body and never send its end."""
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(HANGING)]
    for each in held:
        each.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    yield held
    for each in held:
        each.close()


def seconds_until_cut(held: list[socket.socket]) -> float:
    began = time.monotonic()
    for each in held:
        each.settimeout(60)
        while each.recv(4096):
            pass
    return time.monotonic() - began


def door(databases: Databases) -> Iterator[Measure]:
    """On SQLite: what is asked here is settled before any database is."""
    with tempfile.TemporaryDirectory() as folder, processes.slack() as slack, databases.fresh("sqlite") as url:
        log = Path(folder) / "web.log"
        with logged_web(slack, url, log) as web:
            yield from _fuzzed(web, log)
            with HealthProbe(web.port) as health:
                answered = flood(web.port)
            yield Measure(name="door: /health p99 in a flood of 1 MB forms", value=health.p99, unit="ms",
                          at_most=HEALTH_MS, more={"answered": answered})  # fmt: skip
            with hanging(web.port) as held, HealthProbe(web.port) as health:
                cut = seconds_until_cut(held)
            yield Measure(name=f"door: {HANGING} senders that hang are cut after", value=cut, unit="s", at_most=15)
            yield Measure(name="door: /health p99 meanwhile", value=health.p99, unit="ms", at_most=HEALTH_MS)
            with hanging(web.port):
                began = time.monotonic()
                web.process.terminate()
                web.process.wait(END_SECONDS * 3)
                ended = time.monotonic() - began
            yield Measure(name="door: SIGTERM with hanging senders ends it after", value=ended, unit="s",
                          at_most=END_SECONDS)  # fmt: skip


def _fuzzed(web: processes.Running, log: Path) -> Iterator[Measure]:
    for name, secret in (("signed", processes.SECRET), ("unsigned", "")):
        with HealthProbe(web.port) as health:
            found = fuzz(web.port, secret, seed=17)
        wrong = sum(times for status, times in found.items() if status not in ALLOWED)
        more = {"statuses": {str(status): times for status, times in sorted(found.items())}}
        yield Measure(name=f"door: {COUNT} spoiled {name}: not 200, 400, 401", value=wrong, at_most=0, more=more)
        yield Measure(name=f"door: /health p99 meanwhile ({name})", value=health.p99, unit="ms", at_most=HEALTH_MS)
    said = log.read_text(errors="replace")
    yield Measure(name="door: tracebacks in the log", value=said.count("Traceback"), at_most=0)
    yield Measure(name="door: words of requests in the log", value=said.count(spoiled.CANARY), at_most=0)
