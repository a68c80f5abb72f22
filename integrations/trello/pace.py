"""Trello's limit of requests, kept by every thread of a process together."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from integrations.http import spread


class Pace:
    """At most `most` requests in any `seconds`; who comes too early waits, no longer than one window.

    Another process has a pace of its own: once Trello says that we are too many, all threads here let a window pass
    and a little more, so that two processes don't come back together.
    """

    def __init__(
        self,
        most: int,
        seconds: float = 10.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._sleep = sleep
        self._begun: deque[float] = deque()
        self._held_until = 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Returns when a request may go out."""
        while (wait := self.wait_for_room()) > 0:
            self._sleep(wait)

    def hold(self) -> None:
        """Trello refused one: nobody here asks for a whole window and a little more."""
        with self._lock:
            self._held_until = self._now() + spread(self._seconds).total_seconds()

    def wait_for_room(self) -> float:
        """Zero: a request may go out, and is counted. Else so many seconds are to be waited first."""
        with self._lock:
            now = self._now()
            while self._begun and self._begun[0] <= now - self._seconds:
                self._begun.popleft()
            if now < self._held_until:
                return self._held_until - now
            if len(self._begun) >= self._most:
                return self._begun[0] + self._seconds - now
            self._begun.append(now)
            return 0.0
