"""Erasing a client or a person: words, names and contacts go for good; rows, dates and sums stay, so do scores (D12).

It begins in one commit that lets nothing new in (a tombstone, a refusal, a due time) and goes on page by page. The due
time stands until all is done, so a run that was killed begins again and finds what is done as done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import require_admin
from bot.agenda import ERASE, FORGET_WORK, TRIED_AGAIN_AFTER
from bot.services.audit import record
from bot.services.people import redraw_homes, was_of_erased
from bot.services.privacy.pages import pages
from rules.clients.client import Client
from rules.clients.names import normal
from rules.clients.people import Member
from rules.clients.short_names import meant
from rules.decisions.plan import Outcome
from rules.errors import ConflictError, InvalidError, NotFoundError
from rules.health.measures import ClockState
from rules.partings.parting import PartingState
from rules.ports import Chosen, Clock, Stored, UnitOfWork, Units
from rules.privacy.blanking import Person, without_client, without_person
from rules.privacy.fields import tables
from rules.privacy.tombstones import Erased, Tombstone, mark, pseudonym
from rules.sentences import Sentence, either
from rules.workdays import day_name

PAGE = 200
# What says who it was goes last: until then it is needed to find what names them.
OF_CLIENT = (
    "signals",
    "invoices",
    "monthly_hours",
    "response_clocks",
    "plans",
    "perspectives",
    "accords",
    "pulses",
    "decisions",
    "tickets",
    "notices",
    "partings",
    "audit",
    "clients",
)
# Of no client by themselves: what stands there about the channels that were an erased client's.
OF_CHANNELS = ("places", "inbox")
OF_PERSON = (
    *OF_CLIENT[:-1],
    "inbox",
    "reactions",
    "places",
    "posts",
    "workspaces",
    "clients",
    "nudges",
    "receipts",
    "recipients",
    "members",
)
_CHANNEL = re.compile(r"\b[CG][A-Z0-9]{4,}\b")
_OPEN = frozenset({PartingState.OPENING, PartingState.OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who is erased, as ids; `actor_id` is who wanted it and hears of it."""

    kind: Erased
    id: str
    actor_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}:{self.actor_id}"

    def shown(self, workspace_id: str) -> str:
        """How they are called once they are gone."""
        return self.id if self.kind is Erased.CLIENT else pseudonym(workspace_id, self.id)

    @classmethod
    def read(cls, text: str) -> Subject:
        kind, id_, actor_id = text.split(":", 2)
        return cls(kind=Erased(kind), id=id_, actor_id=actor_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What an erasure would touch. `name` has to be typed to confirm it; `remains` is what we can't erase."""

    subject: Subject
    name: str
    rows: int
    remains: tuple[str, ...] = ()


class ErasureService:
    """For admins, and for the operator on the command line."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def foresee(self, workspace_id: str, actor: Member, kind: Erased, who: str, *, exactly: bool = False) -> Foreseen:
        """Finds a client by name, a person by e-mail, id or name; says what would go and what would stay.

        `exactly`: nobody is asked before it goes, so that a client's name must be whole.
        """
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            if kind is Erased.PERSON:
                member = found_person(unit, who)
                subject = Subject(kind=kind, id=member.id, actor_id=actor.id)
                return Foreseen(subject=subject, name=member.name, rows=0, remains=_left_of_person(unit, member))
            client = found_client(unit, who, exactly=exactly)
            _require_no_open_parting(unit, client)
            chosen = Chosen(client_id=client.id)
            return Foreseen(
                subject=Subject(kind=kind, id=client.id, actor_id=actor.id),
                name=client.name,
                rows=sum(unit.archive.count(table, chosen) for table in OF_CLIENT),
                remains=_left_of_client(unit, client),
            )

    def begin(self, workspace_id: str, actor: Member, foreseen: Subject, typed: str) -> None:
        """From here on nothing new is stored about them, and what is there goes."""
        require_admin(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            if foreseen.kind is Erased.CLIENT:
                self._close_client(unit, foreseen.id, typed, now)
            else:
                member = found_person(unit, foreseen.id)
                _require_typed(typed, member.name)
                _set_tombstones(unit, Erased.PERSON, (member.id, member.email), now)
            due_at = now + TRIED_AGAIN_AFTER
            unit.dues.set(ERASE.at(due_at, workspace_id, str(foreseen)))
            record(unit, actor, now, "erased", foreseen.shown(workspace_id))

    def unfinished(self, workspace_id: str) -> list[str]:
        """Erasures that were begun and broken off; a worker takes them up by itself."""
        with self._units.read(workspace_id) as unit:
            found = [stored.values for rows in pages(unit, "dues", Chosen()) for stored in rows]
        return [str(each["subject"]) for each in found if each["kind"] == ERASE.kind]

    def start(self, workspace_id: str, actor: Member, subject: Subject, typed: str) -> None:
        """The same with a job for what comes then."""
        self.begin(workspace_id, actor, subject, typed)
        with self._units.begin(workspace_id) as unit:
            moment = self._clock.now().isoformat(timespec="seconds")
            once = f"erase:{subject.shown(workspace_id)}:{moment}"
            unit.jobs.add(ERASE(workspace_id, str(subject), moment, once=once))

    def tables(self, subject: Subject) -> Sequence[str]:
        return (*OF_CHANNELS, *OF_CLIENT) if subject.kind is Erased.CLIENT else OF_PERSON

    def blank_page(self, workspace_id: str, text: str, table: str, after: str) -> str:
        """Blanks some rows; the place behind them, or nothing when the table is through."""
        subject = Subject.read(text)
        of_client = subject.kind is Erased.CLIENT and table not in OF_CHANNELS
        with self._units.begin(workspace_id) as unit:
            chosen = Chosen(client_id=subject.id) if of_client else Chosen()
            rows = unit.archive.lock_page(table, chosen, after, PAGE)
            person = _person(unit, subject.id)
            for stored in rows:
                if not _waits(stored):
                    unit.archive.rewrite(table, stored, _without(unit, subject, table, stored, person))
        return rows[-1].place if len(rows) == PAGE else ""

    def finish(self, workspace_id: str, text: str) -> None:
        """What was to come up for them comes up no more.

        An event that waits to be handled keeps its words until then, so the erasure comes by once more.
        """
        subject, now = Subject.read(text), self._clock.now()
        again = now + TRIED_AGAIN_AFTER
        with self._units.begin(workspace_id) as unit:
            for rows in list(pages(unit, "dues", Chosen())):
                self._drop_dues(unit, subject, rows)
            if any(_waits(stored) and self._is_about(unit, subject, stored) for stored in _inbox(unit)):
                unit.dues.set(ERASE.at(again, workspace_id, text))
            if subject.kind is Erased.PERSON:
                # The job that runs now has them in its arguments: those are forgotten once it has ended.
                unit.dues.set(FORGET_WORK.at(again, workspace_id, subject.shown(workspace_id)))
            redraw_homes(unit, now)
        self._units.scrub()

    def work_forgotten(self, workspace_id: str, gone: str) -> None:
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(FORGET_WORK, gone)
        self._units.scrub()

    @staticmethod
    def _is_about(unit: UnitOfWork, subject: Subject, event: Stored) -> bool:
        if subject.kind is Erased.CLIENT:
            return _is_of_erased(unit, event)
        return Person(subject.id).is_named_in(str(event.values["payload"]))

    def _drop_dues(self, unit: UnitOfWork, subject: Subject, rows: Sequence[Stored]) -> None:
        parts = {part for stored in rows for part in _parts(stored)}
        theirs = unit.archive.about_client(subject.id, sorted(parts)) if subject.kind is Erased.CLIENT else {subject.id}
        for stored in rows:
            if theirs & _parts(stored):
                unit.dues.forget(str(stored.values["kind"]), str(stored.values["subject"]))

    def _close_client(self, unit: UnitOfWork, client_id: str, typed: str, now: datetime) -> None:
        client = unit.clients.lock(client_id)
        _require_typed(typed, client.name)
        _require_no_open_parting(unit, client)
        names = (client.name, *client.aliases, *(each.name for each in client.absorbed))
        _set_tombstones(unit, Erased.CLIENT, (*names, *client.channel_ids), now)
        for plan in unit.plans.of_client(client.id):
            if plan.ended_at is None:
                unit.plans.save(replace(plan, ended_at=now, outcome=Outcome.ABANDONED))
        decision = unit.decisions.current(client.id)
        if decision and decision.confirmed_at is None:
            unit.decisions.save(replace(decision, dropped_at=now))
        for clock in unit.agreements.running_clocks(client.id):
            unit.agreements.save_clock(replace(clock, state=ClockState.EXCUSED, settled_at=now))
        unit.clients.save(
            replace(client, aliases=(), channel_ids=(), archived_at=client.archived_at or now, erased_at=now)
        )
        unit.clients.forget_ways(client.id)


def found_client(unit: UnitOfWork, who: str, *, exactly: bool = False) -> Client:
    """By name, or by what only one client is called for short: the beginning, the initials, no legal form."""
    found = unit.clients.named([normal(who)]).get(normal(who))
    if found:
        found.require_real()
        return found
    erased = unit.tombstones.find(Erased.CLIENT, who)
    if erased:
        raise ConflictError(
            Sentence(
                "A client of that name was erased on {erased_at}. Nothing is left to do.",
                erased_at=day_name(erased.erased_at),
            )
        )
    called = [unit.clients.get(client_id) for client_id in sorted(meant([who], unit.clients.names())[1])]
    if len(called) == 1 and not exactly:
        return called[0]
    if called:
        names = either([client.name for client in called])
        raise NotFoundError(Sentence("“{who}” may be {names}. Type the whole name.", who=who, names=names))
    raise NotFoundError(
        Sentence(
            "No client is called “{who}”. Type the whole name or an alias, as the list of clients has it.", who=who
        )
    )


def found_person(unit: UnitOfWork, who: str) -> Member:
    """By Slack id, e-mail or the whole name."""
    said = who.strip().removeprefix("<@").removesuffix(">").casefold()
    found = [
        member
        for member in unit.people.members()
        if said and said in (member.id.casefold(), member.email.casefold(), member.name.casefold())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidError(
            Sentence(
                "{count} person is called “{who}”. Name this one by e-mail or Slack id.",
                "{count} people are called “{who}”. Name this one by e-mail or Slack id.",
                count=len(found),
                who=who,
            )
        )
    if unit.tombstones.find(Erased.PERSON, said):
        raise ConflictError("That person was erased already. Nothing is left to do.")
    raise NotFoundError(Sentence("Nobody here is known as “{who}”. Name the person by e-mail or Slack id.", who=who))


def _person(unit: UnitOfWork, person_id: str) -> Person:
    known = unit.people.find_member(person_id)
    return Person(person_id, known.name if known else "", known.email if known else "")


def _require_typed(typed: str, name: str) -> None:
    if normal(typed) != normal(name):
        sentence = Sentence("Please type “{name}” to confirm. Nothing was erased.", name=name)
        raise InvalidError(sentence, {"typed": sentence})


def _require_no_open_parting(unit: UnitOfWork, client: Client) -> None:
    parting = unit.partings.of_client(client.id)
    if parting and parting.state in _OPEN:
        raise ConflictError(
            Sentence(
                "The parting from {name} is still open, and its tasks speak of them. Close it first, then erase.",
                name=client.name,
            )
        )


def _left_of_client(unit: UnitOfWork, client: Client) -> tuple[str, ...]:
    parting = unit.partings.of_client(client.id)
    opened = [ticket for ticket in unit.partings.tickets(parting.id) if ticket.ref] if parting else []
    trackers = ", ".join(sorted({ticket.tracker for ticket in opened}))
    return (
        (
            Sentence(
                "{count} ticket stays in {trackers}: delete it there.",
                "{count} tickets stay in {trackers}: delete them there.",
                count=len(opened),
                trackers=trackers,
            ),
        )
        if opened
        else ()
    )


def _left_of_person(unit: UnitOfWork, member: Member) -> tuple[str, ...]:
    owned = sum(client.owner_id == member.id for client in unit.clients.all(archived=True))
    return (Sentence("{owned} of our clients have them as owner: name another one.", owned=owned),) if owned else ()


def _set_tombstones(unit: UnitOfWork, kind: Erased, texts: Sequence[str], now: datetime) -> None:
    for text in filter(None, texts):
        hash_ = mark(unit.workspace_id, kind, text)
        unit.tombstones.set(Tombstone(workspace_id=unit.workspace_id, kind=kind, hash=hash_, erased_at=now))


def _without(unit: UnitOfWork, subject: Subject, table: str, stored: Stored, person: Person) -> Mapping[str, object]:
    if subject.kind is Erased.PERSON:
        return _without_person(table, stored, person, pseudonym(unit.workspace_id, subject.id))
    if table in OF_CHANNELS and not _is_of_erased(unit, stored):
        return stored.values
    return without_client(tables()[table], stored.values)


def _without_person(table: str, stored: Stored, person: Person, gone: str) -> dict[str, object]:
    left = without_person(tables()[table], stored.values, person, gone)
    if table == "posts":
        left["key"] = str(left["key"]).replace(person.id, gone)
    if table == "members" and stored.values["id"] == person.id:
        left |= {"is_deleted": True, "is_admin": False, "is_decider": False, "is_contractor": False}
        left |= {"contractor_until": None, "visited_at": None, "away_since": None}
    return left


def _waits(stored: Stored) -> bool:
    """An event that nobody has handled yet: until then its payload is all that there is of it."""
    return "payload" in stored.values and stored.values["handled_at"] is None


def _inbox(unit: UnitOfWork) -> Iterator[Stored]:
    return (stored for rows in list(pages(unit, "inbox", Chosen())) for stored in rows)


def _is_of_erased(unit: UnitOfWork, stored: Stored) -> bool:
    """A place that was an erased client's and is nobody's now, or an event from there that has been handled."""
    named = {str(stored.values["id"])} if "payload" not in stored.values else _CHANNEL.findall(stored.values["payload"])
    return any(was_of_erased(unit, channel_id) for channel_id in set(named))


def _parts(stored: Stored) -> set[str]:
    """The ids that a due time's subject is made of."""
    return set(str(stored.values["subject"]).replace("@", ":").split(":"))
