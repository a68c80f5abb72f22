"""What a client is worth to us, and a decider's word against the computed band."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.calls import Call, ClickCall, Desk, FormCall, clicking
from bot.ids import Action, Form
from bot.listeners.health.explain import ExplainDesk
from bot.replies import Reply, Show
from bot.services.health.appraisals import AppraisalService
from bot.views.health.override import override_form, read_override
from bot.views.health.toll import read_value, value_form
from rules.words import Words


class AppraiseDesk:
    """Every form comes back to "why", where its effect shows."""

    def __init__(self, appraisals: AppraisalService, explain: ExplainDesk, words: Words) -> None:
        self._appraisals = appraisals
        self._explain = explain
        self._words = words

    def ask_value(self, call: ClickCall) -> Reply:
        client, _ = self._appraisals.client(call.workspace_id, call.member, call.value)
        return Show(value_form(client))

    def set_value(self, call: FormCall) -> Reply:
        client = self._appraisals.set_value(
            call.workspace_id, call.member, call.memo["client"], read_value(call.values)
        )
        return self._explain.why(call, client.id)

    def ask_override(self, call: ClickCall) -> Reply:
        client, today = self._appraisals.client(call.workspace_id, call.member, call.value)
        return Show(override_form(client, today, self._words))

    def override(self, call: FormCall) -> Reply:
        client = self._appraisals.override(
            call.workspace_id, call.member, call.memo["client"], read_override(call.values)
        )
        return self._explain.why(call, client.id)

    def end_override(self, call: ClickCall) -> Reply:
        client = self._appraisals.end_override(call.workspace_id, call.member, call.value)
        return self._explain.why(call, client.id)

    def opens(self) -> Mapping[str, Callable[[Call, str], Reply]]:
        """The verbs of `/client NAME ...` that are answered here."""
        return {"value": clicking(self.ask_value), "override": clicking(self.ask_override)}


def register(desk: Desk, here: AppraiseDesk) -> None:
    desk.click(Action.VALUE, here.ask_value)
    desk.form(Form.VALUE, here.set_value)
    desk.click(Action.OVERRIDE_BAND, here.ask_override)
    desk.form(Form.OVERRIDE_BAND, here.override)
    desk.click(Action.END_OVERRIDE, here.end_override)
