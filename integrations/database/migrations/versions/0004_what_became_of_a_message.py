"""What became of a message, how we look at its channel, and which emoji a reaction was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

REACTIONS = "amicable_reactions"
KEY = ["workspace_id", "channel_id", "message_ts", "type", "emoji", "person_id"]


def upgrade() -> None:
    with op.batch_alter_table("amicable_signals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fingerprint", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("evidence", sa.String(32), nullable=False, server_default="stands"))
    op.create_index(
        "ix_amicable_signals_on_message",
        "amicable_signals",
        ["workspace_id", "channel_id", "message_ts"],
        sqlite_where=sa.text("message_ts != ''"),
        postgresql_where=sa.text("message_ts != ''"),
    )
    op.create_table(
        "amicable_watches",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("reactions", sa.Boolean(), nullable=False),
        sa.Column("listens", sa.Boolean(), nullable=False),
        sa.Column("spoke_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_amicable_watches")),
    )
    with op.batch_alter_table(REACTIONS, schema=None) as batch_op:
        batch_op.add_column(sa.Column("emoji", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table(REACTIONS, schema=None) as batch_op:
        batch_op.drop_constraint("pk_amicable_reactions", type_="primary")
        batch_op.create_primary_key("pk_amicable_reactions", KEY)
