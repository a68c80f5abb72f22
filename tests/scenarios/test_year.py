"""HS14, BR12: six weeks of the simulated year; `make bench ARGS="--only year"` lives the whole one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.bench.workers import Workers
from tests.bench.year import SHORT_DECK, WORKERS, Year

WEEKS = 6
CHANNELS = 3


@pytest.mark.timeout(600)
def test_no_digest_is_missing_doubled_or_stale_whatever_happens(own_postgresql_url: str, tmp_path: Path) -> None:
    """Workers die, answers get lost, everything is away for days, and the clocks change both ways in these weeks."""
    year = Year(tmp_path, own_postgresql_url, starts_on=date(2027, 3, 8), channels=CHANNELS, deck=SHORT_DECK)
    try:
        with Workers(year.environment, tmp_path / "workers.log", WORKERS) as workers:
            year.live(workers, WEEKS)
        found = year.outcome()
    finally:
        year.close()

    assert found.posted >= CHANNELS
    assert (found.missing, found.doubled, found.stale) == (0, 0, 0)
