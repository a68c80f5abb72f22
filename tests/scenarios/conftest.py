"""The real app over signed HTTP against the outside world in a box, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from bot.agenda import SEND_NUDGES
from bot.bootstrap.house import House
from bot.bootstrap.socket import CONNECTIONS
from bot.services.clients.clients import NewClient
from bot.services.partings.tickets import dispatch
from bot.settings import Settings
from integrations.engine.worker import Worker
from integrations.sandbox.agency import BIRCH, OLIVIA, Agency
from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.world import World
from rules.clients.client import Client
from rules.clients.people import Member
from rules.health.signal import Signal
from rules.local_days import next_weekly
from rules.ports import DigestChannel
from tests.clocks import SLACK_SECONDS
from tests.lookout import working

MOST_MESSAGES = 12
YEAR = timedelta(days=365)
# Nobody sweeps but the test: at the machine's full minutes it would now and then see what is due before it says so.
NEVER = "0 0 29 2 *"
QUICK = {
    "AMICABLE_METRICS__TOKEN": "a-long-random-word",
    "AMICABLE_ENGINE__POLL_SECONDS": "0.05",
    "AMICABLE_ENGINE__EVENTS_POLL_SECONDS": "0.05",
    "AMICABLE_ENGINE__DRAIN_SECONDS": "0",
    "AMICABLE_ENGINE__SWEEP_CRON": NEVER,
    "AMICABLE_JIRA__QUIET_PERIOD": "PT1S",
    "AMICABLE_TRELLO__QUIET_PERIOD": "PT1S",
}


@dataclass
class App:
    """The app in front of the world. `settle` waits until nothing is left to deliver or to do."""

    world: World
    agency: Agency
    web: House
    url: str

    @property
    def team_id(self) -> str:
        return self.world.slack.workspace.team_id

    def settle(self) -> None:
        """Until nothing is left to deliver or to do; what Slack repeats included."""
        self.world.slack.settle(retries=True)
        self.web.outside.jobs.idle()

    def sweep(self, by: timedelta = timedelta()) -> None:
        """Moves the clock, lets the sweep run, and waits until what was due is done."""
        self.world.move_clock(by)
        self.web.outside.jobs.run_sweep(self.web.outside.clock.now())
        self.web.outside.jobs.idle()

    @staticmethod
    def press(person: Screen, place: Any, action: str) -> None:
        """The first button of its kind: several in one place carry an id behind a dot."""
        found = re.search(rf"{action}\.[\w-]+", str(place))
        assert found is not None
        person.click(place, found[0])

    def tell(self) -> None:
        """Lets whatever waits for somebody's working hours, or for room in their week, be told."""
        for _ in range(MOST_MESSAGES):
            self.sweep()
            with self.web.outside.units.house() as house:
                waiting = [
                    due for due in house.due(self.web.outside.clock.now() + YEAR, 500) if due.kind == SEND_NUDGES.kind
                ]
            if not waiting:
                return
            self.sweep(by=max(min(due.due_at for due in waiting) - self.web.outside.clock.now(), timedelta()))

    def add_client(self, name: str, channel: str = "", aliases: tuple[str, ...] = (), owner: str = OLIVIA) -> Client:
        """A client without the clicks."""
        asked = NewClient(name=name, aliases=aliases, channel_id=channel, owner_id=owner)
        self.web.services.workspaces.welcome(self.team_id)
        return self.web.services.clients.add(self.team_id, self.member(owner), asked)

    def restrict(self, client: Client, people: tuple[str, ...]) -> None:
        """Shown to these, its owner and the admins only."""
        with self.web.outside.units.begin(self.team_id) as unit:
            unit.clients.save(replace(unit.clients.lock(client.id), visible_to=people))

    def set_digest(self, channel_id: str) -> None:
        """Weekly, on Monday at nine."""
        channel = DigestChannel(workspace_id=self.team_id, channel_id=channel_id)
        self.web.services.workspaces.welcome(self.team_id)
        self.web.services.digests.configure(self.team_id, self.member(OLIVIA), channel)

    def until_digest(self) -> timedelta:
        """From now to a moment after the next weekly digest is due."""
        now = self.web.outside.clock.now()
        return next_weekly(now, "UTC", 0, time(9)) - now + timedelta(seconds=1)

    def until_noon(self, days: int) -> timedelta:
        """From now to noon so many days on, when what is due on that day's morning is due."""
        now = self.web.outside.clock.now()
        return datetime.combine(now.date() + timedelta(days=days), time(12), UTC) - now

    def member(self, person_id: str) -> Member:
        return self.web.outside.directory.member(self.team_id, person_id)

    def notes(self, client: Client) -> list[Signal]:
        """The client's ledger, newest first."""
        with self.web.outside.units.read(self.team_id) as unit:
            return unit.signals.history(client.id, 100)

    def live(self) -> int:
        with self.web.outside.units.read(self.team_id) as unit:
            return unit.signals.count_live()


@pytest.fixture
def world(tmp_path: Path, starts_at: datetime) -> Iterator[World]:
    """The outside world with Slack's repeats within a second."""
    made = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS, retry_waits=(0.0, 0.2, 0.4))
    made.serve()
    yield made
    made.stop()


@pytest.fixture
def settings(world: World, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Read from the environment, as in production. But progress is drawn for less at once, and sooner."""
    for name, value in {**world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dispatch, "SHOWN_EVERY_SECONDS", 0.25)
    return Settings(_env_file=None)


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    house = House(settings, serves_web=False)
    with working(house) as started:
        yield started
    house.close()


@contextmanager
def door(world: World, settings: Settings, over: str) -> Iterator[App]:
    """The web process behind this way in. Over sockets Slack has no address of ours; health and trackers do."""
    if over == "sockets":
        settings.slack.app_token = type(settings.slack.app_token)(world.slack.workspace.app_token)
    web = House(settings, serves_web=True)
    server = RunningServer(web.web()).start()
    with ExitStack() as ending:
        ending.callback(web.close)
        ending.callback(server.stop)
        if over == "sockets":
            ending.enter_context(patch("bot.bootstrap.socket.ACKNOWLEDGED_WITHIN", SLACK_SECONDS))  # as over HTTP
            lines = web.socket()
            lines.connect(threading.Event())
            ending.callback(lines.close)
            world.slack.wait_for(lambda: world.slack.deliveries.sockets.connected == CONNECTIONS)
        else:
            world.slack.deliveries.target_url = f"{server.url}/slack/events"
        yield App(world=world, agency=Agency(world), web=web, url=server.url)


@pytest.fixture
def front(world: World, settings: Settings, over: str) -> Iterator[App]:
    """The web process, and the agency's people in front of it: enough where no work is left for later."""
    with door(world, settings, over) as opened:
        yield opened


@pytest.fixture
def app(front: App, worker: Worker) -> Iterator[App]:
    """Web and worker; what the test has left to do is done before they stop."""
    del worker  # it runs beside
    yield front
    front.web.outside.jobs.idle()


@pytest.fixture
def birch(front: App) -> Client:
    """A client with an internal channel."""
    return front.add_client("Birch & Barrow", BIRCH, aliases=("B&B",))
