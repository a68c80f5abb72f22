"""`/slack/events`: what is let in, what is not, and what is said of it (BR14, design section 5 "Capture")."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from bot.answering import Answering
from bot.bootstrap.house import House
from bot.settings import MetricsSettings, Settings
from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from integrations.sandbox.faults import Fault
from integrations.sandbox.slack.deliveries import signature
from rules.clients.client import Client
from rules.errors import NotFoundError
from tests.bench import spoiled
from tests.clocks import real_now

FORM = "application/x-www-form-urlencoded"
CANARY = "zanzibar"
SPOILED = 400  # ten thousand of each in `make bench ARGS="--only door"`


def send(app: Any, body: bytes, kind: str = "application/json", **headers: str) -> requests.Response:
    """A signed request, unless the headers say otherwise."""
    signed = signature(app.world.slack.workspace.signing_secret, int(real_now().timestamp()), body)
    with requests.Session() as session:
        session.trust_env = False
        return session.post(
            f"{app.url}/slack/events", data=body, headers={"Content-Type": kind, **signed, **headers}, timeout=60
        )


def event(app: Any, **inner: Any) -> bytes:
    body = {"type": "event_callback", "team_id": app.team_id, "event_id": f"Ev{CANARY}", "event": inner}
    return json.dumps(body).encode()


def test_what_slack_has_not_signed_is_refused_without_a_word_of_it_in_a_log(
    front: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong, stale or senseless signature is 401; neither log nor console repeat the body."""
    caplog.set_level(logging.INFO)
    body = event(front, type="reaction_added", text=CANARY)
    old = int(real_now().timestamp()) - 3600
    answers = [
        send(front, body, **{"X-Slack-Signature": "v0=" + "0" * 64}),
        send(front, body, **signature(front.world.slack.workspace.signing_secret, old, body)),
        send(front, body, **{"X-Slack-Request-Timestamp": "tomorrow"}),
        send(front, body, **{"X-Slack-Request-Timestamp": ""}),
        send(front, urlencode({"command": "/redflag", "text": CANARY}).encode(), FORM, **{"X-Slack-Signature": ""}),
    ]
    logged = "".join([*capfd.readouterr(), caplog.text])

    assert [answer.status_code for answer in answers] == [401] * 5
    assert CANARY not in logged
    with pytest.raises(NotFoundError):
        front.web.services.workspaces.event(front.team_id, f"Ev{CANARY}")


