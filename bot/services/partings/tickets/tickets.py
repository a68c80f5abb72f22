"""The at-most-once recipe at work: one attempt or one look a call (facts/trackers.md 3.4).

A look or a request goes over the wire between two short transactions, never inside one. The first stores the intent
under the ticket's lock, so of two workers only one sends; the second stores what came of it and enqueues what is
next. Whatever dies in between leaves a ticket that is `sending`: it is looked for, and sent again only when a look
after the quiet period was clean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.agenda import TEND_PARTING
from bot.services.partings.tickets import dispatch, faults
from bot.services.partings.tickets.audience import team_of
from rules.clients.people import Member
from rules.errors import NeedsHumanError, TrackerError
from rules.local_days import local_day
from rules.partings import ticket_opening as opening
from rules.partings.parting import RUNNING, Parting, PartingState, TaskState, Ticket, TicketState
from rules.partings.ticket_opening import Look, Send, Wait, next_move
from rules.partings.ticket_progress import mark
from rules.ports import Clock, Presence, TicketOrder, TicketRef, Tracker, Units, Workspace
from rules.sentences import Sentence
from rules.trackers import answers_for, destination_problem

log = structlog.get_logger()

# A job that is this late was lost: every state of a ticket has its job, and a queue is never that long.
LEFT_BEHIND = timedelta(minutes=2)
# Tasks go out right behind their parent: its watermark serves them too and saves half of the calls.
WATERMARK_SERVES = timedelta(minutes=10)
# So long a look may take until whoever it looked for as well is looked for by itself again.
LOOK_TAKES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """How many tickets are looked for before they are sent, and the clients whose tasks nobody had opened yet."""

    tickets: int
    unopened: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """A ticket with what has to be known about its surroundings before anything is sent."""

    ticket: Ticket
    parent: Ticket | None
    parting: Parting
    workspace: Workspace
    team: Sequence[Member]
    order: TicketOrder


class TicketService:
    """Opens tickets and looks for them. Its clock is the real one: all this happens on the wire."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker]) -> None:
        self._units = units
        self._clock = clock
        self._trackers = trackers

    def advance(self, workspace_id: str, ticket_id: str, turn: int) -> None:
        """Does what is next for this ticket, once. A stale turn does nothing: another job has taken over."""
        errand = self._errand(workspace_id, ticket_id)
        if errand.ticket.turn != turn or opening.is_over(errand.parting, errand.ticket):
            return
        match next_move(errand.ticket, self._clock.real()):
            case Send():
                self._send(errand)
            case Look():
                self._look(errand)
            case Wait():
                self._come_back(errand.ticket)
            case _:
                pass

    def resume_all(self) -> int:
        """In every workspace, with each sweep: after a crash of the database nothing waits longer than it has to."""
        with self._units.house() as house:
            workspaces = house.workspaces()
        return sum(self.resume(workspace.id) for workspace in workspaces)

    def resume(self, workspace_id: str) -> int:
        """Enqueues again what has been left behind; returns how many tickets that were."""
        late = self._clock.real() - LEFT_BEHIND
        with self._units.read(workspace_id) as unit:
            left = [ticket for ticket in unit.partings.unfinished_tickets(late) if ticket.turn]
        for ticket in left:
            self._come_back(ticket)
        return len(left)

    def doubt_all(self) -> Doubted:
        """After a copy of the database was put back: what it calls unsent is looked for before it is sent."""
        with self._units.house() as house:
            workspaces = house.workspaces()
        found = [self._doubt(workspace.id) for workspace in workspaces]
        return Doubted(tickets=sum(each.tickets for each in found), unopened=sum((each.unopened for each in found), ()))

    def _doubt(self, workspace_id: str) -> Doubted:
        with self._units.begin(workspace_id) as unit:
            partings = unit.partings.all()
            running = [unit.partings.lock(each.id) for each in partings if each.state in RUNNING]
            tickets = [ticket for parting in running for ticket in unit.partings.tickets(parting.id)]
            now = self._clock.real()
            looked_for = [opening.doubted(each, now, self._quiet_period(each.tracker)) for each in tickets]
            changed = [after for before, after in zip(tickets, looked_for, strict=True) if after != before]
            for ticket in changed:
                unit.partings.save_ticket(ticket)
            preparing = [each.client_id for each in partings if each.state is PartingState.PREPARING]
            names = tuple(unit.clients.get(client_id).name for client_id in preparing)
        return Doubted(tickets=len(changed), unopened=names)

    def tend(self, workspace_id: str, occasion: str) -> int:
        """Enqueues the tending of each parting that is under way; returns how many there are."""
        with self._units.begin(workspace_id) as unit:
            running = [parting for parting in unit.partings.all() if parting.state in RUNNING]
            for parting in running:
                once = f"tend_parting:{parting.id}:{occasion}"
                unit.jobs.add(TEND_PARTING(workspace_id, parting.id, once=once))
            for tracker in self._trackers.values():
                if tracker.expires_on:
                    faults.note_expiry(unit, tracker.name, tracker.expires_on, self._clock.now())
        return len(running)

    def keep_webhooks(self) -> None:
        """What is refused is tried again with the next round; until then the rounds themselves bring the news."""
        for tracker in self._trackers.values():
            try:
                tracker.keep_webhook()
            except TrackerError as error:
                log.warning("webhook_not_kept", tracker=tracker.name, kind=type(error).__name__)

    def sweep_doubles(self, workspace_id: str, parting_id: str) -> list[str]:
        """Keeps ours and marks every other ticket of the same task; returns the keys of those. Deletes none."""
        doubles: list[str] = []
        parent, *tasks = self._tickets(workspace_id, parting_id)
        if not opening.may_be_doubled([parent, *tasks], self._clock.real()):
            return doubles
        try:
            tracker = self._tracker(parent.tracker)
            found = tracker.doubles(parent.run_marker, parent.marker, parent.ref)
        except TrackerError as error:
            log.warning("sweep_failed", parting=parting_id, kind=type(error).__name__)
            return doubles
        for ticket in [parent, *tasks]:
            refs = found.get(ticket.marker)
            if not refs:
                continue
            original = self._original(ticket, refs)
            for double in [ref for ref in refs if ref.ref != original.ref]:
                doubles.append(double.key)
                self._mark(tracker, double, original)
        if parent.ref and not doubles:
            self._tidy(tracker, parent)
        return doubles

    def _mark(self, tracker: Tracker, double: TicketRef, original: TicketRef) -> None:
        """A mark that is refused holds up nothing: whoever is told of the double reads its key all the same."""
        try:
            tracker.mark_double(double.ref, original)
        except TrackerError as error:
            log.warning("double_not_marked", tracker=tracker.name, kind=type(error).__name__)

    def _tidy(self, tracker: Tracker, parent: Ticket) -> None:
        """Once no request for the parent can be under way any more; failing costs nothing but looks."""
        if not parent.attempt_at or self._clock.real() < parent.attempt_at + tracker.quiet_period:
            return
        try:
            tracker.tidy(parent.ref)
        except TrackerError as error:
            log.warning("not_tidied", ticket=parent.id, kind=type(error).__name__)

    # --- one attempt -----------------------------------------------------------------------------------------------

    def _send(self, errand: _Errand) -> None:
        try:
            tracker = self._tracker(errand.ticket.tracker)
            opening.require_parent(errand.parent)
            self._check_destination(errand, tracker)
            watermark = self._watermark(errand, tracker)
        except TrackerError as error:
            held_up = error
            self._store(errand.ticket, lambda found, now: opening.held_up(found, held_up, now))
            return
        intent = self._intend(errand.ticket, watermark, tracker.quiet_period)
        if intent and opening.may_still_send(intent, self._clock.real()):
            self._request(tracker, intent, errand)
        else:
            # Whoever was faster may yet be killed, while this job counts as done.
            self._come_back(intent or errand.ticket)

    def _request(self, tracker: Tracker, intent: Ticket, errand: _Errand) -> None:
        """Exactly one request, and its outcome."""
        try:
            ref = tracker.create(errand.order)
        except TrackerError as error:
            failure, quiet = error, tracker.quiet_period
            if errand.parent and isinstance(error, NeedsHumanError) and self._is_gone(tracker, errand.parent):
                self._store(intent, lambda found, now: opening.orphaned(found, tracker.label, intent.attempts, now))
                return
            self._store(intent, lambda found, now: opening.failed(found, failure, intent.attempts, now, quiet))
        else:
            self._store(intent, lambda found, now: opening.opened(found, ref, now))

    def _is_gone(self, tracker: Tracker, parent: Ticket) -> bool:
        """Whether a task was refused because its parent was deleted, which is then stored."""
        try:
            status = tracker.status([parent.ref]).get(parent.ref)
        except TrackerError:
            return False
        if status is None or status.presence is not Presence.GONE:
            return False
        with self._units.begin(parent.workspace_id) as unit:
            unit.partings.lock(parent.parting_id)
            found = unit.partings.lock_ticket(parent.id)
            if found.ref == parent.ref:
                unit.partings.save_ticket(mark(found, TaskState.GONE, self._clock.real()))
        return True

    def _intend(self, ticket: Ticket, watermark: str, quiet_period: timedelta) -> Ticket | None:
        """The committed intent; None when another worker, or a person, was faster."""
        with self._units.begin(ticket.workspace_id) as unit:
            found = unit.partings.lock_ticket(ticket.id)
            now = self._clock.real()
            if found.turn != ticket.turn or not isinstance(next_move(found, now), Send):
                return None
            if opening.is_over(unit.partings.get(found.parting_id), found):
                return None
            intent = opening.sent(found, now, watermark, quiet_period)
            unit.partings.save_ticket(intent)
            return intent

    def _check_destination(self, errand: _Errand, tracker: Tracker) -> None:
        """Trackers leak too: once a run, right before its first ticket, the place is looked at again (BR14)."""
        if errand.parent is None:
            problem = destination_problem(tracker.destination(), errand.workspace, errand.team)
            if problem:
                raise NeedsHumanError(problem)

    def _watermark(self, errand: _Errand, tracker: Tracker) -> str:
        parent = errand.parent
        if parent and parent.watermark and parent.attempt_at:
            age = self._clock.real() - parent.attempt_at
            if age < WATERMARK_SERVES:
                return parent.watermark
        return tracker.watermark()

    # --- one look --------------------------------------------------------------------------------------------------

    def _look(self, errand: _Errand) -> None:
        """One look serves every ticket of the run that waits for one."""
        began = self._clock.real()
        errands = [errand, *self._looked_for_too(errand, began)]
        quiet = self._quiet_period(errand.ticket.tracker)
        earliest = min(errands, key=lambda each: each.ticket.attempt_at or began)
        try:
            tracker = self._tracker(errand.ticket.tracker)
            orders = [each.order for each in errands]
            attempt_at = earliest.ticket.attempt_at or began
            refs = tracker.find(orders, attempt_at, earliest.ticket.watermark)
        except TrackerError as error:
            for ticket in [each.ticket for each in errands]:
                self._store(ticket, partial(_look_failed, error, quiet))
            return
        for ticket in [each.ticket for each in errands]:
            self._store(ticket, partial(_looked, refs.get(ticket.marker, []), ticket.attempts, began, quiet))

    def _looked_for_too(self, errand: _Errand, now: datetime) -> list[_Errand]:
        """The others whose look is due. Each is put off, so that its own job finds nothing to do if this one lives."""
        with self._units.begin(errand.ticket.workspace_id) as unit:
            unit.partings.lock(errand.ticket.parting_id)
            others = [
                ticket
                for ticket in unit.partings.tickets(errand.ticket.parting_id)
                if ticket.id != errand.ticket.id and ticket.tracker == errand.ticket.tracker
            ]
            due = [ticket for ticket in others if ticket.turn and isinstance(next_move(ticket, now), Look)]
            for ticket in due:
                waiting = replace(unit.partings.lock_ticket(ticket.id), look_at=now + LOOK_TAKES)
                dispatch.enqueue(unit, waiting, now)
        return [self._errand(ticket.workspace_id, ticket.id) for ticket in due]

    # --- rows ------------------------------------------------------------------------------------------------------

    def _store(self, ticket: Ticket, change: Callable[[Ticket, datetime], Ticket]) -> Ticket:
        """Stores a change with all that follows from it. No change: somebody was faster and saw to what follows."""
        with self._units.begin(ticket.workspace_id) as unit:
            parting = unit.partings.lock(ticket.parting_id)
            found = unit.partings.lock_ticket(ticket.id)
            now = self._clock.real()
            changed = change(found, now)
            if changed != found:
                unit.partings.save_ticket(changed)
                dispatch.follow(unit, parting, changed, now)
            return changed

    def _come_back(self, ticket: Ticket) -> None:
        with self._units.begin(ticket.workspace_id) as unit:
            found = unit.partings.lock_ticket(ticket.id)
            unfinished = found.state in {TicketState.NEW, TicketState.SENDING}
            over = opening.is_over(unit.partings.get(found.parting_id), found)
            if found.turn == ticket.turn and unfinished and not over:
                dispatch.enqueue(unit, found, self._clock.real())

    def _errand(self, workspace_id: str, ticket_id: str) -> _Errand:
        with self._units.read(workspace_id) as unit:
            ticket = unit.partings.ticket(ticket_id)
            parent = unit.partings.ticket(ticket.parent_id) if ticket.parent_id else None
            order = TicketOrder(
                marker=ticket.marker,
                run_marker=ticket.run_marker,
                title=ticket.title,
                details=ticket.details,
                due_on=ticket.due_on,
                timezone=unit.workspace().timezone,
                today=local_day(self._clock.now(), unit.workspace().timezone),
                assignee=unit.workspace().tracker_people.get(f"{ticket.tracker}/{ticket.owner_id}", ""),
                parent_ref=parent.ref if parent else "",
                is_parent=parent is None,
                answers=answers_for(unit.workspace(), ticket.tracker),
            )
            return _Errand(
                ticket=ticket,
                parent=parent,
                parting=unit.partings.get(ticket.parting_id),
                workspace=unit.workspace(),
                team=() if parent else team_of(unit),
                order=order,
            )

    def _tickets(self, workspace_id: str, parting_id: str) -> list[Ticket]:
        with self._units.read(workspace_id) as unit:
            return unit.partings.tickets(parting_id)

    def _tracker(self, name: str) -> Tracker:
        if name not in self._trackers:
            raise NeedsHumanError(
                Sentence(
                    "{name} is not set up any more. An admin has to put its settings back; the tasks wait.",
                    name=name.capitalize(),
                ),
                everything=True,
            )
        return self._trackers[name]

    def _quiet_period(self, name: str) -> timedelta:
        return self._trackers[name].quiet_period if name in self._trackers else opening.LOOK_DELAYS[-1]

    def _original(self, ticket: Ticket, refs: list[TicketRef]) -> TicketRef:
        """The one that stays: ours, or the oldest one, adopted, where we know of none yet."""
        if ticket.state is not TicketState.OPENED:
            ticket = self._store(ticket, lambda found, now: opening.opened(found, refs[0], now))
        return TicketRef(ref=ticket.ref, key=ticket.key, url=ticket.url)


def _looked(
    refs: Sequence[TicketRef], attempt: int, began: datetime, quiet: timedelta, found: Ticket, now: datetime
) -> Ticket:
    return opening.looked(found, refs, attempt, began, now, quiet)


def _look_failed(error: TrackerError, quiet: timedelta, found: Ticket, now: datetime) -> Ticket:
    return opening.look_failed(found, error, now, quiet)
