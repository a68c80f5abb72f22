"""The types of notes, read from `catalogue.toml` and checked."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rules.errors import InvalidError, NotFoundError
from rules.health.questions import Question, parse_questions
from rules.health.signal import Severity, Side

UNSORTED = "unsorted"
TOUCHES = "touches"
WORD_LENGTH = 4  # shorter ones are in every sentence
LANGUAGES = ("nl", "ca", "sv")  # beside English; every text is held against all of them
Phrase = tuple[str, ...]
# A phrase, those of its words that have no ending of their own (a quick no for nearly all texts), and its type.
Phrases = tuple[tuple[Phrase, frozenset[str], str], ...]
_WORD = re.compile(r"[^\W_]+(?:['·][^\W_]+)*")  # didn't, l'hora, il·lusió
_MAX_GAP = 3  # "paid three weeks late" still says "paid late"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalType:
    """One type of note. `weight_tenths` are the points of a pink note on its first day, in tenths."""

    code: str
    side: Side
    category: str
    weight_tenths: int
    half_life_days: int
    severity: Severity
    label: str
    hint: str
    lasting: bool = False
    objective: bool = False
    trend: bool = False
    after_plan: bool = False
    sensor: str = ""
    emoji: str = ""
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    guess: tuple[str, ...] = ()

    @property
    def emojis(self) -> tuple[str, ...]:
        return (self.emoji, *self.aliases) if self.emoji else self.aliases


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every type by its code, in the order of the file."""

    categories: tuple[str, ...]
    types: Mapping[str, SignalType]
    everyday: tuple[str, ...]
    _questions: Mapping[str, Question] = field(repr=False)
    _phrases: Mapping[Side, Phrases] = field(repr=False)

    def type(self, code: str) -> SignalType:
        found = self.types.get(code)
        if found is None:
            raise NotFoundError(f"There is no type of note called “{code}” any more. Please choose another one.")
        return found

    def of_side(self, side: Side) -> tuple[SignalType, ...]:
        return tuple(entry for entry in self.types.values() if entry.side is side)

    def lasting_types(self) -> tuple[str, ...]:
        """The codes that don't fade until reviewed: the ledger is asked for all of them, however old."""
        return tuple(entry.code for entry in self.types.values() if entry.lasting)

    def sensed_by(self, sensor: str) -> SignalType:
        """The type of what a sensor logs by itself."""
        return next(entry for entry in self.types.values() if entry.sensor == sensor)

    def questions(self, code: str) -> tuple[Question, ...]:
        """What a note of this type is asked beside the words."""
        entry = self.types.get(code)
        if entry is None or entry.side is not Side.THEIRS or not entry.weight_tenths:
            return ()
        asks = entry.asks or (TOUCHES,)
        return tuple(self._questions[asked].of(lasting=entry.lasting) for asked in asks if asked in self._questions)

    def guess(self, text: str, side: Side, without: Container[str] = ()) -> str | None:
        """The type that typed words suggest; the longest phrase wins, then the tightest, then the file's order."""
        words = _words(text)
        said = frozenset(words)
        best: tuple[int, int] | None = None
        guessed = None
        for phrase, exact, code in self._phrases[side]:
            span = _span(phrase, words) if exact <= said and code not in without else 0
            closeness = span and (len(phrase), -span)
            if closeness and (best is None or closeness > best):
                best, guessed = closeness, code
        return guessed

    def likely(self, text: str, most: int = 4) -> tuple[SignalType, ...]:
        """Red flags to choose from where no phrase was found: those that share most words, then the everyday ones."""
        words = _words(text)
        shared = Counter(
            code
            for phrase, _, code in self._phrases[Side.THEIRS]
            if any(_fits(part, word) for part in phrase for word in words if len(word) >= WORD_LENGTH)
        )
        codes = dict.fromkeys((*(code for code, _ in shared.most_common(most)), *self.everyday))
        return tuple(self.types[code] for code in list(codes)[:most])


