"""Dates and amounts of a letter, held against its facts: exactly one last day, no sum that nobody knows (NE04-NE07)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names

from rules.notices.draft import Finding, Level, language_for, one_line
from rules.notices.notice import NoticeFacts
from rules.sentences import Sentence

CURRENCIES = {"\N{EURO SIGN}": "EUR", "\N{POUND SIGN}": "GBP", "$": "USD", "kr": "SEK"}
_SIGN = r"(?P<{name}>\N{{EURO SIGN}}|\N{{POUND SIGN}}|\$|\b(?:EUR|GBP|USD|CHF|SEK|NOK|DKK|CAD|AUD|kr)\b)"
_NUMBER = r"(?P<{name}>(?:\d{{1,3}}(?:[ \u00a0\u202f.,']\d{{3}})+|\d+)(?:[.,]\d{{1,2}})?)(?![\d])"
AMOUNT = re.compile(
    f"{_SIGN.format(name='before')}\\s?{_NUMBER.format(name='after_sign')}"
    f"|{_NUMBER.format(name='before_sign')}\\s?{_SIGN.format(name='after')}(?!\\s?\\d)",
)
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?!\d)")
# Catalan months come with their article: "de gener", "d'abril".
_D = "d['\N{RIGHT SINGLE QUOTATION MARK}]"
OF = re.compile(f"^(?:de |{_D})")
DECIMALS = re.compile(r"[.,](\d{1,2})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A date in a text. `year` is None when none is written; `other` is its second reading (3/4 and 4/3)."""

    start: int
    words: str
    year: int | None
    month: int
    day: int
    other: tuple[int, int] | None = None

    def means(self, day: date) -> bool:
        readings = {(self.month, self.day), self.other}
        return (day.month, day.day) in readings and self.year in {None, day.year}

    def agrees(self, other: Mention) -> bool:
        same_day = {(self.month, self.day), self.other} & {(other.month, other.day), other.other} - {None}
        return bool(same_day) and (self.year is None or other.year in {None, self.year})


def figure_findings(text: str, facts: NoticeFacts, last_day_words: tuple[str, ...]) -> Iterator[Finding]:
    language = language_for(facts.language)
    mentions = [mention for mention in mentions_in(text, language) if not _is_quoted(mention, text, facts)]
    if facts.last_day is not None:
        yield from _last_day_findings(text, mentions, facts.last_day, last_day_words)
    yield from _promise_findings(text, mentions, facts)
    yield from _unknown_dates(mentions, facts, language)
    yield from _amount_findings(text, facts)


def mentions_in(text: str, language: str) -> list[Mention]:
    """Every date that the text names, in the order of the text."""
    found = [*_written_out(text, language), *_in_digits(text)]
    return sorted(found, key=lambda mention: mention.start)


def amounts_in(text: str) -> set[tuple[str, Decimal]]:
    """Every sum with a currency, as (currency, value)."""
    found = set()
    for match in AMOUNT.finditer(text):
        sign = match["before"] or match["after"]
        found.add((CURRENCIES.get(sign, sign), _value(match["after_sign"] or match["before_sign"])))
    return found


def _last_day_findings(text: str, mentions: list[Mention], last_day: date, words: tuple[str, ...]) -> Iterator[Finding]:
    if not any(mention.means(last_day) for mention in mentions):
        sentence = "The letter does not name the last day. NE07"
        yield Finding(code="missing_last_day", level=Level.HIGH, sentence=sentence)
    for mention in mentions:
        before = text[_clause_start(text, mention.start) : mention.start].casefold()
        if not mention.means(last_day) and any(word in before for word in words):
            sentence = "A letter has exactly one last day; this is another one."
            yield Finding(code="second_last_day", level=Level.HIGH, sentence=sentence, excerpt=mention.words)


def _clause_start(text: str, position: int) -> int:
    return max(text.rfind(mark, 0, position) for mark in (". ", "\n", "; ")) + 1


def _promise_findings(text: str, mentions: list[Mention], facts: NoticeFacts) -> Iterator[Finding]:
    lowered = text.casefold()
    for name, day in (*facts.deliverables, *facts.handovers):
        if one_line(name).casefold() not in lowered:
            sentence = Sentence("The letter does not mention {name}. NE04", name=name)
            yield Finding(code="missing_promise", level=Level.HIGH, sentence=sentence, excerpt=name)
        elif not any(mention.means(day) for mention in mentions):
            sentence = Sentence("The letter does not say until when {name} is promised. NE05", name=name)
            yield Finding(code="missing_deadline", level=Level.HIGH, sentence=sentence, excerpt=name)


