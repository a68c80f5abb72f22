"""What happens when a checkpoint of a plan is due."""

from __future__ import annotations

from bot.services.decisions.plans import PlanService
from rules.ports import Runner, Workflow


def workflows(plans: PlanService) -> list[Workflow]:
    def remind_checkpoint(run: Runner, workspace_id: str, plan_id: str, _due_at: str) -> None:
        run.step(plans.remind, workspace_id, plan_id)
        run.step(plans.remind_next, workspace_id, plan_id)

    return [Workflow(name="remind_checkpoint", queue="flows", run=remind_checkpoint)]
