"""Reminders of checkpoints, in private to whoever looks after the client."""

from __future__ import annotations

from bot.announcer import Announcer
from bot.services.decisions.plans import PlanService
from bot.views.decisions.plan import checkpoint_reminder


class CheckpointReminders:
    """One reminder for each checkpoint of a plan."""

    def __init__(self, announcer: Announcer, plans: PlanService) -> None:
        self._announcer = announcer
        self._plans = plans

    def remind(self, workspace_id: str, plan_id: str) -> None:
        reminder = self._plans.reminder(workspace_id, plan_id)
        if reminder is None:
            return
        self._announcer.whisper(
            workspace_id,
            reminder.client.owner_id,
            checkpoint_reminder(reminder),
            key=f"checkpoint:{plan_id}:{reminder.checkpoint.due_on.isoformat()}",
        )
