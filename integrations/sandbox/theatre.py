"""One run of the sandbox after another behind one address."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from integrations.database.connect import open_database
from integrations.engine.client import EngineClient
from integrations.sandbox.agency import Agency
from integrations.sandbox.processes import AppProcesses
from integrations.sandbox.slack.deliveries import ACK_SECONDS
from integrations.sandbox.story.stage import Stage
from integrations.sandbox.story.telling import Telling
from integrations.sandbox.world import World

# The stand-ins answer within milliseconds and their search lags by nothing, so looks may come sooner than in real life.
QUICK = {
    "AMICABLE_JIRA__QUIET_PERIOD": "PT2S",
    "AMICABLE_TRELLO__QUIET_PERIOD": "PT2S",
    "AMICABLE_ENGINE__POLL_SECONDS": "0.1",
    "AMICABLE_ENGINE__EVENTS_POLL_SECONDS": "0.1",
    "AMICABLE_ENGINE__BEAT_SECONDS": "1",
    "AMICABLE_ENGINE__DEAD_AFTER_SECONDS": "4",
    "AMICABLE_TIMEZONE": "Europe/Amsterdam",
    "AMICABLE_LOG_LEVEL": "WARNING",
}


class Theatre:
    """`stage` is None while the app starts; `run` counts fresh starts, `read_until` is how far a person has read."""

    def __init__(self, home: Path, starts_at: datetime | None = None, slack_seconds: float = ACK_SECONDS) -> None:
        """`starts_at` is what its clock shows outside the story, or else the real time."""
        self.url = ""
        self.run = 0
        self.in_story = False
        self.world: World | None = None
        self.stage: Stage | None = None
        self.telling: Telling | None = None
        self.read_until: dict[tuple[str, str], str] = {}
        self._home = home
        self._starts_at = starts_at
        self._slack_seconds = slack_seconds
        self._changing = threading.Lock()
        self._open_things = ExitStack()

    def set_up(self, start: datetime | None = None) -> Stage:
        """A fresh agency without clients; `start` is what its clock shows in the story."""
        with self._changing:
            self._strike()
            self.run += 1
            self.in_story = start is not None
            folder = self._home / f"run-{self.run}"
            folder.mkdir(parents=True)
            world = World(folder / "clock", starts_at=start or self._starts_at, slack_seconds=self._slack_seconds)
            world.stand_at(self.url)
            self.world = world
            stage = self._open(world, folder)
            self.telling = Telling(stage)
            self.stage = stage
            return stage

    def close(self) -> None:
        with self._changing:
            self._strike()

    async def outside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Slack, Jira, Trello and the mailbox of the present run, for the app."""
        if self.world is None:
            await PlainTextResponse("The sandbox is starting.", 503)(scope, receive, send)
        else:
            await self.world.app(scope, receive, send)

    def _open(self, world: World, folder: Path) -> Stage:
        url = f"sqlite:///{folder}/amicable.db"
        engine = open_database(url)
        app = AppProcesses(world.app_environment() | QUICK | {"AMICABLE_DATABASE_URL": url}, folder)
        jobs = EngineClient(engine)
        for take_down in (world.stop, engine.dispose, jobs.close, app.stop):
            self._open_things.callback(take_down)
        app.start()
        world.slack.deliveries.target_url = f"{app.url}/slack/events"
        world.bells.app_url = app.url
        return Stage(world=world, agency=Agency(world), app=app, jobs=jobs)

    def _strike(self) -> None:
        self.stage = self.telling = None
        self.read_until.clear()
        self._open_things.close()