def test_what_can_not_be_read_is_no_fault_of_ours(front: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """Bytes that are no UTF-8, broken or unexpected JSON and huge bodies are client errors, never 500."""
    answers = [
        send(front, b"\xff\xfe" + CANARY.encode()),
        send(front, b'{"type": "event_callback", "zanzibar'),
        send(front, b"[1, 2]"),
        send(front, b'"zanzibar"'),
        send(front, b""),
        send(front, b"payload=%7Bzanzibar", FORM),
        send(front, b"payload=%5B%5D", FORM),
        send(front, b"x" * 1_100_000),
    ]

    assert [answer.status_code // 100 for answer in answers] == [4] * 8
    assert answers[-1].status_code == 413
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_spoiled_requests_are_answered_and_leave_no_word(
    front: Any,
    birch: Client,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
    *,
    signed: bool,
) -> None:
    """Real ones of every kind with something wrong in them: never 500, no traceback, no word in the log."""
    monkeypatch.setattr(spoiled, "TEAM", front.team_id)
    monkeypatch.setattr(spoiled, "PERSON", AMIR)
    front.member(AMIR)
    secret = front.world.slack.workspace.signing_secret if signed else ""
    with requests.Session() as session:
        session.trust_env = False
        url = f"{front.url}/slack/events"
        codes = {
            session.post(url, data=each.body, headers=dict(each.headers), timeout=60).status_code
            for each in spoiled.requests_of(SPOILED if signed else SPOILED // 4, 17, secret)
        }
    logged = "".join(capfd.readouterr())
    # pytest keeps what libraries said before our handler redacts it: half a character there breaks its own report.
    pytestconfig.pluginmanager.get_plugin("logging-plugin").report_handler.reset()  # type: ignore[union-attr]  # it is

    assert (codes - {200, 400, 401}, codes >= {200, 400} if signed else codes == {401}) == (set(), True)
    assert (spoiled.CANARY in logged, "Traceback" in logged) == (False, False)


def test_slack_is_answered_what_it_asks(front: Any) -> None:
    """The address check is echoed; events that we do not know are taken and ignored; the same event twice is fine."""
    challenge = send(front, json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode())
    unknown = event(front, type="emoji_changed", subtype="add")

    assert challenge.json() == {"challenge": "abc"}
    assert [send(front, unknown).status_code, send(front, unknown).status_code] == [200, 200]


def test_health_and_readiness_are_told_apart(front: Any, request: pytest.FixtureRequest) -> None:
    """Live at once; ready when a worker beats; not ready again when the last one has gone."""

    def status(path: str) -> int:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{front.url}{path}", timeout=60).status_code

    before = [status("/health"), status("/ready")]
    worker = request.getfixturevalue("worker")

    assert before == [200, 503]
    assert [status("/health"), status("/ready")] == [200, 200]
    assert worker.executor_id


def test_monitoring_reads_what_waits_and_no_word_of_it(front: Any, birch: Client) -> None:
    """Without a worker an event waits and gets old; counts and ages are told, by Prometheus' own reader."""
    amir = front.agency.amir
    ts = amir.say(BIRCH, CANARY)
    amir.command("/redflag", CANARY, channel=BIRCH)
    front.world.slack.settle()
    before, _ = measured(front)
    amir.react(BIRCH, ts, "money_with_wings")
    front.world.slack.settle()
    front.world.move_clock(timedelta(minutes=5))

    figures, told = measured(front)

    assert figures["amicable_inbox_waiting",] == before["amicable_inbox_waiting",] + 1
    assert 300 <= figures["amicable_inbox_oldest_seconds",] < 900
    assert figures["amicable_jobs_waiting", "events"] == before.get(("amicable_jobs_waiting", "events"), 0) + 1
    assert figures["amicable_acknowledgement_seconds_count",] > before["amicable_acknowledgement_seconds_count",] > 0
    assert (figures["amicable_workers",], figures["amicable_database_bytes",] > 100_000) == (0, True)
    assert not any(word in told for word in (CANARY, birch.name, birch.id, amir.who.id))


def measured(front: Any) -> tuple[dict[tuple[str, ...], float], str]:
    """By name and labels, and as it is told."""
    answer = asked_for_figures(front, "Bearer a-long-random-word")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples]
    return {(each.name, *each.labels.values()): each.value for each in samples}, answer.text


def asked_for_figures(front: Any, named: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{front.url}/metrics", headers={"Authorization": named}, timeout=60)


def test_figures_are_for_whoever_has_the_token(front: Any, settings: Settings) -> None:
    """How much an agency parts is nobody else's; where no token is set there is nothing to ask for."""
    closed = House(settings.model_copy(update={"metrics": MetricsSettings()}), serves_web=True)
    paths = [getattr(route, "path", "") for route in closed.web().routes]
    closed.close()

    refused = [asked_for_figures(front, named) for named in ("", "Bearer another", "a-long-random-word", "Bearer é")]

    assert [answer.status_code for answer in refused] == [401] * 4
    assert not any("amicable_" in answer.text for answer in refused)
    assert ("/health" in paths, "/metrics" in paths) == (True, False)


def test_answers_go_to_slack_only(front: Any, birch: Client) -> None:
    """A forged answer address is never called: what we say would leave the house."""
    amir = front.agency.amir
    amir.command("/redflag", CANARY, channel=BIRCH)
    called: list[str] = []
    front.world.slack.call = lambda method, *_: called.append(method)
    note = front.notes(birch)[0]
    click = {
        "type": "block_actions",
        "team": {"id": front.team_id},
        "user": {"id": OLIVIA},
        "trigger_id": "",
        "response_url": f"{front.world.url}/response/x".replace("127.0.0.1", "localhost"),
        "container": {"type": "message", "is_ephemeral": True},
        "actions": [{"type": "button", "action_id": "undo_note", "value": note.id, "block_id": "b"}],
    }

    answer = send(front, urlencode({"payload": json.dumps(click)}).encode(), FORM)

    assert answer.status_code == 200
    assert [m.text for m in front.world.slack.messages(BIRCH) if m.visible_to == OLIVIA] == []


def test_a_form_that_expired_and_a_slow_slack_leave_nobody_without_a_word(front: Any, birch: Client) -> None:
    """Slack refusing a dialog is said in the answer to the command."""
    front.world.slack.rate_limit("views.open", times=1)
    assert "try" in front.agency.amir.command("/redflag", "", channel=BIRCH).text.casefold()

    front.world.slack.lose_request("views.open")

    assert "try again" in front.agency.amir.command("/redflag", "", channel=BIRCH).text


def test_a_click_looks_its_person_up_once(front: Any, birch: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a click costs before anything is answered: one look at who it was."""
    amir = front.agency.amir
    card = amir.command("/client", "B&B").messages[-1]
    looked: list[str] = []
    directory = front.web.outside.directory
    real = directory.member

    def member(workspace_id: str, member_id: str, *, fresh: bool = False) -> Any:
        looked.append(member_id)
        return real(workspace_id, member_id, fresh=fresh)

    monkeypatch.setattr(directory, "member", member)
    amir.click(card, "why")
    amir.command("/redflag")

    assert looked == [amir.who.id] * 2


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.slack.com/commands/1", True),
        ("https://hooks.slack.com:443/commands/1", True),
        ("http://127.0.0.1:8030/response/1", True),
        ("http://hooks.slack.com/commands/1", False),
        ("https://hooks.slack.com:8443/commands/1", False),
        ("https://somebody@hooks.slack.com/commands/1", False),
        ("https://hooks.slack.com.example/commands/1", False),
        ("https://hooks.slack.com:port/commands/1", False),
        ("http://127.0.0.1:8031/response/1", False),
        ("ftp://hooks.slack.com/1", False),
    ],
)
def test_an_answer_address_is_slacks_over_https_on_its_port(url: str, *, allowed: bool) -> None:
    """Or the stand-in's own, where the Web API is as well."""
    answering = Answering(frozenset({"hooks.slack.com"}), lambda *_: 200)
    assert answering.allows(url, "http://127.0.0.1:8030/api/") is allowed


def test_an_answer_address_that_is_away_leaves_nobody_without_a_word(front: Any, birch: Client) -> None:
    """What was done is said in a direct message instead, and nothing "went wrong"."""
    amir = front.agency.amir
    answer = amir.command("/redflag", CANARY, channel=BIRCH).messages[-1]
    front.world.slack.faults.next(Fault.LOSE_REQUEST, path="/response/", times=1)
    amir.click(answer, "undo_note")

    assert [note.state for note in front.notes(birch)] == ["withdrawn"]
    assert amir.dms() != []
    assert "went wrong" not in amir.dms()[-1].text
