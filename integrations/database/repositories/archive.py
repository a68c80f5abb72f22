"""Every table's rows as plain values, page by page, so that a large ledger takes no more memory than a small one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.columns import Texts
from integrations.database.repositories.records import Record, Scope, in_workspace, insert_unless_there
from rules.partings.parting import OVER
from rules.ports.archive import Chosen, Stored
from rules.privacy.fields import TEXT
from rules.privacy.fields import tables as described
from rules.privacy.tombstones import Erased, Tombstone, mark

TOMBSTONE = Record(tables.tombstones, Tombstone, "Nobody of that name was erased.")

DOCUMENT = "document"
_ended = tables.partings.c.state.in_(sorted(OVER))
_parting, _decision = tables.partings.c, tables.decisions.c
_of_ended_parting = sa.tuple_(sa.column("workspace_id"), sa.column("parting_id")).in_(
    sa.select(_parting.workspace_id, _parting.id).where(_ended)
)


def _closed_before(before: datetime) -> sa.ColumnElement[bool]:
    """What a parting taught is written at its close, and 30 days later; one that was stopped never closed."""
    closed_at = _parting.document["closed_at"].as_string()
    return sa.or_(closed_at.is_(None), closed_at < before.astimezone(UTC).isoformat())


# When a row's words are old: since they were written or, where people still work with them, since that ended.
AGES: Mapping[str, Callable[[datetime], sa.ColumnElement[bool]]] = {
    "signals": lambda before: tables.signals.c.logged_at < before,
    "response_clocks": lambda before: tables.response_clocks.c.ends_at < before,
    "plans": lambda before: tables.plans.c.ended_at < before,
    "perspectives": lambda before: tables.perspectives.c.at < before,
    "accords": lambda before: tables.accords.c.ended_at < before,
    "decisions": lambda before: sa.func.coalesce(_decision.confirmed_at, _decision.dropped_at) < before,
    "partings": lambda before: sa.and_(_ended, _parting.created_at < before, _closed_before(before)),
    "tickets": lambda before: sa.and_(_of_ended_parting, tables.tickets.c.updated_at < before),
    "notices": lambda before: sa.and_(_of_ended_parting, tables.notices.c.drafted_at < before),
    "audit": lambda before: tables.audit.c.at < before,
}
_WITH_IDS = (
    tables.clients,
    tables.signals,
    tables.plans,
    tables.perspectives,
    tables.accords,
    tables.decisions,
    tables.partings,
    tables.notices,
    tables.invoices,
    tables.response_clocks,
    tables.tickets,
    tables.nudges,
    tables.receipts,
)


class ArchiveRows:
    """`rules.ports.Archive`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def page(self, table: str, chosen: Chosen, after: str, most: int) -> list[Stored]:
        found = self._scope.rows(_page(table, chosen, after, most)).mappings()
        return [_stored(_table(table), row) for row in found]

    def lock_page(self, table: str, chosen: Chosen, after: str, most: int) -> list[Stored]:
        statement = _page(table, chosen, after, most).with_for_update()
        return [_stored(_table(table), row) for row in self._scope.rows(statement).mappings()]

    def rewrite(self, table: str, stored: Stored, values: Mapping[str, Any]) -> None:
        """Only what changed is written, so that nothing is undone that somebody else wrote beside it."""
        changed = {name: value for name, value in values.items() if value != stored.values[name]}
        if not changed:
            return
        rows, key = _table(table), _key(_table(table))
        if rows is tables.signals:
            self._scope.wrote({stored.values["client_id"], values["client_id"]})
        here = [column == value for column, value in zip(key, _place(key, stored.place), strict=True)]
        if not changed.keys() & {column.name for column in key}:
            self._scope.run(sa.update(rows).where(*here).values(_columns(rows, changed, values)))
            return
        whole = self._scope.run(sa.select(rows).where(*here)).mappings().one()
        self._scope.run(sa.delete(rows).where(*here))
        moved = dict(whole) | _columns(rows, changed, values)
        self._scope.run(insert_unless_there(rows, self._scope.connection.dialect.name), moved)

    def count(self, table: str, chosen: Chosen) -> int:
        asked = sa.select(sa.func.count()).select_from(_table(table)).where(*_conditions(table, chosen))
        return int(self._scope.rows(asked).scalar_one())

    def drop_client(self, client_id: str) -> None:
        """Rows that name others of its rows go before those."""
        self._scope.wrote([client_id])
        for table in reversed(tables.metadata.sorted_tables):
            if table is tables.clients or "client_id" in table.c:
                self._scope.rows(sa.delete(table).where(in_workspace(table), _of_client(table, client_id)))

    def about_client(self, client_id: str, ids: Sequence[str]) -> set[str]:
        found = self._scope.rows(_ids_about(client_id, list(ids))).scalars()
        return set(found)


