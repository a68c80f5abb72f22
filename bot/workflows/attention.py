"""What follows at once from a note that was logged."""

from __future__ import annotations

from bot.bulletins.alarms import AlarmBulletin
from bot.services.health.attention import AttentionService
from rules.ports import Runner, Workflow


def workflows(alarm: AlarmBulletin, attention: AttentionService) -> list[Workflow]:
    def pay_attention(run: Runner, workspace_id: str, client_id: str, _due_at: str = "") -> None:
        run.step(alarm.sound, workspace_id, client_id)
        run.step(attention.look, workspace_id, client_id)
        run.step(attention.looked, workspace_id, client_id)

    return [Workflow(name="pay_attention", queue="flows", run=pay_attention)]
