"""The database goes away and comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from psycopg import sql

from integrations.database.settings import known_url


@contextmanager
def away(database_url: str) -> Iterator[None]:
    """SQLite: somebody else keeps the file locked. PostgreSQL: all connections are cut and new ones refused."""
    address = sa.make_url(known_url(database_url))
    name = str(address.database)
    gone = _locked_file(name) if address.get_backend_name() == "sqlite" else _refused_connections(address, name)
    with gone:
        yield


@contextmanager
def _locked_file(path: str) -> Iterator[None]:
    other = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def _refused_connections(address: sa.URL, name: str) -> Iterator[None]:
    server = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        try:
            admin.execute(cut, [name])
            yield
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))
