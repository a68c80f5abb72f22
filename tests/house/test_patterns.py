"""Nobody stops Amicable by what they type: three thousand hostile letters cost each pattern next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

READ = {
    "tone.py",
    "days.py",
    "sums.py",
    "names.py",
    "phrases.py",
    "manner.py",
    "belongings.py",
    "passwords.py",
    "excerpt.py",
}


def test_no_pattern_takes_longer_than_its_text_is_long(house: Path) -> None:
    """All are found as they are compiled, in a process of their own, so that a new one is among them."""
    told = subprocess.run([sys.executable, "-m", "tests.house.patterns"], cwd=house, check=True, capture_output=True)
    found = json.loads(told.stdout)

    assert found["slow"] == []
    assert ({Path(file).name for file in found["files"]} >= READ, found["patterns"] > 500) == (True, True)
