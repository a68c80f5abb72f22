"""The real app over signed HTTP against the outside world in a box, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.bootstrap import House
from bot.settings import Settings
from integrations.engine.worker import Worker
from integrations.sandbox.agency import Agency
from integrations.sandbox.server import RunningServer
from integrations.sandbox.world import World


@dataclass
class App:
    """The app in front of the world. `settle` waits until nothing is left to deliver or to do."""

    world: World
    agency: Agency
    web: House
    url: str

    def settle(self) -> None:
        self.world.slack.settle()
        self.web.jobs.idle()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The outside world with Slack's repeats within a second."""
    made = World(tmp_path / "clock", retry_waits=(0.0, 0.2, 0.4))
    made.serve()
    yield made
    made.stop()


@pytest.fixture
def settings(world: World, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Read from the environment, as in production."""
    engine = {"POLL_SECONDS": "0.05", "EVENTS_POLL_SECONDS": "0.05", "DRAIN_SECONDS": "2"}
    quick = {f"AMICABLE_ENGINE__{name}": value for name, value in engine.items()}
    quiet = {"AMICABLE_JIRA__QUIET_PERIOD": "PT1S", "AMICABLE_TRELLO__QUIET_PERIOD": "PT1S"}
    for name, value in {**world.app_environment(), **quick, **quiet, "AMICABLE_DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    house = House(settings, serves_web=False)
    working = house.worker()
    working.start()
    yield working
    working.stop()
    house.close()


@pytest.fixture
def app(world: World, settings: Settings, worker: Worker) -> Iterator[App]:
    """Web and worker, and the agency's people in front of them."""
    web = House(settings, serves_web=True)
    server = RunningServer(web.web()).start()
    world.slack.deliveries.target_url = f"{server.url}/slack/events"
    yield App(world=world, agency=Agency(world), web=web, url=server.url)
    server.stop()
    web.close()
