"""Finds phrases in a text, in one pass over its words: what takes long is the text, never what it says.

A phrase is a row of parts. Up to three other words may stand between two of them. A part is a word, a stem (`pay*`), a
choice (`late/overdue`) or a class (`@pay`, `@pay/owe*`). Accents don't matter: people leave them out. A phrase that
begins with `~` is a weak sign, which counts where no other does.

The parts of all phrases are one tree. While the text is read, what is kept are the places in the tree that the last few
words have led to: there are never more of them than places, however the text was made.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rules.errors import InvalidError
from rules.sentences import Sentence

GAP: Final = 3  # other words between two parts: "paid three weeks late" still says "paid late"
LONGEST_TEXT: Final = 4000  # signs that are looked at
REMEMBERED: Final = 4096  # words whose parts are kept at hand: a team says the same things again
WEAK: Final = "~"
LITTLE_SAYS: Final = 0.3  # of what another word as rare would say
_PIECE: Final = re.compile(r"\d+(?:[:.,/]\d+)*[a-z]{0,2}|[^\W\d_]+(?:'[^\W\d_]+)*|[,;:.!?()\u2013\u2014\n]")
_STRAIGHT: Final = str.maketrans("\u2019\u2018\u00b4`\u201b", "'''''", "\u00b7")
_NOT: Final = {"won't": "will", "can't": "can", "shan't": "shall", "wont": "will", "cant": "can"} | {
    f"{verb}nt": verb
    for verb in ("did", "do", "does", "has", "have", "had", "is", "was", "are", "were", "would", "could", "should")
}
_CONTRACTED: Final = frozenset({"s", "ve", "ll", "d", "n"})
_BE: Final = {"re": "are", "m": "am"}  # "we're treated like" is done to us
_ELIDED: Final = 2  # l'equip, d'altres, qu'ells
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.]\d\d)?(am|pm|h|u)?")


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a text without accents. `clause` counts the signs between words before each, `sentence` the ends.

    `accented` says of each word whether it was written with an accent.
    """

    words: tuple[str, ...]
    clause: tuple[int, ...]
    sentence: tuple[int, ...]
    accented: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of the catalogue's phrases; `order` is its place there.

    `says`: how much it tells; the rarer its words are among the types, the more. `negations`: how many of its parts say
    "not"; `own`: one says "we".
    """

    code: str
    language: str
    parts: int
    says: float
    order: int
    weak: bool
    negations: int
    own: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase in a text, from word `start` to word `end`."""

    phrase: Phrase
    start: int
    end: int

    def covers(self, other: Match) -> bool:
        return self.start <= other.start and other.end <= self.end and self.phrase.parts > other.phrase.parts


class _Place:
    """A place in the tree of phrases: where each part leads from here, and the phrases that are complete here."""

    __slots__ = ("ends", "further")

    def __init__(self) -> None:
        self.further = _NOWHERE  # shared by most of the tens of thousands, at which a phrase just ends
        self.ends: tuple[Phrase, ...] = ()

    def towards(self, part: int) -> _Place:
        """Where this part leads, which is a new place if nothing did so yet."""
        if self.further is _NOWHERE:
            self.further = {}
        place = self.further.get(part)
        if place is None:
            place = self.further[part] = _Place()
        return place


_NOWHERE: Final[dict[int, _Place]] = {}


Classes = Mapping[str, Mapping[str, Sequence[str]]]  # words by language and name
Written = tuple[str, str, str]  # the code of a type, a language, and a phrase as the catalogue writes it
_Key = tuple[str, bool]  # a word or stem without accents, and whether it has some


class Phrasebook:
    """The phrases of all types.

    The classes `not` and `we`/`our` of a language are known by name, `common` are its little words. A phrase with a
    class that there is not is an `InvalidError`.
    """

    def __init__(self, classes: Classes, phrases: Iterable[Written]) -> None:
        self._classes = {
            (language, name): frozenset(map(fold, words))
            for language, named in classes.items()
            for name, words in named.items()
        }
        parts = _Parts(classes)
        self._root = _Place()
        rows = [(written, parts.of(written[2], written[1])) for written in phrases]
        codes: list[list[str]] = [[] for _ in parts.numbers]
        for (code, _, _), row in rows:
            for part in row:
                codes[part].append(code)
        says = parts.says(codes)
        for order, ((code, language, phrase), row) in enumerate(rows):
            if not row:
                raise InvalidError(Sentence("The catalogue's entry “{code}” has an empty phrase.", code=code))
            place = self._root
            for part in row:
                place = place.towards(part)
            place.ends += (
                Phrase(
                    code=code,
                    language=language,
                    parts=len(row),
                    says=sum(says[part] for part in row),
                    order=order,
                    weak=phrase.startswith(WEAK),
                    negations=sum(part in parts.negating for part in row),
                    own=any(part in parts.owning for part in row),
                ),
            )
        self._words, self._stems = parts.words, parts.stems
        self._lengths = tuple(sorted({len(stem) for stem, _ in self._stems}))
        self._fitting = lru_cache(maxsize=REMEMBERED)(self._read_word)

    def find(self, said: Said) -> list[Match]:
        found: list[Match] = []
        active: dict[int, tuple[_Place, int, int]] = {}
        careless = not any(said.accented)
        for at, word in enumerate(said.words):
            if at and said.sentence[at] != said.sentence[at - 1]:
                active = {}
            active = {key: held for key, held in active.items() if at - held[2] <= GAP + 1}
            parts, first = self._fitting(word, said.accented[at] or careless)
            reached = [(place, at) for place in first]
            for place, start, _ in active.values():
                reached += [(place.further[part], start) for part in place.further.keys() & parts]
            found += [Match(phrase, start, at) for place, start in reached for phrase in place.ends]
            active.update({id(place): (place, start, at) for place, start in reached if place.further})
        return found

    def classes(self, language: str, name: str) -> frozenset[str]:
        """The words of a class; none where a language does without it."""
        return self._classes.get((language, name), frozenset())

    def _read_word(self, word: str, with_accents: bool) -> tuple[frozenset[int], tuple[_Place, ...]]:  # noqa: FBT001 -- a key
        """The parts that a word fits, those with accents only where it may have lost its own; and where they begin."""
        fitting: set[int] = set()
        for accented in (False, True) if with_accents else (False,):
            fitting.update(self._words.get((word, accented), ()))
            for length in self._lengths:
                if length > len(word):
                    break
                fitting.update(self._stems.get((word[:length], accented), ()))
        first = tuple(self._root.further[part] for part in sorted(fitting) if part in self._root.further)
        return frozenset(fitting), first


