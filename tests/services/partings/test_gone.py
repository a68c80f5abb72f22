"""Gone only on proof: not seen, out of sight and deleted are three things, and all at once means our account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rules.errors import NeedsHumanError
from rules.nudges.kinds import NudgeKind
from rules.partings.parting import TaskState
from rules.partings.ticket_progress import progress

if TYPE_CHECKING:
    from rules.nudges.nudge import Nudge
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"


def opened(office: Office) -> None:
    office.open()
    office.run()
    office.news.poll(WORKSPACE)


def told(office: Office) -> list[Nudge]:
    with office.units.read(WORKSPACE) as unit:
        return [each for each in unit.nudges.unsettled(office.admin.id) if each.kind == NudgeKind.TRACKER_FAULT]


def states(office: Office) -> set[TaskState]:
    return {ticket.task_state for ticket in office.rows()}


def test_what_a_list_leaves_out_is_not_deleted(office: Office) -> None:
    """A tracker that answers with nothing says nothing: no task asks anything, and one admin hears of one fault."""
    opened(office)
    office.jira.blind = True
    for _ in range(3):
        office.news.poll(WORKSPACE)

    counted = progress(office.rows())
    assert (states(office), counted.gone, counted.hidden) == ({TaskState.OPEN}, 0, counted.total)
    assert [each.person_id for each in told(office)] == [office.admin.id]


def test_all_deleted_at_once_is_our_account_until_a_person_says_otherwise(office: Office) -> None:
    """404 for each of them, all in one look: nobody cleans up twenty tickets in ten minutes as often as tokens fail."""
    opened(office)
    kept, office.jira.issues = office.jira.issues, []
    office.news.poll(WORKSPACE)
    hidden = progress(office.rows())
    office.jira.issues = kept
    office.news.poll(WORKSPACE)
    back = progress(office.rows())
    office.jira.issues = []
    office.news.poll(WORKSPACE)
    office.partings.deleted_there(WORKSPACE, office.owner, office.parting.id)
    office.news.poll(WORKSPACE)
    said = progress(office.rows())

    assert (hidden.gone, hidden.hidden, back.hidden, said.hidden) == (0, hidden.total, 0, 0)
    assert said.gone == said.total


def test_one_that_is_deleted_among_others_is_asked_about(office: Office) -> None:
    """The others are there: our account is good, and one ticket is gone."""
    opened(office)
    deleted = office.jira.issues.pop(1)
    office.news.poll(WORKSPACE)

    gone = [ticket.ref for ticket in office.rows() if ticket.task_state is TaskState.GONE]
    assert (gone, told(office)) == ([deleted.ref.ref], [])


def test_a_refused_account_is_told_once_and_again_after_it_was_good(office: Office) -> None:
    """However many polls meet it; a second time is another occasion."""
    opened(office)
    for _ in range(2):
        office.jira.read_fault = NeedsHumanError("Jira no longer accepts our access.", everything=True)
        for _ in range(3):
            office.news.poll(WORKSPACE)
        office.jira.read_fault = None
        office.clock.move(minutes=10)
        office.news.poll(WORKSPACE)

    assert ({each.person_id for each in told(office)}, len(told(office))) == ({office.admin.id}, 2)
    assert states(office) == {TaskState.OPEN}


def test_closed_there_without_being_done_keeps_the_parting_open(office: Office) -> None:
    """“Won't Do” is no “Done”: the task stays, says how it was closed, and a person says what becomes of it."""
    opened(office)
    dropped, closed = office.jira.issues[1:3]
    dropped.status, closed.status = "Won't Do", "Closed"
    office.news.poll(WORKSPACE)
    before = progress(office.rows())
    office.destinations.say_endings(WORKSPACE, office.admin, office.parting.id, done=["closed"], asked=["closed"])
    office.news.poll(WORKSPACE)
    after = progress(office.rows())

    assert [(each.done, each.dropped) for each in (before, after)] == [(0, 2), (1, 1)]
    assert office.sheet().why_not_close != ""


def test_a_tick_for_what_was_closed_there_is_not_fought_over(office: Office) -> None:
    """A person has the last word here, and nothing is moved back and forth in the tracker."""
    opened(office)
    ticket = office.rows()[1]  # the first task of the preview: which issue was made first is chance
    next(each for each in office.jira.issues if each.ref.ref == ticket.ref).status = "Won't Do"
    office.news.poll(WORKSPACE)
    office.partings.task_done(WORKSPACE, office.owner, ticket.id)
    for _ in range(2):
        office.news.poll(WORKSPACE)

    known = next(each for each in office.rows() if each.id == ticket.id)
    assert (known.task_state, office.jira.updates) == (TaskState.DONE, [])


def test_a_double_whose_mark_is_refused_stops_nothing(office: Office) -> None:
    """The rest of the tending goes on, and the double is told of all the same."""
    opened(office)
    twin = office.jira.issues[1]
    office.jira.create(twin.order)
    office.jira.refuses_marks = True

    assert office.tickets.sweep_doubles(WORKSPACE, office.parting.id) == [office.jira.issues[-1].ref.key]


def test_one_look_serves_all_that_wait_for_one(office: Office) -> None:
    """A run whose answers were all lost is looked for once a round, not once a ticket."""
    office.open()
    office.run_one()
    for _ in office.rows()[1:]:
        office.jira.lose_answer()
    office.run()

    tasks = len(office.rows()) - 1
    assert (len(set(office.jira.markers())), len(office.jira.markers())) == (tasks + 1, tasks + 1)
    assert office.jira.looks < tasks / 2


def test_a_token_that_ends_is_reminded_of_thirty_seven_and_one_days_before(office: Office) -> None:
    """Each stage once, however often the tickets are tended."""
    office.jira.expires_on = office.clock.now().date() + timedelta(days=40)
    stages = []
    for days in (0, 9, 1, 1, 22, 1, 5, 1):
        office.clock.move(days=days)
        for occasion in range(2):
            office.tickets.tend(WORKSPACE, f"{days}:{occasion}")
        stages.append(len(told(office)))
    assert stages == [0, 0, 1, 1, 2, 2, 3, 3]
