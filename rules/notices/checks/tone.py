"""What a reader could stumble over in a letter, found by rules that can be looked up: `tones/<language>.toml`.

Deterministic on purpose: each finding names its rule and quotes the words (CV06, CV11, CV13, NE10, TN03, DC03).
A rule reads one sentence at a time. Lists point at the plain cases; what is said kindly is read by a second person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from rules.notices.checks.content import PartWords, part_findings
from rules.notices.checks.figures import FigureWords, figure_findings
from rules.notices.checks.masks import OURS, PROMISE, THEIRS, masked
from rules.notices.checks.number_words import NumberWords
from rules.notices.checks.promises import promises_of, stems_of
from rules.notices.draft import MAX_WORDS, language_for, length
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.notices.sentences import our_sentences, sentences_in
from rules.sentences import Sentence

STRAIGHT = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'"})
_HAS_FIGURE = re.compile(r"\d|@")
_FEWEST_WORDS = 4
_CLASS = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneRule:
    """One kind of words: what it finds has one of `patterns`, all of `beside` and none of `unless`.

    Sentences are read in small letters (two and a half times as fast as without regard to case), but for a rule that
    looks at capitals: `as_written`.
    """

    code: str
    level: Level
    sentence: str
    patterns: tuple[re.Pattern[str], ...]
    beside: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    as_written: bool = False

    def finds(self, sentence: str) -> bool:
        read = sentence if self.as_written else sentence.lower()
        return (
            any(pattern.search(read) for pattern in self.patterns)
            and all(pattern.search(read) for pattern in self.beside)
            and not any(pattern.search(read) for pattern in self.unless)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The words by which a sentence shows what it is for; one without any is asked about."""

    patterns: tuple[re.Pattern[str], ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneList:
    """One language's rules, and the words by which the parts of a letter are known."""

    rules: tuple[ToneRule, ...]
    parts: PartWords
    figures: FigureWords
    placed: Placed
    apology: re.Pattern[str]
    apology_sentence: str
    most_apologies: int
    decoys: Mapping[str, tuple[str, ...]]
    gentler: tuple[tuple[re.Pattern[str], str], ...]


def findings(subject: str, body: str, facts: NoticeFacts) -> tuple[Finding, ...]:
    """Everything to be seen before the letter is approved, the heavy ones first."""
    language = language_for(facts.language)
    words = tone_list(language)
    straight, known = body.translate(STRAIGHT), _straight(facts)
    sentences = (*sentences_in(subject.translate(STRAIGHT)), *sentences_in(straight))
    found = [
        *_wording(sentences, masked(sentences, known), words),
        *_apologies(sentences, words),
        *_length(body, language),
        *part_findings(straight, sentences, known, words.parts),
        *figure_findings(sentences, known, words.figures),
    ]
    found += _remarks(sentences_in(straight), known, words, frozenset(finding.excerpt for finding in found))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.level is Level.LOW))


@cache
def tone_list(language: str) -> ToneList:
    listed = tomllib.loads(files("rules.notices").joinpath(f"tones/{language}.toml").read_text(encoding="utf-8"))
    classes = _classes(listed["classes"])
    parts, apology = listed["parts"], listed["apology"]
    return ToneList(
        rules=tuple(_rule(rule, classes) for rule in listed["rule"]),
        parts=PartWords(
            greetings=_any_of(parts["greetings"], end=r"(?!\w)"),
            titles=frozenset(parts["titles"]),
            thanks=_any_of(parts["thanks"]),
            confirm=_any_of(parts["confirm"]),
            clause="|".join(parts["clause"]),
            because=_any_of(parts["because"]),
            common=tuple(parts["common"]),
        ),
        figures=FigureWords(
            last_day=_any_of(parts["last_day"]),
            around=re.compile(rf"\b(?:{'|'.join(parts['around'])})\W", re.IGNORECASE),
            numbers=NumberWords(**listed["numbers"]),
        ),
        placed=Placed(
            patterns=tuple(re.compile(each) for each in listed["placed"]["patterns"]),
            sentence=listed["placed"]["sentence"],
        ),
        apology=re.compile(apology["pattern"], re.IGNORECASE),
        apology_sentence=apology["sentence"],
        most_apologies=apology["most"],
        decoys={question: tuple(names) for question, names in listed["decoys"].items()},
        gentler=tuple((re.compile(each["about"], re.IGNORECASE), each["say"]) for each in listed["gentler"]),
    )


def gentler(sentence: str, language: str) -> str:
    """What could be said instead of a judgement: in general terms, and of ourselves (AM20, CV14)."""
    return next(say for about, say in tone_list(language).gentler if about.search(sentence))


