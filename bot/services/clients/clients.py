"""Clients: adding them, finding them in what people type, and the channel that belongs to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

from bot.access import locked_client, may_see, require_admin, seen_client
from bot.agenda import LOG_REACTIONS, begin
from bot.services.audit import record
from rules.clients.client import Client
from rules.clients.names import likely_name, near_misses, normal, plain, split_client, valid_name, without_form
from rules.clients.people import Member
from rules.clients.places import require_owner, verdict
from rules.clients.short_names import meant, mentioned, other_spellings
from rules.errors import AmicableError, InvalidError
from rules.ports import Clock, Directory, UnitOfWork, Units
from rules.sentences import Sentence

OFFERED = 100  # what a select of Slack's holds
GUESSES = 3
Names = Sequence[tuple[str, str]]  # (name or alias, client id)
MET_AT_ONCE = 8
CHANNELS = ("C", "G")  # how the ids of channels begin; a direct message belongs to no client
JOINTS = ("&", "+")  # behind a short name: “Miller & Daughters” are not Miller & Sons
LOOKED_AT = 100  # so that clients which the reader may not see take no other's place
# Names and channels are unique, so a hidden client's can't be given away; more is not said of it.
TAKEN_NAME = "This name is taken. Choose another one, or ask a workspace admin who has it."
TAKEN_CHANNEL = "This channel belongs to a client already. Choose another one, or ask a workspace admin."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """What the form asks for."""

    name: str
    aliases: tuple[str, ...] = ()
    channel_id: str = ""
    owner_id: str
    language: str = "en"
    contact_name: str = ""
    contact_email: str = ""
    client_since: date | None = None
    revenue_share_percent: int | None = None


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Beside which fields of a form it says what is wrong with a new client."""

    name: str
    channel: str
    owner: str


