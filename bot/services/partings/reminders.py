"""What people are told of a parting unasked, looked at again at the time of sending (WU08)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.services.calendars import country_of
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.sheets import may_see
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.local_days import local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings import ticket_progress
from rules.partings.parting import RUNNING, Parting, TaskState, TicketState
from rules.partings.ticket_progress import answerable
from rules.ports import UnitOfWork
from rules.sentences import Sentence

NEWS_FOR = timedelta(days=30)


def raise_refused(unit: UnitOfWork, client: Client, parting: Parting, occasion: str, now: datetime) -> None:
    """Each new trouble once."""
    nudge(
        unit,
        NudgeKind.TICKET_REFUSED,
        client.owner_id,
        subject=occasion,
        now=now,
        client_id=client.id,
        details=parting.id,
    )


def raise_doubles(unit: UnitOfWork, client: Client, parting: Parting, keys: str, now: datetime) -> None:
    """`keys` are those of the tickets that were marked."""
    subject = f"{parting.id}:{keys}"
    nudge(unit, NudgeKind.DOUBLES, client.owner_id, subject=subject, now=now, client_id=client.id, details=parting.id)


def raise_overdue(unit: UnitOfWork, client: Client, parting: Parting, today: date, now: datetime) -> int:
    """Each overdue task once to its owner, and once to somebody who decides if it stays so; returns how many words."""
    words = {
        (person_id, ticket.id, str(ticket.due_on))
        for ticket in ticket_progress.overdue(unit.partings.tickets(parting.id), today)
        if ticket.task_state is TaskState.OPEN
        for person_id in answerable(client, parting, ticket, today, country_of(unit, client))
    }
    # Always in the same order: each word locks its person.
    for person_id, ticket_id, due_on in sorted(words):
        subject = f"{ticket_id}:{due_on}"
        nudge(unit, NudgeKind.OVERDUE_TASK, person_id, subject=subject, now=now, client_id=client.id, details=ticket_id)
    return len(words)


def overdue_task(unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
    """`known.details` is the ticket's id."""
    ticket = unit.partings.ticket(known.details)
    parting = unit.partings.get(ticket.parting_id)
    client = unit.clients.get(parting.client_id)
    today = local_day(now, unit.workspace().timezone)
    if ticket.task_state is not TaskState.OPEN or not _runs(reader, client, parting):
        return None
    if ticket.due_on is None or ticket.due_on >= today:
        return None
    late = (today - ticket.due_on).days
    what = Sentence(
        "A task of the parting is {count} day late: {title}",
        "A task of the parting is {count} days late: {title}",
        count=late,
        title=ticket.title,
    )
    return Told(about=client.name, what=what, ways=(_open(client),))


def refused_tickets(unit: UnitOfWork, reader: Member, known: Nudge, _now: datetime) -> Told | None:
    """`known.details` is the parting's id; so it is below."""
    parting = unit.partings.get(known.details)
    client = unit.clients.get(parting.client_id)
    stuck = [ticket for ticket in unit.partings.tickets(parting.id) if ticket.state is TicketState.REFUSED]
    if not stuck or not _runs(reader, client, parting):
        return None
    first = stuck[0]
    count = "One ticket" if len(stuck) == 1 else Sentence("{count} ticket", "{count} tickets", count=len(stuck))
    return Told(
        about=client.name,
        what=Sentence(
            "{number} could not be opened. {cause} {remedy}", number=count, cause=first.cause, remedy=first.remedy
        ),
        ways=(Way(WayOn.TRY_AGAIN, first.id), _open(client)),
    )


def doubles(unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
    parting = unit.partings.get(known.details)
    client = unit.clients.get(parting.client_id)
    if not may_see(reader, client, parting) or now - known.raised_at > NEWS_FOR:
        return None
    keys = known.subject.partition(":")[2]
    what = Sentence(
        "The tracker held more than one ticket for the same task. We keep ours and have marked the others: {keys}.",
        keys=keys,
    )
    return Told(about=client.name, what=Sentence("{what} Nothing was deleted.", what=what), ways=(_open(client),))


def _runs(reader: Member, client: Client, parting: Parting) -> bool:
    return parting.state in RUNNING and may_see(reader, client, parting)


def _open(client: Client) -> Way:
    return Way(WayOn.PARTING, client.id)
