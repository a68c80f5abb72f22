"""Spares an idle engine its looks: twenty a second into each queue took a third of the suite's time for nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
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
    stops = _get_dbos_instance().background_thread_stop_events
    lookout = _Lookout(house.outside.engine, stops)
    for stop in stops:
        stop.wait = lookout.until_work(stop)  # type: ignore[assignment, method-assign]  # they sleep on it
    try:
        yield worker
    finally:
        worker.stop()
        lookout.close()


class _Lookout:
    """One thread looks for those of all queues, with one question: a hundredth of what the engine's look costs."""

    def __init__(self, engine: sa.Engine, stops: Collection[threading.Event]) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._driver: Any = self._connection.connection.driver_connection
        self._question = ON_POSTGRESQL if engine.dialect.name == "postgresql" else ON_SQLITE
        self._stops = stops
        self._woken = {queue: threading.Event() for queue in THREADS.values()}
        self._closing = threading.Event()
        self._looker = threading.Thread(target=self._look, name="lookout", daemon=True)
        self._looker.start()

    def until_work(self, stop: threading.Event) -> Callable[[float | None], bool]:
        """In place of `stop.wait`, for a queue's thread until something waits there; for all others as it is."""
        wait = stop.wait

        def patiently(timeout: float | None = None) -> bool:
            queue = THREADS.get(threading.current_thread().name)
            if not queue:
                return wait(timeout)
            self._woken[queue].wait(LONGEST_SECONDS)
            self._woken[queue].clear()
            return stop.is_set()

        return patiently

    def _look(self) -> None:
        waiting = self._waiting
        while not self._closing.wait(LOOK_SECONDS):
            is_over = any(stop.is_set() for stop in self._stops)
            try:
                found = THREADS.values() if is_over else waiting()
            except (psycopg.Error, sqlite3.Error):
                # From an outage on the engine looks for itself, as often as it wants.
                waiting, found = THREADS.values, THREADS.values()
            for queue in found:
                self._woken[queue].set()

    def _waiting(self) -> Collection[str]:
        """The queues in which something waits."""
        return [name for (name,) in self._driver.execute(self._question).fetchall() if name in self._woken]

    def close(self) -> None:
        self._closing.set()
        self._looker.join()
        self._connection.invalidate()
        self._connection.close()
