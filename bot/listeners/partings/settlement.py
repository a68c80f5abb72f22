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
        new, parting_id = views.read_sum(call.values), call.memo["parting"]
        if "entry" not in call.memo:
            return _shown(self._settlements.add_sum(call.workspace_id, call.member, parting_id, new))
        about = (call.memo["entry"], call.memo["seen"])
        return _shown(self._settlements.change_sum(call.workspace_id, call.member, parting_id, about, new))

    def take_invoices(self, call: ClickCall) -> Reply:
        return _shown(self._settlements.take_invoices(call.workspace_id, call.member, call.value))

    def settling(self, state: SumState) -> Callable[[ClickCall], Reply]:
        def settle(call: ClickCall) -> Reply:
            asked = read_memo(call.value)
            about = (call.workspace_id, call.member, asked["parting"], asked["sum"])
            return _shown(self._settlements.settle_sum(*about, state))

        return settle

    def changing(self, ask: Callable[[SettlementSheet, str], View], entry: str) -> Callable[[ClickCall], Reply]:
        """A button that opens the form of one entry; its memo names it under `entry`."""

        def asked(call: ClickCall) -> Reply:
            memo = read_memo(call.value)
            sheet = self._settlements.sheet(call.workspace_id, call.member, memo["parting"])
            return Show(ask(sheet, memo[entry])) if sheet.may_decide and not sheet.is_over else _shown(sheet)

        return asked

    def add_belonging(self, call: FormCall) -> Reply:
        new, parting_id = views.read_belonging(call.values), call.memo["parting"]
        if "entry" not in call.memo:
            return _shown(self._settlements.add_belonging(call.workspace_id, call.member, parting_id, new))
        about = (call.memo["entry"], call.memo["seen"])
        return _shown(self._settlements.change_belonging(call.workspace_id, call.member, parting_id, about, new))

    def drop(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        return _shown(
            self._settlements.drop_belonging(call.workspace_id, call.member, asked["parting"], asked["thing"])
        )

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
    desk.click(Action.SETTLE_SUM, here.settling(SumState.PAID))
    desk.click(Action.LET_GO_SUM, here.settling(SumState.LET_GO))
    desk.click(Action.CHANGE_SUM, here.changing(views.sum_form, "sum"))
    desk.click(Action.CHANGE_BELONGING, here.changing(views.belonging_form, "thing"))
    desk.click(Action.DROP_BELONGING, here.drop)
    desk.click(Action.ADD_BELONGING, here.asking(views.belonging_form))
    desk.form(Form.BELONGING, here.add_belonging)
    desk.click(Action.HAND_BACK, here.hand_back)
