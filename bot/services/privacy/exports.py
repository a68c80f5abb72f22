"""What leaves on demand: everything, everything about a client, or everything by and about a person (D12).

Clients, notes, invoices and hours bear the columns that `amicable import` reads; what else is stored of them follows.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.access import require_admin
from bot.agenda import SEND_EXPORT
from bot.services.audit import record
from bot.services.privacy.erasure import found_client, found_person
from bot.services.privacy.pages import PAGE
from rules.clients.client import DEMO_ID
from rules.clients.people import Member, Place
from rules.clients.places import may_read
from rules.ports import Chosen, Clock, Post, Stored, UnitOfWork, Units
from rules.ports.records import EXPORT
from rules.privacy.blanking import Person, concerns
from rules.privacy.fields import tables
from rules.privacy.tombstones import Erased

# The names of the lists, in their order: those that can be imported again come first. Rounds of the pulse are in none:
# two exports, one before and one after an answer, would say whose it was.
SECTIONS: Final[Mapping[str, str]] = {
    "clients": "clients",
    "notes": "signals",
    "invoices": "invoices",
    "hours": "monthly_hours",
    "waits": "response_clocks",
    "perspectives": "perspectives",
    "plans": "plans",
    "agreements": "accords",
    "decisions": "decisions",
    "partings": "partings",
    "tasks": "tickets",
    "letters": "notices",
    "readings": "standings",
    "reactions": "reactions",
    "people": "members",
    "audit": "audit",
}
# What hangs on a message is shown to whoever may read it, and to whoever noted it.
_WHOSE: Final[Mapping[str, str]] = {"signals": "reporter_id", "reactions": "person_id", "response_clocks": "started_by"}
_NOT_OF_A_CLIENT: Final = frozenset({"reactions", "people"})
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, as ids; both empty: everything. `title` names it for people."""

    client_id: str = ""
    person_id: str = ""
    title: str = "everything"

    def __str__(self) -> str:
        if self.client_id:
            return f"{Erased.CLIENT}:{self.client_id}"
        return f"{Erased.PERSON}:{self.person_id}" if self.person_id else ""

    @classmethod
    def read(cls, text: str) -> Wanted:
        kind, _, id_ = text.partition(":")
        return cls(client_id=id_ if kind == Erased.CLIENT else "", person_id=id_ if kind == Erased.PERSON else "")


class ExportService:
    """Page by page: a large ledger takes no more memory than a small one."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def find(self, workspace_id: str, actor: Member, kind: Erased | None, who: str) -> Wanted:
        """The client or person that is meant, or an error that says how to name them."""
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            if kind is Erased.CLIENT:
                client = found_client(unit, who)
                return Wanted(client_id=client.id, title=client.name)
            if kind is Erased.PERSON:
                member = found_person(unit, who)
                return Wanted(person_id=member.id, title=member.name)
        return Wanted()

    def start(self, workspace_id: str, actor: Member, wanted: Wanted, *, as_csv: bool) -> None:
        """A worker writes the file and sends it to whoever asked."""
        self.begin(workspace_id, actor, wanted)
        name = f"amicable-{self._clock.now():%Y-%m-%d-%H%M%S}-{secrets.token_hex(3)}"
        with self._units.begin(workspace_id) as unit:
            unit.jobs.add(SEND_EXPORT(workspace_id, actor.id, str(wanted), int(as_csv), name, once=f"export:{name}"))

    def begin(self, workspace_id: str, actor: Member, wanted: Wanted) -> int:
        """Writes down who took what; gives how many rows will be looked at."""
        require_admin(actor)
        chosen = Chosen(client_id=wanted.client_id)
        with self._units.begin(workspace_id) as unit:
            subject = wanted.client_id or wanted.person_id or workspace_id
            record(unit, actor, self._clock.now(), "exported", subject)
            return sum(unit.archive.count(SECTIONS[name], chosen) for name in sections(wanted))

    def entries(
        self, workspace_id: str, actor: Member, wanted: Wanted, looked: Callable[[int], None], *, as_operator: bool
    ) -> Iterator[tuple[str, Iterator[Entry]]]:
        """Each list by its name. `looked` hears how many rows were looked at; in Slack `actor` gets only what they see.

        The operator, who holds the whole database anyway, gets notes from private channels too.
        """
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            names = {client.id: client.name for client in unit.clients.all(archived=True)}
            emails = {member.id: member.email for member in unit.people.members()}
            person = _person(unit, wanted.person_id) if wanted.person_id else None
        shape = _Shape(names, emails)
        reader = None if as_operator else actor
        for section in sections(wanted):
            kept = self._kept(workspace_id, wanted, SECTIONS[section], person, _Eyes(reader), looked)
            yield section, (shape.entry(section, values) for values in kept)

    def draft(self, workspace_id: str, actor: Member, name: str) -> Post:
        """The row that remembers a file in somebody's messages, so that it can be taken back."""
        now = self._clock.real()
        return Post(key=name, workspace_id=workspace_id, channel_id="", kind=EXPORT, subject=actor.id, created_at=now)

    def _kept(
        self,
        workspace_id: str,
        wanted: Wanted,
        table: str,
        person: Person | None,
        eyes: _Eyes,
        looked: Callable[[int], None],
    ) -> Iterator[Mapping[str, Any]]:
        fields, after = tables()[table], ""
        while True:
            with self._units.read(workspace_id) as unit:
                rows = unit.archive.page(table, Chosen(client_id=wanted.client_id), after, PAGE)
                seen = [stored for stored in rows if table not in _WHOSE or eyes.see(unit, stored, _WHOSE[table])]
            real = [
                each.values for each in seen if DEMO_ID not in (each.values.get("client_id"), each.values.get("id"))
            ]
            yield from (values for values in real if person is None or concerns(fields, values, person))
            looked(len(rows))
            if len(rows) < PAGE:
                return
            after = rows[-1].place


