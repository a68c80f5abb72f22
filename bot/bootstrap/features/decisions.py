"""Plans that mend, and the fair decision to part."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import decisions as decision_jobs
from bot.listeners.decisions import decide, plan, revise
from bot.services.agreements.replies import ReplyService
from bot.services.decisions import action_reminders as of_actions
from bot.services.decisions.action_reminders import ActionReminderService
from bot.services.decisions.considerations import ConsiderationService
from bot.services.decisions.decisions import DecisionService
from bot.services.decisions.plans import PlanService
from bot.services.decisions.revisions import PlanRevisionService
from rules.nudges.kinds import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNeeds:
    """Use cases of plans and decisions."""

    plans: PlanService
    revisions: PlanRevisionService
    action_reminders: ActionReminderService
    considerations: ConsiderationService
    decisions: DecisionService
    replies: ReplyService


def build(kit: Kit, of: DecisionNeeds) -> Feature:
    def register(desk: BoltDesk) -> None:
        plan.register(desk, of.plans)
        revise.register(desk, of.plans, of.revisions)
        decide.register(desk, of.considerations, of.decisions)

    return Feature(
        register=register,
        workflows=decision_jobs.workflows(
            of.plans,
            of.action_reminders,
            of.replies,
            of.decisions,
            decision_jobs.DecisionBulletin(kit.announcer, of.decisions),
        ),
        truths={
            NudgeKind.CHECKPOINT: of.plans.due_checkpoint,
            NudgeKind.PLAN_ACTION: of_actions.action_due,
            NudgeKind.CONFIRMATION: of.decisions.to_confirm,
        },
        opens={**plan.opens(of.plans), **decide.opens(of.considerations)},
    )
