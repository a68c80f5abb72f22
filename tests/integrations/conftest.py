from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp

from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira import DataCenterStandIn, JiraStandIn
from integrations.sandbox.jira.project import Person, Project
from integrations.sandbox.server import RunningServer
from integrations.sandbox.trello import TrelloStandIn
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.ports import TicketOrder

Serve = Callable[[ASGIApp], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application on a free port of this machine until the test ends; gives its address."""
    with ExitStack() as servers:

        def start(app: ASGIApp) -> str:
            server = RunningServer(app).start()
            servers.callback(server.stop)
            return server.url

        yield start


@pytest.fixture
def jira_standin() -> JiraStandIn:
    ada = Person(account_id="5b10ac8d82e05b22cc7d4ef5", name="Ada Agency", email="ada@agency.example")
    return JiraStandIn(project=Project(people=(ada, Person(account_id="hidden", name="Hidden Adam"))))


@pytest.fixture
def jira_settings(jira_standin: JiraStandIn, serve: Serve) -> JiraSettings:
    return JiraSettings(
        url=serve(jira_standin.app),
        gateway=serve(jira_standin.gateway),
        email=jira_standin.email,
        token=SecretStr(jira_standin.token),
        project=jira_standin.project.key,
        quiet_period=timedelta(minutes=1),
    )


@pytest.fixture
def jira(jira_settings: JiraSettings) -> JiraTracker:
    return JiraTracker(jira_settings)


@pytest.fixture
def datacenter_standin() -> DataCenterStandIn:
    ada = Person(account_id="ada", name="Ada Agency", email="ada@agency.example")
    return DataCenterStandIn(project=Project(people=(ada, Person(account_id="hidden", name="Hidden Adam"))))


@pytest.fixture
def datacenter(datacenter_standin: DataCenterStandIn, serve: Serve) -> JiraTracker:
    return JiraTracker(
        JiraSettings(
            kind="datacenter",
            url=serve(datacenter_standin.app),
            token=SecretStr(datacenter_standin.token),
            project=datacenter_standin.project.key,
            quiet_period=timedelta(minutes=1),
        )
    )


@pytest.fixture
def trello_standin() -> TrelloStandIn:
    return TrelloStandIn()


@pytest.fixture
def trello_settings(trello_standin: TrelloStandIn, serve: Serve) -> TrelloSettings:
    return TrelloSettings(
        url=serve(trello_standin.app),
        key=SecretStr(trello_standin.key),
        token=SecretStr(trello_standin.token),
        board=trello_standin.board.id,
        quiet_period=timedelta(minutes=1),
    )


@pytest.fixture
def trello(trello_settings: TrelloSettings) -> TrelloTracker:
    return TrelloTracker(trello_settings)


@pytest.fixture
def parent_order() -> TicketOrder:
    return TicketOrder(
        marker="wu-0000000000aa",
        run_marker="wrapup-run7",
        title="Wrap-up: Acme",
        details="Last day: 30 November 2026.",
        due_on=date(2026, 11, 30),
        assignee="",
        parent_ref="",
        is_parent=True,
    )


@pytest.fixture
def task_order() -> TicketOrder:
    return TicketOrder(
        marker="wu-0000000000ab",
        run_marker="wrapup-run7",
        title="Hand over all files\nand [credentials]",
        details="For Ada Agency.\n\nFiles: *.psd\nCredentials: none",
        due_on=date(2026, 11, 27),
        assignee="",
        parent_ref="",
        is_parent=False,
    )
