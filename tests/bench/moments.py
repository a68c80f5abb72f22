"""The suite at other moments and in other zones than its own, and once with all that a hurried run leaves out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.measures import Measure

HOUSE = Path(__file__).parents[2]
ENDED, FAILED = 0, 1
FAILURES = re.compile(r"^(?:FAILED|ERROR) ", re.MULTILINE)
MOMENTS = (
    ("Monday 00:59", "2026-11-30T00:59Z", "Asia/Kathmandu"),
    ("Saturday noon", "2026-11-28T12:00Z", "America/Los_Angeles"),
    ("31 December 23:58", "2026-12-31T23:58Z", "Pacific/Auckland"),
    ("28 February", "2027-02-28T12:00Z", "Asia/Kathmandu"),
    ("29 February", "2028-02-29T12:00Z", "America/Los_Angeles"),
    ("night to summer time", "2027-03-28T00:30Z", "Pacific/Auckland"),
    ("night to winter time", "2026-10-25T00:30Z", "Asia/Kathmandu"),
    ("25 December", "2026-12-25T12:00Z", "America/Los_Angeles"),
)


def calendar() -> Iterator[Measure]:
    """All that needs no PostgreSQL, at eight moments, on a machine of another zone each time."""
    for name, moment, zone in MOMENTS:
        yield run(f"tests that fail on {name}, {zone}", ["-m", "not postgresql", "--at", moment], zone)


def suite() -> Iterator[Measure]:
    """Every test on both databases, and every rule on as many examples as it deserves."""
    yield run("tests that fail in the full suite", ["--full"])


def run(name: str, arguments: Sequence[str], zone: str = "UTC") -> Measure:
    """How many of the tests fail that pytest is told to run."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal"]
    done = subprocess.run(  # noqa: S603 - our own tests
        [*command, *arguments], cwd=HOUSE, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=False
    )
    failed = FAILURES.findall(done.stdout)
    if done.returncode not in {ENDED, FAILED}:
        raise RuntimeError(f"The tests did not run: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    told = [line for line in done.stdout.splitlines() if FAILURES.match(line)]
    return Measure(name=name, value=len(failed), at_most=0, more={"s": time.perf_counter() - began, "failed": told})
