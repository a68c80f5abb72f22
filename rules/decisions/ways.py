"""The menu of ways to mend (AM25): ready actions, a pattern of the talk, gentle words, in the client's language.

What each way holds stands in `ways.toml`; its words in `ways_words/<language>.toml`, formal and familiar.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rules.decisions.plan import ActionSide
from rules.errors import NotFoundError

_ADDRESS = re.compile(r"\{([^{}]*\|[^{}]*)\}")
SPOKEN = "en"  # where a language has no words of its own
# Which of the words between braces a form of address takes (codes of `rules.notices.address`); any other: the first.
_PLACES = {"first_name": 1, "je": 1, "tu": 1, "du": 1, "vos": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAction:
    """An action that a way brings: who acts, and within how many days."""

    code: str
    side: ActionSide
    days: int
    is_internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MendingWay:
    """One way to mend. `suits` are categories of notes; `codes` the requirements that it answers."""

    code: str
    suits: frozenset[str]
    codes: tuple[str, ...]
    actions: tuple[ReadyAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayWords:
    """A way in one language and form of address. `actions` and `known` (how we will know) go by an action's code."""

    label: str
    line: str
    goal: str
    target: str
    talk: tuple[str, ...]
    gentle: tuple[str, ...]
    actions: Mapping[str, str]
    known: Mapping[str, str]


@cache
def ways() -> Mapping[str, MendingWay]:
    """All ways by their code, in the order of the menu."""
    tables = tomllib.loads(files("rules.decisions").joinpath("ways.toml").read_text(encoding="utf-8"))
    return MappingProxyType({code: _way(code, table) for code, table in tables.items()})


def way(code: str) -> MendingWay:
    found = ways().get(code)
    if found is None:
        raise NotFoundError("This way is not on the menu any more. Open the menu again.")
    return found


def words_of(code: str, language: str, address: str = "") -> WayWords:
    """The words of a way; English where `language` (a base code such as `nl`) has none."""
    table = _tables(language if language in languages() else SPOKEN)[code]

    def said(text: str) -> str:
        return _ADDRESS.sub(lambda found: _addressed(found[1].split("|"), address), text)

    return WayWords(
        label=said(table["label"]),
        line=said(table["line"]),
        goal=said(table["goal"]),
        target=said(table["target"]),
        talk=tuple(map(said, table["talk"])),
        gentle=tuple(map(said, table["gentle"])),
        actions={each: said(text) for each, text in table["actions"].items()},
        known={each: said(text) for each, text in table["known"].items()},
    )


def fitting(categories: Iterable[str]) -> tuple[MendingWay, ...]:
    """The whole menu; what suits these categories of notes comes first."""
    wanted = set(categories)
    return tuple(sorted(ways().values(), key=lambda each: not each.suits & wanted))


def in_words_of(language: str, text: str, way_code: str, ready: str) -> str:
    """A ready action that nobody rewrote, in another language; what somebody wrote stays as it is."""
    if way_code not in ways() or not ready:
        return text
    is_ours = any(words_of(way_code, each).actions.get(ready) == text for each in languages())
    return words_of(way_code, language).actions.get(ready, text) if is_ours else text


def languages() -> tuple[str, ...]:
    entries = files("rules.decisions").joinpath("ways_words").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


def _addressed(forms: list[str], address: str) -> str:
    place = _PLACES.get(address, 0)
    return forms[place if place < len(forms) else 0]


@cache
def _tables(language: str) -> dict[str, dict[str, Any]]:
    text = files("rules.decisions").joinpath(f"ways_words/{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _way(code: str, table: dict[str, Any]) -> MendingWay:
    return MendingWay(
        code=code,
        suits=frozenset(table["suits"]),
        codes=tuple(table["codes"]),
        actions=tuple(
            ReadyAction(
                code=each["code"],
                side=ActionSide(each["side"]),
                days=each["days"],
                is_internal=each.get("internal", False),
            )
            for each in table["actions"]
        ),
    )