class _Parts:
    """Numbers for the parts of phrases, each part of a language once, while the book is made."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self.numbers: dict[tuple[str, str], int] = {}
        self.words: dict[_Key, list[int]] = defaultdict(list)
        self.stems: dict[_Key, list[int]] = defaultdict(list)
        self.negating: set[int] = set()
        self.owning: set[int] = set()
        self._spelled: dict[int, tuple[str, ...]] = {}

    def says(self, codes: Sequence[Iterable[str]]) -> dict[int, float]:
        """How much each part tells: the logarithm of how few types have its words; `codes` are those of each part."""
        types_of: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (language, _), number in self.numbers.items():
            for word in self._spelled[number]:
                types_of[language, word].update(codes[number])
        every = len(frozenset().union(*types_of.values()))

        def one(language: str, word: str) -> float:
            is_little = word in self._classes.get(language, {}).get("common", ())
            return math.log(every / len(types_of[language, word])) * (LITTLE_SAYS if is_little else 1)

        return {
            number: sum(one(language, word) for word in self._spelled[number]) / len(self._spelled[number])
            for (language, _), number in self.numbers.items()
        }

    def of(self, phrase: str, language: str) -> list[int]:
        written = phrase.removeprefix(WEAK).split()
        return [self._number(part, language) for each in written for part in _split(each.replace("\u2019", "'"))]

    def _number(self, written: str, language: str) -> int:
        known = self.numbers.get((language, written))
        if known is not None:
            return known
        number = self.numbers[language, written] = len(self.numbers)
        named = self._classes.get(language, {})
        words = spelled(written, language, named)
        self._spelled[number] = words
        for word in words:
            index, bare = (self.stems, word[:-1]) if word.endswith("*") else (self.words, word)
            folded = fold(bare)
            key = folded, folded != plain(bare)
            if number not in index[key][-1:]:
                index[key].append(number)
        if any(word in named.get("not", ()) for word in words):
            self.negating.add(number)
        if any(word in named.get(kind, ()) for kind in ("we", "our") for word in words):
            self.owning.add(number)
        return number


def spelled(part: str, language: str, named: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The words and stems that a part of a phrase stands for; `named` are the classes of the language."""
    words: list[str] = []
    for choice in part.split("/"):
        if choice.startswith("@") and choice[1:] not in named:
            raise InvalidError(
                Sentence(
                    "The catalogue has no words called “{choice}” in “{language}”.", choice=choice, language=language
                )
            )
        words += named[choice[1:]] if choice.startswith("@") else (choice,)
    return tuple(words)


def read(text: str) -> Said:
    """The words of a text. `didn't` is two words, `l'equip` and `11pm` (`23h`) are one."""
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    accented: list[bool] = []
    clause = sentence = 0
    for piece in _PIECE.findall(plain(text[:LONGEST_TEXT])):
        if not piece[0].isalnum():
            clause += 1
            sentence += piece in ".!?;\n"
            continue
        for word in _split(piece):
            words.append(fold(word))
            clauses.append(clause)
            sentences.append(sentence)
            accented.append(words[-1] != word)
    return Said(tuple(words), tuple(clauses), tuple(sentences), tuple(accented))


def plain(text: str) -> str:
    """Lower case, plain signs, one sign for a letter with its accent."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().translate(_STRAIGHT))


def fold(text: str) -> str:
    """The same without accents."""
    if text.isascii():
        return plain(text)
    apart = unicodedata.normalize("NFKD", plain(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _split(piece: str) -> tuple[str, ...]:
    if piece[0].isdigit():
        return (_clock(piece),)
    if piece in _NOT or piece.endswith("n't"):
        return _NOT.get(piece, piece[:-3]), "not"
    first, _, rest = piece.partition("'")
    if not rest:
        return (first,)
    if rest in _BE:
        return first, _BE[rest]
    if len(first) <= _ELIDED and rest not in _CONTRACTED:
        return (rest.replace("'", ""),)
    return (first,) if rest in _CONTRACTED else (first, rest.replace("'", ""))


def _clock(piece: str) -> str:
    """An hour as `23h`, however it was written; other figures as they stand."""
    found = _CLOCK.fullmatch(piece)
    if found is None or (":" not in piece and not found[2]):
        return piece.replace("/", "-")
    return f"{int(found[1]) % 12 + 12 if found[2] == 'pm' else int(found[1])}h"
