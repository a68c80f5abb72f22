"""The last day, chosen: what it could be side by side, and the line of time that follows from it (CN03, CN05, CN08)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.access import may_decide, require_decider
from bot.agenda import SEND_CALENDAR
from bot.services.partings.doors import open_parting, seen_parting
from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.notices import follow_letter
from bot.services.partings.planning import moment, move_last_day
from bot.services.partings.sheets import position_of
from bot.services.partings.times import contract_of, known_of, line_of
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Origin
from rules.decisions.planning import checkpoints_from
from rules.errors import ConflictError, InvalidError
from rules.local_days import local_day
from rules.partings.calendar import calendar_file
from rules.partings.dates import DayChoice, day_choices, last_day_notes
from rules.partings.deliverables import kept, why_too_early
from rules.partings.parting import Parting
from rules.partings.terms import notice_runs
from rules.partings.timeline import Timeline, earliest_receipt, why_not_keep
from rules.ports import Clock, Post, UnitOfWork, Units
from rules.ports.records import CALENDAR
from rules.sentences import Sentence
from rules.workdays import day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """The day that somebody wants. `seen` is the last day that they looked at; `agreed`: the client said yes to it."""

    day: date
    seen: date
    agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDaySheet:
    """What the last day could be, and where the present one leads. `notes` are for a person to think about."""

    client: Client
    parting: Parting
    line: Timeline
    choices: tuple[DayChoice, ...]
    notes: tuple[str, ...]
    checkpoints: tuple[date, ...]
    may_decide: bool
    today: date
    position: str = ""


class LastDayService:
    """For those who decide; the line of time is for everybody who may see the parting."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> LastDaySheet:
        with self._units.read(workspace_id) as unit:
            client, parting = seen_parting(unit, reader, parting_id)
            return self._sheet(unit, reader, client, parting)

    def choose(self, workspace_id: str, actor: Member, parting_id: str, wish: DayWish) -> LastDaySheet:
        """Another last day; tasks, days and the letter follow."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            require_decider(actor, client)
            today = self._today(unit)
            if parting.last_day != wish.seen:
                raise ConflictError(
                    Sentence(
                        "Meanwhile the last day became {day}: {why} Open it again to choose anew.",
                        day=day_name(parting.last_day),
                        why=parting.last_day_arithmetic[-1],
                    )
                )
            _require_good_day(unit, client, parting, wish, today)
            before = letter_facts(unit, client, parting)
            wished = replace(parting, named_in_talk=wish.agreed, agreed_last_day=None)
            sentence = Sentence(
                "Agreed with the client on {today}: {day}." if wish.agreed else "Chosen on {today}: {day}.",
                today=day_name(today),
                day=day_name(wish.day),
            )
            moved = move_last_day(unit, client, wished, (wish.day, sentence), moment(unit, self._clock, actor.id))
            unit.partings.save(moved)
            follow_letter(unit, before, client, moved)
            return self._sheet(unit, actor, client, moved)

    def ask_calendar(self, workspace_id: str, actor: Member, parting_id: str) -> None:
        """Its days come to whoever asked, alone."""
        with self._units.begin(workspace_id) as unit:
            seen_parting(unit, actor, parting_id)
            key = f"calendar:{parting_id}:{actor.id}:{self._clock.real().isoformat(timespec='seconds')}"
            unit.jobs.add(SEND_CALENDAR(workspace_id, actor.id, parting_id, key, once=key))

    def calendar(self, workspace_id: str, reader: Member, parting_id: str, key: str) -> tuple[Post, bytes]:
        """The file, and the row that remembers it, so that a repeated job sends it once."""
        sheet = self.sheet(workspace_id, reader, parting_id)
        now = self._clock.real()
        content = calendar_file(parting_id, sheet.line, sheet.checkpoints, now)
        draft = Post(
            key=key, workspace_id=workspace_id, channel_id="", kind=CALENDAR, subject=reader.id, created_at=now
        )
        return draft, content

    def _sheet(self, unit: UnitOfWork, reader: Member, client: Client, parting: Parting) -> LastDaySheet:
        today, contract = self._today(unit), contract_of(unit, client)
        notice = notice_runs(parting.origin, contract)
        line, from_day = line_of(unit, client, parting, today), _receipt(unit, client, parting, today)
        return LastDaySheet(
            client=client,
            parting=parting,
            line=line,
            choices=day_choices(contract, from_day, kept(parting.items), client.hours_a_week, notice=notice),
            notes=last_day_notes(
                contract,
                from_day if parting.origin is Origin.THEIRS else line.received_on,
                parting.last_day,
                notice=notice,
            ),
            checkpoints=checkpoints_from(unit.plans.of_client(client.id), today),
            may_decide=may_decide(reader, client),
            today=today,
            position=position_of(unit, reader, client, parting),
        )

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)


def _receipt(unit: UnitOfWork, client: Client, parting: Parting, today: date) -> date:
    """From when the notice runs at the earliest; theirs runs since they told us."""
    known = known_of(unit, parting)
    if parting.origin is Origin.THEIRS and known.talk_on:
        return known.talk_on
    return earliest_receipt(today, contract_of(unit, client).country, known)


def _require_good_day(unit: UnitOfWork, client: Client, parting: Parting, wish: DayWish, today: date) -> None:
    known = known_of(unit, parting)
    fault = ""
    if wish.day < today:
        fault = "That day has passed. Choose a later one."
    elif early := why_too_early(parting.items, wish.day):
        fault = early
    elif known.sent_on and not wish.agreed:
        fault = "The letter is out and names its last day: another needs the client's word. Tick that if you have it."
    elif not wish.agreed:
        received_on = _receipt(unit, client, parting, today)
        plain = replace(known, agreed=False)
        if why_not_keep(parting.origin, contract_of(unit, client), wish.day, received_on, plain):
            fault = Sentence(
                "The letter can be received on {day} at the earliest, and the notice then runs beyond that day. "
                "Choose a later one, or tick that the client agreed.",
                day=day_name(received_on),
            )
    if fault:
        raise InvalidError(fault, {"day": fault})
