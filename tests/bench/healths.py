"""Health of one client with much history or many live notes, and the digest of many clients."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.views.digest import posted
from integrations.database.connect import open_database
from rules.clients.people import Member, Place, PlaceKind
from rules.ports import DigestChannel
from tests.bench.databases import KINDS, Databases
from tests.bench.ledgers import Ledger
from tests.bench.measures import Measure
from tests.bench.processes import HOUSE, environment, open_house
from tests.bench.slack_stub import PERSON, TEAM
from tests.clocks import real_now

NOTES, OLD_NOTES, TIMES = 20, 500, 100
NOTES_A_CLIENT = 5
ROUNDS = 30
FEW_CLIENTS, MANY_CLIENTS = 200, 10_000
CHANNEL = "C0BENCH"


def health(databases: Databases) -> Iterator[Measure]:
    for kind in KINDS:
        usual = _seconds_for_health(databases, kind, NOTES, OLD_NOTES)
        old = _seconds_for_health(databases, kind, NOTES, OLD_NOTES * TIMES)
        live = _seconds_for_health(databases, kind, NOTES * TIMES, 0)
        more = {"usual_ms": round(1000 * usual, 2), "old_ms": round(1000 * old, 2)}
        yield Measure(name=f"health, 100x old history, {kind}", value=old / usual, unit="x", at_most=1.3, more=more)
        yield Measure(name=f"health, 100x live notes, {kind}", value=1000 * live, unit="ms", at_most=50)


def digest(databases: Databases) -> Iterator[Measure]:
    for kind in KINDS:
        found = {}
        for clients in (FEW_CLIENTS, MANY_CLIENTS):
            with databases.fresh(kind) as url:
                engine = open_database(url)
                Ledger(engine, clients=clients, recent=NOTES_A_CLIENT * clients)
                engine.dispose()
                _read_once(url)
                found[clients] = _in_a_process_of_its_own(url)
        few, many = found[FEW_CLIENTS], found[MANY_CLIENTS]
        yield Measure(name=f"digest of 200 clients, {kind}", value=few["seconds"], unit="s", at_most=0.5)
        yield Measure(name=f"digest of 10,000 clients, {kind}", value=many["seconds"], unit="s", at_most=10)
        grown = many["megabytes"] - few["megabytes"]
        name = f"memory of a digest, 10,000 instead of 200 clients, {kind}"
        yield Measure(name=name, value=grown, unit="MB more", at_most=50, more={"few": few, "many": many})


def _seconds_for_health(databases: Databases, kind: str, recent: int, old: int) -> float:
    with databases.fresh(kind) as url:
        engine = open_database(url)
        client_id = Ledger(engine, clients=1, recent=recent, old=old).client_ids[0]
        engine.dispose()
        house = open_house(url)
        house.services.health.read_all(TEAM)  # as each night does
        now = real_now()
        reader = Member(id=PERSON, workspace_id=TEAM, team_id=TEAM, name="Ben", is_admin=True, fetched_at=now)
        seconds = _median(lambda: house.services.health.scorecard(TEAM, reader, client_id))
        house.close()
        return seconds


def _read_once(url: str) -> None:
    """As each night does."""
    house = open_house(url)
    house.services.health.read_all(TEAM)
    house.close()


def _median(work: Callable[[], object]) -> float:
    work()
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def _in_a_process_of_its_own(url: str) -> dict[str, float]:
    """Its memory is then that of the digest."""
    command = [sys.executable, "-m", "tests.bench.healths", url]
    done = subprocess.run(command, env=environment(), cwd=HOUSE, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    told: dict[str, float] = json.loads(done.stdout)
    return told


def main() -> None:
    """As the worker composes the weekly one of a channel in which everybody may see every client."""
    house = open_house(sys.argv[1])
    now = house.outside.clock.now()
    known = Member(id=PERSON, workspace_id=TEAM, team_id=TEAM, name="Ben", is_admin=True, fetched_at=now)
    place = Place(
        id=CHANNEL,
        workspace_id=TEAM,
        name="leads",
        kind=PlaceKind.PRIVATE,
        bot_is_member=True,
        guest_ids=(),
        member_ids=(PERSON,),
        fetched_at=now,
    )
    weekly = DigestChannel(workspace_id=TEAM, channel_id=CHANNEL, weekday=0, hour=9, minute=0, timezone="UTC")
    with house.outside.units.begin(TEAM) as unit:
        unit.people.save_member(known)
        unit.people.save_place(place)
        unit.digests.save(weekly)
    began = time.perf_counter()
    issue = house.services.digests.issue(TEAM, CHANNEL)
    if issue is None:
        raise RuntimeError("The channel has no digest.")
    posted(issue, house.outside.words)
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))
    house.close()


def peak_megabytes() -> float:
    """From the system's own books: `getrusage` still counts what the parent held."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
