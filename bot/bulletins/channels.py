"""Leaves channels in which a client reads along and nobody listens any more."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.clients.watches import WatchService
from bot.services.people import PlaceService
from rules.errors import NotFoundError


class ChannelBulletin:
    """The quiet end of listening: nothing is said in the channel."""

    def __init__(self, announcer: Announcer, places: PlaceService, watches: WatchService) -> None:
        self._announcer = announcer
        self._places = places
        self._watches = watches

    def leave_if_read(self, workspace_id: str, channel_id: str) -> None:
        with suppress(NotFoundError):  # where we are not, there is nothing to leave
            if (
                not self._watches.listens(workspace_id, channel_id)
                and not self._places.look(workspace_id, channel_id).internal
            ):
                self._announcer.leave(channel_id)
