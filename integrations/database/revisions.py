"""What a database is at, and what there is: asked at each start, so without the migrations' library and its 8 MB."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from integrations.database.connect import open_database
from integrations.database.tables import PREFIX

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TOO_NEW: Final = (
    "The database belongs to a later version of Amicable. Install that version again, or put back a copy from before "
    "it with `amicable restore`."
)
VERSION_TABLE: Final = f"{PREFIX}version"
HELD: Final = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(VERSION_TABLE))


def known_revisions() -> list[str]:
    """The oldest first: the name of each migration begins with its number."""
    return sorted(each.name.partition("_")[0] for each in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest_revision() -> str:
    return known_revisions()[-1]


def current_revision(connection: sa.Connection) -> str | None:
    """None in a database without our tables."""
    return connection.scalar(HELD) if sa.inspect(connection).has_table(VERSION_TABLE) else None


def is_known(connection: sa.Connection) -> bool:
    """Whether the database is ours, and not of a later version."""
    return current_revision(connection) in known_revisions()


def is_up_to_date(url: str) -> bool:
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            return current_revision(connection) == newest_revision()
    finally:
        engine.dispose()
