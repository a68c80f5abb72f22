"""The real app on one of the databases, in front of an agency with people of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.sandbox.agency import GUS
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS
from tests.lookout import working
from tests.redteam.readers import Readers
from tests.scenarios.conftest import QUICK, App, door

FREYA, IVO, SILKE, ROBOT, LEFT = "U0FREYA", "U0IVO", "U0SISTER", "U0ROBOT", "U0LEFT"
SISTER_TEAM = "T0SISTER"


@contextmanager
def opened(folder: Path, database_url: str, starts_at: datetime, over: str = "http") -> Iterator[App]:
    """Web and worker over this database, until the end of the block."""
    with ExitStack() as ending, pytest.MonkeyPatch.context() as environment:
        world = World(folder / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS, retry_waits=(0.0, 0.2, 0.4))
        world.serve()
        ending.callback(world.stop)
        for name, value in {**world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}.items():
            environment.setenv(name, value)
        settings = Settings(_env_file=None)
        back = House(settings, serves_web=False)
        ending.callback(back.close)
        ending.enter_context(working(back))
        app = ending.enter_context(door(world, settings, over))
        hire(app)
        yield app
        app.web.outside.jobs.idle()


def hire(app: App) -> None:
    """Beside the agency: two contractors, of whom one's time will be over, a sister company's, a bot, one who left."""
    slack = app.world.slack
    slack.add_person(FREYA, "freya", "Freya Holm", is_guest=True, is_contractor=True)
    slack.add_person(IVO, "ivo", "Ivo Lang", is_guest=True, is_contractor=True)
    slack.add_person(SILKE, "silke", "Silke Brandt", team_id=SISTER_TEAM)
    slack.add_person(ROBOT, "robot", "Robot", is_bot=True)
    slack.add_person(LEFT, "left", "Lea Frost", deleted=True)
    app.web.services.workspaces.welcome(app.team_id)
    olivia = app.member("U0OLIVIA")
    today = app.web.outside.clock.now().date()
    for person, days in ((FREYA, 300), (IVO, 1)):
        app.member(person)
        app.web.services.roles.name_contractor(app.team_id, olivia, person, today + timedelta(days=days))
    for person in (*app.world.slack.workspace.people,):
        if person not in {app.world.slack.workspace.bot_user_id, GUS}:
            app.web.outside.directory.member(app.team_id, person)


@pytest.fixture
def app(tmp_path: Path, starts_at: datetime, over: str, request: pytest.FixtureRequest) -> Iterator[App]:
    """On the database that the test names; opened before anything listens to what the app writes."""
    with opened(tmp_path, str(request.getfixturevalue(f"{request.param}_url")), starts_at, over) as started:
        yield started


@pytest.fixture
def readers(app: App) -> Readers:
    return Readers(app.world)
