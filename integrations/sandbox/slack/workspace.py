"""What a Slack workspace holds: people, conversations, messages, open dialogs, Home tabs, files, triggers."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

READABLE = ("text", "title", "subtitle", "body", "label", "hint", "alt_text", "caption", "fallback", "initial_value")
TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5
READS_WITHIN = timedelta(minutes=1)


class SlackError(Exception):
    """A refusal of the Web API: `code` is Slack's `error`, `details` are further fields of the answer."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(kw_only=True)
class Person:
    """Somebody who uses Slack. `is_contractor` is our own knowledge, for counting leaks: Slack knows just guests.

    Whoever is `hidden` is of another team and not shown to us: `user_not_visible` (facts/slack.md 9.2).
    """

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    timezone: str = "Europe/Berlin"
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_bot: bool = False
    is_contractor: bool = False
    hidden: bool = False
    deleted: bool = False


@dataclass(kw_only=True)
class Channel:
    """A conversation. `members` keeps the order of joining."""

    id: str
    name: str
    kind: Kind = "public"
    members: list[str] = field(default_factory=list)
    created: int = 0
    archived: bool = False
    externally_shared: bool = False
    pending_shared: bool = False
    org_shared: bool = False
    team_ids: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Message:
    """A message, or a private reply when `visible_to` names a person. `versions` holds all that was ever readable."""

    channel_id: str
    ts: str
    user_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str = ""
    visible_to: str = ""
    by_app: bool = False
    edited_ts: str = ""
    client_msg_id: str = ""
    file_ids: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class View:
    """An open dialog or a Home tab. `values` is what the person entered: block_id -> action_id -> state."""

    id: str
    person_id: str
    body: Json
    hash: str
    root_id: str = ""
    previous_id: str = ""
    values: dict[str, dict[str, Json]] = field(default_factory=dict)


@dataclass(kw_only=True)
class StoredFile:
    """An upload. Nobody sees it before it is completed into a conversation.

    `usable_at` is real time: until then Slack looks into it, and no block may show it.
    """

    id: str
    name: str
    alt_text: str = ""
    title: str = ""
    content: bytes = b""
    channel_ids: list[str] = field(default_factory=list)
    completed: bool = False
    usable_at: float = 0.0


@dataclass
class Trigger:
    """Permission to open one dialog, for three seconds of real time."""

    person_id: str
    issued_at: float
    used: bool = False


@dataclass(kw_only=True)
class ResponseUrl:
    """A place to reply to for half an hour, five times."""

    person_id: str
    channel_id: str
    issued_at: float
    message_ts: str = ""
    uses: int = 0


def product_now() -> datetime:
    return datetime.now(UTC)


def unheard(event: Json) -> None:
    """Where events go while nobody is there to deliver them."""
    del event


