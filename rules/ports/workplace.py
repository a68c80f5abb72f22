"""Slack, reading side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from rules.clients.people import Member, Place


class Event(StrEnum):
    """Events that we subscribe to; each goes through the inbox. Messages go by the name of their subscription."""

    APP_HOME_OPENED = "app_home_opened"
    APP_UNINSTALLED = "app_uninstalled"
    CHANNEL_ARCHIVE = "channel_archive"
    CHANNEL_RENAME = "channel_rename"
    CHANNEL_SHARED = "channel_shared"
    CHANNEL_UNARCHIVE = "channel_unarchive"
    CHANNEL_UNSHARED = "channel_unshared"
    EMOJI_CHANGED = "emoji_changed"
    GROUP_ARCHIVE = "group_archive"
    GROUP_RENAME = "group_rename"
    GROUP_UNARCHIVE = "group_unarchive"
    MEMBER_JOINED_CHANNEL = "member_joined_channel"
    MEMBER_LEFT_CHANNEL = "member_left_channel"
    MESSAGE_CHANNELS = "message.channels"
    MESSAGE_GROUPS = "message.groups"
    REACTION_ADDED = "reaction_added"
    REACTION_REMOVED = "reaction_removed"
    TOKENS_REVOKED = "tokens_revoked"
    USER_CHANGE = "user_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose token we hold (`auth.test`)."""

    workspace_id: str
    name: str
    bot_user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMessage:
    """A message that a note hangs on; `text` is as the workplace writes it, empty when the history may not be read.

    `edited_ts` is when its words were last changed. It may be gone, or may be asked for again only after a while.
    """

    text: str = ""
    thread_ts: str = ""
    link: str = ""
    edited_ts: str = ""
    is_gone: bool = False
    again_in: timedelta | None = None


class Directory(Protocol):
    """Reads people, places and messages from the workplace; `fresh` goes round the cache."""

    def member(self, workspace_id: str, member_id: str, *, fresh: bool = False) -> Member: ...
    def refresh_members(self, workspace_id: str) -> int: ...
    def place(self, workspace_id: str, channel_id: str, *, fresh: bool = False) -> Place:
        """With its people met, so that `people` knows whoever of them can be seen at all."""

    def glance(self, workspace_id: str, channel_id: str) -> Place:
        """The place as it is now, and nobody met: two calls, however many are in it."""

    def people(self, workspace_id: str, member_ids: Collection[str]) -> list[Member]:
        """Those of them of whom we have heard lately; who is missing can't be seen, or has not been met yet."""

    def message(self, channel_id: str, message_ts: str) -> FoundMessage:
        """Never waits for the workplace's limits."""

    def link(self, channel_id: str, message_ts: str) -> str:
        """Where the message is read; empty when the workplace can't be asked."""

    def custom_emoji(self) -> Mapping[str, str] | None:
        """The workspace's own emoji, name to picture or `alias:NAME`; None when they are not shown to us."""
