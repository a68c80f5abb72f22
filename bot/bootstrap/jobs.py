"""Everything that workers do."""

from __future__ import annotations

from collections.abc import Callable

from bot.bootstrap.services import Services
from bot.bulletins.alarms import AlarmBulletin
from bot.bulletins.channels import ChannelBulletin
from bot.bulletins.contracts import ContractBulletin
from bot.bulletins.decisions import DecisionBulletins
from bot.bulletins.digest import DigestBulletin
from bot.bulletins.nudges import NudgeBulletin
from bot.bulletins.progress import ProgressBulletin
from bot.bulletins.receipts import ReceiptBulletin
from bot.bulletins.trend import TrendBulletin
from bot.services.sweep import SweepService
from bot.workflows import checkpoints as checkpoint_workflows
from bot.workflows import contracts as contract_workflows
from bot.workflows import decisions as decision_workflows
from bot.workflows import digests as digest_workflows
from bot.workflows import endings as ending_workflows
from bot.workflows import evidence as evidence_workflows
from bot.workflows import house as house_workflows
from bot.workflows import nudges as nudge_workflows
from bot.workflows import pictures as picture_workflows
from bot.workflows import privacy as privacy_workflows
from bot.workflows import replies as reply_workflows
from bot.workflows import tickets as ticket_workflows
from integrations.charts.trend import MatplotlibCharts
from rules.ports import Workflow


def list_workflows(parts: Services, handle_event: Callable[[str, str], None]) -> list[Workflow]:
    progress = ProgressBulletin(parts.announcer, parts.partings, parts.units, parts.directory, parts.clock)
    drawing = TrendBulletin(
        parts.explanations, parts.pictures, parts.announcer, parts.directory, MatplotlibCharts(), parts.words
    )
    posts = DigestBulletin(parts.digests, parts.people, parts.announcer, parts.clock, parts.words)
    told = NudgeBulletin(parts.announcer, parts.nudges, parts.units, parts.directory)
    slips = ReceiptBulletin(parts.announcer, parts.receipts, parts.units, parts.directory, parts.catalogue, parts.words)
    return [
        *house_workflows.workflows(
            handle_event,
            parts.workspaces,
            parts.health,
            [SweepService(parts.units, parts.clock).run, parts.tickets.resume_all],
            parts.directory,
            parts.reactions,
            daily=(parts.money.notice_overdue, parts.health.read_all, parts.attention.notice),
            merges=parts.merges,
        ),
        *evidence_workflows.workflows(parts.evidence, ChannelBulletin(parts.announcer, parts.places, parts.watches)),
        *digest_workflows.workflows(posts),
        *reply_workflows.workflows(parts.replies),
        *picture_workflows.workflows(drawing),
        *checkpoint_workflows.workflows(parts.plans),
        *decision_workflows.workflows(DecisionBulletins(parts.announcer, parts.decisions), parts.decisions),
        *privacy_workflows.workflows(parts.retention, parts.erasure, parts.privacy),
        *contract_workflows.workflows(parts.roles, ContractBulletin(parts.announcer, parts.places)),
        *ending_workflows.workflows(parts.deliverables, parts.closings, parts.lessons),
        *nudge_workflows.workflows(told, slips, AlarmBulletin(parts.announcer, parts.attention), parts.attention),
        *ticket_workflows.workflows(parts.tickets, parts.news, parts.partings, progress),
    ]