def _rule(rule: Mapping[str, Any], classes: Mapping[str, str]) -> ToneRule:
    def compiled(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_filled(pattern, classes)) for pattern in rule.get(key, ()))

    return ToneRule(
        code=rule["code"],
        level=Level(rule["level"]),
        sentence=rule["sentence"],
        patterns=compiled("patterns"),
        beside=compiled("beside"),
        unless=compiled("unless"),
        as_written=rule.get("as_written", False),
    )


def _classes(listed: Mapping[str, str]) -> dict[str, str]:
    """Each class of words as one group; a class may name those above it."""
    classes: dict[str, str] = {"THEIRS": THEIRS, "OURS": OURS, "PROMISE": PROMISE}
    for name, pattern in listed.items():
        classes[name] = f"(?:{_filled(pattern, classes)})"
    return classes


def _filled(pattern: str, classes: Mapping[str, str]) -> str:
    return _CLASS.sub(lambda match: classes[match[1]], pattern)


def _any_of(words: Sequence[str], end: str = "") -> re.Pattern[str]:
    """At the beginning of a word; the words are patterns."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)}){end}", re.IGNORECASE)


def _wording(sentences: Sequence[str], without_names: Sequence[str], words: ToneList) -> Iterator[Finding]:
    """A sentence that one rule finds plain is not asked about as well, and nothing is asked of it twice."""
    for said, read in zip(sentences, without_names, strict=True):
        found = [rule for rule in words.rules if rule.finds(read)]
        heavy = [rule for rule in found if rule.level is Level.HIGH]
        for rule in {rule.code: rule for rule in reversed(heavy or found)}.values():
            yield Finding(code=rule.code, level=rule.level, sentence=rule.sentence, excerpt=said)


def _remarks(sentences: Sequence[str], facts: NoticeFacts, words: ToneList, told: frozenset[str]) -> Iterator[Finding]:
    """A sentence of yours that is neither fact, thanks, wish, reason nor request may be blame in any words (CV14).

    Phrase lists know what people have written before; this asks about what nobody has foreseen.
    """
    ours, names = our_sentences(facts) | told, promises_of(facts)
    reason = [stem for stem in stems_of(facts.reason) if not stem.startswith(words.parts.common)]
    for said in sentences[1:]:
        lowered = said.lower()
        is_prose = lowered.endswith((".", "!", "…")) and len(lowered.split()) >= _FEWEST_WORDS
        if not is_prose or said in ours or any(pattern.search(lowered) for pattern in words.placed.patterns):
            continue
        speaks_of_a_fact = _HAS_FIGURE.search(said) or any(stem in lowered for stem in reason)
        if not speaks_of_a_fact and all(each.place_in(said) is None for each in names):
            yield Finding(code="remark", level=Level.LOW, sentence=words.placed.sentence, excerpt=said)


def _apologies(sentences: Sequence[str], words: ToneList) -> Iterator[Finding]:
    sorry = [sentence for sentence in sentences for _ in words.apology.finditer(sentence)]
    if len(sorry) > words.most_apologies:
        yield Finding(code="apology", level=Level.HIGH, sentence=words.apology_sentence, excerpt=sorry[-1])


def _length(body: str, language: str) -> Iterator[Finding]:
    count = length(body, language)
    if count > MAX_WORDS:
        sentence = Sentence(
            "The letter has {count} word; {max_words} are enough. NE10",
            "The letter has {count} words; {max_words} are enough. NE10",
            count=count,
            max_words=MAX_WORDS,
        )
        yield Finding(code="too_long", level=Level.HIGH, sentence=sentence)


def _straight(facts: NoticeFacts) -> NoticeFacts:
    """The facts with straight apostrophes, as the text has them here."""

    def listed(promises: tuple[tuple[str, date], ...]) -> tuple[tuple[str, date], ...]:
        return tuple((name.translate(STRAIGHT), day) for name, day in promises)

    return replace(
        facts,
        client_name=facts.client_name.translate(STRAIGHT),
        contact_name=facts.contact_name.translate(STRAIGHT),
        first_name=facts.first_name.translate(STRAIGHT),
        sender_name=facts.sender_name.translate(STRAIGHT),
        company_name=facts.company_name.translate(STRAIGHT),
        reason=facts.reason.translate(STRAIGHT),
        clause=facts.clause.translate(STRAIGHT),
        deliverables=listed(facts.deliverables),
        handovers=listed(facts.handovers),
        their_tasks=listed(facts.their_tasks),
    )