OWN_FIELDS = FieldNames("name", "channel", "owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Who a text speaks of. Without a `client`, `guesses` are what it may have meant; `rest` is never lost.

    `mentioned` are those whose name stands somewhere in a text that begins with nobody's.
    """

    client: Client | None
    rest: str
    guesses: tuple[Client, ...] = field(default=())
    mentioned: tuple[Client, ...] = field(default=())


class ClientService:
    """The register of clients."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def add(self, workspace_id: str, actor: Member, asked: NewClient, fields: FieldNames = OWN_FIELDS) -> Client:
        """Adds a client; what is wrong, taken or not of the team comes back beside its field."""
        require_owner(self._directory.member(workspace_id, asked.owner_id), fields.owner)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            new = _check(unit, actor, asked, fields)
            client = Client(
                id=new_client_id(),
                workspace_id=workspace_id,
                name=new.name,
                aliases=new.aliases,
                channel_ids=(new.channel_id,) if new.channel_id else (),
                owner_id=new.owner_id,
                language=new.language,
                contact_name=new.contact_name,
                contact_email=new.contact_email,
                client_since=new.client_since,
                revenue_share_percent=new.revenue_share_percent,
                stage_since=now,
            )
            enter(unit, actor, client, now)
        return client

    def known_or_new(
        self, workspace_id: str, actor: Member, asked: NewClient, fields: FieldNames
    ) -> tuple[Client, bool]:
        """The client of this name, and whether it was added just now: a form that is sent twice adds nobody twice."""
        with self._units.read(workspace_id) as unit:
            known = _known_to(actor, unit.clients.named([normal(asked.name)]).get(normal(asked.name)))
        return (known, False) if known else (self.add(workspace_id, actor, asked, fields), True)

    def free_channel(self, workspace_id: str, channel_id: str) -> str:
        """The channel, where only some of us are in it and no client has it yet; else, and in doubt, nothing."""
        if not channel_id.startswith(CHANNELS) or not self.is_unclaimed(workspace_id, channel_id):
            return ""
        try:
            place = self._directory.glance(workspace_id, channel_id)
            guests = place.guest_ids or ()
            # Somebody waits for a form, which Slack lets us open for three seconds: only a few are asked about.
            met = len(guests) <= MET_AT_ONCE and [self._directory.member(workspace_id, each) for each in guests]
        except AmicableError:
            return ""
        members = met or self._directory.people(workspace_id, guests)
        return channel_id if verdict(place, members).internal and not place.is_general else ""

    def hears(self, workspace_id: str, channel_id: str) -> bool:
        """Whether we are in a channel, so that reactions there reach us."""
        try:
            return self._directory.glance(workspace_id, channel_id).bot_is_member
        except AmicableError:
            return False

    def likely_name(self, workspace_id: str, text: str, channel_id: str) -> str:
        """What somebody whom we don't know yet may be called, by what was typed and where."""
        with self._units.read(workspace_id) as unit:
            place = unit.people.find_place(channel_id) if channel_id else None
        return likely_name(text, place.name if place else "")

    def get(self, workspace_id: str, reader: Member, client_id: str) -> Client:
        with self._units.read(workspace_id) as unit:
            return seen_client(unit, reader, client_id)

    def of_channel(self, workspace_id: str, reader: Member, channel_id: str) -> Client | None:
        """For whoever may not see its client a channel has none; so with names below."""
        with self._units.read(workspace_id) as unit:
            return _known_to(reader, unit.clients.of_channel(channel_id))

    def is_unclaimed(self, workspace_id: str, channel_id: str) -> bool:
        """Whether a channel belongs to no client yet."""
        with self._units.read(workspace_id) as unit:
            return unit.clients.of_channel(channel_id) is None

    def whose_name(self, workspace_id: str, reader: Member, channel_id: str) -> Client | None:
        """The one client whose name a channel bears: #birch-barrow may well be Birch & Barrow's."""
        with self._units.read(workspace_id) as unit:
            place = unit.people.find_place(channel_id)
            found = list(islice(_visible(unit, reader, place.name), 2)) if place and place.name else []
            return found[0] if len(found) == 1 else None

    def in_front(self, workspace_id: str, reader: Member, text: str) -> tuple[Client, str] | None:
        """The one client that a text begins with, and what follows."""
        for candidate in split_client(text):
            client = self.named(workspace_id, reader, candidate.name) if candidate.rest and candidate.name else None
            if client:
                return client, candidate.rest
        return None

    def search(self, workspace_id: str, reader: Member, typed: str) -> list[Client]:
        """Clients whose name or alias holds what was typed; word starts first, as many as a select shows."""
        with self._units.read(workspace_id) as unit:
            return list(islice(_visible(unit, reader, typed), OFFERED))

    def knows_anybody(self, workspace_id: str, reader: Member) -> bool:
        """Whether there is a client that the reader may see."""
        with self._units.read(workspace_id) as unit:
            return next(_visible(unit, reader, ""), None) is not None

    def named(self, workspace_id: str, reader: Member, text: str) -> Client | None:
        """The client that is called exactly this, or the only one that is called this for short."""
        with self._units.read(workspace_id) as unit:
            exact = _known_to(reader, unit.clients.named([normal(text)]).get(normal(text)))
            called = () if exact else _called(unit, reader, [text], unit.clients.names())[1]
            return exact or (called[0] if len(called) == 1 else None)

    def near(self, workspace_id: str, reader: Member, text: str) -> tuple[Client, ...]:
        """Clients that are called this for short, or whose names are at most two letters away."""
        with self._units.read(workspace_id) as unit:
            names = unit.clients.names()
            spelt = [*names, *other_spellings(names)]
            return _called(unit, reader, [text], names)[1][:GUESSES] or _near(unit, reader, text, spelt)

    def locate(self, workspace_id: str, reader: Member, text: str, channel_id: str) -> Located:
        """Who `/redflag TEXT` speaks of: the longest name in front, else the channel's client, else a question."""
        with self._units.read(workspace_id) as unit:
            candidates = split_client(text)
            channels = {channel_id, *(candidate.channel_id for candidate in candidates)}
            found = unit.clients.ways(
                [candidate.name for candidate in candidates if candidate.name], sorted(filter(None, channels))
            )
            here = _known_to(reader, found.get(channel_id))
            for candidate in candidates:
                client = _known_to(reader, found.get(candidate.channel_id or candidate.name))
                if client:
                    return _agreed(client, here, candidate.rest, text)
            names = unit.clients.names()
            typed = [candidate.typed for candidate in candidates if candidate.typed[-1:] not in JOINTS]
            said, called = _called(unit, reader, typed, names, in_text=True)
            if len(called) == 1:
                rest = next(candidate.rest for candidate in candidates if candidate.typed == said)
                if rest[:1] not in JOINTS:
                    return _agreed(called[0], here, rest, text)
            if called:
                return Located(client=None, rest=plain(text), guesses=called[:GUESSES])
            spelt = names if here else [*names, *other_spellings(names)]
            near = [client for client in _near(unit, reader, text, spelt) if not here or client.id != here.id]
            if near:
                return Located(client=None, rest=plain(text), guesses=(*near, *([here] if here else [])))
            spoken_of = () if here else _seen(unit, reader, mentioned(text, names))[:GUESSES]
            return Located(client=here, rest=plain(text), mentioned=spoken_of)

    def map_channel(self, workspace_id: str, actor: Member, client_id: str, channel_id: str) -> Client:
        """Gives a channel to a client; a channel belongs to one client only."""
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            check_channel(unit, actor, channel_id, client.id)
            mapped = replace(client, channel_ids=tuple(dict.fromkeys((*client.channel_ids, channel_id))))
            unit.clients.save(mapped)
            catch_up(unit, mapped, self._clock.now())
            record(unit, actor, self._clock.now(), "channel mapped", client.id, channel_id)
            return mapped

    def tracker(self, workspace_id: str, there: Sequence[str]) -> str:
        """Where tasks go unless a client's own place is another: what was chosen, else the first of those there."""
        with self._units.read(workspace_id) as unit:
            chosen = unit.workspace().tracker
        return chosen if chosen in there else next(iter(there), "")

    def choose_tracker(self, workspace_id: str, actor: Member, tracker: str) -> None:
        """Where this workspace's tasks go; the name of a tracker that is set up."""
        require_admin(actor)
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), tracker=tracker))
            record(unit, actor, self._clock.now(), "tracker chosen", workspace_id, tracker)

    def country(self, workspace_id: str) -> str:
        """Whose holidays count where a contract names no country."""
        with self._units.read(workspace_id) as unit:
            return unit.workspace().country

    def set_country(self, workspace_id: str, actor: Member, country: str) -> None:
        """ISO 3166, with a region where that has holidays of its own: "NL", "ES-CT"; empty: weekends only."""
        require_admin(actor)
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), country=country, country_chosen=True))
            record(unit, actor, self._clock.now(), "country chosen", workspace_id, country)


