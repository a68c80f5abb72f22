"""Who sends slowly is cut, before and after the head of a request; who sends as people do is not."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient

from bot.bolt import build_bolt
from bot.bootstrap.serving import TimedProtocol
from bot.web import Door, build_web

SECONDS = 1.0
SECRET = "5" * 32
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n"


class Quick(TimedProtocol):
    head_seconds = SECONDS


@pytest.fixture
def port() -> Iterator[int]:
    """The door with limits of a second."""
    bolt = build_bolt(WebClient(token="xoxb-made-up"), SECRET)
    web = build_web(
        Door(bolt, SignatureVerifier(SECRET), lambda _seconds: None),
        lambda: {"web": True},
        {},
        lambda _hint: None,
        body_seconds=SECONDS,
    )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(web, http=Quick, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=30)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    listening.listen()
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listening.close()


def answered(port: int, *parts: bytes) -> bytes:
    """All that comes back until the other side hangs up or a minute is over."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        for part in parts:
            line.sendall(part)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while part := line.recv(4096):
                found += part
        return found


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ((), b""),
        ((HEAD,), b""),
        ((HEAD, b"\r\nhalf a body"), b"HTTP/1.1 408"),
    ],
    ids=["says nothing", "half a head", "half a body"],
)
def test_a_slow_sender_is_cut(port: int, parts: tuple[bytes, ...], answer: bytes) -> None:
    """Neither holds a connection for longer than it is allowed to."""
    began = time.monotonic()
    found = answered(port, *parts)
    assert (found[:12], SECONDS / 2 < time.monotonic() - began < 20) == (answer, True)


def test_a_connection_stays_for_the_next_request(port: int) -> None:
    """A second request that comes after a while, but whole, is answered on the same connection."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.connect()
    ours = line.sock.getsockname()
    codes = []
    for pause in (0, 2 * SECONDS):
        time.sleep(pause)
        line.request("GET", "/health")
        answer = line.getresponse()
        answer.read()
        codes.append(answer.status)
    stayed = line.sock is not None and line.sock.getsockname() == ours
    line.close()
    assert (codes, stayed) == ([200, 200], True)
