"""Canary words that a client could see are counted, wherever they stand; others are not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from integrations.sandbox.slack.standin import SlackStandIn
from integrations.sandbox.trello.board import Card
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS

HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "CANARY"}}]}


def say(channel: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "chat.postMessage", {"channel": channel, "text": "about canary", **more}


@pytest.mark.parametrize(
    ("call", "leaks"),
    [
        (say("C0PUBLIC01"), 0),
        (say("C0PRIVATE1"), 0),
        (say("U0ANNA0001"), 0),
        (say("C0SHARED01"), 1),
        (say("C0GUESTS01"), 1),
        (say("U0CLEO0001"), 1),
        (say("U0GUS00001"), 1),
        (("chat.postEphemeral", {"channel": "C0SHARED01", "user": "U0ANNA0001", "text": "canary"}), 0),
        (("chat.postEphemeral", {"channel": "C0SHARED01", "user": "U0CLEO0001", "text": "canary"}), 1),
        (("views.publish", {"user_id": "U0ANNA0001", "view": HOME}), 0),
        (("views.publish", {"user_id": "U0GUS00001", "view": HOME}), 1),
        (
            (
                "chat.postMessage",
                {
                    "channel": "C0SHARED01",
                    "text": "x",
                    "metadata": {"event_type": "e", "event_payload": {"note": "canary"}},
                },
            ),
            1,
        ),
    ],
)
def test_a_canary_counts_where_a_client_reads(slack: SlackStandIn, call: tuple[str, Any], leaks: int) -> None:
    """Shared channels, channels with guests, their direct messages, private replies and Home."""
    assert slack.api(call[0], **call[1])["ok"] is True
    assert len(slack.leaks(["CANARY"])) == leaks


def test_a_deleted_leak_is_still_a_leak(slack: SlackStandIn, client: WebClient) -> None:
    """Somebody has read it already."""
    ts = str(client.chat_postMessage(channel="C0SHARED01", text="canary")["ts"])
    client.chat_update(channel="C0SHARED01", ts=ts, text="nothing")
    client.chat_delete(channel="C0SHARED01", ts=ts)
    assert len(slack.leaks(["canary"])) == 1


def test_old_words_leak_when_a_channel_is_shared(slack: SlackStandIn, client: WebClient) -> None:
    """What was internal until now is read by the newcomers, unless it is deleted."""
    ts = str(client.chat_postMessage(channel="C0PUBLIC01", text="canary")["ts"])
    slack.share("C0PUBLIC01")
    before = len(slack.leaks(["canary"]))
    client.chat_delete(channel="C0PUBLIC01", ts=ts)
    assert (before, len(slack.leaks(["canary"]))) == (1, 0)


def test_a_contractor_is_ours(slack: SlackStandIn, client: WebClient) -> None:
    """A guest whom an administrator named may read on."""
    slack.workspace.people["U0GUS00001"].is_contractor = True
    client.chat_postMessage(channel="C0GUESTS01", text="canary")
    assert slack.leaks(["canary"]) == []


def test_the_words_of_people_are_no_leaks_of_ours(slack: SlackStandIn) -> None:
    """Only what the app says counts."""
    slack.person("U0ANNA0001").say("C0SHARED01", "canary")
    assert slack.leaks(["canary"]) == []


def test_tickets_and_letters_carry_no_canary(tmp_path: Path, starts_at: datetime) -> None:
    """A canary in a tracker or in a letter counts as well."""
    world = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
    board = world.trello.board
    board.cards["1"] = Card(id="1", short=1, list_id="l", name="Return keys", desc="canary")
    world.mailbox.open_link("mailto:cleo@client.example?subject=Thank%20you&body=canary")
    assert world.leaks(["canary"]) == ["canary in card 1", "canary in letter to cleo@client.example"]
