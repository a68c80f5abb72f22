"""Signed slash commands from a process of its own: `python -m tests.bench.load '{"url": ...}'` prints JSON.

Closed loop: each of `connections` sends its next request when it has its answer. Open loop: requests start at `rate`
a second whatever happens, and a latency counts from the moment at which its request was due.

Several loads take turns in short blocks, so that a noisy machine disturbs them alike: `paired`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.bench.measures import percentile
from tests.bench.slack_stub import PERSON, TEAM
from tests.clocks import real_now


@dataclass(frozen=True, kw_only=True)
class Load:
    """`texts` are typed in turn; `answered` must be in each answer (empty: the answer must be empty).

    Without a command they are typed into the select with the action id `select`, or said in events of a type.
    """

    port: int
    secret: str
    command: str = ""
    select: str = ""
    event: str = ""
    texts: tuple[str, ...]
    answered: str
    seconds: float
    connections: int = 16
    rate: float = 0.0
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class Served:
    """Latencies are in milliseconds."""

    requests: int
    failures: int
    per_second: float
    p50: float
    p99: float
    longest: float


class Connection:
    """HTTP/1.1 kept alive, just enough of it."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, number: int) -> bool:
        """Whether the answer is the expected one."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self._load.port)
        writer.write(signed(self._load, number))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        wanted = self._load.answered.encode()
        return head.startswith(b"http/1.1 200") and (wanted in body if wanted else not body)


def signed(load: Load, number: int) -> bytes:
    text = load.texts[number % len(load.texts)]
    if load.event:
        body, kind = json.dumps(_happened(load, text, number)).encode(), "application/json"
    else:
        body = urlencode(_command(load, text, number) if load.command else _typed(load, text)).encode()
        kind = "application/x-www-form-urlencoded"
    moment = str(int(real_now().timestamp()))
    signature = hmac.new(load.secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"X-Slack-Request-Timestamp: {moment}\r\nX-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _command(load: Load, text: str, number: int) -> dict[str, str]:
    return {
        "token": "legacy",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "C0BENCH",
        "channel_name": "bench",
        "user_id": PERSON,
        "user_name": "bench",
        "command": load.command,
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1/none",
        "trigger_id": f"{load.run}.{number}",
    }


def _typed(load: Load, text: str) -> dict[str, str]:
    """What Slack asks at each key that somebody presses in a select."""
    payload = {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": {"id": PERSON, "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "action_id": load.select,
        "block_id": "client",
        "value": text,
        "container": {"type": "view", "view_id": "V0BENCH"},
        "view": {"id": "V0BENCH", "type": "modal", "callback_id": "form_log_note"},
    }
    return {"payload": json.dumps(payload)}


def _happened(load: Load, text: str, number: int) -> dict[str, Any]:
    """A reaction with the emoji `text`, or a message that says so."""
    ts = f"1700000000.{number:06}"
    about = (
        {"user": PERSON, "reaction": text, "item": {"type": "message", "channel": "C0BENCH", "ts": ts}}
        if load.event == "reaction_added"
        else {"user": PERSON, "channel": "C0BENCH", "channel_type": "channel", "text": text, "ts": ts}
    )
    return {
        "token": "legacy",
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0BENCH",
        "event": {"type": load.event, "event_ts": ts, **about},
        "event_id": f"Ev{load.run}.{number}",
        "event_time": 1700000000,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0APP", "is_bot": True}],
    }


async def paired(loads: Sequence[Load], rounds: int, size: int) -> list[list[float]]:
    """The seconds that each load took for a block of `size` requests, round by round."""
    open_ones = [[Connection(load) for _ in range(load.connections)] for load in loads]
    found = []
    for turn in range(rounds):
        took = []
        for load, connections in zip(loads, open_ones, strict=True):
            numbers = iter(range(turn * size, (turn + 1) * size))
            began = time.perf_counter()
            held = await asyncio.gather(*(_sent(each, numbers) for each in connections))
            took.append(time.perf_counter() - began)
            if not all(held):
                raise RuntimeError(f"{load.command or load.event} was not answered as expected.")
        found.append(took)
    return found


async def _sent(connection: Connection, numbers: Iterator[int]) -> bool:
    return all([await connection.send(number) for number in numbers])


async def closed_loop(load: Load) -> Served:
    numbers = count()
    began = time.perf_counter()
    found = await asyncio.gather(*(_sender(load, numbers, began + load.seconds) for _ in range(load.connections)))
    return _summed([one for many in found for one in many], time.perf_counter() - began)


async def _sender(load: Load, numbers: Iterator[int], end: float) -> list[tuple[float, bool]]:
    connection, found = Connection(load), []
    while (sent := time.perf_counter()) < end:
        held = await connection.send(next(numbers))
        found.append((time.perf_counter() - sent, held))
    return found


async def open_loop(load: Load) -> Served:
    idle = [Connection(load) for _ in range(load.connections)]
    began = time.perf_counter()

    async def one(number: int) -> tuple[float, bool]:
        due = began + number / load.rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        connection = idle.pop() if idle else Connection(load)
        held = await connection.send(number)
        idle.append(connection)
        return time.perf_counter() - due, held

    found = await asyncio.gather(*(one(number) for number in range(int(load.rate * load.seconds))))
    return _summed(found, time.perf_counter() - began)


def _summed(found: list[tuple[float, bool]], seconds: float) -> Served:
    latencies = sorted(1000 * latency for latency, _ in found)
    return Served(
        requests=len(found),
        failures=sum(not held for _, held in found),
        per_second=len(found) / seconds,
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
        longest=latencies[-1],
    )


def _read(asked: dict[str, Any]) -> Load:
    return Load(**asked | {"texts": tuple(asked["texts"])})


def main() -> None:
    asked: dict[str, Any] = json.loads(sys.argv[1])
    if "loads" in asked:
        loads = [_read(each) for each in asked["loads"]]
        sys.stdout.write(json.dumps(asyncio.run(paired(loads, asked["rounds"], asked["size"]))))
        return
    load = _read(asked)
    served = asyncio.run(open_loop(load) if load.rate else closed_loop(load))
    sys.stdout.write(json.dumps(asdict(served)))


if __name__ == "__main__":
    main()
