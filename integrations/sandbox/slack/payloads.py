"""The bodies of commands and interactions (facts 7.3)."""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.forms import state_values
from integrations.sandbox.slack.workspace import Channel, Json, Message, Person, View, Workspace


def command(workspace: Workspace, person: Person, name: str, text: str, channel: Channel) -> Json:
    entry = workspace.commands().get(name, {})
    return {
        "token": "verification-token",
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": escaped(workspace, text) if entry.get("should_escape") else text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.new_response_url(person.id, channel.id),
        "trigger_id": workspace.new_trigger(person.id),
    }


def shortcut(workspace: Workspace, person: Person, callback_id: str) -> Json:
    return {
        **_common(workspace, person, "shortcut"),
        "callback_id": callback_id,
        "action_ts": workspace.new_ts(),
        "trigger_id": workspace.new_trigger(person.id),
    }


def message_action(workspace: Workspace, person: Person, callback_id: str, said: Message) -> Json:
    channel = workspace.channels[said.channel_id]
    return {
        **_common(workspace, person, "message_action"),
        "callback_id": callback_id,
        "action_ts": workspace.new_ts(),
        "trigger_id": workspace.new_trigger(person.id),
        "message_ts": said.ts,
        "message": wire.message(workspace, said, with_metadata=True),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": workspace.new_response_url(person.id, channel.id),
    }


def message_click(workspace: Workspace, person: Person, said: Message, action: Json) -> Json:
    channel = workspace.channels[said.channel_id]
    payload = {
        **_common(workspace, person, "block_actions"),
        "trigger_id": workspace.new_trigger(person.id),
        "container": {
            "type": "message",
            "message_ts": said.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(said.visible_to),
        },
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state_values(said.blocks, {})},
        "response_url": workspace.new_response_url(person.id, channel.id, said.ts),
        "actions": [action],
    }
    if not said.visible_to:
        payload["message"] = wire.message(workspace, said, with_metadata=True)
    return payload


def view_click(workspace: Workspace, person: Person, shown: View, action: Json) -> Json:
    return {
        **_common(workspace, person, "block_actions"),
        "trigger_id": workspace.new_trigger(person.id),
        "container": {"type": "view", "view_id": shown.id},
        "view": with_state(workspace, shown),
        "actions": [action],
    }


def submission(workspace: Workspace, person: Person, shown: View) -> Json:
    return {
        **_common(workspace, person, "view_submission"),
        "trigger_id": workspace.new_trigger(person.id),
        "view": with_state(workspace, shown),
        "response_urls": [],
    }


def closing(workspace: Workspace, person: Person, shown: View, *, cleared: bool) -> Json:
    return {
        **_common(workspace, person, "view_closed"),
        "view": with_state(workspace, shown),
        "is_cleared": cleared,
    }


def suggestion(workspace: Workspace, person: Person, place: View | Message, names: tuple[str, str], typed: str) -> Json:
    """`names` are block_id and action_id of the select that asks for options."""
    payload = {
        **_common(workspace, person, "block_suggestion"),
        "block_id": names[0],
        "action_id": names[1],
        "value": typed,
    }
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return payload | {"container": container, "view": with_state(workspace, place)}
    container = {"type": "message", "message_ts": place.ts, "channel_id": place.channel_id}
    return payload | {"container": container, "channel": {"id": place.channel_id}}


def with_state(workspace: Workspace, shown: View) -> Json:
    """The view as Slack sends it, with what was entered so far."""
    return {
        **wire.view(workspace, shown),
        "state": {"values": state_values(shown.body["blocks"], shown.values)},
    }


def channel_name(channel: Channel) -> str:
    return {"public": channel.name, "private": "privategroup", "im": "directmessage"}.get(channel.kind, "mpdm")


def escaped(workspace: Workspace, text: str) -> str:
    """Slack's own escaping, and @names and #channels as entities."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = {person.name: person.id for person in workspace.people.values()}
    channels = {channel.name: channel.id for channel in workspace.channels.values() if channel.name}

    def person(match: re.Match[str]) -> str:
        name = match[1]
        return f"<@{people[name]}|{name}>" if name in people else match[0]

    def channel(match: re.Match[str]) -> str:
        name = match[1]
        return f"<#{channels[name]}|{name}>" if name in channels else match[0]

    plain = re.sub(r"(?<![\w<])@([\w.-]+)", person, plain)
    plain = re.sub(r"(?<![\w<&])#([\w-]+)", channel, plain)
    return re.sub(r"(?<![\w<|])(https?://[^\s<>]+)", r"<\1>", plain)


def _common(workspace: Workspace, person: Person, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": "verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
    }
