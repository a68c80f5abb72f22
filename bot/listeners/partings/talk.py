"""Getting ready for the talk (CV03-CV15)."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.partings.talks import TalkService
from bot.views.partings import talk as views


class TalkDesk:
    """For those who decide."""

    def __init__(self, talks: TalkService) -> None:
        self._talks = talks

    def open(self, call: ClickCall) -> Reply:
        return Show(views.talk_dialog(self._talks.sheet(call.workspace_id, call.member, call.value)))

    def ask(self, call: ClickCall) -> Reply:
        return Show(views.talk_form(self._talks.sheet(call.workspace_id, call.member, call.value)))

    def prepare(self, call: FormCall) -> Reply:
        plan = views.read_talk_plan(call.values)
        sheet = self._talks.prepare(call.workspace_id, call.member, call.memo["parting"], plan)
        return Show(views.talk_dialog(sheet))


def register(desk: Desk, talks: TalkService) -> None:
    here = TalkDesk(talks)
    desk.click(Action.TALK, here.open)
    desk.click(Action.CHANGE_TALK, here.ask)
    desk.form(Form.TALK, here.prepare)
