"""The types of notes, read from `catalogue.toml` and checked."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rules.errors import InvalidError, NotFoundError
from rules.health.limits import Limits, parse_limits
from rules.health.phrases import WEAK, Classes, Phrasebook, fold, read, spelled
from rules.health.questions import NoteQuestion, parse_questions
from rules.health.signal import Outline, Severity, Side, Signal
from rules.health.taught.likeness import LEAST_TELLING, Likeness, Spelled, shipped_examples
from rules.sentences import Sentence

UNSORTED = "unsorted"
OWN_KEYS = frozenset({"weight", "half_life_days"})
TOUCHES = "touches"
LANGUAGES = ("en", "nl", "ca", "sv")  # every text is held against all of them: people mix them
GUESSES = {each: "guess" if each == LANGUAGES[0] else f"guess_{each}" for each in LANGUAGES}  # their keys in an entry


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
    after_plan: bool = False
    sensor: str = ""
    emoji: str = ""
    aliases: tuple[str, ...] = ()
    opt_in: bool = False
    codes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    when_ours: str = ""

    @property
    def emojis(self) -> tuple[str, ...]:
        return (self.emoji, *self.aliases) if self.emoji else self.aliases


class Taught:
    """What guesses a type from words. To read it takes most of a second, so it is read when the first words come."""

    def __init__(self, guesses: Mapping[str, Mapping[str, Sequence[str]]], classes: Classes) -> None:
        self._guesses, self._classes = guesses, classes

    @cached_property
    def phrases(self) -> Phrasebook:
        return _phrasebook(self._guesses, self._classes)

    @cached_property
    def likeness(self) -> Likeness:
        return _likeness(self._guesses, self._classes)

    def read(self) -> None:
        """Now, so that nobody waits for it later."""
        _ = self.phrases, self.likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every type by its code, in the order of the file."""

    categories: tuple[str, ...]
    types: Mapping[str, SignalType]
    everyday: tuple[str, ...]
    our_default: str
    taught: Taught = field(repr=False)
    limits: Limits
    _questions: Mapping[str, NoteQuestion] = field(repr=False)
    own: str = ""  # a mark of the agency's own weights

    def type(self, code: str) -> SignalType:
        found = self.types.get(code)
        if found is None:
            raise NotFoundError(
                Sentence("There is no type of note called “{code}” any more. Please choose another one.", code=code)
            )
        return found

    def of_side(self, side: Side) -> tuple[SignalType, ...]:
        return tuple(entry for entry in self.types.values() if entry.side is side)

    def lasting_types(self) -> tuple[str, ...]:
        """The codes that don't fade until reviewed: the ledger is asked for all of them, however old."""
        return tuple(entry.code for entry in self.types.values() if entry.lasting)

    def sensed_by(self, sensor: str) -> SignalType:
        """The type of what a sensor logs by itself."""
        return next(entry for entry in self.types.values() if entry.sensor == sensor)

    def questions(self, code: str) -> tuple[NoteQuestion, ...]:
        """What a note of this type is asked beside the words."""
        entry = self.types.get(code)
        if entry is None or entry.side is not Side.THEIRS or not entry.weight_tenths:
            return ()
        asks = entry.asks or (TOUCHES,)
        return tuple(self._questions[asked].of(lasting=entry.lasting) for asked in asks if asked in self._questions)

    def counted(self, signal: Signal | Outline) -> SignalType:
        """The type by which a note counts: a guess of a lasting one counts nothing until its reporter has said so."""
        entry = self.type(signal.type)
        return self.type(UNSORTED) if entry.lasting and signal.guessed else entry

    def likely(self, text: str, most: int = 4) -> tuple[SignalType, ...]:
        """Red flags to choose from where no phrase was found: what the words are most like, else the everyday."""
        found = self.taught.likeness.of(read(text), LANGUAGES)
        alike = sorted(found.by_code, key=lambda code: -found.by_code[code]) if found.telling >= LEAST_TELLING else []
        theirs = [code for code in alike if code != UNSORTED and self.types[code].side is Side.THEIRS]
        codes = dict.fromkeys((*theirs[:most], *self.everyday))
        return tuple(self.types[code] for code in list(codes)[:most])


@cache
def load_catalogue() -> Catalogue:
    return parse_catalogue(_shipped())


def own_catalogue(text: str) -> Catalogue:
    """The catalogue with an agency's own weights, half-lives and limits, in the same tables; whatever else is ours."""
    data = tomllib.loads(_shipped())
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidError(Sentence("This is not valid TOML: {error}.", error=error)) from None
    strange = sorted(set(own) - {"types", "limits"})
    if strange:
        raise InvalidError(Sentence("“{name}” can't be changed here. Write [types.…] and [limits].", name=strange[0]))
    for code, entry in own.get("types", {}).items():
        unknown = sorted(set(entry) - OWN_KEYS)
        if code not in data["types"] or unknown:
            raise InvalidError(
                Sentence(
                    "The entry “{code}” is wrong. Give a type of the catalogue its own {keys}.",
                    code=code,
                    keys=", ".join(sorted(OWN_KEYS)),
                )
            )
        data["types"][code] |= entry
    data["limits"] |= own.get("limits", {})
    mark = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:6]
    return replace(_parsed(data), own=f"own-{mark}")


