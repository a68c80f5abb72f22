"""The agreement dialog with its forms: agreement, invoices, payments, hours."""

from __future__ import annotations

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.agreements.agreements import AgreementService
from bot.services.agreements.money import MoneyService
from bot.views.agreements import agreement as views
from rules.local_days import local_day


class AgreementDesk:
    """Each form ends on the dialog that it was opened from."""

    def __init__(self, agreements: AgreementService, money: MoneyService) -> None:
        self._agreements = agreements
        self._money = money

    def show(self, call: Call, client_id: str) -> Reply:
        return Show(views.agreement_dialog(self._agreements.sheet(call.workspace_id, call.member, client_id)))

    def change(self, call: ClickCall) -> Reply:
        sheet = self._agreements.sheet(call.workspace_id, call.member, call.value)
        return Show(views.agreement_form(sheet.client, sheet.habits))

    def ask_satisfaction(self, call: ClickCall) -> Reply:
        sheet = self._agreements.sheet(call.workspace_id, call.member, call.value)
        return Show(views.satisfaction_form(sheet.client, sheet.today))

    def hear(self, call: FormCall) -> Reply:
        said = views.read_satisfaction(call.values)
        sheet = self._agreements.hear(call.workspace_id, call.member, call.memo["client"], said)
        return Show(views.agreement_dialog(sheet))

    def agree(self, call: FormCall) -> Reply:
        agreed = views.read_agreement_form(call.values)
        sheet = self._agreements.agree(
            call.workspace_id, call.member, call.memo["client"], agreed, str(call.values.get("habits") or "")
        )
        ends_on = views.read_term(call.values)
        if ends_on != sheet.client.contract.ends_on:
            sheet = self._agreements.set_term(call.workspace_id, call.member, sheet.client.id, ends_on)
        return Show(views.agreement_dialog(sheet))

    def invoice_form(self, call: ClickCall) -> Reply:
        sheet = self._agreements.sheet(call.workspace_id, call.member, call.value)
        return Show(views.invoice_form(sheet.client.id, sheet.today))

    def add_invoice(self, call: FormCall) -> Reply:
        client_id = call.memo["client"]
        today = self._agreements.sheet(call.workspace_id, call.member, client_id).today
        self._money.add(call.workspace_id, call.member, client_id, views.read_invoice_form(call.values, today))
        return self.show(call, client_id)

    def payment_form(self, call: ClickCall) -> Reply:
        invoice = self._money.invoice(call.workspace_id, call.member, call.value)
        return Show(
            views.payment_form(invoice, self._agreements.sheet(call.workspace_id, call.member, invoice.client_id).today)
        )

    def pay(self, call: FormCall) -> Reply:
        sheet = self._agreements.sheet(call.workspace_id, call.member, call.memo["client"])
        paid_on = views.read_payment_form(call.values, local_day(call.now, sheet.timezone))
        self._money.pay(call.workspace_id, call.member, call.memo["invoice"], paid_on)
        return self.show(call, call.memo["client"])

    def hours_form(self, call: ClickCall) -> Reply:
        sheet = self._agreements.sheet(call.workspace_id, call.member, call.value)
        return Show(views.hours_form(sheet.client, sheet.today))

    def type_hours(self, call: FormCall) -> Reply:
        month, hours = views.read_hours_form(call.values)
        self._money.type_hours(call.workspace_id, call.member, call.memo["client"], month, hours)
        return self.show(call, call.memo["client"])


def register(desk: Desk, here: AgreementDesk) -> None:
    desk.click(Action.AGREEMENT, lambda call: here.show(call, call.value))
    desk.click(Action.CHANGE_AGREEMENT, here.change)
    desk.click(Action.ADD_INVOICE, here.invoice_form)
    desk.click(Action.INVOICE_PAID, here.payment_form)
    desk.click(Action.TYPE_HOURS, here.hours_form)
    desk.click(Action.SATISFACTION, here.ask_satisfaction)
    desk.form(Form.SATISFACTION, here.hear)
    desk.form(Form.AGREEMENT, here.agree)
    desk.form(Form.INVOICE, here.add_invoice)
    desk.form(Form.INVOICE_PAID, here.pay)
    desk.form(Form.HOURS, here.type_hours)
