"""Opening 24 tickets in a tracker that needs 300 ms for each answer: one after the other, and as we do it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from integrations.sandbox.faults import Fault
from rules.ports import TicketOrder, Tracker
from tests.bench.databases import Databases
from tests.bench.measures import Measure
from tests.bench.tickets import Partings
from tests.bench.workers import Workers
from tests.clocks import STARTS_AT

TASKS = 24
LATENCY_SECONDS = 0.3
# What the trackers allow: Trello a token in 10 seconds; Jira has points, and no burst of ours may be larger.
WINDOW_SECONDS = 10
ALLOWED_IN_10_SECONDS = {"jira": 500, "trello": 100}
ENGINE_AS_SHIPPED = "AMICABLE_ENGINE__"


def openings(databases: Databases) -> Iterator[Measure]:
    for tracker in ("jira", "trello"):
        with databases.fresh("sqlite") as url, tempfile.TemporaryDirectory() as folder:
            partings = Partings(Path(folder), url, tracker, quiet_seconds=60)
            try:
                alone = _one_by_one(partings)
                ours, busiest = _ours(partings, Path(folder))
            finally:
                partings.close()
        more = {"one_by_one_seconds": round(alone, 2), "ours_seconds": round(ours, 2)}
        name = f"{TASKS} tickets against one after the other, {tracker}"
        yield Measure(name=name, value=ours / alone, at_most=1 / 3, more=more)
        allowed = ALLOWED_IN_10_SECONDS[tracker]
        yield Measure(name=f"requests in 10 seconds, {tracker}", value=busiest, at_most=allowed)


def _one_by_one(partings: Partings) -> float:
    """The parent and its tasks, each when the one before is there; a warm tracker, so that nothing else is asked."""
    tracker = partings.house.outside.trackers[partings.tracker]
    tracker.create(_order("warm", is_parent=True))
    _slow(partings)
    began = time.perf_counter()
    _create_all(tracker)
    partings.faults.clear()
    return time.perf_counter() - began


def _create_all(tracker: Tracker) -> None:
    parent = tracker.create(_order("alone", is_parent=True))
    for number in range(TASKS):
        tracker.create(_order(f"alone{number}", parent_ref=parent.ref))


def _ours(partings: Partings, folder: Path) -> tuple[float, int]:
    """Seconds from the click to the last ticket known, and the most requests in any 10 seconds; a warm worker."""
    shipped = {name: value for name, value in partings.environment.items() if not name.startswith(ENGINE_AS_SHIPPED)}
    with Workers(shipped, folder / "worker.log") as workers:
        partings.open(1)
        workers.wait_for(partings.are_open)
        time.sleep(WINDOW_SECONDS)  # so that the first parting takes nothing from the second one's limit
        partings.faults.happened.clear()
        counts: list[tuple[float, int]] = []
        _slow(partings)
        began = time.perf_counter()
        partings.open(TASKS)

        def are_open() -> bool:
            counts.append((time.perf_counter(), partings.faults.happened[Fault.SLOW]))
            return partings.are_open()

        workers.wait_for(are_open)
        seconds = time.perf_counter() - began
    busiest = max(later - count for at, count in counts for then, later in counts if 0 <= then - at <= WINDOW_SECONDS)
    return seconds, busiest


def _slow(partings: Partings) -> None:
    partings.faults.delay = LATENCY_SECONDS
    partings.faults.sometimes(Fault.SLOW, 1.0)


def _order(marker: str, *, parent_ref: str = "", is_parent: bool = False) -> TicketOrder:
    return TicketOrder(
        marker=f"wu-{marker}",
        run_marker="wrapup-alone",
        title=f"Task {marker}",
        details="What has to be done, in a line or two.",
        due_on=STARTS_AT.date() + timedelta(days=30),
        assignee="",
        parent_ref=parent_ref,
        is_parent=is_parent,
    )
