from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from integrations.clock import SystemClock
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.client import EngineClient, JobFailedError
from integrations.engine.settings import EngineSettings
from integrations.engine.worker import Worker
from rules.errors import UnavailableError
from rules.ports import SWEEP, AuditEntry, JobType, Queue, Runner, UnitOfWork, Workflow
from tests.clocks import real_now

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ONE = JobType[str]("one", Queue.FLOWS)
TWO = JobType[str]("two", Queue.FLOWS)
BROKEN = JobType[str]("broken", Queue.EVENTS)
OPEN_CARD = JobType[int]("open_card", Queue.TRELLO)
WALK = JobType[()]("walk", Queue.FLOWS)
HOUSE = Path(__file__).parents[2]
PATIENCE = 60
QUICK = EngineSettings(
    poll_seconds=0.02, events_poll_seconds=0.02, beat_seconds=0.1, dead_after_seconds=1, drain_seconds=0
)


class Work:
    """Steps that count how often they ran, and workflows made of them."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.swept: list[str] = []
        self.at_once = self.most_at_once = 0
        self.two_at_once = threading.Event()

    def count(self, what: str) -> str:
        self.ran[what] += 1
        return what

    def stumble_once(self, what: str) -> None:
        if self.count(what) and self.ran[what] == 1:
            raise UnavailableError("away")

    def fail(self, what: str) -> None:
        self.count(what)
        raise ValueError("a secret note")

    def overlap(self) -> None:
        """Waits for company first, so that a slow machine looks no different."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once > 1:
            self.two_at_once.set()
        self.two_at_once.wait(PATIENCE)
        time.sleep(0.05)
        self.at_once -= 1

    def one(self, runner: Runner, what: str) -> None:
        assert runner.step(self.count, what) == what

    def two(self, runner: Runner, what: str) -> None:
        runner.step(self.count, what)
        runner.step(self.stumble_once, f"{what}, second step")

    def broken(self, runner: Runner, what: str) -> None:
        runner.step(self.fail, what)

    def open_card(self, runner: Runner, _number: int) -> None:
        runner.step(self.overlap)

    def sweep(self, _runner: Runner, at: str) -> None:
        self.swept.append(at)

    def workflows(self) -> list[Workflow]:
        return [
            ONE.runs(self.one),
            TWO.runs(self.two),
            BROKEN.runs(self.broken),
            OPEN_CARD.runs(self.open_card),
            SWEEP.runs(self.sweep),
        ]


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def client(engine: sa.Engine, work: Work) -> Iterator[EngineClient]:
    client = EngineClient(engine, QUICK)
    yield client
    client.close()


@pytest.fixture
def start(engine: sa.Engine, work: Work) -> Iterator[Callable[..., Worker]]:
    """Starts a worker, which stops with the test."""
    started: list[Worker] = []

    def start(**settings: Any) -> Worker:
        worker = Worker(engine, work.workflows(), SystemClock(), QUICK.model_copy(update=settings))
        started.append(worker)
        worker.start()
        return worker

    yield start
    for worker in started:
        worker.stop()


