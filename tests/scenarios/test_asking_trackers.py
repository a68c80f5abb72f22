"""No tracker inside a click: whatever a tracker takes, Slack gets its answer, and the dialog fills in later."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from typing import Any

import pytest
import structlog

from integrations.logs import configure_logs
from integrations.sandbox.agency import AMIR
from integrations.sandbox.faults import Fault
from integrations.sandbox.jira.project import Person
from rules.partings.parting import PartingState
from rules.partings.tickets.outcomes import plain
from tests.scenarios.parting_office import Office

ACKNOWLEDGED_SECONDS = 1.0


@pytest.fixture
def office(app: Any) -> Office:
    made = Office(app)
    made.tell()
    made.choose("jira")
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def timed(who: Any, view: Any, action: str) -> float:
    began = time.perf_counter()
    who.click(view, action)
    return time.perf_counter() - began


def timed_usual(office: Office) -> float:
    """What a click costs that asks nobody, so that a busy machine is no slow tracker."""
    return timed(office.amir, office.show(office.amir), "terms")


@pytest.mark.parametrize("seconds", [0.5, 1, 4, 30])
def test_a_slow_jira_breaks_no_acknowledgement(office: Office, seconds: float) -> None:
    """Who sees the tickets, its confirmation, and the opening: each is acknowledged at once and filled in later."""
    faults = office.app.world.jira.faults
    allowed = max(ACKNOWLEDGED_SECONDS, 3 * timed_usual(office))
    faults.delay = seconds
    faults.sometimes(Fault.SLOW, 1.0)
    shown = office.show(office.olivia)
    taken = [timed(office.olivia, shown, "audience")]
    waiting = words(office.olivia.view)
    taken.append(timed(office.amir, office.show(office.amir), "open_tickets"))
    faults.clear()
    office.idle()
    answered = words(office.olivia.view)
    taken.append(timed(office.olivia, office.olivia.view, "confirm_destination"))
    office.open()

    assert max(taken) < allowed
    assert "Asking Jira who sees the tickets" in waiting
    assert "Who sees them" in answered
    assert office.sheet().parting.state is PartingState.OPEN


def test_a_tracker_that_refuses_says_so_in_the_dialog_that_waits(office: Office) -> None:
    """With a button that asks again once it is put right."""
    office.app.world.jira.token = "renewed"
    office.olivia.click(office.show(office.olivia), "audience")
    office.idle()
    refused = words(office.olivia.view)
    office.app.world.jira.token = "jira-token"
    office.olivia.click(office.olivia.view, "ask_again")
    office.idle()

    assert "no longer accepts our access" in refused
    assert "Who sees them" in words(office.olivia.view)


def test_an_admin_says_once_who_is_who_and_what_means_done(office: Office) -> None:
    """Matched people get their tickets; a name that tells nothing counts as said; empty forms change nothing."""
    jira = office.app.world.jira
    account_id = "5b10ac8d82e05b22cc7d4ef5"
    jira.project.people = (Person(account_id=account_id, name="Amir A."),)
    before = words(office.show(office.olivia))
    office.olivia.click(office.show(office.olivia), "tracker_people")
    office.idle()
    assert office.olivia.submit({f"account_{AMIR}": account_id}).outcome == "updated"
    office.olivia.click(office.show(office.olivia), "audience")
    office.idle()
    office.olivia.click(office.olivia.view, "tracker_people")
    office.idle()
    shown = words(office.olivia.view)
    assert office.olivia.submit({}).outcome == "updated"
    after = words(office.show(office.olivia))
    for done in (["closed"], ["closed"]):
        office.olivia.click(office.show(office.olivia), "audience")
        office.idle()
        office.olivia.click(office.olivia.view, "endings")
        office.idle()
        assert office.olivia.submit({"done": done}).outcome == "updated"
        office.idle()
    told = words(office.olivia.view)
    office.olivia.click(office.olivia.view, "confirm_destination")
    office.open()

    assert ("Not known in Jira yet" in before, "Not known in Jira yet" in after) == (True, False)
    assert (
        f'"initial_option": {{"text": {{"type": "plain_text", "text": "Amir A."}}, "value": "{account_id}"}}' in shown
    )
    assert "Done, Closed means done; Won't Do does not" in told
    assert {issue.assignee for issue in jira.issues} == {account_id}


def test_everybody_can_be_matched_in_a_large_team(office: Office) -> None:
    """The form holds a dozen; the others are a click away, and whoever was matched there stands there."""
    office.app.world.jira.project.people = (Person(account_id="5b10ac8d82e05b22cc7d4ef5", name="Ada A."),)
    amir = office.app.member(AMIR)
    with office.app.web.outside.units.begin(office.team) as unit:
        for number in range(13):
            unit.people.save_member(replace(amir, id=f"U0ZOE{number:05}", name=f"Zoe {number:02}"))
    for _ in range(2):
        office.olivia.click(office.show(office.olivia), "tracker_people")
        office.idle()
        first = words(office.olivia.view)
        office.olivia.click(office.olivia.view, "ask_again")
        office.idle()
        second = words(office.olivia.view)
        answer = office.olivia.submit({"account_U0ZOE00012": "5b10ac8d82e05b22cc7d4ef5"})

    assert answer.outcome == "updated"
    assert [("Zoe 12" in shown, "Show the others" in shown) for shown in (first, second)] == [
        (False, True),
        (True, False),
    ]
    assert ("Show the first ones" in second, '"initial_option"' in first, '"initial_option"' in second) == (
        True,
        False,
        True,
    )


def test_names_of_any_kind_can_be_asked_about(office: Office) -> None:
    """Signs alone, longer than Slack takes, two that read the same, more than a group holds: each is asked about."""
    office.choose("trello")
    board = office.app.world.trello.board
    long, many = f"Waiting for{30 * ' whoever'}", [f"Corner {number}" for number in range(12)]
    for name in ("To do", "✅", "⏳", "Later!", "later", long, *many):
        board.add_list({"name": name, "pos": "bottom"})
    office.olivia.click(office.show(office.olivia), "audience")
    office.idle()
    office.olivia.click(office.olivia.view, "endings")
    office.idle()
    shown = words(office.olivia.view)
    assert (
        office.olivia.submit({"done": [plain("✅"), plain(long)], "done_10": [plain("Corner 11")]}).outcome == "updated"
    )
    office.idle()
    told = words(office.olivia.view)

    assert [name in shown for name in ("✅", "⏳", "Later!", "Waiting for", *many)] == [True] * 16
    assert [shown.count(f'"text": "{name}"') for name in ("Later!", "later")] == [1, 0]
    assert f"✅, {long}, Corner 11 means done; " in told


def test_a_dialog_that_slack_does_not_take_is_answered_all_the_same(office: Office) -> None:
    """Else it would say for ever that Jira is being asked; the button asks again."""
    jira, slack = office.app.world.jira.faults, office.app.world.slack.faults
    jira.delay = 60
    jira.sometimes(Fault.SLOW, 1.0)
    office.olivia.click(office.show(office.olivia), "audience")
    slack.next(Fault.SERVER_ERROR, path="views.update")
    jira.clear()
    office.idle()
    refused = words(office.olivia.view)
    office.olivia.click(office.olivia.view, "ask_again")
    office.idle()

    assert ("Asking Jira" in refused, "Ask again" in refused) == (False, True)
    assert "Who sees them" in words(office.olivia.view)


def test_an_admin_answers_fields_of_every_kind_once(office: Office) -> None:
    """A person, a number, several of a list, a parent with its child, one of the ticket's own days."""
    project = office.app.world.jira.project
    project.people = (Person(account_id="a-1", name="Ada Agency"),)
    schemas = {"who": "user", "hours": "number", "region": "option-with-child", "until": "date"}
    project.required = {name: name for name in (*schemas, "teams")}
    project.schemas = {name: {"type": kind} for name, kind in schemas.items()}
    project.schemas["teams"] = {"type": "array", "items": "option"}
    project.options = {
        "teams": [{"id": "7", "value": "Web"}, {"id": "8", "value": "Print"}],
        "region": [{"id": "10", "value": "EMEA", "children": [{"id": "11", "value": "Spain"}]}],
    }
    said = {"who": "a-1", "hours": "1234567.89", "region": "10/11", "until": "due", "teams": ["7", "8"]}
    for answers in ({f"field_{name}": answer for name, answer in said.items()}, {}):
        office.olivia.click(office.show(office.olivia), "audience")
        office.idle()
        office.olivia.click(office.olivia.view, "tracker_fields")
        office.idle()
        assert office.olivia.submit(answers).outcome == "updated"
        office.idle()
    told = words(office.olivia.view)
    office.olivia.click(office.olivia.view, "confirm_destination")
    office.open()

    assert "who (Ada Agency), hours (1234567.89), region (EMEA / Spain)" in told
    assert "teams (Web, Print)" in told
    issue = office.app.world.jira.issues[-1]
    assert issue.besides == {
        "who": {"accountId": "a-1"},
        "hours": 1234567.89,
        "region": {"id": "10", "child": {"id": "11"}},
        "until": issue.due_on,
        "teams": [{"id": "7"}, {"id": "8"}],
    }


def test_whoever_decides_and_is_no_admin_matches_nobody(office: Office) -> None:
    """The button is not there, and its click is refused in the dialog that waits."""
    assert "tracker_people" not in words(office.show(office.amir))


def test_one_id_leads_from_a_click_to_the_call_of_the_tracker(app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks for what became of a request finds it in the log: the job bears its id, and so does the call."""
    office = Office(app)
    office.tell()
    office.choose("jira")
    office.idle()
    capsys.readouterr()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs("INFO", "json")
    try:
        office.olivia.click(office.show(office.olivia), "audience")
        office.idle()
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    asked = {line.get("request") for line in lines if line.get("logger") == "integrations.http"}
    clicks = {line["request"] for line in lines if line["event"] == "asked"}

    assert (len(asked), asked <= clicks, None in asked) == (1, True, False)
