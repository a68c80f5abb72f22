"""What a tracker says of a ticket, and what of ours is still to be written there (HO10).

Edits in the tracker win. A field of ours overwrites the tracker's only while the tracker still holds what we wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from rules.partings.parting import Seen, TaskState, Ticket
from rules.partings.ticket_progress import FINISHED, mark
from rules.partings.tickets.outcomes import Outcome

NOT_NEEDED = "not needed"


class Word(Protocol):
    """How the tracker describes a ticket now, read with what was said of names, on a day of ours.

    `present` False: it is proven to be gone. `closed_as` is blank unless it is closed without being done.
    """

    @property
    def present(self) -> bool: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def closed_as(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWord:
    """A `Word` as it comes from a tracker."""

    present: bool = True
    hidden: bool = False
    outcome: Outcome = Outcome.OPEN
    closed_as: str = ""
    title: str = ""
    due_on: date | None = None
    key: str = ""
    url: str = ""


def heard(ticket: Ticket, word: Word, now: datetime) -> Ticket:
    """The ticket as both sides know it now; the same ticket when there is nothing new."""
    seen = ticket.seen or Seen(due_on=ticket.due_on)
    if not word.present:
        return mark(ticket, TaskState.GONE, now) if ticket.task_state is TaskState.OPEN else ticket
    if word.hidden:
        hidden = replace(ticket, seen=replace(seen, hidden=True))
        return ticket if hidden == ticket else replace(hidden, updated_at=now)
    told = _told(ticket, seen, word, now)
    merged = replace(
        told,
        title=word.title if _was_renamed(ticket, seen, word) else told.title,
        due_on=word.due_on if word.due_on and word.due_on != seen.due_on else told.due_on,
        key=word.key or told.key,
        url=word.url or told.url,
        seen=Seen(
            due_on=word.due_on,
            title=word.title or seen.title,
            done=word.outcome is Outcome.DONE,
            closed_as=word.closed_as if word.outcome is Outcome.DROPPED else "",
        ),
        trouble="" if word.outcome is not Outcome.OPEN else told.trouble,
    )
    return ticket if merged == ticket else replace(merged, updated_at=now)


def all_at_once(tickets: Sequence[Ticket], words: Mapping[str, Word]) -> bool:
    """Whether all that was there is away in one look: then it is our account that lost its sight, not they.

    `words` are by ticket id; a ticket without one was not seen.
    """
    known = [ticket for ticket in tickets if ticket.task_state is not TaskState.GONE]
    seen = [words[ticket.id] for ticket in known if ticket.id in words]
    return len(known) > 1 and not any(word.present and not word.hidden for word in seen)


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
    return ticket.task_state in FINISHED and ticket.seen is not None and not ticket.seen.over


def written(ticket: Ticket, due_on: date, now: datetime) -> Ticket:
    """The tracker holds this date of ours now."""
    seen = replace(ticket.seen or Seen(due_on=None), due_on=due_on)
    return replace(ticket, seen=seen, trouble="", updated_at=now)


def finished(ticket: Ticket, now: datetime) -> Ticket:
    """The tracker has closed it at our word."""
    seen = ticket.seen or Seen(due_on=ticket.due_on)
    waived = ticket.task_state is TaskState.WAIVED
    seen = replace(seen, closed_as=NOT_NEEDED) if waived else replace(seen, done=True)
    return replace(ticket, seen=seen, trouble="", updated_at=now)


def objected(ticket: Ticket, sentence: str, now: datetime) -> Ticket:
    """The tracker refuses what we want to write; the ticket itself is as good as before."""
    return ticket if ticket.trouble == sentence else replace(ticket, trouble=sentence, updated_at=now)


def deleted_there(ticket: Ticket, now: datetime) -> Ticket:
    """A person knows that a ticket which our account can't see was deleted."""
    if ticket.seen is None or not ticket.seen.hidden:
        return ticket
    return mark(replace(ticket, seen=replace(ticket.seen, hidden=False)), TaskState.GONE, now)


def shown(ticket: Ticket) -> tuple[object, ...]:
    """All that people see of it: while this stays the same nothing is drawn anew."""
    seen = ticket.seen
    closed = (seen.closed_as, seen.hidden) if seen else ("", False)
    return ticket.title, ticket.due_on, ticket.task_state, ticket.key, *closed


def _told(ticket: Ticket, seen: Seen, word: Word, now: datetime) -> Ticket:
    """What a person said in Slack is not taken back by a ticket that was simply never finished."""
    is_finished = ticket.task_state in FINISHED
    if word.outcome is Outcome.DONE:
        return ticket if seen.over and is_finished else mark(ticket, TaskState.DONE, now)
    taken_back = seen.over if word.outcome is Outcome.OPEN else seen.done
    if taken_back and ticket.task_state is TaskState.DONE:
        return replace(ticket, task_state=TaskState.OPEN, updated_at=now)
    if taken_back and is_finished and word.outcome is Outcome.OPEN:
        return replace(ticket, task_state=TaskState.OPEN, waived_reason="", updated_at=now)
    return mark(ticket, TaskState.OPEN, now) if ticket.task_state is TaskState.GONE else ticket


def _was_renamed(ticket: Ticket, seen: Seen, word: Word) -> bool:
    """At the first look our own title stands there, on one line and perhaps cut."""
    ours = " ".join(ticket.title.split())
    if seen.title:
        return bool(word.title) and word.title != seen.title
    return not ours.startswith(word.title)
