"""Sentences for people, as templates: what is said stays apart from the names and numbers in it.

A sentence reads best where it is raised, so it stands there in English, whole. Its template is the key under which a
catalogue of another language finds its own words; its values are put in last. An f-string would bury both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Self


class Sentence(str):
    """`Sentence("{name} has {count} open task.", "{name} has {count} open tasks.", count=2, name="Birch")`.

    It is its own English text. With a `many` it takes a `count`, and says `template` of exactly one. Values are shown
    as `str` shows them: days and sums are put into words by whoever knows the language.
    """

    __slots__ = ("many", "template", "values")

    template: str
    many: str
    values: Mapping[str, object]

    def __new__(cls, template: str, many: str = "", *, count: int | None = None, **values: object) -> Self:
        if bool(many) != (count is not None):
            raise TypeError("A sentence with two forms takes a count, and only that one.")
        known = values if count is None else {**values, "count": count}
        said = super().__new__(cls, (template if count is None or count == 1 else many).format_map(known))
        said.template, said.many, said.values = template, many, MappingProxyType(known)
        return said

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """What is stored or copied is what was said."""
        return str, (str(self),)


def either(names: Sequence[str]) -> str:
    """Names of which one is meant: “Birch, Cobalt or Delta”."""
    *others, last = names
    return Sentence("{others} or {last}", others=", ".join(others), last=last) if others else last


def together(names: Sequence[str]) -> str:
    """Names that are all meant: “Birch, Cobalt and Delta”."""
    *others, last = names
    return Sentence("{others} and {last}", others=", ".join(others), last=last) if others else last
