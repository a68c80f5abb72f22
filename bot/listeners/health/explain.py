"""Why, and the history with its corrections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.calls import Call, ClickCall, Desk
from bot.ids import Action
from bot.replies import Reply, Show
from bot.services.capture import CaptureService
from bot.services.health.scorecards import HealthService
from bot.views.health import scorecard as views
from rules.health.catalogue import Catalogue
from rules.words import Words


class HealthDesk:
    """Answers "what made this number move?"."""

    def __init__(self, health: HealthService, capture: CaptureService, catalogue: Catalogue, words: Words) -> None:
        self._health = health
        self._capture = capture
        self._catalogue = catalogue
        self._words = words

    def why(self, call: Call, client_id: str) -> Reply:
        card = self._health.scorecard(call.workspace_id, call.member, client_id)
        return Show(views.why(card, self._catalogue, self._words))

    def history(self, call: Call, client_id: str) -> Reply:
        client, signals = self._health.history(call.workspace_id, call.member, client_id)
        return Show(views.history(client, signals, self._catalogue, self._words))

    def withdraw(self, call: ClickCall) -> Reply:
        done = self._capture.withdraw(call.workspace_id, call.member, call.value)
        return self.history(call, done.client.id)

    def excuse(self, call: ClickCall) -> Reply:
        done = self._capture.excuse(call.workspace_id, call.member, call.value, "an emergency, or agreed")
        return self.history(call, done.client.id)

    def opens(self) -> Mapping[str, Callable[[Call, str], Reply]]:
        """The verbs of `/client NAME ...` that are answered here."""
        return {"why": self.why, "history": self.history}


def register(desk: Desk, here: HealthDesk) -> None:
    desk.click(Action.WHY, lambda call: here.why(call, call.value))
    desk.click(Action.HISTORY, lambda call: here.history(call, call.value))
    desk.click(Action.WITHDRAW_NOTE, here.withdraw)
    desk.click(Action.EXCUSE_NOTE, here.excuse)
