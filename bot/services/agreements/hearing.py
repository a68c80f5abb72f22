"""Messages of channels that somebody asked us to listen to. Everything else is let go before anything is stored.

Slack sends an app all messages of all channels that it is in. What is kept of one is its place, its time, what kind of
news it is and whose; its words never (BR14).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.services.agreements.replies import ReplyService
from bot.services.capture.evidence import EvidenceService
from rules.clients.people import as_of
from rules.clients.places import is_inside
from rules.errors import NotFoundError
from rules.health.evidence.excerpt import fingerprint
from rules.health.signal import Evidence, message_time
from rules.ports import Clock, Directory, Event, UnitOfWork, Units

_SPOKEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})
_TYPES = {"group": Event.MESSAGE_GROUPS}


class News(StrEnum):
    """What happened to a message."""

    SAID = "said"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that is ever stored of a message event."""

    type: str
    channel: str
    ts: str
    news: str
    user: str


class HearingService:
    """Listens where an admin has said so."""

    def __init__(
        self, units: Units, clock: Clock, directory: Directory, evidence: EvidenceService, replies: ReplyService
    ) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory
        self._evidence = evidence
        self._replies = replies

    def reduced(self, workspace_id: str, event: Mapping[str, Any]) -> dict[str, str] | None:
        """What is kept of Slack's event; None where nobody asked us to listen, or where it tells us nothing."""
        heard = _heard(event)
        if heard is None:
            return None
        with self._units.read(workspace_id) as unit:
            listens = unit.watches.of(heard.channel).listens and unit.clients.of_channel(heard.channel) is not None
            matters = listens and _matters(unit, heard, event, self._clock.now())
        return asdict(heard) if matters else None

    def hear(self, workspace_id: str, heard: Heard) -> None:
        match heard.news:
            case News.EDITED:
                self._evidence.edited(workspace_id, heard.channel, heard.ts)
            case News.DELETED:
                self._evidence.deleted(workspace_id, heard.channel, heard.ts)
            case _ if self._is_from_outside(workspace_id, heard.user):
                self._spoken(workspace_id, heard)

    def _spoken(self, workspace_id: str, heard: Heard) -> None:
        """The client's next message is their answer; only its time is kept."""
        at = message_time(heard.ts)
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.of_channel(heard.channel)
            if client is None:
                return
            client = unit.clients.lock(client.id)
            watch = unit.watches.of(heard.channel)
            if watch.listens:
                unit.watches.save(replace(watch, spoke_at=max(at, watch.spoke_at or at)))
                self._replies.heard(unit, client.id, heard.channel, at)

    def _is_from_outside(self, workspace_id: str, author_id: str) -> bool:
        person = None
        with suppress(NotFoundError):  # people of other companies are not always shown to us
            person = self._directory.member(workspace_id, author_id)
        return not is_inside(workspace_id, person)


def _heard(event: Mapping[str, Any]) -> Heard | None:
    """None for what says nothing about anybody: words of apps, joins, topics."""
    subtype = str(event.get("subtype") or "")
    message = event
    if subtype in {"message_changed", "message_deleted"}:
        message = event.get("message") or event.get("previous_message") or {}
    if message.get("bot_id") or not message.get("user"):
        return None
    if subtype == "message_deleted" or message.get("subtype") == "tombstone":
        news = News.DELETED
    elif subtype == "message_changed":
        news = News.EDITED
    elif subtype in _SPOKEN:
        news = News.SAID
    else:
        return None
    return Heard(
        type=_TYPES.get(str(event.get("channel_type")), Event.MESSAGE_CHANNELS).value,
        channel=str(event.get("channel", "")),
        ts=str(event.get("deleted_ts") or message.get("ts", "")),
        news=news.value,
        user=str(message["user"]),
    )


def _matters(unit: UnitOfWork, heard: Heard, event: Mapping[str, Any], now: datetime) -> bool:
    """Messages of our own people and edits of messages without a note are nobody's business."""
    if heard.news == News.SAID:
        known = unit.people.find_member(heard.user)
        return not is_inside(unit.workspace_id, known and as_of(known, now))
    notes = unit.signals.on_message(heard.channel, heard.ts)
    if heard.news == News.DELETED:
        return any(note.evidence is not Evidence.DELETED for note in notes)
    after, before = (
        fingerprint(heard.channel, heard.ts, str((event.get(part) or {}).get("text", "")))
        for part in ("message", "previous_message")
    )
    # Slack also tells of links that were unfolded: the words are the same then.
    return any(note.evidence is Evidence.STANDS and (note.fingerprint or before) != after for note in notes)