class _Eyes:
    """What one reader may see of what hangs on messages (BR14)."""

    def __init__(self, reader: Member | None) -> None:
        self._reader = reader
        self._places: dict[str, Place | None] = {}

    def see(self, unit: UnitOfWork, stored: Stored, whose: str) -> bool:
        """`whose` is the field that names who noted it."""
        channel_id = str(stored.values["channel_id"])
        if self._reader is None or not channel_id or stored.values[whose] == self._reader.id:
            return True
        if channel_id not in self._places:
            self._places[channel_id] = unit.people.find_place(channel_id)
        return may_read(self._places[channel_id], self._reader)


class _Shape:
    """Rows as they are written: first what an import reads, then the rest as it is stored."""

    def __init__(self, names: Mapping[str, str], emails: Mapping[str, str]) -> None:
        self._names = names
        self._emails = emails

    def entry(self, section: str, values: Mapping[str, Any]) -> Entry:
        first = self._first(section, values)
        rest = {name: value for name, value in values.items() if name not in {*first, "workspace_id"}}
        return first | {name: value for name, value in rest.items() if name not in _SAID.get(section, ())}

    def _first(self, section: str, values: Mapping[str, Any]) -> Entry:
        client = {"client": self._names.get(str(values.get("client_id", "")), "")}
        match section:
            case "clients":
                return self._client(values)
            case "notes":
                who = self._who(values["reporter_id"])
                date = {"date": values["happened_at"], "type": values["type"], "severity": values["severity"]}
                return client | date | {"who": who, "text": values["note"], "link": values["link"]}
            case "invoices":
                return client | {name: values[name] for name in ("number", "due_on", "amount", "paid_on")}
            case "hours":
                return client | {"month": values["month"], "hours": values["hours"]}
            case _ if "client_id" in values:
                return client
            case _:
                return {}

    def _client(self, values: Mapping[str, Any]) -> Entry:
        agreement = values.get("agreement") or {}
        contract = {name: value for name, value in (values.get("contract") or {}).items() if name != "reviewed"}
        return {
            "name": values["name"],
            "aliases": values.get("aliases", []),
            "owner": self._who(values["owner_id"]),
            "channels": values.get("channel_ids", []),
            "visible_to": [self._who(each) for each in values.get("visible_to", [])],
            **agreement,
            **contract,
        }

    def _who(self, person_id: str) -> str:
        """By e-mail, as an import reads it; by id where there is none."""
        return self._emails.get(person_id) or person_id


# Stored fields that an entry's first columns say already.
_SAID: Final[Mapping[str, frozenset[str]]] = {
    "clients": frozenset({"owner_id", "channel_ids", "agreement", "contract"}),
    "notes": frozenset({"note", "happened_at"}),
}


def sections(wanted: Wanted) -> list[str]:
    """Which lists it has. A client's has neither the team nor reactions, whose notes it holds."""
    return [name for name in SECTIONS if not wanted.client_id or name not in _NOT_OF_A_CLIENT]


def _person(unit: UnitOfWork, person_id: str) -> Person:
    member = found_person(unit, person_id)
    return Person(member.id, member.name, member.email)
