"""What hangs on a client, in whatever table, and how it moves to another one."""

from __future__ import annotations

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Scope, in_workspace

_OF_THE_REGISTER = (tables.client_names, tables.client_channels)
BELONGINGS = tuple(
    table for table in tables.metadata.sorted_tables if "client_id" in table.c and table not in _OF_THE_REGISTER
)


def move_rows(scope: Scope, table: sa.Table, from_id: str, to_id: str) -> int:
    """How many rows now belong to the other client. Where only one can, the other's own row stays."""
    if "client_id" in table.primary_key.columns:
        _make_room(scope, table, from_id, to_id)
    moved = sa.update(table).where(in_workspace(table), table.c.client_id == sa.bindparam("from_id"))
    return scope.rows(moved.values(client_id=sa.bindparam("to_id")), from_id=from_id, to_id=to_id).rowcount


def _make_room(scope: Scope, table: sa.Table, from_id: str, to_id: str) -> None:
    """Hours of one month add up; of other rows the one that is there is the newer reading."""
    other = table.alias()
    same = [other.c[column.name] == column for column in table.primary_key if column.name != "client_id"]
    taken = sa.exists().where(other.c.client_id == sa.bindparam("there"), *same)
    ids = {"here": from_id, "there": to_id}
    if table is tables.monthly_hours:
        both = sa.exists().where(other.c.client_id == sa.bindparam("here"), *same)
        added = sa.select(other.c.hours).where(other.c.client_id == sa.bindparam("here"), *same).scalar_subquery()
        kept = sa.update(table).where(in_workspace(table), table.c.client_id == sa.bindparam("there"), both)
        scope.rows(kept.values(hours=table.c.hours + added), **ids)
    scope.rows(sa.delete(table).where(in_workspace(table), table.c.client_id == sa.bindparam("here"), taken), **ids)