class TombstoneRows:
    """Marks only: whoever reads them learns no name."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def set(self, tombstone: Tombstone) -> None:
        TOMBSTONE.add_new(self._scope, [tombstone])

    def find(self, kind: Erased, text: str) -> Tombstone | None:
        return TOMBSTONE.find(self._scope, kind=kind, hash=mark(self._scope.workspace_id, kind, text))


def _table(name: str) -> sa.Table:
    return tables.metadata.tables[f"{tables.PREFIX}{name}"]


@cache
def _key(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    return tuple(table.primary_key.columns)


def _page(table: str, chosen: Chosen, after: str, most: int) -> sa.Select[Any]:
    rows = _table(table)
    key = _key(rows)
    asked = sa.select(rows).where(*_conditions(table, chosen)).order_by(*key).limit(most)
    if not after:
        return asked
    place = (sa.literal(value, column.type) for column, value in zip(key, _place(key, after), strict=True))
    return asked.where(sa.tuple_(*key) > sa.tuple_(*place))


def _conditions(table: str, chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    rows = _table(table)
    conditions = [rows.c.id == sa.bindparam("workspace") if rows is tables.workspaces else in_workspace(rows)]
    if chosen.client_id:
        conditions.append(_of_client(_table(table), chosen.client_id))
    if chosen.older_than:
        conditions += [AGES[table](chosen.older_than), *_with_text(table)]
    return conditions


def _of_client(table: sa.Table, client_id: str) -> sa.ColumnElement[bool]:
    if table is tables.clients:
        return sa.or_(table.c.id == client_id, table.c.merged_into == client_id)
    if table is tables.audit:
        return table.c.subject.in_(_ids_about(client_id))
    if table is tables.nudges:
        named: sa.ColumnElement[str] = table.c.document["client_id"].as_string()
        return named.in_(_with_merged(client_id))
    if table is tables.receipts:
        return table.c.signal_id.in_(
            sa.select(tables.signals.c.id).where(in_workspace(tables.signals), _of_client(tables.signals, client_id))
        )
    if "client_id" in table.c:
        return table.c.client_id.in_(_with_merged(client_id))
    return table.c.parting_id.in_(
        sa.select(_parting.id).where(in_workspace(tables.partings), _parting.client_id.in_(_with_merged(client_id)))
    )


def _with_merged(client_id: str) -> sa.Select[Any]:
    """What was merged into the client may have left rows behind."""
    return sa.select(tables.clients.c.id).where(in_workspace(tables.clients), _of_client(tables.clients, client_id))


def _ids_about(client_id: str, among: Sequence[str] | None = None) -> sa.CompoundSelect[Any]:
    return sa.union_all(
        *(
            sa.select(table.c.id).where(
                in_workspace(table),
                _of_client(table, client_id),
                *([] if among is None else [table.c.id.in_(among)]),
            )
            for table in _WITH_IDS
        )
    )


def _with_text(table: str) -> list[sa.ColumnElement[bool]]:
    """Where all words stand in columns, the database itself passes over the rows that have none left."""
    columns = _table(table).c
    held = described()[table].holding(*TEXT)
    return [sa.or_(*(columns[path] != "" for path in held))] if all(path in columns for path in held) else []


def _stored(table: sa.Table, row: sa.RowMapping) -> Stored:
    values = {str(name): _plain(value) for name, value in row.items() if name != DOCUMENT}
    place = json.dumps([values[column.name] for column in _key(table)])
    return Stored(place=place, values=values | (row.get(DOCUMENT) or {}))


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def _place(key: Sequence[sa.Column[Any]], place: str) -> list[Any]:
    values = json.loads(place)
    return [
        date.fromisoformat(value) if isinstance(column.type, sa.Date) else value
        for column, value in zip(key, values, strict=True)
    ]


def _columns(table: sa.Table, changed: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The changed fields as columns: those of the document are written with it as a whole."""
    written = {name: _typed(table.c[name], value) for name, value in changed.items() if name in table.c}
    if changed.keys() - written.keys():
        written[DOCUMENT] = {name: value for name, value in values.items() if name not in table.c}
    return written


def _typed(column: sa.Column[Any], value: Any) -> Any:
    return tuple(value) if isinstance(column.type, Texts) else value