def test_an_idle_worker_asks_one_short_question_each_time(
    engine: sa.Engine, client: EngineClient, work: Work, start: Callable[..., Worker]
) -> None:
    """Nobody pays for a machine that wonders all day whether there is work; when there is, it is done."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.current_thread().name.startswith("queue-worker"):
            asked.append(" ".join(statement.split()))

    start()
    sa.event.listen(engine, "before_cursor_execute", note)
    deadline = time.monotonic() + PATIENCE
    while len(asked) < 60 and time.monotonic() < deadline:
        time.sleep(0.02)
    client.enqueue_now(OPEN_CARD(1, once="j1"))
    work.two_at_once.set()
    client.wait("j1")
    sa.event.remove(engine, "before_cursor_execute", note)

    looks = ["LIMIT" in each and ".queue_name =" in each for each in asked[:60]]
    assert looks.count(True) > 40  # and now and then the settings of a queue
    assert "UPDATE" in str([each.partition(" ")[0] for each in asked[60:]])


def test_a_job_is_done_with_what_it_was_given(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """What the web process hands over, a worker does."""
    client.enqueue_now(ONE("letter", once="j1"))
    start()
    client.wait("j1")

    assert work.ran == {"letter": 1}


def test_a_job_is_made_known_with_statements_that_are_there(engine: sa.Engine, client: EngineClient) -> None:
    """Taking in an event costs the writing, not the building of what is written."""
    ran: list[int] = []

    def note(_connection: Any, statement: Any, *_: Any) -> None:
        ran.append(id(statement))

    client.enqueue_now(ONE("letter", once="j1"))
    sa.event.listen(engine, "before_execute", note)
    client.enqueue_now(ONE("card", once="j2"))
    client.enqueue_now(ONE("form", once="j3"))
    sa.event.remove(engine, "before_execute", note)

    half = len(ran) // 2  # on PostgreSQL the engine keeps their text, and nothing is built
    assert ran[:half] == ran[half:]


def test_a_job_comes_with_its_rows_or_not_at_all(
    engine: sa.Engine, client: EngineClient, work: Work, start: Callable[..., Worker]
) -> None:
    """The business row and its job are one commit: neither is ever alone."""
    units = SqlUnits(engine, client)

    def stumble(unit: UnitOfWork) -> None:
        unit.jobs.add(ONE("never", once="rolled back"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), units.begin("T1") as unit:
        stumble(unit)
    with units.begin("T1") as unit:
        unit.jobs.add(ONE("done", once="committed"))
    start()
    client.idle()

    assert work.ran == {"done": 1}


def test_the_same_job_again_is_nothing_new(
    engine: sa.Engine, client: EngineClient, work: Work, start: Callable[..., Worker]
) -> None:
    """A repeated submission changes nothing, before or after the work, and the unit that repeats it still commits."""
    units = SqlUnits(engine, client)
    entry = AuditEntry(at=NOW, workspace_id="T1", actor_id="U1", action="repeat", subject="x")
    job = ONE("once", once="j1")
    with units.begin("T1") as unit:
        unit.jobs.add(job)
        unit.jobs.add(job)
    start()
    client.idle()
    with units.begin("T1") as unit:
        unit.jobs.add(job)
        unit.audit.add(entry)
    client.idle()
    with units.read("T1") as unit:
        assert unit.audit.newest(5) == [entry]

    assert work.ran == {"once": 1}


def test_a_submission_from_many_threads_at_once_is_done_once(
    engine: sa.Engine, client: EngineClient, work: Work, start: Callable[..., Worker]
) -> None:
    """Slack delivers the same click to several of us: one job comes of it."""
    units = SqlUnits(engine, client)

    def submit() -> None:
        with units.begin("T1") as unit:
            unit.jobs.add(ONE("once", once="j1"))

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    start()
    client.idle()

    assert work.ran == {"once": 1}


def test_a_step_waits_for_our_own_storage(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """The database was away for a moment: the step is tried again, those before it are not."""
    start()
    client.enqueue_now(TWO("task", once="j1"))
    client.wait("j1")

    assert work.ran == {"task": 1, "task, second step": 2}


def test_a_failed_workflow_is_told_without_quoting_anybody(
    client: EngineClient, work: Work, start: Callable[..., Worker], capfd: pytest.CaptureFixture[str]
) -> None:
    """Any other failure ends the job at once, and the log names it but neither its arguments nor a note."""
    start()
    with capture_logs() as logs:
        client.enqueue_now(BROKEN("private words", once="j1"))
        with pytest.raises(JobFailedError, match="ERROR"):
            client.wait("j1")
    said = f"{logs} {capfd.readouterr()}"

    assert work.ran == {"private words": 1}
    assert [(each["event"], each["job"], each["error"]) for each in logs] == [("workflow failed", "j1", "ValueError")]
    assert "secret" not in said
    assert "private" not in said


def test_the_engine_keeps_no_words_of_a_failure(
    client: EngineClient, start: Callable[..., Worker], engine: sa.Engine
) -> None:
    """What an error says may quote a note: the engine's rows, which live for a month, hold its name only."""
    start()
    client.enqueue_now(BROKEN("id-1", once="j1"))
    with pytest.raises(JobFailedError):
        client.wait("j1")
    inspector = sa.inspect(engine)
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    with engine.connect() as connection:
        rows = [
            str(tuple(row))
            for name in inspector.get_table_names(schema=schema)
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name, schema=schema)))
        ]
    failures = [row for row in rows if "ValueError" in row]

    assert ("secret" in str(rows), len(failures) > 0) == (False, True)


