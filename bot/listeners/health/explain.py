"""Why, and the trend: answers to "what made this number move?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.calls import Call, ClickCall, Desk, clicking
from bot.ids import Action
from bot.replies import Push, Reply, Show
from bot.services.health.explanations import ExplanationService
from bot.services.health.pictures import PictureService
from bot.views.health.trend import trend_dialog
from bot.views.health.why import WhyView
from rules.health.catalogue import Catalogue
from rules.words import Words


class ExplainDesk:
    """Lays scores open."""

    def __init__(
        self, explanations: ExplanationService, pictures: PictureService, catalogue: Catalogue, words: Words
    ) -> None:
        self._explanations = explanations
        self._pictures = pictures
        self._view = WhyView(catalogue, words)
        self._words = words

    def why(self, call: Call, client_id: str) -> Reply:
        return Show(self._view.dialog(self._explanations.explain(call.workspace_id, call.member, client_id)))

    def clicked(self, call: ClickCall) -> Reply:
        return self.why(call, call.value)

    def trend(self, call: ClickCall) -> Reply:
        asked = self._pictures.ask(call.workspace_id, call.member, call.value)
        return Push(trend_dialog(asked.explained, self._words, file_id=asked.file_id, name=asked.name))

    def opens(self) -> Mapping[str, Callable[[Call, str], Reply]]:
        """The verbs of `/client NAME ...` that are answered here."""
        return {"why": self.why, "trend": clicking(self.trend)}


def register(desk: Desk, here: ExplainDesk) -> None:
    desk.click(Action.WHY, here.clicked)
    desk.click(Action.TREND, here.trend)
