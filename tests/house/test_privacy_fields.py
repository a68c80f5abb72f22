"""Holds `rules/privacy/fields.toml` true: retention, export and erasure pass over no field that somebody can fill."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from bot.services.privacy.erasure import OF_CLIENT, OF_PERSON
from bot.services.privacy.retention import AGING
from integrations.database import repositories, tables
from integrations.database.repositories.records import Record
from rules.privacy.fields import TEXT, Holds
from rules.privacy.fields import tables as described

PLAIN = (bool, int, float, date, Enum)
OWN = {f"{tables.PREFIX}executors"}  # the engine's, by process


def records() -> dict[str, type]:
    """Each table's dataclass."""
    modules = [
        importlib.import_module(f"{repositories.__name__}.{each.name}")
        for each in pkgutil.iter_modules(repositories.__path__)
    ]
    found = [each for module in modules for each in vars(module).values() if isinstance(each, Record)]
    return {record.table.name.removeprefix(tables.PREFIX): record.kind for record in found}


def paths(kind: Any, path: str) -> Iterator[str]:
    """Where in a value there may be text."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            yield from paths(hints[field.name], f"{path}.{field.name}" if path else field.name)
    elif origin in (typing.Union, types.UnionType):
        for each in arguments:
            yield from paths(each, path)
    elif origin is tuple and arguments[-1] is not Ellipsis:
        for place, each in enumerate(arguments):
            yield from paths(each, f"{path}.{place}")
    elif origin in (tuple, frozenset, list):
        yield from paths(arguments[0], path)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from paths(arguments[1], path)
    elif isinstance(kind, type) and issubclass(kind, str) and not issubclass(kind, Enum):
        yield path


def test_every_field_with_text_says_what_it_holds() -> None:
    """Whoever adds a field that can hold text names it in `rules/privacy/fields.toml`, and takes out one that goes."""
    real = {name: set(paths(kind, "")) for name, kind in records().items()}
    named = {name: set(fields.kinds) for name, fields in described().items()}
    unnamed = {f"{name}.{path}" for name in real for path in real[name] - named.get(name, set())}
    unreal = {f"{name}.{path}" for name in named for path in named[name] - real.get(name, set())}

    assert (unnamed, unreal) == (set(), set())


def test_every_table_that_names_somebody_is_walked() -> None:
    """A table whose rows hold words or people is on the way of an erasure, and of retention where it has words."""
    of_people = {name for name, fields in described().items() if fields.holding(*TEXT, Holds.AUTHORS, Holds.PEOPLE)}
    of_words = {name for name, fields in described().items() if fields.holding(*TEXT, Holds.IDENTITY)}
    of_clients = {name for name in of_words if {"client_id", "parting_id"} & set(described()[name].kinds)}

    with_words = {name for name, fields in described().items() if fields.holding(*TEXT)} - {"clients", "members"}

    assert (of_people - set(OF_PERSON), of_clients - set(OF_CLIENT), with_words - set(AGING)) == (set(), set(), set())


def test_no_table_is_passed_over() -> None:
    """A table without a repository's record would be neither exported nor erased."""
    ways = {f"{tables.PREFIX}client_names", f"{tables.PREFIX}client_channels"}  # erased with their client
    unknown = {
        name for name in tables.metadata.tables.keys() - ways - OWN if name.removeprefix(tables.PREFIX) not in records()
    }
    assert unknown == set()
