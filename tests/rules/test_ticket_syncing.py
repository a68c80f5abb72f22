"""What a tracker says of a ticket and what of ours goes there: edits in the tracker win (HO10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.partings.parting import Seen, TaskKind, TaskState, Ticket, TicketState
from rules.partings.ticket_syncing import heard, to_write, written
from rules.partings.tickets.outcomes import Outcome

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FRIDAY, MONDAY, TUESDAY = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)


@dataclass(frozen=True)
class Word:
    """How the tracker describes the ticket."""

    present: bool = True
    hidden: bool = False
    outcome: Outcome = Outcome.OPEN
    closed_as: str = ""
    title: str = "Hand over all files"
    due_on: date | None = FRIDAY
    key: str = ""
    url: str = ""


OPENED = Ticket(
    id="tk-1",
    workspace_id="T1",
    parting_id="pt-1",
    parent_id="tk-0",
    task_code="files",
    kind=TaskKind.HANDOFF,
    tracker="jira",
    marker="wu-0000000000aa",
    run_marker="wrapup-1",
    title="Hand over\nall files",
    details="",
    due_on=FRIDAY,
    state=TicketState.OPENED,
    ref="10001",
    seen=Seen(due_on=FRIDAY),
    updated_at=NOW,
)
READ = heard(OPENED, Word(), NOW)


def test_the_first_look_changes_nothing_that_anybody_sees() -> None:
    """Our own title on one line is no edit."""
    assert (READ.title, READ.due_on, READ.task_state) == (OPENED.title, FRIDAY, TaskState.OPEN)
    assert (READ.seen, heard(READ, Word(), NOW)) == (Seen(due_on=FRIDAY, title="Hand over all files"), READ)


def test_an_edited_title_is_shown() -> None:
    """Whoever renames a task in the tracker reads the new name in Slack."""
    assert [heard(ticket, Word(title="Files!"), NOW).title for ticket in (OPENED, READ)] == ["Files!", "Files!"]


def test_an_edited_date_wins_over_ours() -> None:
    """The tracker's new date counts, also when ours has changed meanwhile, and nothing is written over it."""
    ours = replace(READ, due_on=TUESDAY)
    merged = heard(ours, Word(due_on=MONDAY), NOW)
    assert (merged.due_on, to_write(merged)) == (MONDAY, None)


def test_our_new_date_goes_out_where_our_old_one_stands() -> None:
    """A date that we changed is written once, since the tracker still holds what we wrote last."""
    ours = heard(replace(READ, due_on=TUESDAY), Word(), NOW)
    assert (ours.due_on, to_write(ours), to_write(written(ours, TUESDAY, NOW))) == (TUESDAY, TUESDAY, None)


def test_a_date_that_was_taken_away_stays_ours_and_is_not_put_back() -> None:
    """Also where the tracker's screen has no dates: the task still gets overdue, the tracker is left alone."""
    merged = heard(READ, Word(due_on=None), NOW)
    assert (merged.due_on, to_write(replace(merged, due_on=TUESDAY))) == (FRIDAY, None)


def test_done_in_the_tracker_and_taken_back_there() -> None:
    """Done comes over, and so does a task that somebody opens again in the tracker."""
    done = heard(READ, Word(outcome=Outcome.DONE), NOW)
    assert (done.task_state, heard(done, Word(), NOW).task_state) == (TaskState.DONE, TaskState.OPEN)


def test_what_was_ticked_in_slack_stands_beside_an_open_ticket() -> None:
    """A ticket that was never finished takes no word back."""
    assert heard(replace(READ, task_state=TaskState.DONE), Word(), NOW).task_state is TaskState.DONE


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (TaskState.OPEN, TaskState.GONE),
        (TaskState.DONE, TaskState.DONE),
        (TaskState.WAIVED, TaskState.WAIVED),
        (TaskState.GONE, TaskState.GONE),
    ],
)
def test_a_deleted_ticket_is_asked_about_only_when_its_task_is_open(known: TaskState, expected: TaskState) -> None:
    """What is done or waived needs no ticket any more."""
    assert heard(replace(READ, task_state=known), Word(present=False), NOW).task_state is expected


def test_a_ticket_that_is_back_is_open_again() -> None:
    """A ticket that could not be seen for a while goes on."""
    assert heard(replace(READ, task_state=TaskState.GONE), Word(), NOW).task_state is TaskState.OPEN


days = st.dates(FRIDAY, FRIDAY + timedelta(days=9))


@given(st.lists(st.tuples(st.sampled_from(["ours", "theirs", "meet"]), days)))
def test_both_sides_agree_after_each_meeting(steps: list[tuple[str, date]]) -> None:
    """Whoever changes the date when: after a meeting both hold the same, and an edit of theirs is never lost."""
    ticket, place, agreed = READ, FRIDAY, FRIDAY
    for who, day in [*steps, ("meet", FRIDAY)]:
        if who == "ours":
            ticket = replace(ticket, due_on=day)
        elif who == "theirs":
            place = day
        else:
            wanted = place if place != agreed else ticket.due_on
            ticket = heard(ticket, Word(due_on=place), NOW)
            ours = to_write(ticket)
            if ours:
                place, ticket = ours, written(ticket, ours, NOW)
            agreed = place
            assert (ticket.due_on, place) == (wanted, wanted)
