"""What is done, waived or moved in Slack goes to the tracker, and what somebody does there comes back (HO10, D11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.partings.planning import moment, move_last_day
from rules.errors import AgainLaterError, NeedsHumanError, TrackerError
from rules.partings.parting import TaskState, Ticket
from rules.ports import TicketChange

if TYPE_CHECKING:
    from tests.services.partings.conftest import Issue, Office

WORKSPACE = "T1"


@pytest.fixture
def opened(office: Office) -> Ticket:
    """A task with its ticket, known to be as we wrote it."""
    office.open()
    office.run()
    office.news.poll(WORKSPACE)
    return next(each for each in office.rows() if each.task_code == "final_files")


def row(office: Office, ticket: Ticket) -> Ticket:
    return next(each for each in office.rows() if each.id == ticket.id)


def issue(office: Office, ticket: Ticket) -> Issue:
    return next(each for each in office.jira.issues if each.ref.ref == ticket.ref)


def deliver(office: Office) -> None:
    """A worker tells the tracker what it has been given to tell."""
    for job in office.jobs.waiting():
        if job.name == "read_jira_ticket":
            workspace_id, tracker, ref, is_new = job.args
            office.news.read(str(workspace_id), str(tracker), str(ref), int(is_new))
            office.jobs.finish(job)


def move(office: Office, by: int) -> date:
    """The last day moves by so many days, as a changed answer or a received letter moves it."""
    with office.units.begin(WORKSPACE) as unit:
        client, parting = unit.clients.lock(office.client.id), unit.partings.lock(office.parting.id)
        day = parting.last_day + timedelta(days=by)
        unit.partings.save(
            move_last_day(unit, client, parting, (day, "Agreed on the phone."), moment(unit, office.clock))
        )
    return day


def test_a_tick_in_slack_closes_the_ticket(office: Office, opened: Ticket) -> None:
    """Whoever looks into the tracker sees the same, however often it is said."""
    office.partings.task_done(WORKSPACE, office.colleague, opened.id)
    office.partings.task_done(WORKSPACE, office.colleague, opened.id)
    deliver(office)
    office.news.poll(WORKSPACE)

    assert office.jira.updates == [(opened.ref, TicketChange(done=True))]
    assert (row(office, opened).task_state, issue(office, opened).status) == (TaskState.DONE, "Done")


def test_a_waived_task_is_closed_there_and_stays_waived(office: Office, opened: Ticket) -> None:
    """Nobody works on what is not needed, and our word for it stays."""
    office.partings.waive(WORKSPACE, office.owner, opened.id, "They took it over.")
    deliver(office)
    office.news.poll(WORKSPACE)

    assert (row(office, opened).task_state, issue(office, opened).status) == (
        TaskState.WAIVED,
        "Won't Do",
    )


@pytest.mark.parametrize("waived", [False, True])
def test_what_is_opened_again_in_the_tracker_is_open_again_here(
    office: Office, opened: Ticket, *, waived: bool
) -> None:
    """The edit there wins, and is not fought over."""
    if waived:
        office.partings.waive(WORKSPACE, office.owner, opened.id, "Not needed.")
    else:
        office.partings.task_done(WORKSPACE, office.owner, opened.id)
    deliver(office)
    issue(office, opened).status = ""
    for _ in range(2):
        office.news.poll(WORKSPACE)

    assert (row(office, opened).task_state, issue(office, opened).status) == (TaskState.OPEN, "")


def test_a_refusal_is_said_and_tried_again(office: Office, opened: Ticket) -> None:
    """A workflow that asks for more than we know: the task is done here, and the cause stands beside it."""
    office.jira.update_fault = NeedsHumanError("Resolution is required.")
    office.partings.task_done(WORKSPACE, office.owner, opened.id)
    deliver(office)
    told = row(office, opened).trouble

    office.jira.update_fault = None
    office.clock.move(seconds=1)
    office.partings.try_again(WORKSPACE, office.owner, opened.id)
    deliver(office)

    assert (told, row(office, opened).trouble) == ("Resolution is required.", "")
    assert issue(office, opened).status == "Done"


@pytest.mark.parametrize("fault", [AgainLaterError("Busy.")])
def test_a_tracker_that_is_away_hears_it_from_the_poll(office: Office, opened: Ticket, fault: TrackerError) -> None:
    """A tick is never lost to an outage."""
    office.jira.read_fault = fault
    office.partings.task_done(WORKSPACE, office.owner, opened.id)
    deliver(office)
    office.jira.read_fault = None
    office.news.poll(WORKSPACE)

    assert issue(office, opened).status == "Done"


def test_open_tickets_follow_the_last_day(office: Office, opened: Ticket) -> None:
    """Two weeks more: each ticket is due two weeks later, its parent on the new last day, the letter's plan as well."""
    before = {ticket.id: ticket.due_on for ticket in office.rows()}
    last_day = move(office, 14)
    deliver(office)

    rows = office.rows()
    planned = {task.code: task.due_on for task in office.sheet().parting.preview.tasks}
    moved = [ticket for ticket in rows[1:] if before[ticket.id] != ticket.due_on]
    assert rows[0].due_on == last_day
    assert len(moved) > len(rows) / 2
    assert {ticket.task_code: ticket.due_on for ticket in rows[1:]}.items() <= planned.items()
    assert {ticket.marker: ticket.due_on for ticket in rows} == {
        each.order.marker: each.order.due_on for each in office.jira.issues
    }


def test_a_day_that_was_set_in_the_tracker_stays(office: Office, opened: Ticket) -> None:
    """Also when the tracker has not told of it yet; our plan is shown beside it."""
    theirs = date(2027, 3, 1)
    office.jira.edit(opened.ref, due_on=theirs)
    move(office, 14)
    deliver(office)
    again = move(office, 7)
    deliver(office)

    kept = row(office, opened)
    assert (kept.due_on, issue(office, opened).order.due_on) == (theirs, theirs)
    assert kept.planned_on != theirs
    assert again == office.sheet().parting.last_day


def test_a_finished_task_keeps_its_day(office: Office, opened: Ticket) -> None:
    """What is done is history."""
    office.partings.task_done(WORKSPACE, office.owner, opened.id)
    move(office, 14)
    deliver(office)

    assert row(office, opened).due_on == opened.due_on


def test_the_parents_marker_is_tidied_once_no_request_is_under_way(office: Office) -> None:
    """A list's name shows no raw marker for longer than the recipe needs it."""
    office.open()
    office.run()
    office.tickets.sweep_doubles(WORKSPACE, office.parting.id)
    early = list(office.jira.tidied)
    office.clock.move(minutes=5)
    office.tickets.sweep_doubles(WORKSPACE, office.parting.id)

    assert (early, office.jira.tidied) == ([], [office.rows()[0].ref])
