"""Hands work to the engine, from any process: the web process has nothing else of it."""

from __future__ import annotations

import socket
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from integrations.database.tables import executors
from integrations.engine.idling import ENQUEUED, States, keep_statements
from integrations.engine.settings import EngineSettings
from integrations.logs import request_id
from rules.ports import SWEEP, Job, Queue
from rules.sentences import Sentence

APPLICATION = "amicable"
SERIALIZER = DBOSPortableJSONSerializer()
LOOK_SECONDS = 0.02
MOST_COUNTED = 10_000
UNFINISHED = [ENQUEUED, "PENDING"]
DELAYED = "DELAYED"
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class JobFailedError(Exception):
    """A job that was waited for ended without success."""


class EngineClient:
    """Makes jobs known to the engine.

    A delay is real time, whatever the product's clock says: it bridges a tracker's quiet period or its "again later".
    What is due by the product's clock is a row, which the sweep reads.
    """

    def __init__(self, engine: sa.Engine, settings: EngineSettings | None = None) -> None:
        self._engine = engine
        self._settings = settings or EngineSettings()
        self._client = DBOSClient(
            system_database_engine=engine,
            serializer=SERIALIZER,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )
        keep_statements(self._client._sys_db)  # noqa: SLF001  # it has no other way to be told
        self._states = States(self._client._sys_db)  # noqa: SLF001  # nor a short way to ask

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        """Within the caller's transaction; a job whose id is known already, even as finished, changes nothing."""
        self._client.enqueue_in_transaction(connection, self._options(job), *job.args)

    def enqueue_now(self, job: Job) -> None:
        with self._engine.begin() as connection:
            self.enqueue(connection, job)

    def wait(self, job_id: str, timeout_seconds: float = 90.0) -> None:
        """Until the job has succeeded; `JobFailedError` when it failed, `TimeoutError` when it takes too long."""
        _wait_until(
            lambda: self._states.of(job_id) in FINISHED,
            timeout_seconds,
            Sentence("The job {job_id} is not done.", job_id=job_id),
        )
        if (status := self._states.of(job_id)) != "SUCCESS":
            raise JobFailedError(Sentence("The job {job_id} ended as {status}.", job_id=job_id, status=status))

    def run_sweep(self, at: datetime, timeout_seconds: float = 90.0) -> None:
        """Sweeps at once and waits for it, as when somebody has moved the product's clock to `at`."""
        job = SWEEP(at.isoformat(), once=f"sweep:{uuid.uuid4().hex}")
        self.enqueue_now(job)
        self.wait(job.id, timeout_seconds)

    def idle(self, timeout_seconds: float = 90.0, soon: timedelta = timedelta()) -> None:
        """Until nothing is enqueued or running, and no delayed job is due within `soon`."""
        _wait_until(lambda: not self._busy(soon), timeout_seconds, "Work is left.")

    def beats(self, now: datetime, *, here: bool = False) -> bool:
        """Whether a worker is alive, or one on this machine; `now` is real time."""
        return self.alive(now, here=here) > 0

    def alive(self, now: datetime, *, here: bool = False) -> int:
        """How many workers are, or how many on this machine; `now` is real time."""
        since = now - timedelta(seconds=self._settings.dead_after_seconds)
        with self._engine.connect() as connection:
            alive = connection.scalars(sa.select(executors.c.id).where(executors.c.seen_at > since)).all()
        return sum(not here or each.startswith(host_part(socket.gethostname())) for each in alive)

    def queues(self) -> list[tuple[str, int, datetime]]:
        """Of each queue in which something is to be done now: its name, how many jobs, and since when the oldest.

        The oldest are counted, up to a number at which somebody looks anyway.
        """
        found = self._client.list_workflows(status=UNFINISHED, limit=MOST_COUNTED, load_input=False, load_output=False)
        waiting: dict[str, list[int]] = defaultdict(list)
        for each in found:
            if each.queue_name and each.created_at:
                waiting[each.queue_name].append(each.created_at)
        return [(name, len(ms), datetime.fromtimestamp(min(ms) / 1000, UTC)) for name, ms in waiting.items()]

    def waiting(self, queue: Queue) -> set[str]:
        """The ids of the jobs there that no worker has begun yet; the oldest, where they are very many."""
        found = self._client.list_workflows(
            status=ENQUEUED, queue_name=queue.value, limit=MOST_COUNTED, load_input=False, load_output=False
        )
        return {each.workflow_id for each in found}

    def forget_finished(self, before: datetime, at_once: int = 500) -> int:
        """Retention: drops the jobs that were finished before this time; how many."""
        dropped = 0
        while True:
            old = self._client.list_workflows(
                status=FINISHED, completed_before=before.isoformat(), limit=at_once, load_input=False, load_output=False
            )
            self._client.delete_workflows([each.workflow_id for each in old])
            dropped += len(old)
            if len(old) < at_once:
                return dropped

    def forget_about(self, is_about: Callable[[str], bool], at_once: int = 500) -> int:
        """Drops finished jobs whose id or arguments are about somebody; how many such are not finished yet."""
        finished: list[str] = []
        left = seen = 0
        while some := self._client.list_workflows(limit=at_once, offset=seen, load_output=False):
            seen += len(some)
            theirs = [each for each in some if is_about(f"{each.workflow_id} {each.input}")]
            ended = [each.workflow_id for each in theirs if each.status in FINISHED]
            finished += ended
            left += len(theirs) - len(ended)
        for start in range(0, len(finished), at_once):
            self._client.delete_workflows(finished[start : start + at_once])
        return left

    def open_queue(self, name: str, **limits: Any) -> None:
        """Creates the queue or changes its limits, for all workers; before they start, so that they see it at once."""
        self._client.register_queue(name, on_conflict="always_update", **limits)

    def close(self) -> None:
        self._client.destroy()

    def _options(self, job: Job) -> EnqueueOptions:
        options: EnqueueOptions = {
            "queue_name": job.queue.value,
            "workflow_name": job.name,
            "workflow_id": job.id,
        }
        if asked := request_id():
            options["authenticated_user"] = asked  # the engine's place for who a job is done for; ours is a request
        if job.delay > timedelta():
            options["delay_seconds"] = job.delay.total_seconds()
        return options

    def _busy(self, soon: timedelta) -> bool:
        """One look at all states: between two a delayed job could become an enqueued one and be missed by both."""
        states = [*UNFINISHED, DELAYED] if soon else UNFINISHED
        horizon = (time.time() + soon.total_seconds()) * 1000
        return any(state != DELAYED or until <= horizon for state, until in self._states.among(states))


def host_part(host: str) -> str:
    """How the ids of a host's workers begin."""
    return f"{host}:"


def _wait_until(done: Callable[[], bool], timeout_seconds: float, complaint: str) -> None:
    give_up_at = time.monotonic() + timeout_seconds
    while not done():
        if time.monotonic() > give_up_at:
            raise TimeoutError(
                Sentence(
                    "{complaint} Waited for {timeout_seconds:g} seconds.",
                    complaint=complaint,
                    timeout_seconds=timeout_seconds,
                )
            )
        time.sleep(LOOK_SECONDS)
