"""Unasked words, and the people whom they are for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "amicable_nudges",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_nudges")),
    )
    with op.batch_alter_table("amicable_nudges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_nudges_workspace_id_person_id_state"),
            ["workspace_id", "person_id", "state"],
            unique=False,
        )

    op.create_table(
        "amicable_recipients",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_amicable_recipients")),
    )
