"""What is read later of the messages that notes hang on."""

from __future__ import annotations

from bot.services.capture.evidence import EvidenceService
from rules.ports import Runner, Workflow


def workflows(evidence: EvidenceService) -> list[Workflow]:
    def read_message(run: Runner, workspace_id: str, signal_id: str, _due_at: str) -> None:
        run.step(evidence.read, workspace_id, signal_id)

    return [Workflow(name="read_message", queue="flows", run=read_message)]
