"""A plan that runs is changed: its concerns, actions, goal, ways and talks (RP03-RP06, RP10, AM09, AM25)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.decisions.plan_files import PlanSheet
from bot.services.decisions.plans import PlanService
from bot.services.decisions.revisions import PlanRevisionService
from bot.views.decisions import plan_changes, ways
from bot.views.decisions.plan import plan_dialog
from bot.views.decisions.plan_start import ourselves_form
from rules.decisions.plan import Plan
from rules.decisions.revising import action_of, concern_of

Draw = Callable[[PlanSheet, Plan, str, str], View]


class ReviseDesk:
    """A form that belongs to a plan which is over shows the plan instead."""

    def __init__(self, plans: PlanService, revisions: PlanRevisionService) -> None:
        self._plans = plans
        self._revisions = revisions

    def asking(self, draw: Draw, *, also_over: bool = False) -> Callable[[ClickCall], Reply]:
        """`draw` gets the sheet, the plan, what stands behind the plan's id, and who asks."""

        def ask(call: ClickCall) -> Reply:
            plan_id, _, rest = call.value.partition(":")
            sheet = self._plans.sheet_of_plan(call.workspace_id, call.member, plan_id)
            if sheet.plan is None or not (sheet.is_running or also_over):
                return _shown(sheet)
            return Show(draw(sheet, sheet.plan, rest, call.member.id))

        return ask

    def save_action(self, call: FormCall) -> Reply:
        action = plan_changes.read_action(call.values, call.memo)
        save = self._revisions.change_action if action.id else self._revisions.add_actions
        return _shown(save(call.workspace_id, call.member, call.memo["plan"], action))

    def finish_action(self, call: ClickCall) -> Reply:
        plan_id, _, action_id = call.value.partition(":")
        return _shown(self._revisions.finish_action(call.workspace_id, call.member, plan_id, action_id))

    def save_concern(self, call: FormCall) -> Reply:
        concern, drop = plan_changes.read_concern(call.values, call.memo)
        where = call.workspace_id, call.member, call.memo["plan"]
        if drop:
            return _shown(self._revisions.drop_concern(*where, concern.id))
        if concern.id:
            return _shown(self._revisions.change_concern(*where, concern))
        return _shown(self._revisions.add_concern(*where, concern, plan_changes.read_action(call.values, {})))

    def reshape(self, call: FormCall) -> Reply:
        shape = plan_changes.read_shape(call.values)
        return _shown(self._revisions.reshape(call.workspace_id, call.member, call.memo["plan"], shape))

    def take_way(self, call: FormCall) -> Reply:
        today = self._plans.sheet_of_plan(call.workspace_id, call.member, call.memo["plan"]).today
        taken = ways.read_way(call.values, call.memo["way"], today)
        return _shown(self._revisions.add_actions(call.workspace_id, call.member, call.memo["plan"], *taken))

    def prepare_talk(self, call: FormCall) -> Reply:
        points = ways.read_talk(call.values, call.memo)
        sheet = self._revisions.prepare_talk(call.workspace_id, call.member, call.memo["plan"], points)
        return Show(ways.way_dialog(sheet, sheet.plan, points.way)) if sheet.plan else _shown(sheet)


def _shown(sheet: PlanSheet) -> Reply:
    return Show(plan_dialog(sheet, sheet.plan) if sheet.plan else ourselves_form(sheet))


def register(desk: Desk, plans: PlanService, revisions: PlanRevisionService) -> None:
    here = ReviseDesk(plans, revisions)
    desk.click(Action.ADD_PLAN_ACTION, here.asking(_new_action))
    desk.click(Action.CHANGE_PLAN_ACTION, here.asking(_known_action))
    desk.click(Action.PLAN_ACTION_DONE, here.finish_action)
    desk.click(Action.ADD_CONCERN, here.asking(_new_concern))
    desk.click(Action.CHANGE_CONCERN, here.asking(_known_concern))
    desk.click(Action.CHANGE_PLAN, here.asking(lambda sheet, plan, *_: plan_changes.shape_form(sheet, plan)))
    history = here.asking(lambda sheet, plan, *_: plan_changes.history_dialog(sheet, plan), also_over=True)
    desk.click(Action.PLAN_HISTORY, history)
    desk.form(Form.PLAN_ACTION, here.save_action)
    desk.form(Form.PLAN_CONCERN, here.save_concern)
    desk.form(Form.PLAN_SHAPE, here.reshape)
    desk.click(Action.WAYS, here.asking(lambda sheet, plan, *_: ways.ways_dialog(sheet, plan), also_over=True))
    way = here.asking(lambda sheet, plan, code, _who: ways.way_dialog(sheet, plan, code), also_over=True)
    desk.click(Action.MENDING_WAY, way)
    desk.click(Action.TAKE_WAY, here.asking(ways.take_way_form))
    desk.click(Action.TALK_POINTS, here.asking(lambda sheet, plan, code, _who: ways.talk_form(sheet, plan, code)))
    desk.form(Form.TAKE_WAY, here.take_way)
    desk.form(Form.TALK_POINTS, here.prepare_talk)


def _new_action(sheet: PlanSheet, plan: Plan, _key: str, who: str) -> View:
    return plan_changes.action_form(sheet, plan, None, who)


def _known_action(sheet: PlanSheet, plan: Plan, action_id: str, who: str) -> View:
    return plan_changes.action_form(sheet, plan, action_of(plan, action_id), who)


def _new_concern(sheet: PlanSheet, plan: Plan, _key: str, who: str) -> View:
    return plan_changes.concern_form(sheet, plan, None, who)


def _known_concern(sheet: PlanSheet, plan: Plan, concern_id: str, who: str) -> View:
    return plan_changes.concern_form(sheet, plan, concern_of(plan, concern_id), who)
