"""What happens when a reply window ends."""

from __future__ import annotations

from bot.services.agreements.replies import ReplyService
from rules.ports import Runner, Workflow


def workflows(replies: ReplyService) -> list[Workflow]:
    def end_window(run: Runner, workspace_id: str, clock_id: str, _due_at: str) -> None:
        run.step(replies.end, workspace_id, clock_id)
        run.step(replies.told, workspace_id, clock_id)

    return [Workflow(name="end_window", queue="flows", run=end_window)]
