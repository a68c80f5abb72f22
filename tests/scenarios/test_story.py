"""`amicable sandbox --play --exit --json`: the promise that a newcomer's first minute rests on (design section 3)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--play", "--exit", "--json"]

Shape = dict[str, Any]
SHAPE: Shape = {
    "signals": int,
    "clients": [{"name": str, "score": (int, type(None)), "band": str, "stage": str}],
    "tickets": {"jira": int, "trello": int},
    "notice": {"language": str, "status": str},
    "digest": {"channel": str, "clients": int},
    "leaks": int,
}


def differs(found: Any, shape: Any, where: str = "$") -> list[str]:
    """Where what was found has another shape: names of keys, kinds of values."""
    if isinstance(shape, dict):
        if not isinstance(found, dict) or found.keys() != shape.keys():
            return [f"{where}: {found}"]
        return [line for name in shape for line in differs(found[name], shape[name], f"{where}.{name}")]
    if isinstance(shape, list):
        return [line for i, each in enumerate(found) for line in differs(each, shape[0], f"{where}[{i}]")]
    return [] if isinstance(found, shape) else [f"{where}: {found!r}"]


@pytest.mark.timeout(600)
def test_the_story_holds(tmp_path: Path) -> None:
    """BR07, BR08, BR14: whoever has nothing but Python sees four clients, tickets, a letter in review, and no leak."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
    environment = inherited | {"PYTHONPATH": str(HOUSE)}
    played = subprocess.run(  # noqa: S603 - our own command
        COMMAND, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=580, check=False
    )
    assert (played.returncode, "Did not hold" in played.stderr) == (0, False), played.stderr

    ended = json.loads(played.stdout)
    assert differs(ended, SHAPE) == []
    assert min(ended["tickets"].values()) > 0
    assert (len(ended["clients"]), ended["notice"]["status"], ended["leaks"]) == (4, "in review", 0)
