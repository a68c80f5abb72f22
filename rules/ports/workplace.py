"""Slack, reading side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rules.clients.people import Member, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMessage:
    """A message that was reacted to. `text` is empty when the history may not be read."""

    text: str
    author_id: str
    thread_ts: str
    link: str


class Directory(Protocol):
    """Reads people, places and messages from the workplace; `fresh` goes round the cache."""

    def member(self, workspace_id: str, member_id: str, *, fresh: bool = False) -> Member: ...
    def refresh_members(self, workspace_id: str) -> int: ...
    def place(self, workspace_id: str, channel_id: str, *, fresh: bool = False) -> Place: ...
    def message(self, channel_id: str, message_ts: str) -> FoundMessage: ...
