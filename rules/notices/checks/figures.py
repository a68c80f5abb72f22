"""Days and sums of a letter, held against its facts: exactly one last day, no sum that nobody knows (NE04-NE07).

What contradicts a fact weighs heavily; a day that no fact knows is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.notices.checks.days import Mention, mentions_in
from rules.notices.checks.number_words import NumberWords, spelled_sums_in
from rules.notices.checks.promises import Promise, promises_of
from rules.notices.checks.sums import Sum, has_sum_in_words, numbers_in, sums_in
from rules.notices.draft import language_for, one_line
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.sentences import Sentence

# "Our last day for you is ...": farther away a day belongs to something else.
_NEAR = 60
_NEXT_TO = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """How a language speaks of the last day, of what lies around it ("before our last day"), and of numbers."""

    last_day: re.Pattern[str]
    around: re.Pattern[str]
    numbers: NumberWords

    def sums_in(self, text: str) -> dict[Sum, str]:
        """In digits and in words; where both stand ("€ 1.200, twaalfhonderd euro"), they are one sum."""
        return spelled_sums_in(text, self.numbers) | sums_in(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence with the days and the promises that it names, in its order."""

    text: str
    mentions: tuple[Mention, ...]
    promises: tuple[Promise, ...]
    sums: frozenset[Sum]

    def names(self, day: date) -> bool:
        return any(mention.means(day) for mention in self.mentions)


def figure_findings(sentences: Sequence[str], facts: NoticeFacts, words: FigureWords) -> Iterator[Finding]:
    """`sentences` are the letter's, its subject among them."""
    promises = promises_of(facts)
    said = _read(sentences, promises, facts, words)
    seconds = list(_second_last_days(said, facts, words))
    if facts.last_day is not None and not any(each.names(facts.last_day) for each in said):
        yield _heavy("last_day_left_out", "The letter does not name the last day. NE07")
    yield from seconds
    for promise in promises:
        yield from _promise_findings(promise, said, facts.last_day)
    for name, day in facts.their_tasks:
        if not any(one_line(name).lower() in each.text.lower() or each.names(day) for each in said):
            asked = Sentence("The letter does not ask them for this: {name}. HO02", name=name)
            yield Finding(code="their_task_left_out", level=Level.LOW, sentence=asked, excerpt=one_line(name))
    yield from _strange_days(said, facts, words, {each.excerpt for each in seconds})
    yield from _sum_findings(said, facts, words)


def _read(
    sentences: Sequence[str], promises: Sequence[Promise], facts: NoticeFacts, words: FigureWords
) -> tuple[Said, ...]:
    language, quoted = language_for(facts.language), _quoted(facts)
    read = []
    for sentence in sentences:
        places = ((promise.place_in(sentence), promise) for promise in promises)
        named = sorted(((place, each) for place, each in places if place is not None), key=lambda pair: pair[0])
        mentions = (each for each in mentions_in(sentence, language) if not _is_quoted(each, sentence, quoted))
        read.append(
            Said(
                text=sentence,
                mentions=tuple(mentions),
                promises=tuple(promise for _, promise in named),
                sums=frozenset(words.sums_in(sentence)),
            )
        )
    return tuple(read)


def _second_last_days(said: Sequence[Said], facts: NoticeFacts, words: FigureWords) -> Iterator[Finding]:
    known = [each.day for each in promises_of(facts)] + [each for each in (facts.told_on,) if each]
    for each in said:
        for match in words.last_day.finditer(each.text):
            mention = _spoken_of(each, match, words.around)
            if facts.last_day is None or mention is None or mention.means(facts.last_day):
                continue
            is_known, follows = any(map(mention.means, known)), mention.start >= match.end()
            gap = mention.start - match.end() if follows else match.start() - mention.end
            if gap <= (_NEXT_TO if is_known else _NEAR) and (follows or not is_known):
                sentence = "A letter has exactly one last day; this is another one."
                yield _heavy("second_last_day", sentence, mention.words)


def _spoken_of(said: Said, last_day: re.Match[str], around: re.Pattern[str]) -> Mention | None:
    """The day that "last day" speaks of: the next one, else the one before; none in "until our last day we ..."."""
    after = next((each for each in said.mentions if each.start >= last_day.end()), None)
    is_around = around.search(said.text[max(0, last_day.start() - _NEXT_TO) : last_day.start()]) is not None
    if after is not None:
        is_apart = "," in said.text[last_day.end() : after.start] or not after.sure
        return None if is_around and is_apart else after
    before = [each for each in said.mentions if each.end <= last_day.start() and each.sure]
    return before[-1] if before and not is_around else None


def _promise_findings(promise: Promise, said: Sequence[Said], last_day: date | None) -> Iterator[Finding]:
    name, naming = promise.name, [each for each in said if promise in each.promises]
    times = sum(mention.means(promise.day) for each in said for mention in each.mentions)
    undated = Sentence("The letter does not say until when {name} is promised. NE05", name=name)
    if naming and not times:
        yield _heavy("deadline_left_out", undated, name)
    elif naming and any(_is_swapped(promise, each) for each in naming):
        yield _heavy("wrong_date", Sentence("The facts name another day for {name}. NE05", name=name), name)
    elif not naming and times > (promise.day == last_day):
        asked = Sentence("Does the letter speak of {name}? It stands in it under no such name. NE04", name=name)
        yield Finding(code="promise_renamed", level=Level.LOW, sentence=asked, excerpt=name)
    elif not naming and promise.is_hinted_at([each.text for each in said]):
        yield _heavy("deadline_left_out", undated, name)
    elif not naming:
        yield _heavy("promise_left_out", Sentence("The letter does not mention {name}. NE04", name=name), name)


