"""One after the other, in the order of arrival."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


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
