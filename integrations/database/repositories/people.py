"""What we last heard of members and places."""

from __future__ import annotations

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.clients.people import Member, Place

MEMBER = Record(tables.members, Member, "We have not met this person yet.")
PLACE = Record(tables.places, Place, "We do not know this channel yet.")
MEMBERS = MEMBER.where().order_by(tables.members.c.name, tables.members.c.id)


class PeopleRows:
    """A cache with an age: `fetched_at` tells."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find_member(self, member_id: str) -> Member | None:
        return MEMBER.find(self._scope, id=member_id)

    def save_member(self, member: Member) -> None:
        MEMBER.put(self._scope, member)

    def members(self) -> list[Member]:
        return MEMBER.many(self._scope, MEMBERS)

    def find_place(self, channel_id: str) -> Place | None:
        return PLACE.find(self._scope, id=channel_id)

    def save_place(self, place: Place) -> None:
        PLACE.put(self._scope, place)
