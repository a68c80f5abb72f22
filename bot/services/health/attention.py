"""What a note makes somebody aware of: a first small warning, and abuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access import may_decide, may_see
from bot.agenda import PAY_ATTENTION
from bot.services.health.briefs import places_of
from bot.services.health.scorecards import HealthService
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member, Place
from rules.health.catalogue import Catalogue
from rules.health.early import FIRST_WITHIN, alarms, first_warning
from rules.health.signal import Signal, hidden_notes
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Somebody was abused: one of those who have to know at once."""

    person: Member
    client: Client
    signal: Signal
    label: str


class AttentionService:
    """Looks after a note was logged."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health

    # --- after a note ----------------------------------------------------------------------------------------------

    def look(self, workspace_id: str, client_id: str) -> None:
        """A first pink flag: the client's owner hears of it early, unless they noticed it themselves."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            owner_id = unit.clients.get(client_id).owner_id
            first = first_warning(self._health.notes(unit, client_id).values(), now)
        if first and owner_id not in (first.reporter_id, *first.witness_ids):
            with self._units.begin(workspace_id) as unit:
                nudge(unit, NudgeKind.EARLY_FLAG, owner_id, subject=first.id, now=now, client_id=client_id)

    def alarms(self, workspace_id: str, client_id: str) -> list[Alarm]:
        """Those who decide about the client and did not log it themselves; each only what that person may see."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            notes = self._health.notes(unit, client_id)
            calling = alarms(self._health.today(unit, client_id).banners, notes.values(), now)
            places = places_of(unit, calling)
            people = list(team(unit))
            return [
                Alarm(person=person, client=client, signal=note, label=self._catalogue.type(note.type).label)
                for note in calling
                for person in _told(people, client, note, places)
            ]

    def looked(self, workspace_id: str, client_id: str) -> None:
        """Whatever was noted since the look began is still to be told."""
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop_handled(PAY_ATTENTION, client_id, self._clock.now())

    # --- what is true ----------------------------------------------------------------------------------------------

    def early_flag(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        notes = self._health.notes(unit, known.client_id)
        first = first_warning(notes.values(), now)
        if first is None or first.id != known.subject or now - known.raised_at > FIRST_WITHIN:
            return None
        if hidden_notes(places_of(unit, [first]), reader, [first]):
            return None
        label = self._catalogue.type(first.type).label
        return Told(
            about=unit.clients.get(known.client_id).name,
            what=Sentence(
                "A first small warning: {label}. A friendly word now is easier than a hard talk later.", label=label
            ),
            ways=(
                Way(WayOn.HISTORY, known.client_id),
                Way(WayOn.AGREEMENT, known.client_id),
            ),
        )


def _told(people: Sequence[Member], client: Client, note: Signal, places: Mapping[str, Place | None]) -> list[Member]:
    """Other deciders; where the only one logged it, the admins, since nobody judges their own alarm alone."""
    others = [
        person
        for person in people
        if person.id not in (note.reporter_id, *note.witness_ids)
        and may_see(person, client)
        and not hidden_notes(places, person, [note])
    ]
    deciders = [person for person in others if may_decide(person, client)]
    return deciders or [person for person in others if person.is_admin]
