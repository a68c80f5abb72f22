"""Looks at ourselves, what both sides expect of each other, and the pulse."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _table("perspectives", "id", sa.Column("at", sa.DateTime(timezone=True), nullable=False))
    _index("perspectives", "at")
    _table(
        "accords",
        "id",
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    _index("accords", "begun_at")
    _table(
        "pulses",
        "month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
    )


def _table(name: str, key: str, *columns: sa.Column[object]) -> None:
    keyed = ["workspace_id", "id"] if key == "id" else ["workspace_id", "client_id", key]
    own = [sa.Column("id", sa.String(), nullable=False)] if key == "id" else []
    op.create_table(
        f"amicable_{name}",
        sa.Column("workspace_id", sa.String(), nullable=False),
        *own,
        sa.Column("client_id", sa.String(), nullable=False),
        *columns,
        sa.Column("document", _DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f(f"fk_amicable_{name}_workspace_id"),
        ),
        sa.PrimaryKeyConstraint(*keyed, name=op.f(f"pk_amicable_{name}")),
    )


def _index(name: str, by: str) -> None:
    with op.batch_alter_table(f"amicable_{name}", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f(f"ix_amicable_{name}_workspace_id_client_id_{by}"),
            ["workspace_id", "client_id", by],
            unique=False,
        )
