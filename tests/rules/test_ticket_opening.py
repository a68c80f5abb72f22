"""At most one ticket per task, whatever dies (facts/trackers.md 3.4): the recipe step by step, then under chaos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rules.clients.stages import Origin
from rules.errors import AgainLaterError, ConflictError, NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.partings import ticket_opening as opening
from rules.partings.parting import Parting, PlannedTask, Preview, TaskKind, Ticket, TicketState
from rules.partings.ticket_opening import Look, Rest, Send, Wait, marker_for, new_tickets, next_move, run_marker_for
from tests.examples import examples

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUIET = timedelta(seconds=90)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Named:
    """What a tracker answers."""

    ref: str
    key: str = "K-1"
    url: str = "https://tracker.example/K-1"


def task(code: str, *, ticked: bool = True, kind: TaskKind = TaskKind.WRAP_UP) -> PlannedTask:
    return PlannedTask(
        code=code,
        kind=kind,
        title=code,
        details="",
        owner_id="U2",
        due_on=date(2026, 12, 1),
        arithmetic="",
        ticked=ticked,
    )


def parting() -> Parting:
    tasks = (
        task("files"),
        task("archive", ticked=False),
        task("letter", kind=TaskKind.INSIDE),
        task("notes", kind=TaskKind.HANDOFF),
    )
    return Parting(
        id="x1",
        workspace_id="T1",
        client_id="k1",
        decision_id="d1",
        origin=Origin.OURS,
        last_day=date(2026, 12, 31),
        last_day_arithmetic=(),
        preview=Preview(revision=3, tracker="jira", tasks=tasks),
        created_at=START,
        created_by="U1",
    )


def new_ticket(ticket_id: str = "t1") -> Ticket:
    return new_tickets(parting(), parting().preview, "Acme", START, iter(["t0", ticket_id, "t"]).__next__)[1]


def sending() -> Ticket:
    return opening.sent(new_ticket(), START, "K-9", QUIET)


def test_a_preview_becomes_a_parent_and_one_ticket_for_each_ticked_task() -> None:
    """What is ticked is opened under one parent; unticked tasks and steps inside Amicable are not."""
    parent, *children = new_tickets(parting(), parting().preview, "Acme", START, iter(["t0", "t1", "t2"]).__next__)
    assert (parent.task_code, parent.parent_id, parent.due_on) == (opening.PARENT, "", date(2026, 12, 31))
    assert {child.parent_id for child in children} == {"t0"}
    assert {child.run_marker for child in (parent, *children)} == {run_marker_for("x1")}
    assert [(child.task_code, child.marker) for child in children] == [
        ("files", marker_for("t1")),
        ("notes", marker_for("t2")),
    ]


def test_a_marker_is_the_same_for_ever() -> None:
    """A marker is found again after any restart: it depends on the ticket's id only."""
    assert marker_for("t1") == "wu-628b49d96dcd"
    assert run_marker_for("t1") == "wrapup-628b49d96dcd"


def test_a_new_ticket_is_sent_and_a_sent_one_is_looked_for() -> None:
    """A request goes out only for a ticket that has none under way."""
    assert next_move(new_ticket(), START) == Send()
    assert next_move(sending(), START) == Wait(START + opening.IN_FLIGHT)
    assert next_move(sending(), START + opening.IN_FLIGHT) == Look()


def test_the_intent_is_stored_before_the_request() -> None:
    """What is stored first says when, how often, and what the tracker knew before."""
    intent = sending()
    assert (intent.state, intent.attempt_at, intent.attempts, intent.watermark) == (
        TicketState.SENDING,
        START,
        1,
        "K-9",
    )


def test_a_ticket_under_way_is_not_sent_again() -> None:
    """Two workers with the same ticket: the second one is refused."""
    with pytest.raises(ConflictError, match="already"):
        opening.sent(sending(), START, "", QUIET)


def test_a_frozen_worker_does_not_send_late() -> None:
    """A worker that slept between its intent and its request leaves the rest to a look."""
    assert [opening.may_still_send(sending(), START + late * SECOND) for late in (0, 9, 10)] == [True, True, False]
    assert not opening.may_still_send(new_ticket(), START)


def test_an_answer_with_a_key_opens_the_ticket() -> None:
    """The tracker's name for the ticket is kept, and nothing more is done."""
    done = opening.opened(sending(), Named("10001"), START)
    assert (done.state, done.ref, done.key, next_move(done, START)) == (TicketState.OPENED, "10001", "K-1", Rest())


