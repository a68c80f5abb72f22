"""D13: private words are sent once each while workers are killed and Slack's answers get lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.agenda import SEND_NUDGES
from bot.bootstrap.house import House
from bot.services.clients.clients import NewClient
from bot.services.nudges.nudges import nudge
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, OLIVIA, VOLT, Agency
from integrations.sandbox.faults import Fault
from integrations.sandbox.world import World
from rules.nudges.hours import next_open
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Wishes
from tests.bench.processes import settings_of
from tests.bench.tickets import QUICK
from tests.bench.workers import Workers
from tests.clocks import SLACK_SECONDS

TEAM = (AMIR, DANA, OLIVIA)
PLACES = (BIRCH, COBALT, VOLT)
WORKERS = 2


class Days:
    """Working days on which each person has something to hear."""

    def __init__(self, folder: Path, database_url: str, starts_at: datetime) -> None:
        self.world = World(folder / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
        self.agency = Agency(self.world)
        self.world.serve()
        self.environment = {**self.world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}
        self.house = House(settings_of(self.environment), serves_web=False)
        self.house.web()  # from it the engine's client learns the queues
        self.team_id = self.world.slack.workspace.team_id
        self.house.services.workspaces.welcome(self.team_id)
        owner = self.house.outside.directory.member(self.team_id, OLIVIA)
        self.house.services.clients.add(self.team_id, owner, NewClient(name="Northwind", owner_id=OLIVIA))
        for place in PLACES:
            self.house.outside.directory.place(self.team_id, place)

    def raise_all(self, place: str) -> None:
        """On the next working day."""
        now = self.world.now()
        self.world.move_clock(next_open(now + timedelta(days=1), Wishes(), "Europe/Berlin") - now)
        with self.house.outside.units.begin(self.team_id) as unit:
            for person_id in TEAM:
                nudge(unit, NudgeKind.UNMAPPED, person_id, subject=place, now=self.world.now())

    def deliver(self, workers: Workers, victim: int) -> None:
        """While answers get lost and a worker dies; then the sweep comes back until nothing is under way."""
        self.world.slack.faults.sometimes(Fault.LOSE_ANSWER, 0.4)
        self.house.outside.jobs.run_sweep(self.world.now(), timeout_seconds=90)
        workers.kill(victim)
        workers.restart(victim)
        self.house.outside.jobs.idle(timeout_seconds=90)
        self.world.slack.faults.clear()
        self.world.move_clock(timedelta(minutes=11))
        self.house.outside.jobs.run_sweep(self.world.now(), timeout_seconds=90)
        self.house.outside.jobs.idle(timeout_seconds=90)

    def heard(self) -> Counter[tuple[str, str]]:
        """How often each person was asked about each channel."""
        people = {AMIR: self.agency.amir, DANA: self.agency.dana, OLIVIA: self.agency.olivia}
        names = {place: self.world.slack.workspace.channels[place].name for place in PLACES}
        return Counter(
            (person_id, place)
            for person_id, screen in people.items()
            for message in screen.dms()
            for place in PLACES
            for _ in range(message.text.count(f"#{names[place]}:"))
        )

    def close(self) -> None:
        self.house.close()
        self.world.stop()


@pytest.fixture
def days(tmp_path: Path, own_postgresql_url: str, starts_at: datetime) -> Iterator[Days]:
    made = Days(tmp_path, own_postgresql_url, starts_at)
    yield made
    made.close()


@pytest.mark.timeout(600)
def test_nobody_is_told_twice_or_never_while_workers_die(days: Days, tmp_path: Path) -> None:
    """Two workers, one of them killed each day, four answers of ten lost."""
    with Workers(days.environment, tmp_path / "workers.log", WORKERS) as workers:
        for victim, place in enumerate(PLACES[:2]):
            days.raise_all(place)
            days.deliver(workers, victim % WORKERS)

    with days.house.outside.units.house() as house:
        waiting = [due for due in house.due(days.world.now(), 100) if due.kind == SEND_NUDGES.kind]
    assert waiting == []
    assert days.heard() == Counter({(person_id, place): 1 for person_id in TEAM for place in PLACES[:2]})
