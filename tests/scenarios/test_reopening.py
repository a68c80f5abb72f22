"""A new fact reopens a decision: what was not opened is stopped, and what was is named with its link (DC04)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR
from rules.clients.stages import Stage
from rules.partings.parting import PartingState, TaskState, TicketState
from tests.scenarios.parting_office import Office


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def reopen(office: Office) -> None:
    """A new fact, somebody who stands for it, a day, and the click."""
    office.amir.click(office.show(office.amir, "consider"), "ask_to_reopen")
    assert office.amir.submit({"fact": "Their new manager asked us to stay.", "owner": AMIR}).outcome == "updated"
    office.app.sweep(timedelta(hours=25))
    office.amir.click(office.show(office.amir, "consider"), "reopen")


def outside(office: Office, tracker: str) -> list[bool]:
    """What lies in the tracker, without the parent: whether it is closed there, on Trello put into the archive."""
    if tracker == "trello":
        return [card.closed for card in office.app.world.trello.cards]
    return [issue.closed for issue in office.app.world.jira.issues[1:]]


@pytest.mark.parametrize("tracker", ["jira", "trello"])
def test_a_reopened_decision_stops_what_was_not_opened_and_names_what_was(office: Office, tracker: str) -> None:
    """Decided, some tasks opened before the talk: none of the others ever opens, and one click closes these."""
    office.choose(tracker, few=False)
    office.confirm()
    office.open()
    before = outside(office, tracker)
    reopen(office)
    office.idle()
    shown = words(office.amir.view)
    told = [message for message in office.amir.dms() if "stopped by a new fact" in message.text]
    office.app.sweep(timedelta(hours=2))
    office.idle()
    waiting = [ticket for ticket in office.sheet().tasks if ticket.state is TicketState.NEW]
    still = outside(office, tracker)
    office.amir.click(office.amir.view, "close_stopped")
    office.idle()

    assert (office.sheet().client.stage, office.sheet().parting.state) == (Stage.ACTIVE, PartingState.STOPPED)
    opened = [ticket for ticket in office.sheet().tasks if ticket.state is TicketState.OPENED]
    assert all(ticket.url in shown for ticket in opened)
    assert (len(told), len(opened), bool(waiting)) == (1, len(before), True)
    assert (still, outside(office, tracker)) == ([False] * len(before), [True] * len(before))
    assert {ticket.task_state for ticket in opened} == {TaskState.WAIVED}
    assert "There is no parting" in office.amir.command("/client", "Birch & Barrow parting").text


def test_told_and_reopened_before_anything_was_opened_leaves_nothing(office: Office) -> None:
    """The work goes on as if nothing had been prepared, and a later decision starts afresh."""
    office.tell()
    reopen(office)

    assert (office.sheet().client.stage, office.sheet().parting.state) == (Stage.ACTIVE, PartingState.STOPPED)
    assert "were open already" not in words(office.amir.view)


def test_tickets_of_a_running_parting_are_not_closed_by_an_old_button(office: Office) -> None:
    """A forged click changes nothing."""
    office.tell()
    office.choose("checklist", few=False)
    office.open()
    office.amir.click(office.show(office.amir), "close_stopped", value=office.parting.id, forge=True)

    assert {ticket.task_state for ticket in office.sheet().tasks} == {TaskState.OPEN}