@cache
def load_catalogue() -> Catalogue:
    return parse_catalogue(files("rules.health").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def parse_catalogue(text: str) -> Catalogue:
    """Reads and checks a catalogue; an `InvalidError` names the entry that is wrong."""
    data = tomllib.loads(text)
    categories = tuple(data["categories"])
    types = {code: _entry(code, entry) for code, entry in data["types"].items()}
    questions = parse_questions(data.get("questions", {}))
    _check_categories(types.values(), categories)
    _check_questions(types.values(), questions)
    _check_emojis(types.values())
    if UNSORTED not in types or types[UNSORTED].weight_tenths:
        raise InvalidError(f"The catalogue needs a type “{UNSORTED}” with weight 0.")
    return Catalogue(
        categories=categories,
        types=MappingProxyType(types),
        everyday=tuple(code for code in data.get("everyday", ()) if code in types),
        _questions=MappingProxyType(questions),
        _phrases=MappingProxyType({side: _phrases_of(types.values(), side) for side in Side}),
    )


def _entry(code: str, data: dict[str, Any]) -> SignalType:
    rest: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    rest["guess"] = sum((rest.pop(f"guess_{language}", ()) for language in LANGUAGES), rest.get("guess", ()))
    try:
        entry = SignalType(
            code=code,
            side=Side(rest.pop("side")),
            severity=Severity(rest.pop("severity")),
            weight_tenths=_tenths(rest.pop("weight")),
            **rest,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidError(f"The catalogue's entry “{code}” is wrong: {error}.") from error
    if entry.half_life_days <= 0:
        raise InvalidError(f"The catalogue's entry “{code}” needs a half-life of at least one day.")
    return entry


def _tenths(weight: float) -> int:
    tenths = round(weight * 10)
    if tenths < 0 or abs(tenths - weight * 10) > 1e-9:  # noqa: PLR2004 -- room for a binary fraction, no more
        raise ValueError(f"the weight {weight} is not a number of tenths from 0 on")
    return tenths


def _check_categories(entries: Iterable[SignalType], categories: tuple[str, ...]) -> None:
    for entry in entries:
        if entry.category not in categories:
            raise InvalidError(
                f"The catalogue's entry “{entry.code}” has an unknown category: {entry.category}. Use one of the list."
            )


def _check_questions(entries: Iterable[SignalType], questions: Mapping[str, Question]) -> None:
    for entry in entries:
        unknown = [asked for asked in entry.asks if asked not in questions]
        if unknown:
            raise InvalidError(f"The catalogue's entry “{entry.code}” asks an unknown question: {unknown[0]}.")


def _check_emojis(entries: Iterable[SignalType]) -> None:
    taken = Counter(emoji for entry in entries for emoji in entry.emojis)
    twice = sorted(emoji for emoji, times in taken.items() if times > 1)
    if twice:
        raise InvalidError(f"The catalogue gives the emoji “{twice[0]}” to two types. Take it from one of them.")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return _WORD.findall(unicodedata.normalize("NFKC", plain))


def _phrases_of(entries: Iterable[SignalType], side: Side) -> Phrases:
    split = ((tuple(words.split()), entry.code) for entry in entries if entry.side is side for words in entry.guess)
    return tuple((phrase, frozenset(part for part in phrase if not part.endswith("*")), code) for phrase, code in split)


def _span(phrase: Phrase, words: list[str]) -> int:
    """How many words the phrase stretches over in the text, or 0 where it doesn't occur."""
    spans = (_span_from(start, phrase, words) for start in range(len(words)) if _fits(phrase[0], words[start]))
    return min((span for span in spans if span), default=0)


def _span_from(start: int, phrase: Phrase, words: list[str]) -> int:
    at = start
    for part in phrase[1:]:
        nearby = range(at + 1, min(at + 2 + _MAX_GAP, len(words)))
        found = next((i for i in nearby if _fits(part, words[i])), None)
        if found is None:
            return 0
        at = found
    return at - start + 1


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part
