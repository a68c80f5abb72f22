"""What a tracker says of a ticket, and what of ours is still to be written there (HO10).

Edits in the tracker win. A field of ours overwrites the tracker's only while the tracker still holds what we wrote.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from rules.partings.parting import Seen, TaskState, Ticket
from rules.partings.ticket_progress import FINISHED, mark


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
    told = _told(ticket, seen, word, now)
    merged = replace(
        told,
        title=word.title if _was_renamed(ticket, seen, word) else told.title,
        due_on=word.due_on if word.due_on and word.due_on != seen.due_on else told.due_on,
        seen=Seen(due_on=word.due_on, title=word.title or seen.title, done=word.done),
        trouble="" if word.done else told.trouble,
    )
    return ticket if merged == ticket else replace(merged, updated_at=now)


def follow(ticket: Ticket, planned_on: date, now: datetime) -> Ticket:
    """The plan gives the task another day. Whoever set one in the tracker is not overruled."""
    before = ticket.planned_on or ticket.due_on
    if ticket.task_state in FINISHED or planned_on == before:
        return ticket
    is_ours = ticket.due_on == before
    return replace(
        ticket, planned_on=planned_on, due_on=planned_on if is_ours else ticket.due_on, trouble="", updated_at=now
    )


def was_moved_there(ticket: Ticket) -> bool:
    """Somebody set another day in the tracker than our plan has."""
    return ticket.planned_on is not None and ticket.due_on != ticket.planned_on


def to_write(ticket: Ticket) -> date | None:
    """Our due date where the tracker holds an older one of ours; one that was taken away there is not put back."""
    if ticket.seen is None or ticket.seen.due_on is None or ticket.task_state in FINISHED:
        return None
    return ticket.due_on if ticket.due_on != ticket.seen.due_on else None


def to_finish(ticket: Ticket) -> bool:
    """Done or waived here, and still open in the tracker."""
    return ticket.task_state in FINISHED and ticket.seen is not None and not ticket.seen.done


def written(ticket: Ticket, due_on: date, now: datetime) -> Ticket:
    """The tracker holds this date of ours now."""
    seen = replace(ticket.seen or Seen(due_on=None), due_on=due_on)
    return replace(ticket, seen=seen, trouble="", updated_at=now)


def finished(ticket: Ticket, now: datetime) -> Ticket:
    """The tracker has closed it at our word."""
    seen = replace(ticket.seen or Seen(due_on=ticket.due_on), done=True)
    return replace(ticket, seen=seen, trouble="", updated_at=now)


def objected(ticket: Ticket, sentence: str, now: datetime) -> Ticket:
    """The tracker refuses what we want to write; the ticket itself is as good as before."""
    return ticket if ticket.trouble == sentence else replace(ticket, trouble=sentence, updated_at=now)


def _told(ticket: Ticket, seen: Seen, word: Word, now: datetime) -> Ticket:
    """What a person said in Slack is not taken back by a ticket that was simply never finished."""
    is_finished = ticket.task_state in FINISHED
    if word.done:
        return ticket if seen.done and is_finished else mark(ticket, TaskState.DONE, now)
    if seen.done and is_finished:
        return replace(ticket, task_state=TaskState.OPEN, waived_reason="", updated_at=now)
    return mark(ticket, TaskState.OPEN, now) if ticket.task_state is TaskState.GONE else ticket


def _was_renamed(ticket: Ticket, seen: Seen, word: Word) -> bool:
    """At the first look our own title stands there, on one line and perhaps cut."""
    ours = " ".join(ticket.title.split())
    if seen.title:
        return bool(word.title) and word.title != seen.title
    return not ours.startswith(word.title)
