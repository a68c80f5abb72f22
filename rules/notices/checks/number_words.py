"""Sums that a text spells out: "twelve hundred euros", "dotze-cents euros", "tweeëndertig euro", "tolv hundra kronor".

People write a number in more ways than any library of number words does ("twaalfhonderd" and "duizend tweehonderd"),
so they are read by their parts rather than compared with one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.notices.checks.sums import Sum, currency_of

_TOKEN = re.compile(r"[^\W_]{1,80}")
# "Nine hundred and ninety-nine thousand nine hundred and ninety-nine" has eleven words.
_MOST_WORDS = 12
# Below it people speak in figures of speech: "not one euro more".
_LEAST = 20
_HUNDRED, _THOUSAND = 100, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """The parts of a language's number words, and what stands between them ("and")."""

    values: Mapping[str, int]
    joined: Sequence[str]
    cents: Sequence[str]
    part: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = sorted({*self.values, *self.joined}, key=len, reverse=True)
        object.__setattr__(self, "part", re.compile("|".join(parts)))

    def parts_of(self, word: str) -> list[str] | None:
        """Its parts, as in "twee-en-dertig"; None where some of it is no number."""
        found = self.part.findall(word)
        return found if sum(map(len, found)) == len(word) else None

    def value_of(self, parts: Sequence[str]) -> int:
        total = current = 0
        for part in parts:
            value = self.values.get(part, 0)
            if value == _THOUSAND:
                total, current = total + max(1, current) * _THOUSAND, 0
            else:
                current = max(1, current) * _HUNDRED if value == _HUNDRED else current + value
        return total + current


def spelled_sums_in(text: str, words: NumberWords) -> dict[Sum, str]:
    """Every spelled sum with a currency behind it, as (ISO 4217 code, value), and the words that it was written in."""
    return {each: text[start:end] for each, start, end in _spelled(text, words)}


def _spelled(text: str, words: NumberWords) -> Iterator[tuple[Sum, int, int]]:
    tokens = [(match.group().casefold(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for place, (word, _, end) in enumerate(tokens):
        currency = currency_of(word)
        if not currency:
            continue
        parts, first = _number_before(tokens, place, words)
        value = Decimal(words.value_of(parts))
        if value >= _LEAST:
            behind = tokens[place + 1 : place + 1 + _MOST_WORDS]
            yield (currency, value + _cents(behind, words)), tokens[first][1], end


def _number_before(tokens: Sequence[tuple[str, int, int]], place: int, words: NumberWords) -> tuple[list[str], int]:
    parts: list[str] = []
    first = place
    for index in range(place - 1, max(-1, place - 1 - _MOST_WORDS), -1):
        found = words.parts_of(tokens[index][0])
        if found is None:
            break
        parts = [*found, *parts]
        if tokens[index][0] not in words.joined:
            first = index
    return parts, first


def _cents(behind: Sequence[tuple[str, int, int]], words: NumberWords) -> Decimal:
    """What follows at once, as in "and fifty cents"."""
    parts: list[str] = []
    digits = 0
    for word, _, _ in behind:
        if word in words.cents:
            return Decimal(digits or words.value_of(parts)) / _HUNDRED
        if word.isdecimal() and len(word) <= len("50"):
            digits = int(word)
            continue
        found = words.parts_of(word)
        if found is None and word not in {"amb", "met", "med", "with"}:
            break
        parts += found or []
    return Decimal(0)
