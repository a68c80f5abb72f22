"""Keeps what SQLAlchemy has made of a statement from one database to the next.

An engine forgets it with its database, so each test built a hundred statements anew: an eighth of the suite's time.
What is kept hangs on a database's kind and on how it reads JSON, on no single one: schemas are named when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

MOST_KEPT = 4000


class _Kept(MutableMapping[Any, Any]):
    """In place of an engine's own cache, whose keys begin with the engine's dialect."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(MOST_KEPT)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[_of_any_engine(key)]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[_of_any_engine(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._kept[_of_any_engine(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(_of_any_engine(key), default)


def _of_any_engine(key: Any) -> Any:
    dialect, *rest = key
    return type(dialect), dialect._json_deserializer, *rest  # noqa: SLF001  # how it reads JSON is told nowhere else


def keep_statements() -> None:
    """From now on, for each engine of this process."""
    kept = _Kept()

    def use(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=kept)

    sa.event.listen(sa.Engine, "engine_connect", use)
