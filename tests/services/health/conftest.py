"""One client, its ledger, and the services that explain its health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.services.capture.ledger import LedgerService
from bot.services.capture.notes import CaptureService, NewNote
from bot.services.health.appraisals import AppraisalService
from bot.services.health.explanations import Explanation, ExplanationService
from bot.services.health.scorecards import HealthService, Scorecard
from rules.clients.client import Client
from rules.clients.people import Member, Place, PlaceKind
from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.signal import Severity, Signal, Source
from rules.ports import AuditEntry, Units, Workspace
from tests.clocks import StandingClock

WORKSPACE, ACME = "T1", "cl-acme"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def member(member_id: str, name: str, **facts: bool) -> Member:
    return Member(
        id=member_id,
        workspace_id=WORKSPACE,
        team_id=WORKSPACE,
        name=name,
        is_admin=facts.get("is_admin", False),
        fetched_at=MONDAY,
    )


@dataclass
class Practice:
    """Olivia owns the client and decides about it, Tom is a colleague."""

    units: Units
    clock: StandingClock = field(default_factory=lambda: StandingClock(MONDAY))
    catalogue: Catalogue = field(default_factory=load_catalogue)
    olivia: Member = field(default_factory=lambda: member("UOLIVIA", "Olivia"))
    tom: Member = field(default_factory=lambda: member("UTOM", "Tom"))

    def __post_init__(self) -> None:
        self.health = HealthService(self.units, self.clock, self.catalogue)
        self.capture = CaptureService(self.units, self.clock, self.catalogue, self.health)
        self.ledger = LedgerService(self.units, self.clock, self.catalogue, self.health)
        self.appraisals = AppraisalService(self.units, self.clock)
        self.explanations = ExplanationService(self.units, self.clock, self.catalogue, self.health)
        with self.units.house() as house:
            house.add_workspace(Workspace(id=WORKSPACE, name="Agency", timezone="Europe/Amsterdam", created_at=MONDAY))
        with self.units.begin(WORKSPACE) as unit:
            for each in (self.olivia, self.tom):
                unit.people.save_member(each)
            unit.clients.add(
                Client(id=ACME, workspace_id=WORKSPACE, name="Acme", owner_id=self.olivia.id, stage_since=MONDAY)
            )

    @property
    def client(self) -> Client:
        with self.units.read(WORKSPACE) as unit:
            return unit.clients.get(ACME)

    @property
    def audit(self) -> Sequence[AuditEntry]:
        with self.units.read(WORKSPACE) as unit:
            return unit.audit.newest(20)

    def new(self, type_code: str, days_ago: int = 0, **facts: Any) -> NewNote:
        asked = NewNote(
            client_id=ACME,
            type=type_code,
            severity=Severity.RED,
            source=Source.FORM,
            happened_at=self.clock.now() - timedelta(days=days_ago),
            once=f"{type_code}-{days_ago}-{self.clock.now()}",
        )
        return replace(asked, **facts)

    def log(self, type_code: str, days_ago: int = 0, by: Member | None = None, **facts: Any) -> Signal:
        return self.capture.log(WORKSPACE, by or self.olivia, self.new(type_code, days_ago, **facts)).signal

    def whisper_room(self, *members: Member) -> str:
        """A private channel with these people in it."""
        place = Place(
            id="CPRIVATE",
            workspace_id=WORKSPACE,
            name="quiet",
            kind=PlaceKind.PRIVATE,
            member_ids=tuple(each.id for each in members),
            fetched_at=MONDAY,
        )
        with self.units.begin(WORKSPACE) as unit:
            unit.people.save_place(place)
        return place.id

    def explain(self, reader: Member | None = None) -> Explanation:
        return self.explanations.explain(WORKSPACE, reader or self.olivia, ACME)

    def card(self) -> Scorecard:
        return self.health.scorecard(WORKSPACE, self.olivia, ACME)


@pytest.fixture
def practice(units: Units) -> Practice:
    return Practice(units)
