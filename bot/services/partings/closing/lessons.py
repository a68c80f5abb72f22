"""What a parting taught: three answers at its end, questions for the next client, and a look back (AF01-AF05)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.access import may_decide, may_see
from bot.agenda import RAISE_LOOK_BACK
from bot.services.audit import record
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.doors import locked_parting, seen_parting
from bot.services.partings.tickets import dispatch
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import ConflictError, InvalidError
from rules.local_days import local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings import ticket_progress
from rules.partings.last_steps import LOOK_BACK_TASK, Feeling, LookBack, Retro
from rules.partings.parting import Parting, PartingState, TaskState
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

LESSONS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The three questions of a retro."""

    missed: str
    worked: str
    ask_next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What somebody found 30 days later."""

    access_gone: bool
    money_in: bool
    feeling: Feeling
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSheet:
    """A closed parting with what was learnt from it."""

    client: Client
    parting: Parting
    may_decide: bool


class LessonService:
    """Asks while it is fresh, and once more when it has settled."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> LessonSheet:
        with self._units.read(workspace_id) as unit:
            client, parting = seen_parting(unit, reader, parting_id)
            return LessonSheet(client=client, parting=parting, may_decide=may_decide(reader, client))

    def learn(self, workspace_id: str, actor: Member, parting_id: str, answers: Answers) -> LessonSheet:
        """AF01-AF03; what we ask the next client appears where one is added."""
        said = Answers(missed=answers.missed.strip(), worked=answers.worked.strip(), ask_next=answers.ask_next.strip())
        if not (said.missed or said.worked or said.ask_next):
            raise InvalidError("Answer one of them at least.", {"missed": "Answer one of them at least."})
        with self._units.begin(workspace_id) as unit:
            client, parting = _closed(unit, actor, parting_id)
            retro = Retro(
                missed=said.missed, worked=said.worked, ask_next=said.ask_next, by_id=actor.id, on=self._today(unit)
            )
            learnt = replace(parting, retro=retro)
            unit.partings.save(learnt)
            record(unit, actor, self._clock.now(), "lessons noted", parting_id)
            return LessonSheet(client=client, parting=learnt, may_decide=True)

    def to_ask(self, workspace_id: str, reader: Member) -> tuple[str, ...]:
        """What earlier partings taught us to ask, the newest first; of clients that the reader may see."""
        with self._units.read(workspace_id) as unit:
            closed = [each for each in unit.partings.all() if each.retro and each.retro.ask_next]
            seen = [each for each in closed if may_see(reader, unit.clients.get(each.client_id))]
        newest = sorted(seen, key=lambda each: each.closed_at or each.created_at, reverse=True)
        questions = dict.fromkeys(each.retro.ask_next for each in newest if each.retro)
        return tuple(questions)[:LESSONS_SHOWN]

    # --- thirty days later -----------------------------------------------------------------------------------------

    def raise_look_back(self, workspace_id: str, parting_id: str) -> None:
        """Once, 30 days after the close."""
        with self._units.begin(workspace_id) as unit:
            parting = unit.partings.lock(parting_id)
            client = unit.clients.get(parting.client_id)
            unit.dues.drop(RAISE_LOOK_BACK, parting_id)
            if parting.state is PartingState.CLOSED and parting.look_back is None:
                nudge(
                    unit,
                    NudgeKind.LOOK_BACK,
                    _leader(unit, client, parting),
                    subject=parting_id,
                    now=self._clock.now(),
                    client_id=client.id,
                )

    def to_look_back(self, unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        parting = unit.partings.get(known.subject)
        if parting.look_back or parting.state is not PartingState.CLOSED:
            return None
        return Told(
            about=unit.clients.get(parting.client_id).name,
            what="Thirty days have passed since the parting: is our access gone, the money in, anything left?",
            ways=(Way(WayOn.LOOK_BACK, parting.id),),
        )

    def look_back(self, workspace_id: str, actor: Member, parting_id: str, found: Findings) -> LessonSheet:
        """AF05; the ticket that stood for it is done with that."""
        with self._units.begin(workspace_id) as unit:
            client, parting = _closed(unit, actor, parting_id)
            looked = LookBack(
                access_gone=found.access_gone,
                money_in=found.money_in,
                feeling=found.feeling,
                left=found.left.strip(),
                by_id=actor.id,
                on=self._today(unit),
            )
            done = replace(parting, look_back=looked)
            unit.partings.save(done)
            _finish_task(unit, done, self._clock.real())
            record(unit, actor, self._clock.now(), "looked back", parting_id)
            return LessonSheet(client=client, parting=done, may_decide=True)

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)


def _leader(unit: UnitOfWork, client: Client, parting: Parting) -> str:
    """Whoever led the parting; where that one has left or may not see the client any more, its owner."""
    led_by = parting.told_by or parting.created_by
    return next((each.id for each in team(unit) if each.id == led_by and may_see(each, client)), client.owner_id)


def _closed(unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
    client, parting = locked_parting(unit, actor, parting_id)
    if parting.state is not PartingState.CLOSED:
        raise ConflictError(
            Sentence("The parting from {name} is not closed yet. Look back when it is.", name=client.name)
        )
    return client, parting


def _finish_task(unit: UnitOfWork, parting: Parting, now: datetime) -> None:
    for ticket in unit.partings.tickets(parting.id):
        if ticket.task_code == LOOK_BACK_TASK and ticket.task_state is TaskState.OPEN:
            done = ticket_progress.mark(unit.partings.lock_ticket(ticket.id), TaskState.DONE, now)
            unit.partings.save_ticket(done)
            dispatch.push(unit, done)
