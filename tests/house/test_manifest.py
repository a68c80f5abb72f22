from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import command_line
from bot.ids import Command, Shortcut
from rules.ports import Event


@pytest.fixture(scope="session")
def manifest(house: Path) -> dict[str, Any]:
    """Slack's copy of our names."""
    loaded: dict[str, Any] = yaml.safe_load((house / "manifest.yml").read_text())
    return loaded


def test_slack_offers_our_commands(manifest: dict[str, Any]) -> None:
    """Every command that can be typed is answered, and every one that we answer can be typed."""
    assert sorted(item["command"] for item in manifest["features"]["slash_commands"]) == sorted(Command)


def test_slack_turns_names_in_commands_into_ids(manifest: dict[str, Any]) -> None:
    """A channel in a command reaches us as the channel, whatever it is called."""
    assert {item["should_escape"] for item in manifest["features"]["slash_commands"]} == {True}


def test_slack_offers_our_shortcuts(manifest: dict[str, Any]) -> None:
    """Every shortcut in Slack's menus leads to a listener."""
    assert sorted(item["callback_id"] for item in manifest["features"]["shortcuts"]) == sorted(Shortcut)


def test_slack_tells_us_of_our_events(manifest: dict[str, Any]) -> None:
    """We hear of what we handle, and nothing arrives that nobody handles."""
    assert sorted(manifest["settings"]["event_subscriptions"]["bot_events"]) == sorted(Event)


def test_tokens_stay_as_pasted(manifest: dict[str, Any]) -> None:
    """A pasted token does not expire after twelve hours."""
    assert manifest["settings"]["token_rotation_enabled"] is False


def test_whatever_a_client_can_read_is_neutral(manifest: dict[str, Any]) -> None:
    """BR14: what a client in a shared channel can read of us speaks neither of flags nor of health."""
    shown = [*manifest["display_information"].values(), manifest["features"]["bot_user"]["display_name"]]
    telling = ("flag", "health", "risk", "difficult", "fire", "terminat", "offboard", "break", "end ")
    assert [(text, word) for text in shown for word in telling if word in str(text).lower()] == []


def test_over_socket_mode_the_app_is_the_same_without_an_address(house: Path) -> None:
    """What is pasted for an installation that nobody can reach from outside."""
    told = CliRunner().invoke(command_line(), ["manifest", "--socket"]).stdout
    loaded, ours = yaml.safe_load(told), yaml.safe_load((house / "manifest.yml").read_text())
    assert "http" not in told.replace("https://api.slack.com", "")
    assert loaded["settings"]["socket_mode_enabled"] is True
    assert loaded["oauth_config"] == ours["oauth_config"]
    assert [each["command"] for each in loaded["features"]["slash_commands"]] == [
        each["command"] for each in ours["features"]["slash_commands"]
    ]
