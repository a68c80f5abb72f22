"""How far a parting has come, and when it may be closed (HO10, HO11, WU08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.errors import ConflictError, InvalidError
from rules.partings.belongings import require_no_lever
from rules.partings.ending import LOOK_BACK_TASK
from rules.partings.parting import Parting, PartingState, TaskState, Ticket, TicketState
from rules.partings.workdays import count_forward
from rules.sentences import Sentence

ESCALATED_AFTER = 3  # working days
FINISHED = frozenset({TaskState.DONE, TaskState.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts over the tasks, the parent left out. `opened` have a ticket; `stuck` ones wait for a person."""

    total: int
    opened: int
    stuck: int
    done: int
    waived: int
    gone: int

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
    )


def overdue(tickets: Sequence[Ticket], today: date) -> list[Ticket]:
    """Tasks that should be finished and are not, the longest overdue first."""
    late = [(task.due_on, task.id, task) for task in _unfinished(tickets) if task.due_on and task.due_on < today]
    return [task for _, _, task in sorted(late, key=lambda row: row[:2])]


def is_long_overdue(ticket: Ticket, today: date, country: str) -> bool:
    """Its owner has had some working days since the day was over: now somebody who decides hears of it (WU08)."""
    return ticket.due_on is not None and count_forward(ticket.due_on, ESCALATED_AFTER, country).day < today


def waits_for(ticket: Ticket, tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tasks that come before this one and are neither done nor waived, in their order."""
    if ticket.task_state in FINISHED:
        return []
    return [task for task in _unfinished(tickets) if task.task_code in ticket.after]


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


def why_not_close(parting: Parting, tickets: Sequence[Ticket]) -> str:
    """What still stands between this parting and its end; empty when nothing does. The look back comes after it."""
    if parting.state is PartingState.CLOSED:
        return "This parting is closed already."
    if parting.state is not PartingState.OPEN:
        return "Open its tasks first, then finish them."
    left = [task for task in _unfinished(tickets) if task.task_code != LOOK_BACK_TASK]
    if left:
        names = ", ".join(task.title for task in left[:3])
        more = Sentence(" and {number} more", number=len(left) - 3) if len(left) > 3 else ""  # noqa: PLR2004 - three names fit in a sentence
        return Sentence(
            "{number} of {count} task is neither done nor waived: {names}{more}.",
            "{number} of {count} tasks are neither done nor waived: {names}{more}.",
            count=len(tasks_of(tickets)),
            number=len(left),
            names=names,
            more=more,
        )
    return ""


def close(parting: Parting, tickets: Sequence[Ticket], now: datetime) -> Parting:
    """The closed parting (HO11): nothing is left, and the client has it all."""
    obstacle = why_not_close(parting, tickets)
    if obstacle:
        raise ConflictError(obstacle)
    if parting.receipt is None:
        sentence = "Say how you know that the client has received everything."
        raise InvalidError(sentence, {"way": sentence})
    return replace(parting, state=PartingState.CLOSED, closed_at=now)


def _unfinished(tickets: Sequence[Ticket]) -> list[Ticket]:
    return [task for task in tasks_of(tickets) if task.task_state not in FINISHED]
