"""An action's owner is reminded once before it is due and once after, and never of one that is done (RP06)."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.access import may_see
from bot.agenda import REMIND_OF_ACTIONS
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.waiting import WayOn
from rules.clients.people import Member
from rules.decisions.plan import Plan
from rules.decisions.planning import numbered, reminded_on, reminders
from rules.decisions.revising import action_of
from rules.local_days import at_local_time, local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import OTHERWISE, NeedKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name

REMINDED_AT = time(9, 0)


class ActionReminderService:
    """What the sweep asks for, one plan at a time."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def remind(self, workspace_id: str, plan_id: str) -> None:
        """Tells the owners of what is due tomorrow or was due yesterday, and sets the day after that."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            unit.clients.lock(unit.plans.get(plan_id).client_id)
            plan = numbered(unit.plans.get(plan_id))
            remind_of_actions(unit, plan, now)
            today = local_day(now, unit.workspace().timezone)
            # After an outage only what is true by now is said.
            newest = {action.id: on for action, on in reminders(plan) if on <= today}
            for action_id, on in newest.items():
                action = action_of(plan, action_id)
                subject = f"{plan.id}:{action_id}:{on.isoformat()}"
                details = f"{plan.id}:{action_id}"
                nudge(
                    unit,
                    NudgeKind.PLAN_ACTION,
                    action.owner_id,
                    subject=subject,
                    now=now,
                    client_id=plan.client_id,
                    details=details,
                )


def remind_of_actions(unit: UnitOfWork, plan: Plan, now: datetime) -> None:
    """Sets the next day on which somebody has to hear of an action."""
    timezone = unit.workspace().timezone
    moments = [at_local_time(on, timezone, REMINDED_AT) for _, on in reminders(plan)]
    coming = [moment for moment in moments if moment > now]
    if coming:
        unit.dues.set(REMIND_OF_ACTIONS.at(min(coming), unit.workspace_id, plan.id))
    else:
        unit.dues.drop(REMIND_OF_ACTIONS, plan.id)


def action_due(unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
    """True until the action is done, dropped, moved to another owner or day, or the plan is over."""
    plan_id, _, action_id = known.details.partition(":")
    plan = numbered(unit.plans.get(plan_id))
    client = unit.clients.get(plan.client_id)
    action = next((each for each in plan.actions if each.id == action_id), None)
    if plan.ended_at or action is None or not action.is_open or not may_see(reader, client):
        return None
    raised_for = date.fromisoformat(known.subject.rpartition(":")[2])
    late = local_day(now, unit.workspace().timezone) > action.due_on
    if action.owner_id != reader.id or raised_for != reminded_on(action, late=late):
        return None
    day = day_name(action.due_on)
    what = (
        Sentence("“{text}” was promised for {day} and is not done.", text=action.text, day=day)
        if late
        else Sentence("“{text}” is promised for {day}.", text=action.text, day=day)
    )
    value = f"{plan.id}:{action.id}"
    return Told(
        about=client.name,
        what=what,
        ways=(
            Way(WayOn.PLAN_ACTION_DONE, value),
            Way(WayOn.CHANGE_PLAN_ACTION, value),
        ),
        otherwise=OTHERWISE[NeedKind.PROMISE],
    )
