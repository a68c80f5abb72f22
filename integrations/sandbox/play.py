"""`amicable sandbox`: the outside world, the app in front of it, the page, and the story if it shall be played."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.database.connect import open_database
from integrations.database.unit_of_work import SqlUnits
from integrations.sandbox.page.live import Watch
from integrations.sandbox.page.routes import front
from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.deliveries import ACK_SECONDS
from integrations.sandbox.story.report import report
from integrations.sandbox.story.script import SCENES
from integrations.sandbox.story.stage import FIRST_MONDAY, Scene, Stage
from integrations.sandbox.story.telling import play_next
from integrations.sandbox.theatre import Theatre

REAL_CREDENTIALS = (
    "AMICABLE_SLACK__BOT_TOKEN",
    "AMICABLE_SLACK__APP_TOKEN",
    "AMICABLE_SLACK__SIGNING_SECRET",
    "AMICABLE_SLACK__CLIENT_SECRET",
    "AMICABLE_JIRA__TOKEN",
    "AMICABLE_TRELLO__KEY",
    "AMICABLE_TRELLO__TOKEN",
)


class RealCredentialsError(RuntimeError):
    """The sentence says what is set and what to do."""


def refuse_real_credentials(*sources: Mapping[str, str | None]) -> None:
    """A sandbox beside real tokens is one slip away from a real client; raises before anything is started."""
    known = {name.upper() for source in sources for name, value in source.items() if value}
    found = [name for name in REAL_CREDENTIALS if name in known]
    if found:
        raise RealCredentialsError(
            f"The sandbox does not start while real credentials are set: {', '.join(found)}. "
            "Unset them (or move the .env file away) and start it again: it needs none."
        )


@contextmanager
def open_sandbox(port: int, *, story: bool, folder: Path | None = None) -> Iterator[Stage]:
    """The page and the world on `port` (0: any free one), and the app's processes. Everything is gone afterwards."""
    with open_theatre(port, story=story, folder=folder) as theatre:
        if theatre.stage is None:
            raise RuntimeError("The app did not start.")
        yield theatre.stage


@contextmanager
def open_theatre(
    port: int,
    *,
    story: bool = False,
    folder: Path | None = None,
    starts_at: datetime | None = None,
    slack_seconds: float = ACK_SECONDS,
) -> Iterator[Theatre]:
    """As `open_sandbox`, for whoever starts over in between, at another moment than now, with a more patient Slack."""
    with tempfile.TemporaryDirectory(prefix="amicable-sandbox-", ignore_cleanup_errors=True) as made:
        theatre = Theatre(folder or Path(made), starts_at, slack_seconds)
        watch = Watch(theatre)
        server = RunningServer(front(theatre, watch), port)
        theatre.url = server.url
        try:
            server.start()
            watch.start()
            theatre.set_up(FIRST_MONDAY if story else None)
            yield theatre
        finally:
            watch.stop()
            theatre.close()
            server.stop()


def play(stage: Stage, tell: Callable[[int, Scene], None]) -> dict[str, Any]:
    """Plays all scenes; `tell` hears each before it begins. What did not hold stands in `stage.failures`."""
    for number, scene in enumerate(SCENES, start=1):
        tell(number, scene)
        play_next(stage)
    return summary(stage)


def summary(stage: Stage) -> dict[str, Any]:
    engine = open_database(stage.app.database_url)
    try:
        return report(stage.world, SqlUnits(engine, stage.jobs))
    finally:
        engine.dispose()


def stay() -> None:
    """Until somebody ends it with Ctrl-C."""
    threading.Event().wait()
