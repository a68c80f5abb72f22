"""A wrong value stops the start with a sentence that names it, and repeats no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {"AMICABLE_SLACK__BOT_TOKEN": "xoxb-made-up", "AMICABLE_SLACK__SIGNING_SECRET": "made-up"}


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("AMICABLE_DATABASE_URL", "mysql://u:s3cret@db/x", "postgresql://"),
        ("DATABASE_URL", "mysql://u:s3cret@db/x", "postgresql://"),
        ("AMICABLE_TIMEZONE", "Mars/Base", "Europe/Amsterdam"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(name: str, value: str, word: str, tmp_path: Path) -> None:
    """An operator reads which setting is wrong and what it should be, not a traceback."""
    clean = {key: kept for key, kept in os.environ.items() if "DATABASE_URL" not in key and "AMICABLE" not in key}
    environment = clean | GOOD | {name: value, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert name.removeprefix("AMICABLE_") in ended.stderr
    assert word in ended.stderr
    assert (ended.returncode, "s3cret" in ended.stderr, "Traceback" in ended.stderr) == (2, False, False)
