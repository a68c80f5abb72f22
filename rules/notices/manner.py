"""Would you be fine if they read this? (FG05, TN04) Harsh words in a note, and gentler ones on offer (AM20).

It asks and never blocks: the note is stored already. Found by rules that can be looked up: `manners/<language>.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from rules.errors import ConflictError
from rules.health.signal import Signal
from rules.notices.checks.tone import STRAIGHT

_SENTENCE_START = re.compile(r"(?:(?:^|(?<=[.!?]\s))\s*+|(?<=\n)[^\S\n]*+)[^\W\d_]")
_SPACES = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MannersRule:
    """One kind of words, and what could be said instead."""

    code: str
    sentence: str
    patterns: tuple[re.Pattern[str], ...]
    gentler: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MannerQuestion:
    """Why we ask, and the whole note in gentler words; empty where we have none."""

    code: str
    sentence: str
    gentler: str = ""


def question(note: str) -> MannerQuestion | None:
    """What to ask about a note; None when nothing in it is harsh."""
    said = note.translate(STRAIGHT)
    rule = next((rule for rule in _rules() if _is_broken(rule, said)), None)
    if rule is None:
        return None
    softer = _softened(said)
    usable = (
        softer != said and any(sign.isalnum() for sign in softer) and not any(_is_broken(r, softer) for r in _rules())
    )
    return MannerQuestion(code=rule.code, sentence=rule.sentence, gentler=softer if usable else "")


def asked_once(signal: Signal, said: str) -> tuple[Signal, MannerQuestion | None]:
    """The question that what was just said brings, at most one for a note; the note remembers that it was asked."""
    if signal.asked_kindly or question(said) is None:
        return signal, None
    return replace(signal, asked_kindly=True), question(signal.note)


def languages() -> tuple[str, ...]:
    entries = files("rules.notices").joinpath("manners").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


def gentler_words(signal: Signal) -> str:
    """The words that were offered for this note."""
    found = question(signal.note)
    if found is None or not found.gentler:
        raise ConflictError("This note has changed since, and there are no gentler words for it. Use Change instead.")
    return found.gentler


def _is_broken(rule: MannersRule, said: str) -> bool:
    return any(pattern.search(said) for pattern in rule.patterns)


def _softened(said: str) -> str:
    """Accusations first: a harsh word inside of one would hide it."""
    softer = said
    for rule in reversed(_rules()):
        for pattern, words in rule.gentler:
            softer = pattern.sub(words, softer)
    spaced = _SPACES.sub(" ", softer).strip()
    return _SENTENCE_START.sub(lambda found: found[0].upper(), spaced) if spaced != said else said


@cache
def _rules() -> tuple[MannersRule, ...]:
    """Of all languages, the heaviest kind first: a team writes as it speaks, whatever the client's language is."""
    listed = [rule for language in languages() for rule in _list(language)]
    order = {"swearing": 0, "insult": 1, "accusation": 2}
    return tuple(sorted(listed, key=lambda rule: order[rule.code]))


def _list(language: str) -> tuple[MannersRule, ...]:
    text = files("rules.notices").joinpath(f"manners/{language}.toml").read_text(encoding="utf-8")
    return tuple(
        MannersRule(
            code=rule["code"],
            sentence=rule["sentence"],
            patterns=tuple(re.compile(pattern, re.IGNORECASE) for pattern in rule["patterns"]),
            gentler=tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in rule["gentler"]),
        )
        for rule in tomllib.loads(text)["rule"]
    )
