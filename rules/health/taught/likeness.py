"""How like a text is to what is known of each type: for what no phrase of the catalogue puts together.

Naive Bayes: a word, how it begins and a pair of neighbours speak for a type the more, the more often its phrases and
examples have them and the fewer other types' do. `examples.csv` holds what people typed, with what it is; the first of
several types is what an example teaches, and `unsorted` is what says nothing of the kind.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from rules.health.phrases import Said, fold, read

BEGINNING: Final = 5  # letters by which the forms of a word are one
LITTLE_SAYS: Final = 0.4  # of what another word says
BEGINNING_SAYS: Final = 0.7
PAIR_SAYS: Final = 0.7
PHRASE_TEACHES: Final = 0.5  # of what an example teaches: it was written to be found, not typed
SHORTEST: Final = 2
LEAST_KNOWN: Final = 0.5  # of the words that are not little
LEAST_TELLING: Final = 2
LEAST_AHEAD: Final = 0.65  # of the next type
_UNSEEN: Final = 0.02  # how often what a type has never had is taken to be in it
_VOCABULARY: Final = 20_000  # about so many words, beginnings and pairs there are in a language


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody typed, and the type that it is."""

    code: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """One part of so many phrases of a type: any of these words."""

    code: str
    words: Sequence[str]
    times: int


def shipped_examples() -> tuple[Example, ...]:
    """Those in `examples.csv`."""
    lines = files("rules.health.taught").joinpath("examples.csv").read_text(encoding="utf-8").splitlines()
    return tuple(Example(row["types"].split()[0], row["lang"], row["text"]) for row in csv.DictReader(lines))


@dataclass(frozen=True, slots=True)
class Alike:
    """The logarithm of how likely the words are of each type, and how many words that are not little say so."""

    by_code: Mapping[str, float]
    telling: int

    @property
    def stands_out(self) -> bool:
        """Whether one type is enough ahead to say so without a phrase; a word alone says nothing."""
        if self.telling < LEAST_TELLING:
            return False
        first, second = sorted(self.by_code.values(), reverse=True)[:2]
        return first - second >= LEAST_AHEAD


NOTHING_ALIKE: Final = Alike({}, 0)


_Gains = tuple[tuple[str, float], ...]  # the types that a sign speaks for, and how much


class Likeness:
    """What phrases and examples teach; `little` are the little words of each language."""

    def __init__(
        self,
        examples: Sequence[Example],
        parts: Callable[[str], Iterable[Spelled]],
        little: Mapping[str, frozenset[str]],
    ) -> None:
        """`parts` are those of a language.

        One language is learned after the other, since counting takes many times the memory of what is kept.
        """
        self._little = little
        self._unseen: dict[str, dict[str, float]] = {}
        self._gains: dict[str, dict[str, _Gains]] = {}
        same: dict[object, Any] = {}  # most signs speak for one type, and as many others do as much for it
        for language in little:
            seen = self._seen([each for each in examples if each.language == language], parts(language), language)
            total: dict[str, float] = defaultdict(float)
            for counts in seen.values():
                for code, count in counts.items():
                    total[code] += count
            self._unseen[language] = {
                code: math.log(_UNSEEN / (count + _UNSEEN * _VOCABULARY)) for code, count in total.items()
            }
            self._gains[language] = {sign: _gains(counts, same) for sign, counts in seen.items()}

    def _seen(
        self, examples: Iterable[Example], parts: Iterable[Spelled], language: str
    ) -> Mapping[str, Mapping[str, float]]:
        """By sign, how often each type has it."""
        seen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for each in examples:
            for sign, says in self._signs(read(each.text).words, language).items():
                seen[sign][each.code] += says
        for part in parts:
            for word in part.words:
                for sign, says in self._of_word(fold(word.rstrip("*")), language):
                    seen[sign][part.code] += says * PHRASE_TEACHES * part.times / len(part.words)
        return seen

    def of(self, said: Said, languages: Iterable[str]) -> Alike:
        """In the language that knows most of the words; nothing where hardly any of them is known."""
        language, known = max(
            ((language, self._known(said, language)) for language in languages), key=lambda each: sum(each[1].values())
        )
        telling = {word for word in said.words if word not in self._little[language]}
        if not telling or sum(word in known for word in telling) / len(telling) < LEAST_KNOWN:
            return NOTHING_ALIKE
        likeness = {code: sum(known.values()) * unseen for code, unseen in self._unseen[language].items()}
        for sign, says in known.items():
            for code, gain in self._gains[language][sign]:
                likeness[code] += says * gain
        return Alike(likeness, len(telling & known.keys()))

    def _known(self, said: Said, language: str) -> dict[str, float]:
        gains = self._gains[language]
        return {sign: says for sign, says in self._signs(said.words, language).items() if sign in gains}

    def _signs(self, words: Sequence[str], language: str) -> dict[str, float]:
        """What a text is known by, each once, and how much it tells."""
        signs = {sign: says for word in words for sign, says in self._of_word(word, language)}
        return signs | {f"{first} {second}": PAIR_SAYS for first, second in pairwise(words)}

    def _of_word(self, word: str, language: str) -> Iterator[tuple[str, float]]:
        says = LITTLE_SAYS if word in self._little[language] else 1
        if len(word) >= SHORTEST:
            yield word, says
        if len(word) > BEGINNING:
            yield f"{word[:BEGINNING]}*", says * BEGINNING_SAYS


def _gains(counts: Mapping[str, float], same: dict[object, Any]) -> _Gains:
    each = ((code, math.log(1 + count / _UNSEEN)) for code, count in counts.items())
    gains = tuple(same.setdefault(pair, pair) for pair in each)
    shared: _Gains = same.setdefault(gains, gains)
    return shared
