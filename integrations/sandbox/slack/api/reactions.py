"""reactions.*: emoji under messages."""

from __future__ import annotations

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.chat import known_channel
from integrations.sandbox.slack.workspace import Json, Message, SlackError, Workspace


def add(workspace: Workspace, args: Arguments) -> Json:
    said = _said(workspace, args)
    put(workspace, said, workspace.bot_user_id, args.need("name"))
    return {}


def remove(workspace: Workspace, args: Arguments) -> Json:
    said = _said(workspace, args)
    take_off(workspace, said, workspace.bot_user_id, args.need("name"))
    return {}


def get(workspace: Workspace, args: Arguments) -> Json:
    said = _said(workspace, args)
    return {"type": "message", "channel": said.channel_id, "message": wire.message(workspace, said)}


def put(workspace: Workspace, said: Message, person_id: str, name: str) -> None:
    with workspace.changed:
        people = said.reactions.setdefault(name, [])
        if person_id in people:
            raise SlackError("already_reacted")
        people.append(person_id)
        workspace.changed.notify_all()
    workspace.emit(_event(workspace, said, "reaction_added", person_id, name))


def take_off(workspace: Workspace, said: Message, person_id: str, name: str) -> None:
    with workspace.changed:
        people = said.reactions.get(name, [])
        if person_id not in people:
            raise SlackError("no_reaction")
        people.remove(person_id)
        if not people:
            del said.reactions[name]
        workspace.changed.notify_all()
    workspace.emit(_event(workspace, said, "reaction_removed", person_id, name))


def _event(workspace: Workspace, said: Message, kind: str, person_id: str, name: str) -> Json:
    return {
        "type": kind,
        "user": person_id,
        "reaction": name,
        "item": {"type": "message", "channel": said.channel_id, "ts": said.ts},
        "item_user": said.user_id,
        "event_ts": workspace.new_ts(),
    }


def _said(workspace: Workspace, args: Arguments) -> Message:
    channel = known_channel(workspace, args.need("channel"))
    said = workspace.message(channel.id, args.need("timestamp"))
    if said is None or said.visible_to:
        raise SlackError("message_not_found")
    return said