@dataclass(kw_only=True)
class Workspace:
    """All state of one team. Hold `lock` while reading more than one thing; `changed` is notified after each write.

    `apps` are the manifests of the team's apps by id; `manifest` is the one with which ours was installed last.
    `refused_scopes` are optional ones that whoever installed it did not grant.
    `is_enterprise`: it was installed for a whole organisation. `hides_scopes`: a proxy takes Slack's headers away.
    `config_token` makes and changes apps, and is that person's own.
    `trigger_seconds` is how long a dialog may be opened after a click.
    `reads_a_minute` is the limit that Slack sets on the history for apps outside its Marketplace; 0 is none.
    """

    team_id: str = "T0AGENCY01"
    team_name: str = "Good Agency"
    domain: str = "good-agency"
    app_id: str = "A0AMICABLE"
    app_name: str = "Amicable"
    bot_id: str = "B0AMICABLE1"
    bot_user_id: str = "U0AMICABLE"
    bot_token: str = "xoxb-sandbox-amicable"
    app_token: str = "xapp-1-A0SANDBOX-1-5a4db0c5"
    config_token: str = "xoxe.xoxp-1-sandbox-olivia"
    config_user_id: str = "U0OLIVIA"
    signing_secret: str = "5a4db0c55a4db0c55a4db0c55a4db0c5"
    public_url: str = "http://127.0.0.1:8030"
    manifest: Json = field(default_factory=dict)
    apps: dict[str, Json] = field(default_factory=dict)
    refused_scopes: set[str] = field(default_factory=set)
    now: Callable[[], datetime] = product_now
    real: Callable[[], float] = time.time
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    dialogs: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    installed: bool = True
    is_enterprise: bool = False
    hides_scopes: bool = False
    trigger_seconds: float = TRIGGER_SECONDS
    reads_a_minute: int = 0
    reads: dict[str, list[datetime]] = field(default_factory=dict)
    unknown_blocks: set[str] = field(default_factory=set)
    custom_emoji: dict[str, str] = field(default_factory=dict)
    exposures: list[tuple[str, str]] = field(default_factory=list)
    emit: Callable[[Json], None] = unheard
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: threading.Condition = field(init=False)
    _last_ts: int = 0
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self.apps.setdefault(self.app_id, self.manifest)
        self.people[self.bot_user_id] = Person(
            id=self.bot_user_id, name="amicable", real_name=self.app_name, team_id=self.team_id, is_bot=True
        )

    # --- the manifest ---

    @property
    def scopes(self) -> frozenset[str]:
        """What the token may do: what was asked for, without the optional ones that were refused."""
        scopes = self.manifest.get("oauth_config", {}).get("scopes", {})
        return frozenset(scopes.get("bot", [])) - (self.refused_scopes & set(scopes.get("bot_optional", [])))

    @property
    def subscribed_events(self) -> frozenset[str]:
        return frozenset(self.manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", []))

    def commands(self) -> dict[str, Json]:
        return {entry["command"]: entry for entry in self.manifest.get("features", {}).get("slash_commands", [])}

    def shortcuts(self, kind: str) -> dict[str, Json]:
        found = self.manifest.get("features", {}).get("shortcuts", [])
        return {entry["callback_id"]: entry for entry in found if entry["type"] == kind}

    # --- names and times ---

    def new_id(self, prefix: str) -> str:
        with self.lock:
            self._numbers += 1
            return f"{prefix}{self._numbers:09d}"

    def new_ts(self) -> str:
        """A message timestamp in product time; never the same twice."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.now().timestamp() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        return f"{int(self.real())}.{secrets.token_hex(4)}"

    def new_trigger(self, person_id: str) -> str:
        trigger_id = f"{self.new_id('')}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        with self.lock:
            self.triggers[trigger_id] = Trigger(person_id, self.real())
        return trigger_id

    def spend_trigger(self, trigger_id: str) -> str:
        """The person who may now be shown a dialog."""
        with self.lock:
            trigger = self.triggers.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self.real() - trigger.issued_at > self.trigger_seconds:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.person_id

    def new_response_url(self, person_id: str, channel_id: str, message_ts: str = "") -> str:
        key = secrets.token_hex(12)
        with self.lock:
            self.response_urls[key] = ResponseUrl(
                person_id=person_id, channel_id=channel_id, issued_at=self.real(), message_ts=message_ts
            )
        return f"{self.public_url}/response/{key}"

    def count_read(self, method: str) -> None:
        """Refuses the call when the limit on reading is used up; minutes are the product's."""
        now = self.now()
        with self.lock:
            recent = [at for at in self.reads.get(method, []) if now - at < READS_WITHIN]
            if self.reads_a_minute and len(recent) >= self.reads_a_minute:
                raise SlackError("ratelimited")
            self.reads[method] = [*recent, now]

    # --- looking things up ---

    def person(self, person_id: str) -> Person:
        found = self.people.get(person_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, channel_id: str, ts: str) -> Message | None:
        with self.lock:
            found = (m for m in self.messages if m.channel_id == channel_id and m.ts == ts)
            return next(found, None)

    def in_channel(self, channel_id: str) -> list[Message]:
        with self.lock:
            return [m for m in self.messages if m.channel_id == channel_id]

    def direct_channel(self, person_id: str) -> Channel:
        """The conversation of the bot and this person; opened when it is not yet there."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and person_id in channel.members:
                    return channel
            members = [self.bot_user_id, person_id]
            channel = Channel(id=self.new_id("D"), name="", kind="im", members=members, created=int(self.real()))
            self.channels[channel.id] = channel
            return channel

    def bot_is_in(self, channel: Channel) -> bool:
        return self.bot_user_id in channel.members

    def all_views(self) -> Iterator[View]:
        yield from self.homes.values()
        for stack in self.dialogs.values():
            yield from stack

    # --- who is ours ---

    def is_outsider(self, person_id: str) -> bool:
        """A person of another team, or a guest who is not our contractor."""
        person = self.people[person_id]
        return person.team_id != self.team_id or (person.is_guest and not person.is_contractor)

    def outsiders_read(self, channel: Channel) -> bool:
        """Whether a client could read what is said here; an invitation that is not yet accepted counts."""
        shared = channel.externally_shared or channel.pending_shared
        return shared or any(self._is_stranger(member, channel) for member in channel.members)

    def _is_stranger(self, person_id: str, channel: Channel) -> bool:
        """People of a sister workspace are colleagues where the channel is shared inside the organisation."""
        colleague = channel.org_shared and self.people[person_id].team_id in channel.team_ids
        return self.is_outsider(person_id) and not colleague

    def outsiders_see(self, message: Message) -> bool:
        if message.visible_to:
            return self.is_outsider(message.visible_to)
        return self.outsiders_read(self.channels[message.channel_id])

    # --- writing ---

    def keep(self, message: Message) -> Message:
        with self.changed:
            self.messages.append(message)
            self.record(message)
        return message

    def record(self, message: Message) -> None:
        """Remembers what can be read now, and whether an outsider can read it: later changes don't unsee it."""
        with self.changed:
            message.versions.append(everything_in(message.text, message.blocks, message.attachments, message.metadata))
            if message.by_app and self.outsiders_see(message):
                self.exposures.append((f"{message.channel_id} {message.ts}", message.versions[-1]))
            self.changed.notify_all()

    def touch(self) -> None:
        with self.changed:
            self.changed.notify_all()


def words_in(value: Any) -> Iterator[str]:
    """Every piece of text that a reader of these blocks sees."""
    if isinstance(value, dict):
        for key in READABLE:
            piece = value.get(key)
            if isinstance(piece, str):
                yield piece
        for key, piece in value.items():
            if isinstance(piece, (dict, list)) and key != "state":
                yield from words_in(piece)
    elif isinstance(value, list):
        for piece in value:
            yield from words_in(piece)


def everything_in(*content: Any) -> str:
    """All that a client or its apps could find, hidden values, links and metadata included."""
    return json.dumps(content, ensure_ascii=False)


def readable(message: Message) -> str:
    """All text of a message, notification text first."""
    pieces = [message.text, *words_in(message.blocks), *words_in(message.attachments)]
    return "\n".join(piece for piece in pieces if piece)
