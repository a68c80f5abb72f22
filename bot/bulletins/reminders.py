"""Reminders of checkpoints, in private to whoever looks after the client."""

from __future__ import annotations

from contextlib import suppress

from bot.announcer import Announcer
from bot.services.decisions.plans import PlanService
from bot.views.decisions.plan import checkpoint_reminder
from rules.errors import RefusedError


class CheckpointReminders:
    """One reminder for each checkpoint of a plan."""

    def __init__(self, announcer: Announcer, plans: PlanService) -> None:
        self._announcer = announcer
        self._plans = plans

    def remind(self, workspace_id: str, plan_id: str) -> None:
        reminder = self._plans.reminder(workspace_id, plan_id)
        if reminder is None:
            return
        key = f"checkpoint:{plan_id}:{reminder.checkpoint.due_on.isoformat()}"
        # Where the owner has left the team, whoever started the plan is told.
        for person_id in reminder.person_ids:
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, person_id, checkpoint_reminder(reminder), key=key)
                return
