"""Monday at nine: everybody comes back at once, while tickets open, digests post and an import runs.

One web process and one worker with the settings that are shipped, the stand-ins of Slack and Jira, `amicable import`:
all of them real processes but the stand-ins, which live in this one. Latencies count from the moment at which Slack
sends until it has its answer. What is lost is counted in the database, in Slack and in Jira. Once more with all of
ours on one core.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

import psutil
import sqlalchemy as sa

from bot.services.clients.clients import NewClient
from integrations.database import tables
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, NORTHWIND, OLIVIA, VOLT
from integrations.sandbox.processes import free_port
from integrations.sandbox.slack.api import reactions
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Message
from rules.health.digest import digest_key
from rules.health.signal import Source
from rules.ports import DigestChannel
from tests.bench.databases import KINDS, Databases
from tests.bench.measures import Measure, percentile
from tests.bench.processes import HOUSE, answers
from tests.bench.tickets import Partings
from tests.bench.workers import Workers

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
SECONDS = 5.0
# 200 in all. Each form that is sent was opened before; what is opened stays open.
COMMANDS, REACTIONS, FORMS, OPENINGS, HOMES, IGNORED = 60, 40, 40, 20, 20, 20
CLIENTS, DIGESTS, PARTINGS, TASKS = 200, 40, 3, 20
ROWS_BEFORE, ROWS = 1_000, 10_000
LANES = 64
WORK = (BIRCH, COBALT, NORTHWIND, VOLT)
EMOJI = "money_with_wings"
AT_MOST_MS = {"sqlite": 300, "postgresql": 200}
LONGEST_MS = 1000
SMALL_MEGABYTES = 512
READY_SECONDS, PATIENCE_SECONDS = 60.0, 300.0
TYPES = ("late_payment", "slow_reply", "rush_request", "praise", "")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What came of it: notes that people made and that were imported, dialogs, Home tabs, tickets, digests."""

    notes: int
    rows: int
    dialogs: int
    homes: int
    tickets: int
    digests: int
    doubled: int

    @property
    def lost(self) -> int:
        wanted = (COMMANDS + REACTIONS + FORMS, ROWS, OPENINGS, HOMES, PARTINGS * (TASKS + 1), DIGESTS)
        there = (self.notes, self.rows, self.dialogs, self.homes, self.tickets, self.digests)
        return sum(abs(asked - found) for asked, found in zip(wanted, there, strict=True))


@dataclass(frozen=True, kw_only=True)
class After:
    """`latencies` in milliseconds, sorted; `refused` deliveries had no good answer; `seconds` until all was done."""

    latencies: list[float]
    by_kind: dict[str, float]
    refused: int
    kept: Kept
    seconds: float
    import_seconds: float
    megabytes: float


def bursts(databases: Databases) -> Iterator[Measure]:
    """On each database, then with web, worker and import on one core and in the memory of a small machine."""
    cores = sorted(os.sched_getaffinity(0))
    for kind in KINDS:
        for name, own in ((kind, cores), (f"one core, {kind}", cores[:1])):
            with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                after = _monday(Path(folder), url, own)
            yield from _told(after, name, AT_MOST_MS[kind], is_small=len(own) == 1)


def _told(after: After, name: str, at_most: float, *, is_small: bool) -> Iterator[Measure]:
    p99 = percentile(after.latencies, 0.99)
    more = {"p50": percentile(after.latencies, 0.5), "longest_by_kind": after.by_kind, **asdict(after.kept)}
    more |= {"seconds_until_done": after.seconds, "import_seconds": after.import_seconds}
    yield Measure(name=f"acknowledged in a Monday burst, p99, {name}", value=p99, unit="ms", at_most=at_most, more=more)
    longest = after.latencies[-1]
    yield Measure(name=f"the longest in a Monday burst, {name}", value=longest, unit="ms", at_most=LONGEST_MS)
    yield Measure(name=f"not acknowledged in a Monday burst, {name}", value=after.refused, at_most=0)
    yield Measure(name=f"lost in a Monday burst, {name}", value=after.kept.lost, at_most=0)
    yield Measure(name=f"doubled in a Monday burst, {name}", value=after.kept.doubled, at_most=0)
    most = SMALL_MEGABYTES if is_small else None
    yield Measure(name=f"memory of web, worker and import, {name}", value=after.megabytes, unit="MB", at_most=most)


def _monday(folder: Path, url: str, cores: Sequence[int]) -> After:
    monday = Monday(folder, url)
    try:
        with ExitStack() as stack:
            with _on(cores):
                workers = Workers(monday.environment, folder / "app.log", ports=[monday.port])
            stack.enter_context(workers)
            workers.wait_for(lambda: answers(monday.port, "/ready"), READY_SECONDS)
            monday.arrive()
            with _on(cores):
                importing = monday.importing(ROWS)
            memory = stack.enter_context(_Memory([*workers.pids, importing.pid]))
            began = time.monotonic()
            monday.burst()
            importing.wait(PATIENCE_SECONDS)
            import_seconds = time.monotonic() - began
            monday.settle(workers)
            seconds = time.monotonic() - began
        return After(
            **monday.acknowledged(),
            kept=monday.kept(),
            seconds=seconds,
            import_seconds=import_seconds,
            megabytes=memory.most,
        )
    finally:
        monday.close()


