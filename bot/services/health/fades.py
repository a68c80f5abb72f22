"""A client with whom nothing happens any more is named once to whoever looks after it, to be closed kindly (RF43).

Only where there was something to become quiet, and never while work, an answer or money is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from bot.access import may_decide
from bot.services.nudges.nudges import Told, Way
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage
from rules.decisions.gate import QUIET
from rules.local_days import at_local_time, local_day
from rules.nudges.nudge import Nudge
from rules.partings.dates import end_of_month
from rules.ports import UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name


def fading(unit: UnitOfWork, now: datetime) -> Iterator[tuple[Client, str]]:
    """What to say of whom, once for each time that it has become quiet."""
    heard_of = unit.signals.scoring_of_all(now - QUIET, ())
    for client in unit.clients.all():
        since = None if heard_of.get(client.id) else quiet_since(unit, client, now)
        if since:
            yield client, _subject(client, since)


def has_faded(unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
    """True until something happens, something is owed, or somebody acts on it."""
    client = unit.clients.get(known.client_id)
    since = quiet_since(unit, client, now)
    if since is None or known.subject != _subject(client, since) or not may_decide(reader, client):
        return None
    what = Sentence(
        "Nothing is open, nothing is owed, and nothing has happened since {day}. If it has faded, close it kindly: a "
        "thank-you, and the door stays open.",
        day=day_name(since),
    )
    return Told(about=client.name, what=what, ways=(Way(WayOn.CONSIDER, client.id), Way(WayOn.HISTORY, client.id)))


def quiet_since(unit: UnitOfWork, client: Client, now: datetime) -> date | None:
    """The last day on which anything happened, when that is the quiet weeks ago and nothing is open; else None."""
    timezone = unit.workspace().timezone
    today = local_day(now, timezone)
    began = at_local_time(today - QUIET, timezone, time())
    if client.stage is not Stage.ACTIVE or client.archived_at or client.stage_since > began:
        return None
    if _is_open(unit, client, today) or unit.agreements.clocks_ending_after(client.id, began):
        return None
    signs = [*_signs(unit, client, timezone)]
    newest = max(signs, default=None)
    return newest if newest and newest <= today - QUIET else None


def _is_open(unit: UnitOfWork, client: Client, today: date) -> bool:
    """Work, money, an answer, or a term that still runs."""
    runs_on = client.contract.ends_on is not None and client.contract.ends_on >= today
    owed = any(each.is_open for each in unit.agreements.invoices(client.id))
    plans = any(plan.ended_at is None for plan in unit.plans.of_client(client.id))
    return runs_on or owed or plans or bool(unit.agreements.running_clocks(client.id))


def _signs(unit: UnitOfWork, client: Client, timezone: str) -> Iterator[date]:
    """The days on which we know that something happened: a note, an invoice or its payment, hours of a month."""
    yield from (local_day(note.happened_at, timezone) for note in unit.signals.history(client.id, 1))
    for invoice in unit.agreements.invoices(client.id):
        yield local_day(invoice.typed_at, timezone)
        yield invoice.paid_on or invoice.due_on
    yield from (end_of_month(each.month) for each in unit.agreements.hours(client.id) if each.hours)


def _subject(client: Client, since: date) -> str:
    return f"{client.id}:{since.isoformat()}"
