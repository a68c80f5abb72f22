"""Holds what we pin against the advisories that osv.dev keeps: `make audit`.

Ends with 0 where none is listed, with 1 where one is, and with 2 where nobody could be asked: that is no all-clear.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import requests

ADVISORIES: Final = "https://api.osv.dev/v1/querybatch"
ADVISORY: Final = "https://osv.dev/vulnerability"
PIN: Final = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
REQUIREMENTS: Final = Path(__file__).parents[2] / "requirements"
SECONDS: Final = 30
NOTHING, FOUND, NOT_ASKED = 0, 1, 2


def pins(folder: Path) -> list[tuple[str, str]]:
    """Name and version of all that is installed anywhere."""
    return sorted({pin for file in folder.glob("*.txt") for pin in PIN.findall(file.read_text(encoding="utf-8"))})


def listed(pinned: list[tuple[str, str]]) -> Iterator[str]:
    """A line for each advisory."""
    asked = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pinned]
    answer = requests.post(ADVISORIES, json={"queries": asked}, timeout=SECONDS)
    answer.raise_for_status()
    for (name, version), found in zip(pinned, answer.json()["results"], strict=True):
        for each in found.get("vulns", ()):
            yield f"{name} {version}: {ADVISORY}/{each['id']}"


def main() -> int:
    pinned = pins(REQUIREMENTS)
    try:
        found = list(listed(pinned))
    except (requests.RequestException, ValueError, KeyError) as error:
        sys.stderr.write(
            f"osv.dev could not be asked ({type(error).__name__}), so nothing is known. Try again online.\n"
        )
        return NOT_ASKED
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stderr.write(f"{len(pinned)} pins, {len(found)} advisories.\n")
    return FOUND if found else NOTHING


if __name__ == "__main__":
    sys.exit(main())
