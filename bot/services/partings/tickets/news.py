"""What trackers say of our tickets, by webhook or when asked; and what we have to tell them (HO10).

A webhook is only a hint: whoever sent it, the ticket is read again by its id. What gets lost is found by the poll.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.agenda import READ_TICKET
from bot.services.partings.tickets import dispatch, faults
from rules.errors import NeedsHumanError, TrackerError
from rules.partings import ticket_opening as opening
from rules.partings import ticket_syncing as syncing
from rules.partings.parting import RUNNING, TaskState, Ticket, TicketState
from rules.partings.ticket_syncing import TicketWord, heard, shown, to_finish, to_write
from rules.ports import Clock, TicketChange, TicketHint, TicketStatus, Tracker, Units, Workspace
from rules.trackers import endings_said, word_of

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
            self._failed(workspace_id, tracker, error)
            return 0

    def poll(self, workspace_id: str) -> int:
        """Asks after each ticket of all partings under way; returns how many changed. A deleted one is never recreated.

        All of a tracker's are asked for together: it answers for hundreds in as many requests as for a few.
        """
        with self._units.read(workspace_id) as unit:
            workspace = unit.workspace()
            running = [parting.id for parting in unit.partings.all() if parting.state in RUNNING]
            by_parting = {parting_id: self._asked(unit.partings.tickets(parting_id)) for parting_id in running}
        changed = 0
        for tracker in self._trackers:
            own = {parting_id: asked[tracker] for parting_id, asked in by_parting.items() if tracker in asked}
            try:
                statuses = self._look(tracker, [each for tickets in own.values() for each in tickets], workspace)
            except TrackerError as error:
                self._failed(workspace_id, tracker, error)
                continue
            for parting_id, tickets in own.items():
                try:
                    changed += self._take_in(workspace, tickets, statuses, parting_id)
                except TrackerError as error:  # of what we had to write there, which holds up no other parting
                    self._failed(workspace_id, tracker, error)
        return changed

    def _look(self, tracker: str, tickets: Sequence[Ticket], workspace: Workspace) -> Mapping[str, TicketStatus]:
        """Reads what an index does not know, what it tells news of, and what we have to write on.

        The index may be old: it settles only that nothing has changed.
        """
        if not tickets:
            return {}
        now = self._clock.real()
        told = self._trackers[tracker].glance([ticket.ref for ticket in tickets])
        settled = {
            ticket.ref: told[ticket.ref]
            for ticket in tickets
            if ticket.ref in told
            and heard(ticket, word_of(told[ticket.ref], workspace, tracker), now) == ticket
            and not (to_write(ticket) or to_finish(ticket))
        }
        unread = [ticket.ref for ticket in tickets if ticket.ref not in settled]
        return settled | (self._trackers[tracker].status(unread) if unread else {})

    def _failed(self, workspace_id: str, tracker: str, error: TrackerError) -> None:
        """What passes is made up for by the next poll; what does not is told to somebody who can see to it."""
        log.warning("tracker_not_read", tracker=tracker, kind=type(error).__name__)
        if isinstance(error, NeedsHumanError) and error.everything:
            with self._units.begin(workspace_id) as unit:
                faults.note_fault(unit, tracker, error.sentence, self._clock.now())

    def _asked(self, tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
        """By tracker, those that are outside and set up."""
        by_tracker: dict[str, list[Ticket]] = {}
        for ticket in tickets:
            tracker = self._trackers.get(ticket.tracker)
            if ticket.ref and tracker and not tracker.is_inside:
                by_tracker.setdefault(ticket.tracker, []).append(ticket)
        return by_tracker

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
        with self._units.read(workspace_id) as unit:
            workspace = unit.workspace()
        statuses = self._trackers[tickets[0].tracker].status([ticket.ref for ticket in tickets])
        return self._take_in(workspace, tickets, statuses)

    def _take_in(
        self,
        workspace: Workspace,
        tickets: Sequence[Ticket],
        statuses: Mapping[str, TicketStatus],
        parting_id: str = "",
    ) -> int:
        """Theirs first, then ours: a date that we changed goes out where the tracker still holds our older one.

        With a `parting_id` these are all its tickets of one tracker.
        """
        workspace_id, name = workspace.id, tickets[0].tracker
        words = {each.id: word_of(statuses[each.ref], workspace, name) for each in tickets if each.ref in statuses}
        if parting_id and syncing.all_at_once(tickets, words):
            words = {each.id: TicketWord(hidden=True) for each in tickets if each.task_state is not TaskState.GONE}
            with self._units.begin(workspace_id) as unit:
                faults.note_hidden(unit, name, parting_id, self._clock.now())
        else:
            faults.over(self._units, workspace_id, [name], parting_id)
        changed = 0
        for ticket in [each for each in tickets if each.id in words]:
            merged = self._hear(workspace_id, ticket, words[ticket.id])
            if words[ticket.id].present and not words[ticket.id].hidden:
                self._write(merged, workspace)
            changed += shown(merged) != shown(ticket)
        return changed

    def _hear(self, workspace_id: str, ticket: Ticket, word: TicketWord) -> Ticket:
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
            if shown(merged) != shown(found):
                dispatch.settle(unit, parting, now)
            return merged

    def _write(self, ticket: Ticket, workspace: Workspace) -> None:
        """Repeated by each poll until the tracker has it. What it refuses is said, and holds up no other ticket."""
        due_on, done = to_write(ticket), to_finish(ticket)
        if due_on is None and not done:
            return
        try:
            self._trackers[ticket.tracker].update(
                ticket.ref,
                TicketChange(
                    due_on=due_on,
                    done=done and ticket.task_state is TaskState.DONE,
                    dropped=done and ticket.task_state is not TaskState.DONE,
                    said=endings_said(workspace, ticket.tracker),
                    timezone=workspace.timezone,
                ),
            )
        except NeedsHumanError as error:
            refused = error.sentence
            self._store(ticket, lambda found, now: syncing.objected(found, refused, now))
            return
        if due_on:
            day = due_on
            self._store(ticket, lambda found, now: syncing.written(found, day, now))
        else:
            self._store(ticket, syncing.finished)

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
