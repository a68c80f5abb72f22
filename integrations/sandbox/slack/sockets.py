"""Socket Mode's other end: Slack hands envelopes over connections that the app opened (facts/slack.md 9.8).

An envelope goes to one of the connections, and is answered by its id within three seconds or counts as lost. A
connection is warned before it is closed, and an address that `apps.connections.open` gave is good for one of them.
"""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NoAnswer
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from integrations.sandbox.slack.workspace import Json

MOST_CONNECTIONS = 10


@dataclass
class _Line:
    """A connection, and who waits for an answer over it, by envelope."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    awaited: dict[str, Future[Json]] = field(default_factory=dict)


class Sockets:
    """The connections of one app."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._lines: list[_Line] = []

    @property
    def connected(self) -> int:
        return len(self._lines)

    def ticket(self) -> str:
        """What the address of a new connection ends in; empty where there are as many as Slack allows."""
        if len(self._lines) >= MOST_CONNECTIONS:
            return ""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        await socket.send_json({"type": "hello", "num_connections": len(self._lines) + 1})
        line = _Line(socket, asyncio.get_running_loop())
        self._lines.append(line)
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                answer = json.loads(await socket.receive_text())
                waiting = line.awaited.pop(str(answer.get("envelope_id")), None)
                if waiting:
                    waiting.set_result(answer.get("payload") or {})
        self._lines = [other for other in self._lines if other is not line]
        for lost in line.awaited.values():
            lost.cancel()

    def send(self, kind: str, payload: Json, *, seconds: float, attempt: int = 0, reason: str = "") -> Json | None:
        """The app's answer; None where there is no connection or it said nothing in time."""
        if not self._lines:
            return None
        line = random.choice(self._lines)  # noqa: S311 - as Slack does: one of them, and nobody says which
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answered: Future[Json] = Future()
        line.awaited[envelope_id] = answered
        try:
            asyncio.run_coroutine_threadsafe(line.socket.send_json(envelope), line.loop).result(seconds)
            return answered.result(seconds)
        except (NoAnswer, CancelledError, WebSocketDisconnect, RuntimeError):
            line.awaited.pop(envelope_id, None)
            return None

    def refresh(self) -> None:
        """Slack closes each connection now and then, with a word before."""
        self._close_all({"type": "disconnect", "reason": "refresh_requested"})

    def cut(self) -> None:
        """The network between them goes without a word."""
        self._close_all()

    def _close_all(self, word: Json | None = None) -> None:
        async def close(line: _Line) -> None:
            if word:
                await line.socket.send_json(word)
            if line.socket.application_state is WebSocketState.CONNECTED:
                await line.socket.close()

        for line in list(self._lines):
            with suppress(NoAnswer, RuntimeError):
                asyncio.run_coroutine_threadsafe(close(line), line.loop).result(5)
