"""Expectations, the page for the client, objections and the next term (AM16-AM19)."""

from __future__ import annotations

from bot.access import may_decide
from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.agreements.accords import AccordService, AccordSheet
from bot.services.agreements.page_files import PageFileService
from bot.views.agreements import accord as views
from rules.clients.accord import Expectation, Party, line_of, milestone_of


class AccordDesk:
    """Each form ends on the list of expectations."""

    def __init__(self, accords: AccordService, files: PageFileService) -> None:
        self._accords = accords
        self._files = files

    def show(self, call: ClickCall) -> Reply:
        return Show(views.accord_dialog(self._sheet(call)))

    def page(self, call: ClickCall) -> Reply:
        return Show(views.page_dialog(self._sheet(call)))

    def take_file(self, call: ClickCall) -> Reply:
        return Show(views.on_its_way(self._files.ask(call.workspace_id, call.member, call.value)))

    def brief(self, call: ClickCall) -> Reply:
        return Show(views.brief_dialog(self._sheet(call)))

    def former(self, call: ClickCall) -> Reply:
        return Show(views.former_dialog(self._sheet(call)))

    def ask_goal(self, call: ClickCall) -> Reply:
        return Show(views.goal_form(self._sheet(call)))

    def ask_objection(self, call: ClickCall) -> Reply:
        client_id, _, line_id = call.value.partition(":")
        return Show(views.objection_form(self._accords.sheet(call.workspace_id, call.member, client_id), line_id))

    def ask_renewal(self, call: ClickCall) -> Reply:
        return Show(views.renewal_form(self._sheet(call)))

    def ask_new(self, call: ClickCall) -> Reply:
        return Show(views.expectation_form(self._sheet(call), None))

    def ask_known(self, call: ClickCall) -> Reply:
        client_id, _, line_id = call.value.partition(":")
        sheet = self._accords.sheet(call.workspace_id, call.member, client_id)
        return Show(views.expectation_form(sheet, line_of(sheet.accord, line_id)))

    def ask_milestone(self, call: ClickCall) -> Reply:
        accord_id, _, milestone_id = call.value.partition(":")
        sheet = self._accords.sheet_of(call.workspace_id, call.member, accord_id)
        return Show(views.milestone_form(sheet, *milestone_of(sheet.accord, milestone_id)))

    def expect(self, call: FormCall) -> Reply:
        blank = Expectation(id="", text="", party=Party.BOTH, changed_at=call.now)
        line = views.read_expectation(call.values, call.memo, blank)
        where = call.workspace_id, call.member, call.memo["client"]
        sheet = self._accords.expect(*where, line) if line else self._accords.drop(*where, call.memo["line"])
        return Show(views.accord_dialog(sheet))

    def settle(self, call: FormCall) -> Reply:
        state, other_day = views.read_milestone(call.values)
        where = call.workspace_id, call.member, call.memo["client"], call.memo["milestone"]
        if state:
            return Show(views.accord_dialog(self._accords.settle(*where, state)))
        return Show(views.accord_dialog(self._accords.move(*where, other_day or call.now.date())))

    def share(self, call: ClickCall) -> Reply:
        return Show(views.accord_dialog(self._accords.share(call.workspace_id, call.member, call.value)))

    def object(self, call: FormCall) -> Reply:
        line_id, said = str(call.values["line"]), str(call.values.get("said") or "")
        sheet = self._accords.object(call.workspace_id, call.member, call.memo["client"], line_id, said)
        return Show(views.accord_dialog(sheet))

    def set_goal(self, call: FormCall) -> Reply:
        goal = str(call.values.get("goal") or "")
        sheet = self._accords.set_goal(call.workspace_id, call.member, call.memo["client"], goal)
        return Show(views.accord_dialog(sheet))

    def renew(self, call: FormCall) -> Reply:
        renewal = views.read_renewal(call.values)
        sheet = self._accords.renew(call.workspace_id, call.member, call.memo["client"], renewal)
        if renewal.goes_on:
            return Show(views.accord_dialog(sheet))
        return Show(views.not_renewed_dialog(sheet, may_decide=may_decide(call.member, sheet.client)))

    def _sheet(self, call: ClickCall) -> AccordSheet:
        return self._accords.sheet(call.workspace_id, call.member, call.value)


def register(desk: Desk, accords: AccordService, files: PageFileService) -> None:
    here = AccordDesk(accords, files)
    desk.click(Action.PAGE_FILE, here.take_file)
    desk.click(Action.EXPECTATIONS, here.show)
    desk.click(Action.ADD_EXPECTATION, here.ask_new)
    desk.click(Action.CHANGE_EXPECTATION, here.ask_known)
    desk.click(Action.SETTLE_MILESTONE, here.ask_milestone)
    desk.click(Action.AGREED_PAGE, here.page)
    desk.click(Action.SHARE_PAGE, here.share)
    desk.click(Action.OBJECTION, here.ask_objection)
    desk.click(Action.SHARED_GOAL, here.ask_goal)
    desk.click(Action.HANDOVER_BRIEF, here.brief)
    desk.click(Action.RENEW, here.ask_renewal)
    desk.click(Action.FORMER_TERMS, here.former)
    desk.form(Form.EXPECTATION, here.expect)
    desk.form(Form.SETTLE_MILESTONE, here.settle)
    desk.form(Form.OBJECTION, here.object)
    desk.form(Form.SHARED_GOAL, here.set_goal)
    desk.form(Form.RENEWAL, here.renew)
