"""Tickets are opened at most once, whatever is lost, refused, late or killed (facts/trackers.md 3.4)."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from rules.errors import AgainLaterError, ConflictError, NeedsHumanError
from rules.partings.parting import PartingState, TaskKind, TaskState, TicketState

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"


def test_each_ticked_task_gets_one_ticket_under_one_parent(office: Office) -> None:
    """BR08: opening makes the parent first, then one ticket for each ticked task."""
    office.open()

    office.run()

    first, *others = office.jira.issues
    ticked = [task for task in office.parting.preview.tasks if task.ticked and task.kind is not TaskKind.CLIENT]
    assert (first.order.is_parent, {issue.order.parent_ref for issue in others}) == (True, {first.ref.ref})
    assert sorted(issue.order.title for issue in others) == sorted(task.title for task in ticked)
    assert office.sheet().parting.state is PartingState.OPEN


def test_the_watermark_of_the_parent_serves_its_tasks(office: Office) -> None:
    """One question for the newest ticket is enough for a whole opening."""
    office.open()
    before = office.jira.reads

    office.run()

    recheck_of_the_destination, watermark = 1, 1
    assert recheck_of_the_destination + watermark == office.jira.reads - before


def test_a_ticket_whose_answer_was_lost_is_found_and_not_sent_again(office: Office) -> None:
    """A timeout after the tracker has created the ticket leads to a look, and the ticket is adopted."""
    office.jira.lose_answer()
    office.open()

    office.run()

    assert len(office.jira.markers()) == len(set(office.jira.markers())) == len(office.rows())


def test_a_lost_request_is_sent_again_only_after_a_clean_look_behind_the_quiet_period(office: Office) -> None:
    """A clean look that comes too early proves nothing, since the tracker's index lags."""
    office.jira.lose_request()
    office.open()
    office.run_one()
    sent_at = office.clock.real()

    while office.jira.requests == 1:
        office.run_one()

    assert office.clock.real() - sent_at >= office.jira.quiet_period


def test_a_lagging_index_does_not_double_a_ticket(office: Office) -> None:
    """The answer is lost and the search finds nothing for a minute and a half: still one ticket."""
    office.jira.lag = timedelta(seconds=90)
    for _ in range(5):
        office.jira.lose_answer()
    office.open()

    office.run()

    assert len(office.jira.markers()) == len(set(office.jira.markers())) == len(office.rows())


def test_a_busy_tracker_is_asked_again_after_its_wait(office: Office) -> None:
    """A 429 created nothing: the same ticket is sent after as long as the tracker said."""
    office.jira.refuse(AgainLaterError("Busy.", wait=timedelta(seconds=33)))
    office.open()
    began = office.clock.real()

    office.run()

    assert office.clock.real() - began >= timedelta(seconds=33)
    assert len(office.jira.issues) == len(office.rows())


def test_a_refused_ticket_names_its_field_and_one_click_tries_again(office: Office) -> None:
    """A 400 with a field error keeps the task, shows field and remedy, and a click sends it again."""
    office.open()
    office.run_one()
    office.jira.refuse(NeedsHumanError("Jira did not accept this ticket.", fields={"Client": "Client is required."}))
    office.run()
    refused = next(ticket for ticket in office.rows() if ticket.state is TicketState.REFUSED)

    office.partings.try_again(WORKSPACE, office.owner, refused.id)
    office.run()

    assert "Client is required." in refused.cause
    assert "Client" in refused.remedy
    assert {ticket.state for ticket in office.rows()} == {TicketState.OPENED}


def test_a_refused_token_parks_everything_that_was_not_sent(office: Office) -> None:
    """After a 401 nothing more goes out until somebody has put the token right; then one click takes all along."""
    office.open()
    office.run_one()
    office.jira.refuse(NeedsHumanError("Jira no longer accepts our access.", everything=True))
    office.run()
    requests = office.jira.requests
    parked = [ticket for ticket in office.rows() if ticket.state is TicketState.PARKED]

    office.partings.try_again(WORKSPACE, office.owner, parked[0].id)
    office.run()

    assert (requests, len(parked)) == (2, len(office.rows()) - 1)
    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())


def test_a_tracker_that_is_taken_away_parks_its_tickets(office: Office) -> None:
    """Without the tracker's settings the tasks wait and say so."""
    office.open()
    del office.tickets._trackers["jira"]  # type: ignore[attr-defined]  # noqa: SLF001  # the settings are gone

    office.run()

    assert (office.rows()[0].state, office.jira.requests) == (TicketState.PARKED, 0)


