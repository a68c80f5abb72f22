"""A storm of reactions while the database goes away and every process is killed: each note is there, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.storm import Storm, rage

STORM = Storm(events=60, per_second=20, outage_seconds=1.5, retry_waits=(0.5, 2.0, *(4.0,) * 10))


@pytest.mark.parametrize(
    ("over_sockets", "database_url"),
    [(False, "sqlite"), (False, "postgresql"), (True, "sqlite")],
    ids=["http-sqlite", "http-postgresql", "sockets-sqlite"],
    indirect=["database_url"],
)
def test_no_acknowledged_event_is_lost_and_none_counts_twice(
    database_url: str, tmp_path: Path, *, over_sockets: bool
) -> None:
    """BR02: what Slack repeats after a refusal comes in once; what was acknowledged is stored, whatever dies."""
    after = rage(replace(STORM, over_sockets=over_sockets), database_url, tmp_path)

    assert after.refused > 0
    assert (after.forgotten, after.kept, after.notes, after.doubled) == (0, STORM.events, STORM.events, 0)
