"""Snooze, done, not relevant: on a message of ours or on Home."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import ClickCall, Desk
from bot.ids import Action
from bot.replies import Nothing, Reply
from bot.services.nudges.nudges import NudgeService
from bot.services.nudges.wishes import WishService
from bot.views.nudges.nudges import read_answer
from rules.nudges.hours import Snooze
from rules.nudges.nudge import NudgeState


class NudgeDesk:
    """What is answered on a message shows there, in place; on Home the line goes."""

    def __init__(self, nudges: NudgeService, wishes: WishService, turn_home: Callable[[ClickCall], Reply]) -> None:
        """`turn_home` draws somebody's Home anew."""
        self._nudges = nudges
        self._wishes = wishes
        self._turn_home = turn_home

    def answered(self, call: ClickCall) -> Reply:
        answer, nudge_id = read_answer(call.value)
        match answer:
            case Snooze():
                self._nudges.snooze(call.workspace_id, call.member, nudge_id, answer)
            case NudgeState():
                self._nudges.settle(call.workspace_id, call.member, nudge_id, answer)
            case _:
                client_id = self._nudges.settle(call.workspace_id, call.member, nudge_id, NudgeState.NOT_RELEVANT)
                self._wishes.mute_client(call.workspace_id, call.member, client_id)
        return self._turn_home(call) if call.on_home else Nothing()


def register(desk: Desk, here: NudgeDesk) -> None:
    desk.click(Action.NUDGE_ANSWER, here.answered)
