"""Unasked words, receipts and alarms on their way."""

from __future__ import annotations

from bot.bulletins.alarms import AlarmBulletin
from bot.bulletins.nudges import NudgeBulletin
from bot.bulletins.receipts import ReceiptBulletin
from bot.services.health.attention import AttentionService
from rules.ports import Runner, Workflow


def workflows(
    nudges: NudgeBulletin, receipts: ReceiptBulletin, alarm: AlarmBulletin, attention: AttentionService
) -> list[Workflow]:
    def send_nudges(run: Runner, workspace_id: str, person_id: str, _due_at: str) -> None:
        run.step(nudges.send, workspace_id, person_id)

    def show_nudges(run: Runner, workspace_id: str, person_id: str, key: str) -> None:
        run.step(nudges.show, workspace_id, person_id, key)

    def send_receipts(run: Runner, workspace_id: str, person_id: str, _due_at: str) -> None:
        run.step(receipts.send, workspace_id, person_id)

    def pay_attention(run: Runner, workspace_id: str, client_id: str, _due_at: str) -> None:
        run.step(alarm.sound, workspace_id, client_id)
        run.step(attention.look, workspace_id, client_id)
        run.step(attention.looked, workspace_id, client_id)

    return [
        Workflow(name="pay_attention", queue="flows", run=pay_attention),
        Workflow(name="send_receipts", queue="flows", run=send_receipts),
        Workflow(name="send_nudges", queue="flows", run=send_nudges),
        Workflow(name="show_nudges", queue="flows", run=show_nudges),
    ]
