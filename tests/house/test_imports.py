from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_import_contracts_hold(house: Path) -> None:
    """No module imports against the direction bot -> integrations -> rules or any other contract of pyproject.toml."""
    linted = subprocess.run(  # noqa: S603 - our own linter on our own files
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
