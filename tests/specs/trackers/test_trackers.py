"""What we send through the real libraries, and what the stand-ins answer, agrees with Atlassian's own documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from pydantic import SecretStr
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira import DataCenterStandIn, JiraStandIn
from integrations.sandbox.jira.project import Person, Project
from integrations.sandbox.server import RunningServer
from integrations.sandbox.trello import TrelloStandIn
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.errors import TrackerError
from rules.ports import TicketChange, TicketOrder, Tracker
from tests.clocks import real_now

Json = dict[str, Any]

ORDER = TicketOrder(
    marker="wu-0000000000aa",
    run_marker="wrapup-run7",
    title="Wrap-up: Acme",
    details="Last day: 30 November.\n\nTwo lines\nhere",
    due_on=date(2026, 11, 30),
    assignee="",
    parent_ref="",
    is_parent=True,
)


@dataclass(slots=True)
class Exchange:
    """A call as it went over the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    sent: bytes
    status: int = 0
    mime: str = ""
    answer: bytes = b""


class Recorder:
    """Stands before a stand-in and writes down what passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        exchange = Exchange(
            scope["method"].lower(),
            scope["path"],
            dict(parse_qsl(scope["query_string"].decode())),
            dict(request.headers),
            await request.body(),
        )
        self.exchanges.append(exchange)

        async def again() -> Message:
            return {"type": "http.request", "body": exchange.sent}

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.mime = dict(message["headers"]).get(b"content-type", b"").decode().partition(";")[0]
            else:
                exchange.answer += message.get("body", b"")
            await send(message)

        await self._app(scope, again, note)


def work_through(tracker: Tracker) -> None:
    """Every method of a tracker, on a parent, a task and its double."""
    at = real_now()
    tracker.destination()
    mark = tracker.watermark()
    parent = tracker.create(ORDER)
    known = tracker.accounts()[0].id
    task = replace(ORDER, marker="wu-0000000000ab", is_parent=False, parent_ref=parent.ref, assignee=known)
    first, second = tracker.create(task), tracker.create(task)
    tracker.find([ORDER, task], at, mark)
    tracker.find([replace(task, marker="wu-0000000000ff")], at, mark)
    tracker.status([parent.ref, first.ref, "5f00000000000000000000ff"])
    tracker.status([first.ref])
    tracker.identify(first.ref)
    tracker.identify(parent.ref)
    tracker.update(first.ref, TicketChange(due_on=date(2026, 12, 24)))
    tracker.update(first.ref, TicketChange(done=True))
    tracker.update(second.ref, TicketChange(dropped=True))
    tracker.tidy(parent.ref)
    tracker.doubles(ORDER.run_marker, ORDER.marker, parent.ref)
    tracker.mark_double(second.ref, first)
    tracker.mark_double(tracker.create(ORDER).ref, parent)


@pytest.fixture(scope="module")
def jira_calls() -> Iterator[list[Exchange]]:
    ada = Person(account_id="5b10ac8d82e05b22cc7d4ef5", name="Ada Agency", email="ada@agency.example")
    standin = JiraStandIn(project=Project(people=(ada,)))
    recorder = Recorder(standin.app)
    server = RunningServer(recorder).start()
    tracker = JiraTracker(
        JiraSettings(
            url=server.url,
            gateway=f"{server.url}/atlassian",
            email=standin.email,
            token=SecretStr(standin.token),
            project="AMI",
        )
    )
    work_through(tracker)
    standin.project.required = {"customfield_10010": "Client"}
    _refused(tracker)
    standin.token = "renewed"
    _refused(tracker)
    # Where a token with scopes would be taken is asked of the site itself, which is no part of the described API.
    yield [call for call in recorder.exchanges if not call.path.startswith(("/_edge/", "/atlassian/"))]
    server.stop()


@pytest.fixture(scope="module")
def data_center_calls() -> Iterator[list[Exchange]]:
    ada = Person(account_id="ada", name="Ada Agency", email="ada@agency.example")
    standin = DataCenterStandIn(project=Project(people=(ada,)))
    recorder = Recorder(standin.app)
    server = RunningServer(recorder).start()
    settings = JiraSettings(kind="datacenter", url=server.url, token=SecretStr(standin.token), project="AMI")
    work_through(JiraTracker(settings))
    yield recorder.exchanges
    server.stop()


@contextmanager
def somebody_at_home(standin: TrelloStandIn) -> Iterator[None]:
    """Whoever asks with HEAD whether we are there, gets 200."""
    door = RunningServer(standin.app).start()
    standin.hooks.reach = lambda _url: f"{door.url}/c/{standin.cards[0].short_link}"
    yield
    door.stop()


@pytest.fixture(scope="module")
def trello_calls() -> Iterator[list[Exchange]]:
    standin = TrelloStandIn()
    recorder = Recorder(standin.app)
    server = RunningServer(recorder).start()
    key, token = SecretStr(standin.key), SecretStr(standin.token)
    tracker = TrelloTracker(
        TrelloSettings(url=server.url, key=key, token=token, board=standin.board.id), "https://amicable.example"
    )
    work_through(tracker)
    standin.board.add_list({"name": "To do", "pos": "bottom"})  # from now on a board of states
    work_through(tracker)
    with somebody_at_home(standin):
        tracker.keep_webhook()
        standin.hooks.hooks[0].is_active = False
        tracker.keep_webhook()
    yield recorder.exchanges
    server.stop()


def test_jira_is_spoken_as_it_is_written(jira_api: OpenAPI, jira_calls: list[Exchange]) -> None:
    """Each of our requests, and each answer of the stand-in, refusals too."""
    assert [told for call in jira_calls if (told := complaint(jira_api, call, jira_request(call)))] == []


def test_data_center_is_spoken_as_it_is_written(data_center_api: OpenAPI, data_center_calls: list[Exchange]) -> None:
    """Each of our requests of REST v2, and each answer of its stand-in."""
    told = [complaint(data_center_api, call, data_center_request(call)) for call in data_center_calls]
    assert [each for each in told if each] == []


def test_trello_is_spoken_as_it_is_written(trello_api: OpenAPI, trello_calls: list[Exchange]) -> None:
    """Each of our requests, with its JSON body read as the query that it stands for, and each answer."""
    assert [told for call in trello_calls if (told := complaint(trello_api, call, trello_request(call)))] == []


def test_no_parameter_is_made_up(
    jira_document: Json,
    jira_calls: list[Exchange],
    data_center_document: Json,
    data_center_calls: list[Exchange],
    trello_document: Json,
    trello_calls: list[Exchange],
) -> None:
    """The libraries send any name that they are given, and the services ignore those that they do not know."""
    sent = [(jira_document, jira_request(call)) for call in jira_calls]
    sent += [(data_center_document, data_center_request(call)) for call in data_center_calls]
    sent += [(trello_document, trello_request(call)) for call in trello_calls]
    assert [found for document, request in sent if (found := made_up(document, request))] == []


def test_every_described_call_was_made(jira_calls: list[Exchange], trello_calls: list[Exchange]) -> None:
    """The comparison covers all that the adapters can send."""
    made = {(call.method, call.path.strip("/").split("/")[-1].split("-")[0]) for call in [*jira_calls, *trello_calls]}
    assert made >= {("post", "issue"), ("post", "bulkfetch"), ("post", "jql"), ("get", "search"), ("get", "issuetypes")}
    assert {call.method for call in trello_calls} == {"get", "post", "put"}
    assert {call.status for call in jira_calls} == {200, 201, 204, 400, 401, 404}


@pytest.mark.parametrize(
    "wrong",
    [{"fields": "none"}, {"properties": [{"key": 1}]}, {"properties": {"wrapup": 1}}, {"update": {"labels": 1}}],
)
def test_jiras_document_notices_a_wrong_request(jira_api: OpenAPI, jira_calls: list[Exchange], wrong: Json) -> None:
    """The comparison is no formality."""
    call = next(call for call in jira_calls if call.path == "/rest/api/3/issue")
    spoilt = replace(call, sent=json.dumps(json.loads(call.sent) | wrong).encode())
    with pytest.raises(OpenAPIError):
        jira_api.validate_request(jira_request(spoilt))


@pytest.mark.parametrize("wrong", [{"id": "short"}, {"closed": "no"}, {"due": "tomorrow"}])
def test_trellos_document_notices_a_wrong_answer(
    trello_api: OpenAPI, trello_calls: list[Exchange], wrong: Json
) -> None:
    """A stand-in that drifts is told."""
    call = next(call for call in trello_calls if (call.method, call.path) == ("post", "/1/cards"))
    answer = json.dumps(json.loads(call.answer) | wrong).encode()
    with pytest.raises(OpenAPIError):
        trello_api.validate_response(trello_request(call), MockResponse(answer))


def complaint(api: OpenAPI, call: Exchange, request: MockRequest) -> str:
    """What the document has against this exchange; Trello describes no refusals."""
    try:
        api.validate_request(request)
        if call.answer and call.mime == "application/json":
            api.validate_response(request, MockResponse(call.answer, call.status, content_type=call.mime))
    except OpenAPIError as error:
        return f"{call.method} {call.path} {call.status}: {error!r} {error.__cause__!r}"
    return ""


def made_up(document: Json, request: MockRequest) -> set[str]:
    """Names in the query that the document does not have; it describes none at all for a board's cards."""
    path = request.path.removeprefix("/1") if request.path.startswith("/1/") else request.path
    path = path.removeprefix("/rest") if path.startswith("/rest/api/2/") else path
    for template, methods in document["paths"].items():
        fits = re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
        if fits and request.method in methods and template != "/boards/{id}/cards":
            described = [*methods["parameters"], *methods[request.method].get("parameters", [])]
            return set(request.parameters.query) - {parameter["name"] for parameter in described}
    return set()


def jira_request(call: Exchange) -> MockRequest:
    return MockRequest(
        "https://your-domain.atlassian.net",
        call.method,
        call.path,
        args=call.query,
        headers=call.headers,
        data=call.sent or None,
    )


def data_center_request(call: Exchange) -> MockRequest:
    return MockRequest(
        "http://localhost:8090", call.method, call.path, args=call.query, headers=call.headers, data=call.sent or None
    )


def trello_request(call: Exchange) -> MockRequest:
    """Trello takes a JSON body wherever its document speaks of the query."""
    query: Json = call.query | (json.loads(call.sent) if call.sent else {})
    return MockRequest("https://api.trello.com", call.method, call.path, args=query, headers=call.headers)


def _refused(tracker: JiraTracker) -> None:
    with suppress(TrackerError):
        tracker.create(ORDER)
