"""Runs the workflows (facts/engine.md 8): unique executor, heartbeat, takeover of the dead, schedules."""

from __future__ import annotations

import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, ParamSpec

import sqlalchemy as sa
import structlog
from dbos import DBOS, ScheduleInput

from integrations.database.repositories.records import upsert
from integrations.database.tables import executors
from integrations.engine.client import APPLICATION, SERIALIZER, EngineClient, host_part
from integrations.engine.idling import keep_settings, look_first
from integrations.engine.settings import EngineSettings
from integrations.logs import of_request
from rules.errors import UnavailableError
from rules.ports import SWEEP, Clock, Queue, Workflow
from rules.sentences import Sentence

VERSION = "1"  # for ever: another version would strand what is under way (facts/engine.md 9, trap 4)
RETENTION = "retention"
FIRST_RETRY_SECONDS = 0.5  # each of the next five waits twice as long: half a minute altogether

P = ParamSpec("P")

log = structlog.get_logger()


class StepRunner:
    """`rules.ports.Runner`. Only our own database being away is tried again here, for half a minute.

    Any other failure fails the workflow: rows say what is left to do and the sweep enqueues it again. In particular
    the engine never repeats a request to a tracker (facts/trackers.md 3.4).
    """

    def step(self, work: Callable[..., Any], *args: str | int) -> Any:
        return DBOS.run_step(
            {
                "name": work.__name__,
                "retries_allowed": True,
                "max_attempts": 7,
                "interval_seconds": FIRST_RETRY_SECONDS,
                "backoff_rate": 2.0,
                "should_retry": _storage_was_away,
            },
            _wordless(work),
            *args,
        )


def _storage_was_away(error: BaseException) -> bool:
    return isinstance(error, UnavailableError)


class WorkFailedError(Exception):
    """All that the engine stores of a failure: the error's name and where it was raised, never its words."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(Sentence("{name} in {where}", name=name, where=where))
        self.name = name
        self.where = where


def _wordless(work: Callable[..., Any]) -> Callable[..., Any]:
    def step(*args: str | int) -> Any:
        with _Wordless():
            return work(*args)

    return step


class _Wordless:
    """Failures lose their words, which may quote somebody, before the engine writes them down for a month."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Exception) and not _may_be_stored(kind):
            frame = traceback.extract_tb(trace)[-1]
            raise WorkFailedError(kind.__name__, f"{frame.filename}:{frame.lineno}") from None


def _may_be_stored(kind: type[BaseException]) -> bool:
    """Our storage's absence, which is tried again and quotes nobody, and the engine's own errors, which steer it."""
    return issubclass(kind, UnavailableError | WorkFailedError) or kind.__module__.startswith("dbos")


class _Watched:
    """Says in the log that a workflow failed and where; neither its arguments nor the error's text, which may quote."""

    def __init__(self, workflow: str) -> None:
        self._workflow = workflow

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Exception):
            frame = traceback.extract_tb(trace)[-1]
            known = error if isinstance(error, WorkFailedError) else None
            log.error(
                "workflow failed",
                workflow=self._workflow,
                job=DBOS.workflow_id,
                error=known.name if known else kind.__name__,
                where=known.where if known else f"{frame.filename}:{frame.lineno}",
            )


