"""Getting ready for the talk: what we say, prepared answers, and the plan in sight (CV01-CV15, DC06, DC07)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.access import require_decider, require_ours
from bot.services.audit import record
from bot.services.partings.doors import open_parting
from bot.services.partings.letter_facts import letter_facts
from rules.clients.client import Client
from rules.clients.people import Member
from rules.notices.draft import written
from rules.notices.notice import NoticeFacts
from rules.partings.parting import Parting, TalkPlan
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSheet:
    """For those who decide. `draft` are our points for the plan's line, `answers` what to say when they ask."""

    client: Client
    parting: Parting
    plan: TalkPlan
    draft: str
    answers: tuple[str, ...]
    facts: NoticeFacts

    @property
    def points(self) -> str:
        return self.plan.points or self.draft


class TalkService:
    """Nobody but those who decide reads or changes any of it."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> TalkSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            require_decider(reader, client)
            return _sheet(unit, client, parting)

    def prepare(self, workspace_id: str, actor: Member, parting_id: str, plan: TalkPlan) -> TalkSheet:
        """Points that are as we drafted them follow the line that is taken; other words stay."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            drafted = _sheet(unit, client, parting).draft
            own = plan.points.strip() if plan.points.strip() != drafted.strip() else ""
            prepared = replace(parting, talk=replace(plan, points=own))
            unit.partings.save(prepared)
            record(unit, actor, self._clock.now(), "talk prepared", parting_id)
            return _sheet(unit, client, prepared)


def _sheet(unit: UnitOfWork, client: Client, parting: Parting) -> TalkSheet:
    plan = parting.talk or TalkPlan()
    facts = letter_facts(unit, client, parting)
    words = {
        "origin": parting.origin.value,
        "since_year": facts.since_year,
        "last_day": parting.last_day,
        "reason": facts.reason,
        "line": plan.line.value,
    }
    return TalkSheet(
        client=client,
        parting=parting,
        plan=plan,
        draft=written(facts.voice, "talk", **words),
        answers=tuple(written(facts.voice, "answers", **words).splitlines()),
        facts=facts,
    )