class Monday:
    """An agency of 200 clients with 40 channels that get a digest at nine, and three partings to open."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self.port = folder, free_port()
        self._partings = Partings(folder, url, "jira", quiet_seconds=None, starts_at=NINE - timedelta(minutes=2))
        self._world, self._house, self._team = self._partings.world, self._partings.house, self._partings.team
        self.environment = self._partings.environment
        deliveries = self._world.slack.deliveries
        deliveries.at_once, deliveries.target_url = LANES, f"http://127.0.0.1:{self.port}/slack/events"
        self._owner = self._house.outside.directory.member(self._team, OLIVIA)
        self._leaving = [self._partings.decide(TASKS) for _ in range(PARTINGS)]
        self._people = [self._person(number) for number in range(FORMS + OPENINGS)]
        self._names = [self._client(number) for number in range(CLIENTS)]
        self._channels = [self._digest(number) for number in range(DIGESTS)]
        self._said = [self._message(number) for number in range(REACTIONS + 1)]
        self._import(_notes(folder / "before.csv", self._names, ROWS_BEFORE, "before")).wait(PATIENCE_SECONDS)

    def arrive(self) -> None:
        """Each kind of thing was done before; the forms to be sent are open."""
        first, *_ = self._people
        first.command("/redflag", f"{self._names[9]} paid three weeks late")
        reactions.put(self._world.slack.workspace, self._said[-1], AMIR, EMOJI)
        self._world.slack.person(AMIR).home()
        for number, person in enumerate(self._people[:FORMS]):
            person.command("/redflag", "", channel=WORK[number % 4])
        self._world.slack.settle()
        self._house.outside.jobs.idle(PATIENCE_SECONDS)
        self._world.slack.wait_for(lambda: all(person.view for person in self._people[:FORMS]))
        self._before = self._notes_by_source()
        self._log_from = len(self._world.slack.deliveries.log)

    def importing(self, rows: int) -> subprocess.Popen[bytes]:
        """An import, once it has taken its first lines."""
        running = self._import(_notes(self._folder / "now.csv", self._names, rows, "now"))
        while self._notes_by_source()[Source.IMPORT] == self._before[Source.IMPORT]:
            if running.poll() is not None:
                raise RuntimeError("The import ended before it took anything.")
            time.sleep(0.02)
        return running

    def burst(self) -> None:
        """Within five seconds, whatever happens; the clock strikes nine and the tasks are opened as it begins."""
        acts = self._acts()
        self._world.move_clock(timedelta(minutes=2))
        with ThreadPoolExecutor(LANES) as lanes:
            sweep = partial(self._house.outside.jobs.run_sweep, self._world.now(), PATIENCE_SECONDS)
            beside: list[Future[object]] = [lanes.submit(sweep)]
            beside += [lanes.submit(self._partings.open_decided, name) for name in self._leaving]
            began = time.monotonic()
            for number, act in enumerate(acts):
                time.sleep(max(began + number * SECONDS / len(acts) - time.monotonic(), 0))
                beside.append(lanes.submit(act))
            for each in beside:
                each.result()
        self._world.slack.deliveries.settle(PATIENCE_SECONDS)
        self._log_to = len(self._world.slack.deliveries.log)

    def settle(self, workers: Workers) -> None:
        self._world.slack.settle(retries=True, timeout=PATIENCE_SECONDS)
        workers.wait_for(lambda: self._partings.are_open() and len(self._posted()) == DIGESTS, PATIENCE_SECONDS)
        self._house.outside.jobs.idle(PATIENCE_SECONDS)

    def acknowledged(self) -> dict[str, Any]:
        sent = self._world.slack.deliveries.log[self._log_from : self._log_to]
        longest: dict[str, float] = {}
        for each in sent:
            longest[each.kind] = max(longest.get(each.kind, 0.0), round(1000 * each.seconds, 1))
        latencies = sorted(1000 * each.seconds for each in sent)
        return {"latencies": latencies, "by_kind": longest, "refused": sum(bool(each.ack.trouble) for each in sent)}

    def kept(self) -> Kept:
        """Counted in the database; dialogs, Home tabs and digests where they are seen, tickets where they were made."""
        found, workspace = self._notes_by_source(), self._world.slack.workspace
        new = found - self._before
        made, posted = self._partings.outcome(), self._posted()
        over = posted.total() - len(posted)
        return Kept(
            notes=new[Source.COMMAND] + new[Source.REACTION] + new[Source.FORM],
            rows=new[Source.IMPORT],
            dialogs=sum(person.view is not None for person in self._people[FORMS:]),
            homes=sum(person.who.id in workspace.homes for person in self._people[:HOMES]),
            tickets=made.wanted - made.lost,
            digests=len(posted),
            doubled=made.doubled + over,
        )

    def close(self) -> None:
        self._partings.close()

    # --- inside ---

    def _acts(self) -> list[Callable[[], object]]:
        """In an order that is always the same, and no order of kinds."""
        workspace, say = self._world.slack.workspace, self._world.slack.person(AMIR).say
        people, forms = self._people, {"type": "disrespect", "note": "Shouted on the phone."}
        told = [f"{self._names[number]} paid three weeks late, again" for number in range(COMMANDS)]
        acts: list[Callable[[], object]] = [
            *(partial(people[number].command, "/redflag", text) for number, text in enumerate(told)),
            *(partial(reactions.put, workspace, said, AMIR, EMOJI) for said in self._said[:REACTIONS]),
            *(partial(person.submit, forms) for person in people[:FORMS]),
            *(partial(person.command, "/redflag", "", channel=BIRCH) for person in people[FORMS:]),
            *(partial(workspace.emit, self._home_opened(person)) for person in people[:HOMES]),
            *(partial(say, WORK[number % 4], "Shall we meet at ten?") for number in range(IGNORED)),
        ]
        random.Random(7).shuffle(acts)  # noqa: S311 - repeatable, not secret
        return acts

    def _person(self, number: int) -> Screen:
        """One of ours, in the channels where the work is done, and known to the app."""
        slack, person_id = self._world.slack, f"U0BURST{number:03}"
        person = slack.add_person(person_id, f"person-{number}")
        for channel in WORK:
            slack.workspace.channels[channel].members.append(person_id)
        self._house.outside.directory.member(self._team, person_id)
        return person

    def _client(self, number: int) -> str:
        name, channel = f"Account {number:03}", WORK[number] if number < len(WORK) else ""
        asked = NewClient(name=name, channel_id=channel, owner_id=OLIVIA)
        self._house.services.clients.add(self._team, self._owner, asked)
        return name

    def _digest(self, number: int) -> str:
        """Each has another reader: channels with the very same people get one digest between them."""
        channel_id = f"C0BURST{number:03}"
        self._world.slack.add_channel(channel_id, f"team-{number}", (OLIVIA, AMIR, self._people[number].who.id))
        weekly = DigestChannel(
            workspace_id=self._team, channel_id=channel_id, weekday=0, hour=NINE.hour, minute=0, timezone="UTC"
        )
        self._house.services.digests.configure(self._team, self._owner, weekly)
        return channel_id

    def _message(self, number: int) -> Message:
        workspace = self._world.slack.workspace
        said = Message(channel_id=WORK[number % 4], ts=workspace.new_ts(), user_id=AMIR, text=f"Message {number}")
        return workspace.keep(said)

    def _home_opened(self, person: Screen) -> dict[str, str]:
        channel = self._world.slack.workspace.direct_channel(person.who.id).id
        return {"type": "app_home_opened", "user": person.who.id, "channel": channel, "tab": "home"}

    def _import(self, file: Path) -> subprocess.Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", "import", str(file)],
            env=inherited | self.environment,
            cwd=HOUSE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _notes_by_source(self) -> Counter[Source]:
        source = tables.signals.c.source
        with self._house.outside.engine.connect() as connection:
            return Counter(dict(connection.execute(sa.select(source, sa.func.count()).group_by(source)).all()))

    def _posted(self) -> Counter[str]:
        """How often each digest of this Monday stands in its channel."""
        wanted = {digest_key(self._team, each, NINE.date()) for each in self._channels}
        said = [each.metadata or {} for channel in self._channels for each in self._world.slack.messages(channel)]
        keys = (each.get("event_payload", {}).get("key") for each in said)
        return Counter(key for key in keys if key in wanted)


@dataclass
class _Memory:
    """The most that these processes held together, looked at four times a second."""

    pids: Sequence[int]
    most: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.25):
            self.most = max(self.most, sum(map(_megabytes, self.pids)))


def _megabytes(pid: int) -> float:
    """Of what several processes map, such as libraries, each its part: it is in the machine's memory once."""
    try:
        return float(psutil.Process(pid).memory_full_info().pss) / 1e6
    except psutil.Error:
        return 0.0


@contextmanager
def _on(cores: Sequence[int]) -> Iterator[None]:
    """What is started meanwhile runs on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _notes(path: Path, names: Sequence[str], count: int, told_apart_by: str) -> Path:
    """Of the last two years, dealt to the clients in turn."""
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["client", "type", "date", "severity", "who", "text"])
        for number in range(count):
            day = NINE.date() - timedelta(days=1 + number % 700)
            said = f"Note {number} of {told_apart_by}: they called on a Friday evening and asked for one more round."
            writer.writerow([names[number % len(names)], TYPES[number % len(TYPES)], day, "", "", said])
    return path
