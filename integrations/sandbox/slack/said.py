"""The events about messages: said, changed, deleted (facts 7.3). Private replies are nobody's event."""

from __future__ import annotations

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.workspace import Channel, Json, Message, Workspace

CHANNEL_TYPES = {"public": "channel", "private": "group"}


def tell_said(workspace: Workspace, said: Message) -> None:
    if not said.visible_to:
        place = _place(workspace.channels[said.channel_id])
        workspace.emit({**wire.message(workspace, said), **place, "event_ts": said.ts})


def tell_changed(workspace: Workspace, said: Message, before: Json) -> None:
    """`before` is the message as the wire had it."""
    if not said.visible_to:
        ts = workspace.new_ts()
        event = {"message": wire.message(workspace, said), "previous_message": before}
        workspace.emit(_hidden(workspace, said, "message_changed", ts) | event)


def tell_deleted(workspace: Workspace, said: Message, before: Json) -> None:
    if not said.visible_to:
        ts = workspace.new_ts()
        event = {"deleted_ts": said.ts, "previous_message": before}
        workspace.emit(_hidden(workspace, said, "message_deleted", ts) | event)


def _hidden(workspace: Workspace, said: Message, subtype: str, ts: str) -> Json:
    place = _place(workspace.channels[said.channel_id])
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **place}


def _place(channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": CHANNEL_TYPES.get(channel.kind, channel.kind)}