def test_a_worker_killed_between_intent_and_request_leaves_no_gap(office: Office) -> None:
    """Killed after the intent was stored and before the request left: the ticket comes, once."""
    office.jira.kill_before_request()
    office.open()

    office.run()

    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())


def test_a_worker_killed_before_it_stored_the_answer_leaves_no_double(office: Office) -> None:
    """Killed when the tracker had already created the ticket: it is found, not sent again."""
    office.jira.kill_after_request()
    office.open()

    office.run()

    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())


def test_a_worker_that_was_frozen_before_the_request_does_not_send_late(office: Office) -> None:
    """Whoever wakes up long after storing the intent leaves the ticket to a look: another may have sent it."""
    office.open()
    parent = office.rows()[0]
    until_the_intent = [timedelta(), timedelta()]
    office.clock.leaps.extend([*until_the_intent, timedelta(minutes=10)])

    office.tickets.advance(WORKSPACE, parent.id, parent.turn)

    assert (office.jira.requests, office.rows()[0].state) == (0, TicketState.SENDING)
    office.run()
    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())


def test_of_two_workers_with_the_same_job_one_sends(office: Office) -> None:
    """A job that runs twice at once, as after a takeover of a worker that is not dead, sends one request."""
    office.open()
    parent = office.rows()[0]
    both_have_read = threading.Barrier(2, timeout=60)

    def wait_for_the_other() -> None:
        both_have_read.wait()

    office.jira.on_watermark = wait_for_the_other
    workers = [
        threading.Thread(target=office.tickets.advance, args=(WORKSPACE, parent.id, parent.turn)) for _ in range(2)
    ]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (office.jira.requests, len(office.jira.issues)) == (1, 1)


def test_a_stale_turn_does_nothing(office: Office) -> None:
    """A job that another one has replaced neither sends nor looks."""
    office.open()
    parent = office.rows()[0]

    office.tickets.advance(WORKSPACE, parent.id, parent.turn - 1)

    assert office.jira.requests == 0


def test_a_job_that_is_overtaken_while_it_reads_stores_no_intent(office: Office) -> None:
    """Its successor's attempt would otherwise count as made, and the ticket would wait for a look at nothing."""
    office.open()
    parent = office.rows()[0]
    overtaken = replace(parent, turn=parent.turn + 1)

    def overtake() -> None:
        with office.units.begin(WORKSPACE) as unit:
            unit.partings.save_ticket(overtaken)

    office.jira.on_watermark = overtake
    office.tickets.advance(WORKSPACE, parent.id, parent.turn)

    assert (office.jira.requests, office.rows()[0]) == (0, overtaken)


def test_a_late_answer_to_an_older_request_is_adopted(office: Office) -> None:
    """An answer with a ticket in it counts whenever it comes; the refusal of an older request does not."""
    office.open()
    parent = office.rows()[0]
    stored = replace(parent, state=TicketState.NEW, turn=parent.turn + 1)

    def overtaken() -> None:
        with office.units.begin(WORKSPACE) as unit:
            unit.partings.save_ticket(stored)

    office.jira.before_request = overtaken
    office.tickets.advance(WORKSPACE, parent.id, parent.turn)

    assert (office.rows()[0].state, office.rows()[0].ref) == (TicketState.OPENED, "1")


def test_jobs_that_were_lost_are_enqueued_again(office: Office) -> None:
    """Everything that has been left behind is taken up by the sweep, and still nothing is doubled."""
    office.open()
    office.run_one()
    office.run_one()
    office.jobs.lose()
    office.clock.move(minutes=6)

    resumed = office.tickets.resume(WORKSPACE)
    office.run()

    assert resumed == len(office.rows()) - 2
    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())


def test_a_ticket_that_was_waived_in_time_is_not_sent(office: Office) -> None:
    """What was given up before its ticket went out gets none."""
    office.open()
    office.run_one()
    task = office.rows()[1]

    office.partings.waive(WORKSPACE, office.owner, task.id, "They do it themselves.")
    office.run()

    assert task.marker not in office.jira.markers()
    assert office.sheet().parting.state is PartingState.OPEN


def test_the_sweep_for_doubles_keeps_ours_and_deletes_nothing(office: Office) -> None:
    """Two tickets of one task: ours stays, the other is marked with the key of ours."""
    office.open()
    office.run()
    ours = office.jira.issues[3]
    double = replace(ours, ref=replace(ours.ref, ref="99", key="AC-99"))
    office.jira.issues.append(double)

    marked = office.tickets.sweep_doubles(WORKSPACE, office.parting.id)

    assert (marked, double.is_double_of, ours.is_double_of) == (["AC-99"], ours.ref.key, "")


