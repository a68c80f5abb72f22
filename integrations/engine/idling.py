"""Spares an idle engine most of its work.

Each time it looks into a queue, three times a second, the engine reads the queue's settings, what of it runs, and its
versions, in up to five questions that it builds anew: four of the six percent of a core that an idle process took.
Here one question, built once, goes before them: whether anything waits there at all. The settings are read again every
few seconds only, and what enqueues a job is built once, on SQLite too.

What is led through here is private to the engine, which is why its minor version is pinned.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

ENQUEUED = "ENQUEUED"
SETTINGS_KEPT_SECONDS = 10.0


def look_first(system_database: Any) -> None:
    """From now on the engine claims from a queue only where something waits in it."""
    claim, status = system_database.start_queued_workflows, system_database.tables.workflow_status.c
    waiting = (
        sa.select(sa.literal(1)).where(status.queue_name == sa.bindparam("queue"), status.status == ENQUEUED).limit(1)
    )
    reading = system_database.engine.execution_options(isolation_level="AUTOCOMMIT")

    def claim_what_waits(queue: Any, *args: Any, **options: Any) -> Any:
        with reading.connect() as connection:
            waits = connection.execute(waiting, {"queue": queue.name}).first()
        return claim(queue, *args, **options) if waits else ([], None)

    system_database.start_queued_workflows = claim_what_waits


def keep_settings(system_database: Any) -> None:
    """A queue's settings, which a worker writes when it starts, are read every few seconds."""
    read, kept = system_database.get_queue, dict[str, tuple[float, Any]]()

    def get_queue(name: str) -> Any:
        read_at, queue = kept.get(name, (0.0, None))
        if queue is None or time.monotonic() - read_at > SETTINGS_KEPT_SECONDS:
            queue = read(name)
            kept[name] = time.monotonic(), queue
        return queue

    system_database.get_queue = get_queue


def keep_statements(system_database: Any) -> None:
    """What enqueues a job is built once for each set of columns, as the engine does it by itself on PostgreSQL only.

    On SQLite it built both inserts and their cache keys for each job: an eighth of what taking in an event costs.
    """
    execute, kept = system_database._execute_prepared, dict[tuple[str, ...], Any]()  # noqa: SLF001  # as above

    def execute_kept(connection: Any, name: str, values: dict[str, Any], build: Any, **options: Any) -> Any:
        statement = kept.get(key := (name, *values))
        if statement is None:
            statement = kept[key] = build()
        return execute(connection, name, values, lambda: statement, **options)

    system_database._execute_prepared = execute_kept  # noqa: SLF001  # as above


class States:
    """How far jobs are, for whoever waits and asks fifty times a second: the engine's own list builds 28 columns."""

    def __init__(self, system_database: Any) -> None:
        status = system_database.tables.workflow_status.c
        self._one = sa.select(status.status).where(status.workflow_uuid == sa.bindparam("job"))
        self._all = sa.select(status.status, sa.func.coalesce(status.delay_until_epoch_ms, 0)).where(
            status.status.in_(sa.bindparam("states", expanding=True))
        )
        self._reading = system_database.engine.execution_options(isolation_level="AUTOCOMMIT")

    def of(self, job_id: str) -> str:
        """The job's; empty where there is none."""
        with self._reading.connect() as connection:
            return connection.scalar(self._one, {"job": job_id}) or ""

    def among(self, states: list[str]) -> list[tuple[str, int]]:
        """Of all jobs in one of these, the state and until when it is delayed, in milliseconds."""
        with self._reading.connect() as connection:
            return [(state, until) for state, until in connection.execute(self._all, {"states": states})]
