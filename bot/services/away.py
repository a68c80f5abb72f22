"""What changed while somebody was away, client by client, as far as they may know it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.access import may_see
from bot.services.health.briefs import Brief, BriefService
from rules.clients.people import Member
from rules.clients.stages import Stage, is_secret
from rules.decisions.plan import Plan
from rules.health.days.away import Changed, in_order, moved
from rules.health.score import Band
from rules.health.signal import Signal, State
from rules.local_days import local_day
from rules.partings.parting import PartingState
from rules.ports import UnitOfWork

_SAID = frozenset({Stage.CONSIDERING, Stage.DECIDED, Stage.TOLD, Stage.HANDING_OFF})


def changes(
    unit: UnitOfWork, lists: BriefService, cards: Iterable[Brief], reader: Member, since: datetime
) -> tuple[Changed, ...]:
    """Of the clients that the reader sees, the most urgent first. Notes of their own are no news to them."""
    seen = list(cards)
    plans = unit.plans.of_clients([card.client.id for card in seen])
    may_have = [card for card in seen if _may_have_moved(card, since)]
    bands = lists.bands_on(unit, may_have, local_day(since, unit.workspace().timezone))
    changed = (
        _changed(lists, card, reader, since, bands.get(card.client.id), plans.get(card.client.id, ())) for card in seen
    )
    return tuple(in_order([*changed, *_closed(unit, reader, since)]))


def _new(card: Brief, since: datetime) -> list[Signal]:
    return [each for each in card.signals.values() if each.logged_at > since and each.state is State.LIVE]


def _changed(
    lists: BriefService, card: Brief, reader: Member, since: datetime, before: Band | None, plans: Iterable[Plan]
) -> Changed:
    client, new = card.client, _new(card, since)
    noted = Counter(lists.counted(each) for each in new if each.reporter_id != reader.id)
    is_known = card.may_decide or not is_secret(client.stage)
    was, now = moved(before, card.health.calm_band)
    return Changed(
        client_id=client.id,
        client_name=client.name,
        acts_now=_acts_now(card, new),
        was=was,
        now=now,
        stage=client.stage if client.stage in _SAID and is_known and client.stage_since > since else None,
        plan_began=any(plan.started_at > since and plan.ended_at is None for plan in plans),
        plan_ended=any(plan.started_at <= since and plan.ended_at and plan.ended_at > since for plan in plans),
        notes=dict(noted.most_common()),
    )


def _acts_now(card: Brief, new: Iterable[Signal]) -> bool:
    return bool({each.id for each in new} & {banner.signal_id for banner in card.health.banners})


def _may_have_moved(card: Brief, since: datetime) -> bool:
    """While somebody's word stands in the band's place, what is shown neither fell nor rose."""
    moved_at = card.standing.band_since if card.standing else None
    return not card.override and bool(_new(card, since) or (moved_at and moved_at > since))


def _closed(unit: UnitOfWork, reader: Member, since: datetime) -> Iterator[Changed]:
    """Clients whose parting came to its end have no card any more."""
    closed = {
        parting.client_id
        for parting in unit.partings.all()
        if parting.state is PartingState.CLOSED and parting.closed_at and parting.closed_at > since
    }
    for client in unit.clients.all() if closed else ():
        if client.id in closed and may_see(reader, client):
            yield Changed(client_id=client.id, client_name=client.name, stage=Stage.CLOSED)
