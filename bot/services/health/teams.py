"""Who of ours works with a client, and the good news that is no note: what the formula asks beside the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.services.calendars import country_of
from rules.clients.client import Client
from rules.decisions.plan import Response
from rules.health.days.course import Good, GoodNews
from rules.health.measures import ClockState, is_accusing, last_day_in_time
from rules.health.signal import Side
from rules.local_days import local_day
from rules.ports import UnitOfWork

SINCE: Final = timedelta(days=365)  # news older than this has lifted whatever it can


def team_of(unit: UnitOfWork, client: Client, ours: Collection[str]) -> frozenset[str]:
    """Those who are named on the client's card, else the members of its internal channels who are ours, and its owner.

    `ours` are the ids of everybody of the team. Where no channel tells who works with the client, it may be any of
    them: else a client without a channel would be judged, and parted from, on one person's word.
    """
    named, inside = set(ours).intersection(client.team_ids), set(ours).intersection(_in_channels(unit, client))
    return frozenset(named or (inside or set(ours)) | {client.owner_id})


def good_news(unit: UnitOfWork, client: Client, timezone: str, now: datetime) -> tuple[GoodNews, ...]:
    """Checkpoints that went well, answers and payments in time, by their days."""
    found = {*_checkpoints(unit, client), *_answers(unit, client, timezone, now), *_payments(unit, client)}
    return tuple(sorted(found, key=lambda each: (each.on, each.good)))


def _in_channels(unit: UnitOfWork, client: Client) -> Iterator[str]:
    for channel_id in client.channel_ids:
        place = unit.people.find_place(channel_id)
        yield from place.member_ids if place else ()


def _checkpoints(unit: UnitOfWork, client: Client) -> Iterator[GoodNews]:
    for plan in unit.plans.of_client(client.id):
        for point in plan.checkpoints:
            if point.held_on and point.response is Response.GOOD:
                yield GoodNews(point.held_on, Good.CHECKPOINT)


def _answers(unit: UnitOfWork, client: Client, timezone: str, now: datetime) -> Iterator[GoodNews]:
    for clock in unit.agreements.clocks_ending_after(client.id, now - SINCE):
        if clock.side is Side.THEIRS and clock.state is ClockState.ANSWERED and clock.settled_at:
            yield GoodNews(local_day(clock.settled_at, timezone), Good.ANSWERED)


def _payments(unit: UnitOfWork, client: Client) -> Iterator[GoodNews]:
    country = country_of(unit, client)
    for invoice in unit.agreements.invoices(client.id):
        in_time = last_day_in_time(invoice.due_on, country)
        if invoice.paid_on and invoice.paid_on <= in_time and is_accusing(invoice.amount):
            yield GoodNews(invoice.paid_on, Good.PAID)
