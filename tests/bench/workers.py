"""Real `amicable worker`, `amicable web` and `amicable socket` processes that can be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

START_SECONDS = 240
STOP_SECONDS = 15.0


class Workers:
    """So many at once, a web process on each of `ports`, and `sockets`. Whatever they print goes to one file.

    They are numbered: the workers first, then the web processes, then the sockets.
    """

    def __init__(
        self, environment: Mapping[str, str], log: Path, count: int = 1, ports: Sequence[int] = (), sockets: int = 0
    ) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
        self._environment = inherited | dict(environment)
        self._log: IO[bytes] = log.open("ab")
        self._roles = [("worker", 0)] * count + [("web", port) for port in ports] + [("socket", 0)] * sockets
        self._running = [self._launch(*role) for role in self._roles]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    @property
    def count(self) -> int:
        return len(self._running)

    def kill(self, number: int = 0) -> None:
        """`kill -9`: no goodbye, no clean-up."""
        self._running[number].send_signal(signal.SIGKILL)
        self._running[number].wait(STOP_SECONDS)

    def stop(self, number: int = 0) -> float:
        """By SIGTERM; how many seconds it took."""
        began = time.monotonic()
        self._running[number].terminate()
        self._running[number].wait(STOP_SECONDS)
        return time.monotonic() - began

    def restart(self, number: int = 0) -> None:
        self._running[number] = self._launch(*self._roles[number])

    def wait_for(self, look: Callable[[], object], seconds: float = START_SECONDS) -> bool:
        """Whether it came true in time. A worker that ended by itself is an error."""
        end = time.monotonic() + seconds
        while not look():
            if any(process.poll() is not None for process in self._running):
                raise RuntimeError(f"A worker ended by itself; see {self._log.name}.")
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def _launch(self, role: str, port: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", role],
            env=self._environment | {"AMICABLE_WEB__PORT": str(port)},
            stdout=self._log,
            stderr=self._log,
            stdin=subprocess.DEVNULL,
        )
