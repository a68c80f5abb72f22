"""The preview of a parting's tasks over Slack: what was looked at is what each tracker gets, field by field (D5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.agency import DANA
from integrations.sandbox.jira import DataCenterStandIn, JiraStandIn
from integrations.sandbox.jira.project import Person
from integrations.sandbox.world import World
from rules.partings.parting import PartingState, TaskKind, TaskState
from tests.clocks import SLACK_SECONDS
from tests.scenarios.parting_office import Office

ALL = ("jira", "datacenter", "trello")


@pytest.fixture(params=ALL)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(tmp_path: Path, starts_at: datetime, kind: str) -> Iterator[World]:
    jira = DataCenterStandIn() if kind == "datacenter" else JiraStandIn()
    jira.project.people = (Person(account_id="dana-there", name="Dana", email="dana@agency.example"),)
    made = World(
        tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS, retry_waits=(0.0, 0.2, 0.4), jira=jira
    )
    made.serve()
    yield made
    made.stop()


@pytest.fixture
def tracker(kind: str) -> str:
    return "trello" if kind == "trello" else "jira"


@pytest.fixture
def office(app: Any, tracker: str) -> Office:
    made = Office(app)
    made.tell()
    made.choose(tracker, few=False)
    made.confirm()
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def outside(office: Office, kind: str) -> dict[str, tuple[str, str, str, str]]:
    """What really lies in the tracker, by title: the day, the first words of the text, whose it is, and under what."""
    if kind == "trello":
        lists = {each.id: each.name for each in office.app.world.trello.lists}
        return {
            card.name: ((card.due or "")[:10], plain(card.desc), "", lists[card.list_id][:20])
            for card in office.app.world.trello.cards
        }
    issues = {issue.id: issue for issue in office.app.world.jira.issues}
    parents = {issue.parent_id for issue in issues.values()} - {""}
    tasks = [issue for issue in issues.values() if issue.id not in parents]
    return {
        issue.summary: (
            issue.due_on or "",
            plain(issue.text),
            issue.assignee,
            issues[issue.parent_id].summary[:20],
        )
        for issue in tasks
    }


def plain(text: str) -> str:
    return text.replace("\\", "").replace("&#92;", "")[:40]


def test_the_preview_is_what_the_tracker_gets_field_by_field(office: Office, kind: str) -> None:
    """Title, text, day, owner and parent of each task; one that stays in Slack is nowhere else (BR07, BR08, BR09)."""
    proposed = next(task.due_on for task in office.sheet().parting.preview.tasks if task.code == "final_invoice")
    day = (proposed + timedelta(days=1)).isoformat()
    office.set_page(office.amir, "money", owner_final_invoice=DANA, day_final_invoice=day, here_0=["confirm_paid"])
    with office.app.web.outside.units.begin(office.team) as unit:
        unit.save_workspace(replace(unit.lock_workspace(), tracker_people={f"jira/{DANA}": "dana-there"}))
    preview = office.sheet().parting.preview
    office.open()

    dana = "" if kind == "trello" else "dana-there"
    expected = {
        task.title: (
            task.due_on.isoformat(),
            plain(task.details),
            dana if task.owner_id == DANA else "",
            "Wrap-up and handoff:",
        )
        for task in preview.tasks
        if task.ticked and task.code != "confirm_paid" and task.kind is not TaskKind.CLIENT
    }
    assert outside(office, kind) == expected
    assert office.sheet().progress.opened == len(expected) + 1


def test_a_tick_in_slack_closes_the_ticket_and_a_later_last_day_moves_it(office: Office, kind: str) -> None:
    """Whoever looks into the tracker sees what was said in Slack, dates of terms that changed meanwhile too."""
    office.open()
    first, second = [task for task in office.sheet().tasks if task.task_code in {"credentials", "final_files"}]
    office.dana.click(office.show(office.dana), f"task_done.{first.id}")
    office.idle()
    later = office.sheet().parting.last_day + timedelta(days=28)
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({"deliverables": f"{later.isoformat()} Spring campaign", "amounts_owed": "none"})
    office.idle()

    rows = {task.id: task for task in office.sheet().tasks}
    trello = {card.id: (card.due_complete, (card.due or "")[:10]) for card in office.app.world.trello.cards}
    jira = {issue.id: (issue.closed, issue.due_on) for issue in office.app.world.jira.issues}
    there = trello if kind == "trello" else jira
    assert (office.sheet().parting.last_day, rows[first.id].task_state) == (later, TaskState.DONE)
    assert there[first.ref][0]
    assert there[second.ref] == (False, rows[second.id].due_on.isoformat())
    assert rows[second.id].due_on > second.due_on


def test_a_stale_preview_opens_nothing_and_says_what_changed(office: Office) -> None:
    """The old dialog's button brings the differences in words, and the new revision's button opens."""
    old = office.show(office.amir)
    office.set_page(office.olivia, "access", owner_credentials=DANA)
    office.amir.click(old, "open_tickets")
    office.idle()
    news = words(office.amir.view)
    nothing = (office.sheet().parting.state, office.sheet().tickets)
    office.amir.click(office.amir.view, "open_tickets")
    office.idle()

    assert nothing == (PartingState.PREPARING, ())
    assert "Nothing was opened" in news
    assert f"goes to <@{DANA}>, not to" in news
    assert office.sheet().parting.state is PartingState.OPEN


def test_each_day_explains_itself_on_its_page(office: Office) -> None:
    """Working days, holidays and what was left out stand under the day."""
    office.amir.click(office.show(office.amir), "preview_page.access")
    shown = words(office.amir.view)
    hints = [block["hint"]["text"] for block in office.amir.view["blocks"] if block.get("block_id", "")[:4] == "day_"]

    assert "Owners and days" not in shown
    assert all("working day" in hint for hint in hints)
    assert hints


def test_a_place_that_nobody_has_confirmed_comes_back_with_the_preview(app: Any, tracker: str) -> None:
    """BR14: the reason stands in the dialog, above the button that leads to the remedy."""
    made = Office(app)
    made.tell()
    made.choose(tracker)
    made.open()

    assert "Nobody has confirmed yet who sees" in words(made.amir.view)
    assert "audience" in words(made.amir.view)
    assert made.sheet().parting.state is PartingState.PREPARING
