from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from integrations.database import migrate as migration
from integrations.database.connect import open_database
from integrations.database.migrate import alembic_config
from integrations.database.revisions import current_revision, known_revisions, newest_revision
from integrations.database.tables import PREFIX, metadata
from integrations.engine.migrate import migrate
from rules.health.signal import Signal

pytestmark = pytest.mark.both_databases


@pytest.fixture
def old_file(tmp_path: Path) -> Iterator[Path]:
    """A file with a client and a note, as somebody's last version left it: one revision behind."""
    path = tmp_path / "amicable.db"
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE amicable_version SET version_num = '0000'")
        connection.execute(
            "INSERT INTO amicable_clients (workspace_id, id, name, stage, merged_into, document)"
            " VALUES ('T1', 'c1', 'Acme', 'active', '', '{}')"
        )
        connection.execute("INSERT INTO amicable_client_names VALUES ('T1', 'acme', 'c1', ' acme')")
    yield path
    connection.close()


def test_the_tables_are_those_of_the_migrations(engine: sa.Engine) -> None:
    """A change of the tables without its migration fails here, and the engine's own tables are left alone."""
    with engine.connect() as connection:
        command.check(alembic_config(connection))
        assert current_revision(connection) == newest_revision()


def test_the_names_of_the_migrations_tell_their_order(engine: sa.Engine) -> None:
    """Each start asks the files' names alone what the newest one is."""
    with engine.connect() as connection:
        ours = ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()

        assert [each.revision for each in ours] == known_revisions()[::-1]


def test_every_table_bears_our_prefix_and_its_workspace(engine: sa.Engine) -> None:
    """On SQLite the engine's tables live in the same file; ours can't collide with them."""
    without = {"amicable_workspaces", "amicable_executors"}

    assert [name for name in metadata.tables if not name.startswith(PREFIX)] == []
    assert {name for name, table in metadata.tables.items() if "workspace_id" not in table.c} == without


def test_a_note_can_be_searched_by_each_of_its_fields() -> None:
    """The ledger stays readable with plain SQL: only what nobody searches for stands in the document."""
    hidden = {each.name for each in fields(Signal)} - set(metadata.tables["amicable_signals"].c.keys())

    assert hidden == {"revisions", "asked_kindly", "guessed", "due_on", "paid_on"}


def test_migrating_again_does_nothing(database_url: str) -> None:
    """The release step may run at every start."""
    migrate(database_url)
    engine = open_database(database_url)
    with engine.connect() as connection:
        revision = current_revision(connection)
    engine.dispose()

    assert revision == newest_revision()


def test_a_migration_that_fails_changes_nothing(sqlite_url: str) -> None:
    """A broken release leaves the database as it was."""
    engine = open_database(sqlite_url)
    with pytest.raises(ZeroDivisionError), migration.alone(engine) as connection:
        break_off(connection)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
    engine.dispose()

    assert "amicable_half" not in names


def break_off(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE amicable_half (id INTEGER)")
    raise ZeroDivisionError


def test_a_rebuilt_table_keeps_its_children(old_file: Path) -> None:
    """SQLite changes a table by building it anew; what hangs on it stays."""
    engine = open_database(f"sqlite:///{old_file}")
    with migration.alone(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("amicable_clients", recreate="always") as batch:
            batch.add_column(sa.Column("colour", sa.String))
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT normal_name FROM amicable_client_names").scalars().all()
        guarded = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    engine.dispose()

    assert (names, guarded) == (["acme"], 1)


def test_a_migration_that_would_orphan_rows_is_refused(old_file: Path) -> None:
    """Losing the names of a client is worse than a release that does not start."""
    engine = open_database(f"sqlite:///{old_file}")
    with pytest.raises(RuntimeError, match="without their parent"), migration.alone(engine) as connection:
        connection.exec_driver_sql("DELETE FROM amicable_clients")
    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM amicable_clients").scalar()
    engine.dispose()

    assert left == 1


def test_a_file_with_content_is_copied_before_it_is_changed(old_file: Path) -> None:
    """Whatever a migration does, yesterday's file is beside it."""
    engine = open_database(f"sqlite:///{old_file}")
    copy = migration.back_up(engine)
    engine.dispose()

    assert copy is not None
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT name FROM amicable_clients").fetchall() == [("Acme",)]
    connection.close()


def test_a_file_that_is_up_to_date_is_not_copied(sqlite_url: str) -> None:
    """A start without news leaves no litter."""
    engine = open_database(sqlite_url)
    copy = migration.back_up(engine)
    engine.dispose()

    assert copy is None


def test_two_releases_at_once_migrate_one_after_the_other(postgresql_url: str) -> None:
    """A host that starts several processes at once gets one set of tables."""
    engine = open_database(postgresql_url)
    with migration.alone(engine), engine.connect() as other:
        taken = other.execute(sa.select(sa.func.pg_try_advisory_xact_lock(migration.TURNSTILE))).scalar()
    engine.dispose()

    assert taken is False
