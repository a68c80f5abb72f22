from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

# In brackets, so that this file names none itself.
REGISTRIES = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.org|yarn[p]kg\.com|doc[k]er\.io|gh[c]r\.io|qu[a]y\.io|proxy\.go[l]ang\.org|cra[t]es\.io|ruby[g]ems\.org"
)


def test_no_file_names_a_registry(house: Path) -> None:
    """Whoever installs uses the registry that their own machine is set up for."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=house, capture_output=True, text=True, check=True)  # noqa: S607 - git is where the person has it
    files = [house / name for name in tracked.stdout.split("\0") if name]
    naming = [str(path) for path in files if path.is_file() and REGISTRIES.search(path.read_text(errors="replace"))]
    assert naming == []


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_everything_installed_is_pinned_by_hash(house: Path, name: str) -> None:
    """Nobody can slip us another file under a name that we know."""
    text = (house / f"requirements/{name}.txt").read_text()
    requirements = [
        line for line in text.replace("\\\n", "").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    loose = [line for line in requirements if "==" not in line or "--hash=sha256:" not in line]
    assert (len(requirements) > 0, loose) == (True, [])


def test_developers_run_what_users_run(house: Path) -> None:
    """The tests say something about the versions that users get."""
    pins = {
        name: set(
            re.findall(r"^[a-z0-9][^\s;]*==[^\s;]+", (house / f"requirements/{name}.txt").read_text(), re.MULTILINE)
        )
        for name in ("runtime", "dev")
    }
    assert pins["runtime"] - pins["dev"] == set()
