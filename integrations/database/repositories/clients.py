"""Clients, their names and their channels."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.belongings import BELONGINGS, move_rows
from integrations.database.repositories.records import Record, Scope, in_workspace
from rules.clients.client import DEMO_ID, Client
from rules.clients.names import normal, sought
from rules.errors import ConflictError, InvalidError
from rules.sentences import Sentence

RECORD = Record(tables.clients, Client, "This client is not here any more.")

_name = tables.client_names
_channel = tables.client_channels

ERASED = "This client was erased, so nothing about it is stored any more. Add it anew if you work together again."

_client = tables.clients.c
_real = _client.id != DEMO_ID  # a demo is found by its whole name alone, and is in nothing that counts or is offered
_here = sa.and_(_client.archived_at.is_(None), _real)  # those that were merged away have neither names nor channels

ALL = RECORD.where(_client.merged_into == "", _real).order_by(_client.name)
IN_USE = ALL.where(_here)
NAMES = (
    sa.select(_name.c.normal_name, _name.c.client_id)
    .join(tables.clients, sa.and_(_client.workspace_id == _name.c.workspace_id, _client.id == _name.c.client_id))
    .where(in_workspace(_name), _here)
)
_begins = sa.case(
    (_name.c.sought.like(sa.bindparam("name_start")), 0), (_name.c.sought.like(sa.bindparam("word_start")), 1), else_=2
)
_matches = (
    sa.select(_name.c.client_id, sa.func.min(_begins).label("place"))
    .where(in_workspace(_name), _name.c.sought.like(sa.bindparam("anywhere")))
    .group_by(_name.c.client_id)
    .subquery()
)
FOUND = (
    RECORD.where(_here)
    .join(_matches, _matches.c.client_id == _client.id)
    .order_by(_matches.c.place, sa.func.lower(_client.name), _client.id)
    .limit(sa.bindparam("most"))
    .offset(sa.bindparam("skipped"))
)
NAMED = (
    sa.select(_name.c.normal_name, *RECORD.columns)
    .join(
        tables.clients,
        sa.and_(RECORD.table.c.workspace_id == _name.c.workspace_id, RECORD.table.c.id == _name.c.client_id),
    )
    .where(in_workspace(_name), _name.c.normal_name.in_(sa.bindparam("names", expanding=True)))
)
OF_CHANNEL = RECORD.where(
    RECORD.table.c.id
    == sa.select(_channel.c.client_id)
    .where(in_workspace(_channel), _channel.c.channel_id == sa.bindparam("channel"))
    .scalar_subquery()
)
WAYS = sa.union_all(
    *(
        sa.select(way.label("way"), *RECORD.columns)
        .join(
            tables.clients,
            sa.and_(_client.workspace_id == way.table.c.workspace_id, _client.id == way.table.c.client_id),
        )
        .where(in_workspace(way.table), way.in_(sa.bindparam(asked, expanding=True)))
        for way, asked in ((_name.c.normal_name, "names"), (_channel.c.channel_id, "channels"))
    )
)
CHANNELS_TAKEN = sa.select(_channel.c.channel_id, _channel.c.client_id).where(
    in_workspace(_channel), _channel.c.channel_id.in_(sa.bindparam("channels", expanding=True))
)


def usable(client: Client) -> Client:
    """Nothing about an erased one is stored any more, and nothing about a demo at all."""
    if client.erased_at:
        raise ConflictError(ERASED)
    client.require_real()
    return client


class ClientRows:
    """Names, aliases and channels each lead to one client only."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, client: Client) -> None:
        names = self._check_names(client)
        self._check_channels(client)
        RECORD.add(self._scope, client)
        self._write_ways(client, names)

    def save(self, client: Client) -> None:
        names = self._check_names(client)
        self._check_channels(client)
        RECORD.put(self._scope, client)
        self.forget_ways(client.id)
        self._write_ways(client, names)

    def get(self, client_id: str) -> Client:
        client = RECORD.get(self._scope, id=client_id)
        return self.get(client.merged_into) if client.merged_into else client

    def lock(self, client_id: str) -> Client:
        client = usable(RECORD.get(self._scope, lock=True, id=client_id))
        return self.lock(client.merged_into) if client.merged_into else client

    def all(self, *, archived: bool = False) -> list[Client]:
        found = RECORD.many(self._scope, ALL if archived else IN_USE)
        return [client for client in found if client.erased_at is None]

    def demo(self) -> Client | None:
        return RECORD.find(self._scope, id=DEMO_ID)

    def found(self, typed: str, most: int, skipped: int = 0) -> list[Client]:
        """Each word that was typed occurs in the name, in that order; `sought` left no sign of LIKE in them."""
        start = "".join(f" {word}%" for word in sought(typed).split()) or "%"
        anywhere = "%" + start.replace(" ", "%")
        patterns = {"name_start": start, "word_start": f"%{start}", "anywhere": anywhere}
        return RECORD.many(self._scope, FOUND, **patterns, most=most, skipped=skipped)

    def named(self, normal_names: Iterable[str]) -> dict[str, Client]:
        rows = self._scope.rows(NAMED, names=list(normal_names))
        return {row[0]: RECORD.load(row[1:]) for row in rows}

    def ways(self, normal_names: Iterable[str], channel_ids: Iterable[str]) -> dict[str, Client]:
        rows = self._scope.rows(WAYS, names=list(normal_names), channels=list(channel_ids))
        return {row[0]: RECORD.load(row[1:]) for row in rows}

    def names(self) -> list[tuple[str, str]]:
        return [(row.normal_name, row.client_id) for row in self._scope.rows(NAMES)]

    def of_channel(self, channel_id: str) -> Client | None:
        return RECORD.first(self._scope, OF_CHANNEL, channel=channel_id)

    def forget_ways(self, client_id: str) -> None:
        for table in (_name, _channel):
            self._scope.rows(sa.delete(table).where(in_workspace(table), table.c.client_id == client_id))

    def merge(self, keeper: Client, gone: Client) -> None:
        RECORD.put(self._scope, gone)
        for table in (_name, _channel):
            self._scope.rows(sa.delete(table).where(in_workspace(table), table.c.client_id == gone.id))
        self.save(keeper)
        self.move(gone.id, keeper.id)

    def move(self, from_id: str, to_id: str) -> int:
        self._scope.wrote((from_id, to_id))
        return sum(move_rows(self._scope, table, from_id, to_id) for table in BELONGINGS)

    def belongings(self, client_id: str) -> dict[str, int]:
        return {
            table.name.removeprefix(tables.PREFIX): int(
                self._scope.rows(
                    sa.select(sa.func.count()).where(in_workspace(table), table.c.client_id == client_id)
                ).scalar_one()
            )
            for table in BELONGINGS
        }

    def _check_names(self, client: Client) -> dict[str, str]:
        """The names as written, by normalised name; `InvalidError` when one belongs to another client."""
        names = {normal(name): name for name in (*reversed(client.aliases), client.name)}
        for spelt, taken_by in self.named(names).items():
            if taken_by.id != client.id:
                sentence = Sentence(
                    "“{names}” already means {name}. Choose a name of its own.", names=names[spelt], name=taken_by.name
                )
                field = "name" if spelt == normal(client.name) else "aliases"
                raise InvalidError(sentence, fields={field: sentence})
        return names

    def _check_channels(self, client: Client) -> None:
        for row in self._scope.rows(CHANNELS_TAKEN, channels=list(client.channel_ids)):
            if row.client_id != client.id:
                taken_by = self.get(row.client_id)
                sentence = Sentence(
                    "<#{channel_id}> already belongs to {name}. Choose another channel.",
                    channel_id=row.channel_id,
                    name=taken_by.name,
                )
                raise InvalidError(sentence, fields={"channels": sentence})

    def _write_ways(self, client: Client, names: Iterable[str]) -> None:
        shared = {"workspace_id": client.workspace_id, "client_id": client.id}
        self._scope.run(_name.insert(), [shared | {"normal_name": name, "sought": sought(name)} for name in names])
        if client.channel_ids:
            channels = dict.fromkeys(client.channel_ids)
            self._scope.run(_channel.insert(), [shared | {"channel_id": each} for each in channels])
