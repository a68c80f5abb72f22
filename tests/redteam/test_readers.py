"""The count itself: a leak of any kind is seen, and named with its reader."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient

from integrations.sandbox.agency import CARLA, GENERAL, GUS, SHARED, Agency
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS
from tests.redteam.readers import Readers, canary

WORD = canary("public", "note")
HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": WORD}}]}


@pytest.mark.parametrize(
    ("method", "arguments", "readers"),
    [
        ("chat.postMessage", {"channel": SHARED, "text": WORD}, {CARLA}),
        ("chat.postMessage", {"channel": GENERAL, "text": WORD}, set()),
        ("chat.postMessage", {"channel": GUS, "text": "x", "blocks": HOME["blocks"]}, {GUS}),
        (
            "chat.postEphemeral",
            {"channel": SHARED, "user": CARLA, "text": "x", "attachments": [{"text": WORD}]},
            {CARLA},
        ),
        ("views.publish", {"user_id": GUS, "view": HOME}, {GUS}),
    ],
)
def test_a_leak_is_counted_with_its_reader(
    tmp_path: Path, starts_at: datetime, method: str, arguments: dict[str, object], readers: set[str]
) -> None:
    """Shared channels, direct messages, private replies and Home, whatever part of the message holds the word."""
    world = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
    world.serve()
    Agency(world)
    counted = Readers(world)
    counted.plant(WORD, frozenset({"U0OLIVIA", "U0AMIR", "U0DANA"}))
    slack = WebClient(token=world.slack.workspace.bot_token, base_url=f"{world.url}/api/")
    slack.api_call(method, json=arguments)
    counted.look()
    world.stop()

    assert {leak.split(" ", 1)[0] for leak in counted.leaks} == readers
