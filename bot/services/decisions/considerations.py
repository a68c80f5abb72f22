"""Considering to end it: the thought made visible, and the answers that test it (DC09, FG01-FG18).

Only those who decide see or touch any of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.agenda import REMIND_CONFIRMATION
from bot.services.audit import record
from bot.services.decisions.cases import CaseFiles, CaseSheet, admit, here, locked, seen_at_largest
from bot.services.health.fades import quiet_since
from rules.clients.client import Contract
from rules.clients.people import Member
from rules.clients.stages import Origin, Stage, move
from rules.decisions import deciding
from rules.decisions.decision import Decision, ExceptionKind, Impact
from rules.errors import InvalidError
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """What somebody has in mind. For the client's own notice `ends_on` is their day, `told_us_on` when they said so."""

    origin: Origin
    thought: str
    ends_on: date | None = None
    told_us_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """A named exception with its evidence (FG14); without a `kind` there is none."""

    kind: ExceptionKind | None = None
    evidence: str = ""
    reminded_on: date | None = None


Change = Callable[[Decision, datetime], Decision]


class ConsiderationService:
    """From the first thought to a checklist that is complete, or back."""

    def __init__(self, units: Units, clock: Clock, files: CaseFiles) -> None:
        self._units = units
        self._clock = clock
        self._files = files

    # --- looking ---------------------------------------------------------------------------------------------------

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> CaseSheet:
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            admit(reader, client)
            decision = unit.decisions.current(client.id)
            sheet = self._files.sheet(unit, reader, client, decision, self._here(unit))
            return sheet if decision else replace(sheet, quiet_since=quiet_since(unit, client, self._clock.now()))

    def sheet_of_decision(self, workspace_id: str, reader: Member, decision_id: str) -> CaseSheet:
        """The sheet of exactly this consideration, also of one that was dropped."""
        with self._units.read(workspace_id) as unit:
            decision = unit.decisions.get(decision_id)
            client = unit.clients.get(decision.client_id)
            admit(reader, client)
            return self._files.sheet(unit, reader, client, decision, self._here(unit))

    # --- considering -----------------------------------------------------------------------------------------------

    def consider(self, workspace_id: str, actor: Member, client_id: str, thought: Thought) -> CaseSheet:
        """Makes the thought visible so that it can be tested; it decides nothing (DC09)."""
        if thought.origin is Origin.THEIRS and thought.ends_on is None:
            raise InvalidError("Their day is missing.", {"ends_on": "Say on which day they want to end it."})
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            admit(actor, client)
            now = self._here(unit)
            if thought.told_us_on and thought.told_us_on > now.date():
                raise InvalidError("That day is still to come.", {"told_us_on": "Choose today or an earlier day."})
            deciding.require_new(unit.decisions.current(client.id), client)
            decision = Decision(
                id=f"dc-{secrets.token_hex(8)}",
                workspace_id=workspace_id,
                client_id=client.id,
                origin=thought.origin,
                opened_at=now,
                opened_by=actor.id,
                thought=thought.thought.strip(),
                ends_on=thought.ends_on if thought.origin is Origin.THEIRS else None,
                told_us_on=(thought.told_us_on or now.date()) if thought.origin is Origin.THEIRS else None,
            )
            decision = seen_at_largest(unit, client, decision, now)
            client = client.moved_to(move(client.stage, Stage.CONSIDERING, now=now), now)
            unit.clients.save(client)
            unit.decisions.save(decision)
            record(unit, actor, now, "consideration opened", decision.id, decision.origin)
            return self._files.sheet(unit, actor, client, decision, now)

    def see_both_sides(
        self, workspace_id: str, actor: Member, decision_id: str, perspective: str, our_part: str, owed: str
    ) -> CaseSheet:
        """FG01, FG03: how they may see it, what our own part is, and what we owe them."""

        def change(decision: Decision, _now: datetime) -> Decision:
            return replace(decision, perspective=perspective.strip(), our_part=our_part.strip(), owed=owed.strip())

        return self._answer(workspace_id, actor, decision_id, "perspective answered", change)

    def see_impact(
        self, workspace_id: str, actor: Member, decision_id: str, on_work: str, on_business: str
    ) -> CaseSheet:
        """FG12, FG13: toll and benefit."""

        def change(decision: Decision, now: datetime) -> Decision:
            impact = Impact(on_work=on_work.strip(), on_business=on_business.strip(), seen_by=actor.id, seen_at=now)
            return replace(decision, impact=impact)

        return self._answer(workspace_id, actor, decision_id, "impact seen", change)

    def skip_plan(self, workspace_id: str, actor: Member, decision_id: str, reason: str) -> CaseSheet:
        """FG16: why no plan is tried; whoever confirms has to accept it."""

        def change(decision: Decision, _now: datetime) -> Decision:
            return replace(decision, skip_plan_reason=reason.strip())

        return self._answer(workspace_id, actor, decision_id, "plan skipped", change)

    def plead(self, workspace_id: str, actor: Member, decision_id: str, plea: Plea) -> CaseSheet:
        def change(decision: Decision, _now: datetime) -> Decision:
            return replace(
                decision,
                exception=plea.kind,
                exception_reason=plea.evidence.strip() if plea.kind else "",
                reminded_on=plea.reminded_on if plea.kind else None,
            )

        return self._answer(workspace_id, actor, decision_id, "exception named", change)

    def state_fade(
        self, workspace_id: str, actor: Member, decision_id: str, *, work_finished: bool, all_paid: bool
    ) -> CaseSheet:
        """RF43: no open work, no debts."""

        def change(decision: Decision, _now: datetime) -> Decision:
            return replace(decision, work_finished=work_finished, all_paid=all_paid)

        return self._answer(workspace_id, actor, decision_id, "fade stated", change)

    def review_contract(self, workspace_id: str, actor: Member, decision_id: str, contract: Contract) -> CaseSheet:
        """CN01: what the contract says about ending it; it stays with the client."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            deciding.require_undecided(decision)
            now = self._here(unit)
            client = replace(client, contract=contract)
            unit.clients.save(client)
            record(unit, actor, now, "contract reviewed", client.id)
            return self._files.sheet(unit, actor, client, decision, now)

    def drop(self, workspace_id: str, actor: Member, decision_id: str, reason: str) -> CaseSheet:
        """Back to work: to the plan if one runs."""
        if not reason.strip():
            raise InvalidError("The reason is missing.", {"reason": "Say in a few words what speaks for going on."})
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            now = self._here(unit)
            unit.decisions.save(deciding.drop(decision, reason, now))
            runs = any(plan.ended_at is None for plan in unit.plans.of_client(client.id))
            client = client.moved_to(move(client.stage, Stage.AMENDING if runs else Stage.ACTIVE, now=now), now)
            unit.clients.save(client)
            unit.dues.drop(REMIND_CONFIRMATION, decision_id)
            record(unit, actor, now, "consideration dropped", decision_id)
            return self._files.sheet(unit, actor, client, None, now)

    def _answer(self, workspace_id: str, actor: Member, decision_id: str, action: str, change: Change) -> CaseSheet:
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            deciding.require_undecided(decision)
            now = self._here(unit)
            answered = seen_at_largest(unit, client, change(decision, now), now)
            unit.decisions.save(answered)
            record(unit, actor, now, action, decision_id)
            return self._files.sheet(unit, actor, client, answered, now)

    def _here(self, unit: UnitOfWork) -> datetime:
        return here(unit, self._clock.now())
