"""The team and its channels: who can be told, and where nothing of ours may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.access import may_see
from bot.agenda import REDRAW_HOME, begin
from bot.services.audit import record_own
from rules.clients.client import Client
from rules.clients.people import Member, Place, PlaceKind, as_of
from rules.clients.places import UNKNOWN_MEMBERS, Cleared, Verdict, is_ours, verdict
from rules.errors import NotFoundError
from rules.ports import Directory, UnitOfWork, Units
from rules.privacy.tombstones import Erased


class PeopleService:
    """Reads the remembered people."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def admins(self, workspace_id: str) -> list[Member]:
        with self._units.read(workspace_id) as unit:
            return [member for member in team(unit) if member.is_admin]


class PlaceService:
    """Looks at channels again when Slack says that they changed."""

    def __init__(
        self,
        units: Units,
        directory: Directory,
        people: PeopleService,
        take_back: Callable[[str, str], tuple[int, int]],
        leave: Callable[[str], None],
    ) -> None:
        """`take_back(workspace_id, channel_id)` deletes our messages in a channel: how many, and how many not.

        `leave(channel_id)` takes us out of it.
        """
        self._units = units
        self._directory = directory
        self._people = people
        self._take_back = take_back
        self._leave = leave

    def look(self, workspace_id: str, channel_id: str, *, fresh: bool = True) -> Verdict:
        place = self._directory.place(workspace_id, channel_id, fresh=fresh)
        return verdict(place, self._directory.people(workspace_id, place.guest_ids or ()))

    def reread(self, workspace_id: str, member_id: str) -> Member:
        return self._directory.member(workspace_id, member_id, fresh=True)

    def is_us(self, workspace_id: str, member_id: str) -> bool:
        with self._units.read(workspace_id) as unit:
            return unit.workspace().bot_user_id == member_id

    def someone_of_ours(self, workspace_id: str, member_id: str) -> str:
        """That person if it is one of ours, else an admin."""
        if member_id and self._is_ours(workspace_id, member_id):
            return member_id
        admins = self._people.admins(workspace_id)
        if not admins:
            self._directory.refresh_members(workspace_id)
            admins = self._people.admins(workspace_id)
        if not admins:
            raise NotFoundError("This workspace has no admin whom we could tell. Make somebody an admin in Slack.")
        return admins[0].id

    def exposed(self, workspace_id: str) -> list[tuple[str, Verdict]]:
        """(channel id, why not) of places where something of ours stands and somebody else can read it."""
        with self._units.read(workspace_id) as unit:
            places = unit.posts.channels()
        looked = ((channel_id, self._look_if_possible(workspace_id, channel_id)) for channel_id in places)
        return [(channel_id, found) for channel_id, found in looked if not found.internal]

    def clear(self, workspace_id: str, exposed: Iterable[tuple[str, Verdict]]) -> list[Cleared]:
        """Takes back what stands in these channels, and us where we can't see who reads.

        Tells of those where something stood, or still stands, or we did.
        """
        cleared = []
        for channel_id, found in exposed:
            deleted, behind = self._take_back(workspace_id, channel_id)
            left = found == UNKNOWN_MEMBERS and self._leaves(workspace_id, channel_id)
            if deleted or behind or left:
                cleared.append(
                    Cleared(channel_id=channel_id, reason=found.reason, deleted=deleted, left_behind=behind, left=left)
                )
        return cleared

    def _leaves(self, workspace_id: str, channel_id: str) -> bool:
        """Unless an admin wants us to listen there; False where we are not."""
        with self._units.read(workspace_id) as unit:
            place, listens = unit.people.find_place(channel_id), unit.watches.of(channel_id).listens
        if not place or not place.bot_is_member or place.kind is PlaceKind.DIRECT or listens:
            return False
        self._leave(channel_id)
        return True

    def _look_if_possible(self, workspace_id: str, channel_id: str) -> Verdict:
        """One channel that Slack does not show us any more keeps no other from being cleared."""
        try:
            return self.look(workspace_id, channel_id)
        except NotFoundError:
            return UNKNOWN_MEMBERS

    def _is_ours(self, workspace_id: str, member_id: str) -> bool:
        try:
            return is_ours(self._directory.member(workspace_id, member_id), workspace_id)
        except NotFoundError:
            return False


def note_change(unit: UnitOfWork, before: Member, after: Member, now: datetime) -> None:
    """Roles that fell stand in the log with the reason; whose rights changed, their Home is drawn anew."""
    why = "who left the workspace" if after.is_deleted else "who is a guest now"
    for action, had, has in (
        ("admin no more", before.is_named_admin, after.is_named_admin),
        ("decider no more", before.is_decider, after.is_decider),
    ):
        if had and not has:
            record_own(unit, now, action, after.id, why)
    if _rights(before, now) != _rights(after, now):
        redraw_home(unit, after, now)


def _rights(member: Member, now: datetime) -> tuple[bool, bool, bool]:
    return is_ours(as_of(member, now), member.workspace_id), member.is_admin, member.is_decider


def redraw_home(unit: UnitOfWork, person: Member, now: datetime) -> None:
    """Slack shows a Home tab as it was until it is published again (facts/slack.md 9.5)."""
    if person.has_home:
        begin(unit, REDRAW_HOME, person.id, now, once=f"{REDRAW_HOME.kind}:{person.id}:{now.isoformat()}")


def redraw_homes(unit: UnitOfWork, now: datetime) -> None:
    """Everybody's: what some of them may see has become less."""
    for person in unit.people.members():
        redraw_home(unit, person, now)


def team(unit: UnitOfWork) -> list[Member]:
    """Active members who are ours."""
    return [member for member in unit.people.members() if is_ours(member, unit.workspace_id)]


def was_of_erased(unit: UnitOfWork, channel_id: str) -> bool:
    """Whether a channel was an erased client's, and is nobody's now."""
    return bool(unit.tombstones.find(Erased.CLIENT, channel_id)) and unit.clients.of_channel(channel_id) is None


def readers_of(unit: UnitOfWork, place: Place | None) -> Sequence[Member] | None:
    """Who reads a channel; None where anybody may join, or where we do not know."""
    if place is None or place.kind is PlaceKind.PUBLIC or not place.member_ids:
        return None
    known = unit.people.some_members(place.member_ids)
    return [member for member in known if not member.is_bot] if len(known) == len(set(place.member_ids)) else None


def all_may_see(readers: Sequence[Member] | None, client: Client) -> bool:
    """Whether a client may be named in a channel: only where everyone there may see it."""
    return not client.visible_to or (readers is not None and all(may_see(reader, client) for reader in readers))
