"""Another answer about a deliverable: tickets, days and the letter follow in the same transaction (D11, WU01-WU10)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.notices import follow_letter
from bot.services.partings.planning import UNDER_WAY, Moment, move_last_day, plan_anew, planned
from bot.services.partings.tickets import dispatch
from rules.clients.client import Client
from rules.partings import ticket_opening as opening
from rules.partings import ticket_progress
from rules.partings.deliverables import holds_back, is_of_deliverable, kept, last_due
from rules.partings.parting import Parting, TaskState, Ticket, TicketState
from rules.partings.preview import counted
from rules.partings.ticket_progress import FINISHED, unwanted
from rules.ports import UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name

WITHDRAWN = "It was agreed on otherwise."


def settle_items(
    unit: UnitOfWork, client: Client, before: Parting, after: Parting, at: Moment, *, close_opened: bool
) -> Parting:
    """Stores the parting with its changed list, and all that follows from it; the caller holds its lock.

    `close_opened` says whether tickets that nobody wants any more are closed in their tracker; those that were never
    sent are withdrawn in any case.
    """
    facts = letter_facts(unit, client, before)
    moved = _dated(unit, client, before, after, at)
    if moved.state in UNDER_WAY:
        moved = _ticketed(unit, client, moved, at, close_opened=close_opened)
    unit.partings.save(moved)
    if moved.state in UNDER_WAY:
        dispatch.start(unit, moved, at.real)
        dispatch.settle(unit, moved, at.real)
    follow_letter(unit, facts, client, moved)
    return unit.partings.get(moved.id)


def _dated(unit: UnitOfWork, client: Client, before: Parting, after: Parting, at: Moment) -> Parting:
    """Never before the last accepted deliverable, and back to the agreed day once none holds it back any more."""
    held_by = last_due(before.items)
    held = before.agreed_last_day is not None and held_by is not None and held_by.due_on == before.last_day
    agreed = before.agreed_last_day if held and before.agreed_last_day else before.last_day
    last = last_due(after.items)
    back = Sentence("No deliverable is due after {day_name} any more: back to that day.", day_name=day_name(agreed))
    day, sentence = (last.due_on, holds_back(last)) if last and last.due_on > agreed else (agreed, back)
    noted = replace(after, agreed_last_day=agreed if day > agreed else None)
    if day == before.last_day and kept(before.items) == kept(after.items):
        return noted
    if day != before.last_day:
        return move_last_day(unit, client, noted, (day, sentence), at)
    return plan_anew(unit, client, noted, at.today, at.real)


def _ticketed(unit: UnitOfWork, client: Client, parting: Parting, at: Moment, *, close_opened: bool) -> Parting:
    parent, *tickets = unit.partings.tickets(parting.id)
    plan = planned(unit, client, parting, at.today)
    wanted = {task.code: task for task in plan if is_of_deliverable(task.code)}
    for ticket in unwanted(tickets, wanted):
        _withdraw(unit, ticket, at.real, close_opened=close_opened)
    known = {ticket.task_code: ticket for ticket in tickets}
    for code in set(wanted) & set(known):
        _bring_back(unit, known[code], at.real)
    fresh = [wanted[code] for code in wanted if code not in known]
    unit.partings.add_tickets([opening.child(parent, task, new_ticket_id(), at.real) for task in fresh])
    return counted(parting, wanted, fresh)


def _withdraw(unit: UnitOfWork, ticket: Ticket, now: datetime, *, close_opened: bool) -> None:
    found = unit.partings.lock_ticket(ticket.id)
    if found.task_state in FINISHED or (found.state is TicketState.OPENED and not close_opened):
        return
    withdrawn = ticket_progress.waive(found, WITHDRAWN, now)
    unit.partings.save_ticket(withdrawn)
    dispatch.push(unit, withdrawn)


def _bring_back(unit: UnitOfWork, ticket: Ticket, now: datetime) -> None:
    """Wanted again. A ticket that its tracker has closed meanwhile is followed by a new one."""
    found = unit.partings.lock_ticket(ticket.id)
    if found.task_state is not TaskState.WAIVED or found.waived_reason != WITHDRAWN:
        return
    wanted = replace(found, task_state=TaskState.OPEN, waived_reason="", updated_at=now)
    if found.seen and found.seen.done:
        wanted = opening.once_more(replace(wanted, task_state=TaskState.GONE), now)
    unit.partings.save_ticket(wanted)
    if wanted.state is TicketState.NEW and wanted.turn:
        dispatch.enqueue(unit, wanted, now)


def new_ticket_id() -> str:
    return f"tk-{secrets.token_hex(8)}"


def new_item_code() -> str:
    return f"deliverable_{secrets.token_hex(3)}"
