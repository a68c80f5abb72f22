"""What a person sees after doing something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from integrations.sandbox.slack.workspace import Json, Message, readable

Outcome = Literal["closed", "errors", "updated", "pushed", "incomplete", "failed"]


@dataclass(kw_only=True)
class Answer:
    """`error` is Slack's own complaint (`operation_timeout`); `messages` are the app's new words for this person."""

    error: str = ""
    messages: list[Message] = field(default_factory=list)
    view: Json | None = None

    @property
    def text(self) -> str:
        """All new words, notification text first."""
        return "\n".join(readable(message) for message in self.messages)

    @property
    def blocks(self) -> list[Json]:
        return [block for message in self.messages for block in message.blocks]


@dataclass(kw_only=True)
class SubmitAnswer(Answer):
    """`errors`: block_id -> sentence; of the app, or of Slack's client for required fields ("incomplete")."""

    outcome: Outcome = "closed"
    errors: dict[str, str] = field(default_factory=dict)
