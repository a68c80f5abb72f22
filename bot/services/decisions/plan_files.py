"""What belongs to a plan as somebody looks at it: its notes, the score, the words of its client (RP08, FG08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.access import may_decide, may_see
from bot.services.health.scorecards import HealthService
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.decisions import planning
from rules.decisions.drafting import Drafting
from rules.decisions.effect import effect_of
from rules.decisions.perspective import Perspective, our_misses, usable
from rules.decisions.plan import Action, Checkpoint, Plan
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.signal import Side, Signal, State
from rules.local_days import local_day
from rules.notices.address import address_for
from rules.notices.draft import language_for
from rules.ports import Clock, UnitOfWork
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A client with the newest plan, if there is one, and what it takes to look at it.

    `notes` are the live notes that the reader may see, newest first; `language` and `address` are the client's,
    `our_language` what our own people read on tasks. `perspective` is one with which a plan may begin.
    """

    client: Client
    plan: Plan | None
    next_checkpoint: Checkpoint | None
    today: date
    timezone: str
    may_decide: bool
    score_tenths: int | None
    notes: tuple[Signal, ...]
    labels: dict[str, str]
    categories: dict[str, str]
    language: str
    address: str
    our_language: str
    perspective: Perspective | None = None

    @property
    def is_running(self) -> bool:
        return self.plan is not None and self.plan.ended_at is None

    @property
    def misses(self) -> list[Signal]:
        return our_misses(self.notes, self.today)

    def since_start(self, plan: Plan, side: Side, types: Iterable[str] = ()) -> list[Signal]:
        """Notes since the plan began: of these types, or all of the side."""
        began_on, wanted = local_day(plan.started_at, self.timezone), set(types)
        last = local_day(plan.ended_at, self.timezone) if plan.ended_at else self.today
        return [
            each
            for each in self.notes
            if each.side is side and began_on <= each.happened_on <= last and (not wanted or each.type in wanted)
        ]


class PlanFiles:
    """Gathers what belongs to a plan within somebody's transaction."""

    def __init__(self, clock: Clock, health: HealthService, catalogue: Catalogue) -> None:
        self._clock = clock
        self._health = health
        self._labels = {code: entry.label for code, entry in catalogue.types.items()}
        self._categories = {code: entry.category for code, entry in catalogue.types.items()}

    def sheet(self, unit: UnitOfWork, reader: Member, client: Client, plan: Plan | None) -> PlanSheet:
        now, workspace = self._clock.now(), unit.workspace()
        card = self._health.card(unit, reader, client, [*self._health.notes(unit, client.id).values()])
        live = (each for each in card.signals.values() if each.state is State.LIVE)
        language = language_for(client.language)
        return PlanSheet(
            client=client,
            plan=planning.numbered(plan) if plan else None,
            next_checkpoint=planning.next_checkpoint(plan) if plan else None,
            today=local_day(now, workspace.timezone),
            timezone=workspace.timezone,
            may_decide=may_decide(reader, client),
            score_tenths=card.health.score_tenths,
            notes=tuple(sorted(live, key=lambda each: (each.happened_at, each.id), reverse=True)),
            labels=self._labels,
            categories=self._categories,
            language=language,
            address=address_for(language, client.address),
            our_language=workspace.tasks_language,
            perspective=usable(unit.perspectives.newest(client.id), unit.plans.of_client(client.id), now),
        )

    def score(self, unit: UnitOfWork, client_id: str) -> int | None:
        return self._health.today(unit, client_id).score_tenths

    def drafting(self, unit: UnitOfWork, owner_id: str, today: date) -> Drafting:
        return Drafting(
            language=unit.workspace().tasks_language, owner_id=owner_id, today=today, categories=self._categories
        )

    def with_effect(self, unit: UnitOfWork, plan: Plan, today: date) -> Plan:
        """AM04: what it did, counted once, at its end."""
        notes = self._health.notes(unit, plan.client_id)
        effect = effect_of(
            plan,
            notes.values(),
            began_on=local_day(plan.started_at, unit.workspace().timezone),
            today=today,
            score_now_tenths=self._health.today(unit, plan.client_id).score_tenths,
        )
        return replace(plan, effect=effect)


def locked_plan(unit: UnitOfWork, plan_id: str) -> tuple[Client, Plan]:
    """The plan as it is once nobody else can change it any more."""
    client = unit.clients.lock(unit.plans.get(plan_id).client_id)
    return client, planning.numbered(unit.plans.get(plan_id))


def require_owners(unit: UnitOfWork, client: Client, actions: Iterable[Action]) -> None:
    """Who looks after an action is one of ours and may see the client: the reminder names both."""
    for action in actions:
        known = unit.people.find_member(action.owner_id)
        if known and not (is_ours(known, unit.workspace_id) and may_see(known, client)):
            fault = Sentence("Choose somebody from the team who may see {name}.", name=client.name)
            raise InvalidError(fault, {"owner": fault})
