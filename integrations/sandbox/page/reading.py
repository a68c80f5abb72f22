"""What the page shows, as JSON: from one person's point of view, at one place."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs

from integrations.sandbox.page import outside
from integrations.sandbox.slack import payloads, wire
from integrations.sandbox.slack.deliveries import Delivery
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Channel, Json, Message, Person
from integrations.sandbox.story.script import SCENES
from integrations.sandbox.story.stage import ZONE, Stage
from integrations.sandbox.theatre import Theatre
from rules.health.catalogue import load_catalogue

MESSAGES_SHOWN = 200
REQUESTS_SHOWN = 60


def state(theatre: Theatre, person_id: str, view: str, place: str) -> Json:
    """The frame of the page, and under `shown` what stands in its middle."""
    stage = _stage(theatre)
    workspace = stage.world.slack.workspace
    with workspace.lock:
        screen = stage.world.slack.person(person_id) if person_id in workspace.people else stage.agency.olivia
        frame = {
            "run": theatre.run,
            "me": screen.who.id,
            "team": workspace.team_name,
            "team_id": workspace.team_id,
            "app": {"name": workspace.app_name, "user": workspace.bot_user_id},
            "people": [_person(stage, person) for person in workspace.people.values()],
            "channels": [_channel(theatre, screen, channel) for channel in _channels(stage, screen)],
            "commands": _commands(screen, stage),
            "shortcuts": _shortcuts(screen, stage),
            "catalogue": _emoji(),
            "dialogs": [payloads.with_state(workspace, each) for each in workspace.dialogs.get(screen.who.id, [])],
            "clock": _clock(stage),
            "story": _story(theatre, stage),
            "worker": stage.app.worker_lives,
            "held": stage.world.slack.deliveries.held if stage.world.slack.deliveries.holding else None,
        }
        return frame | {"shown": _shown(theatre, screen, view, place)}


def request(theatre: Theatre, number: int) -> Json | None:
    """One signed request in full."""
    log = _stage(theatre).world.slack.deliveries.log
    if not 0 <= number < len(log):
        return None
    sent = log[number]
    return _request(number, sent) | {
        "headers": dict(sent.headers),
        "body": _readable_body(sent),
        "answer": sent.ack.json() or sent.ack.body,
    }


def letter_file(theatre: Theatre, number: int) -> bytes | None:
    """A draft as a file that a mail program opens as unsent."""
    drafts = _stage(theatre).world.mailbox.drafts
    if not 0 <= number < len(drafts):
        return None
    draft = drafts[number]
    letter = EmailMessage()
    letter["X-Unsent"] = "1"
    letter["To"] = _one_line(draft.to)
    letter["Subject"] = _one_line(draft.subject)
    if draft.language:
        letter["Content-Language"] = _one_line(draft.language)
    letter.set_content(draft.body)
    return bytes(letter)


def unread(theatre: Theatre, screen: Screen, channel_id: str) -> int:
    """What others said to this person since they looked."""
    until = theatre.read_until.get((screen.who.id, channel_id), "")
    return sum(1 for said in screen.sees(channel_id) if said.ts > until and said.user_id != screen.who.id)


# --- the frame ---


def _stage(theatre: Theatre) -> Stage:
    if theatre.stage is None:
        raise LookupError("The app is still starting.")
    return theatre.stage


def _person(stage: Stage, person: Person) -> Json:
    workspace = stage.world.slack.workspace
    roles = {
        "app": person.is_bot,
        "client": person.team_id != workspace.team_id,
        "owner": person.is_owner,
        "guest": person.is_guest,
    }
    role = next((name for name, holds in roles.items() if holds), ROLES.get(person.name, "member"))
    return {"id": person.id, "name": person.name, "real_name": person.real_name, "role": role}


ROLES = {"amir": "account manager", "dana": "designer"}


def _channels(stage: Stage, screen: Screen) -> list[Channel]:
    workspace = stage.world.slack.workspace
    ours = screen.who.team_id == workspace.team_id
    if ours:
        workspace.direct_channel(screen.who.id)
    return [channel for channel in workspace.channels.values() if _is_listed(screen, channel)]


def _is_listed(screen: Screen, channel: Channel) -> bool:
    return screen.who.id in channel.members if channel.kind == "im" else screen.may_read(channel.id)


def _channel(theatre: Theatre, screen: Screen, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "shared": channel.externally_shared or channel.pending_shared,
        "archived": channel.archived,
        "members": list(channel.members),
        "member": screen.who.id in channel.members,
        "unread": unread(theatre, screen, channel.id),
    }


def _commands(screen: Screen, stage: Stage) -> list[Json]:
    if screen.who.team_id != stage.world.slack.workspace.team_id:
        return []
    found = stage.world.slack.workspace.commands().values()
    return [{"name": each["command"], "about": each["description"], "usage": each["usage_hint"]} for each in found]


def _shortcuts(screen: Screen, stage: Stage) -> Json:
    workspace = stage.world.slack.workspace
    if screen.who.team_id != workspace.team_id:
        return {"message": [], "global": []}
    kinds = ("message",) if screen.who.is_guest else ("message", "global")
    offered = {
        kind: [{"id": each["callback_id"], "name": each["name"]} for each in workspace.shortcuts(kind).values()]
        for kind in kinds
    }
    return {"message": [], "global": []} | offered


def _emoji() -> list[Json]:
    types = load_catalogue().types.values()
    return [{"name": each.emoji, "label": each.label, "side": each.side.value} for each in types if each.emoji]


def _clock(stage: Stage) -> Json:
    now = stage.world.now()
    offset = now - stage.world.clock.real()
    return {
        "now": now.isoformat(),
        "zone": str(ZONE),
        "moved": abs(offset) > timedelta(seconds=1),
    }


def _story(theatre: Theatre, stage: Stage) -> Json:
    telling = theatre.telling
    return {
        "ready": theatre.in_story,
        "told": stage.told,
        "captions": [scene.caption for scene in SCENES],
        "playing": stage.playing or bool(telling and telling.playing),
        "broken": bool(telling and telling.broken and not telling.playing),
        "failures": list(stage.failures),
    }


# --- the middle ---


def _shown(theatre: Theatre, screen: Screen, view: str, place: str) -> Json:
    stage = _stage(theatre)
    match view:
        case "channel":
            return _conversation(stage, screen, place)
        case "home":
            return {"home": screen.published_home}
        case "boards":
            return outside.boards(stage.world)
        case "mail":
            return outside.mail(stage.world)
        case "inspector":
            log = stage.world.slack.deliveries.log
            first = max(0, len(log) - REQUESTS_SHOWN)
            return {"requests": [_request(first + place, sent) for place, sent in enumerate(log[first:])][::-1]}
        case _:
            return {}


def _conversation(stage: Stage, screen: Screen, channel_id: str) -> Json:
    if channel_id not in stage.world.slack.workspace.channels:
        return {"messages": [], "missing": True}
    return {"messages": [_message(stage, said) for said in screen.sees(channel_id)[-MESSAGES_SHOWN:]]}


def _message(stage: Stage, said: Message) -> Json:
    workspace = stage.world.slack.workspace
    return {
        "channel": said.channel_id,
        "ts": said.ts,
        "user": said.user_id,
        "text": said.text,
        "blocks": said.blocks,
        "thread": said.thread_ts if said.thread_ts != said.ts else "",
        "private": bool(said.visible_to),
        "app": said.by_app,
        "edited": bool(said.edited_ts),
        "reactions": wire.reactions(said),
        "files": [
            {"url": f"/files/{each}/{workspace.files[each].name}", "alt": workspace.files[each].alt_text}
            for each in said.file_ids
        ],
    }


# --- the inspector ---


def _request(number: int, sent: Delivery) -> Json:
    return {
        "n": number,
        "kind": sent.kind,
        "about": _about(sent),
        "attempt": sent.attempt,
        "at": sent.at,
        "ms": round(sent.seconds * 1000),
        "status": sent.ack.status,
        "trouble": sent.ack.trouble,
    }


def _about(sent: Delivery) -> str:
    """What the request is, in a few words."""
    body = _readable_body(sent)
    match sent.kind:
        case "event_callback":
            return str(body.get("event", {}).get("type", ""))
        case "command":
            return f"{body.get('command', '')} {body.get('text', '')}".strip()
        case "block_actions":
            return ", ".join(str(action.get("action_id")) for action in body.get("actions", []))
        case "view_submission" | "view_closed":
            return str(body.get("view", {}).get("callback_id", ""))
        case _:
            return str(body.get("callback_id") or body.get("action_id") or "")


def _readable_body(sent: Delivery) -> Json:
    text = sent.body.decode()
    if sent.kind == "event_callback":
        found: Any = json.loads(text)
    else:
        fields = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        found = json.loads(fields["payload"]) if "payload" in fields else fields
    return dict(found)


def _one_line(text: str) -> str:
    return " ".join(text.split())
