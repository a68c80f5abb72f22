"""What a reader could stumble over in a letter, found by rules that can be looked up: `tones/<language>.toml`.

Deterministic on purpose: each finding names its rule and quotes the words (CV06, CV11, CV13, NE10, TN03, DC03).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rules.notices.draft import MAX_WORDS, Finding, Level, language_for, length, one_line
from rules.notices.figures import figure_findings
from rules.notices.notice import NoticeFacts
from rules.sentences import Sentence

# "Name": a letter, so that it counts as a word, and one that no letter of ours contains.
MASK = "\N{CJK UNIFIED IDEOGRAPH-540D}"
STRAIGHT = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'"})
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneRule:
    """One kind of words that a letter does without."""

    code: str
    level: Level
    sentence: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneList:
    """One language's rules, and the words by which the parts of a letter are known."""

    rules: tuple[ToneRule, ...]
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    last_day: tuple[str, ...]
    confirm: tuple[str, ...]
    apology: re.Pattern[str]
    apology_sentence: str
    most_apologies: int


def findings(subject: str, body: str, facts: NoticeFacts) -> tuple[Finding, ...]:
    """Everything to be seen before the letter is approved, the heavy ones first."""
    words = tone_list(language_for(facts.language))
    text = f"{subject}\n{body}".translate(STRAIGHT)
    found = [
        *_wording(text, words, facts),
        *_apologies(text, words),
        *_parts(text, body, words, facts),
        *figure_findings(text, facts, words.last_day),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.level is Level.LOW))


@cache
def tone_list(language: str) -> ToneList:
    listed = tomllib.loads(files("rules.notices").joinpath(f"tones/{language}.toml").read_text(encoding="utf-8"))
    people = listed["people"].replace("NAME", MASK)
    rules = tuple(
        ToneRule(
            code=rule["code"],
            level=Level(rule["level"]),
            sentence=rule["sentence"],
            patterns=tuple(re.compile(p.replace("<people>", people), re.IGNORECASE) for p in rule["patterns"]),
        )
        for rule in listed["rule"]
    )
    return ToneList(
        rules=rules,
        greetings=tuple(listed["greetings"]),
        thanks=tuple(listed["thanks"]),
        last_day=tuple(listed["last_day"]),
        confirm=tuple(listed["confirm"]),
        apology=re.compile(listed["apology"]["pattern"], re.IGNORECASE),
        apology_sentence=listed["apology"]["sentence"],
        most_apologies=listed["apology"]["most"],
    )


def _wording(text: str, words: ToneList, facts: NoticeFacts) -> Iterator[Finding]:
    masked = _mask_names(text, facts)
    for rule in words.rules:
        for pattern in rule.patterns:
            for match in pattern.finditer(masked):
                excerpt = _sentence_around(text, match.start())
                yield Finding(code=rule.code, level=rule.level, sentence=rule.sentence, excerpt=excerpt)


def _apologies(text: str, words: ToneList) -> Iterator[Finding]:
    matches = list(words.apology.finditer(text))
    if len(matches) > words.most_apologies:
        excerpt = _sentence_around(text, matches[-1].start())
        yield Finding(code="apology", level=Level.HIGH, sentence=words.apology_sentence, excerpt=excerpt)


def _parts(text: str, body: str, words: ToneList, facts: NoticeFacts) -> Iterator[Finding]:
    lowered = text.casefold()
    count = length(body, language_for(facts.language))
    if count > MAX_WORDS:
        too_long = Sentence(
            "The letter has {count} word; {max_words} are enough. NE10",
            "The letter has {count} words; {max_words} are enough. NE10",
            count=count,
            max_words=MAX_WORDS,
        )
        yield Finding(code="too_long", level=Level.HIGH, sentence=too_long)
    if not _has_any(lowered, words.thanks):
        yield Finding(code="missing_thanks", level=Level.HIGH, sentence="The thanks are missing. NE08, TN02")
    if not _has_any(lowered, words.confirm):
        sentence = "Ask the client to confirm, so that both are on the same page. NE03"
        yield Finding(code="no_confirmation", level=Level.LOW, sentence=sentence)
    yield from _names(body, words, facts)


def _names(body: str, words: ToneList, facts: NoticeFacts) -> Iterator[Finding]:
    expected, sender = one_line(facts.contact_name or facts.client_name), one_line(facts.sender_name)
    greeting = re.match(rf"\s*(?:{'|'.join(words.greetings)})\s+([^,\n:!]+)", body, re.IGNORECASE)
    if greeting and not _is_same_person(greeting[1], expected):
        sentence = Sentence("The letter is for {expected}, but greets somebody else.", expected=expected)
        yield Finding(code="wrong_name", level=Level.HIGH, sentence=sentence, excerpt=greeting[0])
    if sender.casefold() not in body.casefold():
        sentence = Sentence("The letter is not signed by {sender}.", sender=sender)
        yield Finding(code="wrong_sender", level=Level.HIGH, sentence=sentence)


def _is_same_person(greeted: str, expected: str) -> bool:
    """A first name or a title is fine."""
    shorter, longer = sorted((greeted.strip().casefold(), expected.casefold()), key=len)
    return shorter in longer


def _mask_names(text: str, facts: NoticeFacts) -> str:
    """Names of this letter's people and companies, blotted out at the same length."""
    names = {one_line(name) for name in (facts.client_name, facts.contact_name, facts.sender_name, facts.company_name)}
    for name in sorted(names - {""}, key=len, reverse=True):
        bounded = rf"(?<!\w){re.escape(name)}(?!\w)"
        text = re.sub(bounded, lambda match: MASK * len(match.group()), text)
    return text


def _has_any(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _sentence_around(text: str, position: int) -> str:
    for match in SENTENCE.finditer(text):
        if match.start() <= position < match.end():
            return match.group().strip()
    return text[position:].split("\n", 1)[0].strip()