def test_a_delayed_job_waits_for_its_time(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """Work for later does not count as work that is left, unless it is due soon."""
    start()
    client.enqueue_now(ONE("soon", once="soon", after=timedelta(seconds=0.3)))
    client.enqueue_now(ONE("later", once="later", after=timedelta(days=1)))
    client.idle()
    before = dict(work.ran)
    client.idle(soon=timedelta(minutes=1))

    assert (before, work.ran) == ({}, {"soon": 1})


def test_waiting_for_what_nobody_does_comes_to_an_end(client: EngineClient) -> None:
    """Without a worker the wait says so."""
    client.enqueue_now(ONE("x", once="j1"))

    with pytest.raises(TimeoutError, match="j1"):
        client.wait("j1", timeout_seconds=0.1)
    with pytest.raises(TimeoutError, match="Work is left"):
        client.idle(timeout_seconds=0.1)


def test_the_sweep_runs_when_somebody_moves_the_clock(
    client: EngineClient, work: Work, start: Callable[..., Worker]
) -> None:
    """Moving the sandbox's clock sweeps at once, each time anew."""
    start()
    client.run_sweep(NOW)
    client.run_sweep(NOW)

    assert work.swept == [NOW.isoformat()] * 2


def test_the_sweep_runs_by_itself(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """Nobody has to click for what is due; the sweep learns for when it was called."""
    start(sweep_cron="* * * * * *")
    give_up_at = time.monotonic() + PATIENCE
    while not work.swept and time.monotonic() < give_up_at:
        time.sleep(0.05)

    assert abs(datetime.fromisoformat(work.swept[0]) - real_now()) < timedelta(seconds=PATIENCE)


def test_a_tracker_is_not_overrun(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """No more cards at once than the settings say, over all workers."""
    start(tickets_at_once=2)
    for number in range(8):
        client.enqueue_now(OPEN_CARD(number, once=f"card {number}"))
    client.idle()

    assert work.most_at_once == 2


def test_a_worker_shows_that_it_is_alive(client: EngineClient, start: Callable[..., Worker]) -> None:
    """`/ready` tells whether somebody does the work."""
    before = client.beats(real_now())
    start()
    wait_for(lambda: client.beats(real_now()))  # a busy machine may be late with one beat, and is not with all
    silent = client.beats(real_now() + timedelta(minutes=1))

    assert (before, silent) == (False, False)


def test_finished_jobs_are_forgotten_in_time(client: EngineClient, work: Work, start: Callable[..., Worker]) -> None:
    """Retention drops what is old and finished, nothing else; whatever is forgotten could be done again."""
    start()
    client.enqueue_now(ONE("done", once="done"))
    client.enqueue_now(ONE("later", once="later", after=timedelta(days=1)))
    client.idle()
    young = client.forget_finished(real_now() - timedelta(days=1))
    old = client.forget_finished(real_now() + timedelta(days=1))
    client.enqueue_now(ONE("done", once="done"))
    client.idle()

    assert (young, old, work.ran) == (0, 1, {"done": 2})


def test_a_killed_worker_is_taken_over(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    """kill -9 in the middle of a job: another worker finishes it, and no finished step is done again."""
    log, hold = tmp_path / "log", tmp_path / "hold"
    hold.touch()
    log.touch()
    client = EngineClient(engine)
    client.enqueue_now(WALK(once="w1"))
    first = worker_process(database_url, log, hold)
    wait_for(lambda: "second" in log.read_text())
    first.kill()
    first.wait()
    hold.unlink()
    second = worker_process(database_url, log, hold)
    try:
        client.wait("w1", timeout_seconds=PATIENCE)
    finally:
        second.kill()
        second.wait()
        client.close()

    assert log.read_text().splitlines() == ["first", "second after first", "second after first", "third"]


def worker_process(url: str, log: Path, hold: Path) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("worker_process.py")
    return subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, str(script), url, str(log), str(hold)], env=os.environ | {"PYTHONPATH": str(HOUSE)}
    )


def wait_for(done: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
