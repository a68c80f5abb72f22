"""What a listener answers. The announcer carries it out; nothing here talks to Slack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from rules.clients.people import Member
from rules.nudges.kinds import AtOnce

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """`text` holds the real content: it is all that notifications and screen readers get. It is disarmed mrkdwn.

    `rich` has blocks that not every Slack knows yet; where one refuses them `blocks` stand in.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    rich: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a select: `label` is plain text of at most 75 characters."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer; a form closes."""


@dataclass(frozen=True, slots=True)
class Private:
    """Seen by the person who acted, by nobody else. On a click it replaces the private message it sits on."""

    message: Message


@dataclass(frozen=True, slots=True)
class Show:
    """A form or a dialog: opened, or put in the place of the one it came from."""

    view: View


@dataclass(frozen=True, slots=True)
class Push:
    """A dialog on top of the one it came from."""

    view: View


@dataclass(frozen=True, slots=True)
class Wrong:
    """Inline errors by block id."""

    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Home:
    """The Home tab of `reader`, drawn anew; `published` looks again whether it may stand there.

    `again` draws it once more, of what is known by then and for what the reader may see by then.
    """

    reader: Member
    view: View
    published: Callable[[], object]
    again: Callable[[], Home | Nothing]


@dataclass(frozen=True, slots=True)
class Whisper:
    """A direct message to one of ours, once for each `key`; `at_once` says why it may come at any hour."""

    member_id: str
    message: Message
    key: str
    at_once: AtOnce


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a channel in which somebody else listens, and tell whoever brought that about, and an admin."""

    channel_id: str
    whispers: tuple[Whisper, ...]


Reply = Nothing | Private | Show | Push | Wrong | Home | Whisper | Leave


def acknowledged(said: Message) -> str:
    """A private answer in the acknowledgement of a command: the JSON, which Bolt hands on as it is.

    Written by Bolt itself it takes five times as long, since a receipt offers all types of notes.
    """
    shown = {"blocks": said.blocks} if said.blocks else {}
    quietly = {"response_type": "ephemeral", "unfurl_links": False, "unfurl_media": False}
    return to_json({"text": said.text, **shown, **quietly}).decode()
