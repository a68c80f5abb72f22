"""What must never be broken unnoticed: each promise is broken once, in a copy, and some test has to say so."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measures import Measure

HOUSE = Path(__file__).parents[2]
COPIED = ("bot", "integrations", "rules", "tests", "pyproject.toml", "manifest.yml", ".env.example")
PASSED, FAILED = 0, 1


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """`text` stands once in the file `path`, and `instead` takes its place; `tests` is what pytest is told to run."""

    name: str
    path: str
    text: str
    instead: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        name="a place is not looked at again before a post",
        path="bot/announcer.py",
        text="self._directory.glance(workspace_id, channel_id)",
        instead="self._directory.place(workspace_id, channel_id)",
        tests=("tests/scenarios/test_leaks.py", "-k", "unheard"),
    ),
    Mutation(
        name="whoever sees a letter may say that it has arrived",
        path="bot/services/partings/notices.py",
        text="""            require_decider(actor, client)
            today = local_day(self._clock.now(), unit.workspace().timezone)
            _require_past(on, today, "received_on")
""",
        instead="""            today = local_day(self._clock.now(), unit.workspace().timezone)
            _require_past(on, today, "received_on")
""",
        tests=("tests/services/partings/test_notices.py",),
    ),
    Mutation(
        name="a return is waived until they have paid",
        path="rules/partings/ticket_progress.py",
        text="    require_no_lever(ticket.task_code, reason)\n",
        instead="",
        tests=("tests/scenarios/test_closing.py", "-k", "lever"),
    ),
    Mutation(
        name="the limit of gut feelings gives back more than they cost",
        path="rules/health/formula/charges.py",
        text="Relief(loud[count - 1], cost - now)",
        instead="Relief(loud[count - 1], said[loud[count - 1]] - most[loud[count - 1]])",
        tests=("tests/rules/test_formula.py",),
    ),
    Mutation(
        name="a review changes the scores before it",
        path="rules/health/formula/events.py",
        text="return (today - reviewed).days if reviewed and reviewed <= today else 0",
        instead="return (today - reviewed).days if reviewed else 0",
        tests=("tests/rules/test_formula.py",),
    ),
    Mutation(
        name="the call to act is gone before its review",
        path="rules/health/formula/v2.py",
        text="if entry.reviewed_on is None or entry.reviewed_on > today",
        instead="if entry.reviewed_on is None",
        tests=("tests/rules/test_formula.py",),
    ),
    Mutation(
        name="an erased person's id stays in the keys of posts",
        path="bot/services/privacy/erasure.py",
        text="""        left["key"] = str(left["key"]).replace(person.id, gone)
""",
        instead="        pass\n",
        tests=("tests/services/privacy/test_erasure.py",),
    ),
    Mutation(
        name="a very long stay begins after half a year",
        path="rules/partings/dates.py",
        text="LONG_STAY = timedelta(days=90)",
        instead="LONG_STAY = timedelta(days=180)",
        tests=("tests/rules/test_dates.py",),
    ),
    Mutation(
        name="two who react at one time do not wait for each other",
        path="bot/services/capture/reactions.py",
        text="            client = unit.clients.lock(client_id)\n",
        instead="            client = unit.clients.get(client_id)\n",
        tests=("tests/services/capture/test_convergence.py", "-k", "same_moment and postgresql"),
    ),
    Mutation(
        name="the checklist counts evidence of ten years",
        path="rules/decisions/living.py",
        text="LIVING = timedelta(days=180)",
        instead="LIVING = timedelta(days=3650)",
        tests=("tests/rules/test_gate.py",),
    ),
    Mutation(
        name="words go a month late",
        path="bot/services/privacy/retention.py",
        text="relativedelta(months=months)",
        instead="relativedelta(months=months + 1)",
        tests=("tests/services/privacy/test_retention.py",),
    ),
    Mutation(
        name="notes of an erased client are imported",
        path="bot/services/imports/notes.py",
        text="if client.erased_at and happened_at <= client.erased_at:",
        instead="if False:",
        tests=("tests/scenarios/test_import.py", "-k", "erasure"),
    ),
    Mutation(
        name="a job that was overtaken stores an intent",
        path="bot/services/partings/tickets/tickets.py",
        text="if found.turn != ticket.turn or not isinstance(next_move(found, now), Send):",
        instead="if not isinstance(next_move(found, now), Send):",
        tests=("tests/services/partings/test_tickets.py",),
    ),
)


def mutations() -> Iterator[Measure]:
    """Which of them no test notices; the tree itself stays as it is."""
    with tempfile.TemporaryDirectory(prefix="amicable-mutations-") as folder:
        house = Path(folder)
        for name in COPIED:
            _copy(HOUSE / name, house / name)
        for mutation in MUTATIONS:
            began = time.perf_counter()
            noticed = _noticed(house, mutation)
            more = {"s": time.perf_counter() - began, "by": noticed}
            yield Measure(name=f"unnoticed: {mutation.name}", value=not noticed, at_most=0, more=more)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def _noticed(house: Path, mutation: Mutation) -> str:
    """The first test that fails; empty when none does."""
    path = house / mutation.path
    as_ever = path.read_text(encoding="utf-8")
    path.write_text(as_ever.replace(mutation.text, mutation.instead), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutation.tests]
    try:
        done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    finally:
        path.write_text(as_ever, encoding="utf-8")
    if done.returncode not in {PASSED, FAILED}:
        raise RuntimeError(f"The tests did not run: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else ""
