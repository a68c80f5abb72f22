"""Messages of channels that we listen to."""

from __future__ import annotations

from bot.calls import Desk, EventCall
from bot.replies import Nothing, Reply
from bot.services.agreements.hearing import Heard, HearingService
from rules.ports import Event


class HearingDesk:
    """Never answers: whoever writes a message does not speak to us."""

    def __init__(self, hearing: HearingService) -> None:
        self._hearing = hearing

    def heard(self, call: EventCall) -> Reply:
        self._hearing.hear(call.workspace_id, Heard(**call.event))
        return Nothing()


def register(desk: Desk, here: HearingDesk) -> None:
    desk.event(Event.MESSAGE_CHANNELS, here.heard)
    desk.event(Event.MESSAGE_GROUPS, here.heard)
