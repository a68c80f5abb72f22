"""Clients that are archived, merged and searched for; answers to the questions of a note's type."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rules.clients.names import sought

revision = "0003"
down_revision = "0002"

_names = sa.table(
    "amicable_client_names", sa.column("workspace_id"), sa.column("normal_name"), sa.column("sought", sa.String)
)


def upgrade() -> None:
    op.add_column("amicable_clients", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("amicable_clients", sa.Column("merged_into", sa.String(), nullable=False, server_default=""))
    op.add_column("amicable_client_names", sa.Column("sought", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "amicable_signals",
        sa.Column(
            "answers", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False, server_default=sa.text("'{}'")
        ),
    )
    _make_names_findable()


def _make_names_findable() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_names.c.workspace_id, _names.c.normal_name)).all():
        mine = sa.and_(_names.c.workspace_id == row.workspace_id, _names.c.normal_name == row.normal_name)
        connection.execute(sa.update(_names).where(mine).values(sought=sought(row.normal_name)))
