"""The engine's own tables, beside ours on SQLite, in a schema of their own on PostgreSQL."""

from __future__ import annotations

from dbos import DBOS

from integrations.database.revisions import is_up_to_date
from integrations.database.settings import known_url


def migrate(url: str) -> None:
    """Ours first: they hold what must not be lost, and are backed up before anything changes."""
    if not is_up_to_date(url):
        from integrations.database.migrate import migrate as migrate_ours  # noqa: PLC0415 - 8 MB, mostly of no use

        migrate_ours(url)
    DBOS.migrate(known_url(url))
