"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "amicable_audit",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_amicable_audit")),
    )
    with op.batch_alter_table("amicable_audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_audit_workspace_id_number"), ["workspace_id", "number"], unique=False
        )

    op.create_table(
        "amicable_clients",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_clients")),
    )
    op.create_table(
        "amicable_digest_channels",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_amicable_digest_channels")),
    )
    op.create_table(
        "amicable_dues",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "subject", name=op.f("pk_amicable_dues")),
    )
    with op.batch_alter_table("amicable_dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amicable_dues_due_at"), ["due_at"], unique=False)

    op.create_table(
        "amicable_executors",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amicable_executors")),
    )
    op.create_table(
        "amicable_inbox",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "event_id", name=op.f("pk_amicable_inbox")),
    )
    with op.batch_alter_table("amicable_inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amicable_inbox_received_at"), ["received_at"], unique=False)
        batch_op.create_index(
            "ix_amicable_inbox_unhandled",
            ["received_at"],
            unique=False,
            sqlite_where=sa.text("handled_at IS NULL"),
            postgresql_where=sa.text("handled_at IS NULL"),
        )

    op.create_table(
        "amicable_members",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_members")),
    )
    op.create_table(
        "amicable_places",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_places")),
    )
    op.create_table(
        "amicable_posts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_amicable_posts")),
    )
    with op.batch_alter_table("amicable_posts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_posts_workspace_id_channel_id_created_at"),
            ["workspace_id", "channel_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "amicable_reactions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("event_ts", sa.String(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "channel_id", "message_ts", "type", "person_id", name=op.f("pk_amicable_reactions")
        ),
    )
    op.create_table(
        "amicable_workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amicable_workspaces")),
    )
    op.create_table(
        "amicable_client_channels",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_client_channels_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_amicable_client_channels")),
    )
    with op.batch_alter_table("amicable_client_channels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_client_channels_workspace_id_client_id"),
            ["workspace_id", "client_id"],
            unique=False,
        )

    op.create_table(
        "amicable_client_names",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("normal_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_client_names_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "normal_name", name=op.f("pk_amicable_client_names")),
    )
    with op.batch_alter_table("amicable_client_names", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_client_names_workspace_id_client_id"), ["workspace_id", "client_id"], unique=False
        )

    op.create_table(
        "amicable_decisions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_decisions_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_decisions")),
    )
    with op.batch_alter_table("amicable_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_decisions_workspace_id_client_id_opened_at"),
            ["workspace_id", "client_id", "opened_at"],
            unique=False,
        )

    op.create_table(
        "amicable_partings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_partings_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_partings")),
    )
    with op.batch_alter_table("amicable_partings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_partings_workspace_id_client_id_created_at"),
            ["workspace_id", "client_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "amicable_plans",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_plans_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_plans")),
    )
    with op.batch_alter_table("amicable_plans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_plans_workspace_id_client_id_started_at"),
            ["workspace_id", "client_id", "started_at"],
            unique=False,
        )

    op.create_table(
        "amicable_signals",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("reporter_id", sa.String(), nullable=False),
        sa.Column("witness_ids", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("corrected_by", sa.String(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_signals_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_signals")),
    )
    with op.batch_alter_table("amicable_signals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_signals_workspace_id_client_id_happened_at"),
            ["workspace_id", "client_id", "happened_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_amicable_signals_workspace_id_happened_at"), ["workspace_id", "happened_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_amicable_signals_workspace_id_type_client_id_happened_at"),
            ["workspace_id", "type", "client_id", "happened_at"],
            unique=False,
        )

    op.create_table(
        "amicable_standings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_standings_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "client_id", name=op.f("pk_amicable_standings")),
    )
    op.create_table(
        "amicable_notices",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("parting_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "parting_id"],
            ["amicable_partings.workspace_id", "amicable_partings.id"],
            name=op.f("fk_amicable_notices_workspace_id_parting_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_notices")),
    )
    with op.batch_alter_table("amicable_notices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_notices_workspace_id_parting_id_drafted_at"),
            ["workspace_id", "parting_id", "drafted_at"],
            unique=False,
        )

    op.create_table(
        "amicable_tickets",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("parting_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=False),
        sa.Column("task_code", sa.String(), nullable=False),
        sa.Column("marker", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("task_state", sa.String(32), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "parting_id"],
            ["amicable_partings.workspace_id", "amicable_partings.id"],
            name=op.f("fk_amicable_tickets_workspace_id_parting_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_tickets")),
    )
    with op.batch_alter_table("amicable_tickets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_tickets_workspace_id_parting_id"), ["workspace_id", "parting_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_amicable_tickets_workspace_id_state_updated_at"),
            ["workspace_id", "state", "updated_at"],
            unique=False,
        )
