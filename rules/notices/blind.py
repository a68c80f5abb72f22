"""The blind second reading: what a reader who knows nothing but the letter takes from it, held against the facts.

Five questions: last day and sums are typed; what we still finish, what they get and whom to turn to are ticked among
the facts with two decoys each (design section 5, "Notice").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.notices.checks.days import mentions_in
from rules.notices.checks.figures import FigureWords
from rules.notices.checks.promises import Promise, promises_of
from rules.notices.checks.sums import numbers_in
from rules.notices.checks.tone import tone_list
from rules.notices.draft import DEFAULT_LANGUAGE, facts_digest, language_for, one_line, owes_nothing
from rules.notices.notice import NoticeFacts
from rules.notices.sentences import sentences_in

DECOYS = 2


class BlindQuestion(StrEnum):
    """What the reader answers from the letter alone."""

    LAST_DAY = "last_day"
    SUMS = "sums"
    FINISH = "finish"
    RECEIVE = "receive"
    TURN_TO = "turn_to"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAnswers:
    """What a reader took from the letter: two typed, three ticked."""

    last_day: str
    sums: str
    ticked: Mapping[BlindQuestion, frozenset[str]]


def asked(facts: NoticeFacts) -> tuple[BlindQuestion, ...]:
    """All five, but for sums that nobody could type: those that the facts give neither in digits nor in words."""
    is_typed = owes_nothing(facts) or bool(_figures(facts).sums_in(facts.amounts_owed))
    return tuple(each for each in BlindQuestion if each is not BlindQuestion.SUMS or is_typed)


def options(facts: NoticeFacts) -> Mapping[BlindQuestion, tuple[str, ...]]:
    """What can be ticked: what is true and two decoys each, in an order that tells nothing and stays the same."""
    decoys = tone_list(language_for(facts.language)).decoys
    known = " ".join((*(each.name for each in promises_of(facts)), facts.referrals)).casefold()
    dropped = {BlindQuestion.FINISH: tuple(map(one_line, facts.left_out))}
    offered = {}
    for question, right in _right(facts).items():
        pool = (*dropped.get(question, ()), *decoys[question.value])
        wrong = [each for each in dict.fromkeys(pool) if each not in right and each.casefold() not in known]
        offered[question] = _shuffled({*right, *wrong[:DECOYS]}, facts_digest(facts) + question)
    return offered


def misread(answers: LetterAnswers, facts: NoticeFacts, body: str) -> dict[BlindQuestion, str]:
    """Each answer that the facts do not give, with the sentence that misled (empty: no sentence says it)."""
    sentences = sentences_in(body)
    wrong = {}
    if not _is_last_day(answers.last_day, facts):
        wrong[BlindQuestion.LAST_DAY] = _first(_about_days(answers.last_day, facts, sentences))
    if BlindQuestion.SUMS in asked(facts) and not _are_sums(answers.sums, facts):
        wrong[BlindQuestion.SUMS] = _first(_about_sums(answers.sums, facts, sentences))
    for question, right in _right(facts).items():
        chosen = answers.ticked.get(question, frozenset())
        if chosen != right:
            wrong[question] = _first(_about_names(sorted(chosen ^ right), facts, sentences))
    return wrong


def _right(facts: NoticeFacts) -> dict[BlindQuestion, frozenset[str]]:
    return {
        BlindQuestion.FINISH: frozenset(one_line(name) for name, _ in facts.deliverables),
        BlindQuestion.RECEIVE: frozenset(one_line(name) for name, _ in facts.handovers),
        BlindQuestion.TURN_TO: frozenset({one_line(facts.referrals)} - {""}),
    }


def _shuffled(names: set[str], seed: str) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: hashlib.sha256(f"{seed}{name}".encode()).hexdigest()))


def _is_last_day(typed: str, facts: NoticeFacts) -> bool:
    named = [each for code in _languages(facts) for each in mentions_in(typed, code)]
    last_day = facts.last_day
    return last_day is not None and bool(named) and all(each.means(last_day) for each in named)


def _are_sums(typed: str, facts: NoticeFacts) -> bool:
    owed, said = (_figures(facts).sums_in(text) for text in (facts.amounts_owed, typed))
    if said:
        return set(said) == set(owed)
    return numbers_in(typed) - {0} == {value for _, value in owed}


def _about_days(typed: str, facts: NoticeFacts, sentences: Sequence[str]) -> Iterator[str]:
    """The sentence with the day that was typed, else the one that speaks of the last day."""
    language = language_for(facts.language)
    named = [each for code in _languages(facts) for each in mentions_in(typed, code)]
    for sentence in sentences:
        if any(mine.agrees(theirs) for mine in mentions_in(sentence, language) for theirs in named):
            yield sentence
    yield from (each for each in sentences if _figures(facts).last_day.search(each))


def _about_sums(typed: str, facts: NoticeFacts, sentences: Sequence[str]) -> Iterator[str]:
    owed = {value for _, value in _figures(facts).sums_in(facts.amounts_owed)}
    typed_values = numbers_in(typed)
    for values in (typed_values - owed, owed - typed_values):
        yield from (each for each in sentences if values & numbers_in(each))


def _about_names(names: Sequence[str], facts: NoticeFacts, sentences: Sequence[str]) -> Iterator[str]:
    for name in names:
        promise = Promise(name=name, day=facts.last_day) if facts.last_day else None
        if promise is not None:
            yield from (each for each in sentences if promise.place_in(each) is not None)
            yield from (each for each in sentences if promise.is_hinted_at([each]))


def _figures(facts: NoticeFacts) -> FigureWords:
    return tone_list(language_for(facts.language)).figures


def _languages(facts: NoticeFacts) -> tuple[str, ...]:
    """The reader is one of ours and may type a day in English as well."""
    return tuple(dict.fromkeys((language_for(facts.language), DEFAULT_LANGUAGE)))


def _first(found: Iterator[str]) -> str:
    return next(found, "")
