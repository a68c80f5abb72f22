"""Column types: the same values come out of both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Moment(sa.TypeDecorator[datetime]):
    """An aware time, stored in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Texts(sa.TypeDecorator[tuple[str, ...]]):
    """A few texts in their order."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: sa.Dialect) -> list[str] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


def word(kind: type[StrEnum]) -> sa.Enum:
    """A word of a closed list, stored as it is written; a new word needs no migration."""
    return sa.Enum(kind, native_enum=False, length=32, values_callable=lambda words: [each.value for each in words])
