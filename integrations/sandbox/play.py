"""`amicable sandbox`: the outside world, the app in front of it, and the story if it shall be played."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrations.clock import write_offset
from integrations.database.connect import open_database
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.client import EngineClient
from integrations.sandbox.agency import Agency
from integrations.sandbox.processes import AppProcesses
from integrations.sandbox.story.report import report
from integrations.sandbox.story.script import SCENES
from integrations.sandbox.story.stage import FIRST_MONDAY, Scene, Stage
from integrations.sandbox.world import World
from rules.ports import Runner, Workflow

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


def _not_here(_run: Runner, *_args: object) -> None:
    raise NotImplementedError("The sandbox hands work to the app's workers; it does none itself.")


@contextmanager
def open_sandbox(port: int, *, story: bool, folder: Path | None = None) -> Iterator[Stage]:
    """The world on `port` (0: any free one) and the app's processes. Everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="amicable-sandbox-", ignore_cleanup_errors=True) as made:
        home = folder or Path(made)
        clock_file = home / "clock"
        world = World(clock_file)
        if story:
            write_offset(clock_file, FIRST_MONDAY - world.clock.real())
        world.serve(port)
        url = f"sqlite:///{home}/amicable.db"
        app = AppProcesses(world.app_environment() | QUICK | {"AMICABLE_DATABASE_URL": url}, home)
        engine = open_database(url)
        jobs = EngineClient(engine, [Workflow(name="sweep", queue="flows", run=_not_here)])
        try:
            app.start()
            world.slack.deliveries.target_url = f"{app.url}/slack/events"
            yield Stage(world=world, agency=Agency(world), app=app, jobs=jobs)
        finally:
            app.stop()
            jobs.close()
            engine.dispose()
            world.stop()


def play(stage: Stage, tell: Callable[[int, Scene], None]) -> dict[str, Any]:
    """Plays all scenes; `tell` hears each before it begins. What did not hold stands in `stage.failures`."""
    for number, scene in enumerate(SCENES, start=1):
        tell(number, scene)
        scene.play(stage)
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
