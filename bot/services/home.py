"""What a person's Home tab holds: what waits for them, and their clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import may_see
from bot.agenda import REDRAW_HOME
from bot.services.health.scorecards import HealthService, Scorecard
from bot.services.partings.sheets import RunningParting, running_partings
from bot.services.waiting import Waiting, WayOn
from rules.clients.people import Member
from rules.local_days import local_day
from rules.ports import Clock, UnitOfWork, Units

PAGE = 30
Waiter = Callable[[UnitOfWork, Member, datetime], list[Waiting]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """One reader's Home. `mine` are the clients whose owner the reader is, `others` the rest; worst first.

    Both hold what stands on page `number` of `pages`, counted from 0; `clients` counts all.
    `partings` are under way, the most overdue first.
    """

    waiting: tuple[Waiting, ...]
    mine: tuple[Scorecard, ...]
    others: tuple[Scorecard, ...]
    number: int = 0
    pages: int = 1
    clients: int
    has_notes: bool
    partings: tuple[RunningParting, ...] = ()


class HomeService:
    """Gathers from every feature what waits for a person."""

    def __init__(self, units: Units, clock: Clock, health: HealthService, waiters: Sequence[Waiter]) -> None:
        self._units = units
        self._clock = clock
        self._health = health
        self._waiters = waiters

    def remember(self, workspace_id: str, reader: Member) -> None:
        """That our tab stands before them from now on: it is drawn anew when they may see less."""
        if reader.has_home:
            return
        with self._units.begin(workspace_id) as unit:
            if known := unit.people.lock_member(reader.id):
                unit.people.save_member(replace(known, has_home=True))

    def drawn(self, workspace_id: str, reader_id: str) -> None:
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(REDRAW_HOME, reader_id)

    def page(self, workspace_id: str, reader: Member, number: int = 0) -> HomePage:
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            waiting = [item for waiter in self._waiters for item in waiter(unit, reader, now)]
            cards = sorted(self._health.everyone(unit, reader), key=_worst_first)
            has_notes = unit.signals.count_live() > 0
            running = running_partings(unit, local_day(now, unit.workspace().timezone))
        cards.sort(key=lambda card: card.client.owner_id != reader.id)
        pages = max(1, -(-len(cards) // PAGE))
        number = min(max(number, 0), pages - 1)
        shown = cards[number * PAGE : (number + 1) * PAGE]
        return HomePage(
            waiting=(*_acting_now(cards), *waiting),
            mine=tuple(card for card in shown if card.client.owner_id == reader.id),
            others=tuple(card for card in shown if card.client.owner_id != reader.id),
            number=number,
            pages=pages,
            clients=len(cards),
            has_notes=has_notes,
            partings=tuple(each for each in running if may_see(reader, each.client)),
        )


def _acting_now(cards: Sequence[Scorecard]) -> list[Waiting]:
    """FG14: for those who decide, before anything else; what was noted can be reviewed in the history."""
    return [
        Waiting(
            client_id=card.client.id,
            client_name=card.client.name,
            what="Act now: nobody has to put up with this. Look at what was noted, and say what comes of it.",
            way=WayOn.HISTORY,
            value=card.client.id,
        )
        for card in cards
        if card.health.banners and card.may_decide
    ]


def _worst_first(card: Scorecard) -> tuple[bool, bool, int, str]:
    health = card.health
    return not health.banners, health.score_tenths is None, health.total_tenths, card.client.name.casefold()
