"""What becomes due while a parting ends, and after it."""

from __future__ import annotations

from bot.services.partings.closing.closings import ClosingService
from bot.services.partings.closing.lessons import LessonService
from bot.services.partings.tasks.deliverables import DeliverableService
from rules.ports import Runner, Workflow


def workflows(deliverables: DeliverableService, closings: ClosingService, lessons: LessonService) -> list[Workflow]:
    def take_default_answers(run: Runner, workspace_id: str, parting_id: str, _due_at: str) -> None:
        run.step(deliverables.take_default, workspace_id, parting_id)

    def take_default_receipt(run: Runner, workspace_id: str, parting_id: str, _due_at: str) -> None:
        run.step(closings.take_default, workspace_id, parting_id)

    def raise_look_back(run: Runner, workspace_id: str, parting_id: str, _due_at: str) -> None:
        run.step(lessons.raise_look_back, workspace_id, parting_id)

    return [
        Workflow(name="take_default_answers", queue="flows", run=take_default_answers),
        Workflow(name="take_default_receipt", queue="flows", run=take_default_receipt),
        Workflow(name="raise_look_back", queue="flows", run=raise_look_back),
    ]
