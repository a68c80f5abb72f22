"""Finds phrases in a text, in one pass over its words: what takes long is the text, never what it says.

A phrase is a row of parts. Up to three other words may stand between two of them. A part is a word, a stem (`pay*`), a
choice (`late/overdue`) or a class (`@pay`, `@pay/owe*`). Accents don't matter: people leave them out. A phrase that
begins with `~` is a weak sign, which counts where no other does.

The parts of all phrases are one tree. While the text is read, what is kept are the places in the tree that the last few
words have led to: there are never more of them than places, however the text was made.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rules.errors import InvalidError
from rules.sentences import Sentence

GAP: Final = 3  # other words between two parts: "paid three weeks late" still says "paid late"
LONGEST_TEXT: Final = 4000  # signs that are looked at
WEAK: Final = "~"
_PIECE: Final = re.compile(r"\d+(?:[:.,/]\d+)*[a-z]{0,2}|[^\W\d_]+(?:'[^\W\d_]+)*|[,;:.!?()\u2013\u2014\n]")
_STRAIGHT: Final = str.maketrans("\u2019\u2018\u00b4`\u201b", "'''''", "\u00b7")
_WITHOUT_NOT: Final = {"won't": "will", "can't": "can", "shan't": "shall", "ain't": "is"}
_CONTRACTED: Final = frozenset({"s", "re", "ve", "ll", "m", "d", "n"})
_ELIDED: Final = 2  # l'equip, d'altres, qu'ells
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.]\d\d)?(am|pm|h|u)?")


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a text without accents. `clause` counts the signs between words before each, `sentence` the ends."""

    words: tuple[str, ...]
    clause: tuple[int, ...]
    sentence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of `code` in a text, from word `start` to word `end`; `parts` of those words are its own."""

    code: str
    language: str
    start: int
    end: int
    parts: int
    order: int
    weak: bool
    negations: int
    own: bool

    def covers(self, other: Match) -> bool:
        return self.start <= other.start and other.end <= self.end and self.parts > other.parts


@dataclass(frozen=True, slots=True)
class _End:
    """Where a phrase is complete. `negations`: how many of its parts say "not"; `own`: one of them says "we"."""

    code: str
    language: str
    parts: int
    order: int
    weak: bool
    negations: int
    own: bool


@dataclass(slots=True)
class _Place:
    """A place in the tree of phrases."""

    further: dict[int, _Place] = field(default_factory=dict)
    ends: list[_End] = field(default_factory=list)


class Phrasebook:
    """`classes` are words by language and name; `add` takes phrases; `find` reads a text.

    The classes `not` and `we`/`our` of a language are known by name: a phrase knows whether it has any.
    """

    def __init__(self, classes: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._classes: dict[tuple[str, str], frozenset[str]] = {
            (language, name): frozenset(fold(word) for word in words)
            for language, named in classes.items()
            for name, words in named.items()
        }
        self._root = _Place()
        self._parts: dict[tuple[str, str], int] = {}
        self._words: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._lengths: tuple[int, ...] = ()
        self._negating: set[int] = set()
        self._owning: set[int] = set()
        self._all: list[tuple[str, frozenset[int]]] = []

    def add(self, code: str, language: str, phrase: str) -> None:
        """A phrase with a class that there is not is an `InvalidError`."""
        weak = phrase.startswith(WEAK)
        written = phrase.removeprefix(WEAK).split()
        parts = [self._part(part, language) for each in written for part in _split(each.replace("\u2019", "'"))]
        if not parts:
            raise InvalidError(Sentence("The catalogue's entry “{code}” has an empty phrase.", code=code))
        place = self._root
        for part in parts:
            place = place.further.setdefault(part, _Place())
        place.ends.append(
            _End(
                code=code,
                language=language,
                parts=len(parts),
                order=len(self._all),
                weak=weak,
                negations=sum(part in self._negating for part in parts),
                own=any(part in self._owning for part in parts),
            )
        )
        self._all.append((code, frozenset(parts)))

    def find(self, said: Said) -> list[Match]:
        found: list[Match] = []
        active: dict[int, tuple[_Place, int, int]] = {}
        known: dict[str, tuple[int, ...]] = {}
        for at, word in enumerate(said.words):
            active = {
                key: (place, start, last)
                for key, (place, start, last) in active.items()
                if at - last <= GAP + 1 and said.sentence[last] == said.sentence[at]
            }
            if word not in known:
                known[word] = self._fitting(word)
            reached: list[tuple[_Place, int]] = []
            for part in known[word]:
                first = self._root.further.get(part)
                if first is not None:
                    reached.append((first, at))
                reached += [
                    (place.further[part], start) for place, start, _ in active.values() if part in place.further
                ]
            for place, start in reached:
                active[id(place)] = place, start, at
                found += [
                    Match(end.code, end.language, start, at, end.parts, end.order, end.weak, end.negations, end.own)
                    for end in place.ends
                ]
        return found

    def shared(self, said: Said, shortest: int) -> list[str]:
        """The codes of phrases that have a word of this length or longer with the text in common, one for each such."""
        parts = {part for word in said.words if len(word) >= shortest for part in self._fitting(word)}
        return [code for code, held in self._all if held & parts]

    def classes(self, language: str, name: str) -> frozenset[str]:
        """The words of a class; none where a language does without it."""
        return self._classes.get((language, name), frozenset())

    def _part(self, written: str, language: str) -> int:
        known = self._parts.get((language, written))
        if known is not None:
            return known
        number = self._parts[language, written] = len(self._parts)
        words = [word for choice in written.split("/") for word in self._choice(choice, language)]
        for word in words:
            index, key = (self._stems, word[:-1]) if word.endswith("*") else (self._words, word)
            index[key].append(number)
        self._lengths = tuple(sorted({len(stem) for stem in self._stems}))
        if self.classes(language, "not").intersection(words):
            self._negating.add(number)
        if (self.classes(language, "we") | self.classes(language, "our")).intersection(words):
            self._owning.add(number)
        return number

    def _choice(self, choice: str, language: str) -> Iterable[str]:
        if not choice.startswith("@"):
            return (fold(choice),)
        words = self._classes.get((language, choice[1:]))
        if words is None:
            raise InvalidError(
                Sentence(
                    "The catalogue has no words called “{choice}” in “{language}”.", choice=choice, language=language
                )
            )
        return words

    def _fitting(self, word: str) -> tuple[int, ...]:
        fitting = list(self._words.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            fitting += self._stems.get(word[:length], ())
        return tuple(dict.fromkeys(fitting))


def read(text: str) -> Said:
    """The words of a text. `didn't` is two words, `l'equip` and `11pm` (`23h`) are one."""
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    clause = sentence = 0
    for piece in _PIECE.findall(fold(text[:LONGEST_TEXT])):
        if not piece[0].isalnum():
            clause += 1
            sentence += piece in ".!?;\n"
            continue
        for word in _split(piece):
            words.append(word)
            clauses.append(clause)
            sentences.append(sentence)
    return Said(tuple(words), tuple(clauses), tuple(sentences))


def fold(text: str) -> str:
    """Lower case, plain signs, no accents."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_STRAIGHT)
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _split(piece: str) -> tuple[str, ...]:
    if piece[0].isdigit():
        return (_clock(piece),)
    if "'" not in piece:
        return (piece,)
    if piece.endswith("n't"):
        return _WITHOUT_NOT.get(piece, piece[:-3]), "not"
    first, _, rest = piece.partition("'")
    if len(first) <= _ELIDED and rest not in _CONTRACTED:
        return (rest.replace("'", ""),)
    return (first,) if rest in _CONTRACTED else (first, rest.replace("'", ""))


def _clock(piece: str) -> str:
    """An hour as `23h`, however it was written; other figures as they stand."""
    found = _CLOCK.fullmatch(piece)
    if found is None or (":" not in piece and not found[2]):
        return piece
    return f"{int(found[1]) % 12 + 12 if found[2] == 'pm' else int(found[1])}h"
