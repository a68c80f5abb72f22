"""The days that a text names, in every notation of its language that people write.

31 December 2026, Dec 31st, 31 dec, 2026-12-31, 31-12-26, 31/12, "11 and 28 December", "den 31:a", "el dia 31".
Every pattern is bounded and starts at a word or a number, so that the work grows with the text and not faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeAlias

from babel.dates import get_month_names

Reading: TypeAlias = tuple[int | None, int | None, int]

_ISO = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})(?P<by>[./-])\s?(\d{1,2})(?P=by)\s?(\d{4}|\d{2})(?![\d/-])(?!\.\d)")
_PARTIAL = re.compile(r"(?<![\d./-])(\d{1,2})[/-](\d{1,2})(?![\d/-])(?!\.\d)")
_SUFFIX = r"(?:st|nd|rd|th|ste|de|er|\N{MASCULINE ORDINAL INDICATOR}|:?[aet\N{LATIN SMALL LETTER E WITH GRAVE}r]|\.)"
_ALONE = re.compile(
    r"(?:\b(?:the|de|den|el|dia|op|per|del|al)\s|\bl['\N{RIGHT SINGLE QUOTATION MARK}])"
    r"(\d{1,2})(?:(?:st|nd|rd|th|ste|de|:?[ae\N{LATIN SMALL LETTER E WITH GRAVE}])\b|(?=\s?[,.;:)!?](?!\d)|$))",
    re.IGNORECASE,
)
_JOINED = r"\s?(?:,|&|\+|-|\u2013|and|to|or|en|tot|i|o|al?|och|till|eller)\s?(?:the |de |den |el |l['\u2019]|on )?$"
_BEFORE = re.compile(rf"(?<![\d.,/-])(\d{{1,2}}){_SUFFIX}?" + _JOINED, re.IGNORECASE)
_LOOK_BACK = 24
# Catalan months come with their article: "de gener", "d'abril".
_OF = re.compile("^(?:de |d['\N{RIGHT SINGLE QUOTATION MARK}])")
_ALSO = {
    "en": {"sept": 9},
    "nl": {"mrt": 3, "sept": 9},
    "ca": {"gen": 1, "febr": 2, "abr": 4, "set": 9, "sept": 9, "oct": 10, "nov": 11, "des": 12},
    "sv": {"sept": 9},
}
# "We may 3 times": in small letters no month.
_NO_MONTH = {"en": "may"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A day in a text. Each reading is (year, month, day), None where it is not written: 3/4 has two of them.

    What is not `sure` ("the 31st", "24/7") may be no day at all: it counts where it fits and accuses nobody.
    """

    start: int
    words: str
    readings: frozenset[Reading]
    sure: bool = True

    @property
    def end(self) -> int:
        return self.start + len(self.words)

    def means(self, day: date) -> bool:
        return any(
            year in {None, day.year} and month in {None, day.month} and number == day.day
            for year, month, number in self.readings
        )

    def agrees(self, other: Mention) -> bool:
        return any(
            mine[2] == theirs[2] and _fits(mine[1], theirs[1]) and _fits(mine[0], theirs[0])
            for mine in self.readings
            for theirs in other.readings
        )


def mentions_in(text: str, language: str) -> list[Mention]:
    """Every day that the text names, in the order of the text; no two share a character."""
    found = [*_written_out(text, language), *_in_digits(text)]
    ordered = sorted(found, key=lambda each: (each.start, not each.sure, -each.end))
    kept: list[Mention] = []
    for mention in ordered:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _written_out(text: str, language: str) -> Iterator[Mention]:
    months, day_first, month_first = _month_patterns(language)
    for pattern in (day_first, month_first):
        for match in pattern.finditer(text):
            if match["month"] == _NO_MONTH.get(language):
                continue
            year, month = _year(match["year"]), months[match["month"].casefold()]
            readings = _valid((year, month, int(match["day"])))
            if readings:
                yield Mention(start=match.start(), words=match.group().rstrip(), readings=readings)
                yield from _sharing_the_month(text, match.start("day"), year, month)


def _sharing_the_month(text: str, end: int, year: int | None, month: int) -> Iterator[Mention]:
    """In "11, 14 and 28 December" the first two are days of December, too."""
    while before := _BEFORE.search(text[max(0, end - _LOOK_BACK) : end]):
        end = max(0, end - _LOOK_BACK) + before.start()
        yield from _mentioned(end, before[1], _valid((year, month, int(before[1]))), sure=False)


def _in_digits(text: str) -> Iterator[Mention]:
    for match in _ISO.finditer(text):
        yield from _mentioned(match.start(), match.group(), _valid((int(match[1]), int(match[3]), int(match[4]))))
    for match in _NUMERIC.finditer(text):
        first, second, last = match[1], match[3], match[4]
        is_number = match["by"] == "." and not (len(last) == len("2026") or len(first) == len(second) == len("12"))
        if not is_number:
            yield from _mentioned(match.start(), match.group(), _orders(int(first), int(second), last))
    for match in _PARTIAL.finditer(text):
        both = _valid((None, int(match[2]), int(match[1])), (None, int(match[1]), int(match[2])))
        yield from _mentioned(match.start(), match.group(), both, sure=False)
    for match in _ALONE.finditer(text):
        yield from _mentioned(match.start(1), match[1], _valid((None, None, int(match[1]))), sure=False)


def _orders(first: int, second: int, last: str) -> frozenset[Reading]:
    """31-12-2026, 12/31/2026, and, where the year has two digits, 26-12-31."""
    year = _year(last)
    readings: list[Reading] = [(year, second, first), (year, first, second)]
    if len(last) == len("26"):
        readings.append((2000 + first, second, int(last)))
    return _valid(*readings)


def _mentioned(start: int, words: str, readings: frozenset[Reading], *, sure: bool = True) -> Iterator[Mention]:
    if readings:
        yield Mention(start=start, words=words, readings=readings, sure=sure)


def _valid(*readings: Reading) -> frozenset[Reading]:
    return frozenset(each for each in readings if 1 <= each[2] <= 31 and (each[1] is None or 1 <= each[1] <= 12))  # noqa: PLR2004 - days and months


def _year(written: str | None) -> int | None:
    digits = (written or "").lstrip("'\N{RIGHT SINGLE QUOTATION MARK}")
    if not digits:
        return None
    return int(digits) if len(digits) > len("26") else 2000 + int(digits)


def _fits(mine: int | None, theirs: int | None) -> bool:
    return mine is None or theirs is None or mine == theirs


@cache
def _month_patterns(language: str) -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Months by name, and how a day and a month stand together."""
    months = {
        _OF.sub("", name).rstrip(".").casefold(): number
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context=context, locale=language).items()
    } | _ALSO.get(language, {})
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    apostrophe = "['\N{RIGHT SINGLE QUOTATION MARK}]"
    month = rf"(?P<month>{names})\b\.?"
    year = rf"(?:(?:,|\s?-|\sdel?|\sof)?\s?(?P<year>(?<!\d)\d{{4}}|{apostrophe}\d{{2}})(?!\d))?"
    day_first = rf"(?<![\d.,/-])(?P<day>\d{{1,2}}){_SUFFIX}?(?:\s|\s?-\s?)(?:of\s|de\s|d{apostrophe})?{month}{year}"
    month_first = rf"\b{month}\s(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){year}"
    return months, re.compile(day_first, re.IGNORECASE), re.compile(month_first, re.IGNORECASE)
