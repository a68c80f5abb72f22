"""Serves an application on this machine from a thread of its own, so that connections can break on demand."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from integrations.sandbox.faults import Droppable

HOST = "127.0.0.1"
TICK_SECONDS = 1.0
LOOK_SECONDS = 0.005


class _PromptServer(uvicorn.Server):
    """Ends when it is told to: uvicorn itself looks ten times a second, and sleeps once more before it goes."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self) -> None:
        """From another thread."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        counter = 0
        while not await self.on_tick(counter):
            counter += 10  # of uvicorn's tenths: each tick renews the date that answers carry
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        for connection in [*self.server_state.connections]:
            connection.shutdown()
        await asyncio.sleep(0)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - they are uvicorn's own
                    await asyncio.sleep(LOOK_SECONDS)
                for server in self.servers:
                    await server.wait_closed()
        for task in self.server_state.tasks:
            task.cancel()


class RunningServer:
    """A uvicorn server; `port` is the one it got when 0 was asked for."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        # Named as TCP, for else asyncio doesn't send at once what is small, and each answer waits for 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
        self._server = _PromptServer(config)
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
        self._server.tell()
        self._thread.join(10)
        self._socket.close()
