"""Tells whoever waited that the agreed window is over."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.sensors.replies import ReplyService
from bot.views.sensors.replies import missed
from rules.errors import RefusedError


class ReplyBulletin:
    """One private word for each window."""

    def __init__(self, announcer: Announcer, replies: ReplyService) -> None:
        self._announcer = announcer
        self._replies = replies

    def tell(self, workspace_id: str, clock_id: str) -> None:
        pending = self._replies.missed(workspace_id, clock_id)
        if pending:
            key = f"missed:{clock_id}:{pending.clock.ends_at:%F}"
            # Whoever has left the team hears nothing; the note stands in the ledger all the same.
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, pending.clock.started_by, missed(pending), key=key)
