"""What we last heard of members and places, and how we look at channels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope, in_workspace
from rules.clients.people import Member, Place
from rules.clients.watch import Watch
from rules.privacy.blanking import SOMEONE
from rules.privacy.tombstones import Erased, mark

MEMBER = Record(tables.members, Member, "We have not met this person yet.")
PLACE = Record(tables.places, Place, "We do not know this channel yet.")
WATCH = Record(tables.watches, Watch, "Nobody has set anything for this channel.")
MEMBERS = MEMBER.where().order_by(tables.members.c.name, tables.members.c.id)
NAMED = MEMBER.where(tables.members.c.id.in_(sa.bindparam("ids", expanding=True)))
PLACES = PLACE.where(tables.places.c.id.in_(sa.bindparam("ids", expanding=True)))
LISTENED = WATCH.where(tables.watches.c.listens).order_by(tables.watches.c.channel_id)

ERASED_PEOPLE = sa.select(tables.tombstones.c.hash).where(
    in_workspace(tables.tombstones), tables.tombstones.c.kind == Erased.PERSON
)


class PeopleRows:
    """A cache with an age: `fetched_at` tells."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find_member(self, member_id: str) -> Member | None:
        return MEMBER.find(self._scope, id=member_id)

    def lock_member(self, member_id: str) -> Member | None:
        return MEMBER.find(self._scope, lock=True, id=member_id)

    def save_member(self, member: Member) -> None:
        """Of an erased person Slack's name and address do not come back."""
        is_erased = mark(self._scope.workspace_id, Erased.PERSON, member.id) in self._erased
        MEMBER.put(self._scope, replace(member, name=SOMEONE, email="") if is_erased else member)

    @cached_property
    def _erased(self) -> frozenset[str]:
        return frozenset(self._scope.rows(ERASED_PEOPLE).scalars())

    def members(self) -> list[Member]:
        return MEMBER.many(self._scope, MEMBERS)

    def some_members(self, member_ids: Collection[str]) -> list[Member]:
        return MEMBER.many(self._scope, NAMED, ids=sorted(member_ids)) if member_ids else []

    def find_place(self, channel_id: str) -> Place | None:
        return PLACE.find(self._scope, id=channel_id)

    def some_places(self, channel_ids: Collection[str]) -> dict[str, Place]:
        found = PLACE.many(self._scope, PLACES, ids=sorted(channel_ids)) if channel_ids else []
        return {place.id: place for place in found}

    def save_place(self, place: Place) -> None:
        PLACE.put(self._scope, place)


class WatchRows:
    """One row a channel for which somebody set something, or in which a client spoke."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of(self, channel_id: str) -> Watch:
        found = WATCH.find(self._scope, channel_id=channel_id)
        return found or Watch(workspace_id=self._scope.workspace_id, channel_id=channel_id)

    def save(self, watch: Watch) -> None:
        WATCH.put(self._scope, watch)

    def listened(self) -> list[Watch]:
        return WATCH.many(self._scope, LISTENED)
