"""Tells those who took a decision that it is confirmed; nobody else."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.decisions.decisions import DecisionService
from bot.views.decisions.decide import settled_notice
from rules.errors import RefusedError
from rules.nudges.kinds import AtOnce


class DecisionBulletins:
    """One private word for each person and decision."""

    def __init__(self, announcer: Announcer, decisions: DecisionService) -> None:
        self._announcer = announcer
        self._decisions = decisions

    def tell(self, workspace_id: str, decision_id: str) -> None:
        request = self._decisions.settled(workspace_id, decision_id)
        for member in request.members:
            key = f"decided:{decision_id}:{member.id}"
            # One who has just left the team keeps it from nobody else.
            with suppress(RefusedError):
                self._announcer.whisper(
                    workspace_id, member.id, settled_notice(request), key=key, at_once=AtOnce.ANSWER
                )
