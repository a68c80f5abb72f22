"""Five hundred open tickets: what a round of news costs at each tracker, and what it finds (facts/trackers.md 3)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.services.partings.tickets.news import NewsService
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira import DataCenterStandIn, JiraStandIn
from integrations.sandbox.trello import TrelloStandIn
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.clients.client import Client
from rules.clients.stages import Origin
from rules.partings.parting import Parting, PartingState, Preview, Seen, TaskKind, TaskState, Ticket, TicketState
from rules.ports import Tracker, Units, Workspace
from tests.clocks import STARTS_AT, StandingClock

if TYPE_CHECKING:
    from tests.integrations.conftest import Serve

T = "T1"
PARTINGS, TASKS = 20, 24
NOW = STARTS_AT


class Counted:
    """An application, and how often it was asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += scope["type"] == "http"
        await self._app(scope, receive, send)

    def since(self) -> int:
        """The requests since this was asked last."""
        found, self.requests = self.requests, 0
        return found


@dataclass
class Outside:
    """A tracker, the stand-in that it speaks to, and what a round of news may cost."""

    tracker: Tracker
    address: str
    standin: Any
    wire: Counted
    quiet: int
    """Requests of a round in which nothing has changed."""

    eventful: int
    """Requests of one in which a ticket was finished and another one deleted."""

    def made(self, parting: int, task: int, parent: str) -> dict[str, Any]:
        """A ticket that lies there, as we know it; without a `parent` it is one."""
        title = f"Task {task} of parting {parting}"
        if isinstance(self.standin, TrelloStandIn):
            board = self.standin.board
            if not parent:
                return {"ref": f"list:{board.add_list({'name': title, 'pos': 'bottom'}).id}", "title": title}
            return {"ref": board.add_card({"idList": parent.removeprefix("list:"), "name": title}).id, "title": title}
        kind = next(each for each in self.standin.project.kinds if each.level == (0 if parent else 1))
        issue = self.standin.add({"issuetype": {"id": kind.id}, "summary": title}, {})
        return {"ref": issue.id, "key": issue.key, "url": f"{self.address}/browse/{issue.key}", "title": title}


@pytest.fixture(params=["cloud", "datacenter", "trello"])
def outside(request: pytest.FixtureRequest, serve: Serve) -> Outside:
    if request.param == "trello":
        board = TrelloStandIn()
        wire = Counted(board.app)
        address = serve(wire)
        known: dict[str, Any] = {"url": address, "key": board.key, "token": board.token, "board": board.board.id}
        # Its lists for what a card's list says, a thousand cards, its lists for the parents; and the one that is gone.
        return Outside(TrelloTracker(TrelloSettings(**known)), address, board, wire, quiet=3, eventful=4)
    standin = JiraStandIn() if request.param == "cloud" else DataCenterStandIn()
    wire = Counted(standin.app)
    given: dict[str, Any] = {"kind": request.param, "project": standin.project.key, "token": standin.token}
    address = serve(wire)
    tracker = JiraTracker(JiraSettings(url=address, gateway=address, email=standin.email, **given))
    # A hundred issues a request; who we are, what we may see, and the one that is gone.
    # Data Center tells by its index which two have changed, and then: twice who we are, and the gone one once more.
    more = {"cloud": 3, "datacenter": 7}[request.param]
    return Outside(tracker, address, standin, wire, quiet=5, eventful=5 + more)


@pytest.fixture
def tickets(outside: Outside, units: Units) -> list[Ticket]:
    """All tickets of twenty partings, opened long ago."""
    found: list[Ticket] = []
    with units.house() as house:
        house.add_workspace(Workspace(id=T, name="Agency", company_name="Agency", created_at=NOW))
    for parting in range(PARTINGS):
        parent = outside.made(parting, 0, "")
        own = [parent, *(outside.made(parting, task, parent["ref"]) for task in range(1, TASKS + 1))]
        found += [_ticket(outside.tracker.name, parting, number, values) for number, values in enumerate(own)]
    with units.begin(T) as unit:
        unit.clients.add(Client(id="c1", workspace_id=T, name="Acme", owner_id="U1", stage_since=NOW))
        for parting in range(PARTINGS):
            unit.partings.save(_parting(parting, outside.tracker.name))
        unit.partings.add_tickets(found)
    return found


def _ticket(tracker: str, parting: int, number: int, values: dict[str, Any]) -> Ticket:
    return Ticket(
        id=f"t{parting}-{number}",
        workspace_id=T,
        parting_id=f"p{parting}",
        parent_id=f"t{parting}-0" if number else "",
        task_code=f"c{number}",
        kind=TaskKind.WRAP_UP,
        tracker=tracker,
        marker=f"wu-{parting:06}{number:06}",
        run_marker=f"wrapup-{parting}",
        details="",
        state=TicketState.OPENED,
        turn=1,
        seen=Seen(due_on=None, title=values["title"]),
        updated_at=NOW,
        **values,
    )


def _parting(number: int, tracker: str) -> Parting:
    return Parting(
        id=f"p{number}",
        workspace_id=T,
        client_id="c1",
        decision_id="d1",
        origin=Origin.OURS,
        state=PartingState.OPEN,
        last_day=date(2026, 12, 8),
        last_day_arithmetic=(),
        preview=Preview(revision=1, tracker=tracker, tasks=()),
        created_at=datetime(2026, 10, 1, tzinfo=UTC),
        created_by="U1",
    )


def test_a_round_of_news_costs_few_requests(outside: Outside, units: Units, tickets: list[Ticket]) -> None:
    """What has changed among 500 is found; one that is gone is gone once our own account has proven to be good."""
    news = NewsService(units, StandingClock(NOW), {outside.tracker.name: outside.tracker})
    rounds = [(news.poll(T), outside.wire.since())]
    seeded = time.monotonic()
    finished, deleted = tickets[-1], tickets[30]
    outside.standin.finish(finished.key or finished.ref)
    outside.standin.delete(deleted.key or deleted.ref)
    rounds.append((news.poll(T), outside.wire.since()))
    with units.read(T) as unit:
        states = {each.id: unit.partings.ticket(each.id).task_state for each in tickets}
    changed = {each: state for each, state in states.items() if state is not TaskState.OPEN}

    assert rounds == [(0, outside.quiet), (2, outside.eventful)]
    assert changed == {finished.id: TaskState.DONE, deleted.id: TaskState.GONE}

    if isinstance(outside.standin, JiraStandIn):
        outside.standin.index.now = lambda: seeded  # it lags: one is open yet there, the other one not deleted
    assert news.poll(T) == 0
    outside.standin.token = "another"  # our account is good no more
    outside.wire.since()
    assert (news.poll(T), outside.wire.since() < PARTINGS) == (0, True)
    with units.read(T) as unit:
        assert {each.id: unit.partings.ticket(each.id).task_state for each in tickets} == states
