"""A due day is a day of the workspace's zone, out and back, whoever set it (facts/trackers.md 8.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.trello import TrelloStandIn
from integrations.trello.tracker import TrelloTracker
from rules.partings.ticket_syncing import TicketWord
from rules.ports import TicketChange, TicketOrder, TicketRef, Tracker, Workspace
from rules.trackers import word_of
from tests.clocks import STARTS_AT

ZONES = [
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
]
# The ends of a year, and days on which one of these zones changes its clocks.
DAYS = [date(2026, month, day) for month, day in ((3, 14), (4, 4), (10, 31), (11, 27), (12, 31))] + [date(2027, 1, 1)]


def heard(tracker: Tracker, made: TicketRef, zone: str) -> TicketWord:
    workspace = Workspace(id="T1", name="Agency", timezone=zone, created_at=STARTS_AT)
    return word_of(tracker.status([made.ref])[made.ref], workspace, tracker.name)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", ["jira", "trello"])
def test_a_day_goes_out_and_comes_back(
    request: pytest.FixtureRequest, parent_order: TicketOrder, task_order: TicketOrder, name: str, zone: str
) -> None:
    """At opening and when it is changed later."""
    tracker: Tracker = request.getfixturevalue(name)
    parent = tracker.create(parent_order)
    order = replace(task_order, parent_ref=parent.ref, timezone=zone)
    made = [tracker.create(replace(order, marker=f"wu-{n:012x}", due_on=day)) for n, day in enumerate(DAYS)]
    opened = [heard(tracker, each, zone).due_on for each in made]
    for ref, day in zip(made, DAYS, strict=True):
        tracker.update(ref.ref, TicketChange(due_on=day + timedelta(days=1), timezone=zone))
    changed = [heard(tracker, each, zone).due_on for each in made]
    assert (opened, changed) == (DAYS, [day + timedelta(days=1) for day in DAYS])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [time(0, 0), time(9, 0), time(23, 59)])
def test_a_day_that_somebody_sets_on_the_board_is_that_day(
    trello: TrelloTracker,
    trello_standin: TrelloStandIn,
    parent_order: TicketOrder,
    task_order: TicketOrder,
    zone: str,
    hour: time,
) -> None:
    """Trello keeps the instant that the person's own clock showed."""
    made = trello.create(replace(task_order, parent_ref=trello.create(parent_order).ref))
    trello_standin.set_due(made.ref, datetime.combine(DAYS[0], hour, ZoneInfo(zone)))
    assert heard(trello, made, zone).due_on == DAYS[0]


def test_a_day_that_somebody_sets_in_jira_is_that_day(
    jira: Tracker, jira_standin: JiraStandIn, task_order: TicketOrder
) -> None:
    """Jira knows days, and no zone turns them."""
    made = jira.create(task_order)
    jira_standin.issues[0].due_on = "2026-12-31"
    assert {heard(jira, made, zone).due_on for zone in ZONES} == {date(2026, 12, 31)}
