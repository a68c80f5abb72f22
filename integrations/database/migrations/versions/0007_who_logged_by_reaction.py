"""Receipts of notes that were logged by reaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "amicable_receipts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("signal_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_receipts")),
    )
    with op.batch_alter_table("amicable_receipts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_receipts_workspace_id_person_id_day"),
            ["workspace_id", "person_id", "day"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_amicable_receipts_workspace_id_signal_id"), ["workspace_id", "signal_id"], unique=False
        )
