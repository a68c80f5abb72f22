"""Tells those who decide, at once, that somebody on the team was abused (FG14)."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.health.attention import AttentionService
from bot.views.health.alarms import act_now
from rules.errors import RefusedError
from rules.nudges.kinds import AtOnce


class AlarmBulletin:
    """One private word for each note and person, at any hour."""

    def __init__(self, announcer: Announcer, attention: AttentionService) -> None:
        self._announcer = announcer
        self._attention = attention

    def sound(self, workspace_id: str, client_id: str) -> None:
        for alarm in self._attention.alarms(workspace_id, client_id):
            key = f"act-now:{alarm.signal.id}:{alarm.person.id}"
            # One who has just left the team keeps it from nobody else.
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, alarm.person.id, act_now(alarm), key=key, at_once=AtOnce.ACT_NOW)
