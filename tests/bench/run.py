"""`make bench`: a table for people on stderr, one JSON object for scripts on stdout.

`--only NAME` (several times if you like), `--seconds N` for each load, `--tickets N` for the chaos and
`--ordeal "trello on sqlite"` for one of its combinations, `--weeks N` for the simulated year.
"""

from __future__ import annotations

import argparse
import compileall
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, it would see its own folder only

from tests.bench import (
    burst,
    chaos,
    commands,
    door,
    healths,
    imports,
    moments,
    mutations,
    openings,
    pages,
    partings,
    quarter,
    searches,
    starts,
    storm,
    year,
)
from tests.bench.databases import Databases
from tests.bench.measures import Measure, machine, show
from tests.bench.processes import HOUSE

Bench = Callable[[Databases, argparse.Namespace], Iterator[Measure]]

BENCHES: Mapping[str, Bench] = {
    "throughput": lambda databases, asked: commands.throughput(databases, asked.seconds),
    "live": lambda databases, _: commands.live(databases),
    "memory": lambda databases, _: commands.memory(databases),
    "latency": lambda databases, asked: commands.latency(databases, asked.seconds),
    "search": lambda databases, asked: searches.search(databases, asked.seconds),
    "openings": lambda databases, _: openings.openings(databases),
    "health": lambda databases, _: healths.health(databases),
    "digest": lambda databases, _: healths.digest(databases),
    "import": lambda databases, _: imports.imports(databases),
    "starts": lambda databases, _: starts.starts(databases),
    "rest": lambda databases, _: starts.rest(databases),
    "burst": lambda databases, _: burst.bursts(databases),
    "page": lambda _databases, _asked: pages.page(),
    "year": lambda databases, asked: year.year(databases, asked.weeks),
    "quarter": lambda databases, _: quarter.quarter(databases),
    "door": lambda databases, _: door.door(databases),
    "storm": lambda databases, _: storm.storms(databases),
    "socket-storm": lambda databases, _: storm.socket_storms(databases),
    "days": lambda _databases, _asked: partings.days(),
    "walks": lambda _databases, _asked: partings.walks(),
    "calendar": lambda _databases, _asked: moments.calendar(),
    "mutations": lambda _databases, _asked: mutations.mutations(),
    "suite": lambda _databases, _asked: moments.suite(),
    "chaos": lambda databases, asked: chaos.chaos(databases, asked.tickets, asked.ordeal or ()),
    "recovery": lambda databases, asked: chaos.recovery(databases, asked.ordeal or ()),
}

# The test suite, whole or in part, again and again, or a quarter of an hour of quiet periods: only when named.
LONG = {"calendar", "mutations", "suite", "walks", "recovery"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=[*BENCHES], help="this benchmark and no other")
    parser.add_argument("--seconds", type=float, default=9.0, help="how long each load lasts")
    parser.add_argument("--tickets", type=int, default=1056, help="how many tickets the chaos opens in all")
    parser.add_argument("--ordeal", action="append", choices=chaos.COMBINATIONS, help="of the chaos this alone")
    parser.add_argument("--weeks", type=int, default=52, help="how long the simulated year is")
    asked = parser.parse_args()
    console = Console(stderr=True)
    _compile()
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="amicable-bench-", ignore_cleanup_errors=True) as folder:
        databases = Databases(Path(folder))
        try:
            for name in asked.only or [name for name in BENCHES if name not in LONG]:
                console.print(f"Measuring {name} ...")
                measures.extend(BENCHES[name](databases, asked))
        finally:
            databases.close()
    show(measures, console)
    sys.stdout.write(json.dumps({"machine": machine(), "measures": [each.as_json() for each in measures]}) + "\n")


def _compile() -> None:
    """Our packages, as pip does: with PYTHONDONTWRITEBYTECODE each process of a checkout would compile them anew."""
    for package in ("bot", "integrations", "rules"):
        if not compileall.compile_dir(HOUSE / package, quiet=1):
            raise RuntimeError(f"{package} can't be compiled.")


if __name__ == "__main__":
    main()
