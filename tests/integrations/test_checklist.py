"""The checklist keeps the promises of a tracker without one."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from integrations.checklist.tracker import ChecklistTracker
from integrations.jira.settings import JiraSettings
from integrations.trackers import build_trackers
from rules.ports import TicketOrder
from tests.clocks import real_now


@pytest.fixture
def checklist() -> ChecklistTracker:
    return ChecklistTracker()


def test_a_task_is_open_at_once(checklist: ChecklistTracker, task_order: TicketOrder) -> None:
    """Nothing is sent, so nothing can fail: the task's marker names it."""
    made = checklist.create(task_order)
    assert (made.ref, [made]) == (
        task_order.marker,
        checklist.find([task_order], real_now(), "")[task_order.marker],
    )


def test_nobody_else_knows_its_state(checklist: ChecklistTracker) -> None:
    """Tasks are ticked in Slack; no poll overwrites that."""
    assert checklist.status(["wu-0000000000ab"]) == {}


def test_there_are_no_doubles(checklist: ChecklistTracker) -> None:
    """A row is there once."""
    assert checklist.doubles("wrapup-run7", "wu-0000000000aa", "wu-0000000000aa") == {}


def test_it_may_always_be_used(checklist: ChecklistTracker) -> None:
    """The tasks go nowhere, so nobody has to confirm an address."""
    destination = checklist.destination()
    assert (destination.url, destination.problem) == ("", "")


def test_the_checklist_is_always_there() -> None:
    """Who has no tracker still gets the tasks."""
    assert list(build_trackers(None, None)) == ["checklist"]


def test_settings_turn_a_tracker_on() -> None:
    """A tracker is offered as soon as its settings are there, and not before."""
    jira = JiraSettings(url="https://a.example/", email="a@b.example", token=SecretStr("t"), project="AMI")
    assert list(build_trackers(jira, None)) == ["jira", "checklist"]
