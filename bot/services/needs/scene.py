"""What the list of needs is made from, read once for a reader, a channel or a client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.access import may_decide, may_see
from bot.services.health.briefs import Brief
from bot.services.people import team
from bot.services.waiting import Need, WayOn
from rules.clients.accord import Accord
from rules.clients.client import Client, Contract
from rules.clients.people import Member
from rules.clients.stages import Stage
from rules.decisions.plan import Plan
from rules.health.days.standing import Standing, first_standing, read
from rules.health.measures import ResponseClock
from rules.health.score import Band
from rules.local_days import local_day
from rules.nudges.need import OTHERWISE, NeedKind, Whose, reach, working_days_left
from rules.partings.dates import counted_on
from rules.partings.parting import Parting
from rules.ports import UnitOfWork
from rules.workdays import count_forward

TOGETHER = frozenset({Stage.ACTIVE, Stage.AMENDING})
# A client of these stages looks to everybody else as one of those (BR14): nothing that was said of it may stop.
SECRET = frozenset({Stage.CONSIDERING, Stage.DECIDED})
BEFORE_THE_TALK = TOGETHER | SECRET
POOR = frozenset({Band.AMEND, Band.CONSIDER})


class Backdrop:
    """What is read once, however many clients are looked at."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    @cached_property
    def team(self) -> Sequence[Member]:
        return team(self._unit)

    @cached_property
    def plans(self) -> list[Plan]:
        return self._unit.plans.running()

    @cached_property
    def partings(self) -> list[Parting]:
        return self._unit.partings.all()

    @cached_property
    def accords(self) -> list[Accord]:
        return self._unit.accords.running()

    @cached_property
    def clocks(self) -> list[ResponseClock]:
        return self._unit.agreements.all_running()


class Scene:
    """One look at the workspace. `cards` are those of the clients that may be spoken of here."""

    def __init__(
        self, unit: UnitOfWork, now: datetime, cards: Iterable[Brief], backdrop: Backdrop | None = None
    ) -> None:
        """Looks at several lots of clients share a `backdrop`."""
        self.unit = unit
        self.now = now
        self.cards = {card.client.id: card for card in cards}
        self.workspace = unit.workspace()
        self.today = local_day(now, self.workspace.timezone)
        self._behind = backdrop or Backdrop(unit)
        self._standings: dict[str, Standing] = {}

    @property
    def team(self) -> Sequence[Member]:
        return self._behind.team

    @property
    def partings(self) -> list[Parting]:
        return self._behind.partings

    @property
    def clocks(self) -> list[ResponseClock]:
        """Those that run."""
        return self._behind.clocks

    @cached_property
    def people(self) -> dict[str, Member]:
        return {member.id: member for member in self.team}

    @cached_property
    def plans(self) -> list[Plan]:
        """Those that run, of these clients."""
        return [plan for plan in self._behind.plans if plan.client_id in self.cards]

    @cached_property
    def plans_in_trouble(self) -> dict[str, list[Plan]]:
        """All that the clients ever had who are doing badly now."""
        return self.unit.plans.of_clients([card.client.id for card in self.cards.values() if self.band(card) in POOR])

    @cached_property
    def accords(self) -> dict[str, Accord]:
        """Those that run, by client."""
        return {accord.client_id: accord for accord in self._behind.accords if accord.client_id in self.cards}

    def client(self, client_id: str) -> Client | None:
        """Also one that is closed, and then has no card any more."""
        card = self.cards.get(client_id)
        return card.client if card else None

    def day(self, moment: datetime) -> date:
        return local_day(moment, self.workspace.timezone)

    def country(self, client: Client) -> str:
        return client.contract.country or self.workspace.country

    def contract(self, client: Client) -> Contract:
        return counted_on(client.contract, self.workspace.country, client.client_since)

    def working_days_after(self, start: date, days: int, client: Client) -> date:
        return count_forward(start, days, self.country(client)).day

    def owner(self, client: Client) -> tuple[str, ...]:
        """The client's owner; where that one has left, the admins."""
        return self.ours([client.owner_id], client) or tuple(each.id for each in self.team if each.is_admin)

    def ours(self, person_ids: Iterable[str], client: Client) -> tuple[str, ...]:
        """Those of them who are still with us and see the client, each once."""
        found = (self.people.get(person_id) for person_id in dict.fromkeys(person_ids))
        return tuple(member.id for member in found if member and may_see(member, client))

    def deciders(self, client: Client) -> frozenset[str]:
        return frozenset(member.id for member in self.team if may_decide(member, client))

    def standing(self, card: Brief) -> Standing:
        """As a reading at this very moment leaves it."""
        if card.client.id not in self._standings:
            known = card.standing or first_standing(card.client.id, card.client.workspace_id, self.now)
            self._standings[card.client.id] = read(known, card.health, self.now)[0]
        return self._standings[card.client.id]

    def band(self, card: Brief) -> Band:
        """What is announced, or somebody's word in its place."""
        return Band(card.override.band) if card.override else Band(self.standing(card).band)

    def need(
        self,
        kind: NeedKind,
        client: Client,
        what: str,
        on: tuple[WayOn, str],
        *,
        named: Iterable[str],
        role: frozenset[str] = frozenset(),
        when: tuple[date, date | None],
        **rest: Any,
    ) -> Need:
        """With whoever it has gone up to by now. `when`: since when, and until when it was in time."""
        since, due_on = when
        left = working_days_left(due_on, self.today, self.country(client)) if due_on else 0
        if reach(kind, left):
            role |= self.deciders(client)
        return Need(
            kind=kind,
            client_id=client.id,
            client_name=client.name,
            turn=Whose(named=tuple(dict.fromkeys(named)), role=role),
            since=since,
            due_on=due_on,
            days_left=left,
            what=what,
            way=on[0],
            value=on[1],
            otherwise=rest.pop("otherwise", "") or OTHERWISE[kind],
            **rest,
        )
