"""Members of the workspace and the places in which they talk: who is ours, and where a client listens (BR14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.errors import InvalidError

LONGEST_TERM = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person as Slack describes them, with what an admin said of them: that is kept when Slack is read again.

    `team_id` is the person's own team: in a shared channel it may not be ours. `is_admin`: by Slack's word or by
    ours. A contractor is a guest who works for us until the moment `contractor_until`. `has_home`: our Home tab stands
    before them as we last drew it, until we draw it anew. `is_primary_owner`: Slack has them as the owner of the whole
    workspace; `is_greeted`: we have said hello, or they were here before us. `visited_at`: when they last came to their
    Home; `away_since`: the visit before, where this one is the first after days without any.
    """

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
    contractor_until: datetime | None = None
    is_decider: bool = False
    is_slack_admin: bool = False
    is_primary_owner: bool = False
    is_greeted: bool = False
    is_named_admin: bool = False
    has_home: bool = False
    visited_at: datetime | None = None
    away_since: datetime | None = None
    timezone: str = "UTC"
    fetched_at: datetime


def as_of(member: Member, now: datetime) -> Member:
    """The person at that moment: a contractor whose time is over is a guest again."""
    over = member.contractor_until is not None and now >= member.contractor_until
    return replace(member, is_contractor=False) if member.is_contractor and over else member


def with_our_word(described: Member, known: Member | None) -> Member:
    """What Slack says of a person (in `is_slack_admin` of being an admin), with what we said of them.

    Roles are for people of the team: they fall with a guest or somebody who left, and no contract brings them back.
    """
    if known is None:
        return replace(described, is_admin=described.is_slack_admin)
    of_the_team = not described.is_guest and not described.is_deleted
    named = known.is_named_admin and of_the_team
    return replace(
        described,
        is_admin=described.is_slack_admin or named,
        is_named_admin=named,
        is_decider=known.is_decider and of_the_team,
        is_contractor=known.is_contractor and not described.is_deleted,
        is_greeted=known.is_greeted,
        contractor_until=known.contractor_until,
        has_home=known.has_home,
        visited_at=known.visited_at,
        away_since=known.away_since,
    )


class PlaceKind(StrEnum):
    """What kind of conversation a place is."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A Slack conversation. `guest_ids` are guests among its members, contractors too, whose time may end tomorrow.

    They are None when the members could not be read. `is_general`: everybody is in it, so that it is no client's.
    """

    id: str
    workspace_id: str
    name: str
    kind: PlaceKind
    is_externally_shared: bool = False
    is_pending_shared: bool = False
    is_org_shared: bool = False
    is_archived: bool = False
    is_general: bool = False
    bot_is_member: bool = False
    guest_ids: tuple[str, ...] | None = None
    member_ids: tuple[str, ...] = ()
    fetched_at: datetime


def is_only_named(member: Member) -> bool:
    """An admin by our word alone."""
    return member.is_named_admin and not member.is_slack_admin


def as_admin(member: Member) -> Member:
    return replace(member, is_admin=True, is_named_admin=True)


def not_admin(member: Member) -> Member:
    return replace(member, is_admin=member.is_slack_admin, is_named_admin=False) if member.is_named_admin else member


def as_guest(member: Member, since: datetime) -> Member:
    """A contractor whose term ended then, or earlier where it was over before."""
    return replace(member, is_contractor=False, contractor_until=min(since, member.contractor_until or since))


def as_decider(member: Member) -> Member:
    return replace(member, is_decider=True)


def not_decider(member: Member) -> Member:
    return replace(member, is_decider=False)


def require_span(last_day: date, today: date) -> None:
    """For how long a guest may be named as one of ours."""
    if last_day < today:
        raise InvalidError("Please look at the date.", {"last_day": "Choose today or a later day."})
    if last_day > today + LONGEST_TERM:
        raise InvalidError("Please look at the date.", {"last_day": "Choose a day within a year; it can be renewed."})
