"""What a tracker says of a ticket, and what of ours is still written there (HO10).

Edits in the tracker win. A field of ours overwrites the tracker's only while the tracker still holds what we wrote.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from rules.exits.closing import FINISHED, mark
from rules.exits.parting import Seen, TaskState, Ticket


class Word(Protocol):
    """How the tracker describes a ticket now."""

    @property
    def exists(self) -> bool: ...
    @property
    def done(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


def heard(ticket: Ticket, word: Word, now: datetime) -> Ticket:
    """The ticket as both sides know it now; the same ticket when there is nothing new."""
    if not word.exists:
        return mark(ticket, TaskState.GONE, now) if ticket.task_state is TaskState.OPEN else ticket
    seen = ticket.seen or Seen(due_on=ticket.due_on)
    told = mark(ticket, _task_state(ticket, seen, word), now)
    merged = replace(
        told,
        title=word.title if _was_renamed(ticket, seen, word) else told.title,
        due_on=word.due_on if word.due_on and word.due_on != seen.due_on else told.due_on,
        seen=Seen(due_on=word.due_on, title=word.title or seen.title, done=word.done),
    )
    return ticket if merged == ticket else replace(merged, updated_at=now)


def to_write(ticket: Ticket) -> date | None:
    """Our due date where the tracker holds an older one of ours; one that was taken away there is not put back."""
    if ticket.seen is None or ticket.seen.due_on is None or ticket.task_state in FINISHED:
        return None
    return ticket.due_on if ticket.due_on != ticket.seen.due_on else None


def written(ticket: Ticket, due_on: date, now: datetime) -> Ticket:
    """The tracker holds this date of ours now."""
    seen = replace(ticket.seen or Seen(due_on=None), due_on=due_on)
    return replace(ticket, seen=seen, updated_at=now)


def _task_state(ticket: Ticket, seen: Seen, word: Word) -> TaskState:
    """What a person said in Slack is not taken back by a ticket that was simply never finished."""
    if word.done:
        return TaskState.DONE
    was_taken_back = seen.done and ticket.task_state is TaskState.DONE
    return TaskState.OPEN if was_taken_back or ticket.task_state is TaskState.GONE else ticket.task_state


def _was_renamed(ticket: Ticket, seen: Seen, word: Word) -> bool:
    """At the first look our own title stands there, on one line and perhaps cut."""
    ours = " ".join(ticket.title.split())
    if seen.title:
        return bool(word.title) and word.title != seen.title
    return not ours.startswith(word.title)
