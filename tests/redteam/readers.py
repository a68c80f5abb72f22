"""Who could read which canary: counted at the stand-ins, person by person, from all that left the app."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from integrations.sandbox.slack.deliveries import Delivery
from integrations.sandbox.slack.workspace import Channel, Message, Person, Workspace, everything_in
from integrations.sandbox.world import World

CANARY = re.compile(r"zq-[a-z]+-[a-z]+", re.IGNORECASE)
# Every call that the app makes is one of these: it is judged, as a message, file or dialog, or it says nothing.
JUDGED = re.compile(r"chat\.(?:postMessage|postEphemeral|update)|response_url|views\.\w+|files\.completeUploadExternal")
SILENT = re.compile(
    r"auth\.test|bots\.info|team\.info|emoji\.list|users\.\w+|chat\.(?:delete|getPermalink)|conversations\.\w+"
    r"|files\.(?:getUploadURLExternal|delete|info)|apps\.connections\.open"
)


def canary(place: str, part: str) -> str:
    """A word that stands nowhere else: where it came from, and what kind of thing it is."""
    return f"zq-{place}-{part}"


@dataclass
class Readers:
    """Keeps for each canary word the people who may read it; `look` reads what was said since the last time."""

    world: World
    allowed: dict[str, frozenset[str]] = field(default_factory=dict)
    read_by: dict[str, set[str]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    _calls: int = 0
    _sent: int = 0
    _judged: set[tuple[str, str, int, str]] = field(default_factory=set)
    _views: dict[str, str] = field(default_factory=dict)

    def plant(self, word: str, readers: frozenset[str]) -> str:
        self.allowed[word] = readers
        return word

    def look(self) -> None:
        """Messages, files, dialogs, Home tabs, acknowledgements, suggestions: each with whoever has it before them."""
        workspace = self.world.slack.workspace
        with workspace.lock:
            for message in [message for message in workspace.messages if message.by_app]:
                for reader in _readers_of(workspace, message):
                    self._judge_message(workspace, message, reader)
            calls, self._calls = self.world.slack.calls[self._calls :], len(self.world.slack.calls)
            sent, self._sent = (
                self.world.slack.deliveries.log[self._sent :],
                len(self.world.slack.deliveries.log),
            )
        for each in sent:
            self._judge_answer(each)
        self.leaks += [
            f"nobody judges {each.method}"
            for each in calls
            if not (JUDGED.fullmatch(each.method) or SILENT.fullmatch(each.method))
        ]
        for call in calls:
            if call.method.startswith("views.") and call.answer.get("ok"):
                self._judge_view(workspace, call.method, call.arguments, call.answer)

    def dismiss(self, person_id: str) -> None:
        """From now on nothing is meant for this person; whatever still stands before them counts."""
        self.allowed = {word: readers - {person_id} for word, readers in self.allowed.items()}
        self._judged.clear()

    def elsewhere(self) -> list[str]:
        """Canaries in tickets, cards, lists and letters, and whatever the stand-in itself counts."""
        return self.world.leaks(list(self.allowed))

    def _judge_message(self, workspace: Workspace, message: Message, reader: str) -> None:
        mark = (message.channel_id, message.ts, len(message.versions), reader)
        if mark in self._judged:
            return
        self._judged.add(mark)
        files = [workspace.files[each] for each in message.file_ids if each in workspace.files]
        words = [f"{file.name} {file.title} {file.alt_text} {file.content.decode(errors='ignore')}" for file in files]
        now = everything_in(message.text, message.blocks, message.attachments, message.metadata)
        self._judge(reader, f"a message in {message.channel_id}", " ".join([now, *words]))

    def _judge_view(
        self, workspace: Workspace, method: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> None:
        reader = str(arguments.get("user_id") or "")
        if trigger := workspace.triggers.get(str(arguments.get("trigger_id", ""))):
            reader = trigger.person_id
        shown = str((answer.get("view") or {}).get("id") or arguments.get("view_id") or "")
        reader = reader or self._views.get(shown, "")
        self._views[shown] = reader
        self._judge(reader, method, json.dumps(arguments.get("view"), ensure_ascii=False))

    def _may_read(self, reader: str, found: str) -> bool:
        """Long names are cut on their way; what is left of one counts as the whole."""
        if found in self.allowed:
            return reader in self.allowed[found]
        return any(word.startswith(found) and reader in readers for word, readers in self.allowed.items())

    def _judge_answer(self, sent: Delivery) -> None:
        payload = _payload(sent.body)
        reader = str(payload.get("user_id") or (payload.get("user") or {}).get("id", ""))
        if view := payload.get("view"):
            self._views[view["id"]] = reader
        self._judge(reader, f"the answer to a {sent.kind}", sent.ack.body)

    def _judge(self, reader: str, where: str, text: str) -> None:
        for word in {found.casefold() for found in CANARY.findall(text)}:
            self.read_by.setdefault(word, set()).add(reader)
            if not self._may_read(reader, word):
                self.leaks.append(f"{reader} read {word} in {where}")


def _readers_of(workspace: Workspace, message: Message) -> list[str]:
    if message.visible_to:
        return [message.visible_to]
    channel = workspace.channels[message.channel_id]
    return [person.id for person in workspace.people.values() if _may_read(workspace, channel, person)]


def _may_read(workspace: Workspace, channel: Channel, person: Person) -> bool:
    """Whoever is in it, whoever may join it, and everybody of a company that has it."""
    if person.is_bot or person.deleted:
        return False
    if channel.org_shared and person.team_id in channel.team_ids:
        return False  # a colleague of the same organisation: what stands there is meant for them too
    if person.id in channel.members:
        return True
    if person.team_id == workspace.team_id:
        return channel.kind == "public" and not person.is_guest
    return channel.externally_shared and person.team_id in channel.team_ids


def _payload(body: bytes) -> dict[str, Any]:
    """What somebody sent by a command, a click or a form; empty for events, which nobody sees answered."""
    if body.startswith(b"{"):  # an event, or whatever comes over Socket Mode
        told: dict[str, Any] = json.loads(body)
        return {} if told.get("type") == "event_callback" else told
    fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return dict(json.loads(fields["payload"])) if "payload" in fields else fields
