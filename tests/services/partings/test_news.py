"""Word from the trackers: a webhook is a hint, the poll finds what was lost, and edits there win (HO10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.services.partings.tickets import dispatch
from rules.errors import AgainLaterError
from rules.partings.parting import TaskState, Ticket, TicketState
from rules.ports import Job, TicketChange, TicketHint

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"
LATER = date(2026, 12, 24)


def hint(ref: str, event_id: str = "e1", *, is_new: bool = False) -> TicketHint:
    return TicketHint(tracker="jira", event_id=event_id, ref=ref, is_new=is_new)


def reads(office: Office) -> list[Job]:
    return [job for job in office.jobs.waiting() if job.name == "read_jira_ticket"]


def read_all(office: Office) -> None:
    """A worker does what the hints have left to do."""
    for job in reads(office):
        workspace_id, tracker, ref, is_new = job.args
        office.news.read(str(workspace_id), str(tracker), str(ref), int(is_new))
        office.jobs.finish(job)


def opened(office: Office) -> Ticket:
    """A task with its ticket, known to be as we wrote it."""
    office.open()
    office.run()
    office.news.poll(WORKSPACE)
    return office.rows()[1]


def row(office: Office, ticket: Ticket) -> Ticket:
    return next(each for each in office.rows() if each.id == ticket.id)


def test_a_hint_leads_to_a_fresh_look_at_the_ticket(office: Office) -> None:
    """What the webhook said of the ticket is not believed: what the tracker says is."""
    ticket = opened(office)
    office.news.take(hint(ticket.ref))
    assert row(office, ticket).task_state is TaskState.OPEN
    next(issue for issue in office.jira.issues if issue.ref.ref == ticket.ref).status = "Done"

    read_all(office)

    assert row(office, ticket).task_state is TaskState.DONE


def test_a_repeated_hint_is_one_job(office: Office) -> None:
    """Trackers send again what they believe to be lost, and anybody can send again what they recorded."""
    ticket = opened(office)

    for event_id in ("e1", "e1", "e2"):
        office.news.take(hint(ticket.ref, event_id))

    assert len(reads(office)) == 2


def test_a_hint_about_other_peoples_tickets_leaves_no_work(office: Office) -> None:
    """A busy project's news costs nothing."""
    opened(office)

    concerned = [office.news.take(hint("4711")), office.news.take(hint("4712", is_new=True))]

    assert (concerned, reads(office)) == ([0, 0], [])


def test_a_created_ticket_with_our_marker_is_adopted_and_never_created_again(office: Office) -> None:
    """The answer to our request was lost; the tracker's own word comes before any look."""
    office.jira.lose_answer()
    office.open()
    office.run_one()
    requests = office.jira.requests

    office.news.take(hint("1", is_new=True))
    read_all(office)

    parent = office.rows()[0]
    assert (parent.state, parent.ref, office.jira.requests) == (TicketState.OPENED, "1", requests)
    office.run()
    assert len(office.jira.markers()) == len(set(office.jira.markers())) == len(office.rows())


def test_a_created_ticket_of_somebody_else_is_let_be(office: Office) -> None:
    """Only our marker makes a ticket ours."""
    office.open()

    office.news.take(hint("4711", is_new=True))
    read_all(office)

    assert office.rows()[0].state is TicketState.NEW


def test_edits_in_the_tracker_are_shown(office: Office) -> None:
    """Title and date as somebody set them in the tracker; nothing is written back over them."""
    ticket = opened(office)
    office.jira.edit(ticket.ref, title="Files, all of them", due_on=LATER)

    changed = office.news.poll(WORKSPACE)

    known = row(office, ticket)
    assert (changed, known.title, known.due_on, office.jira.updates) == (1, "Files, all of them", LATER, [])


def test_a_date_of_ours_goes_to_the_tracker_once(office: Office) -> None:
    """A date that changed here is written where ours still stands, also after a failure."""
    ticket = opened(office)
    with office.units.begin(WORKSPACE) as unit:
        moved = replace(unit.partings.lock_ticket(ticket.id), due_on=LATER)
        unit.partings.save_ticket(moved)
        dispatch.push(unit, moved)
    office.jira.read_fault = AgainLaterError("Away.")
    read_all(office)
    office.jira.read_fault = None

    for _ in range(2):
        office.news.poll(WORKSPACE)

    assert office.jira.updates == [(ticket.ref, TicketChange(due_on=LATER))]


def test_a_date_of_ours_does_not_overwrite_theirs(office: Office) -> None:
    """Both changed it: the tracker's counts."""
    ticket = opened(office)
    theirs = date(2026, 12, 18)
    with office.units.begin(WORKSPACE) as unit:
        unit.partings.save_ticket(replace(unit.partings.lock_ticket(ticket.id), due_on=LATER))
    office.jira.edit(ticket.ref, due_on=theirs)

    office.news.poll(WORKSPACE)

    assert (row(office, ticket).due_on, office.jira.updates) == (theirs, [])


def test_a_look_that_shows_nothing_new_changes_no_message(office: Office) -> None:
    """What nobody would see posts nothing."""
    ticket = opened(office)
    office.jobs.lose()

    office.news.take(hint(ticket.ref))
    read_all(office)

    assert [job for job in office.jobs.waiting() if job.name == "show_progress"] == []
