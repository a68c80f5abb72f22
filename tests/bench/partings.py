"""Partings in full: every case of the days, and every way from `/client add` to the close."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.measures import Measure
from tests.bench.moments import run
from tests.rules.by_hand import cases, faults


def days() -> Iterator[Measure]:
    """The arithmetic of days against a calendar in hand (CN03, CN05)."""
    began, count, wrong = time.perf_counter(), 0, []
    for case in cases():
        count += 1
        wrong += faults(case)
    more = {"cases": count, "s": time.perf_counter() - began, "wrong": wrong[:10]}
    yield Measure(name="days that a calendar in hand gives otherwise", value=len(wrong), at_most=0, more=more)


def walks() -> Iterator[Measure]:
    """All optional fields, with every origin: the whole product of each screen's, of those on which letter and close
    depend, and every two of all of them (CN01, HO11)."""
    yield run(
        "ways through a parting that end nowhere",
        ["--full", "-m", "not postgresql", "tests/scenarios/test_no_dead_end.py"],
    )
