"""What follows from a change of a ticket, enqueued in the transaction that stores the change.

The caller holds the parting's lock, so the counts are exact and nothing is started twice. A ticket's `turn` is the
number of its one valid job: whatever enqueues the next one makes all earlier ones stale. Turn 0: never started.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import OPEN_TICKET, READ_TICKET, SHOW_PROGRESS, TEND_PARTING
from rules.partings.parting import Parting, PartingState, Ticket, TicketState
from rules.partings.ticket_opening import is_over, may_open
from rules.partings.ticket_progress import FINISHED
from rules.ports import Due, UnitOfWork

# One progress message for all that happens within so many seconds, drawn a little later than the last of it.
SHOWN_EVERY_SECONDS = 2.0
SHOWN_AFTER = timedelta(seconds=1)
SHOWN_AGAIN_AFTER = timedelta(minutes=2)
# At the end of a run doubles are looked for: late enough that every tracker knows all that it has.
SWEPT_AFTER = timedelta(minutes=5)


def enqueue(unit: UnitOfWork, ticket: Ticket, now: datetime) -> None:
    """The ticket's next job, now or when it wants to be looked at. `now` is real time, here and below."""
    turn = ticket.turn + 1
    unit.partings.save_ticket(replace(ticket, turn=turn))
    unit.jobs.add(
        OPEN_TICKET[ticket.tracker](
            ticket.workspace_id,
            ticket.id,
            turn,
            once=f"open_ticket:{ticket.id}:{turn}",
            after=max(ticket.look_at - now, timedelta()) if ticket.look_at else timedelta(),
        )
    )


def push(unit: UnitOfWork, ticket: Ticket) -> None:
    """Has the tracker told of what has changed here: another day, done or waived. What somebody changed there stays.

    A push that meets a tracker which is away is made up for by the poll.
    """
    if ticket.ref:
        unit.jobs.add(
            READ_TICKET[ticket.tracker](
                ticket.workspace_id,
                ticket.tracker,
                ticket.ref,
                0,
                once=f"read_ticket:{ticket.tracker}:{ticket.id}:{ticket.due_on}:{ticket.updated_at.isoformat()}",
            )
        )


def start(unit: UnitOfWork, parting: Parting, now: datetime) -> None:
    """Starts whatever may go and has not: the parent, or the tasks once their parent is open."""
    parent, *tasks = unit.partings.tickets(parting.id)
    for ticket in tasks if parent.state is TicketState.OPENED else [parent]:
        if ticket.turn == 0 and may_open(parting, ticket) and not is_over(parting, ticket):
            enqueue(unit, ticket, now)


def follow(unit: UnitOfWork, parting: Parting, ticket: Ticket, now: datetime) -> None:
    """Whatever comes after this change of the ticket, which is stored already."""
    match ticket.state:
        case TicketState.NEW | TicketState.SENDING if not is_over(parting, ticket):
            enqueue(unit, ticket, now)
        case TicketState.OPENED if not ticket.parent_id:
            start(unit, parting, now)
        case TicketState.PARKED:
            _park_others(unit, parting, ticket, now)
        case _:
            pass
    settle(unit, parting, now)


def settle(unit: UnitOfWork, parting: Parting, now: datetime) -> None:
    """Counts a parting whose tickets are all there as open, and has its progress shown."""
    tickets = unit.partings.tickets(parting.id)
    whole = all(ticket.state is TicketState.OPENED or ticket.task_state in FINISHED for ticket in tickets)
    if whole and parting.state is PartingState.OPENING:
        unit.partings.save(replace(parting, state=PartingState.OPEN))
        occasion = f"open:{sum(ticket.turn for ticket in tickets)}"
        _show(unit, parting, occasion, now, timedelta())
        unit.jobs.add(
            TEND_PARTING(unit.workspace_id, parting.id, once=f"tend_parting:{parting.id}:{occasion}", after=SWEPT_AFTER)
        )
        return
    show(unit, parting, now)


def show(unit: UnitOfWork, parting: Parting, now: datetime, wait: timedelta = timedelta()) -> None:
    """Has the progress message brought up to date, after `wait` at the earliest."""
    tick = int((now + wait).timestamp() // SHOWN_EVERY_SECONDS)
    shown_at = datetime.fromtimestamp((tick + 1) * SHOWN_EVERY_SECONDS, now.tzinfo) + SHOWN_AFTER
    _show(unit, parting, str(tick), now, shown_at - now)


def shown(unit: UnitOfWork, parting_id: str, seen: Due | None) -> None:
    """The message is as true as the row that was `seen` before it was drawn; whatever came later is still to do."""
    unit.partings.lock(parting_id)
    if seen and unit.dues.find(SHOW_PROGRESS, parting_id) == seen:
        unit.dues.drop(SHOW_PROGRESS, parting_id)


def _show(unit: UnitOfWork, parting: Parting, occasion: str, now: datetime, wait: timedelta) -> None:
    """However long Slack is away, the message does not stay old."""
    once = f"show_progress:{parting.id}:{occasion}"
    unit.jobs.add(SHOW_PROGRESS(unit.workspace_id, parting.id, now.isoformat(), once=once, after=wait))
    unit.dues.set(SHOW_PROGRESS.at(now + wait + SHOWN_AGAIN_AFTER, unit.workspace_id, parting.id))


def _park_others(unit: UnitOfWork, parting: Parting, parked: Ticket, now: datetime) -> None:
    """One refused token refuses them all: what was not sent yet waits with it (a circuit breaker)."""
    for other in unit.partings.tickets(parting.id):
        if other.state is TicketState.NEW and other.turn and other.tracker == parked.tracker:
            found = unit.partings.lock_ticket(other.id)
            if found.state is TicketState.NEW and not is_over(parting, found):
                waiting = replace(found, state=TicketState.PARKED, look_at=None, updated_at=now)
                unit.partings.save_ticket(replace(waiting, cause=parked.cause, remedy=parked.remedy))
