"""A signed `/redflag` with its durable write, against an echo on the same server (design section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from statistics import median

from integrations.database.connect import open_database
from tests.bench import processes
from tests.bench.databases import KINDS, Databases
from tests.bench.echo import COMMAND as ECHO
from tests.bench.ledgers import Ledger
from tests.bench.load import Load, Served
from tests.bench.measures import Measure
from tests.bench.processes import SECRET, Running

CLIENTS = 200
FEW, MANY = 1_000, 1_000_000
WARM_UP_SECONDS = 1.5
ROUNDS = 6
_run = count()


def throughput(databases: Databases, seconds: float) -> Iterator[Measure]:
    """Closed loop, 16 connections; the two servers take turns, so that a noisy machine disturbs both."""
    for kind in KINDS:
        with databases.fresh(kind) as url, processes.slack() as slack, processes.echo() as echo:
            names = _fill(url, FEW)
            with processes.web(slack, url) as web:
                for port, command in ((echo.port, ECHO), (web.port, "/redflag")):
                    _send(port, command, names, WARM_UP_SECONDS)
                rounds = [
                    (
                        _send(echo.port, ECHO, names, seconds / ROUNDS),
                        _send(web.port, "/redflag", names, seconds / ROUNDS),
                    )
                    for _ in range(ROUNDS)
                ]
        yield from _compared(kind, rounds)


def _compared(kind: str, rounds: list[tuple[Served, Served]]) -> Iterator[Measure]:
    """The median of the rounds, each against the echo right before it."""
    echoed, logged = (median(served[side].per_second for served in rounds) for side in (0, 1))
    ratio = median(flag.per_second / echo.per_second for echo, flag in rounds)
    more = {
        "echo_per_second": round(echoed),
        "redflag_per_second": round(logged),
        "rounds": [[asdict(echo), asdict(flag)] for echo, flag in rounds],
    }
    yield Measure(name=f"/redflag against an echo, {kind}", value=ratio, at_least=0.25, more=more)
    yield Measure(name=f"/redflag requests a second, {kind}", value=logged)
    yield Measure(name=f"echo requests a second, {kind}", value=echoed)


def latency(databases: Databases, seconds: float) -> Iterator[Measure]:
    """Open loop at 50 requests a second."""
    for kind in KINDS:
        medians = []
        for size in (FEW, MANY):
            with databases.fresh(kind) as url, processes.slack() as slack:
                names = _fill(url, size)
                with processes.web(slack, url) as web:
                    _send(web.port, "/redflag", names, WARM_UP_SECONDS)
                    served = _send(web.port, "/redflag", names, seconds, rate=50)
                    forms = _forms(web, seconds)
            medians.append(served.p50)
            where = f"{size:,} notes, {kind}"
            yield _p99(f"/redflag p99 at 50/s, {where}", served, 50)
            yield _p99(f"form p99 at 50/s, {where}", forms, 300)
        yield Measure(
            name=f"/redflag p50, a thousand times the notes, {kind}",
            value=medians[1] / medians[0],
            unit="x",
            at_most=1.3,
        )


def _p99(name: str, served: Served, at_most: float) -> Measure:
    return Measure(name=name, value=served.p99, unit="ms", at_most=at_most, more=asdict(served))


def _forms(web: Running, seconds: float) -> Served:
    """A bare `/redflag`; Slack takes 200 ms to open the form."""
    asked = Load(
        port=web.port,
        secret=SECRET,
        command="/redflag",
        texts=("",),
        answered="",
        seconds=seconds,
        connections=64,
        rate=50,
        run=f"form{next(_run)}",
    )
    return processes.send(asked)


def _send(port: int, command: str, names: tuple[str, ...], seconds: float, rate: float = 0.0) -> Served:
    asked = Load(
        port=port,
        secret=SECRET,
        command=command,
        texts=tuple(f"{name} paid three weeks late" for name in names),
        answered="Logged",
        seconds=seconds,
        connections=64 if rate else 16,
        rate=rate,
        run=f"run{next(_run)}",
    )
    return processes.send(asked)


def _fill(url: str, notes: int) -> tuple[str, ...]:
    engine = open_database(url)
    try:
        return tuple(Ledger(engine, clients=CLIENTS, recent=FEW, old=notes - FEW).names)
    finally:
        engine.dispose()
