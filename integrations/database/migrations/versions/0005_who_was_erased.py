"""Marks of who was erased, and the nightly look at what is kept for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "amicable_tombstones",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "hash", name=op.f("pk_amicable_tombstones")),
    )
    # What is kept for a time is looked through each night, in workspaces that are there already, too.
    op.execute(
        "INSERT INTO amicable_dues (workspace_id, kind, subject, due_at) "
        "SELECT id, 'retention', id, CURRENT_TIMESTAMP FROM amicable_workspaces"
    )
