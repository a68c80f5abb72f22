"""How it is to work with a client: once a month, one tap, nobody's answer can be told (D15, RF28, RF32, HS17, HS19)."""

from __future__ import annotations

from datetime import date, datetime

from bot.access import may_see, require_visible
from bot.services.health.teams import team_of
from bot.services.nudges.nudges import Told, Way, nudge, show_again
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage
from rules.errors import NotFoundError
from rules.health import pulse
from rules.health.pulse import Mood, PulseRound
from rules.local_days import local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge, nudge_id
from rules.ports import Clock, UnitOfWork, Units

# From the heaviest: its place is the answer's number.
ANSWERS = (WayOn.PULSE_1, WayOn.PULSE_2, WayOn.PULSE_3, WayOn.PULSE_4, WayOn.PULSE_5)
# Up to the day on which everybody may know: neither a question nor its absence tells of a decision.
_TOGETHER = frozenset({Stage.ACTIVE, Stage.AMENDING, Stage.CONSIDERING, Stage.DECIDED})


class PulseService:
    """Asks those who work with a client, and keeps how often each answer was given."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def ask(self, workspace_id: str) -> int:
        """Once a month, first when the workspace has been here for a month; returns how many people are asked."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            month = local_day(now, unit.workspace().timezone).replace(day=1)
            if now - unit.workspace().created_at < pulse.FIRST_AFTER:
                return 0
            clients = [client for client in unit.clients.all() if client.stage in _TOGETHER]
            rounds = [_round(unit, client, month, now) for client in clients if _is_due(unit, client, month, now)]
            opened = [each for each in rounds if pulse.is_asked(len(each.asked_ids))]
            for each in opened:
                unit.pulses.save(each)
        asked = {person_id for each in opened for person_id in each.asked_ids}
        for person_id in sorted(asked):
            with self._units.begin(workspace_id) as unit:
                nudge(unit, NudgeKind.PULSE, person_id, subject=month.isoformat(), now=now)
        return len(asked)

    def question(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """The next client of the month that the reader has not answered for; None when all are."""
        month = _month(known.subject)
        client = _next(unit, reader, month, now) if month else None
        if client is None:
            return None
        ways = tuple(Way(way, f"{client.id}:{known.subject}:{answer}") for answer, way in enumerate(ANSWERS, start=1))
        return Told(
            about=client.name, what="How is it to work with them? One tap; nobody sees whose it was.", ways=ways
        )

    def answer(self, workspace_id: str, actor: Member, client_id: str, month: date, answer: int) -> None:
        """No word of it in the audit log: the order of its lines would tell whose answer it was."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_visible(actor, client)
            known = unit.pulses.find(client.id, month)
            if known is None:
                raise NotFoundError("This question is not open any more. Nothing is left to do.")
            unit.pulses.save(pulse.answered(known, actor.id, answer, now))
            told = unit.nudges.find(nudge_id(NudgeKind.PULSE, month.isoformat(), actor.id))
            if told:
                show_again(unit, told, now)


def mood_of_client(unit: UnitOfWork, client: Client, now: datetime) -> tuple[Mood, date] | None:
    """What the newest closed round says, while it is still news."""
    for known in unit.pulses.closed(client.id, now, 1):
        found = pulse.mood(known, now)
        if found and now - known.closes_at <= pulse.SHOWN_FOR:
            return found, known.month
    return None


def _month(subject: str) -> date | None:
    try:
        return date.fromisoformat(subject)
    except ValueError:
        return None


def _next(unit: UnitOfWork, reader: Member, month: date, now: datetime) -> Client | None:
    for known in unit.pulses.asked_in(month):
        if now < known.closes_at and reader.id in known.asked_ids and reader.id not in known.voter_ids:
            client = unit.clients.get(known.client_id)
            if may_see(reader, client):
                return client
    return None


def _who_works_with(unit: UnitOfWork, client: Client) -> list[str]:
    """The client's team, of those who see it."""
    seers = {member.id for member in team(unit) if may_see(member, client)}
    return sorted(team_of(unit, client, seers) & seers)


def _is_due(unit: UnitOfWork, client: Client, month: date, now: datetime) -> bool:
    newest = next(iter(unit.pulses.closed(client.id, now + pulse.CLOSES_AFTER, 1)), None)
    return newest is None or (newest.month != month and pulse.may_be_asked_again(newest, now))


def _round(unit: UnitOfWork, client: Client, month: date, now: datetime) -> PulseRound:
    return PulseRound(
        workspace_id=client.workspace_id,
        client_id=client.id,
        month=month,
        closes_at=now + pulse.CLOSES_AFTER,
        asked_ids=tuple(_who_works_with(unit, client)),
    )
