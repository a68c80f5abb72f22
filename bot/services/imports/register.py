"""Who is meant by the names in a file: clients, those of the same import among them, people and channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.services.clients.clients import new_client_id
from rules.clients.client import Client
from rules.clients.names import near_misses, normal
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.clients.short_names import meant
from rules.errors import InvalidError
from rules.ports import UnitOfWork
from rules.privacy.tombstones import Erased, Tombstone
from rules.sentences import Sentence, either

Gone = Callable[[Erased, str], Tombstone | None]


@dataclass(slots=True, eq=False)
class Known:
    """A client as an import needs it. `from_files`: this import brings it; `planned`: and it is not there yet.

    `ids` are all that its notes may have been made with, `erased_at` is when one of its name was erased.
    """

    id: str
    name: str
    measures_hours: bool
    ids: tuple[str, ...] = ()
    erased_at: datetime | None = None
    from_files: bool = False
    planned: bool = False


class Register:
    """What is known at the beginning, and what the files add."""

    def __init__(self, unit: UnitOfWork, channels: Mapping[str, str], gone: Gone) -> None:
        """`channels` are the ids of channels by name, as far as Slack shows them; `gone` finds who was erased."""
        self._by_name: dict[str, Known] = {}
        for client in unit.clients.all(archived=True):
            known = Known(client.id, client.name, client.agreement.monthly_hours is not None, ids=client.ids)
            self._by_name |= dict.fromkeys(map(normal, (client.name, *client.aliases)), known)
        members = unit.people.members()
        self._by_address = {member.email.casefold(): member for member in members if member.email}
        self._by_id = {member.id: member for member in members}
        self._workspace_id = unit.workspace_id
        self._channels = channels
        self._gone = gone
        self._spelt: dict[str, Known] = {}
        self._strange: dict[str, str] = {}
        self._spoilt: set[str] = set()

    def find(self, name: str) -> Known | None:
        return self._by_name.get(normal(name))

    def client(self, name: str) -> Known:
        """The client that is called exactly this, or an `InvalidError` that names what may have been meant."""
        if name in self._spelt:
            return self._spelt[name]
        known = self.find(name)
        if known is None and name not in self._strange:
            known = self._called(name)
            if known is None:
                self._strange[name] = self._nobody(name)
        if known is None:
            raise InvalidError(self._strange[name])
        erased = self._gone(Erased.CLIENT, name)
        known.erased_at = erased.erased_at if erased else known.erased_at
        self._spelt[name] = known
        return known

    def plan(self, name: str, aliases: Sequence[str], *, measures_hours: bool) -> Known:
        """A client of the files; whoever is called this already stays who they are."""
        known = self.find(name)
        if known is None or (known.from_files and normal(known.name) != normal(name)):
            self._require_free([name])
            if self._gone(Erased.CLIENT, name):
                raise InvalidError(
                    Sentence(
                        "“{name}” was erased here, and an import brings nobody back. Take the line out; if you "
                        "work together again, add the client in Slack.",
                        name=name,
                    )
                )
            known = Known(new_client_id(), name, measures_hours, from_files=True, planned=True)
        self._require_free(aliases, known)
        known.measures_hours = known.measures_hours or measures_hours
        self._by_name |= dict.fromkeys(map(normal, (name, *aliases)), known)
        return known

    def came(self, client: Client) -> None:
        """A planned client is in the database now, perhaps by somebody else's hand."""
        for name in (client.name, *client.aliases):
            known = self._by_name.get(normal(name))
            if known is not None and known.planned:
                known.id, known.planned = client.id, False

    def spoil(self, name: str) -> None:
        """A line of the files that names this client can't be taken."""
        self._spoilt.add(normal(name))

    def _require_free(self, names: Iterable[str], owner: Known | None = None) -> None:
        for name in names:
            taken_by = self.find(name)
            if taken_by not in {None, owner}:
                raise InvalidError(
                    Sentence(
                        "“{name}” means {name_2} already, and a name leads to one client. Choose another name here.",
                        name=name,
                        name_2=taken_by.name,
                    )
                )

    def _called(self, name: str) -> Known | None:
        """The only one that is called this for short: an invoice goes to “Acme Ltd”, the list of clients has “Acme”."""
        _, ids = meant([name], [(each, known.id) for each, known in self._by_name.items()])
        found = {known.id: known for known in self._by_name.values() if known.id in ids}
        return next(iter(found.values())) if len(found) == 1 else None

    def _nobody(self, name: str) -> str:
        if normal(name) in self._spoilt:
            return Sentence("The line of the client “{name}” can't be taken. Correct that one first.", name=name)
        names = [(each, client.id) for each, client in self._by_name.items()]
        near = {miss.client_id for miss in near_misses(name, names)}
        meant = sorted({client.name for client in self._by_name.values() if client.id in near})
        hint = Sentence(" Did you mean {meant}?", meant=either(meant)) if meant else ""
        return Sentence(
            "There is no client called “{name}”.{hint} Correct the name, or import that client, too.",
            name=name,
            hint=hint,
        )

    def owner(self, text: str, actor: Member) -> Member:
        """Somebody of the team as it is now."""
        member = self.person(text) if text else actor
        if not is_ours(member, self._workspace_id):
            raise InvalidError(
                Sentence(
                    "{name} is not in the team any more. Name somebody who looks after this client.", name=member.name
                )
            )
        return member

    def person(self, text: str) -> Member:
        """Somebody of the team, those included who have left it: they wrote what they wrote."""
        member = self._by_address.get(text.casefold()) or self._by_id.get(text.strip("<@>").partition("|")[0])
        if member is None and self._gone(Erased.PERSON, text):
            raise InvalidError(
                "Whoever wrote this was erased here, and an import brings nobody back. Take the line out."
            )
        if member is None:
            raise InvalidError(
                Sentence(
                    "Nobody in this workspace has the address {text}. Correct it, or leave the cell empty.", text=text
                )
            )
        if not is_ours(replace(member, is_deleted=False), self._workspace_id):
            raise InvalidError(Sentence("{name} is a guest or an app. Name somebody from the team.", name=member.name))
        return member

    def channel_ids(self, texts: Iterable[str]) -> tuple[str, ...]:
        """By id, name or address of the channel."""
        return tuple(dict.fromkeys(map(self._channel_id, texts)))

    def _channel_id(self, text: str) -> str:
        word = text.rstrip("/").rpartition("/")[2].strip("<#>").partition("|")[0]
        if word in self._channels.values():
            return word
        found = self._channels.get(word.casefold())
        if found is None:
            raise InvalidError(
                Sentence(
                    "We see no channel called {text}. Check its name; into a private one invite Amicable first.",
                    text=text,
                )
            )
        return found


def require_there(client: Known) -> None:
    """A client stands in another line, which may not have been taken."""
    if client.planned:
        raise InvalidError(
            Sentence("The line of the client “{name}” was not taken. Correct that one first.", name=client.name)
        )
