"""The line of time of a parting, with what has happened on it already."""

from __future__ import annotations

from datetime import date, timedelta

from rules.clients.client import Client, Contract
from rules.errors import ConflictError
from rules.local_days import local_day
from rules.partings.dates import counted_on
from rules.partings.deliverables import unanswered
from rules.partings.parting import Parting
from rules.partings.ticket_progress import FINISHED
from rules.partings.timeline import WE_GIVE_NOTICE, Happened, Timeline, passed, plan, why_not_keep
from rules.ports import UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name


def contract_of(unit: UnitOfWork, client: Client) -> Contract:
    """What days are counted on: the contract, and where it is silent the workspace's country and our first day."""
    return counted_on(client.contract, unit.workspace().country, client.client_since)


def line_of(unit: UnitOfWork, client: Client, parting: Parting, today: date) -> Timeline:
    return plan(parting.origin, contract_of(unit, client), parting.last_day, today, known_of(unit, parting))


def known_of(unit: UnitOfWork, parting: Parting) -> Happened:
    notice = unit.notices.of_parting(parting.id)
    told_on = local_day(parting.told_at, unit.workspace().timezone) if parting.told_at else None
    asked = parting.question if unanswered(parting.items) else None
    return Happened(
        talk_on=parting.held_on or told_on,
        sent_on=notice.sent_on if notice else None,
        received_on=notice.received_on if notice else None,
        agreed=parting.named_in_talk,
        not_before=asked.until + timedelta(days=1) if asked else None,
    )


def why_days_fail(unit: UnitOfWork, client: Client, parting: Parting, received_on: date) -> str:
    """Why a letter that the client has on that day would promise what can't be kept; empty when it may go."""
    known = known_of(unit, parting)
    fault = why_not_keep(parting.origin, contract_of(unit, client), parting.last_day, received_on, known)
    if fault:
        return fault
    if parting.origin in WE_GIVE_NOTICE and parting.last_day < received_on:
        return Sentence("The last day, {day}, is over.", day=day_name(parting.last_day))
    return " ".join(passed(_promised(unit, parting), received_on))


def require_days(unit: UnitOfWork, client: Client, parting: Parting, received_on: date) -> None:
    fault = why_days_fail(unit, client, parting, received_on)
    if fault:
        raise ConflictError(Sentence("{fault} Choose days that can be kept; the letter follows.", fault=fault))


def _promised(unit: UnitOfWork, parting: Parting) -> list[tuple[str, date]]:
    """What is still to be finished; what is done already may name a day that is over."""
    done = {ticket.task_code for ticket in unit.partings.tickets(parting.id) if ticket.task_state in FINISHED}
    codes = {item.title: item.code for item in parting.items}
    return [(name, due_on) for name, due_on in parting.deliverables if codes.get(name) not in done]
