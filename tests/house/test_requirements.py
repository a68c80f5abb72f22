from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SECTIONS = {
    "RF": 43, "HS": 19, "FG": 19, "AM": 27, "RP": 12, "DC": 9, "CN": 9, "WU": 11,
    "CV": 15, "NE": 12, "HO": 11, "TN": 7, "AF": 5, "LG": 8, "BR": 14,
}  # fmt: skip
CODE = re.compile(rf"\b(?:{'|'.join(SECTIONS)})\d\d\b")
ROW = re.compile(r"^\| (?P<code>\w+) \| (?P<meaning>.+?) \| (?P<kept_by>.+?) \|$", re.MULTILINE)
NOT_YET = "not yet"
# Where a person meets it: the real app from the outside, over signed HTTP, sockets or a command line.
THROUGH_THE_APP = ("`tests/scenarios/", "`tests/redteam/", "`tests/browser/")
# Code -> why no test through the app can keep it. Empty: each of them can.
NOT_THROUGH_THE_APP: dict[str, str] = {}


@pytest.fixture(scope="session")
def page(house: Path) -> str:
    """The page of requirements."""
    return (house / "docs/requirements.md").read_text()


@pytest.fixture(scope="session")
def rows(page: str) -> list[tuple[str, str]]:
    """Each code with what keeps it."""
    return [(row["code"], row["kept_by"]) for row in ROW.finditer(page) if CODE.fullmatch(row["code"])]


def cited(house: Path) -> Iterator[tuple[str, str]]:
    """Each code that code or tests cite, with the file that does."""
    for folder in ("bot", "integrations", "rules", "tests"):
        for path in sorted((house / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".j2") and path != Path(__file__):
                yield from ((code, str(path.relative_to(house))) for code in CODE.findall(path.read_text()))


def names_of_tests(modules: dict[str, ast.Module]) -> set[str]:
    """The ids of all tests, as pytest names them."""
    return {
        f"{path}::{prefix}{node.name}"
        for path, module in modules.items()
        for prefix, body in [("", module.body)]
        + [(f"{part.name}::", part.body) for part in module.body if isinstance(part, ast.ClassDef)]
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_code_stands_on_the_page_once(rows: list[tuple[str, str]]) -> None:
    """Nothing that was asked for is forgotten."""
    asked = [f"{section}{number:02}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert sorted(code for code, _ in rows) == sorted(asked)


def test_a_kept_code_names_a_test(rows: list[tuple[str, str]], modules_of_tests: dict[str, ast.Module]) -> None:
    """Whoever reads that something is kept can run what shows it."""
    known = names_of_tests(modules_of_tests)
    named = {(code, name) for code, kept_by in rows if kept_by != NOT_YET for name in kept_by.split("<br>")}
    assert {(code, name) for code, name in named if name.strip("`") not in known} == set()


def test_a_kept_code_is_kept_through_the_app(rows: list[tuple[str, str]]) -> None:
    """A rule that nobody meets keeps nothing: each code names a test that does what people do."""
    inside = {
        code
        for code, kept_by in rows
        if kept_by != NOT_YET and not any(name.startswith(THROUGH_THE_APP) for name in kept_by.split("<br>"))
    }
    assert inside == set(NOT_THROUGH_THE_APP)


def test_a_cited_code_exists(house: Path, rows: list[tuple[str, str]]) -> None:
    """A code in a comment or a test's name leads to a line of the page."""
    known = {code for code, _ in rows}
    assert {(code, path) for code, path in cited(house) if code not in known} == set()


def test_the_counts_at_the_head_are_true(page: str, rows: list[tuple[str, str]]) -> None:
    """The first lines tell how far we are."""
    kept = sum(kept_by != NOT_YET for _, kept_by in rows)
    assert f"Kept: {kept} of {len(rows)}. Not yet: {len(rows) - kept}." in page