def types_by_word(catalogue: Catalogue) -> Mapping[str, SignalType]:
    """By code and by label, as somebody outside may have written them: see `as_word`."""
    return {as_word(name): each for each in catalogue.types.values() for name in (each.label, each.code)}


def as_word(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _shipped() -> str:
    return files("rules.health").joinpath("catalogue.toml").read_text(encoding="utf-8")


def parse_catalogue(text: str) -> Catalogue:
    """Reads and checks a catalogue; an `InvalidError` names the entry that is wrong."""
    return _parsed(tomllib.loads(text))


def _parsed(data: Mapping[str, Any]) -> Catalogue:
    categories = tuple(data["categories"])
    types = {code: _entry(code, entry) for code, entry in data["types"].items()}
    guesses = {code: _guesses(entry) for code, entry in data["types"].items()}
    questions = parse_questions(data.get("questions", {}))
    _check_categories(types.values(), categories)
    _check_questions(types.values(), questions)
    _check_emojis(types.values())
    _check_ours(types)
    if UNSORTED not in types or types[UNSORTED].weight_tenths:
        raise InvalidError(Sentence("The catalogue needs a type “{unsorted}” with weight 0.", unsorted=UNSORTED))
    classes = {
        language: {name: listed.split() for name, listed in named.items()}
        for language, named in data.get("words", {}).items()
    }
    return Catalogue(
        categories=categories,
        types=MappingProxyType(types),
        everyday=tuple(code for code in data.get("everyday", ()) if code in types),
        our_default=data.get("our_default", UNSORTED),
        taught=Taught(guesses, classes),
        limits=parse_limits(data.get("limits", {})),
        _questions=MappingProxyType(questions),
    )


def _entry(code: str, data: dict[str, Any]) -> SignalType:
    rest: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
        if key not in GUESSES.values()
    }
    try:
        entry = SignalType(
            code=code,
            side=Side(rest.pop("side")),
            severity=Severity(rest.pop("severity")),
            weight_tenths=_tenths(rest.pop("weight")),
            **rest,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidError(
            Sentence("The catalogue's entry “{code}” is wrong: {error}.", code=code, error=error)
        ) from error
    if entry.half_life_days <= 0:
        raise InvalidError(Sentence("The catalogue's entry “{code}” needs a half-life of at least one day.", code=code))
    return entry


def _guesses(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The phrases that suggest a type, by language."""
    return {language: data.get(key, []) for language, key in GUESSES.items()}


def _tenths(weight: float) -> int:
    tenths = round(weight * 10)
    if tenths < 0 or abs(tenths - weight * 10) > 1e-9:  # noqa: PLR2004 -- room for a binary fraction, no more
        raise ValueError(Sentence("the weight {weight} is not a number of tenths from 0 on", weight=weight))
    return tenths


def _check_categories(entries: Iterable[SignalType], categories: tuple[str, ...]) -> None:
    for entry in entries:
        if entry.category not in categories:
            raise InvalidError(
                Sentence(
                    "The catalogue's entry “{code}” has an unknown category: {category}. Use one of the list.",
                    code=entry.code,
                    category=entry.category,
                )
            )


def _check_questions(entries: Iterable[SignalType], questions: Mapping[str, NoteQuestion]) -> None:
    for entry in entries:
        unknown = [asked for asked in entry.asks if asked not in questions]
        if unknown:
            raise InvalidError(
                Sentence(
                    "The catalogue's entry “{code}” asks an unknown question: {unknown}.",
                    code=entry.code,
                    unknown=unknown[0],
                )
            )


def _check_emojis(entries: Iterable[SignalType]) -> None:
    taken = Counter(emoji for entry in entries for emoji in entry.emojis)
    twice = sorted(emoji for emoji, times in taken.items() if times > 1)
    if twice:
        raise InvalidError(
            Sentence("The catalogue gives the emoji “{twice}” to two types. Take it from one of them.", twice=twice[0])
        )


def _check_ours(types: Mapping[str, SignalType]) -> None:
    for entry in types.values():
        named = types.get(entry.when_ours)
        if entry.when_ours and (named is None or named.side is not Side.OURS):
            raise InvalidError(
                Sentence(
                    "The catalogue's entry “{code}” names “{when_ours}”, which is no miss of ours.",
                    code=entry.code,
                    when_ours=entry.when_ours,
                )
            )


def _phrasebook(guesses: Mapping[str, Mapping[str, Sequence[str]]], classes: Classes) -> Phrasebook:
    return Phrasebook(
        classes,
        (
            (code, language, phrase)
            for code, by_language in guesses.items()
            for language, phrases in by_language.items()
            for phrase in phrases
        ),
    )


def _likeness(guesses: Mapping[str, Mapping[str, Sequence[str]]], classes: Classes) -> Likeness:
    def parts(language: str) -> Iterator[Spelled]:
        for code, by_language in guesses.items():
            written = (part for phrase in by_language[language] for part in phrase.removeprefix(WEAK).split())
            for part, times in Counter(written).items():
                yield Spelled(code, spelled(part, language, classes.get(language, {})), times)

    return Likeness(
        [each for each in shipped_examples() if each.code in guesses],
        parts,
        {language: frozenset(map(fold, classes.get(language, {}).get("common", ()))) for language in LANGUAGES},
    )
