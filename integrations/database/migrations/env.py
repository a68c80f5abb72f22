"""Alembic's entry: the caller brings the connection and owns the transaction."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from integrations.database.columns import Json, Moment, Texts
from integrations.database.tables import PREFIX, metadata


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The engine's tables are its own (facts/engine.md 9, trap 13)."""
    return kind != "table" or (name or "").startswith(PREFIX)


def _plain_type(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """A migration stays true when our column types change, so it names SQLAlchemy's."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if isinstance(item, Texts) or item is Json:
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return "sa.JSON().with_variant(JSONB(), 'postgresql')"
    return False


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=f"{PREFIX}version",
        render_as_batch=True,
        compare_type=True,
        include_name=_is_ours,
        render_item=_plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
