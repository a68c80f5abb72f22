"""The first hour: its steps lead to forms of other features; here they are skipped."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import ClickCall, Desk
from bot.ids import Action
from bot.replies import Nothing, Reply
from bot.services.first_hour import FirstHourService
from bot.views.first_hour import read_skipped


class FirstHourDesk:
    """On Home the step goes at once; the message is brought up to date by a worker."""

    def __init__(self, first_hour: FirstHourService, turn_home: Callable[[ClickCall], Reply]) -> None:
        """`turn_home` draws somebody's Home anew."""
        self._first_hour = first_hour
        self._turn_home = turn_home

    def skip(self, call: ClickCall) -> Reply:
        self._first_hour.skip(call.workspace_id, call.member, read_skipped(call.value))
        return self._turn_home(call) if call.on_home else Nothing()


def register(desk: Desk, here: FirstHourDesk) -> None:
    desk.click(Action.SKIP_STEP, here.skip)
