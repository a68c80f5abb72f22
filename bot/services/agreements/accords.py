"""Expectations of both sides, the page that says what came of them, its clock, and the next term (AM16-AM19, FG07).

The page and the handover brief are written from lists, days and numbers alone: notes, reasons and thoughts have no way
into `page_facts`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from bot.access import locked_client, require_ours, seen_client
from bot.agenda import LOOK_AT_ACCORD
from bot.services.agreements.noting import Noting
from bot.services.audit import record
from bot.services.calendars import working_days
from bot.services.capture.notes import NewNote
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.voices import voice_of
from bot.services.waiting import WayOn
from rules.clients import accord as rules
from rules.clients.accord import (
    Accord,
    Ending,
    Expectation,
    LineState,
    Milestone,
    MilestoneState,
    Objection,
    Party,
    Share,
)
from rules.clients.client import Agreement, Client
from rules.clients.people import Member
from rules.decisions.planning import numbered
from rules.errors import InvalidError
from rules.health.measures import Sensor
from rules.health.signal import Source
from rules.local_days import at_local_time, local_day
from rules.notices.address import Voice
from rules.notices.draft import language_for, written
from rules.notices.mailing import Mail, compose_link
from rules.notices.page_facts import page_facts
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name

REMINDED_AT = time(9, 0)
# What became of a milestone is a fact: theirs counts, ours stands beside (AM17, FG04).
NOTED_AS = {
    (Party.THEIRS, MilestoneState.MISSED): Sensor.THEIR_MILESTONE,
    (Party.THEIRS, MilestoneState.KEPT): Sensor.KEPT_MILESTONE,
    (Party.OURS, MilestoneState.MISSED): Sensor.OUR_MILESTONE,
}
Change = Callable[[UnitOfWork, Client, Accord, datetime], Accord]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccordSheet:
    """One client's expectations as they stand. `page` and `brief` are written from `facts`, so they hold no note.

    `earlier` are terms that ended; `celebrate` is set where something was kept just now.
    """

    client: Client
    accord: Accord
    earlier: tuple[Accord, ...]
    today: date
    timezone: str
    language: str
    address: str
    voice: Voice
    facts: Mapping[str, Any]
    is_working: Callable[[date], bool]
    celebrate: str = ""

    @property
    def page(self) -> str:
        until = rules.ends_objections(self.today, self.is_working)
        return written(self.voice, "agreed", **self.facts, until=until)

    @property
    def brief(self) -> str:
        return written(self.voice, "handover", **self.facts)

    @property
    def mail(self) -> Mail:
        """Unsent: a person sends it from their own mail program."""
        client = self.client
        to = client.contact_name, client.contact_email
        return Mail(to=to, subject=self.accord.goal or client.name, body=self.page, language=self.language)

    @property
    def compose_link(self) -> str:
        return compose_link(self.mail) if self.client.contact_email else ""

    def state(self, line: Expectation) -> LineState:
        return rules.line_state(self.accord, line, self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A fresh agreement (AM12): new limits, a new end, and what is taken over."""

    agreement: Agreement
    term_end: date | None
    kept: tuple[str, ...]
    goes_on: bool


