from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

TARGETS = ["install", "sandbox", "test", "check", "bench", "pictures", "lock", "audit"]


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Without what an outer `make test ARGS=...` hands down.
    env = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS")
    }
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - the make that the person has


@pytest.fixture
def checkout(house: Path, tmp_path: Path) -> Path:
    """A checkout that is installed as far as make can tell, with an app that says what it was given."""
    for name in ("Makefile", "pyproject.toml", "requirements"):
        (tmp_path / name).symlink_to(house / name)
    amicable = tmp_path / ".venv/bin/amicable"
    amicable.parent.mkdir(parents=True)
    amicable.write_text('#!/bin/sh\necho "$@"\n')
    amicable.chmod(0o755)
    (tmp_path / ".venv/.installed").touch()
    return tmp_path


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_exists(checkout: Path, target: str) -> None:
    """What people and scripts rely on is there."""
    assert make(checkout, "--dry-run", target).returncode == 0


def test_installing_again_does_nothing(checkout: Path) -> None:
    """A second call costs nothing and says nothing."""
    again = make(checkout, "install")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_the_sandbox_alone_speaks_on_standard_output(checkout: Path) -> None:
    """Scripts read the sandbox's JSON from `make sandbox` as it is."""
    played = make(checkout, "sandbox", "ARGS=--play --exit --json")
    assert (played.returncode, played.stdout) == (0, "sandbox --play --exit --json\n")
