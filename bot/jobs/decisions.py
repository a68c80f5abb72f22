"""Plans, answers and decisions in the background: what is reminded of when, and who is told."""

from __future__ import annotations

from contextlib import suppress

from bot.agenda import (
    END_WINDOW,
    REMIND_CHECKPOINT,
    REMIND_CONFIRMATION,
    REMIND_OF_ACTIONS,
    TELL_DECIDED,
)
from bot.announcer import Announcer
from bot.services.agreements.replies import ReplyService
from bot.services.decisions.action_reminders import ActionReminderService
from bot.services.decisions.decisions import DecisionService
from bot.services.decisions.plans import PlanService
from bot.views.decisions.decide import settled_notice
from rules.errors import RefusedError
from rules.nudges.kinds import AtOnce
from rules.ports import Workflow


class DecisionBulletin:
    """Tells those who took a decision that it is confirmed, and nobody else: one private word each."""

    def __init__(self, announcer: Announcer, decisions: DecisionService) -> None:
        self._announcer = announcer
        self._decisions = decisions

    def tell(self, workspace_id: str, decision_id: str) -> None:
        request = self._decisions.settled(workspace_id, decision_id)
        for member in request.members:
            key = f"decided:{decision_id}:{member.id}"
            # One who has just left the team keeps it from nobody else.
            with suppress(RefusedError):
                self._announcer.whisper(
                    workspace_id, member.id, settled_notice(request), key=key, at_once=AtOnce.ANSWER
                )


def workflows(
    plans: PlanService,
    actions: ActionReminderService,
    replies: ReplyService,
    decisions: DecisionService,
    bulletin: DecisionBulletin,
) -> list[Workflow]:
    return [
        REMIND_CHECKPOINT.does(plans.remind, plans.remind_next),
        REMIND_OF_ACTIONS.does(actions.remind),
        END_WINDOW.does(replies.end, replies.told),
        REMIND_CONFIRMATION.does(decisions.request, decisions.request_next),
        TELL_DECIDED.does(bulletin.tell, decisions.told),
    ]
