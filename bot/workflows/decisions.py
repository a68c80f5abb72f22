"""What follows a decision: asking for its confirmation, and telling those who took it."""

from __future__ import annotations

from bot.bulletins.decisions import DecisionBulletins
from bot.services.decisions.decisions import DecisionService
from rules.ports import Runner, Workflow


def workflows(bulletins: DecisionBulletins, decisions: DecisionService) -> list[Workflow]:
    def remind_confirmation(run: Runner, workspace_id: str, decision_id: str, _due_at: str) -> None:
        run.step(decisions.request, workspace_id, decision_id)
        run.step(decisions.request_next, workspace_id, decision_id)

    def tell_decided(run: Runner, workspace_id: str, decision_id: str, _due_at: str = "") -> None:
        run.step(bulletins.tell, workspace_id, decision_id)
        run.step(decisions.told, workspace_id, decision_id)

    return [
        Workflow(name="remind_confirmation", queue="flows", run=remind_confirmation),
        Workflow(name="tell_decided", queue="flows", run=tell_decided),
    ]