def _unknown_dates(mentions: list[Mention], facts: NoticeFacts, language: str) -> Iterator[Finding]:
    days = [day for _, day in (*facts.deliverables, *facts.handovers)]
    days += [day for day in (facts.last_day, facts.told_on) if day is not None]
    quoted = mentions_in(f"{facts.amounts_owed}\n{facts.reason}\n{facts.referrals}", language)
    for mention in mentions:
        known = any(mention.agrees(other) for other in quoted)
        if not known and not any(mention.means(day) for day in days):
            sentence = "This date is none of the facts. Correct it, or correct the facts."
            yield Finding(code="unknown_date", level=Level.HIGH, sentence=sentence, excerpt=mention.words)


def _amount_findings(text: str, facts: NoticeFacts) -> Iterator[Finding]:
    owed = amounts_in(facts.amounts_owed)
    named = " ".join(name for name, _ in (*facts.deliverables, *facts.handovers))
    known = owed | amounts_in(f"{facts.reason} {facts.clause} {facts.referrals} {named}")
    written = amounts_in(text)
    for currency, value in sorted(written - known):
        sentence = "This sum is none of the amounts owed. Correct it, or correct the facts. NE06"
        yield Finding(code="wrong_amount", level=Level.HIGH, sentence=sentence, excerpt=f"{currency} {value}")
    for currency, value in sorted(owed - written):
        sentence = "This sum is owed, but the letter does not name it. NE06"
        yield Finding(code="missing_amount", level=Level.HIGH, sentence=sentence, excerpt=f"{currency} {value}")


def _is_quoted(mention: Mention, text: str, facts: NoticeFacts) -> bool:
    """Part of a clause or a name, such as "Clause 7.2.2026" or "Report 1 May": no date of the letter's own."""
    named = [facts.clause, facts.client_name, facts.company_name]
    named += [name for name, _ in (*facts.deliverables, *facts.handovers)]
    end = mention.start + len(mention.words)
    for words in {one_line(each) for each in named} - {""}:
        for match in re.finditer(re.escape(words), text):
            if match.start() <= mention.start and end <= match.end():
                return True
    return False


def _written_out(text: str, language: str) -> Iterator[Mention]:
    months, day_first, month_first = _month_patterns(language)
    for pattern in (day_first, month_first):
        for match in pattern.finditer(text):
            year = int(match["year"]) if match["year"] else None
            yield _mention(match, year, months[match["month"].casefold()], int(match["day"]))


def _in_digits(text: str) -> Iterator[Mention]:
    for match in ISO.finditer(text):
        yield _mention(match, int(match[1]), int(match[2]), int(match[3]))
    for match in NUMERIC.finditer(text):
        first, second = int(match[1]), int(match[3])
        mention = _mention(match, int(match[4]), second, first)
        yield Mention(
            start=mention.start, words=mention.words, year=mention.year, month=second, day=first, other=(first, second)
        )


def _mention(match: re.Match[str], year: int | None, month: int, day: int) -> Mention:
    return Mention(start=match.start(), words=match.group().strip(), year=year, month=month, day=day)


def _value(number: str) -> Decimal:
    """1,200 and 1.200 and 1 200,00 are the same sum."""
    decimals = DECIMALS.search(number)
    whole = number[: decimals.start()] if decimals else number
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{decimals[1]}" if decimals else digits).normalize()


@cache
def _month_patterns(language: str) -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Months by name, and how a day and a month stand together, with the month's name in its usual capitals."""
    months = {
        OF.sub("", name).rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }
    names = "|".join(
        sorted(
            {re.escape(name) for name in months} | {re.escape(name.title()) for name in months}, key=len, reverse=True
        )
    )
    month, year = rf"(?P<month>{names})\b\.?", r"(?:,?\s+(?:del?\s+)?(?P<year>\d{4})(?!\d))?"
    day_first = re.compile(rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+|{_D})?{month}{year}")
    month_first = re.compile(rf"\b{month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){year}")
    return {name.casefold(): number for name, number in months.items()}, day_first, month_first
