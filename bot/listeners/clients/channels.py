"""Channels and people that change: a channel that a client can read must not hold anything of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.calls import Desk, EventCall
from bot.replies import Leave, Nothing, Reply, Whisper
from bot.services.clients.clients import ClientService
from bot.services.clients.watches import WatchService
from bot.services.people import PlaceService
from bot.views.clients import channels as views
from rules.clients.places import Cleared, Verdict
from rules.nudges.kinds import AtOnce
from rules.ports import Event


class ChannelDesk:
    """Follows Slack's events about channels and members."""

    def __init__(self, places: PlaceService, watches: WatchService, clients: ClientService) -> None:
        self._places = places
        self._watches = watches
        self._clients = clients

    def joined(self, call: EventCall) -> Reply:
        """Invited into one of ours, the app asks whose it is; where a client reads along it says so and leaves.

        It stays where an admin turned on listening; nothing is posted there all the same.
        """
        channel_id, inviter = str(call.event["channel"]), str(call.event.get("inviter", ""))
        found = self._places.look(call.workspace_id, channel_id)
        is_us = self._places.is_us(call.workspace_id, str(call.event["user"]))
        if found.internal:
            return self._whose(call, channel_id, inviter) if is_us else Nothing()
        if is_us and self._watches.listens(call.workspace_id, channel_id):
            return Nothing()
        cleared = self._places.clear(call.workspace_id, [(channel_id, found)])
        if is_us or any(each.left for each in cleared):
            return Leave(channel_id, tuple(self._leaving(call, found.reason, cleared)))
        return self._told(call, cleared)

    def _leaving(self, call: EventCall, reason: str, cleared: Sequence[Cleared]) -> Iterator[Whisper]:
        """Whoever invited us, or the person whom we can't see, hears of it; an admin of what stood there."""
        inviter = self._places.someone_of_ours(call.workspace_id, str(call.event.get("inviter", "")))
        said = views.left(str(call.event["channel"]), reason)
        yield Whisper(inviter, said, f"left:{call.event_id}", AtOnce.LEFT_CHANNEL)
        admin = self._places.someone_of_ours(call.workspace_id, "")
        if any(each.deleted or each.left_behind for each in cleared) or (cleared and admin != inviter):
            yield Whisper(admin, views.taken_back(cleared), f"cleared:{call.event_id}", AtOnce.TAKEN_BACK)

    def _whose(self, call: EventCall, channel_id: str, inviter: str) -> Reply:
        """Asked of whoever has just invited us; nobody else is bothered."""
        if not inviter or not self._clients.is_unclaimed(call.workspace_id, channel_id):
            return Nothing()
        told = self._places.someone_of_ours(call.workspace_id, inviter)
        return Whisper(told, views.whose(channel_id), f"whose:{channel_id}:{told}", AtOnce.INVITED)

    def shared(self, call: EventCall) -> Reply:
        """What we posted there while it was internal is taken back, and an admin is told."""
        channel_id = str(call.event["channel"])
        found = self._places.look(call.workspace_id, channel_id)
        return Nothing() if found.internal else self._cleared(call, [(channel_id, found)])

    def changed(self, call: EventCall) -> Reply:
        """Renamed, archived, no longer shared, left by somebody: what we remember is read again.

        Whoever has left a private channel reads no notes from it any more. What stands there and must not goes as well:
        the event that should have told us may have been lost.
        """
        channel = call.event["channel"]
        channel_id = str(channel["id"] if isinstance(channel, dict) else channel)
        found = self._places.look(call.workspace_id, channel_id)
        return Nothing() if found.internal else self._cleared(call, [(channel_id, found)])

    def person_changed(self, call: EventCall) -> Reply:
        """A colleague who becomes a guest makes every channel they are in one that a guest can read."""
        member = self._places.reread(call.workspace_id, str(call.event["user"]["id"]))
        if not member.is_guest or member.is_contractor or member.is_deleted:
            return Nothing()
        return self._cleared(call, self._places.exposed(call.workspace_id))

    def _cleared(self, call: EventCall, exposed: Sequence[tuple[str, Verdict]]) -> Reply:
        """Takes back first and tells afterwards; `exposed` are channels and why we must not stand there."""
        return self._told(call, self._places.clear(call.workspace_id, exposed))

    def _told(self, call: EventCall, cleared: Sequence[Cleared]) -> Reply:
        if not cleared:
            return Nothing()
        admin = self._places.someone_of_ours(call.workspace_id, "")
        return Whisper(admin, views.taken_back(cleared), f"cleared:{call.event_id}", AtOnce.TAKEN_BACK)


def register(desk: Desk, here: ChannelDesk) -> None:
    desk.event(Event.MEMBER_JOINED_CHANNEL, here.joined)
    desk.event(Event.CHANNEL_SHARED, here.shared)
    desk.event(Event.USER_CHANGE, here.person_changed)
    for event in (
        Event.MEMBER_LEFT_CHANNEL,
        Event.CHANNEL_UNSHARED,
        Event.CHANNEL_RENAME,
        Event.CHANNEL_ARCHIVE,
        Event.CHANNEL_UNARCHIVE,
        Event.GROUP_RENAME,
        Event.GROUP_ARCHIVE,
        Event.GROUP_UNARCHIVE,
    ):
        desk.event(event, here.changed)
