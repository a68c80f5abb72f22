"""How the HTTP door is held open: who comes slowly is cut, and an end that was asked for comes within ten seconds.

Uvicorn bounds idle connections, but not the time that a request's headers may take; a body is bounded by `bot/web.py`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from integrations.http import answers

__all__ = ["answers", "leave_in_time", "serve"]

HEADER_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 5
MOST_CONNECTIONS: Final = 512
GRACE_SECONDS: Final = 4
LAST_SECONDS: Final = 7.0


class TimedProtocol(H11Protocol):
    """A connection that does not bring a whole request head in time is closed."""

    head_seconds = HEADER_SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base has it
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]  # None at first
            self._stop_waiting()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def serve(web: Starlette, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT. Lines of uvicorn go to our own handler."""
    # Uvicorn raises the signal that ended it once more; what follows here has to run all the same.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    _Server(
        uvicorn.Config(
            web,
            host=host,
            port=port,
            http=TimedProtocol,
            log_config=None,
            access_log=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=MOST_CONNECTIONS,
        )
    ).run()


class _Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        leave_in_time()
        super().handle_exit(sig, frame)


def leave_in_time() -> None:
    """From now on the process ends within seconds, whatever hangs: all that was promised is in the database."""
    timer = threading.Timer(LAST_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()