def _is_swapped(promise: Promise, said: Said) -> bool:
    """Whether "X by the 11th and Y by the 28th" gives X the day of Y."""
    days = [mention for mention in said.mentions if mention.sure]
    if len(days) != len(said.promises) or len(days) < 2:  # noqa: PLR2004 - a pair
        return False
    mine = days[said.promises.index(promise)]
    return not mine.means(promise.day) and any(mine.means(each.day) for each in said.promises)


def _strange_days(said: Sequence[Said], facts: NoticeFacts, words: FigureWords, told: set[str]) -> Iterator[Finding]:
    """A day that no fact knows: wrong where it stands for one that they know, else a question."""
    language = language_for(facts.language)
    days = [each.day for each in promises_of(facts)] + [day for _, day in facts.their_tasks]
    days += [each for each in (facts.last_day, facts.told_on) if each]
    due = mentions_in(facts.amounts_owed, language)
    quoted = [*due, *mentions_in(f"{facts.reason}\n{facts.referrals}\n{facts.clause}", language)]
    owed = frozenset(words.sums_in(facts.amounts_owed))
    for each in said:
        for mention in each.mentions:
            is_known = any(map(mention.means, days)) or any(map(mention.agrees, quoted))
            if is_known or not mention.sure or mention.words in told:
                continue
            if _stands_for_another(each, said, due, owed):
                sentence = "The facts name another day for this. Correct it, or correct the facts. NE05"
                yield _heavy("wrong_date", sentence, mention.words)
            else:
                sentence = "No fact knows this day. Is it right?"
                yield Finding(code="unknown_date", level=Level.LOW, sentence=sentence, excerpt=mention.words)


def _stands_for_another(said: Said, others: Sequence[Said], due: Sequence[Mention], owed: frozenset[Sum]) -> bool:
    for promise in said.promises:
        naming = [each for each in others if promise in each.promises]
        if not any(each.names(promise.day) for each in naming):
            return True
    is_about_money = bool(said.sums & owed) and bool(due)
    return is_about_money and not any(mention.agrees(other) for mention in said.mentions for other in due)


def _sum_findings(said: Sequence[Said], facts: NoticeFacts, words: FigureWords) -> Iterator[Finding]:
    owed = words.sums_in(facts.amounts_owed)
    named = " ".join(promise.name for promise in promises_of(facts))
    written = {each: quote for sentence in said for each, quote in words.sums_in(sentence.text).items()}
    known = {*owed, *_totals(owed), *words.sums_in(f"{facts.reason} {facts.clause} {facts.referrals} {named}")}
    spelled = {each for sentence in said for each in spelled_sums_in(sentence.text, words.numbers)}
    for each, quote in written.items():
        is_rounded = each in spelled and _whole(each) in map(_whole, known)
        if each not in known and not is_rounded:
            sentence = "This sum is none of the amounts owed. Correct it, or correct the facts. NE06"
            yield _heavy("wrong_amount", sentence, quote)
    bare = frozenset(number for sentence in said for number in numbers_in(sentence.text))
    for (currency, value), quote in owed.items():
        if (currency, value) in written or value in bare or _totals(owed) & written.keys():
            continue
        if any(has_sum_in_words(sentence.text) for sentence in said):
            sentence = "A sum stands here in words that we can't read to the cent. Is it this one? NE06"
            yield Finding(code="amount_in_words", level=Level.LOW, sentence=sentence, excerpt=quote)
        else:
            yield _heavy("amount_left_out", "This sum is owed, but the letter does not name it. NE06", quote)


def _whole(each: Sum) -> Sum:
    """Without cents: "twelve hundred fifty euros" may leave them out, or say them in other words."""
    return each[0], Decimal(int(each[1]))


def _totals(owed: Iterable[Sum]) -> set[Sum]:
    """All sums of a currency together: a letter may name them as one."""
    totals: dict[str, Decimal] = {}
    for currency, value in owed:
        totals[currency] = totals.get(currency, Decimal(0)) + value
    return set(totals.items())


def _quoted(facts: NoticeFacts) -> tuple[str, ...]:
    named = [facts.clause, facts.client_name, facts.company_name]
    named += [name for name, _ in (*facts.deliverables, *facts.handovers)]
    return tuple(dict.fromkeys(one_line(each) for each in named if one_line(each)))


def _is_quoted(mention: Mention, sentence: str, quoted: Sequence[str]) -> bool:
    """Part of a clause or a name, such as "Clause 7.2.2026" or "Report 1 May": no day of the letter's own."""
    for words in quoted:
        place = sentence.rfind(words, 0, mention.start + len(words))
        if 0 <= place <= mention.start and mention.end <= place + len(words):
            return True
    return False


def _heavy(code: str, sentence: str, excerpt: str = "") -> Finding:
    return Finding(code=code, level=Level.HIGH, sentence=sentence, excerpt=excerpt)
