"""What goes wrong on the wire, on demand: by the next call, or by a seeded chance.

`Faulty` wraps a stand-in's application. A lost request or answer really closes the TCP connection.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HANG_UP = "amicable.hang_up"


class Fault(StrEnum):
    """The ways in which a call fails."""

    RATE_LIMIT = "rate_limit"
    """Refused with 429 and Retry-After; nothing happens."""

    LOSE_REQUEST = "lose_request"
    """The connection breaks before anything happens."""

    LOSE_ANSWER = "lose_answer"
    """The call is carried out, then the connection breaks without an answer."""

    SLOW = "slow"
    """Carried out after `Faults.delay` seconds."""

    LATE = "late"
    """The connection breaks, and the call is carried out all the same, `Faults.late` seconds later."""

    SERVER_ERROR = "server_error"
    """500; nothing happens."""


@dataclass(slots=True)
class _Ordered:
    fault: Fault
    method: str
    path: str
    times: int


class Faults:
    """Which calls go wrong. Shared between the server's thread and whoever orders faults."""

    def __init__(self, seed: int = 0, *, retry_after: int = 1, delay: float = 1.0) -> None:
        self.retry_after = retry_after
        self.delay = delay
        self.late = 2.0
        self.happened: Counter[Fault] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - repeatable chaos, not cryptography
        self._ordered: list[_Ordered] = []
        self._chances: dict[Fault, tuple[float, str]] = {}
        self._cleared = 0
        self._lock = threading.Lock()

    def next(self, fault: Fault, *, method: str = "", path: str = "", times: int = 1) -> None:
        """The next `times` calls whose method is `method` and whose path holds `path` (blank: any) fail so."""
        with self._lock:
            self._ordered.append(_Ordered(fault, method, path, times))

    def sometimes(self, fault: Fault, probability: float, *, method: str = "") -> None:
        """From now on each call (of this method) fails so with this probability; 0 ends it."""
        with self._lock:
            self._chances[fault] = (probability, method)

    def clear(self) -> None:
        """Everything works again; `happened` is kept."""
        with self._lock:
            self._ordered.clear()
            self._chances.clear()
            self._cleared += 1

    async def pass_time(self) -> None:
        """So long a slow call takes, or until everything works again."""
        ends = time.monotonic() + self.delay
        known = self._cleared
        while time.monotonic() < ends and known == self._cleared:  # noqa: ASYNC110 - cleared by another thread
            await asyncio.sleep(min(0.05, self.delay))

    def take(self, method: str, path: str) -> Fault | None:
        """What happens to this call."""
        with self._lock:
            fault = self._ordered_for(method, path) or self._by_chance(method)
            if fault:
                self.happened[fault] += 1
            return fault

    def _ordered_for(self, method: str, path: str) -> Fault | None:
        for order in self._ordered:
            if order.method in {"", method} and order.path in path:
                order.times -= 1
                if not order.times:
                    self._ordered.remove(order)
                return order.fault
        return None

    def _by_chance(self, method: str) -> Fault | None:
        for fault, (probability, only) in self._chances.items():
            if only in {"", method} and self._random.random() < probability:
                return fault
        return None


class Droppable:
    """The outermost application on a uvicorn server: lets what is inside break the caller's connection.

    ASGI has no word for it, so the transport is taken from uvicorn's own `send` (seen in 0.54, h11 and httptools).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[HANG_UP] = transport.abort
        await self._app(scope, receive, send)


Refuse = Callable[[Faults], Response]


def plain_rate_limit(faults: Faults) -> Response:
    """429 as most services give it."""
    return JSONResponse({"error": "rate limited"}, 429, {"Retry-After": str(faults.retry_after)})


class Faulty:
    """An application in which some calls go wrong; `rate_limit` words its service's 429."""

    def __init__(self, app: ASGIApp, faults: Faults, rate_limit: Refuse = plain_rate_limit) -> None:
        self._app = app
        self._faults = faults
        self._rate_limit = rate_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.take(scope["method"], scope["path"]) if scope["type"] == "http" else None
        match fault:
            case Fault.RATE_LIMIT:
                await _answer(self._rate_limit(self._faults), scope, receive, send)
            case Fault.SERVER_ERROR:
                await _answer(JSONResponse({"error": "internal"}, 500), scope, receive, send)
            case Fault.LOSE_REQUEST:
                await _hang_up(scope, receive)
            case Fault.LOSE_ANSWER:
                await self._app(scope, receive, _into_the_void)
                await _hang_up(scope, receive)
            case Fault.LATE:
                await self._carry_out_late(scope, receive)
            case Fault.SLOW:
                await self._faults.pass_time()
                await self._app(scope, receive, send)
            case None:
                await self._app(scope, receive, send)

    async def _carry_out_late(self, scope: Scope, receive: Receive) -> None:
        """As behind a proxy that gave up waiting (facts/trackers.md 8.9)."""
        body = await Request(scope, receive).body()
        await _hang_up(scope, receive)
        await asyncio.sleep(self._faults.late)

        async def again() -> Message:
            return {"type": "http.request", "body": body}

        await self._app(scope, again, _into_the_void)


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await response(scope, receive, send)


async def _into_the_void(message: Message) -> None:
    del message


async def _hang_up(scope: Scope, receive: Receive) -> None:
    hang_up = scope.get(HANG_UP)
    if hang_up is None:
        raise RuntimeError("Wrap the served application in Droppable: a lost call has to break its connection.")
    hang_up()
    while (await receive())["type"] != "http.disconnect":
        pass
