"""Pictures of a trend: asked for by a person, drawn by a worker, uploaded once for the same weeks."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.agenda import DRAW_TREND
from bot.services.health.explanations import Explanation, ExplanationService
from rules.clients.people import Member
from rules.ports import Clock, Post, Units
from rules.ports.records import PICTURE

# A dialog with a file that Slack has not looked into yet is refused whole (facts/slack.md 9.4); a job is tried again.
LOOKED_INTO = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTrend:
    """`file_id` where the picture is there already; else `name` is how the worker finds the dialog that waits."""

    explained: Explanation
    file_id: str = ""
    name: str = ""


class PictureService:
    """Knows which pictures Slack has."""

    def __init__(self, units: Units, clock: Clock, explanations: ExplanationService) -> None:
        self._units = units
        self._clock = clock
        self._explanations = explanations

    def ask(self, workspace_id: str, reader: Member, client_id: str) -> AskedTrend:
        explained = self._explanations.explain(workspace_id, reader, client_id)
        if explained.card.client.is_demo:
            return AskedTrend(explained=explained)  # no file of it lies about in Slack once it is removed
        with self._units.begin(workspace_id) as unit:
            known = unit.posts.find(picture_key(explained))
            if known and known.ts and self._clock.real() - known.created_at > LOOKED_INTO:
                return AskedTrend(explained=explained, file_id=known.ts)
            name = f"trend:{secrets.token_hex(12)}"
            unit.jobs.add(DRAW_TREND(workspace_id, client_id, reader.id, name, once=f"draw_{name}"))
        return AskedTrend(explained=explained, name=name)

    def draft(self, explained: Explanation) -> Post:
        """The row that remembers the uploaded file: its id stands where a message has its `ts`."""
        return Post(
            key=picture_key(explained),
            workspace_id=explained.card.client.workspace_id,
            channel_id="",
            kind=PICTURE,
            subject=explained.card.client.id,
            created_at=self._clock.real(),
        )

    def replaced_by(self, draft: Post) -> list[Post]:
        """Older pictures of the same client, of which none is shown any more."""
        with self._units.read(draft.workspace_id) as unit:
            kept = unit.posts.of_subject(PICTURE, draft.subject)
        return [post for post in kept if post.key != draft.key]


def picture_key(explained: Explanation) -> str:
    """The same client, name and weeks give the same picture."""
    client = explained.card.client
    facts = [client.name, *((str(point.on), point.score_tenths, point.version) for point in explained.points)]
    return f"trend:{client.id}:{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]}"
