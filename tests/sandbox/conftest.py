"""A served Slack with a few people, and an app that answers what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.clock import FileClock, write_offset
from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.endpoints import application
from integrations.sandbox.slack.standin import SlackStandIn


@dataclass
class ScriptedApp:
    """`replies` are (status, body, seconds to wait), taken in order; afterwards an empty 200."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    replies: list[tuple[int, Any, float]] = field(default_factory=list)
    react: Callable[[dict[str, Any]], None] | None = None

    def reply(self, body: Any = "", status: int = 200, wait: float = 0.0) -> None:
        self.replies.append((status, body, wait))

    async def receive(self, request: Request) -> Response:
        raw = await request.body()
        read = _read(request.headers.get("content-type", ""), raw)
        self.requests.append({"headers": dict(request.headers), "raw": raw, "body": read})
        status, body, wait = self.replies.pop(0) if self.replies else (200, "", 0.0)
        if self.react:
            await asyncio.to_thread(self.react, read)
        await asyncio.sleep(wait)
        text = body if isinstance(body, str) else json.dumps(body)
        return Response(text, status, media_type="text/plain" if isinstance(body, str) else "application/json")


def _read(kind: str, raw: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        return dict(json.loads(raw))
    form = {name: values[0] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else form


class Stage:
    """A served address at which each test plays its own application: starting a server anew takes too long."""

    def __init__(self) -> None:
        self.plays: ASGIApp = Starlette()
        self.server = RunningServer(self).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.plays(scope, receive, send)


@pytest.fixture(scope="session")
def stages() -> Iterator[tuple[Stage, Stage]]:
    """One for Slack and one for the app."""
    both = Stage(), Stage()
    yield both
    for stage in both:
        stage.server.stop()


@pytest.fixture
def app() -> ScriptedApp:
    return ScriptedApp()


@pytest.fixture
def slack(app: ScriptedApp, stages: tuple[Stage, Stage], tmp_path: Path, starts_at: datetime) -> Iterator[SlackStandIn]:
    """Anna and Ben are ours, Gus is a guest, Cleo is the client's; she shares one channel with us.

    The app is not told of messages: a test that is about them subscribes.
    """
    clock = FileClock(tmp_path / "clock")
    write_offset(tmp_path / "clock", starts_at - clock.real())
    standin = SlackStandIn(now=clock.now, retry_waits=(0.0, 0.01, 0.01))
    events = standin.workspace.manifest["settings"]["event_subscriptions"]["bot_events"]
    events[:] = [each for each in events if not each.startswith("message.")]
    standin.add_person("U0ANNA0001", "anna", is_admin=True)
    standin.add_person("U0BEN00001", "ben")
    standin.add_person("U0GUS00001", "gus", is_guest=True)
    standin.add_person("U0CLEO0001", "cleo", team_id="T0CLIENT01")
    standin.add_channel("C0PUBLIC01", "general", ["U0ANNA0001", "U0BEN00001"])
    standin.add_channel("C0PRIVATE1", "secrets", ["U0ANNA0001"], kind="private")
    standin.add_channel("C0ELSEWHER", "elsewhere", ["U0ANNA0001"], bot=False)
    standin.add_channel("C0HIDDEN01", "hidden", ["U0ANNA0001"], kind="private", bot=False)
    standin.add_channel("C0GUESTS01", "guests", ["U0ANNA0001", "U0GUS00001"])
    shared = standin.add_channel("C0SHARED01", "with-client", ["U0ANNA0001", "U0CLEO0001"])
    shared.externally_shared = True
    world, receiver = stages
    world.plays = application(standin)
    receiver.plays = Starlette(routes=[Route("/slack/events", app.receive, methods=["POST"])])
    standin.workspace.public_url = world.server.url
    standin.deliveries.target_url = f"{receiver.server.url}/slack/events"
    yield standin
    standin.stop()


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    """Slack's own SDK, pointed at the stand-in."""
    return WebClient(slack.workspace.bot_token, base_url=f"{slack.workspace.public_url}/api/")
