"""One after the other: threads in the order of arrival, processes as soon as they can."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

LOOKED_AGAIN_AFTER_SECONDS = 0.002


class Turnstile:
    """A lock that is handed to whoever waits longest: `threading.Lock` lets a busy thread pass the patient ones."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: _Turn | None = None
        self._waiting: deque[_Turn] = deque()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @contextmanager
    def turn(self, wait_seconds: float) -> Iterator[None]:
        """`TimeoutError` when the turn does not come in time; `RuntimeError` when this thread has it already."""
        turn = self._queue_up()
        if not turn.came.wait(wait_seconds) and self._gave_up(turn):
            raise TimeoutError
        try:
            yield
        finally:
            self._hand_over()

    def _queue_up(self) -> _Turn:
        turn = _Turn(threading.get_ident())
        with self._guard:
            if self._owner is None:
                self._owner = turn
                turn.came.set()
            elif self._owner.thread == turn.thread:
                raise RuntimeError("This thread is writing already: one unit of work at a time.")
            else:
                self._waiting.append(turn)
        return turn

    def _gave_up(self, turn: _Turn) -> bool:
        """False when the turn came at the last moment."""
        with self._guard:
            if not turn.came.is_set():
                self._waiting.remove(turn)
            return not turn.came.is_set()

    def _hand_over(self) -> None:
        with self._guard:
            self._owner = self._waiting.popleft() if self._waiting else None
            if self._owner is not None:
                self._owner.came.set()


@dataclass(eq=False, slots=True)
class _Turn:
    thread: int
    came: threading.Event = field(default_factory=threading.Event)


def begin_to_write(connection: sa.Connection, wait_seconds: float) -> None:
    """Takes the one writer of a SQLite file, which other processes want as well.

    SQLite itself sleeps for up to a tenth of a second between two looks. Beside a process that hands the file from one
    thread to the next somebody who sleeps so long finds it taken again and again.
    """
    raw: Any = connection.connection.driver_connection
    give_up_at = time.monotonic() + wait_seconds
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while not _is_ours(raw):
            if time.monotonic() > give_up_at:
                raise TimeoutError
            time.sleep(LOOKED_AGAIN_AFTER_SECONDS)
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(wait_seconds * 1000)}")


def _is_ours(raw: sqlite3.Connection) -> bool:
    """Whether the writer could be taken; whatever else is wrong is said by the first statement that follows."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    return True
