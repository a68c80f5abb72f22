"""Tells open pages that something has changed; they then read what they show again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from integrations.sandbox.theatre import Theatre

LOOK_SECONDS = 0.2
TELL_SECONDS = 0.03
ALIVE_SECONDS = 15.0


class Watch:
    """`version` grows with each change of anything that a page shows."""

    def __init__(self, theatre: Theatre) -> None:
        self.version = 0
        self._theatre = theatre
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="page-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(LOOK_SECONDS * 5)

    async def events(self, request: Request) -> Response:
        """Server-sent events: the version, whenever it has grown."""
        del request
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _stream(self) -> AsyncIterator[str]:
        told, silent = -1, 0.0
        while not self._stopped.is_set():
            if self.version != told or silent > ALIVE_SECONDS:
                told, silent = self.version, 0.0
                yield f"data: {told}\n\n"
            await asyncio.sleep(TELL_SECONDS)
            silent += TELL_SECONDS

    def _look(self) -> None:
        seen: object = None
        while not self._stopped.is_set():
            world = self._theatre.world
            if world is None:
                self._stopped.wait(LOOK_SECONDS)
                continue
            with world.slack.workspace.changed:
                told = world.slack.workspace.changed.wait(LOOK_SECONDS)
                found = self._trace()
            if told or found != seen:
                seen = found
                self.version += 1

    def _trace(self) -> object:
        """What differs after a change that the workspace does not tell of."""
        theatre = self._theatre
        world, stage, telling = theatre.world, theatre.stage, theatre.telling
        outside = world and (
            [(issue.key, issue.status, issue.summary, issue.due_on) for issue in world.jira.issues],
            [(card.id, card.due_complete, card.closed, card.list_id, card.name) for card in world.trello.cards],
            [(each.id, each.name, each.closed) for each in world.trello.lists],
            len(world.mailbox.drafts),
            len(world.slack.deliveries.log),
            world.slack.deliveries.held,
            world.clock.now() - world.clock.real() if stage else None,
        )
        inside = stage and (stage.told, stage.playing, len(stage.failures), stage.app.worker_lives)
        return theatre.run, outside, inside, telling and (telling.playing, telling.broken)
