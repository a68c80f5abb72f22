"""What is measured: invoices, hours, response clocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "amicable_invoices",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("signal_id", sa.String(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_invoices_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_invoices")),
    )
    with op.batch_alter_table("amicable_invoices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_invoices_workspace_id_client_id_due_on"),
            ["workspace_id", "client_id", "due_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_amicable_invoices_workspace_id_due_on"), ["workspace_id", "due_on"], unique=False
        )

    op.create_table(
        "amicable_monthly_hours",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("budget", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_monthly_hours_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "client_id", "month", name=op.f("pk_amicable_monthly_hours")),
    )
    op.create_table(
        "amicable_response_clocks",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "client_id"],
            ["amicable_clients.workspace_id", "amicable_clients.id"],
            name=op.f("fk_amicable_response_clocks_workspace_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_amicable_response_clocks")),
    )
    with op.batch_alter_table("amicable_response_clocks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_amicable_response_clocks_workspace_id_client_id_ends_at"),
            ["workspace_id", "client_id", "ends_at"],
            unique=False,
        )