class Worker:
    """One a process. `stop` lets running workflows end, then another worker takes over what is left."""

    def __init__(
        self,
        engine: sa.Engine,
        workflows: Sequence[Workflow],
        clock: Clock,
        settings: EngineSettings | None = None,
    ) -> None:
        self._engine = engine
        self._workflows = workflows
        self._clock = clock
        self._settings = settings or EngineSettings()
        self._client = EngineClient(engine, self._settings)
        self._stopping = threading.Event()
        self._heart = threading.Thread(target=self._beat_until_stopped, name="heartbeat", daemon=True)
        self.executor_id = f"{host_part(socket.gethostname())}{os.getpid()}:{uuid.uuid4().hex[:6]}"

    def start(self) -> None:
        engine = DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._engine.url.render_as_string(hide_password=False),
                "system_database_engine": self._engine,
                "serializer": SERIALIZER,
                "application_version": VERSION,
                "executor_id": self.executor_id,
                "log_level": "WARNING",
                "notification_listener_polling_interval_sec": self._settings.poll_seconds,
            }
        )
        schedules = self._register()
        self._beat()
        self._open_queues()
        DBOS.launch()
        look_first(engine._sys_db)  # noqa: SLF001  # it has no other way to be told
        keep_settings(engine._sys_db)  # noqa: SLF001  # nor to be told this
        DBOS.apply_schedules(schedules)
        self._heart.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._heart.is_alive():
            self._heart.join()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=self._settings.drain_seconds)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(executors).where(executors.c.id == self.executor_id))
        self._client.close()

    def _register(self) -> list[ScheduleInput]:
        """Makes the engine know every workflow by its name; gives the schedules."""
        schedules = [_schedule(RETENTION, self._retain, self._settings.retention_cron)]
        for workflow in self._workflows:
            _register(workflow.name, workflow.run)
            if workflow.name == SWEEP.name:
                schedules.append(_schedule(SWEEP.name, workflow.run, self._settings.sweep_cron))
        return schedules

    def _open_queues(self) -> None:
        kept = self._settings
        # A ticket takes its tracker a second or more: its start may wait twice as long as the answer to an event.
        tickets_poll_seconds = 2 * kept.events_poll_seconds
        limits: dict[Queue, dict[str, Any]] = {
            Queue.EVENTS: {"worker_concurrency": kept.events_at_once, "polling_interval_sec": kept.events_poll_seconds},
            Queue.FLOWS: {"worker_concurrency": kept.flows_at_once},
            Queue.BULK: {"worker_concurrency": kept.bulk_at_once},
            Queue.JIRA: {
                "polling_interval_sec": tickets_poll_seconds,
                "global_concurrency": kept.tickets_at_once,
                "limiter": {"limit": kept.jira_starts_per_second, "period": 1.0},
            },
            Queue.TRELLO: {
                "polling_interval_sec": tickets_poll_seconds,
                "global_concurrency": kept.tickets_at_once,
                "limiter": {"limit": kept.trello_starts_per_10_seconds, "period": 10.0},
            },
        }
        for queue, limit in limits.items():
            options = {"polling_interval_sec": kept.poll_seconds} | limit
            self._client.open_queue(queue.value, **options)

    def _retain(self, runner: StepRunner, _at: str) -> None:
        runner.step(self._forget_finished)

    def _forget_finished(self) -> int:
        return self._client.forget_finished(self._clock.real() - timedelta(days=self._settings.keep_days))

    def _beat_until_stopped(self) -> None:
        while not self._stopping.wait(self._settings.beat_seconds):
            try:
                self._beat()
                self._take_over()
            except sa.exc.SQLAlchemyError as error:
                log.warning("heartbeat missed", error=type(error).__name__)

    def _beat(self) -> None:
        now = self._clock.real()
        with self._engine.begin() as connection:
            connection.execute(upsert(executors, self._engine.dialect.name), {"id": self.executor_id, "seen_at": now})

    def _take_over(self) -> None:
        """Work of executors that stopped beating goes back to its queue.

        The engine's update is conditional, so that several workers may do it at once. The call is private to it,
        which is why its minor version is pinned and a test kills a worker. Its own work is not dead, however late its
        beat on a busy machine.
        """
        since = self._clock.real() - timedelta(seconds=self._settings.dead_after_seconds)
        with self._engine.connect() as connection:
            alive = set(connection.scalars(sa.select(executors.c.id).where(executors.c.seen_at > since)))
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        dead = {each.executor_id for each in running if each.executor_id} - alive - {self.executor_id}
        if dead:
            log.warning("taking over", executors=sorted(dead))
            DBOS._recover_pending_workflows(sorted(dead))  # noqa: SLF001  # facts/engine.md 9, trap 6


def _register(name: str, run: Callable[..., None]) -> None:
    def workflow(*args: str | int) -> None:
        with of_request(DBOS.authenticated_user or str(DBOS.workflow_id)), _Watched(name), _Wordless():
            run(StepRunner(), *args)

    _make_known(name, workflow)


def _schedule(name: str, run: Callable[..., None], cron: str) -> ScheduleInput:
    """A workflow of its own, because the engine hands over the scheduled time and a context."""

    def workflow(at: Any, _context: Any) -> None:
        with of_request(str(DBOS.workflow_id)), _Watched(name), _Wordless():
            run(StepRunner(), str(at))

    return {
        "schedule_name": name,
        "workflow_fn": _make_known(Sentence("{name} on schedule", name=name), workflow),
        "schedule": cron,
        "context": None,
    }


def _make_known(name: str, workflow: Callable[P, None]) -> Callable[P, None]:
    return DBOS.workflow(name=name, max_recovery_attempts=None)(workflow)
