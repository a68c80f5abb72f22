"""The day on which people saw a client's score as it is kept; cleared by every note that was not read yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("amicable_standings", sa.Column("shown_on", sa.Date(), nullable=True))
