"""Plans: start one, hold its checkpoints, finish it (RP01-RP12)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.decisions.plans import PlanService, PlanSheet
from bot.views.decisions.plan import (
    checkpoint_form,
    finish_form,
    plan_dialog,
    plan_form,
    read_checkpoint,
    read_finish,
    read_plan,
)
from rules.clients.stages import Stage


class PlanDesk:
    """What can be done with plans in Slack."""

    def __init__(self, plans: PlanService) -> None:
        self._plans = plans

    def open(self, call: Call, client_id: str) -> Reply:
        """The plan where one runs or is to be drawn a lesson from; otherwise the form."""
        sheet = self._plans.sheet(call.workspace_id, call.member, client_id)
        if sheet.is_running or sheet.client.stage is Stage.AMENDING:
            return self._shown(call, sheet)
        return Show(plan_form(sheet.client, sheet.today, call.member.id))

    def open_clicked(self, call: ClickCall) -> Reply:
        return self.open(call, call.value)

    def begin(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet(call.workspace_id, call.member, call.value)
        if sheet.is_running:
            return self._shown(call, sheet)
        return Show(plan_form(sheet.client, sheet.today, call.member.id))

    def start(self, call: FormCall) -> Reply:
        draft = read_plan(call.values)
        return self._shown(call, self._plans.start(call.workspace_id, call.member, call.memo["client"], draft))

    def ask_checkpoint(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet_of_plan(call.workspace_id, call.member, call.value)
        if sheet.plan is None or sheet.next_checkpoint is None:
            return self._shown(call, sheet)
        return Show(checkpoint_form(sheet.client, sheet.plan, sheet.next_checkpoint))

    def hold(self, call: FormCall) -> Reply:
        meeting = read_checkpoint(call.values, call.memo)
        return self._shown(call, self._plans.hold(call.workspace_id, call.member, call.memo["plan"], meeting))

    def ask_outcome(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet_of_plan(call.workspace_id, call.member, call.value)
        if sheet.plan is None or not sheet.is_running:
            return self._shown(call, sheet)
        return Show(finish_form(sheet.client, sheet.plan))

    def finish(self, call: FormCall) -> Reply:
        outcome, note = read_finish(call.values)
        return self._shown(call, self._plans.finish(call.workspace_id, call.member, call.memo["plan"], outcome, note))

    def _shown(self, call: Call, sheet: PlanSheet) -> Reply:
        if sheet.plan is None:
            return Show(plan_form(sheet.client, sheet.today, call.member.id))
        return Show(plan_dialog(sheet, sheet.plan))


def register(desk: Desk, plans: PlanService) -> None:
    plan = PlanDesk(plans)
    desk.click(Action.PLAN, plan.open_clicked)
    desk.click(Action.NEW_PLAN, plan.begin)
    desk.click(Action.CHECKPOINT, plan.ask_checkpoint)
    desk.click(Action.FINISH_PLAN, plan.ask_outcome)
    desk.form(Form.PLAN, plan.start)
    desk.form(Form.CHECKPOINT, plan.hold)
    desk.form(Form.FINISH_PLAN, plan.finish)


def opens(plans: PlanService) -> dict[str, Callable[[Call, str], Reply]]:
    """The verbs of `/client NAME ...`."""
    return {"plan": PlanDesk(plans).open}