def _visible(unit: UnitOfWork, reader: Member, typed: str) -> Iterator[Client]:
    """Page by page: many of those that match may be shown to others only."""
    skipped = 0
    while page := unit.clients.found(typed, OFFERED, skipped):
        yield from (client for client in page if may_see(reader, client))
        skipped += len(page)


def new_client_id() -> str:
    return f"cl-{secrets.token_hex(8)}"


def enter(unit: UnitOfWork, actor: Member, client: Client, now: datetime) -> None:
    """Adds a client whose names are free, whatever the way in."""
    unit.clients.add(client)
    catch_up(unit, client, now)
    record(unit, actor, now, "client added", client.id)


def catch_up(unit: UnitOfWork, client: Client, now: datetime) -> None:
    """What was reacted to before the channels had a client is logged now."""
    for channel_id in client.channel_ids:
        moment = now.isoformat(timespec="seconds")
        begin(unit, LOG_REACTIONS, channel_id, now, once=f"log_reactions:{channel_id}:{client.id}:{moment}")


def _agreed(client: Client, here: Client | None, rest: str, text: str) -> Located:
    """A name that contradicts the channel is asked about, and the text is kept."""
    if here and here.id != client.id:
        return Located(client=None, rest=plain(text), guesses=(client, here))
    return Located(client=client, rest=without_form(rest))


def _known_to(reader: Member, client: Client | None) -> Client | None:
    return client if client and may_see(reader, client) else None


def _called(
    unit: UnitOfWork, reader: Member, texts: Sequence[str], names: Names, *, in_text: bool = False
) -> tuple[str, tuple[Client, ...]]:
    """The first text that some are called for short, and those of them that the reader may see."""
    said, ids = meant(texts, names, in_text=in_text)
    return said, _seen(unit, reader, ids)


def _seen(unit: UnitOfWork, reader: Member, ids: Iterable[str]) -> tuple[Client, ...]:
    return tuple(client for client in map(unit.clients.get, sorted(ids)) if may_see(reader, client))


def _near(unit: UnitOfWork, reader: Member, text: str, names: Names) -> tuple[Client, ...]:
    """The three nearest of those that the reader may see."""
    found = (unit.clients.get(miss.client_id) for miss in near_misses(text, names, LOOKED_AT))
    return tuple(islice((client for client in found if may_see(reader, client)), GUESSES))


def _check(unit: UnitOfWork, actor: Member, new: NewClient, fields: FieldNames) -> NewClient:
    """The client with its names as they are kept; what is wrong stands beside its field."""
    (name,) = check_names(unit, actor, fields.name, [new.name])
    aliases = check_names(unit, actor, "aliases", new.aliases)
    if new.channel_id:
        check_channel(unit, actor, new.channel_id, "", fields.channel)
    return replace(new, name=name, aliases=tuple(alias for alias in aliases if normal(alias) != normal(name)))


def check_names(
    unit: UnitOfWork, actor: Member, field_name: str, names: Sequence[str], client_id: str = ""
) -> tuple[str, ...]:
    """The names as they are kept; those that another client than this one has come back beside the field."""
    try:
        valid = tuple(valid_name(name) for name in names)
    except InvalidError as error:
        raise InvalidError("Please look at the names.", {field_name: error.sentence}) from error
    known = unit.clients.named(normal(name) for name in valid).values()
    taken = next((other for other in known if other.id != client_id), None)
    if taken:
        other = _known_to(actor, taken)
        sentence = (
            Sentence("{name} is called that already. Choose another name.", name=other.name) if other else TAKEN_NAME
        )
        raise InvalidError("Please look at the names.", {field_name: sentence})
    return tuple({normal(name): name for name in valid}.values())


def check_channel(
    unit: UnitOfWork, actor: Member, channel_id: str, client_id: str, field_name: str = "channel"
) -> None:
    owner = unit.clients.of_channel(channel_id)
    if owner and owner.id != client_id:
        sentence = (
            Sentence("This channel belongs to {name}. Choose another one.", name=owner.name)
            if may_see(actor, owner)
            else TAKEN_CHANNEL
        )
        raise InvalidError("Please choose another channel.", {field_name: sentence})
