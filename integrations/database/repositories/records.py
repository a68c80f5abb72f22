"""One table and the frozen dataclass it stores: columns bear the names of the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql, sqlite

from rules.errors import NotFoundError
from rules.sentences import Sentence

T = TypeVar("T")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """One workspace in one unit of work. Where that only reads, whatever would write is refused."""

    connection: sa.Connection
    workspace_id: str
    reads_only: bool = False
    written: set[str] = field(default_factory=set)  # clients of whom this unit wrote a note
    unread: set[str] = field(default_factory=set)  # those of them who were not read since

    def wrote(self, client_ids: Iterable[str]) -> None:
        """Notes of these clients, in whatever way."""
        ids = set(client_ids)
        self.written.update(ids)
        self.unread.update(ids)

    def rows(self, statement: sa.Executable, **values: Any) -> sa.CursorResult[Any]:
        """Runs a statement that knows the workspace as `:workspace`."""
        return self.run(statement, {"workspace": self.workspace_id, **values})

    def run(
        self, statement: sa.Executable, values: Values | Sequence[Values] | None = None, **options: bool
    ) -> sa.CursorResult[Any]:
        if self.reads_only and not statement.is_select:
            raise RuntimeError("This unit of work only reads: begin one that may write.")
        return self.connection.execute(statement, values, execution_options=options)

    def count(self, statement: sa.Executable, values: Mapping[str, Any]) -> int:
        """How many rows an insert wrote, which psycopg only tells when it is asked to."""
        return self.run(statement, values, preserve_rowcount=True).rowcount


def in_workspace(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.workspace_id == sa.bindparam("workspace")


class Record(Generic[T]):
    """How one table stores one kind: fields that have a column there, and the others in the row's `document`.

    Statements are built once, since building them costs more than running them.
    """

    def __init__(self, table: sa.Table, kind: type[T], lost: str) -> None:
        """`lost` is the sentence for whoever asks for a row that is not there."""
        names = [each.name for each in fields(kind)]  # type: ignore[arg-type]  # every kind is a dataclass
        self.table = table
        self.kind = kind
        self._lost = lost
        self._names = tuple(name for name in names if name in table.c)
        self._has_document = len(self._names) < len(names)
        self._codec = TypeAdapter(kind)
        self.columns = tuple(table.c[name] for name in (*self._names, *(["document"] if self._has_document else [])))
        self.select = sa.select(*self.columns)
        self._by_key = self.select.where(
            *(column == sa.bindparam(f"key_{column.name}") for column in table.primary_key)
        )
        self._lock_by_key = self._by_key.with_for_update()

    def where(self, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """Rows of the workspace that meet the conditions."""
        return self.select.where(in_workspace(self.table), *conditions)

    def load(self, row: Sequence[Any]) -> T:
        if not self._has_document:
            return self.kind(**dict(zip(self._names, row, strict=True)))
        return self._codec.validate_python(dict(zip(self._names, row, strict=False)) | row[-1])

    def many(self, scope: Scope, statement: sa.Executable, **values: Any) -> list[T]:
        return [self.load(row) for row in scope.rows(statement, **values)]

    def first(self, scope: Scope, statement: sa.Executable, **values: Any) -> T | None:
        row = scope.rows(statement, **values).first()
        return None if row is None else self.load(row)

    def find(self, scope: Scope, *, lock: bool = False, **key: str) -> T | None:
        """`lock` keeps other writers off the row until the transaction ends."""
        row = scope.run(self._lock_by_key if lock else self._by_key, self._key(scope, key)).first()
        return None if row is None else self.load(row)

    def get(self, scope: Scope, *, lock: bool = False, **key: str) -> T:
        """The row, or `NotFoundError`."""
        found = self.find(scope, lock=lock, **key)
        if found is None:
            raise NotFoundError(Sentence("{lost} Please go back and look again.", lost=self._lost))
        return found

    def add(self, scope: Scope, value: T) -> None:
        scope.run(self.table.insert(), self.values(scope, value))

    def add_new(self, scope: Scope, values: Iterable[T]) -> int:
        """Adds those whose key is not there yet; how many that were."""
        statement = insert_unless_there(self.table, scope.connection.dialect.name)
        return sum(scope.count(statement, self.values(scope, value)) for value in values)

    def add_all(self, scope: Scope, values: Iterable[T]) -> None:
        """The same for many, in one go."""
        rows = [self.values(scope, value) for value in values]
        if rows:
            scope.run(insert_unless_there(self.table, scope.connection.dialect.name), rows)

    def put(self, scope: Scope, value: T) -> None:
        """Adds the row or replaces it."""
        scope.run(upsert(self.table, scope.connection.dialect.name), self.values(scope, value))

    def _key(self, scope: Scope, key: Mapping[str, str]) -> dict[str, str]:
        return {"key_workspace_id": scope.workspace_id} | {f"key_{name}": value for name, value in key.items()}

    def values(self, scope: Scope, value: T) -> dict[str, Any]:
        """By column, as statements take them."""
        values = {name: getattr(value, name) for name in self._names}
        if values.get("workspace_id", scope.workspace_id) != scope.workspace_id:
            raise ValueError("This belongs to another workspace.")
        if "document" in self.table.c:
            values["document"] = self._document(value) if self._has_document else {}
        return values

    def _document(self, value: T) -> Any:
        return self._codec.dump_python(value, mode="json", exclude=set(self._names))


@cache
def upsert(table: sa.Table, dialect: str, newest_by: str = "") -> sa.Insert:
    """Inserts a row, or replaces everything but its key; with `newest_by` only by a row greater in that column."""
    newer = sa.literal_column(f"excluded.{newest_by}") > table.c[newest_by] if newest_by else None
    return replacing(table, dialect, {}, newer)


def replacing(
    table: sa.Table,
    dialect: str,
    instead: Mapping[str, sa.ColumnElement[Any]],
    where: sa.ColumnElement[bool] | None = None,
) -> sa.Insert:
    """The same with values of their own for some columns of a row that is there."""
    statement = _insert(table, dialect)
    key = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_={**others, **instead}, where=where)


@cache
def insert_unless_there(table: sa.Table, dialect: str) -> sa.Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


def _insert(table: sa.Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
