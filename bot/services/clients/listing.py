"""The list of clients, sifted and page by page: only those that are shown are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.access import may_decide, may_see
from bot.services.health.scorecards import HealthService, Scorecard
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage, is_secret, shown_stage
from rules.decisions.planning import is_mending
from rules.health.days.standing import Standing, band_shown, worst_first
from rules.health.score import Band
from rules.ports import Clock, UnitOfWork, Units

PAGE = 20
_LOOK: Final = frozenset({Band.WATCH, Band.AMEND, Band.CONSIDER})


class Sift(StrEnum):
    """Which clients are listed."""

    ALL = "all"
    MINE = "mine"
    LOOK = "look"
    PLAN = "plan"
    TOO_EARLY = "too_early"
    CLOSED = "closed"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPage:
    """What stands on page `number` of `pages`, counted from 0; `count` counts all that were sifted out."""

    sift: Sift
    cards: tuple[Scorecard, ...]
    number: int
    pages: int
    count: int


class ClientListService:
    """Sorted by the last reading, worst first; the cards themselves are of this moment."""

    def __init__(self, units: Units, clock: Clock, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._health = health

    def page(self, workspace_id: str, reader: Member, sift: Sift = Sift.ALL, number: int = 0) -> ClientPage:
        with self._units.read(workspace_id) as unit:
            standings = unit.standings.all()
            clients = [client for client in self._sifted(unit, reader, sift, standings) if may_see(reader, client)]
            clients.sort(key=lambda client: worst_first(client, standings.get(client.id)))
            pages = max(1, -(-len(clients) // PAGE))
            number = min(max(number, 0), pages - 1)
            shown = clients[number * PAGE : (number + 1) * PAGE]
            cards = tuple(self._health.cards(unit, reader, shown, standings) if shown else ())
        return ClientPage(sift=sift, cards=cards, number=number, pages=pages, count=len(clients))

    def _sifted(
        self, unit: UnitOfWork, reader: Member, sift: Sift, standings: Mapping[str, Standing]
    ) -> Iterable[Client]:
        now = self._clock.now()
        if sift is Sift.ARCHIVED:
            return [client for client in unit.clients.all(archived=True) if client.archived_at]
        clients = unit.clients.all()
        if sift is Sift.CLOSED:
            return [client for client in clients if client.stage is Stage.CLOSED]
        working = [client for client in clients if client.stage is not Stage.CLOSED]
        match sift:
            case Sift.MINE:
                return [client for client in working if client.owner_id == reader.id]
            case Sift.PLAN:
                return [client for client in working if _is_mending(unit, reader, client)]
            case Sift.LOOK | Sift.TOO_EARLY:
                wanted = _LOOK if sift is Sift.LOOK else frozenset({Band.TOO_EARLY})
                return [client for client in working if band_shown(client, standings.get(client.id), now) in wanted]
            case _:
                return working


def _is_mending(unit: UnitOfWork, reader: Member, client: Client) -> bool:
    """As this reader may see it: a secret stage looks like the plan around it."""
    runs = is_secret(client.stage) and is_mending(unit.plans.of_client(client.id))
    decides = may_decide(reader, client)
    return shown_stage(client.stage, to_decider=decides, plan_runs=runs) is Stage.AMENDING
