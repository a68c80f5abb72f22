"""At most one ticket per task, whatever dies: the pure part of the recipe (facts/trackers.md 3.4).

Store `sent` before the request goes out, send once, store what `answered` or `failed` makes of it. When the outcome
is unknown, look for the marker; only a clean look made after the quiet period allows a second request.
All times here are real time. `attempt` is `ticket.attempts` as it was stored by `sent`: an answer that comes so late
that a newer request is on its way says nothing about that one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from rules.errors import AgainLaterError, ConflictError, NeedsHumanError, TrackerError
from rules.partings.parting import (
    NO_TICKET,
    Parting,
    PartingState,
    PlannedTask,
    Preview,
    Seen,
    TaskKind,
    TaskState,
    Ticket,
    TicketState,
)
from rules.partings.tasks import ENGLISH, text
from rules.partings.ticket_progress import FINISHED
from rules.sentences import Sentence

ASKED_AGAIN_AFTER = timedelta(seconds=10)
PARENT = "parent"
STUCK = frozenset({TicketState.REFUSED, TicketState.PARKED})
# Nobody looks while the request may still be under way: connecting and reading have 23 seconds.
IN_FLIGHT = timedelta(seconds=30)
# A worker that was frozen between storing its intent and sending must not send any more: somebody may look soon.
SEND_WITHIN_PART = 3
DOUBLED_WITHIN = timedelta(days=1)  # no network carries a request for so long
LOOK_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 120))


class Ref(Protocol):
    """How the tracker names a ticket."""

    @property
    def ref(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Send:
    """Store `sent`, then send one request."""


@dataclass(frozen=True, slots=True)
class Look:
    """Look for the marker; send nothing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before this time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do until a person does something."""


Move = Send | Look | Wait | Rest


def marker_for(ticket_id: str) -> str:
    """`wu-` and 12 hex digits, the same for the same ticket for ever."""
    return f"wu-{_hex(ticket_id)}"


def run_marker_for(parting_id: str) -> str:
    """What all tickets of one parting carry."""
    return f"wrapup-{_hex(parting_id)}"


def new_tickets(
    parting: Parting,
    preview: Preview,
    client_name: str,
    now: datetime,
    new_id: Callable[[], str],
    language: str = ENGLISH,
) -> list[Ticket]:
    """The parent first, then one ticket for each ticked task of the preview; steps inside Amicable need none."""
    words = (text("parent", language, client=client_name), text("parent_details", language))
    parent = _parent(parting, preview, words, now, new_id())
    tasks = [task for task in preview.tasks if task.ticked and task.kind not in NO_TICKET]
    return [parent, *(child(parent, task, new_id(), now) for task in tasks)]


def next_move(ticket: Ticket, now: datetime) -> Move:
    if ticket.state not in {TicketState.NEW, TicketState.SENDING}:
        return Rest()
    if ticket.look_at and now < ticket.look_at:
        return Wait(ticket.look_at)
    return Send() if ticket.state is TicketState.NEW else Look()


def sent(ticket: Ticket, now: datetime, watermark: str, quiet_period: timedelta) -> Ticket:
    """The intent, to be committed before the request goes out. No request is under way longer than a quiet period."""
    if ticket.state is not TicketState.NEW:
        raise ConflictError("This ticket is being opened already. Wait a moment, then look again.")
    return replace(
        ticket,
        state=TicketState.SENDING,
        attempt_at=now,
        attempts=ticket.attempts + 1,
        looks=0,
        look_at=now + min(IN_FLIGHT, quiet_period),
        watermark=watermark,
        seen=Seen(due_on=ticket.due_on),
        cause="",
        remedy="",
        updated_at=now,
    )


def may_still_send(intent: Ticket, now: datetime) -> bool:
    """False when too long has passed since the intent was stored: then it is left to a look."""
    if intent.attempt_at is None or intent.look_at is None:
        return False
    return now - intent.attempt_at < (intent.look_at - intent.attempt_at) / SEND_WITHIN_PART


def opened(ticket: Ticket, ref: Ref, now: datetime) -> Ticket:
    """The ticket exists: by the tracker's answer, a look or a webhook. The first to be known stays."""
    if ticket.state is TicketState.OPENED:
        return ticket
    return replace(
        ticket,
        state=TicketState.OPENED,
        ref=ref.ref,
        key=ref.key,
        url=ref.url,
        look_at=None,
        cause="",
        remedy="",
        updated_at=now,
    )


