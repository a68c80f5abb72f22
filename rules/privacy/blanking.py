"""What is left of a stored row when its words have to go: the row, its dates, types and sums.

A row is its columns and the fields of its document in one mapping of JSON values. What is blank already stays as it
is, so that doing it twice does nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rules.privacy.fields import TEXT, Fields, Holds

Row = Mapping[str, Any]
REMOVED = "(removed)"
SOMEONE = "someone"

Change = Callable[[Holds, Any, frozenset[str]], Any]


@dataclass(frozen=True)
class Person:
    """Somebody whose traces are looked for: their id, and the name and address by which others may have named them."""

    id: str
    name: str = ""
    email: str = ""

    @cached_property
    def _named(self) -> re.Pattern[str]:
        """A full name is a name however it is written; a first name alone only as it is (Will, Mark)."""
        whole = [each for each in (self.email, self.name) if " " in each or "@" in each]
        loose = [rf"(?i:(?<!\w){re.escape(each)}(?!\w))" for each in whole]
        strict = [rf"(?<!\w){re.escape(self.name)}(?!\w)"] if self.name and self.name not in whole else []
        return re.compile("|".join([rf"\b{re.escape(self.id)}\b", *loose, *strict]))

    def is_named_in(self, text: str) -> bool:
        return bool(self._named.search(text))


def aged(fields: Fields, row: Row) -> dict[str, Any]:
    """After the retention period: what people wrote goes."""
    return _changed(fields, row, lambda kind, value, _authors: _blank(kind, value) if kind in TEXT else value)


def without_client(fields: Fields, row: Row) -> dict[str, Any]:
    """A row about a client who is erased: words go, and whatever says who it was."""
    gone = TEXT | {Holds.IDENTITY}
    return _changed(fields, row, lambda kind, value, _authors: _blank(kind, value) if kind in gone else value)


def without_person(fields: Fields, row: Row, person: Person, pseudonym: str) -> dict[str, Any]:
    """Their words go, and others' words that name them; their id becomes the pseudonym, so that counts stay true."""

    def change(kind: Holds, value: Any, authors: frozenset[str]) -> Any:
        if kind in {Holds.AUTHORS, Holds.PEOPLE}:
            return pseudonym if value == person.id else value
        if kind is Holds.KEEP or not isinstance(value, str):
            return value
        theirs = bool(authors & {person.id, pseudonym})
        if kind is Holds.IDENTITY:
            own = fields.table == "members" and theirs
            return "" if own or person.is_named_in(value) else value
        if fields.table == "members" and theirs:
            return SOMEONE
        return _blank(kind, value) if theirs or person.is_named_in(value) else value

    return _changed(fields, row, change)


def concerns(fields: Fields, row: Row, person: Person) -> bool:
    """Whether the row was written by this person or names them."""
    for kind, value in _leaves(fields, row, ""):
        if kind in {Holds.AUTHORS, Holds.PEOPLE} and value == person.id:
            return True
        if kind in TEXT | {Holds.IDENTITY} and isinstance(value, str) and person.is_named_in(value):
            return True
    return False


def has_words(fields: Fields, row: Row) -> bool:
    """Whether retention would find something here."""
    return aged(fields, row) != dict(row)


def _blank(kind: Holds, value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    if kind is Holds.TITLES:
        return REMOVED
    return _without_explanations(value) if kind is Holds.REPORT else ""


def _without_explanations(report: str) -> str:
    """What each check came to stays (FG01); in whose words it was explained does not."""
    frozen = json.loads(report)
    checks = [{**check, "explanation": ""} for check in frozen.get("checks", [])]
    return json.dumps({**frozen, "checks": checks})


def _changed(fields: Fields, row: Row, change: Change) -> dict[str, Any]:
    changed: dict[str, Any] = _walk(fields, dict(row), "", frozenset(), change)
    return changed


def _walk(fields: Fields, value: Any, path: str, authors: frozenset[str], change: Change) -> Any:
    if isinstance(value, Mapping):
        near = _authors_in(fields, value, path) or authors
        return {key: _walk(fields, each, _inner(fields, path, key), near, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(fields, each, _item(fields, path, at, each), authors, change) for at, each in enumerate(value)]
    kind = fields.kinds.get(path)
    return change(kind, value, authors) if kind else value


def _leaves(fields: Fields, value: Any, path: str) -> Iterator[tuple[Holds, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(fields, each, _inner(fields, path, key))
    elif isinstance(value, list | tuple):
        for at, each in enumerate(value):
            yield from _leaves(fields, each, _item(fields, path, at, each))
    elif path in fields.kinds:
        yield fields.kinds[path], value


def _authors_in(fields: Fields, value: Mapping[str, Any], path: str) -> frozenset[str]:
    """Whoever this part names as its authors; none: those of the whole speak for it."""
    named = [value[key] for key in value if fields.kinds.get(_join(path, key)) is Holds.AUTHORS]
    flat = [each for one in named for each in (one if isinstance(one, list | tuple) else [one])]
    return frozenset(str(each) for each in flat if each)


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _inner(fields: Fields, path: str, key: object) -> str:
    """What is listed by name bears the path of its list."""
    return path if path in fields.kinds else _join(path, key)


def _item(fields: Fields, path: str, at: int, item: Any) -> str:
    """Items bear the path of their list; the parts of a pair that of their place in it, where it is named."""
    placed = f"{path}.{at}"
    return placed if placed in fields.kinds and not isinstance(item, list | tuple | Mapping) else path
