"""The one list of what needs somebody: computed once for a reader, a channel or the morning's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.services.health.briefs import BriefService
from bot.services.health.fades import fading
from bot.services.health.scorecards import HealthService
from bot.services.needs.clients import UNPLANNED_TO_OWNER, agency_owners, of_clients
from bot.services.needs.partings import of_decisions, of_partings
from bot.services.needs.plans import of_agreements, of_plans
from bot.services.needs.scene import Scene
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.waiting import Need, WayOn
from rules.clients.people import Member
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import NeedKind, Reach
from rules.nudges.nudge import Nudge
from rules.partings.dates import NOTICE_SAID_BEFORE, TERM_OVER_SAID_AFTER, notice_day, told_stage
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name

_SOURCES = (of_clients, of_decisions, of_plans, of_agreements, of_partings)


class NeedWord(NamedTuple):
    """One word that a need calls for: to whom, and what makes the occasion its own."""

    kind: NudgeKind
    person_id: str
    subject: str
    need: Need


def needs_of(scene: Scene) -> list[Need]:
    """Everything that needs somebody there."""
    return [need for source in _SOURCES for need in source(scene)]


class NeedService:
    """Says once a day what has waited long enough for a word, and what of it is still true."""

    def __init__(self, units: Units, clock: Clock, health: HealthService, lists: BriefService) -> None:
        self._units = units
        self._clock = clock
        self._health = health
        self._lists = lists

    def tell(self, workspace_id: str) -> int:
        """Each word once; returns how many are true today."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            scene = Scene(unit, now, self._lists.everyone(unit))
            faded = list(fading(unit, now))
            words = sorted({word[:3]: word for word in _every_word(scene)}.values())
        for word in words:
            with self._units.begin(workspace_id) as unit:
                nudge(
                    unit,
                    word.kind,
                    word.person_id,
                    subject=word.subject,
                    now=now,
                    client_id=word.need.client_id,
                    details=word.need.kind,
                )
        for client, subject in faded:
            with self._units.begin(workspace_id) as unit:
                nudge(unit, NudgeKind.FADE, client.owner_id, subject=subject, now=now, client_id=client.id)
        return len(words) + len(faded)

    # --- what is true ----------------------------------------------------------------------------------------------

    def overdue_step(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """A client in trouble whose owner was to do something by now: a plan or a decision settles it."""
        need = self._still(unit, reader, known, now)
        if need is None:
            return None
        return _told(need, need.what, Way(WayOn.WHY, need.client_id))

    def unplanned(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """For the agency's owner, whoever owns the client."""
        need = self._still(unit, reader, known, now)
        if need is None:
            return None
        client = unit.clients.get(known.client_id)
        what = Sentence(
            "{what} It is <@{owner_id}>'s client: ask them, or start a plan yourself.",
            what=need.what,
            owner_id=client.owner_id,
        )
        return _told(need, what, Way(WayOn.WHY, need.client_id))

    def term(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """AM12, CN03, CN09: each of its words gives way to the next one."""
        need = self._still(unit, reader, known, now)
        return _told(need, need.what, Way(WayOn.AGREEMENT, need.client_id)) if need else None

    def unconfirmed(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """For whoever wrote a note that reads like abuse, once: nobody else may say whether it was."""
        need = self._still(unit, reader, known, now)
        return _told(need, need.what) if need else None

    def left(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """For the admins, once: it stands on their list from now on."""
        need = self._still(unit, reader, known, now)
        if need is None:
            return None
        whose = ", ".join(f"<@{each}>" for each in need.turn.named)
        what = Sentence(
            "{what} It has been left since {day}; it is for {whose}. You are told once.",
            what=need.what,
            day=day_name(need.due_on or need.since),
            whose=whose or "nobody in particular",
        )
        return _told(need, what)

    def _still(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Need | None:
        """The need that this word stands for, while it stands."""
        client = unit.clients.get(known.client_id)
        card = self._health.card(unit, reader, client, [*self._health.notes(unit, client.id).values()])
        scene = Scene(unit, now, [card])
        about = known.kind, reader.id, known.subject
        return next((word.need for word in _every_word(scene) if word[:3] == about), None)


def _every_word(scene: Scene) -> Iterator[NeedWord]:
    return (word for need in needs_of(scene) if not need.is_cover for word in _words(scene, need))


def _words(scene: Scene, need: Need) -> Iterator[NeedWord]:
    """Whom this need is a word for today: those whose turn it is, and the admins when all else fails."""
    match need.kind:
        case NeedKind.UNPLANNED:
            yield from _unplanned(scene, need)
        case NeedKind.NOTICE_DAY:
            yield from _term(scene, need)
        case NeedKind.TERM_OVER:
            stage = sum(scene.today - need.since >= span for span in TERM_OVER_SAID_AFTER)
            if stage:
                yield from _each(NudgeKind.TERM_OVER, need, f"{need.subject}:{stage}")
        case NeedKind.UNCONFIRMED if need.since < scene.today:
            yield from _each(NudgeKind.UNCONFIRMED, need, need.subject)
        case NeedKind.LETTER if need.is_late:
            yield from _each(NudgeKind.LETTER, need, need.subject)
        case _:
            pass
    if need.reach is Reach.ADMINS:
        for member in scene.team:
            if member.is_admin and member.id not in need.turn.named:
                yield NeedWord(NudgeKind.LEFT, member.id, need.subject, need)


def _unplanned(scene: Scene, need: Need) -> Iterator[NeedWord]:
    client = scene.cards[need.client_id].client
    owners = scene.owner(client)
    if need.is_late:
        for person_id in owners:
            yield NeedWord(NudgeKind.NEXT_STEP, person_id, need.subject, need)
    if scene.today - need.since >= UNPLANNED_TO_OWNER:
        for person_id in agency_owners(scene):
            if person_id not in owners or not need.is_late:
                yield NeedWord(NudgeKind.UNPLANNED, person_id, need.subject, need)


def _term(scene: Scene, need: Need) -> Iterator[NeedWord]:
    contract = scene.contract(scene.cards[need.client_id].client)
    stage = told_stage(notice_day(contract), NOTICE_SAID_BEFORE, scene.today)
    yield from _each(NudgeKind.RENEWAL, need, f"{need.client_id}:{contract.ends_on}:{stage}")


def _each(kind: NudgeKind, need: Need, subject: str) -> Iterator[NeedWord]:
    for person_id in need.turn.named:
        yield NeedWord(kind, person_id, subject, need)


def _told(need: Need, what: str, *further: Way) -> Told:
    ways = (Way(need.way, need.value), *further)
    return Told(about=need.client_name, what=what, ways=ways, otherwise=need.otherwise)
