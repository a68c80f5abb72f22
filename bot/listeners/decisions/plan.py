"""Plans: a look at ourselves, start one, hold its checkpoints, finish it (RP01-RP12)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.decisions.plan_files import PlanSheet
from bot.services.decisions.plans import PlanService
from bot.views.decisions import checkpoint, plan_start
from bot.views.decisions.plan import plan_dialog
from bot.views.decisions.ways import ways_dialog
from rules.clients.stages import Stage
from rules.decisions.perspective import Perspective
from rules.decisions.plan import Coaching, Outcome


class PlanDesk:
    """What can be done with plans in Slack."""

    def __init__(self, plans: PlanService) -> None:
        self._plans = plans

    def open(self, call: Call, client_id: str) -> Reply:
        """The plan where one runs or is to be drawn a lesson from; otherwise what comes before a new one."""
        sheet = self._plans.sheet(call.workspace_id, call.member, client_id)
        if sheet.is_running or sheet.client.stage is Stage.AMENDING:
            return self.shown(sheet)
        return _beginning(call, sheet)

    def open_clicked(self, call: ClickCall) -> Reply:
        return self.open(call, call.value)

    def begin(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet(call.workspace_id, call.member, call.value)
        return self.shown(sheet) if sheet.is_running else _beginning(call, sheet)

    def assess(self, call: FormCall) -> Reply:
        blank = Perspective(
            id="", workspace_id=call.workspace_id, client_id="", ours="", owed="", they_say="", by_id="", at=call.now
        )
        answers = plan_start.read_ourselves(call.values, blank)
        sheet = self._plans.assess(call.workspace_id, call.member, call.memo["client"], answers)
        if answers.coaching is Coaching.NO:
            return Show(plan_start.no_coaching_dialog(sheet))
        return Show(plan_start.plan_form(sheet, call.member.id))

    def start(self, call: FormCall) -> Reply:
        draft = plan_start.read_plan(call.values)
        return self.shown(self._plans.start(call.workspace_id, call.member, call.memo["client"], draft))

    def ask_checkpoint(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet_of_plan(call.workspace_id, call.member, call.value)
        if sheet.plan is None or sheet.next_checkpoint is None:
            return self.shown(sheet)
        return Show(checkpoint.checkpoint_form(sheet, sheet.plan, sheet.next_checkpoint))

    def hold(self, call: FormCall) -> Reply:
        meeting = checkpoint.read_checkpoint(call.values, call.memo)
        sheet = self._plans.hold(call.workspace_id, call.member, call.memo["plan"], meeting)
        return self._followed(sheet, meeting.then)

    def ask_outcome(self, call: ClickCall) -> Reply:
        sheet = self._plans.sheet_of_plan(call.workspace_id, call.member, call.value)
        if sheet.plan is None or not sheet.is_running:
            return self.shown(sheet)
        return Show(checkpoint.finish_form(sheet, sheet.plan))

    def finish(self, call: FormCall) -> Reply:
        outcome, note = checkpoint.read_finish(call.values)
        sheet = self._plans.finish(call.workspace_id, call.member, call.memo["plan"], outcome, note)
        return self._followed(sheet, outcome)

    def _followed(self, sheet: PlanSheet, outcome: Outcome | None) -> Reply:
        """More time is a moment to look at the other ways."""
        if outcome is Outcome.EXTEND and sheet.plan:
            return Show(ways_dialog(sheet, sheet.plan))
        return self.shown(sheet)

    @staticmethod
    def shown(sheet: PlanSheet) -> Reply:
        return Show(plan_dialog(sheet, sheet.plan) if sheet.plan else plan_start.ourselves_form(sheet))


def _beginning(call: Call, sheet: PlanSheet) -> Reply:
    if sheet.perspective is None:
        return Show(plan_start.ourselves_form(sheet))
    return Show(plan_start.plan_form(sheet, call.member.id))


def register(desk: Desk, plans: PlanService) -> None:
    plan = PlanDesk(plans)
    desk.click(Action.PLAN, plan.open_clicked)
    desk.click(Action.NEW_PLAN, plan.begin)
    desk.click(Action.BEGIN_PLAN, plan.begin)
    desk.click(Action.CHECKPOINT, plan.ask_checkpoint)
    desk.click(Action.FINISH_PLAN, plan.ask_outcome)
    desk.form(Form.LOOK_AT_OURSELVES, plan.assess)
    desk.form(Form.PLAN, plan.start)
    desk.form(Form.CHECKPOINT, plan.hold)
    desk.form(Form.FINISH_PLAN, plan.finish)


def opens(plans: PlanService) -> dict[str, Callable[[Call, str], Reply]]:
    """The verbs of `/client NAME ...`."""
    return {"plan": PlanDesk(plans).open}
