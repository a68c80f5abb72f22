"""Brings decisions to those who confirm them, and tells those who took them; to nobody else."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.decisions.decisions import DecisionService
from bot.views.decisions.decide import confirmation_request, settled_notice
from rules.errors import RefusedError


class DecisionBulletins:
    """One private word for each person and decision."""

    def __init__(self, announcer: Announcer, decisions: DecisionService) -> None:
        self._announcer = announcer
        self._decisions = decisions

    def ask(self, workspace_id: str, decision_id: str) -> None:
        request = self._decisions.request(workspace_id, decision_id)
        if request is None:
            return
        for member in request.members:
            key = f"confirmation:{decision_id}:{member.id}"
            # One who has just left the team keeps it from nobody else.
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, member.id, confirmation_request(request), key=key)

    def tell(self, workspace_id: str, decision_id: str) -> None:
        request = self._decisions.settled(workspace_id, decision_id)
        for member in request.members:
            key = f"decided:{decision_id}:{member.id}"
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, member.id, settled_notice(request), key=key)
