"""Clears the channels of a guest whose time as a contractor is over."""

from __future__ import annotations

from bot.announcer import Announcer
from bot.services.people import PlaceService
from bot.views.clients.channels import taken_back
from rules.nudges.kinds import AtOnce


class ContractBulletin:
    """What we posted where this guest reads along is taken back, and an admin is told."""

    def __init__(self, announcer: Announcer, places: PlaceService) -> None:
        self._announcer = announcer
        self._places = places

    def clear(self, workspace_id: str, person_id: str, due_at: str) -> None:
        cleared = self._places.clear(workspace_id, self._places.exposed(workspace_id))
        if cleared:
            admin = self._places.someone_of_ours(workspace_id, "")
            key = f"contract-over:{person_id}:{due_at}"
            self._announcer.whisper(workspace_id, admin, taken_back(cleared), key=key, at_once=AtOnce.TAKEN_BACK)
