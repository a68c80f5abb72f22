"""Contacts, contract and the last day: what a letter may ask for, completed at any time (CN01-CN08)."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Private, Reply, Show
from bot.services.partings.last_days import LastDayService
from bot.services.partings.notices import NoticeService
from bot.services.partings.particulars import Particulars, ParticularsService
from bot.views.blocks import notice_view
from bot.views.clients import particulars as views
from bot.views.clients.contract import read_contract
from bot.views.partings import last_day
from bot.views.partings.letter import letter_dialog


class ParticularsDesk:
    """For those who decide about the client."""

    def __init__(self, particulars: ParticularsService, notices: NoticeService) -> None:
        self._particulars = particulars
        self._notices = notices

    def ask_contacts(self, call: ClickCall) -> Reply:
        return Show(views.contacts_form(self._particulars.sheet(call.workspace_id, call.member, call.value).client))

    def set_contacts(self, call: FormCall) -> Reply:
        contacts = views.read_contacts(call.values)
        return self._saved(
            call, self._particulars.set_contacts(call.workspace_id, call.member, call.memo["client"], contacts)
        )

    def ask_contract(self, call: ClickCall) -> Reply:
        return Show(views.contract_form(self._particulars.sheet(call.workspace_id, call.member, call.value).client))

    def set_contract(self, call: FormCall) -> Reply:
        client_id = call.memo["client"]
        before = self._particulars.sheet(call.workspace_id, call.member, client_id).client.contract
        contract = read_contract(call.values, before)
        return self._saved(call, self._particulars.set_contract(call.workspace_id, call.member, client_id, contract))

    def _saved(self, call: FormCall, known: Particulars) -> Reply:
        """Back to the letter, where there is one: it may have asked."""
        if known.parting:
            sheet = self._notices.of_client(call.workspace_id, call.member, known.client.id)
            if sheet.notice:
                return Show(letter_dialog(sheet))
        return Show(notice_view(views.saved(known.client)))


class LastDayDesk:
    """The line of time, and another last day."""

    def __init__(self, last_days: LastDayService) -> None:
        self._last_days = last_days

    def open(self, call: ClickCall) -> Reply:
        return Show(last_day.last_day_dialog(self._last_days.sheet(call.workspace_id, call.member, call.value)))

    def ask(self, call: ClickCall) -> Reply:
        sheet = self._last_days.sheet(call.workspace_id, call.member, call.value)
        return Show(last_day.last_day_form(sheet) if sheet.may_decide else last_day.last_day_dialog(sheet))

    def choose(self, call: FormCall) -> Reply:
        wish = last_day.read_wish(call.values, call.memo)
        sheet = self._last_days.choose(call.workspace_id, call.member, call.memo["parting"], wish)
        return Show(last_day.last_day_dialog(sheet))

    def send_calendar(self, call: ClickCall) -> Reply:
        self._last_days.ask_calendar(call.workspace_id, call.member, call.value)
        told = last_day.calendar_on_its_way()
        return Show(notice_view(told)) if call.view_id else Private(told)


def register(desk: Desk, here: ParticularsDesk, days: LastDayDesk) -> None:
    desk.click(Action.CONTACTS, here.ask_contacts)
    desk.form(Form.CONTACTS, here.set_contacts)
    desk.click(Action.CLIENT_CONTRACT, here.ask_contract)
    desk.form(Form.CLIENT_CONTRACT, here.set_contract)
    desk.click(Action.LAST_DAY, days.open)
    desk.click(Action.CHOOSE_LAST_DAY, days.ask)
    desk.form(Form.LAST_DAY, days.choose)
    desk.click(Action.CALENDAR, days.send_calendar)