def test_the_first_known_ticket_stays() -> None:
    """A late answer or webhook never replaces the ticket that people already see."""
    done = opening.opened(sending(), Named("10001"), START)
    assert opening.opened(done, Named("10002"), START + SECOND) == done


def test_a_refused_ticket_names_field_and_remedy() -> None:
    """A field that the tracker asks for is shown to a person with what to do; one click tries again."""
    error = NeedsHumanError("Jira refused this ticket.", {"Client": "Client is required."})
    held = opening.failed(sending(), error, 1, START, QUIET)
    assert (held.state, next_move(held, START)) == (TicketState.REFUSED, Rest())
    assert (held.cause, held.remedy) == (
        "Jira refused this ticket. Client: Client is required.",
        "Put Client right in the tracker's settings, then try again.",
    )
    assert next_move(opening.try_again(held, START), START) == Send()


def test_a_broken_connection_parks_the_ticket() -> None:
    """A token that no longer works stops everything until a person has renewed it."""
    error = NeedsHumanError("Jira no longer accepts our token.", everything=True)
    held = opening.failed(sending(), error, 1, START, QUIET)
    assert (held.state, held.cause, next_move(opening.try_again(held, START), START)) == (
        TicketState.PARKED,
        "Jira no longer accepts our token.",
        Send(),
    )


def test_only_a_stopped_ticket_is_tried_again_by_hand() -> None:
    """An impatient click on a ticket under way sends nothing."""
    with pytest.raises(ConflictError, match="no second try"):
        opening.try_again(sending(), START)


def test_a_busy_tracker_is_asked_again_after_its_wait() -> None:
    """ "Too many requests" means that nothing was created: the same request goes out later."""
    later = opening.failed(sending(), AgainLaterError("Busy.", timedelta(seconds=30)), 1, START, QUIET)
    assert next_move(later, START) == Wait(START + 30 * SECOND)
    assert next_move(later, START + 30 * SECOND) == Send()