class AccordService:
    """Everybody of the team who sees the client may."""

    def __init__(self, units: Units, clock: Clock, ledger: Noting) -> None:
        self._units = units
        self._clock = clock
        self._ledger = ledger

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> AccordSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            return self._sheet(unit, client, current(unit, client, self._clock.now()))

    def sheet_of(self, workspace_id: str, reader: Member, accord_id: str) -> AccordSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            accord = unit.accords.get(accord_id)
            return self._sheet(unit, seen_client(unit, reader, accord.client_id), accord)

    def expect(self, workspace_id: str, actor: Member, client_id: str, line: Expectation) -> AccordSheet:
        """A new line, or one that is there already with its milestones; either way it has to be shared again."""

        def change(_unit: UnitOfWork, _client: Client, accord: Accord, now: datetime) -> Accord:
            known = next((each for each in accord.lines if each.id == line.id), None)
            settled = [each for each in known.milestones if each.state is not MilestoneState.WAITING] if known else []
            named = [replace(each, id=each.id or f"m-{secrets.token_hex(4)}") for each in line.milestones]
            fresh = replace(
                line, id=line.id or f"e-{secrets.token_hex(4)}", milestones=(*settled, *named), changed_at=now
            )
            return rules.expected(accord, fresh)

        return self._changed(workspace_id, actor, client_id, "expectation written", change)

    def drop(self, workspace_id: str, actor: Member, client_id: str, line_id: str) -> AccordSheet:
        def change(unit: UnitOfWork, _client: Client, accord: Accord, now: datetime) -> Accord:
            line = rules.line_of(accord, line_id)
            return rules.expected(accord, replace(line, dropped_on=local_day(now, unit.workspace().timezone)))

        return self._changed(workspace_id, actor, client_id, "expectation dropped", change)

    def set_goal(self, workspace_id: str, actor: Member, client_id: str, goal: str) -> AccordSheet:
        def change(_unit: UnitOfWork, _client: Client, accord: Accord, _now: datetime) -> Accord:
            return replace(accord, goal=goal.strip())

        return self._changed(workspace_id, actor, client_id, "shared goal written", change)

    def settle(
        self, workspace_id: str, actor: Member, client_id: str, milestone_id: str, state: MilestoneState
    ) -> AccordSheet:
        """Kept or missed: a flag or praise of theirs, a miss of ours; what we kept is a moment to celebrate (AM26)."""
        kind = ""

        def change(unit: UnitOfWork, _client: Client, accord: Accord, now: datetime) -> Accord:
            nonlocal kind
            line, milestone = rules.milestone_of(accord, milestone_id)
            today = local_day(now, unit.workspace().timezone)
            settled = rules.settled(accord, milestone_id, state, today)
            noted = self._noted(unit, actor, accord, (line, milestone), state, now)
            kind = "kept" if state is MilestoneState.KEPT else ""
            return rules.with_note(settled, milestone_id, noted) if noted else settled

        sheet = self._changed(workspace_id, actor, client_id, "milestone settled", change)
        return replace(sheet, celebrate=kind)

    def move(self, workspace_id: str, actor: Member, client_id: str, milestone_id: str, to: date) -> AccordSheet:
        def change(unit: UnitOfWork, _client: Client, accord: Accord, now: datetime) -> Accord:
            if to < local_day(now, unit.workspace().timezone):
                raise InvalidError("Choose a day from today on.", {"due": "Choose a day from today on."})
            return rules.moved(accord, milestone_id, to, now)

        return self._changed(workspace_id, actor, client_id, "milestone moved", change)

    def share(self, workspace_id: str, actor: Member, client_id: str) -> AccordSheet:
        """Somebody has sent the page themselves: from today five working days run (AM19)."""

        def change(unit: UnitOfWork, client: Client, accord: Accord, now: datetime) -> Accord:
            today = local_day(now, unit.workspace().timezone)
            share = Share(
                shared_at=now,
                shared_on=today,
                until=rules.ends_objections(today, working_days(unit, client)),
                by_id=actor.id,
                language=language_for(client.language),
                line_ids=tuple(line.id for line in accord.lines),
            )
            return rules.shared(accord, share)

        return self._changed(workspace_id, actor, client_id, "page shared", change)

    def object(self, workspace_id: str, actor: Member, client_id: str, line_id: str, said: str) -> AccordSheet:
        def change(unit: UnitOfWork, _client: Client, accord: Accord, now: datetime) -> Accord:
            today = local_day(now, unit.workspace().timezone)
            return rules.objected(
                accord, Objection(line_id=line_id, heard_on=today, heard_at=now, by_id=actor.id, said=said.strip())
            )

        return self._changed(workspace_id, actor, client_id, "objection noted", change)

    def renew(self, workspace_id: str, actor: Member, client_id: str, renewal: Renewal) -> AccordSheet:
        """The old term closes with what held in it; a fresh one begins, or it simply runs out (AM12)."""
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            today = local_day(now, unit.workspace().timezone)
            if renewal.goes_on and renewal.term_end and renewal.term_end <= today:
                raise InvalidError("Choose a day in the future.", {"ends_on": "Choose a day in the future."})
            old = current(unit, client, now)
            ending = Ending.RENEWED if renewal.goes_on else Ending.NOT_RENEWED
            if renewal.goes_on:
                closed = rules.ended(old, ending, actor.id, now, client.agreement, client.contract.ends_on)
                unit.accords.save(closed)
                kept = tuple(rules.carried_over(old, frozenset(renewal.kept), now))
                new = replace(
                    _fresh(client, now), goal=old.goal, expectations=kept, habits=old.habits, changes=old.changes
                )
                client = replace(
                    client,
                    agreement=renewal.agreement,
                    contract=replace(client.contract, ends_on=renewal.term_end),
                )
                unit.clients.save(client)
            else:
                new = replace(old, ending=ending)
            unit.accords.save(new)
            look_again(unit, new, today)
            record(unit, actor, now, "agreement renewed" if renewal.goes_on else "agreement not renewed", client.id)
            return self._sheet(unit, client, new)

    def remind(self, workspace_id: str, accord_id: str) -> None:
        """A milestone's day has come, or nobody objected: the client's owner hears of it."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            accord = unit.accords.get(accord_id)
            client = unit.clients.lock(accord.client_id)
            accord = unit.accords.get(accord_id)
            today = local_day(now, unit.workspace().timezone)
            look_again(unit, accord, today)
            if accord.ended_at:
                return
            for _line, milestone in rules.due_milestones(accord, today):
                subject = f"{accord.id}:{milestone.id}:{milestone.due_on.isoformat()}"
                details = f"{accord.id}:{milestone.id}"
                nudge(
                    unit,
                    NudgeKind.MILESTONE,
                    client.owner_id,
                    subject=subject,
                    now=now,
                    client_id=client.id,
                    details=details,
                )
            newest = accord.shares[-1] if accord.shares else None
            if newest and newest.until < today:
                subject = f"{accord.id}:{newest.shared_at.isoformat()}"
                nudge(unit, NudgeKind.OBJECTIONS_OVER, newest.by_id, subject=subject, now=now, client_id=client.id,
                      details=accord.id)  # fmt: skip

    def due_milestone(self, unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
        accord_id, _, milestone_id = known.details.partition(":")
        accord = unit.accords.get(accord_id)
        today = local_day(now, unit.workspace().timezone)
        due = {each.id: (line, each) for line, each in rules.due_milestones(accord, today)}
        if milestone_id not in due or accord.ended_at:
            return None
        line, milestone = due[milestone_id]
        text, day = milestone.text or line.text, day_name(milestone.due_on)
        what = Sentence("A milestone was due {day}: {text}. Was it kept?", day=day, text=text)
        ways = (Way(WayOn.SETTLE_MILESTONE, known.details),)
        return Told(about=unit.clients.get(accord.client_id).name, what=what, ways=ways)

    def no_objection(self, unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
        """True while nothing was shared again: silence is recorded, never called a signature."""
        accord = unit.accords.get(known.details)
        newest = accord.shares[-1] if accord.shares else None
        today = local_day(now, unit.workspace().timezone)
        if newest is None or accord.ended_at or known.subject != f"{accord.id}:{newest.shared_at.isoformat()}":
            return None
        if any(rules.line_state(accord, line, today) is LineState.OBJECTED for line in accord.lines):
            return None
        return Told(
            about=unit.clients.get(accord.client_id).name,
            what=Sentence("No objection to the page came by {day}.", day=day_name(newest.until)),
            ways=(Way(WayOn.EXPECTATIONS, accord.client_id),),
        )

    def _noted(
        self,
        unit: UnitOfWork,
        actor: Member,
        accord: Accord,
        found: tuple[Expectation, Milestone],
        state: MilestoneState,
        now: datetime,
    ) -> str:
        """It happened on the day that was agreed, whenever somebody says so."""
        line, milestone = found
        sensor = NOTED_AS.get((line.party, state))
        if sensor is None:
            return ""
        what = milestone.text or line.text
        note = (
            Sentence("The milestone “{what}” was kept.", what=what)
            if state is MilestoneState.KEPT
            else Sentence("The milestone “{what}” of {day} was missed.", what=what, day=day_name(milestone.due_on))
        )
        new = NewNote(
            client_id=accord.client_id,
            type=self._ledger.type_of(sensor),
            source=Source.SENSOR,
            happened_at=min(now, at_local_time(milestone.due_on, unit.workspace().timezone, REMINDED_AT)),
            note=note,
            once=milestone.id,
        )
        return self._ledger.log(unit, actor.id, new).id

    def _changed(self, workspace_id: str, actor: Member, client_id: str, action: str, change: Change) -> AccordSheet:
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            changed = change(unit, client, current(unit, client, now), now)
            unit.accords.save(changed)
            look_again(unit, changed, local_day(now, unit.workspace().timezone))
            record(unit, actor, now, action, client.id)
            return self._sheet(unit, client, changed)

    def _sheet(self, unit: UnitOfWork, client: Client, accord: Accord) -> AccordSheet:
        timezone = unit.workspace().timezone
        today = local_day(self._clock.now(), timezone)
        plan = next((each for each in unit.plans.of_client(client.id) if each.ended_at is None), None)
        return AccordSheet(
            client=client,
            accord=accord,
            earlier=tuple(each for each in unit.accords.of_client(client.id) if each.ended_at),
            today=today,
            timezone=timezone,
            language=language_for(client.language),
            address=client.address,
            voice=voice_of(unit, client),
            facts=page_facts(client, accord, numbered(plan) if plan else None),
            is_working=working_days(unit, client),
        )


def current(unit: UnitOfWork, client: Client, now: datetime) -> Accord:
    """The one that runs; a fresh one where nobody has written anything yet."""
    return unit.accords.current(client.id) or _fresh(client, now)


def look_again(unit: UnitOfWork, accord: Accord, today: date) -> None:
    """Sets the next day on which somebody has to hear of it."""
    following = None if accord.ended_at else rules.next_look(accord, today)
    if following is None:
        unit.dues.drop(LOOK_AT_ACCORD, accord.id)
        return
    due_at = at_local_time(following, unit.workspace().timezone, REMINDED_AT)
    unit.dues.set(LOOK_AT_ACCORD.at(due_at, unit.workspace_id, accord.id))


def _fresh(client: Client, now: datetime) -> Accord:
    return Accord(id=f"ac-{secrets.token_hex(8)}", workspace_id=client.workspace_id, client_id=client.id, begun_at=now)
