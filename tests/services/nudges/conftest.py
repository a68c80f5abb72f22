"""People, matters that are true for a while, and what has been told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.agenda import SEND_NUDGES
from bot.services.nudges.nudges import Bundle, NudgeService, Told, Way, nudge
from bot.services.nudges.wishes import WishService
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.nudges.kinds import KINDS, NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Due, UnitOfWork, Units, Workspace
from tests.clocks import StandingClock

WORKSPACE = "T1"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """`over` are the subjects that are not true any more."""

    units: Units
    clock: StandingClock = field(default_factory=lambda: StandingClock(MONDAY))
    over: set[str] = field(default_factory=set)
    people: dict[str, Member] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nudges = NudgeService(self.units, self.clock, dict.fromkeys(KINDS, self._truth))
        self.wishes = WishService(self.units, self.clock)

    def hire(
        self, person_id: str, *, timezone: str = "UTC", is_admin: bool = False, is_deleted: bool = False
    ) -> Member:
        person = Member(
            id=person_id,
            workspace_id=WORKSPACE,
            team_id=WORKSPACE,
            name=person_id.title(),
            timezone=timezone,
            is_admin=is_admin,
            is_deleted=is_deleted,
            fetched_at=MONDAY,
        )
        with self.units.begin(WORKSPACE) as unit:
            unit.people.save_member(person)
        self.people[person_id] = person
        return person

    def win(self, client_id: str, owner_id: str, *, visible_to: tuple[str, ...] = ()) -> Client:
        client = Client(
            id=client_id,
            workspace_id=WORKSPACE,
            name=f"Client {client_id}",
            owner_id=owner_id,
            stage_since=MONDAY,
            visible_to=visible_to,
        )
        with self.units.begin(WORKSPACE) as unit:
            unit.clients.add(client)
        return client

    def tell(self, person: Member, subject: str, *, kind: NudgeKind = NudgeKind.LOOK_BACK, client_id: str = "") -> None:
        with self.units.begin(WORKSPACE) as unit:
            nudge(unit, kind, person.id, subject=subject, now=self.clock.now(), client_id=client_id)

    def send(self, person: Member) -> tuple[str, ...]:
        """What goes out now."""
        bundle = self.nudges.open_bundle(WORKSPACE, person)
        if bundle:
            self.nudges.sent(WORKSPACE, person, bundle.key)
        return subjects(bundle)

    def home(self, person: Member) -> set[str]:
        with self.units.read(WORKSPACE) as unit:
            return {line.value for line in self.nudges.waiting(unit, person, self.clock.now())}

    def due(self, person: Member) -> Due | None:
        with self.units.read(WORKSPACE) as unit:
            return unit.dues.find(SEND_NUDGES, person.id)

    def known(self, person: Member) -> list[Nudge]:
        with self.units.read(WORKSPACE) as unit:
            return unit.nudges.unsettled(person.id)

    def move(self, **span: float) -> None:
        self.clock.moment += timedelta(**span)

    def _truth(self, _unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        if known.subject in self.over:
            return None
        way = Way(WayOn.PLAN, known.subject)
        return Told(about="Acme", what=f"{known.subject} waits.", ways=(way,))


def subjects(bundle: Bundle | None) -> tuple[str, ...]:
    return tuple(said.nudge.subject for said in bundle.said) if bundle else ()


@pytest.fixture
def office(units: Units) -> Office:
    with units.house() as house:
        house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=MONDAY))
    return Office(units=units)
