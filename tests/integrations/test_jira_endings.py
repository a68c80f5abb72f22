"""What Jira's answers prove: an account that it does not know gets 200 with nothing; closed is not done (facts 8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.jira.workflow import CANCEL, CLOSED, FINISH, REOPEN, START, USUAL, Step, Workflow
from rules.errors import NeedsHumanError
from rules.partings.tickets.outcomes import Outcome, outcome
from rules.ports import Presence, TicketChange, TicketOrder, TicketRef
from tests.clocks import real_now

CLOSE = Step(id="51", name="Close", to="Closed")


@pytest.fixture
def made(jira: JiraTracker, task_order: TicketOrder) -> TicketRef:
    return jira.create(task_order)


def became(jira: JiraTracker, ref: TicketRef) -> Outcome:
    return outcome(jira.status([ref.ref])[ref.ref], {})


@pytest.mark.parametrize("tells_reason", [True, False])
@pytest.mark.parametrize("way", ["expired", "narrowed"])
def test_an_account_that_sees_nothing_proves_nothing(
    jira: JiraTracker, jira_standin: JiraStandIn, made: TicketRef, way: str, *, tells_reason: bool
) -> None:
    """Neither that a ticket was deleted nor that none was made: both stop until somebody sees to the account."""
    order = TicketOrder(
        marker="wu-ffffffffffff",
        run_marker="wrapup-run7",
        title="",
        details="",
        due_on=None,
        assignee="",
        parent_ref="",
        is_parent=False,
    )
    jira_standin.tells_reason = tells_reason
    if way == "expired":
        jira_standin.token = "renewed"
    else:
        jira_standin.project.is_hidden_from_us = True
    with pytest.raises(NeedsHumanError) as status:
        jira.status([made.ref])
    with pytest.raises(NeedsHumanError) as found:
        jira.find([order], real_now(), made.key)
    assert (status.value.everything, found.value.everything) == (True, True)


def test_one_deleted_issue_is_gone_and_the_others_are_not(
    jira: JiraTracker, jira_standin: JiraStandIn, made: TicketRef, task_order: TicketOrder
) -> None:
    """404 by its id, while Jira knows us and lets us see the project."""
    other = jira.create(replace(task_order, marker="wu-0000000000ac"))
    jira_standin.delete(made.ref)
    known = jira.status([made.ref, other.ref])
    assert [known[ref.ref].presence for ref in (made, other)] == [Presence.GONE, Presence.SEEN]


@pytest.mark.parametrize(
    ("status", "resolution", "expected"),
    [
        ("Done", "Done", Outcome.DONE),
        ("Done", "", Outcome.DONE),
        ("Done", "Won't Do", Outcome.DROPPED),
        ("Won't Do", "", Outcome.DROPPED),
        ("Closed", "Duplicate", Outcome.DROPPED),
        ("Closed", "Fixed", Outcome.DONE),
        ("Closed", "", Outcome.DROPPED),
        ("In Progress", "", Outcome.OPEN),
    ],
)
def test_a_resolution_tells_finished_from_given_up(
    jira: JiraTracker,
    jira_standin: JiraStandIn,
    made: TicketRef,
    status: str,
    resolution: str,
    expected: Outcome,
) -> None:
    """Jira counts all of them as done."""
    jira_standin.put(made.key, status, resolution)
    assert became(jira, made) is expected


@pytest.mark.parametrize(
    ("steps", "change", "expected"),
    [
        ((CANCEL, FINISH), TicketChange(done=True), ("Done", "Done")),
        ((CANCEL, FINISH), TicketChange(dropped=True), ("Won't Do", "Won't Do")),
        ((FINISH,), TicketChange(dropped=True), ("Done", "Done")),
        ((CLOSE,), TicketChange(dropped=True), ("Closed", "")),
        ((CLOSE,), TicketChange(done=True, said={"closed": True}), ("Closed", "")),
        (
            (replace(CLOSE, offers=("Duplicate", "Fixed")),),
            TicketChange(done=True, said={"closed": True}),
            ("Closed", "Fixed"),
        ),
        (
            (replace(FINISH, id="32", needs={"note": "Note"}), replace(FINISH, id="33")),
            TicketChange(done=True),
            ("Done", "Done"),
        ),
    ],
)
def test_a_task_ends_there_as_it_ended_here(
    jira: JiraTracker,
    jira_standin: JiraStandIn,
    made: TicketRef,
    steps: tuple[Step, ...],
    change: TicketChange,
    expected: tuple[str, str],
) -> None:
    """Giving up stands first in the workflow, and a tick never takes that way."""
    jira_standin.project.workflow = Workflow(statuses=USUAL.statuses, steps=(START, *steps, REOPEN))
    jira.update(made.ref, change)
    issue = jira_standin.issues[0]
    assert (issue.status, issue.resolution) == expected


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "by hand"),
        ((CANCEL,), "by hand"),
        ((replace(FINISH, name="Cancel"),), "by hand"),
        ((CLOSE,), f"“{CLOSED.name}”.*can say it once"),
        ((replace(FINISH, needs={"note": "Note"}),), "Note is required"),
    ],
)
def test_what_would_be_a_lie_is_said_instead(
    jira: JiraTracker, jira_standin: JiraStandIn, made: TicketRef, steps: tuple[Step, ...], said: str
) -> None:
    """No step that means done: nothing is moved, and a person reads what to do."""
    jira_standin.project.workflow = Workflow(statuses=USUAL.statuses, steps=(START, *steps, REOPEN))
    with pytest.raises(NeedsHumanError, match=said):
        jira.update(made.ref, TicketChange(done=True))
    assert jira_standin.issues[0].status == "To Do"


def test_a_moved_issue_is_followed_by_its_id(jira: JiraTracker, jira_standin: JiraStandIn, made: TicketRef) -> None:
    """Its key changes with the project; the link leads to where it is now."""
    jira_standin.issues[0].key = "OPS-12"
    known = jira.status([made.ref])[made.ref]
    assert (known.key, known.url.rpartition("/")[2], known.presence) == ("OPS-12", "OPS-12", Presence.SEEN)


def test_the_endings_of_the_project_are_told(jira: JiraTracker) -> None:
    """So that an admin is asked once about those that nobody can read."""
    assert jira.destination().endings == ("Done", "Won't Do", "Closed")