def test_an_unknown_outcome_is_looked_for_soon_and_again_after_the_quiet_period() -> None:
    """After a lost answer: looks at 5, 20 and 60 seconds, one when the quiet period ends, then one more request."""
    ticket, now, looks = opening.failed(sending(), OutcomeUnknownError("Timeout."), 1, START, QUIET), START, []
    while (move := next_move(ticket, now)) != Send():
        if isinstance(move, Wait):
            now = move.until
            continue
        looks.append((now - START) // SECOND)
        ticket = opening.looked(ticket, [], 1, now, now, QUIET)
    assert looks == [5, 25, 85, 90]


def test_a_clean_look_before_the_quiet_period_proves_nothing() -> None:
    """A search index that lags must not lead to a second ticket."""
    ticket = opening.looked(sending(), [], 1, START + QUIET - SECOND, START + QUIET - SECOND, QUIET)
    assert (ticket.state, ticket.look_at) == (TicketState.SENDING, START + QUIET)


def test_the_time_of_a_look_is_when_it_began() -> None:
    """A look that began before the quiet period ended and answered after it proves nothing either."""
    ticket = opening.looked(sending(), [], 1, START + QUIET - SECOND, START + QUIET + SECOND, QUIET)
    assert ticket.state is TicketState.SENDING


def test_a_short_quiet_period_means_looking_sooner() -> None:
    """Where no request is under way for long, nobody waits for one for long, and a frozen worker has less time."""
    intent = opening.sent(new_ticket(), START, "", 3 * SECOND)
    late = opening.look_failed(intent, OutcomeUnknownError("Away."), START + 9 * SECOND, 3 * SECOND)
    assert next_move(intent, START + 3 * SECOND) == Look()
    assert [opening.may_still_send(intent, START + passed * SECOND) for passed in (0, 1)] == [True, False]
    assert late.look_at == START + 12 * SECOND


def test_a_found_ticket_is_adopted() -> None:
    """What a look finds is ours: the oldest is kept, nothing is sent."""
    ticket = opening.looked(sending(), [Named("7"), Named("9")], 1, START + SECOND, START + SECOND, QUIET)
    assert (ticket.state, ticket.ref) == (TicketState.OPENED, "7")


def test_a_look_without_an_answer_is_made_again() -> None:
    """While the tracker is away we keep looking and never send."""
    ticket, now = sending(), START + 10 * QUIET
    for _ in range(6):
        ticket = opening.look_failed(ticket, OutcomeUnknownError("Away."), now, QUIET)
        move = next_move(ticket, now)
        assert isinstance(move, Wait)
        now = move.until
        assert next_move(ticket, now) == Look()
    assert opening.look_failed(ticket, AgainLaterError("Busy.", 10 * QUIET), now, QUIET).look_at == now + 10 * QUIET
    assert opening.look_failed(new_ticket(), OutcomeUnknownError("Away."), now, QUIET) == new_ticket()


@pytest.mark.parametrize(
    "late",
    [
        lambda ticket: opening.failed(ticket, NeedsHumanError("No."), 1, START, QUIET),
        lambda ticket: opening.failed(ticket, AgainLaterError("Busy."), 1, START, QUIET),
        lambda ticket: opening.looked(ticket, [], 1, START + 2 * QUIET, START + 2 * QUIET, QUIET),
    ],
)
def test_a_late_answer_says_nothing_about_a_newer_request(late: Callable[[Ticket], Ticket]) -> None:
    """An answer to the first request that comes during the second one changes nothing."""
    clean = opening.looked(sending(), [], 1, START + QUIET, START + QUIET, QUIET)
    second = opening.sent(clean, START + QUIET, "", QUIET)
    assert late(second) == second


# --- under chaos ---------------------------------------------------------------------------------------------------

LAG = timedelta(seconds=40)
FLIGHT = timedelta(seconds=40)
LEASE = timedelta(seconds=15)


@dataclass
class Request:
    """On its way to the tracker: lost, or arriving at a time."""

    marker: str
    arrives_at: datetime


@dataclass
class Tracker:
    """Creates whatever arrives; its search lags. It knows no idempotency, like the real ones."""

    created: list[tuple[str, datetime, str]] = field(default_factory=list)
    on_the_way: list[Request] = field(default_factory=list)

    def pass_time(self, now: datetime) -> None:
        arrived = [request for request in self.on_the_way if request.arrives_at <= now]
        self.on_the_way = [request for request in self.on_the_way if request.arrives_at > now]
        for request in sorted(arrived, key=lambda each: each.arrives_at):
            self.created.append((request.marker, request.arrives_at, f"ref-{len(self.created)}"))

    def find(self, marker: str, now: datetime, lag: timedelta) -> list[Named]:
        return [Named(ref) for known, at, ref in self.created if known == marker and at <= now - lag]

    def count(self, marker: str) -> int:
        return sum(known == marker for known, _, _ in self.created)


@dataclass
class Worker:
    """What a worker holds in its memory: gone when it dies."""

    intent: Ticket | None = None


class OpeningUnderChaos(RuleBasedStateMachine):
    """Two workers, one ticket row after the other; requests and answers get lost, late and refused; workers die."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.tracker = Tracker()
        self.done: list[Ticket] = []
        self.row = new_ticket()
        self.lease: tuple[int, datetime] = (0, START)
        self.workers = [Worker(), Worker()]

    def _idle(self, number: int) -> bool:
        """Nothing in hand, and no other worker holds the lease."""
        free = self.lease[0] == number or self.lease[1] <= self.now
        return self.workers[number].intent is None and free

    @rule(seconds=st.sampled_from([1, 8, 31, 90, 200]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.tracker.pass_time(self.now)

    @precondition(lambda self: next_move(self.row, self.now) == Send())
    @rule(number=st.sampled_from([0, 1]))
    def a_worker_stores_its_intent(self, number: int) -> None:
        if self._idle(number):
            self.row = opening.sent(self.row, self.now, "", QUIET)
            self.workers[number].intent = self.row
            self.lease = (number, self.now + LEASE)

    @precondition(lambda self: any(worker.intent for worker in self.workers))
    @rule(number=st.sampled_from([0, 1]), flight=st.sampled_from([0, 0, 5, 39]), answer=st.booleans())
    def a_worker_sends(self, number: int, flight: int, answer: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
        """The request arrives after `flight` seconds; an answer is heard only when it came at once."""
        intent = self.workers[number].intent
        if intent is None:
            return
        self.workers[number].intent = None
        if not opening.may_still_send(intent, self.now):
            return
        self.tracker.on_the_way.append(Request(intent.marker, self.now + timedelta(seconds=flight)))
        self.tracker.pass_time(self.now)
        if not answer:
            self._fails(intent, OutcomeUnknownError("Timeout."))
        elif flight == 0 and intent.id == self.row.id:
            self.row = opening.opened(self.row, Named(self.tracker.created[-1][2]), self.now)

    @precondition(lambda self: any(worker.intent for worker in self.workers))
    @rule(
        number=st.sampled_from([0, 1]),
        error=st.sampled_from(
            [
                AgainLaterError("Busy."),
                NeedsHumanError("Client is required."),
                NeedsHumanError("Token.", everything=True),
                OutcomeUnknownError("The request never arrived."),
            ]
        ),
    )
    def a_request_creates_nothing(self, number: int, error: TrackerError) -> None:
        intent = self.workers[number].intent
        if intent is not None:
            self.workers[number].intent = None
            self._fails(intent, error)

    def _fails(self, intent: Ticket, error: TrackerError) -> None:
        if intent.id == self.row.id:
            self.row = opening.failed(self.row, error, intent.attempts, self.now, QUIET)

    @precondition(lambda self: next_move(self.row, self.now) == Look())
    @rule(number=st.sampled_from([0, 1]), lag=st.sampled_from([0, 40]), takes=st.sampled_from([0, 20]))
    def a_worker_looks(self, number: int, lag: int, takes: int) -> None:
        """A look takes a while, in which the world goes on."""
        if not self._idle(number):
            return
        looked_at, attempt = self.now, self.row.attempts
        found = self.tracker.find(self.row.marker, self.now, timedelta(seconds=lag))
        self.now += timedelta(seconds=takes)
        self.tracker.pass_time(self.now)
        self.row = opening.looked(self.row, found, attempt, looked_at, self.now, QUIET)

    @precondition(lambda self: next_move(self.row, self.now) == Look())
    @rule()
    def a_look_gets_no_answer(self) -> None:
        self.row = opening.look_failed(self.row, OutcomeUnknownError("Away."), self.now, QUIET)

    @precondition(lambda self: any(worker.intent for worker in self.workers))
    @rule(number=st.sampled_from([0, 1]))
    def a_worker_dies(self, number: int) -> None:
        self.workers[number] = Worker()

    @precondition(lambda self: self.row.state in {TicketState.REFUSED, TicketState.PARKED})
    @rule()
    def a_person_tries_again(self) -> None:
        self.row = opening.try_again(self.row, self.now)

    @precondition(lambda self: self.tracker.count(self.row.marker) > 0)
    @rule()
    def a_webhook_shows_the_marker(self) -> None:
        self.row = opening.opened(self.row, self.tracker.find(self.row.marker, self.now, timedelta())[0], self.now)

    @precondition(lambda self: self.row.state is TicketState.OPENED)
    @rule()
    def the_next_task_follows(self) -> None:
        self.done.append(self.row)
        self.row = replace(new_ticket(f"n{len(self.done)}"), updated_at=self.now)

    @invariant()
    def there_are_never_two(self) -> None:
        assert [each for each in (*self.done, self.row) if self.tracker.count(each.marker) > 1] == []

    @invariant()
    def an_opened_ticket_exists(self) -> None:
        known = {(marker, ref) for marker, _, ref in self.tracker.created}
        assert [each for each in self.done if (each.marker, each.ref) not in known] == []

    def teardown(self) -> None:
        """When the faults stop, exactly one ticket comes of it."""
        self.workers = [Worker(), Worker()]
        for _ in range(60):
            if self.row.state is TicketState.OPENED:
                break
            self._work_undisturbed()
        self.now += FLIGHT
        self.tracker.pass_time(self.now)
        assert (self.row.state, self.tracker.count(self.row.marker)) == (TicketState.OPENED, 1)

    def _work_undisturbed(self) -> None:
        if self.row.state in {TicketState.REFUSED, TicketState.PARKED}:
            self.row = opening.try_again(self.row, self.now)
        move = next_move(self.row, self.now)
        if isinstance(move, Wait):
            self.now = move.until
            self.tracker.pass_time(self.now)
        elif isinstance(move, Send):
            self.row = opening.sent(self.row, self.now, "", QUIET)
            self.tracker.on_the_way.append(Request(self.row.marker, self.now))
            self.tracker.pass_time(self.now)
            self.row = opening.opened(self.row, Named(self.tracker.created[-1][2]), self.now)
        else:
            found = self.tracker.find(self.row.marker, self.now, LAG)
            self.row = opening.looked(self.row, found, self.row.attempts, self.now, self.now, QUIET)


TestOpeningUnderChaos: Any = OpeningUnderChaos.TestCase
TestOpeningUnderChaos.settings = examples(200, stateful_step_count=60)
