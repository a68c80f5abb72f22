"""No word of anybody reaches a log: asked of the real process, in both forms, at both levels (design, promise 1)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from integrations.sandbox.agency import AMIR, BIRCH, Agency
from integrations.sandbox.slack.deliveries import signature
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS, real_now

CANARY = "zanzibar"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DEEP = b'{"a":' * 4000 + b"1" + b"}" * 4000


@dataclass
class Process:
    """`amicable run` as an operator starts it; `lines` are those of its standard error."""

    world: World
    url: str
    running: subprocess.Popen[bytes]
    log: Path

    def send(self, body: bytes, kind: str = FORM, **headers: str) -> int:
        signed = signature(self.world.slack.workspace.signing_secret, int(real_now().timestamp()), body)
        with requests.Session() as session:
            session.trust_env = False
            asked = {"Content-Type": kind, **signed, **headers}
            return session.post(f"{self.url}/slack/events", data=body, headers=asked, timeout=30).status_code

    def stop(self) -> float:
        """Seconds from SIGTERM to the end."""
        began = time.monotonic()
        self.running.send_signal(signal.SIGTERM)
        self.running.wait(30)
        return time.monotonic() - began

    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture(params=[("INFO", "json"), ("DEBUG", "text"), ("DEBUG", "json")], ids="-".join)
def process(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, starts_at: datetime) -> Iterator[Process]:
    level, form = request.param
    world = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
    world.serve()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    settings = {"DATABASE_URL": sqlite_url, "LOG_LEVEL": level, "LOG_FORMAT": form, "WEB__PORT": str(port)}
    named = {f"AMICABLE_{name}": value for name, value in settings.items()}
    log = tmp_path / "log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env={**os.environ, **world.app_environment(), **named},
            stderr=out,
            stdout=out,
        )
    made = Process(world=world, url=f"http://127.0.0.1:{port}", running=running, log=log)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and running.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{made.url}/ready", timeout=10).status_code == requests.codes.ok:
                break
        time.sleep(0.2)
    world.slack.deliveries.target_url = f"{made.url}/slack/events"
    yield made
    running.kill()
    running.wait()
    world.stop()


def command(**fields: str) -> bytes:
    return urlencode({"command": "/redflag", "user_id": AMIR, "channel_id": BIRCH, **fields}).encode()


def test_no_word_of_a_request_reaches_the_log_of_the_real_process(process: Process) -> None:
    """Refused, unreadable, malformed, well: commands, events, forms and reactions with a canary in each."""
    team = process.world.slack.workspace.team_id
    private = f"https://hooks.slack.com/commands/{CANARY}"
    told = command(team_id=team, text=f"{CANARY} paid late", response_url=private, token=CANARY)
    event = {"type": "event_callback", "team_id": team, "event_id": f"Ev{CANARY}"}
    message = {"type": "message", "channel": BIRCH, "user": AMIR, "text": CANARY, "ts": "1.2"}
    clicked = {"type": "block_actions", "user": CANARY, "team": None, "actions": [CANARY], "response_url": private}
    codes = [
        process.send(told, **{"X-Slack-Signature": "v0=" + "0" * 64}),
        process.send(told, **{"X-Slack-Signature": "v0=é".encode().decode("latin-1")}),
        process.send(told, **{"X-Slack-Request-Timestamp": "9" * 5000}),
        process.send(json.dumps({**event, "event": message}).encode(), JSON),
        process.send(json.dumps({**event, "event": CANARY}).encode(), JSON),
        process.send(urlencode({"payload": json.dumps(clicked)}).encode()),
        process.send(urlencode({"payload": f'{{"{CANARY}"'}).encode()),
        process.send(DEEP.replace(b"1", f'"{CANARY}"'.encode()), JSON),
        process.send(json.dumps({"type": "app_rate_limited", "team_id": team, "api_app_id": CANARY}).encode(), JSON),
        process.send(json.dumps([CANARY]).encode(), JSON),
    ]
    agency = Agency(process.world)
    agency.amir.command("/redflag", f"Birch & Barrow {CANARY} paid three weeks late", channel=BIRCH)
    process.world.slack.settle()
    seconds = process.stop()
    lines = process.lines()

    assert codes[:3] == [401, 401, 401]
    assert set(codes) <= {200, 400, 401}, (codes, lines)
    assert [line for line in lines if CANARY in line or "Traceback" in line or line.startswith(" ")] == []
    assert any("signature_refused" in line for line in lines)
    assert seconds < 20  # ten on a quiet machine
    if any(line.startswith("{") for line in lines):
        assert {type(json.loads(line)) for line in lines} == {dict}
