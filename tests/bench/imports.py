"""`amicable import` of many notes: how fast, and in how much memory."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.__main__ import command_line
from integrations.database.connect import open_database
from integrations.database.unit_of_work import SqlUnits
from rules.ports import AuditEntry
from tests.bench.databases import KINDS, Databases
from tests.bench.healths import peak_megabytes
from tests.bench.ledgers import NoJobs
from tests.bench.measures import Measure
from tests.bench.processes import HOUSE, app_settings, slack
from tests.bench.slack_stub import TEAM
from tests.clocks import real_now

CLIENTS = 200
FEW_NOTES, MANY_NOTES = 10_000, 100_000
TYPES = ("late_payment", "slow_reply", "Paid late", "praise", "a type of their own")


def imports(databases: Databases) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder, slack() as server:
        clients, few, many = _files(Path(folder))
        for kind in KINDS:
            found = []
            for notes in (few, many):
                with databases.fresh(kind) as url:
                    found.append(_in_a_process_of_its_own(app_settings(server, url, 9), [clients, notes]))
            rate = MANY_NOTES / found[1]["seconds"]
            more = {"few": found[0], "many": found[1]}
            yield Measure(name=f"import of 100,000 notes, {kind}", value=rate, unit="notes/s", at_least=500, more=more)
            grown = found[1]["megabytes"] - found[0]["megabytes"]
            name = f"memory of an import, 100,000 instead of 10,000 notes, {kind}"
            yield Measure(name=name, value=grown, unit="MB more", at_most=20)
            name = f"the longest that a note waits beside an import, {kind}"
            held = {"held_at_most_ms_of_cpu": found[0]["held_ms"]}
            yield Measure(name=name, value=found[0]["waited_ms"], unit="ms", at_most=100, more=held)
            name = f"an import keeps the writer at work, {kind}"
            yield Measure(name=name, value=found[0]["held_ms"], unit="ms of CPU", at_most=100)


def _files(folder: Path) -> tuple[Path, Path, Path]:
    clients = folder / "clients.csv"
    clients.write_text("name\n" + "".join(f"Client {number}\n" for number in range(CLIENTS)), encoding="utf-8")
    return clients, _notes(folder / "few.csv", FEW_NOTES), _notes(folder / "many.csv", MANY_NOTES)


def _notes(path: Path, count: int) -> Path:
    """Of the last three years, with as much to read as people write."""
    today = real_now().date()
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["client", "type", "date", "severity", "who", "text", "link"])
        for number in range(count):
            day = today - timedelta(days=number % 1000)
            said = f"Note {number}: they called on a Friday evening,\nand asked for one more round of changes."
            row = [f"Client {number % CLIENTS}", TYPES[number % 5], day, "red" if number % 2 else "", "", said, ""]
            writer.writerow(row)
    return path


def _in_a_process_of_its_own(environment: dict[str, str], files: list[Path]) -> dict[str, float]:
    """Its memory is then that of the import."""
    command = [sys.executable, "-m", "tests.bench.imports", *map(str, files)]
    process = subprocess.Popen(command, env=environment, cwd=HOUSE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    waited = _longest_turn(environment["AMICABLE_DATABASE_URL"], process)
    told: dict[str, float] = json.loads(process.communicate()[0])
    return told | {"waited_ms": 1000 * waited}


def _longest_turn(url: str, importing: subprocess.Popen[str]) -> float:
    """Until the import ends: the seconds until somebody else has written and committed something small."""
    engine = open_database(url)
    units, longest = SqlUnits(engine, NoJobs()), 0.0
    while importing.poll() is None:
        began = time.perf_counter()
        with units.begin(TEAM) as unit:
            unit.audit.add(AuditEntry(at=real_now(), workspace_id=TEAM, actor_id="", action="waited", subject=TEAM))
        longest = max(longest, time.perf_counter() - began)
        time.sleep(0.05)
    engine.dispose()
    return longest


class Held:
    """The most that a transaction worked between its beginning and its commit, whatever the machine and its disk do."""

    def __init__(self) -> None:
        self.seconds = self._began = 0.0
        sa.event.listen(sa.Engine, "begin", self._begin)
        sa.event.listen(sa.Engine, "commit", self._commit)

    def _begin(self, _connection: sa.Connection) -> None:
        self._began = time.thread_time()

    def _commit(self, _connection: sa.Connection) -> None:
        self.seconds = max(self.seconds, time.thread_time() - self._began)


def main() -> None:
    held, began = Held(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        command_line()(["import", *sys.argv[1:]])
    told = {"seconds": time.perf_counter() - began, "megabytes": peak_megabytes(), "held_ms": 1000 * held.seconds}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