def failed(ticket: Ticket, error: TrackerError, attempt: int, now: datetime, quiet_period: timedelta) -> Ticket:
    """What an error in answer to the request `attempt` makes of the ticket."""
    if ticket.state is not TicketState.SENDING or ticket.attempts != attempt:
        return ticket
    if isinstance(error, AgainLaterError):
        return postponed(ticket, error.wait, now)
    if isinstance(error, NeedsHumanError):
        return parked(ticket, error, now) if error.everything else refused(ticket, error, now)
    return unknown(ticket, now, quiet_period)


def refused(ticket: Ticket, error: NeedsHumanError, now: datetime) -> Ticket:
    """Nothing was created: the tracker objects to this ticket, and a person can see to what."""
    complaints = [f"{field}: {complaint}" for field, complaint in error.fields.items()]
    remedy = (
        Sentence("Put {fields} right in the tracker's settings, then try again.", fields=", ".join(error.fields))
        if complaints
        else ""
    )
    return replace(
        ticket,
        state=TicketState.REFUSED,
        look_at=None,
        cause=" ".join([error.sentence, *complaints]),
        remedy=remedy or "Put that right in the tracker, then try again.",
        updated_at=now,
    )


def orphaned(ticket: Ticket, label: str, attempt: int, now: datetime) -> Ticket:
    """Nothing was created: what holds the tasks together is not there any more, and only a person has it made anew."""
    if ticket.state is not TicketState.SENDING or ticket.attempts != attempt:
        return ticket
    return replace(
        ticket,
        state=TicketState.REFUSED,
        look_at=None,
        cause=Sentence("What holds these tasks together was deleted in {label}.", label=label),
        remedy="“Try again” makes it anew, and puts the tasks there that have no ticket yet.",
        updated_at=now,
    )


def require_parent(parent: Ticket | None) -> None:
    """Raises while a task would have no place: its parent is on its way, or is refused itself."""
    if parent is None or parent.ref:
        return
    if parent.state in STUCK:
        raise NeedsHumanError(parent.cause, everything=parent.state is TicketState.PARKED)
    raise AgainLaterError(
        "What holds this task is being made. We go on by ourselves in a moment.", wait=ASKED_AGAIN_AFTER
    )


def parked(ticket: Ticket, error: NeedsHumanError, now: datetime) -> Ticket:
    """Nothing was created and nothing can be, until the connection to the tracker is put right."""
    return replace(
        ticket,
        state=TicketState.PARKED,
        look_at=None,
        cause=error.sentence,
        remedy="Put the connection to the tracker right, then try again.",
        updated_at=now,
    )


def postponed(ticket: Ticket, wait: timedelta, now: datetime) -> Ticket:
    """Nothing was created: the same request goes out again after the wait."""
    return replace(ticket, state=TicketState.NEW, look_at=now + wait, updated_at=now)


def unknown(ticket: Ticket, now: datetime, quiet_period: timedelta) -> Ticket:
    """The ticket may exist: stay sending, and look soon."""
    return replace(ticket, look_at=_next_look(ticket, now, quiet_period), updated_at=now)


def looked(
    ticket: Ticket, refs: Sequence[Ref], attempt: int, looked_at: datetime, now: datetime, quiet_period: timedelta
) -> Ticket:
    """What a look makes of the ticket; `looked_at` is when it began, `refs` is what it found, oldest first."""
    if refs:
        return opened(ticket, refs[0], now)
    if ticket.state is not TicketState.SENDING or ticket.attempts != attempt or ticket.attempt_at is None:
        return ticket
    if looked_at >= ticket.attempt_at + quiet_period:
        return replace(ticket, state=TicketState.NEW, look_at=None, looks=0, updated_at=now)
    seen = replace(ticket, looks=ticket.looks + 1)
    return replace(seen, look_at=_next_look(seen, now, quiet_period), updated_at=now)


def look_failed(ticket: Ticket, error: TrackerError, now: datetime, quiet_period: timedelta) -> Ticket:
    """A look that got no answer proves nothing: look again, ever more patiently, also when the quiet period is over."""
    if ticket.state is not TicketState.SENDING:
        return ticket
    wait = max(
        min(_delay(ticket.looks), quiet_period), error.wait if isinstance(error, AgainLaterError) else timedelta()
    )
    cause = error.sentence if isinstance(error, NeedsHumanError) else ticket.cause
    return replace(ticket, looks=ticket.looks + 1, look_at=now + wait, cause=cause, updated_at=now)


def doubted(ticket: Ticket, now: datetime, quiet_period: timedelta) -> Ticket:
    """A copy of the database calls it unsent; since the copy it may have been sent. First it is looked for."""
    if ticket.state in {TicketState.OPENED, TicketState.SENDING}:
        return ticket
    return replace(
        ticket,
        state=TicketState.SENDING,
        attempt_at=ticket.updated_at,
        attempts=ticket.attempts + 1,
        looks=0,
        look_at=now + quiet_period,
        cause="",
        remedy="",
    )


