"""What every tracker promises to the services, whatever it is (facts/trackers.md 3.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from integrations.jira.tracker import JiraTracker
from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.trello import TrelloStandIn
from integrations.trello.tracker import TrelloTracker
from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError
from rules.partings.tickets.outcomes import Outcome, outcome
from rules.ports import Presence, TicketChange, TicketOrder, TicketRef, TicketStatus, Tracker
from tests.clocks import real_now


@dataclass
class World:
    """A tracker and the outside that it speaks to."""

    tracker: Tracker
    standin: JiraStandIn | TrelloStandIn
    parent: TicketRef
    task: TicketOrder

    @property
    def faults(self) -> Faults:
        return self.standin.faults

    @property
    def markers(self) -> list[str]:
        """The markers of what really lies in the tracker, parents apart."""
        things = self.standin.issues[1:] if isinstance(self.standin, JiraStandIn) else self.standin.cards
        return [thing.marker for thing in things]

    def finish(self, ref: TicketRef) -> None:
        self.standin.finish(ref.ref)

    def delete(self, ref: TicketRef) -> None:
        self.standin.delete(ref.ref)

    def bare_parent(self) -> None:
        """Its marker is taken away: by us in Trello, by somebody who tidies labels in Jira."""
        if isinstance(self.standin, JiraStandIn):
            issue = self.standin.issues[0]
            issue.labels, issue.properties, issue.description = [], {}, None
            self.standin.index.note(issue)
        else:
            self.tracker.tidy(self.parent.ref)

    def look(self, watermark: str = "", since: datetime | None = None) -> list[TicketRef]:
        return self.tracker.find([self.task], since or real_now(), watermark).get(self.task.marker, [])


def day_of(status: TicketStatus) -> date | None:
    return status.due_at.date() if status.due_at else status.due_on


@pytest.fixture(params=["jira", "datacenter", "trello"])
def world(request: pytest.FixtureRequest, parent_order: TicketOrder, task_order: TicketOrder) -> World:
    tracker: JiraTracker | TrelloTracker = request.getfixturevalue(request.param)
    standin = request.getfixturevalue(f"{request.param}_standin")
    parent = tracker.create(parent_order)
    return World(tracker, standin, parent, replace(task_order, parent_ref=parent.ref))


class TestTracker:
    def test_a_created_ticket_is_found_by_its_marker(self, world: World) -> None:
        """A ticket that was opened is found again by its marker alone."""
        watermark, before = world.tracker.watermark(), real_now()
        made = world.tracker.create(world.task)
        assert [made] == world.look(watermark, before)

    def test_another_marker_finds_nothing(self, world: World) -> None:
        """A look for a ticket that was never opened comes back clean."""
        world.tracker.create(replace(world.task, marker="wu-ffffffffffff"))
        assert world.look() == []

    def test_a_parent_is_found_by_its_marker(self, world: World, parent_order: TicketOrder) -> None:
        """The parent is opened by the same recipe as its tasks."""
        found = world.tracker.find([parent_order], real_now(), "")
        assert found == {parent_order.marker: [world.parent]}

    def test_a_lost_answer_leaves_one_ticket_to_adopt(self, world: World) -> None:
        """When the answer is lost the ticket is there once, and a look finds it."""
        watermark, before = world.tracker.watermark(), real_now()
        world.faults.next(Fault.LOSE_ANSWER, method="POST")
        with pytest.raises(OutcomeUnknownError):
            world.tracker.create(world.task)
        assert (len(world.look(watermark, before)), world.markers) == (1, [world.task.marker])

    def test_a_lost_request_leaves_nothing(self, world: World) -> None:
        """When the request is lost nothing was created, and nobody claims to know."""
        world.faults.next(Fault.LOSE_REQUEST, method="POST")
        with pytest.raises(OutcomeUnknownError):
            world.tracker.create(world.task)
        assert (world.look(), world.markers) == ([], [])

    def test_a_server_error_is_an_unknown_outcome(self, world: World) -> None:
        """A 500 may hide a created ticket, so it is looked for, not sent again."""
        world.faults.next(Fault.SERVER_ERROR, method="POST")
        with pytest.raises(OutcomeUnknownError):
            world.tracker.create(world.task)

    def test_a_rate_limit_is_again_later(self, world: World) -> None:
        """A busy tracker is tried again later; nothing was created."""
        world.faults.next(Fault.RATE_LIMIT, method="POST")
        with pytest.raises(AgainLaterError) as caught:
            world.tracker.create(world.task)
        assert caught.value.wait.total_seconds() >= 1
        assert world.markers == []

    @pytest.mark.parametrize("fault", [Fault.LOSE_REQUEST, Fault.LOSE_ANSWER, Fault.SERVER_ERROR, Fault.RATE_LIMIT])
    def test_a_failed_look_is_never_a_clean_one(self, world: World, fault: Fault) -> None:
        """A look that could not be finished says so instead of saying that nothing is there."""
        world.faults.next(fault, times=10)
        with pytest.raises(AgainLaterError):
            world.look()

    def test_a_read_whose_answer_is_lost_is_sent_again(self, world: World) -> None:
        """A look takes many reads, and goes on where a connection broke; what changes something is never repeated."""
        world.tracker.create(world.task)
        world.faults.next(Fault.LOSE_ANSWER, method="GET", times=2)
        assert world.tracker.destination().problem == ""
        assert world.faults.happened[Fault.LOSE_ANSWER] == 2

    def test_a_wrong_token_needs_a_person(self, world: World) -> None:
        """A token that the tracker no longer accepts stops everything until somebody renews it."""
        world.standin.token = "renewed"
        with pytest.raises(NeedsHumanError) as caught:
            world.tracker.create(world.task)
        assert caught.value.everything

    def test_the_state_of_a_task_comes_from_the_tracker(self, world: World) -> None:
        """Title, date and completion of a task are read back; a deleted one is told apart."""
        done, deleted = (world.tracker.create(replace(world.task, marker=f"wu-00000000000{n}")) for n in range(2))
        world.finish(done)
        world.delete(deleted)
        title = "Hand over all files and [credentials]"
        known = world.tracker.status([done.ref, deleted.ref])
        assert (outcome(known[done.ref], {}), known[done.ref].title) == (Outcome.DONE, title)
        assert known[deleted.ref] == TicketStatus(presence=Presence.GONE)

    def test_our_ticket_is_known_by_its_id(self, world: World) -> None:
        """A webhook names an id: whether that is one of ours says the tracker itself."""
        made = world.tracker.create(world.task)
        double = world.tracker.create(world.task)
        world.tracker.mark_double(double.ref, made)
        gone = world.tracker.create(world.task)
        world.delete(gone)
        known = [world.tracker.identify(ref.ref) for ref in (made, world.parent, double, gone)]
        assert known[0] == (world.task.marker, made)
        assert known[1] is not None
        assert known[1][1] == world.parent
        assert known[2:] == [None, None]

    def test_a_date_is_written_anew(self, world: World) -> None:
        """A date that changed in Amicable goes to the ticket, and the rest of it stays."""
        made = world.tracker.create(world.task)
        before = world.tracker.status([made.ref])[made.ref]
        for _ in range(2):
            world.tracker.update(made.ref, TicketChange(due_on=date(2026, 12, 24)))
        after = world.tracker.status([made.ref])[made.ref]
        assert (day_of(after), replace(after, due_on=before.due_on, due_at=before.due_at)) == (
            date(2026, 12, 24),
            before,
        )

    def test_a_finished_task_is_closed_there(self, world: World) -> None:
        """What is done in Amicable is closed in the tracker, by the tracker's own ways, and saying it twice is one."""
        made = world.tracker.create(world.task)
        before = world.tracker.status([made.ref])[made.ref]
        for _ in range(2):
            world.tracker.update(made.ref, TicketChange(done=True))
        after = world.tracker.status([made.ref])[made.ref]
        assert (outcome(before, {}), outcome(after, {})) == (Outcome.OPEN, Outcome.DONE)

    def test_a_task_that_is_not_needed_is_closed_and_not_done(self, world: World) -> None:
        """Waived is not done, on the board neither."""
        made = world.tracker.create(world.task)
        for _ in range(2):
            world.tracker.update(made.ref, TicketChange(dropped=True))
        assert outcome(world.tracker.status([made.ref])[made.ref], {}) is Outcome.DROPPED

    def test_a_tidied_parent_is_still_ours(self, world: World, parent_order: TicketOrder) -> None:
        """Our marker goes where people would read it, and a later double of the parent is found all the same."""
        world.tracker.create(world.task)
        for _ in range(2):
            world.tracker.tidy(world.parent.ref)
        later = world.tracker.create(parent_order)
        found = world.tracker.doubles(parent_order.run_marker, parent_order.marker, world.parent.ref)
        assert [ref.ref for ref in found[parent_order.marker]] == [world.parent.ref, later.ref]

    def test_a_parent_without_its_marker_is_known_by_its_tasks(self, world: World, parent_order: TicketOrder) -> None:
        """A copy of the database from before the opening asks for it by the marker alone, and must not make another."""
        world.tracker.create(world.task)
        world.bare_parent()

        def found(at: datetime, run_marker: str = parent_order.run_marker) -> list[str]:
            order = replace(parent_order, run_marker=run_marker)
            return [ref.ref for ref in world.tracker.find([order], at, "").get(order.marker, [])]

        assert found(real_now()) == [world.parent.ref]
        assert (found(real_now(), "wrapup-run8"), found(real_now() + timedelta(hours=1))) == ([], [])

    def test_doubles_are_listed_under_their_marker(self, world: World, parent_order: TicketOrder) -> None:
        """The sweep sees which tickets of a run share a marker, the oldest first."""
        first, second = world.tracker.create(world.task), world.tracker.create(world.task)
        found = world.tracker.doubles(world.task.run_marker, parent_order.marker, world.parent.ref)
        assert found[world.task.marker] == [first, second]

    def test_a_marked_double_is_no_longer_found(self, world: World, parent_order: TicketOrder) -> None:
        """A ticket that is marked as a double stays, says so, and is never adopted."""
        first, second = world.tracker.create(world.task), world.tracker.create(world.task)
        world.tracker.mark_double(second.ref, first)
        found = world.tracker.doubles(world.task.run_marker, parent_order.marker, world.parent.ref)
        assert (found[world.task.marker], world.look(), len(world.markers)) == ([first], [first], 2)

    def test_marking_twice_changes_nothing(self, world: World) -> None:
        """A sweep that runs again leaves the mark as it is."""
        first, second = world.tracker.create(world.task), world.tracker.create(world.task)
        world.tracker.mark_double(second.ref, first)
        before = world.tracker.status([second.ref])
        world.tracker.mark_double(second.ref, first)
        assert before == world.tracker.status([second.ref])

    def test_the_destination_says_who_sees_it(self, world: World) -> None:
        """Before anything is opened an admin reads where it goes and who can see it."""
        destination = world.tracker.destination()
        assert (destination.name, destination.problem) == ("Wrap-ups", "")
        assert destination.audience
