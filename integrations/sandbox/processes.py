"""The app as real processes: `amicable web` and `amicable worker`, as the Procfile starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import requests

from integrations.engine.migrate import migrate

START_SECONDS = 180.0
STOP_SECONDS = 15.0


class AppProcesses:
    """Starts, kills and stops them. What they print goes to files in `folder`."""

    def __init__(self, environment: Mapping[str, str], folder: Path, port: int = 0) -> None:
        self.port = port or free_port()
        self._folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
        self._environment = inherited | dict(environment) | {"AMICABLE_WEB__PORT": str(self.port)}
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._logs: list[IO[bytes]] = []

    @property
    def database_url(self) -> str:
        return self._environment["AMICABLE_DATABASE_URL"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Migrates, starts both and waits until they are ready."""
        migrate(self._environment["AMICABLE_DATABASE_URL"])
        self._web = self._launch("web")
        self._worker = self._launch("worker")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if time.monotonic() > end or (self._web and self._web.poll() is not None):
                raise RuntimeError(f"The app did not start. Its log: {self._folder}/web.log, {self._folder}/worker.log")
            time.sleep(0.05)

    @property
    def worker_lives(self) -> bool:
        return self._worker is not None and self._worker.poll() is None

    def kill_worker(self) -> None:
        """`kill -9`: no goodbye, no clean-up."""
        if self._worker:
            self._worker.send_signal(signal.SIGKILL)
            self._worker.wait(STOP_SECONDS)

    def start_worker(self) -> None:
        self._worker = self._launch("worker")

    def stop(self) -> None:
        for process in (self._web, self._worker):
            if process and process.poll() is None:
                process.terminate()
        for process in (self._web, self._worker):
            if process:
                _wait_or_kill(process)
        for log in self._logs:
            log.close()

    def _launch(self, role: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{role}.log").open("ab")
        self._logs.append(log)
        command = [sys.executable, "-m", "bot", role]
        return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command

    def _is_ready(self) -> bool:
        try:
            return bool(requests.get(f"{self.url}/ready", timeout=2).ok)
        except requests.RequestException:
            return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
