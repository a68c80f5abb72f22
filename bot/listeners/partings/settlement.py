"""Money and belongings of a parting (WU11, HO07)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import ClickCall, Desk, FormCall, read_memo
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.partings.closing.settlements import SettlementService, SettlementSheet
from bot.views.partings import settlement as views
from rules.partings.belongings import SumState


class SettlementDesk:
    """What can be done with both lists in Slack."""

    def __init__(self, settlements: SettlementService) -> None:
        self._settlements = settlements

    def open(self, call: ClickCall) -> Reply:
        return _shown(self._settlements.sheet(call.workspace_id, call.member, call.value))

    def asking(self, ask: Callable[[SettlementSheet], View]) -> Callable[[ClickCall], Reply]:
        def asked(call: ClickCall) -> Reply:
            sheet = self._settlements.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet)) if sheet.may_decide and not sheet.is_over else _shown(sheet)

        return asked

    def add_sum(self, call: FormCall) -> Reply:
        new = views.read_sum(call.values)
        return _shown(self._settlements.add_sum(call.workspace_id, call.member, call.memo["parting"], new))

    def take_invoices(self, call: ClickCall) -> Reply:
        return _shown(self._settlements.take_invoices(call.workspace_id, call.member, call.value))

    def settle_sum(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        sheet = self._settlements.settle_sum(
            call.workspace_id, call.member, asked["parting"], asked["sum"], SumState.PAID
        )
        return _shown(sheet)

    def add_belonging(self, call: FormCall) -> Reply:
        new = views.read_belonging(call.values)
        return _shown(self._settlements.add_belonging(call.workspace_id, call.member, call.memo["parting"], new))

    def hand_back(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        return _shown(self._settlements.hand_back(call.workspace_id, call.member, asked["parting"], asked["thing"]))


def _shown(sheet: SettlementSheet) -> Reply:
    return Show(views.settlement_dialog(sheet))


def register(desk: Desk, settlements: SettlementService) -> None:
    here = SettlementDesk(settlements)
    desk.click(Action.SETTLEMENT, here.open)
    desk.click(Action.ADD_SUM, here.asking(views.sum_form))
    desk.form(Form.SUM, here.add_sum)
    desk.click(Action.TAKE_INVOICES, here.take_invoices)
    desk.click(Action.SETTLE_SUM, here.settle_sum)
    desk.click(Action.ADD_BELONGING, here.asking(views.belonging_form))
    desk.form(Form.BELONGING, here.add_belonging)
    desk.click(Action.HAND_BACK, here.hand_back)
