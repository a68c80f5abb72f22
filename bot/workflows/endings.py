"""What becomes due while a parting ends."""

from __future__ import annotations

from bot.services.endings.deliverables import DeliverableService
from rules.ports import Runner, Workflow


def workflows(deliverables: DeliverableService) -> list[Workflow]:
    def take_default_answers(run: Runner, workspace_id: str, parting_id: str, _due_at: str) -> None:
        run.step(deliverables.take_default, workspace_id, parting_id)

    return [Workflow(name="take_default_answers", queue="flows", run=take_default_answers)]
