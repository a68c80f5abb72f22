"""What trackers say of our tickets, by webhook or when asked; and what we have to tell them (HO10).

A webhook is only a hint: whoever sent it, the ticket is read again by its id. What gets lost is found by the poll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.agenda import READ_TICKET
from bot.services.partings.tickets import dispatch
from rules.errors import NeedsHumanError, TrackerError
from rules.partings import ticket_opening as opening
from rules.partings import ticket_syncing as hearing
from rules.partings.parting import TaskState, Ticket, TicketState
from rules.partings.ticket_syncing import heard, to_finish, to_write
from rules.ports import Clock, TicketChange, TicketHint, TicketStatus, Tracker, Units

log = structlog.get_logger()

# The tracker's own answer to a request of ours usually comes with the webhook: it goes first.
NEW_TICKETS_WAIT = timedelta(seconds=3)


class NewsService:
    """Brings back what became of the tasks. Its clock is the real one: all this happens on the wire."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker]) -> None:
        self._units = units
        self._clock = clock
        self._trackers = trackers

    def take(self, hint: TicketHint) -> int:
        """Stores a hint as a job, once however often it is sent; returns how many workspaces it concerns."""
        with self._units.house() as house:
            concerned = house.concerned(hint.ref, is_new=hint.is_new)
            for workspace_id in concerned:
                house.jobs.add(
                    READ_TICKET[hint.tracker](
                        workspace_id,
                        hint.tracker,
                        hint.ref,
                        int(hint.is_new),
                        once=f"read_ticket:{hint.tracker}:{hint.event_id}:{workspace_id}",
                        after=NEW_TICKETS_WAIT if hint.is_new else timedelta(),
                    )
                )
        return len(concerned)

    def read(self, workspace_id: str, tracker: str, ref: str, is_new: int) -> int:
        """Reads the ticket again and stores what is new; returns how many changed. Its tracker away: the poll will."""
        with self._units.read(workspace_id) as unit:
            known = [ticket for ticket in unit.partings.known_tickets(ref=ref) if ticket.tracker == tracker]
        try:
            if known:
                return 0 if is_new else self._reconcile(workspace_id, known)
            return self._adopt(workspace_id, tracker, ref) if is_new else 0
        except TrackerError as error:
            log.warning("ticket_not_read", tracker=tracker, kind=type(error).__name__)
            return 0

    def poll(self, workspace_id: str, parting_id: str) -> int:
        """Asks after every ticket of a parting; returns how many changed. A deleted one is never recreated."""
        with self._units.read(workspace_id) as unit:
            tickets = unit.partings.tickets(parting_id)
        try:
            return self._reconcile(workspace_id, tickets)
        except TrackerError as error:
            log.warning("poll_failed", parting=parting_id, kind=type(error).__name__)
            return 0

    def _adopt(self, workspace_id: str, tracker: str, ref: str) -> int:
        """A ticket that carries our marker and whose answer we have not got: it is ours, and never created again."""
        found = self._trackers[tracker].identify(ref) if tracker in self._trackers else None
        if found is None:
            return 0
        marker, place = found
        with self._units.begin(workspace_id) as unit:
            waiting = [
                ticket
                for ticket in unit.partings.known_tickets(marker=marker)
                if ticket.tracker == tracker and ticket.state is not TicketState.OPENED
            ]
            for ticket in waiting:
                parting = unit.partings.lock(ticket.parting_id)
                now = self._clock.real()
                adopted = opening.opened(unit.partings.lock_ticket(ticket.id), place, now)
                unit.partings.save_ticket(adopted)
                dispatch.follow(unit, parting, adopted, now)
        return len(waiting)

    def _reconcile(self, workspace_id: str, tickets: Sequence[Ticket]) -> int:
        """Theirs first, then ours: a date that we changed goes out where the tracker still holds our older one."""
        said = self._statuses(ticket for ticket in tickets if ticket.ref)
        merged = [self._hear(workspace_id, ticket, word) for ticket, word in said]
        for ticket, (_, word) in zip(merged, said, strict=True):
            if word.exists:
                self._write(ticket)
        return sum(_shown(before) != _shown(after) for (before, _), after in zip(said, merged, strict=True))

    def _hear(self, workspace_id: str, ticket: Ticket, word: TicketStatus) -> Ticket:
        """Stores what is new; what nobody would see changes no message."""
        if heard(ticket, word, self._clock.real()) == ticket:
            return ticket
        with self._units.begin(workspace_id) as unit:
            parting = unit.partings.lock(ticket.parting_id)
            found = unit.partings.lock_ticket(ticket.id)
            if found.ref != ticket.ref:
                return found
            now = self._clock.real()
            merged = heard(found, word, now)
            unit.partings.save_ticket(merged)
            if _shown(merged) != _shown(found):
                dispatch.settle(unit, parting, now)
            return merged

    def _write(self, ticket: Ticket) -> None:
        """Repeated by each poll until the tracker has it. What it refuses is said, and holds up no other ticket."""
        due_on, done = to_write(ticket), to_finish(ticket)
        if due_on is None and not done:
            return
        try:
            self._trackers[ticket.tracker].update(ticket.ref, TicketChange(due_on=due_on, done=done))
        except NeedsHumanError as error:
            refused = error.sentence
            self._store(ticket, lambda found, now: hearing.objected(found, refused, now))
            return
        if due_on:
            day = due_on
            self._store(ticket, lambda found, now: hearing.written(found, day, now))
        else:
            self._store(ticket, hearing.finished)

    def _store(self, ticket: Ticket, change: Callable[[Ticket, datetime], Ticket]) -> None:
        with self._units.begin(ticket.workspace_id) as unit:
            parting = unit.partings.lock(ticket.parting_id)
            found = unit.partings.lock_ticket(ticket.id)
            if found.ref != ticket.ref:
                return
            now = self._clock.real()
            changed = change(found, now)
            unit.partings.save_ticket(changed)
            if changed.trouble != found.trouble:
                dispatch.settle(unit, parting, now)

    def _statuses(self, tickets: Iterable[Ticket]) -> list[tuple[Ticket, TicketStatus]]:
        by_tracker: dict[str, list[Ticket]] = {}
        for ticket in tickets:
            by_tracker.setdefault(ticket.tracker, []).append(ticket)
        pairs: list[tuple[Ticket, TicketStatus]] = []
        for name, own in by_tracker.items():
            if name in self._trackers:
                said = self._trackers[name].status([ticket.ref for ticket in own])
                pairs += [(ticket, said[ticket.ref]) for ticket in own if ticket.ref in said]
        return pairs


def _shown(ticket: Ticket) -> tuple[str, date | None, TaskState]:
    return ticket.title, ticket.due_on, ticket.task_state
