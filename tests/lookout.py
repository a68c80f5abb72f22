"""Spares an idle engine its looks: twenty a second into each queue took a third of the suite's time for nothing."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from dbos._dbos import _get_dbos_instance  # the only way to its threads; its minor version is pinned

from bot.bootstrap.house import House
from integrations.engine.worker import Worker
from rules.ports import Queue

LOOK_SECONDS = 0.02
LONGEST_SECONDS = 1.0
ON_SQLITE = "SELECT DISTINCT queue_name FROM workflow_status WHERE status = 'ENQUEUED'"
ON_POSTGRESQL = "SELECT DISTINCT queue_name FROM dbos.workflow_status WHERE status = 'ENQUEUED'"
THREADS = {f"queue-worker-{queue.value}": queue.value for queue in Queue}


@contextmanager
def working(house: House) -> Iterator[Worker]:
    """The house's worker, whose queues are read as soon as something waits in them, and once a second."""
    worker = house.worker()
    worker.start()
    lookout = _Lookout(house.outside.engine)
    for stop in _get_dbos_instance().background_thread_stop_events:
        stop.wait = lookout.until_work(stop.wait)  # type: ignore[assignment, method-assign]  # they sleep on it
    try:
        yield worker
    finally:
        worker.stop()
        lookout.close()


class _Lookout:
    """One connection, on which the threads of all queues look in turn: a hundredth of what the engine's look costs."""

    def __init__(self, engine: sa.Engine) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._driver: Any = self._connection.connection.driver_connection
        self._question = ON_POSTGRESQL if engine.dialect.name == "postgresql" else ON_SQLITE
        self._lock, self._lost = threading.Lock(), False
        self._looked_at, self._found = 0.0, frozenset[str]()

    def until_work(self, wait: Callable[[float | None], bool]) -> Callable[[float | None], bool]:
        """In place of `wait`, for a queue's thread until something waits there; for all other threads as it is."""

        def patiently(timeout: float | None = None) -> bool:
            queue = THREADS.get(threading.current_thread().name)
            if not queue:
                return wait(timeout)
            until = time.monotonic() + LONGEST_SECONDS
            while time.monotonic() < until:
                if wait(LOOK_SECONDS):
                    return True
                if queue in self._look():
                    return False
            return False

        return patiently

    def _look(self) -> frozenset[str]:
        with self._lock:
            if not self._lost and time.monotonic() > self._looked_at + LOOK_SECONDS / 2:
                try:
                    rows = self._driver.execute(self._question).fetchall()
                except (psycopg.Error, sqlite3.Error):
                    self._lost = True  # from an outage on the engine looks for itself, as often as it wants
                    rows = [(queue,) for queue in THREADS.values()]
                self._looked_at, self._found = time.monotonic(), frozenset(name for (name,) in rows)
            return self._found

    def close(self) -> None:
        self._connection.invalidate()
        self._connection.close()
