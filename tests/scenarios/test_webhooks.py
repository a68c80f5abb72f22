"""`/webhooks/...`: what trackers send is verified, stored, answered; a worker reads the ticket itself (HO10)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from integrations.sandbox.bells import PUBLIC_URL, SECRET
from integrations.sandbox.jira import DataCenterStandIn, JiraStandIn
from integrations.sandbox.world import World
from rules.clients.client import Client
from rules.clients.stages import Origin
from rules.decisions.decision import Decision
from rules.errors import AgainLaterError
from rules.partings.parting import Parting, PartingState, Preview, TaskKind, TaskState, Ticket, TicketState
from rules.ports import TicketOrder, TicketRef
from tests.clocks import SLACK_SECONDS

CANARY = "zanzibar"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ORDER = TicketOrder(
    marker="wu-0000000000aa",
    run_marker="wrapup-run7",
    title="Hand over all files",
    details="",
    due_on=date(2026, 11, 30),
    assignee="",
    parent_ref="",
    is_parent=False,
)
TRIES = 20
PARENT = replace(ORDER, marker="wu-0000000000ff", title="Wrap-up", is_parent=True)


@pytest.fixture(params=[JiraStandIn, DataCenterStandIn])
def world(tmp_path: Path, starts_at: datetime, request: pytest.FixtureRequest) -> Iterator[World]:
    """With either kind of Jira."""
    made = World(
        tmp_path / "clock",
        starts_at=starts_at,
        slack_seconds=SLACK_SECONDS,
        retry_waits=(0.0, 0.2, 0.4),
        jira=request.param(),
    )
    made.serve()
    yield made
    made.stop()


@dataclass
class Hooks:
    """The trackers' side of the webhooks."""

    app: Any

    def jira(self, body: bytes, secret: str = SECRET, **headers: str) -> int:
        return self._ask("POST", f"/webhooks/jira/{secret}", body, headers)

    def trello(self, body: bytes, signed: bytes | None = None) -> int:
        content = (body if signed is None else signed) + f"{PUBLIC_URL}/webhooks/trello".encode()
        mark = base64.b64encode(hmac.new(SECRET.encode(), content, hashlib.sha1).digest()).decode()
        return self._ask("POST", "/webhooks/trello", body, {"X-Trello-Webhook": mark})

    def knock(self) -> int:
        return self._ask("HEAD", "/webhooks/trello", b"", {})

    def jobs(self) -> int:
        """How many readings are stored, done or not."""
        with self.app.web.outside.engine.connect() as connection:
            table = sa.inspect(connection)
            name = "workflow_status"
            schema = "dbos" if "dbos" in table.get_schema_names() else None
            found = sa.table(name, sa.column("workflow_uuid"), schema=schema)
            query = sa.select(sa.func.count()).where(found.c.workflow_uuid.like("read_ticket:%"))
            return int(connection.execute(query).scalar_one())

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
        with requests.Session() as session:
            session.trust_env = False
            sent = {"Content-Type": "application/json", **headers}
            return session.request(method, f"{self.app.url}{path}", data=body, headers=sent, timeout=60).status_code


@pytest.fixture
def hooks(front: Any) -> Hooks:
    return Hooks(front)


def updated(ref: str, event: str = "jira:issue_updated") -> bytes:
    return json.dumps({"webhookEvent": event, "issue": {"id": ref, "fields": {"summary": CANARY}}}).encode()


def created(app: Any, tracker: str, order: TicketOrder) -> TicketRef:
    """As the engine does it: what took too long to prepare is tried again, with what was read."""
    for _ in range(TRIES):
        with suppress(AgainLaterError):
            made: TicketRef = app.web.outside.trackers[tracker].create(order)
            return made
    raise AssertionError("The tracker is never prepared in time.")


