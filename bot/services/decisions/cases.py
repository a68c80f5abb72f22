"""The case for ending, as a decider sees it, and what the gate looks at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.access import may_decide, may_see, require_decider, require_ours
from bot.services.calendars import working_days
from bot.services.health.briefs import places_of
from bot.services.health.pulses import mood_of_client
from bot.services.health.teams import team_of
from bot.services.people import team
from rules.clients.client import Client
from rules.clients.people import Member
from rules.decisions import planning
from rules.decisions.deciding import why_not_confirm
from rules.decisions.decision import CheckCode, Decision
from rules.decisions.gate import Case, Check, CheckState, GateReport, evaluate
from rules.decisions.living import LOOKED_BACK, OpenInvoice
from rules.decisions.perspective import Perspective, our_misses
from rules.decisions.plan import Plan
from rules.health.catalogue import Catalogue
from rules.health.signal import Side, Signal, State, hidden_notes
from rules.health.why.toll import Toll, weigh
from rules.local_days import local_time
from rules.partings.parting import Ticket
from rules.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was noted within a year, on all sides (FG04, FG18)."""

    red_flags: int = 0
    praise: int = 0
    our_misses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """A client with the current consideration, if there is one.

    `checks` are those of this moment; of a confirmed decision those that were frozen with it. `others` are the
    other people who decide about this client. `why_not_confirm` is empty when the reader may confirm now. `opened` are
    tickets that were open already when the decision was reopened. `quiet_since`: nothing has happened since that day.
    """

    client: Client
    reader: Member
    now: datetime
    decision: Decision | None = None
    checks: tuple[Check, ...] = ()
    exception_fault: str = ""
    evidence: Evidence
    toll: Toll
    others: tuple[Member, ...] = ()
    why_not_confirm: str = ""
    plan: Plan | None = None
    looked: Perspective | None = None
    misses: tuple[Signal, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    opened: tuple[Ticket, ...] = ()
    quiet_since: date | None = None

    @property
    def may_be_decided(self) -> bool:
        """Only the reason is missing, which is written down when somebody decides."""
        return all(check.state is not CheckState.NOT_MET or check.code is CheckCode.REASON for check in self.checks)

    @property
    def may_be_reopened(self) -> bool:
        reopening = self.decision.reopening if self.decision else None
        return reopening is not None and reopening.owner_id == self.reader.id and self.now >= reopening.opens_at


class CaseFiles:
    """Gathers what belongs to a case within somebody's transaction."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lasting = catalogue.lasting_types()
        self._labels: Mapping[str, str] = {code: entry.label for code, entry in catalogue.types.items()}
        self._categories: Mapping[str, str] = {code: entry.category for code, entry in catalogue.types.items()}

    def report(self, unit: UnitOfWork, client: Client, decision: Decision, now: datetime) -> GateReport:
        """The gate at this moment. `now` is in the workspace's time zone."""
        return evaluate(
            Case(
                decision=decision,
                signals=tuple(self._signals(unit, client, now)),
                plans=tuple(unit.plans.of_client(client.id)),
                contract=client.contract,
                team_ids=team_ids(unit, client),
                categories=self._categories,
                now=now,
                unpaid=tuple(
                    OpenInvoice(number=each.number, due_on=each.due_on)
                    for each in unit.agreements.invoices(client.id)
                    if each.is_open
                ),
                team_size=len(team_of(unit, client, [each.id for each in team(unit)])),
                largest_team=seen_at_largest(unit, client, decision, now).largest_team,
            )
        )

    def sheet(
        self, unit: UnitOfWork, reader: Member, client: Client, decision: Decision | None, now: datetime
    ) -> CaseSheet:
        signals = self._signals(unit, client, now)
        sheet = CaseSheet(
            client=client,
            reader=reader,
            now=now,
            decision=decision,
            evidence=_evidence(signals),
            toll=weigh(
                client,
                signals,
                today=now.date(),
                catalogue=self._catalogue,
                pulse=mood_of_client(unit, client, now),
            ),
            others=tuple(member for member in deciders(unit, client) if member.id != reader.id),
            plan=planning.newest(tuple(unit.plans.of_client(client.id))),
            looked=unit.perspectives.newest(client.id),
            misses=tuple(our_misses(self._seen(unit, reader, signals), now.date())),
            labels=self._labels,
        )
        if decision is None:
            return sheet
        if decision.confirmed_at:
            return replace(sheet, checks=frozen_checks(decision.snapshot))
        report = self.report(unit, client, decision, now)
        return replace(
            sheet,
            checks=report.checks,
            exception_fault=report.exception_fault,
            why_not_confirm=why_not_confirm(decision, reader.id, report.team_ids, now, working_days(unit, client)),
        )

    @staticmethod
    def _seen(unit: UnitOfWork, reader: Member, signals: list[Signal]) -> list[Signal]:
        hidden = hidden_notes(places_of(unit, signals), reader, signals)
        return [each for each in signals if each.id not in hidden]

    def _signals(self, unit: UnitOfWork, client: Client, now: datetime) -> list[Signal]:
        return unit.signals.scoring(client.id, now - LOOKED_BACK, self._lasting)


def admit(member: Member, client: Client) -> None:
    require_ours(member)
    require_decider(member, client)


def locked(unit: UnitOfWork, actor: Member, decision_id: str) -> tuple[Client, Decision]:
    """The decision as it is once nobody else can change it any more; for those who decide about its client."""
    client = unit.clients.lock(unit.decisions.get(decision_id).client_id)
    admit(actor, client)
    return client, unit.decisions.get(decision_id)


def here(unit: UnitOfWork, now: datetime) -> datetime:
    return local_time(now, unit.workspace().timezone)


def team_ids(unit: UnitOfWork, client: Client) -> frozenset[str]:
    """Active members of the team who may see the client."""
    return frozenset(member.id for member in team(unit) if may_see(member, client))


def seen_at_largest(unit: UnitOfWork, client: Client, decision: Decision, now: datetime) -> Decision:
    """The decision with the largest team that worked with the client within half a year, or while it was considered."""
    standing = unit.standings.find(client.id)
    known = standing.team_on(now.date()) if standing else 0
    return replace(
        decision,
        largest_team=max(decision.largest_team, known, len(team_of(unit, client, [each.id for each in team(unit)]))),
    )


def deciders(unit: UnitOfWork, client: Client) -> list[Member]:
    return sorted(
        (member for member in team(unit) if may_decide(member, client)), key=lambda member: member.name.casefold()
    )


def frozen_checks(snapshot: str) -> tuple[Check, ...]:
    rows = json.loads(snapshot)["checks"] if snapshot else []
    return tuple(
        Check(
            code=CheckCode(row["code"]),
            state=CheckState(row["state"]),
            explanation=row["explanation"],
            exception=row["exception"],
        )
        for row in rows
    )


def _evidence(signals: list[Signal]) -> Evidence:
    sides = Counter(signal.side for signal in signals if signal.state is State.LIVE)
    return Evidence(red_flags=sides[Side.THEIRS], praise=sides[Side.PRAISE], our_misses=sides[Side.OURS])
