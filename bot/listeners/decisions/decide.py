"""Considering, deciding, confirming and reopening, for those who decide (FG01-FG19, DC01-DC09)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.decisions.cases import CaseSheet
from bot.services.decisions.considerations import ConsiderationService
from bot.services.decisions.decisions import DecisionService
from bot.views.clients.contract import read_contract
from bot.views.decisions import answers
from bot.views.decisions.decide import case_dialog, going_on_dialog
from rules.clients.client import Client
from rules.clients.people import Member
from rules.decisions.decision import Decision

DrawForSheet = Callable[[CaseSheet, Decision], View]
DrawForClient = Callable[[Client, Decision], View]


class ConsiderDesk:
    """From the thought to a checklist that is complete, or back to work."""

    def __init__(self, considerations: ConsiderationService) -> None:
        self._considerations = considerations

    def open(self, call: Call, client_id: str) -> Reply:
        """The case as it stands; the form where there is none."""
        sheet = self._considerations.sheet(call.workspace_id, call.member, client_id)
        return shown(sheet) if sheet.decision else Show(answers.consider_form(sheet.client, sheet.quiet_since))

    def open_clicked(self, call: ClickCall) -> Reply:
        return self.open(call, call.value)

    def consider(self, call: FormCall) -> Reply:
        thought = answers.read_consider(call.values)
        return shown(self._considerations.consider(call.workspace_id, call.member, call.memo["client"], thought))

    def asking(self, draw: DrawForSheet) -> Callable[[ClickCall], Reply]:
        """Opens a form about the case; a case that was dropped meanwhile is shown instead."""

        def ask(call: ClickCall) -> Reply:
            sheet = self._considerations.sheet_of_decision(call.workspace_id, call.member, call.value)
            decision = sheet.decision
            return Show(draw(sheet, decision)) if decision and not decision.dropped_at else shown(sheet)

        return ask

    def see_both_sides(self, call: FormCall) -> Reply:
        return shown(self._considerations.see_both_sides(*_addressed(call), *answers.read_perspective(call.values)))

    def see_impact(self, call: FormCall) -> Reply:
        on_work, on_business = answers.read_impact(call.values)
        return shown(self._considerations.see_impact(*_addressed(call), on_work, on_business))

    def review_contract(self, call: FormCall) -> Reply:
        sheet = self._considerations.sheet_of_decision(*_addressed(call))
        contract = read_contract(call.values, sheet.client.contract)
        return shown(self._considerations.review_contract(*_addressed(call), contract))

    def skip_plan(self, call: FormCall) -> Reply:
        return shown(self._considerations.skip_plan(*_addressed(call), answers.read_reason(call.values)))

    def plead(self, call: FormCall) -> Reply:
        return shown(self._considerations.plead(*_addressed(call), answers.read_exception(call.values)))

    def state_fade(self, call: FormCall) -> Reply:
        work_finished, all_paid = answers.read_fade(call.values)
        return shown(self._considerations.state_fade(*_addressed(call), work_finished=work_finished, all_paid=all_paid))

    def drop(self, call: FormCall) -> Reply:
        return Show(going_on_dialog(self._considerations.drop(*_addressed(call), answers.read_reason(call.values))))


class DecideDesk:
    """The only clicks that lead to `decided` and back."""

    def __init__(self, decisions: DecisionService) -> None:
        self._decisions = decisions

    def decide(self, call: FormCall) -> Reply:
        return shown(self._decisions.decide(*_addressed(call), answers.read_decide(call.values)))

    def confirm(self, call: FormCall) -> Reply:
        return shown(self._decisions.confirm(*_addressed(call)))

    def ask_to_reopen(self, call: FormCall) -> Reply:
        fact, owner_id = answers.read_reopen(call.values)
        return shown(self._decisions.ask_to_reopen(*_addressed(call), fact, owner_id))

    def keep(self, call: ClickCall) -> Reply:
        return shown(self._decisions.keep(call.workspace_id, call.member, call.value))

    def reopen(self, call: ClickCall) -> Reply:
        return Show(going_on_dialog(self._decisions.reopen(call.workspace_id, call.member, call.value)))


def shown(sheet: CaseSheet) -> Reply:
    return Show(case_dialog(sheet, sheet.decision) if sheet.decision else going_on_dialog(sheet))


def _addressed(call: FormCall) -> tuple[str, Member, str]:
    """Where, who and about what: every form of a case carries the decision's id."""
    return call.workspace_id, call.member, call.memo["decision"]


def _of_client(draw: DrawForClient) -> DrawForSheet:
    return lambda sheet, decision: draw(sheet.client, decision)


def register(desk: Desk, considerations: ConsiderationService, decisions: DecisionService) -> None:
    case, verdict = ConsiderDesk(considerations), DecideDesk(decisions)
    desk.click(Action.CONSIDER, case.open_clicked)
    desk.form(Form.CONSIDER, case.consider)
    _register_answers(desk, case)
    desk.click(Action.DECIDE, case.asking(answers.decide_form))
    desk.form(Form.DECIDE, verdict.decide)
    desk.click(Action.CONFIRM, case.asking(answers.confirm_form))
    desk.form(Form.CONFIRM, verdict.confirm)
    desk.click(Action.ASK_TO_REOPEN, case.asking(answers.reopen_form))
    desk.form(Form.ASK_TO_REOPEN, verdict.ask_to_reopen)
    desk.click(Action.REOPEN, verdict.reopen)
    desk.click(Action.KEEP_DECISION, verdict.keep)


def _register_answers(desk: Desk, case: ConsiderDesk) -> None:
    desk.click(Action.PERSPECTIVE, case.asking(answers.perspective_form))
    desk.form(Form.PERSPECTIVE, case.see_both_sides)
    desk.click(Action.IMPACT, case.asking(answers.impact_form))
    desk.form(Form.IMPACT, case.see_impact)
    desk.click(Action.CONTRACT, case.asking(_of_client(answers.contract_form)))
    desk.form(Form.CONTRACT, case.review_contract)
    desk.click(Action.SKIP_PLAN, case.asking(_of_client(answers.skip_plan_form)))
    desk.form(Form.SKIP_PLAN, case.skip_plan)
    desk.click(Action.EXCEPTION, case.asking(_of_client(answers.exception_form)))
    desk.form(Form.EXCEPTION, case.plead)
    desk.click(Action.FADE, case.asking(_of_client(answers.fade_form)))
    desk.form(Form.FADE, case.state_fade)
    desk.click(Action.DROP_DECISION, case.asking(_of_client(answers.drop_form)))
    desk.form(Form.DROP_DECISION, case.drop)


def opens(considerations: ConsiderationService) -> dict[str, Callable[[Call, str], Reply]]:
    """The verbs of `/client NAME ...`; both lead to the same dialog."""
    case = ConsiderDesk(considerations)
    return {"consider": case.open, "end": case.open}
