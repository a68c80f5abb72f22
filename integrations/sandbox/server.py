"""Serves an application on this machine from a thread of its own, so that connections can break on demand."""

from __future__ import annotations

import socket
import threading
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from integrations.sandbox.faults import Droppable

HOST = "127.0.0.1"


class RunningServer:
    """A uvicorn server; `port` is the one it got when 0 was asked for."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, port))
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            Droppable(app),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            ws="wsproto",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> Self:
        """Connections are accepted from now on: the socket listens before the thread runs."""
        self._socket.listen(2048)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
