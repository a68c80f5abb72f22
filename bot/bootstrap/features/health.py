"""What the notes add up to, why, and whom it must reach."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import health as health_jobs
from bot.listeners.health import appraise, explain, pulse, track_record
from bot.services.agreements.money import MoneyService
from bot.services.health import fades
from bot.services.health.appraisals import AppraisalService
from bot.services.health.attention import AttentionService
from bot.services.health.explanations import ExplanationService
from bot.services.health.pictures import PictureService
from bot.services.health.pulses import PulseService
from bot.services.health.scorecards import HealthService
from bot.services.health.track_record import TrackRecordService
from bot.services.imports.folder import FolderService, import_trouble
from bot.services.needs.needs import NeedService
from rules.nudges.kinds import NudgeKind
from rules.ports import Charts


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthNeeds:
    """Use cases that health is made of."""

    health: HealthService
    explanations: ExplanationService
    pictures: PictureService
    appraisals: AppraisalService
    attention: AttentionService
    needs: NeedService
    pulses: PulseService
    money: MoneyService
    folder: FolderService
    records: TrackRecordService


def build(kit: Kit, of: HealthNeeds, charts: Charts) -> Feature:
    here = explain.ExplainDesk(of.explanations, of.pictures, kit.catalogue, kit.words)

    appraisals = appraise.AppraiseDesk(of.appraisals, here, kit.words)

    def register(desk: BoltDesk) -> None:
        explain.register(desk, here)
        appraise.register(desk, appraisals)
        pulse.register(desk, of.pulses)
        track_record.register(desk, of.records, kit.words)

    return Feature(
        register=register,
        workflows=health_jobs.workflows(
            health_jobs.Mornings(
                folder=of.folder,
                money=of.money,
                health=of.health,
                needs=of.needs,
                pulses=of.pulses,
            ),
            of.attention,
            health_jobs.AlarmBulletin(kit.announcer, of.attention),
            health_jobs.TrendBulletin(of.explanations, of.pictures, kit.announcer, kit.directory, charts, kit.words),
        ),
        truths={
            NudgeKind.EARLY_FLAG: of.attention.early_flag,
            NudgeKind.UNCONFIRMED: of.needs.unconfirmed,
            NudgeKind.NEXT_STEP: of.needs.overdue_step,
            NudgeKind.UNPLANNED: of.needs.unplanned,
            NudgeKind.RENEWAL: of.needs.term,
            NudgeKind.TERM_OVER: of.needs.term,
            NudgeKind.FADE: fades.has_faded,
            NudgeKind.LEFT: of.needs.left,
            NudgeKind.PULSE: of.pulses.question,
            NudgeKind.IMPORT_TROUBLE: import_trouble,
        },
        opens={**here.opens(), **appraisals.opens()},
    )
