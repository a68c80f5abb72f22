"""One tap a month: how it is to work with a client (D15)."""

from __future__ import annotations

from datetime import date

from bot.calls import ClickCall, Desk
from bot.ids import Action
from bot.replies import Nothing, Reply
from bot.services.health.pulses import PulseService


class PulseDesk:
    """The message that asked shows the next client in place, or that nothing is left."""

    def __init__(self, pulses: PulseService) -> None:
        self._pulses = pulses

    def answer(self, call: ClickCall) -> Reply:
        client_id, month, answer = call.value.split(":")
        self._pulses.answer(call.workspace_id, call.member, client_id, date.fromisoformat(month), int(answer))
        return Nothing()


def register(desk: Desk, pulses: PulseService) -> None:
    desk.click(Action.PULSE, PulseDesk(pulses).answer)
