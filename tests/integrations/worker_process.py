"""A worker as a process of its own: `worker_process.py URL LOG HOLD`. Its second step waits while HOLD exists."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from integrations.clock import SystemClock
from integrations.database.connect import open_database
from integrations.engine.settings import EngineSettings
from integrations.engine.worker import Worker
from rules.ports import Runner, Workflow

SETTINGS = EngineSettings(poll_seconds=0.05, events_poll_seconds=0.05, beat_seconds=0.2, dead_after_seconds=1)


class Walk:
    """Three steps that leave a line each."""

    def __init__(self, log: Path, hold: Path) -> None:
        self._log = log
        self._hold = hold

    def first(self) -> str:
        return self._write("first")

    def second(self, before: str) -> str:
        said = self._write(f"second after {before}")
        while self._hold.exists():
            time.sleep(0.01)
        return said

    def third(self) -> str:
        return self._write("third")

    def run(self, runner: Runner, *_args: str | int) -> None:
        before = runner.step(self.first)
        runner.step(self.second, before)
        runner.step(self.third)

    def _write(self, line: str) -> str:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")
        return line


def main(url: str, log: str, hold: str) -> None:
    walk = Workflow(name="walk", run=Walk(Path(log), Path(hold)).run)
    Worker(open_database(url), [walk], SystemClock(), SETTINGS).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
