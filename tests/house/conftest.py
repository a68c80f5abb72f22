from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PACKAGES = ("bot", "integrations", "rules")


@pytest.fixture(scope="session")
def house() -> Path:
    """The folder with the whole project."""
    return HOUSE


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            if path.parent.parts[-2:] != ("migrations", "versions"):
                yield path


@pytest.fixture(scope="session")
def modules() -> dict[str, ast.Module]:
    """Every module of the three packages by its path from the top."""
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text()) for path in python_files(*PACKAGES)}


@pytest.fixture(scope="session")
def modules_of_tests() -> dict[str, ast.Module]:
    """Every file of the tests by its path from the top."""
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text()) for path in python_files("tests")}
