"""What health and contracts make somebody aware of: early words, act-now, overdue steps, terms that end soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.access import may_decide, may_see
from bot.agenda import PAY_ATTENTION
from bot.services.health.scorecards import HealthService, Scorecard, places_of
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client, end_of_term_in
from rules.clients.people import Member, Place
from rules.clients.stages import Stage
from rules.decisions.planning import is_mending
from rules.health.catalogue import Catalogue
from rules.health.early import FIRST_WITHIN, alarms, first_warning
from rules.health.score import Band
from rules.health.signal import Signal, hidden_notes
from rules.health.why.steps import Step
from rules.local_days import local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.words import Words

_STEPS = frozenset({Band.WATCH, Band.AMEND, Band.CONSIDER})
_TOGETHER = frozenset({Stage.ACTIVE, Stage.AMENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Somebody was abused: one of those who have to know at once."""

    person: Member
    client: Client
    signal: Signal
    label: str


class AttentionService:
    """Looks after a note was logged, and once a day."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, health: HealthService, words: Words) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health
        self._words = words

    # --- after a note ----------------------------------------------------------------------------------------------

    def look(self, workspace_id: str, client_id: str) -> None:
        """A first pink flag: the client's owner hears of it early, unless they noticed it themselves."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.get(client_id)
            first = first_warning(self._health.notes(unit, client_id).values(), now)
            if first and client.owner_id not in (first.reporter_id, *first.witness_ids):
                nudge(
                    unit,
                    NudgeKind.EARLY_FLAG,
                    client.owner_id,
                    subject=first.id,
                    now=now,
                    client_id=client_id,
                )

    def alarms(self, workspace_id: str, client_id: str) -> list[Alarm]:
        """Those who decide about the client and did not log it themselves; each only what that person may see."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            notes = self._health.notes(unit, client_id)
            calling = alarms(self._health.today(unit, client_id), notes.values(), now)
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

    # --- once a day ------------------------------------------------------------------------------------------------

    def notice(self, workspace_id: str) -> int:
        """Overdue steps and terms that end soon, each once; returns how many are true today."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            today = local_day(now, unit.workspace().timezone)
            matters = [*self._overdue(unit), *_ending(unit, today)]
        for kind, client, subject in matters:
            with self._units.begin(workspace_id) as unit:
                nudge(unit, kind, client.owner_id, subject=subject, now=now, client_id=client.id)
        return len(matters)

    def _overdue(self, unit: UnitOfWork) -> Iterator[tuple[NudgeKind, Client, str]]:
        for card in self._health.everyone(unit):
            if _is_overdue(unit, card):
                yield NudgeKind.NEXT_STEP, card.client, _step_subject(card.client, card.step)

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

    def next_step(self, unit: UnitOfWork, reader: Member, known: Nudge, _now: datetime) -> Told | None:
        client = unit.clients.get(known.client_id)
        card = self._health.card(unit, reader, client, [*self._health.notes(unit, client.id).values()])
        if not _is_overdue(unit, card) or known.subject != _step_subject(client, card.step):
            return None
        step = self._words.next_step(card.step.band)
        return Told(
            about=client.name,
            what=Sentence("The next step was due on {day}: {step}", day=_day(card.step.due_on), step=step),
            ways=(
                Way(WayOn.PLAN, client.id),
                Way(WayOn.WHY, client.id),
            ),
        )

    def renewal(self, unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
        """AM12, CN09: a term that ends is the time for new boundaries; the note of 60 days gives way to that of 30."""
        client = unit.clients.get(known.client_id)
        today = local_day(now, unit.workspace().timezone)
        ends_on = client.contract.ends_on
        if ends_on is None or _term_subject(client, today) != known.subject:
            return None
        left = (ends_on - today).days
        return Told(
            about=client.name,
            what=(
                Sentence(
                    "The contract ends or renews on {day}, in {count} day. Going on? Then agree anew: "
                    "what you expect of each other, and by when.",
                    "The contract ends or renews on {day}, in {count} days. Going on? Then agree anew: "
                    "what you expect of each other, and by when.",
                    day=_day(ends_on),
                    count=left,
                )
            ),
            ways=(
                Way(WayOn.RENEW, client.id),
                Way(WayOn.AGREEMENT, client.id),
                Way(WayOn.WHY, client.id),
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


def _is_overdue(unit: UnitOfWork, card: Scorecard) -> bool:
    """A plan that runs is the step; from `considering` on the checklist leads."""
    return (
        card.step.overdue
        and card.step.band in _STEPS
        and card.client.stage in _TOGETHER
        and not is_mending(unit.plans.of_client(card.client.id))
    )


def _step_subject(client: Client, step: Step) -> str:
    return f"{client.id}:{step.band}:{step.due_on.isoformat()}"


def _ending(unit: UnitOfWork, today: date) -> Iterator[tuple[NudgeKind, Client, str]]:
    for client in unit.clients.all():
        if subject := _term_subject(client, today):
            yield NudgeKind.RENEWAL, client, subject


def _term_subject(client: Client, today: date) -> str:
    days, ends_on = end_of_term_in(client, today), client.contract.ends_on
    return f"{client.id}:{ends_on}:{days}" if days and ends_on else ""


def _day(on: date) -> str:
    return f"{on:%a} {on.day} {on:%b %Y}"
