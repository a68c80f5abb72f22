"""Plans change while they run: concerns, actions, goal and talk, each change in the history (RP03-RP06, RP10, AM25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.access import require_ours, require_visible
from bot.services.audit import record
from bot.services.decisions.action_reminders import remind_of_actions
from bot.services.decisions.plan_files import PlanFiles, PlanSheet, locked_plan, require_owners
from rules.clients.people import Member
from rules.decisions import revising
from rules.decisions.plan import Action, ActionStatus, ChangeKind, Concern, Plan, PlanChange, Rhythm, TalkPoints
from rules.decisions.planning import require_running
from rules.decisions.revising import Stroke
from rules.errors import InvalidError
from rules.local_days import local_day
from rules.ports import Clock, Units
from rules.sentences import Sentence

Revise = Callable[[Plan, Stroke], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a plan aims at, apart from its concerns and actions."""

    goal: str
    target: str
    alternatives: str
    rhythm: Rhythm | None


class PlanRevisionService:
    """Everybody of the team who sees the client may."""

    def __init__(self, units: Units, clock: Clock, files: PlanFiles) -> None:
        self._units = units
        self._clock = clock
        self._files = files

    def add_concern(
        self, workspace_id: str, actor: Member, plan_id: str, concern: Concern, action: Action
    ) -> PlanSheet:
        def revise(plan: Plan, stroke: Stroke) -> Plan:
            return revising.with_concern(plan, concern, (action,), stroke)

        return self._revise(workspace_id, actor, plan_id, "concern added", revise)

    def change_concern(self, workspace_id: str, actor: Member, plan_id: str, concern: Concern) -> PlanSheet:
        def revise(plan: Plan, stroke: Stroke) -> Plan:
            known = revising.concern_of(plan, concern.id)
            return revising.changed_concern(plan, replace(concern, types=known.types), stroke)

        return self._revise(workspace_id, actor, plan_id, "concern changed", revise)

    def drop_concern(self, workspace_id: str, actor: Member, plan_id: str, concern_id: str) -> PlanSheet:
        def revise(plan: Plan, stroke: Stroke) -> Plan:
            return revising.dropped_concern(plan, concern_id, stroke)

        return self._revise(workspace_id, actor, plan_id, "concern dropped", revise)

    def add_actions(self, workspace_id: str, actor: Member, plan_id: str, *actions: Action) -> PlanSheet:
        """Own ones, or those of a way, as they were edited."""

        def revise(plan: Plan, stroke: Stroke) -> Plan:
            for action in actions:
                plan = revising.with_action(plan, action, stroke)
            return plan

        return self._revise(workspace_id, actor, plan_id, "action added", revise)

    def change_action(self, workspace_id: str, actor: Member, plan_id: str, action: Action) -> PlanSheet:
        """`action` bears what the form asks for; where it came from stays."""

        def revise(plan: Plan, stroke: Stroke) -> Plan:
            known = revising.action_of(plan, action.id)
            return revising.changed_action(plan, replace(action, way=known.way, ready=known.ready), stroke)

        return self._revise(workspace_id, actor, plan_id, "action changed", revise)

    def finish_action(self, workspace_id: str, actor: Member, plan_id: str, action_id: str) -> PlanSheet:
        def revise(plan: Plan, stroke: Stroke) -> Plan:
            done = replace(revising.action_of(plan, action_id), status=ActionStatus.DONE)
            return revising.changed_action(plan, done, stroke)

        return self._revise(workspace_id, actor, plan_id, "action done", revise)

    def reshape(self, workspace_id: str, actor: Member, plan_id: str, shape: Shape) -> PlanSheet:
        def revise(plan: Plan, stroke: Stroke) -> Plan:
            require_running(plan)
            if not shape.goal.strip():
                fault = "Write one sentence about the goal that both sides share."
                raise InvalidError(fault, {"goal": fault})
            what = Sentence("Goal: {goal}", goal=shape.goal)
            change = PlanChange(at=stroke.at, by_id=stroke.by_id, kind=ChangeKind.CHANGED, what=what, before=plan.goal)
            return replace(
                plan,
                goal=shape.goal.strip(),
                target=shape.target.strip(),
                alternatives=shape.alternatives.strip(),
                rhythm=shape.rhythm,
                changes=(*plan.changes, change),
            )

        return self._revise(workspace_id, actor, plan_id, "plan changed", revise)

    def prepare_talk(self, workspace_id: str, actor: Member, plan_id: str, points: TalkPoints) -> PlanSheet:
        """AM09: point by point, for our eyes."""

        def revise(plan: Plan, _stroke: Stroke) -> Plan:
            require_running(plan)
            return revising.with_talk(plan, points)

        return self._revise(workspace_id, actor, plan_id, "talk prepared", revise)

    def _revise(self, workspace_id: str, actor: Member, plan_id: str, action: str, revise: Revise) -> PlanSheet:
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, plan = locked_plan(unit, plan_id)
            require_visible(actor, client)
            today = local_day(now, unit.workspace().timezone)
            revised = revise(plan, Stroke(by_id=actor.id, at=now, today=today))
            if revised != plan:
                known = {each.owner_id for each in plan.actions}
                require_owners(unit, client, [each for each in revised.actions if each.owner_id not in known])
                unit.plans.save(revised)
                remind_of_actions(unit, revised, now)
                record(unit, actor, now, action, plan_id)
            return self._files.sheet(unit, actor, client, revised)