def try_again(ticket: Ticket, now: datetime) -> Ticket:
    """A person has put right what the tracker refused."""
    if ticket.state not in STUCK:
        raise ConflictError("This ticket needs no second try: it is open or on its way.")
    return replace(ticket, state=TicketState.NEW, look_at=None, cause="", remedy="", updated_at=now)


def met_the_same(other: Ticket, ticket: Ticket) -> bool:
    """Whether another ticket is stuck for the same reason, so that one click sends both."""
    if other.id == ticket.id or other.state is not ticket.state or other.state not in STUCK:
        return False
    return other.state is TicketState.PARKED or (other.cause == ticket.cause and other.task_state not in FINISHED)


def once_more(ticket: Ticket, now: datetime) -> Ticket:
    """A person wants a new ticket for one that was deleted. Its marker is new: an index may still show the old one."""
    if ticket.task_state is not TaskState.GONE:
        raise ConflictError("This task has its ticket. Look again before you go on.")
    return replace(
        ticket,
        state=TicketState.NEW,
        task_state=TaskState.OPEN,
        marker=marker_for(f"{ticket.id}:{ticket.turn}"),
        ref="",
        key="",
        url="",
        attempt_at=None,
        look_at=None,
        looks=0,
        watermark="",
        seen=None,
        trouble="",
        updated_at=now,
    )


def may_open(parting: Parting, ticket: Ticket) -> bool:
    """Until the client has been told, only what the preview allows; the parent goes along with its first task."""
    if parting.told_at:
        return True
    allowed = {task.code for task in parting.preview.tasks if task.ticked and task.before_told}
    return bool(allowed) if not ticket.parent_id else ticket.task_code in allowed


def may_be_doubled(tickets: Sequence[Ticket], now: datetime) -> bool:
    """Whether a request of ours may still come to light twice: the last one is not long ago."""
    return any(ticket.attempt_at and now - ticket.attempt_at < DOUBLED_WITHIN for ticket in tickets)


def is_over(parting: Parting, ticket: Ticket) -> bool:
    """Nothing more is sent: done or waived before a ticket was needed, or the decision was reopened.

    A ticket that may exist already is still looked for.
    """
    given_up = ticket.task_state in FINISHED or parting.state is PartingState.STOPPED
    return ticket.state is TicketState.NEW and given_up


def held_up(ticket: Ticket, error: TrackerError, now: datetime) -> Ticket:
    """Nothing was sent: a call that only reads failed."""
    if ticket.state is not TicketState.NEW:
        return ticket
    if isinstance(error, NeedsHumanError):
        return parked(ticket, error, now) if error.everything else refused(ticket, error, now)
    return postponed(ticket, error.wait if isinstance(error, AgainLaterError) else ASKED_AGAIN_AFTER, now)


def _next_look(ticket: Ticket, now: datetime, quiet_period: timedelta) -> datetime:
    """Soon at first; one look always falls on the end of the quiet period, since only that one proves anything."""
    soon = now + _delay(ticket.looks)
    if ticket.attempt_at is None:
        return soon
    quiet_end = ticket.attempt_at + quiet_period
    return min(soon, max(quiet_end, now))


def _delay(looks: int) -> timedelta:
    return LOOK_DELAYS[min(looks, len(LOOK_DELAYS) - 1)]


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _parent(parting: Parting, preview: Preview, words: tuple[str, str], now: datetime, ticket_id: str) -> Ticket:
    title, details = words
    return Ticket(
        id=ticket_id,
        workspace_id=parting.workspace_id,
        parting_id=parting.id,
        task_code=PARENT,
        kind=TaskKind.WRAP_UP,
        tracker=preview.tracker,
        marker=marker_for(ticket_id),
        run_marker=run_marker_for(parting.id),
        title=title,
        details=details,
        owner_id=parting.created_by,
        due_on=parting.last_day,
        planned_on=parting.last_day,
        updated_at=now,
    )


def child(parent: Ticket, task: PlannedTask, ticket_id: str, now: datetime) -> Ticket:
    """A task's own ticket, not sent yet, wherever its parent stands by now."""
    return Ticket(
        id=ticket_id,
        workspace_id=parent.workspace_id,
        parting_id=parent.parting_id,
        parent_id=parent.id,
        task_code=task.code,
        kind=task.kind,
        tracker=task.tracker or parent.tracker,
        marker=marker_for(ticket_id),
        run_marker=parent.run_marker,
        title=task.title,
        details=task.details,
        owner_id=task.owner_id,
        due_on=task.due_on,
        planned_on=task.due_on,
        after=task.after,
        strict=task.strict,
        updated_at=now,
    )
