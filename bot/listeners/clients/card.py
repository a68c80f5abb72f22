"""A client at a glance, with the decision that waits for this person's word."""

from __future__ import annotations

from bot.calls import Call
from bot.replies import Message
from bot.services.decisions.decisions import DecisionService
from bot.services.health.explanations import ExplanationService
from bot.views.health.scorecard import scorecard
from rules.clients.stages import Stage
from rules.words import Words


class CardDesk:
    """Draws the card of a client."""

    def __init__(self, explanations: ExplanationService, decisions: DecisionService, words: Words) -> None:
        self._explanations = explanations
        self._decisions = decisions
        self._words = words

    def card(self, call: Call, client_id: str) -> Message:
        explained = self._explanations.explain(call.workspace_id, call.member, client_id)
        waits = explained.card.may_decide and explained.card.stage is Stage.CONSIDERING
        to_confirm = self._decisions.confirmable(call.workspace_id, call.member, client_id) if waits else ""
        return scorecard(explained, self._words, to_confirm)
