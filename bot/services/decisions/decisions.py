"""Deciding, confirming and reopening: the only ways to and from `decided` (FG19, DC02-DC04).

Only those who decide see or touch any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.access import may_decide
from bot.agenda import REMIND_CONFIRMATION, TELL_DECIDED, begin
from bot.services.audit import record
from bot.services.calendars import working_days
from bot.services.decisions.cases import (
    CaseFiles,
    CaseSheet,
    deciders,
    here,
    locked,
    team_ids,
)
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage, move
from rules.decisions import deciding
from rules.decisions.decision import Decision
from rules.errors import ConflictError, InvalidError
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings.parting import Parting, Ticket
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence


class PartingStarter(Protocol):
    """Begins the parting in the same transaction that settles the decision, and stops it in that which reopens it."""

    def begin(self, unit: UnitOfWork, decision: Decision, client: Client, by: str, now: datetime) -> Parting: ...
    def stop(self, unit: UnitOfWork, decision: Decision) -> tuple[Ticket, ...]:
        """Gives the tickets that are open already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The words with which a person decides."""

    reason: str
    typed_name: str
    confirmer_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A decision and the people who are told of it."""

    client: Client
    decision: Decision
    members: tuple[Member, ...]


class DecisionService:
    """A person decides, another one confirms, a new fact reopens."""

    def __init__(self, units: Units, clock: Clock, files: CaseFiles, partings: PartingStarter) -> None:
        self._units = units
        self._clock = clock
        self._files = files
        self._partings = partings

    # --- deciding --------------------------------------------------------------------------------------------------

    def decide(self, workspace_id: str, actor: Member, decision_id: str, verdict: Verdict) -> CaseSheet:
        """A person decides; another one confirms, except where it is the client's own notice (FG19)."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            deciding.require_name(client, verdict.typed_name)
            _require_confirmer(unit, client, verdict.confirmer_id)
            now = self._here(unit)
            report = self._files.report(unit, client, decision, now)
            taken = deciding.decide(decision, report, actor.id, verdict.reason, now, confirmer_id=verdict.confirmer_id)
            unit.decisions.save(taken)
            record(unit, actor, now, "decided", decision_id, taken.origin)
            if taken.confirmed_at:
                client = self._settle(unit, client, taken, actor, now)
            else:
                begin(unit, REMIND_CONFIRMATION, decision_id, now, once=f"confirmation:{decision_id}")
            return self._files.sheet(unit, actor, client, taken, now)

    def confirm(self, workspace_id: str, actor: Member, decision_id: str) -> CaseSheet:
        """The gate stands again; what it says is frozen, and the parting begins."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            now = self._here(unit)
            report = self._files.report(unit, client, decision, now)
            confirmed = deciding.confirm(decision, report, actor.id, now, working_days(unit, client))
            unit.decisions.save(confirmed)
            record(unit, actor, now, "confirmed", decision_id)
            client = self._settle(unit, client, confirmed, actor, now)
            return self._files.sheet(unit, actor, client, confirmed, now)

    def _settle(self, unit: UnitOfWork, client: Client, decision: Decision, actor: Member, now: datetime) -> Client:
        decided = replace(
            client.moved_to(move(client.stage, Stage.DECIDED, now=now, gate_passed=True), now), origin=decision.origin
        )
        unit.clients.save(decided)
        self._partings.begin(unit, decision, decided, actor.id, now)
        unit.dues.drop(REMIND_CONFIRMATION, decision.id)
        begin(unit, TELL_DECIDED, decision.id, now, once=f"tell_decided:{decision.id}")
        return decided

    # --- reopening -------------------------------------------------------------------------------------------------

    def ask_to_reopen(self, workspace_id: str, actor: Member, decision_id: str, fact: str, owner_id: str) -> CaseSheet:
        """DC03, DC04: a new fact, somebody who stands for it, and 24 hours."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            if client.stage not in {Stage.DECIDED, Stage.TOLD}:
                raise ConflictError(
                    Sentence(
                        "The parting from {name} has gone too far to be reopened. Close it first.", name=client.name
                    )
                )
            if owner_id and owner_id not in {member.id for member in deciders(unit, client)}:
                raise InvalidError("Please choose somebody else.", {"owner": "Choose somebody who decides here."})
            now = self._here(unit)
            asked = deciding.ask_to_reopen(decision, fact, owner_id, now)
            unit.decisions.save(asked)
            record(unit, actor, now, "reopening asked", decision_id)
            return self._files.sheet(unit, actor, client, asked, now)

    def keep(self, workspace_id: str, actor: Member, decision_id: str) -> CaseSheet:
        """Takes the wish to reopen back: the decision stands."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            now = self._here(unit)
            kept = deciding.withdraw_reopening(decision)
            unit.decisions.save(kept)
            record(unit, actor, now, "reopening withdrawn", decision_id)
            return self._files.sheet(unit, actor, client, kept, now)

    def reopen(self, workspace_id: str, actor: Member, decision_id: str) -> CaseSheet:
        """Back to work, and the parting stops."""
        with self._units.begin(workspace_id) as unit:
            client, decision = locked(unit, actor, decision_id)
            now = self._here(unit)
            unit.decisions.save(deciding.reopen(decision, actor.id, now))
            stage = move(client.stage, Stage.ACTIVE, now=now, reopening=decision.reopening)
            client = replace(client.moved_to(stage, now), origin=None)
            unit.clients.save(client)
            opened = self._partings.stop(unit, decision)
            record(unit, actor, now, "decision reopened", decision_id)
            return replace(self._files.sheet(unit, actor, client, None, now), opened=opened)

    # --- asking to confirm -----------------------------------------------------------------------------------------

    def request(self, workspace_id: str, decision_id: str) -> None:
        """Brings a decision to everybody who may confirm it now."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            decision = unit.decisions.get(decision_id)
            client = unit.clients.get(decision.client_id)
            for member in deciders(unit, client):
                if _may_confirm(unit, client, decision, member, now):
                    nudge(unit, NudgeKind.CONFIRMATION, member.id, subject=decision_id, now=now, client_id=client.id)

    def to_confirm(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """What a confirmer is told, while it is true."""
        decision = unit.decisions.get(known.subject)
        client = unit.clients.get(decision.client_id)
        if not may_decide(reader, client) or not _may_confirm(unit, client, decision, reader, now):
            return None
        return Told(
            about=client.name,
            what="A decision waits for you: please confirm it, or say what speaks against it.",
            ways=(Way(WayOn.CONFIRM, decision.id), Way(WayOn.CONSIDER, client.id)),
            otherwise="After 3 working days somebody else may confirm it.",
        )

    def confirmable(self, workspace_id: str, reader: Member, client_id: str) -> str:
        """The id of the decision about this client that waits for the reader's word; empty where none does."""
        with self._units.read(workspace_id) as unit:
            client, decision = unit.clients.get(client_id), unit.decisions.current(client_id)
            if decision is None or not may_decide(reader, client):
                return ""
            waits = _may_confirm(unit, client, decision, reader, self._clock.now())
            return decision.id if waits else ""

    def request_next(self, workspace_id: str, decision_id: str) -> None:
        """Sets the time at which somebody else may confirm, if everybody before stays silent."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            decision = unit.decisions.get(decision_id)
            client = unit.clients.lock(decision.client_id)
            decision = unit.decisions.get(decision_id)
            unit.dues.drop(REMIND_CONFIRMATION, decision_id)
            if not decision.awaits_confirmation:
                return
            team = team_ids(unit, client)
            calendar, found = working_days(unit, client), deciders(unit, client)
            times = [
                deciding.confirmable_from(decision, member.id, team, here(unit, now), calendar) for member in found
            ]
            later = [moment for moment in times if moment > now]
            if later:
                due = REMIND_CONFIRMATION.at(min(later), workspace_id, decision_id)
                unit.dues.set(due)

    def settled(self, workspace_id: str, decision_id: str) -> Request:
        """A confirmed decision, for those who decided and confirmed it."""
        with self._units.read(workspace_id) as unit:
            decision = unit.decisions.get(decision_id)
            client = unit.clients.get(decision.client_id)
            both = {decision.decided_by, decision.confirmed_by}
            members = tuple(member for member in deciders(unit, client) if member.id in both)
            return Request(client=client, decision=decision, members=members)

    def told(self, workspace_id: str, decision_id: str) -> None:
        """Those who took the decision know that it is confirmed."""
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(TELL_DECIDED, decision_id)

    def _here(self, unit: UnitOfWork) -> datetime:
        return here(unit, self._clock.now())


def _may_confirm(unit: UnitOfWork, client: Client, decision: Decision, member: Member, now: datetime) -> bool:
    team, days = team_ids(unit, client), working_days(unit, client)
    return deciding.may_confirm(decision, member.id, team, here(unit, now), days)


def _require_confirmer(unit: UnitOfWork, client: Client, confirmer_id: str) -> None:
    if confirmer_id and confirmer_id not in {member.id for member in deciders(unit, client)}:
        raise InvalidError("Please choose somebody else.", {"confirmer": "Choose somebody who decides here."})
