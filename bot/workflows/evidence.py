"""What is read later of the messages that notes hang on, and the end of listening."""

from __future__ import annotations

from bot.bulletins.channels import ChannelBulletin
from bot.services.capture.evidence import EvidenceService
from rules.ports import Runner, Workflow


def workflows(evidence: EvidenceService, channels: ChannelBulletin) -> list[Workflow]:
    def read_message(run: Runner, workspace_id: str, signal_id: str, _due_at: str) -> None:
        run.step(evidence.read, workspace_id, signal_id)

    def leave_if_read(run: Runner, workspace_id: str, channel_id: str) -> None:
        run.step(channels.leave_if_read, workspace_id, channel_id)

    return [
        Workflow(name="read_message", queue="flows", run=read_message),
        Workflow(name="leave_if_read", queue="flows", run=leave_if_read),
    ]
