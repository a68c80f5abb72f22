"""How far the tasks of a parting have come (HO10, WU08)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.clients.client import Client
from rules.errors import ConflictError, InvalidError
from rules.partings.belongings import require_no_lever
from rules.partings.deliverables import is_of_deliverable
from rules.partings.parting import Parting, TaskState, Ticket, TicketState
from rules.sentences import Sentence
from rules.workdays import count_forward

ESCALATED_AFTER = 3  # working days
FINISHED = frozenset({TaskState.DONE, TaskState.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts over the tasks, the parent left out. `opened` have a ticket; `stuck` ones wait for a person.

    `dropped` ones are closed in the tracker without being done, `hidden` ones our account can't see any more.
    """

    total: int
    opened: int
    stuck: int
    done: int
    waived: int
    gone: int
    dropped: int = 0
    hidden: int = 0

    @property
    def left(self) -> int:
        return self.total - self.done - self.waived


def tasks_of(tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tickets without their parent."""
    return [ticket for ticket in tickets if ticket.parent_id]


def progress(tickets: Sequence[Ticket]) -> Progress:
    tasks = tasks_of(tickets)
    return Progress(
        total=len(tasks),
        opened=sum(task.state is TicketState.OPENED for task in tasks),
        stuck=sum(task.state in {TicketState.REFUSED, TicketState.PARKED} for task in tasks),
        done=sum(task.task_state is TaskState.DONE for task in tasks),
        waived=sum(task.task_state is TaskState.WAIVED for task in tasks),
        gone=sum(task.task_state is TaskState.GONE for task in tasks),
        dropped=sum(is_dropped(task) for task in tasks),
        hidden=sum(is_hidden(task) for task in tasks),
    )


def is_dropped(ticket: Ticket) -> bool:
    """Closed in the tracker without being done, and nobody has said yet what becomes of the task."""
    return ticket.task_state is TaskState.OPEN and ticket.seen is not None and bool(ticket.seen.closed_as)


def is_hidden(ticket: Ticket) -> bool:
    return ticket.task_state is TaskState.OPEN and ticket.seen is not None and ticket.seen.hidden


def overdue(tickets: Sequence[Ticket], today: date) -> list[Ticket]:
    """Tasks that should be finished and are not, the longest overdue first."""
    late = [(task.due_on, task.id, task) for task in unfinished(tickets) if task.due_on and task.due_on < today]
    return [task for _, _, task in sorted(late, key=lambda row: row[:2])]


def is_long_overdue(ticket: Ticket, today: date, country: str) -> bool:
    """Its owner has had some working days since the day was over: now somebody who decides hears of it (WU08)."""
    return ticket.due_on is not None and count_forward(ticket.due_on, ESCALATED_AFTER, country).day < today


def waits_for(ticket: Ticket, tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tasks that come before this one and are neither done nor waived, in their order."""
    if ticket.task_state in FINISHED:
        return []
    return [task for task in unfinished(tickets) if task.task_code in ticket.after]


def require_turn(ticket: Ticket, tickets: Sequence[Ticket]) -> None:
    """Access is removed last: such a task is not done before what it waits for."""
    first = waits_for(ticket, tickets) if ticket.strict else []
    if first:
        names = ", ".join(f"“{task.title}”" for task in first[:3])
        more = Sentence(" and {number} more", number=len(first) - 3) if len(first) > 3 else ""  # noqa: PLR2004 - three names fit in a sentence
        raise ConflictError(Sentence("This comes last. Finish or waive first: {names}{more}.", names=names, more=more))


def mark(ticket: Ticket, task_state: TaskState, now: datetime) -> Ticket:
    """What the tracker, or a tick in Slack, says of the task. A waived task stays waived until it is done."""
    if ticket.task_state is TaskState.WAIVED and task_state is not TaskState.DONE:
        return ticket
    if ticket.task_state is task_state:
        return ticket
    return replace(ticket, task_state=task_state, updated_at=now)


def waive(ticket: Ticket, reason: str, now: datetime) -> Ticket:
    """The task, given up for a reason."""
    if not reason.strip():
        raise InvalidError("Say why this task is not needed.", {"reason": "Say why this task is not needed."})
    if ticket.task_state is TaskState.DONE:
        raise ConflictError("This task is done already; there is nothing to waive.")
    require_no_lever(ticket.task_code, reason)
    return replace(ticket, task_state=TaskState.WAIVED, waived_reason=reason.strip(), updated_at=now)


def unfinished(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Tasks that are neither done nor waived."""
    return [task for task in tasks_of(tickets) if task.task_state not in FINISHED]


def unwanted(tickets: Sequence[Ticket], wanted: Container[str]) -> list[Ticket]:
    """Tickets of deliverables that are finished or handed over no more."""
    return [
        ticket
        for ticket in tickets
        if is_of_deliverable(ticket.task_code) and ticket.task_code not in wanted and ticket.task_state not in FINISHED
    ]


def answerable(client: Client, parting: Parting, ticket: Ticket, today: date, country: str) -> Iterator[str]:
    """The task's owner; then the client's, or whoever began the parting where that is the same person."""
    owner_id = ticket.owner_id or client.owner_id
    yield owner_id
    if is_long_overdue(ticket, today, country):
        yield client.owner_id if client.owner_id != owner_id else parting.created_by