def test_doubles_are_looked_for_while_a_request_may_come_to_light(office: Office) -> None:
    """A day after the last request none is under way any more: hundreds of open tickets cost no look."""
    office.open()
    office.run()
    before, looks = office.jira.reads, []
    for passed in (timedelta(hours=23), timedelta(hours=1)):
        office.clock.moment += passed
        office.tickets.sweep_doubles(WORKSPACE, office.parting.id)
        looks.append(office.jira.reads - before)

    assert looks == [1, 1]


def test_the_sweep_adopts_a_ticket_that_we_did_not_know_to_be_there(office: Office) -> None:
    """A ticket whose answer was lost is adopted, never created again."""
    office.jira.lose_answer()
    office.open()
    office.run_one()

    office.tickets.sweep_doubles(WORKSPACE, office.parting.id)

    assert (office.rows()[0].state, office.rows()[0].key) == (TicketState.OPENED, "AC-1")


def test_the_tracker_tells_what_became_of_the_tasks(office: Office) -> None:
    """HO10: done comes back; a deleted ticket is asked about and never recreated."""
    office.open()
    office.run()
    office.jira.issues[1].status = "Done"
    deleted = office.jira.issues.pop(2)

    changed = office.news.poll(WORKSPACE)
    office.run()

    states = {ticket.key: ticket.task_state for ticket in office.rows()}
    assert (changed, states["AC-2"], states[deleted.ref.key]) == (2, TaskState.DONE, TaskState.GONE)
    assert deleted.order.marker not in office.jira.markers()


def test_a_deleted_ticket_is_opened_again_only_by_a_person(office: Office) -> None:
    """HO10: one click makes one new ticket, with a marker of its own, since an index may still show the old one."""
    office.open()
    office.run()
    deleted = office.jira.issues.pop(2)
    office.news.poll(WORKSPACE)
    gone = next(ticket for ticket in office.rows() if ticket.task_state is TaskState.GONE)

    office.partings.open_again(WORKSPACE, office.owner, gone.id)
    office.run()

    again = next(ticket for ticket in office.rows() if ticket.id == gone.id)
    assert (again.state, again.task_state, again.title) == (TicketState.OPENED, TaskState.OPEN, gone.title)
    assert office.jira.issues[-1].order.marker == again.marker != deleted.order.marker
    with pytest.raises(ConflictError):
        office.partings.open_again(WORKSPACE, office.owner, gone.id)


def test_what_was_ticked_in_slack_is_not_taken_back_by_an_open_ticket(office: Office) -> None:
    """A person's word that a task is done stands, also while its ticket is still open in the tracker."""
    office.open()
    office.run()
    task = office.rows()[1]
    office.partings.task_done(WORKSPACE, office.colleague, task.id)

    changed = office.news.poll(WORKSPACE)

    assert (changed, office.rows()[1].task_state) == (0, TaskState.DONE)


def test_a_tracker_that_is_away_keeps_the_tending_of_tickets_quiet(office: Office) -> None:
    """When the tracker can't be asked, nothing changes and the next round asks again."""
    office.open()
    office.run()
    office.jira.read_fault = AgainLaterError("Away.")

    changed = office.news.poll(WORKSPACE)
    doubles = office.tickets.sweep_doubles(WORKSPACE, office.parting.id)

    assert (changed, doubles) == (0, [])


def test_tending_is_one_job_for_each_parting_under_way(office: Office) -> None:
    """A round that is enqueued twice tends once."""
    office.open()

    office.tickets.tend(WORKSPACE, "2026-11-02T10:00")
    office.tickets.tend(WORKSPACE, "2026-11-02T10:00")

    assert [job.args for job in office.jobs.waiting() if job.name == "tend_parting"] == [(WORKSPACE, office.parting.id)]


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_chaos_neither_loses_nor_doubles_a_ticket(office: Office, seed: int, *, crowded: bool) -> None:
    """Lost requests and answers, kills, a lagging index, each job taken by two workers at once: one ticket a task."""
    chance = random.Random(seed)  # noqa: S311  # reproducible on purpose
    tracker = office.jira
    tracker.lag = timedelta(seconds=chance.randint(0, 100))
    harm = [
        tracker.lose_request,
        tracker.lose_answer,
        tracker.kill_before_request,
        tracker.kill_after_request,
        lambda: tracker.refuse(AgainLaterError("Busy.")),
        tracker.work,
        tracker.work,
        tracker.work,
    ]
    for _ in range(40):
        chance.choice(harm)()
    office.open()

    (office.run_crowded if crowded else office.run)()

    markers = tracker.markers()
    assert (len(markers), {ticket.state for ticket in office.rows()}) == (len(set(markers)), {TicketState.OPENED})
    assert set(markers) == {ticket.marker for ticket in office.rows()}
