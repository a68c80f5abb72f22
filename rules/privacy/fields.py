"""Reads `fields.toml`, which says what each stored field holds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from rules.sentences import Sentence


class Holds(StrEnum):
    """What a field holds; `fields.toml` explains each."""

    WORDS = "words"
    TITLES = "titles"
    IDENTITY = "identity"
    REPORT = "report"
    AUTHORS = "authors"
    PEOPLE = "people"
    KEEP = "keep"


TEXT = frozenset({Holds.WORDS, Holds.TITLES, Holds.REPORT})


@dataclass(frozen=True, slots=True)
class Fields:
    """One table's fields with text, by path."""

    table: str
    kinds: Mapping[str, Holds]

    def holding(self, *kinds: Holds) -> tuple[str, ...]:
        return tuple(path for path, kind in self.kinds.items() if kind in kinds)


@cache
def tables() -> Mapping[str, Fields]:
    """Every table's fields, by the table's name."""
    listed = tomllib.loads(files("rules.privacy").joinpath("fields.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _fields(name, kinds) for name, kinds in listed.items()})


def _fields(table: str, kinds: Mapping[str, list[str]]) -> Fields:
    by_path = {path: Holds(kind) for kind, paths in kinds.items() for path in paths}
    if len(by_path) != sum(map(len, kinds.values())):
        raise ValueError(Sentence("A field of {table} is named twice.", table=table))
    return Fields(table, MappingProxyType(by_path))