def known_ticket(app: Any, client: Client, tracker: str = "jira") -> tuple[Ticket, TicketRef]:
    """A parting under way whose one task has a ticket there."""
    parent_ref = created(app, tracker, PARENT).ref
    place = created(app, tracker, replace(ORDER, parent_ref=parent_ref))
    parting = Parting(
        id="pt-1",
        workspace_id=app.team_id,
        client_id=client.id,
        decision_id="de-1",
        origin=Origin.OURS,
        state=PartingState.OPEN,
        last_day=date(2026, 11, 30),
        last_day_arithmetic=(),
        preview=Preview(revision=1, tracker=tracker, tasks=()),
        created_at=NOW,
        created_by=client.owner_id,
    )
    decision = Decision(
        id="de-1",
        workspace_id=app.team_id,
        client_id=client.id,
        origin=Origin.OURS,
        opened_at=NOW,
        opened_by=client.owner_id,
    )
    parent = Ticket(
        id="tk-0",
        workspace_id=app.team_id,
        parting_id="pt-1",
        task_code="parent",
        kind=TaskKind.WRAP_UP,
        tracker=tracker,
        marker=PARENT.marker,
        run_marker=ORDER.run_marker,
        title=PARENT.title,
        details="",
        state=TicketState.OPENED,
        ref=parent_ref,
        updated_at=NOW,
    )
    values = {name: getattr(parent, name) for name in parent.__dataclass_fields__}
    own = {"id": "tk-1", "parent_id": "tk-0", "task_code": "files", "title": ORDER.title, "marker": ORDER.marker}
    task = Ticket(**{**values, **own, "ref": place.ref, "key": place.key, "url": place.url, "due_on": ORDER.due_on})
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.decisions.save(decision)
        unit.partings.save(parting)
        unit.partings.add_tickets([parent, task])
    return task, place


def test_an_issue_that_is_done_is_done_in_slack(app: Any, birch: Client) -> None:
    """One signed word from Jira, however often it comes, and the worker reads the issue itself."""
    hooks = Hooks(app)
    task, place = known_ticket(app, birch)
    app.world.jira.finish(place.key)
    body = updated(place.ref)
    mark = f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    headers = {"X-Hub-Signature": mark, "X-Atlassian-Webhook-Identifier": "event-1"}

    answers = [hooks.jira(body, **headers) for _ in range(3)]
    app.settle()

    with app.web.outside.units.read(app.team_id) as unit:
        assert unit.partings.ticket(task.id).task_state is TaskState.DONE
    assert (answers, hooks.jobs()) == ([200] * 3, 1)


def test_the_sandbox_rings_as_the_trackers_do(app: Any, birch: Client) -> None:
    """Somebody deletes an issue there: it is asked about here at once, before any round of ours."""
    app.world.bells.app_url = app.url
    task, place = known_ticket(app, birch)

    app.world.jira.delete(place.key)
    app.settle()

    with app.web.outside.units.read(app.team_id) as unit:
        assert unit.partings.ticket(task.id).task_state is TaskState.GONE


def test_what_is_not_from_the_tracker_is_refused_without_a_word_of_it_in_a_log(
    hooks: Hooks, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong address, a wrong signature, a changed body: 401, and no log repeats body or secret."""
    caplog.set_level(logging.INFO)
    body = updated("10001")
    wrong = f"sha256={hmac.new(b'guess', body, hashlib.sha256).hexdigest()}"
    answers = [
        hooks.jira(body, "guess"),
        hooks.jira(body, **{"X-Hub-Signature": wrong}),
        hooks.jira(body, **{"X-Hub-Signature": "nonsense"}),
        hooks.trello(body, signed=b"{}"),
        hooks.trello(body, signed=b""),
    ]
    logged = "".join([*capfd.readouterr(), caplog.text])
    assert answers == [401] * 5
    assert (CANARY in logged, SECRET in logged, hooks.jobs()) == (False, False, 0)


def test_trello_finds_somebody_at_the_door(hooks: Hooks) -> None:
    """It asks with HEAD before it registers a webhook; an action of another board's card leaves no work."""
    body = json.dumps(
        {"action": {"id": f"{7:024x}", "type": "updateCard", "data": {"card": {"id": f"{8:024x}"}}}}
    ).encode()
    assert (hooks.knock(), hooks.trello(body), hooks.jobs()) == (200, 200, 0)


def test_what_can_not_be_read_is_no_fault_of_ours(hooks: Hooks) -> None:
    """Broken, unexpected and huge bodies are client errors, never 500."""
    bodies = [b"", b"{", b"[]", b"\xff\xfe", b'"x"']
    answers = [hooks.jira(body) for body in bodies] + [hooks.trello(body) for body in bodies]
    assert answers == [400] * 10
    assert hooks.jira(b"x" * 1_100_000) == 413
