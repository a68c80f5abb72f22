"""Members of the workspace and the places in which they talk: who is ours, and where a client listens (BR14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person as Slack describes them. `team_id` is the person's own team: in a shared channel it may not be ours."""

    id: str
    workspace_id: str
    team_id: str
    name: str
    email: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    is_contractor: bool = False
    is_decider: bool = False
    timezone: str = "UTC"
    fetched_at: datetime


class PlaceKind(StrEnum):
    """What kind of conversation a place is."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A Slack conversation. `guest_ids` are guests among its members; None when the members could not be read."""

    id: str
    workspace_id: str
    name: str
    kind: PlaceKind
    is_externally_shared: bool = False
    is_pending_shared: bool = False
    is_org_shared: bool = False
    is_archived: bool = False
    bot_is_member: bool = False
    guest_ids: tuple[str, ...] | None = None
    member_ids: tuple[str, ...] = ()
    fetched_at: datetime
