"""What a person's Home tab holds: what waits for them, and their clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.access import may_decide, may_see
from bot.agenda import REDRAW_HOME
from bot.services.away import changes
from bot.services.first_hour import FirstHour, first_hour
from bot.services.health.briefs import Brief, BriefService, EyesOf
from bot.services.needs.needs import needs_of
from bot.services.needs.scene import Scene
from bot.services.nudges.nudges import NudgeService
from bot.services.partings.sheets import RunningParting, running_partings
from bot.services.people import redraw_home
from bot.services.waiting import Need
from rules.clients.client import Client
from rules.clients.people import Member, as_of
from rules.clients.places import is_ours
from rules.clients.stages import Stage
from rules.health.catalogue import UNSORTED
from rules.health.days.away import Changed, is_same_visit, visited
from rules.health.signal import Signal, State
from rules.nudges.need import NeedKind, theirs
from rules.ports import Clock, UnitOfWork, Units

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """One reader's Home. `mine` are the clients whose owner the reader is, `others` the rest; worst first.

    Both hold what stands on page `number` of `pages`, counted from 0; `clients` counts all.
    `rights` are those that it was drawn with, `names` those of every client that the reader sees.
    `untyped` are notes of the reader's own that still need a type. `partings` are under way, the most overdue first.
    `steps` are what is left of the first hour. `changes` are those since the reader was away, if they were.
    `demo` is there where somebody looks at one. `is_new`: nothing is noted, and nothing is under way.
    """

    reader: Member
    changes: tuple[Changed, ...] = ()
    rights: frozenset[tuple[str, str]]
    names: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[Need, ...]
    untyped: tuple[Signal, ...] = ()
    mine: tuple[Brief, ...]
    others: tuple[Brief, ...]
    number: int = 0
    pages: int = 1
    clients: int
    is_new: bool
    steps: FirstHour
    demo: Client | None = None
    partings: tuple[RunningParting, ...] = ()


class HomeService:
    """Gathers from every feature what waits for a person."""

    def __init__(self, units: Units, clock: Clock, lists: BriefService, nudges: NudgeService) -> None:
        self._units = units
        self._clock = clock
        self._lists = lists
        self._nudges = nudges

    def visit(self, workspace_id: str, reader: Member) -> Member:
        """That they are here, and our tab stands before them: it is drawn anew when they may see less."""
        now = self._clock.now()
        if reader.has_home and is_same_visit(reader, now):
            return reader
        with self._units.begin(workspace_id) as unit:
            known = unit.people.lock_member(reader.id)
            if known:
                known = replace(visited(known, now, unit.workspace().country), has_home=True)
                unit.people.save_member(known)
        return as_of(known or reader, now)

    def seen(self, workspace_id: str, reader: Member) -> Member:
        """They have read what changed while they were away."""
        with self._units.begin(workspace_id) as unit:
            if known := unit.people.lock_member(reader.id):
                unit.people.save_member(replace(known, away_since=None))
        return replace(reader, away_since=None)

    def published(self, workspace_id: str, page: HomePage) -> bool:
        """False where a right has ended since the page was drawn, so that it came too late: a newer one follows it.

        Slack keeps whatever came last (facts/slack.md 9.5), so it is asked after publishing: a right that ends from
        now on draws its own.
        """
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            reader, clients = unit.look_at_reader(page.reader.id)
            if not reader or page.rights <= _rights(as_of(reader, now), clients):
                return True
        with self._units.begin(workspace_id) as unit:
            redraw_home(unit, reader, now)
        return False

    def drawn(self, workspace_id: str, reader_id: str) -> None:
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(REDRAW_HOME, reader_id)

    def page(self, workspace_id: str, reader: Member, number: int = 0) -> HomePage:
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            cards, demo = self._cards(unit, reader)
            scene = Scene(unit, now, cards)
            needs = [*needs_of(scene), *self._nudges.waiting(unit, reader, now)]
            news = changes(unit, self._lists, cards, reader, reader.away_since) if reader.away_since else ()
            is_new = not any(card.has_notes for card in cards) and not unit.signals.count_live()
            steps = first_hour(unit, reader, [card.client for card in cards])
            running = running_partings(unit, scene.partings, scene.today)
        cards.sort(key=lambda card: card.client.owner_id != reader.id)
        partings = tuple(each for each in running if may_see(reader, each.client))
        pages = max(1, -(-len(cards) // PAGE))
        number = min(max(number, 0), pages - 1)
        shown = cards[number * PAGE : (number + 1) * PAGE]
        return HomePage(
            reader=reader,
            changes=news,
            rights=_rights(reader, (card.client for card in cards)),
            names={card.client.id: card.client.name for card in cards},
            waiting=tuple(each for each in theirs(needs, reader.id) if each.kind is not NeedKind.UNSORTED),
            untyped=_untyped(cards, reader),
            mine=tuple(card for card in shown if card.client.owner_id == reader.id),
            others=tuple(card for card in shown if card.client.owner_id != reader.id),
            number=number,
            pages=pages,
            clients=len(cards),
            # By the stages that they are shown: whoever may not know of one reads of the first note all the same.
            is_new=is_new and not partings and all(card.stage is Stage.ACTIVE for card in cards),
            steps=steps,
            demo=demo if demo and may_see(reader, demo) else None,
            partings=partings,
        )

    def _cards(self, unit: UnitOfWork, reader: Member) -> tuple[list[Brief], Client | None]:
        """All that the reader sees, worst first, and the demo."""
        cards: list[Brief] = []
        demo = None
        for page in self._lists.pages(unit):
            cards += self._lists.briefs(unit, EyesOf(reader), page, news_since=reader.away_since)
            demo = demo or next((each.client for each in page if each.client.is_demo), None)
        return sorted(cards, key=_worst_first), demo


def _rights(reader: Member, clients: Iterable[Client]) -> frozenset[tuple[str, str]]:
    """What decides which words of a Home tab this reader may see."""
    if not is_ours(reader, reader.workspace_id):
        return frozenset()
    seen = [client for client in clients if may_see(reader, client)]
    own = {("admin", "")} if reader.is_admin else set()
    decides = {("decides", client.id) for client in seen if may_decide(reader, client)}
    return frozenset(own | decides | {("sees", client.id) for client in seen})


def _untyped(cards: Iterable[Brief], reader: Member) -> tuple[Signal, ...]:
    """The newest first: what somebody still remembers."""
    own = [
        signal
        for card in cards
        for signal in card.signals.values()
        if signal.type == UNSORTED and signal.state is State.LIVE and signal.reporter_id == reader.id
    ]
    return tuple(sorted(own, key=lambda each: each.logged_at, reverse=True))


def _worst_first(card: Brief) -> tuple[bool, bool, int, str]:
    health = card.health
    return not health.banners, health.score_tenths is None, health.total_tenths, card.client.name.casefold()
