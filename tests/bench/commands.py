"""A signed `/redflag` with its durable write, against an echo on the same server (design section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
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
from tests.bench.slack_stub import TEAM

CLIENTS = 200
FEW, MANY = 1_000, 1_000_000
REQUESTS = 10_000
WARM_UP_SECONDS = 1.5
LIVE = {10: 2, 1_000: 992}  # by what a client has on average while it is measured: what it has before it
LIVE_CLIENTS, LIVE_ROUNDS = 8, 8
BLOCK, ROUNDS_A_SECOND, WARM_UP_ROUNDS = 15, 5, 8
AGAINST_AN_ECHO = {
    "sqlite": {"/redflag": 0.2, "reaction": 0.35, "message that nobody asked about": 0.7},
    "postgresql": {"/redflag": 0.2, "reaction": 0.4, "message that nobody asked about": 0.7},
}
_run = count()


def throughput(databases: Databases, seconds: float) -> Iterator[Measure]:
    """Closed loop, 8 connections: an echo and our own take turns in blocks of some 15 requests, in one process.

    What counts is the median of the ratios, each against the echo right before it. A peer's durable action was at best
    0.18 of the echo on this kind of machine; its lightest command stores nothing.
    """
    for kind in KINDS:
        with databases.fresh(kind) as url, processes.slack() as slack, processes.echo() as echo:
            names = _fill(url, FEW)
            with processes.web(slack, url) as web:
                loads = [
                    _load(echo.port, command=ECHO, texts=("hello",), answered="Logged"),
                    _load(web.port, command="/redflag", texts=_told(names), answered="Logged"),
                    _load(web.port, event="reaction_added", texts=("red_circle",)),
                    _load(web.port, event="message", texts=("Shall we meet at ten?",)),
                ]
                took = processes.send_in_turn(loads, WARM_UP_ROUNDS + round(seconds * ROUNDS_A_SECOND), BLOCK)
        yield from _compared(kind, took[WARM_UP_ROUNDS:])


def _compared(kind: str, took: list[list[float]]) -> Iterator[Measure]:
    for place, (what, at_least) in enumerate(AGAINST_AN_ECHO[kind].items(), 1):
        ratio = median(each[0] / each[place] for each in took)
        more = {"per_second": round(BLOCK / median(each[place] for each in took)), "rounds": len(took)}
        yield Measure(name=f"{what} against an echo, {kind}", value=ratio, at_least=at_least, more=more)
    yield Measure(name=f"echo requests a second, {kind}", value=BLOCK / median(each[0] for each in took))


def _load(port: int, *, texts: tuple[str, ...], answered: str = "", command: str = "", event: str = "") -> Load:
    return Load(
        port=port,
        secret=SECRET,
        command=command,
        event=event,
        texts=texts,
        answered=answered,
        seconds=0,
        connections=8,
        run=f"run{next(_run)}",
    )


def _told(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} paid three weeks late" for name in names)


def live(databases: Databases) -> Iterator[Measure]:
    """What a command costs the web process by how many notes count of its client; both kinds of client by turns.

    The process knows the clients: another day, another process's note or a start make the next command read them anew.
    """
    for kind in KINDS:
        with ExitStack() as held:
            slack = held.enter_context(processes.slack())
            served = {}
            for notes, before in LIVE.items():
                url = held.enter_context(databases.fresh(kind))
                names = _read_of(url, before)
                web = held.enter_context(processes.web(slack, url))
                served[notes] = web, _load(web.port, command="/redflag", texts=_told(names), answered="Logged")
                processes.send_in_turn([served[notes][1]], 1, LIVE_CLIENTS)
            took: dict[int, list[float]] = {notes: [] for notes in LIVE}
            for _ in range(LIVE_ROUNDS):
                for notes, (web, load) in served.items():
                    began = web.cpu_seconds
                    processes.send_in_turn([replace(load, run=f"run{next(_run)}")], 1, 2 * LIVE_CLIENTS)
                    took[notes].append(1000 * (web.cpu_seconds - began) / (2 * LIVE_CLIENTS))
        few, many = (median(took[notes]) for notes in LIVE)
        more = {"few_ms": few, "many_ms": many}
        yield Measure(
            name=f"/redflag CPU, 1,000 live notes to 10, {kind}", value=many / few, unit="x", at_most=3, more=more
        )


def _read_of(url: str, notes: int) -> tuple[str, ...]:
    """Clients that were read last night."""
    engine = open_database(url)
    try:
        ledger = Ledger(engine, clients=LIVE_CLIENTS, recent=notes * LIVE_CLIENTS)
    finally:
        engine.dispose()
    house = processes.open_house(url)
    try:
        house.services.health.read_all(TEAM)
    finally:
        house.close()
    return tuple(ledger.names)


def memory(databases: Databases) -> Iterator[Measure]:
    """Of one web process after a thousand requests of each day's kinds, and after ten thousand."""
    with databases.fresh("sqlite") as url, processes.slack() as slack:
        names = _fill(url, FEW)
        with processes.web(slack, url) as web:
            held = []
            for requests in (REQUESTS // 10, REQUESTS - REQUESTS // 10):
                loads = [
                    _load(web.port, command="/redflag", texts=_told(names), answered="Logged"),
                    _load(web.port, event="reaction_added", texts=("red_circle",)),
                    _load(web.port, event="message", texts=("Shall we meet at ten?",)),
                    _load(web.port, command="/redflag", texts=("",)),
                ]
                processes.send_in_turn(loads, requests // (len(loads) * BLOCK), BLOCK)
                held.append(web.megabytes)
    more = {"after_a_tenth": held[0]}
    yield Measure(name="memory of amicable web after 10,000 requests", value=held[1], unit="MB", at_most=150, more=more)
    grown = held[1] - held[0]
    yield Measure(
        name="memory of amicable web, 10,000 instead of 1,000 requests", value=grown, unit="MB more", at_most=10
    )


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
        texts=_told(names),
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
