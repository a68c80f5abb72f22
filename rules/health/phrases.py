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
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

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
_ROOT: Final = 0
# Followers of a place for each part that is looked for: above it each part is looked up, else they are compared.
_MANY: Final = 8
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


class Phrase(NamedTuple):
    """One of the catalogue's phrases; `order` is its place there.

    `says`: how much it tells; the rarer its words are among the types, the more. `negations`: how many of its parts say
    "not"; `own`: one says "we".
    """

    code: str
    language: str
    parts: int
    weak: bool
    negations: int
    own: bool
    says: float
    order: int


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase in a text, from word `start` to word `end`."""

    phrase: Phrase
    start: int
    end: int

    def covers(self, other: Match) -> bool:
        return self.start <= other.start and other.end <= self.end and self.phrase.parts > other.phrase.parts


Classes = Mapping[str, Mapping[str, Sequence[str]]]  # words by language and name
Written = tuple[str, str, str]  # the code of a type, a language, and a phrase as the catalogue writes it
_Kind = tuple[str, str, int, bool, int, bool]  # all of a `Phrase` but how much it tells, and its place
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
        self._kinds: list[_Kind] = []
        parts = _Parts(classes)
        kinds: dict[_Kind, _Kind] = {}  # each once: a type's phrases differ in little but their words
        rows: list[tuple[int, ...]] = []
        for code, language, phrase in phrases:
            row = parts.of(code, language, phrase)
            if not row:
                raise InvalidError(Sentence("The catalogue's entry “{code}” has an empty phrase.", code=code))
            rows.append(row)
            kind = (code, language, len(row), phrase.startswith(WEAK), *parts.manner(row))
            self._kinds.append(kinds.setdefault(kind, kind))
        says = parts.says()
        self._says = array("d", (sum(says[part] for part in row) for row in rows))
        self._tree = _Tree(rows)
        self._words, self._stems = parts.words, parts.stems
        self._lengths = tuple(sorted({len(stem) for stem, _ in self._stems}))
        self._fitting = lru_cache(maxsize=REMEMBERED)(self._read_word)

    def find(self, said: Said) -> list[Match]:
        found: list[Match] = []
        tree = self._tree
        active: dict[int, tuple[int, int]] = {}  # by place: the phrase's first word, and the last that led there
        careless = not any(said.accented)
        for at, word in enumerate(said.words):
            if at and said.sentence[at] != said.sentence[at - 1]:
                active = {}
            active = {place: held for place, held in active.items() if at - held[1] <= GAP + 1}
            parts, first = self._fitting(word, said.accented[at] or careless)
            reached = [(place, at) for place in first]
            for place, (start, _) in active.items():
                for further in tree.towards(place, parts):
                    reached.append((further, start))  # noqa: PERF401 -- most lead nowhere: a list for each takes longer
            for place, start in reached:
                found += [self._match(order, start, at) for order in tree.ends(place)]
                if tree.leads_on(place):
                    active[place] = start, at
        return found

    def _match(self, order: int, start: int, end: int) -> Match:
        return Match(Phrase(*self._kinds[order], self._says[order], order), start, end)

    def classes(self, language: str, name: str) -> frozenset[str]:
        """The words of a class; none where a language does without it."""
        return self._classes.get((language, name), frozenset())

    def _read_word(self, word: str, with_accents: bool) -> tuple[frozenset[int], list[int]]:  # noqa: FBT001 -- a key
        """The parts that a word fits, those with accents only where it may have lost its own; and where they begin."""
        fitting: set[int] = set()
        for accented in (False, True) if with_accents else (False,):
            fitting.update(self._words.get((word, accented), ()))
            for length in self._lengths:
                if length > len(word):
                    break
                fitting.update(self._stems.get((word[:length], accented), ()))
        parts = frozenset(fitting)
        return parts, self._tree.towards(_ROOT, parts)


class _Tree:
    """The parts of all phrases, as places that they lead to. Three arrays: a place is a number, and costs ten bytes.

    The places that follow on one stand side by side, sorted by the part that leads there; so do the phrases that are
    complete at a place.
    """

    def __init__(self, rows: Sequence[tuple[int, ...]]) -> None:
        """`rows` are the parts of each phrase, none of them empty."""
        order = array("I", sorted(range(len(rows)), key=rows.__getitem__))
        rows = [rows[at] for at in order]
        self._parts = array("I", [0])  # by place: what leads there; nothing leads to the root
        self._first = array("I")  # by place: where its followers begin, which is where those before it end
        self._complete = array("I")
        self._ends = array("I", [0])
        level = array("I", [0, len(rows)])  # of each place: from where to where in `rows` the phrases come by it
        depth = 0
        while level:
            further = array("I")
            for start, end in zip(level[::2], level[1::2], strict=True):
                at = next((at for at in range(start, end) if len(rows[at]) > depth), end)
                self._complete += order[start:at]
                self._ends.append(len(self._complete))
                self._first.append(len(self._parts))
                for part, sharing in groupby(rows[at:end], key=itemgetter(depth)):
                    self._parts.append(part)
                    further.append(at)
                    at += len(list(sharing))
                    further.append(at)
            level, depth = further, depth + 1
        self._first.append(len(self._parts))

    def towards(self, place: int, parts: frozenset[int]) -> list[int]:
        """The places to which any of the parts leads from here."""
        first, end = self._first[place], self._first[place + 1]
        if end - first > len(parts) * _MANY:
            places = ((part, bisect_left(self._parts, part, first, end)) for part in parts)
            return [further for part, further in places if further < end and self._parts[further] == part]
        return [self._parts.index(part, first, end) for part in parts.intersection(self._parts[first:end])]

    def leads_on(self, place: int) -> bool:
        return self._first[place] < self._first[place + 1]

    def ends(self, place: int) -> Sequence[int]:
        """The phrases that are complete here."""
        return self._complete[self._ends[place] : self._ends[place + 1]]


class _Parts:
    """Numbers for the parts of phrases, each part of a language once, while the book is made."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self.words: dict[_Key, list[int]] = defaultdict(list)
        self.stems: dict[_Key, list[int]] = defaultdict(list)
        self.negating: set[int] = set()
        self.owning: set[int] = set()
        self._numbers: dict[tuple[str, str], int] = {}
        self._keys: dict[str, _Key] = {}  # a class's words are words of many parts
        self._spelled: list[tuple[str, ...]] = []
        self._types: dict[str, int] = {}  # one bit of a number each
        self._types_of: list[int] = []  # by part

    def says(self) -> array[float]:
        """How much each part tells: the logarithm of how few types have its words."""
        types_of: dict[tuple[str, str], int] = defaultdict(int)
        for (language, _), number in self._numbers.items():
            for word in self._spelled[number]:
                types_of[language, word] |= self._types_of[number]
        every = len(self._types)

        def one(language: str, word: str) -> float:
            is_little = word in self._classes.get(language, {}).get("common", ())
            return math.log(every / types_of[language, word].bit_count()) * (LITTLE_SAYS if is_little else 1)

        return array(
            "d",
            (
                sum(one(language, word) for word in self._spelled[number]) / len(self._spelled[number])
                for (language, _), number in self._numbers.items()
            ),
        )

    def of(self, code: str, language: str, phrase: str) -> tuple[int, ...]:
        written = phrase.replace("\u2019", "'").removeprefix(WEAK).split()
        row = tuple(self._number(part, language) for each in written for part in _split(each))
        bit = self._types.setdefault(code, 1 << len(self._types))
        for part in row:
            self._types_of[part] |= bit
        return row

    def manner(self, row: Sequence[int]) -> tuple[int, bool]:
        """How many of the parts say "not", and whether one says "we"."""
        return sum(part in self.negating for part in row), not self.owning.isdisjoint(row)

    def _number(self, written: str, language: str) -> int:
        known = self._numbers.get((language, written))
        if known is not None:
            return known
        number = self._numbers[language, written] = len(self._numbers)
        named = self._classes.get(language, {})
        words = spelled(written, language, named)
        self._spelled.append(words)
        self._types_of.append(0)
        for word in words:
            index, bare = (self.stems, word[:-1]) if word.endswith("*") else (self.words, word)
            key = self._keys.get(bare) or self._keys.setdefault(bare, (fold(bare), fold(bare) != plain(bare)))
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
