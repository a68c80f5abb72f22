"""Days, months, sums and hours as other programs write them, read only where there is one way to read them.

`01/03/2026` is the first of March or the third of January: another day of the same list tells which, or a person does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache

from babel import Locale

from rules.errors import InvalidError
from rules.sentences import Sentence

LANGUAGES = ("en", "nl", "ca", "sv", "de", "fr", "es")
CENTURY = 2000
MONTHS = 12
MINUTES = 60
_NUMERIC = re.compile(r"^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$")
_NAMED = re.compile(
    r"^(?:(\d{1,2})\.?\s+(?:de |d')?)?([^\W\d_]{3,})\.?,?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,)?\s+(?:de )?(\d{4})$"
)
_NAMED_SHORT = re.compile(r"^(\d{1,2})[- ]([^\W\d_]{3,})\.?[- ](\d{4})$")
_MONTH = re.compile(r"^(?:(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4}))$")
_CLOCK = re.compile(r"^(\d+):([0-5]\d)(?::([0-5]\d))?$")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})


class DayOrder(StrEnum):
    """Which comes first where days are written in digits."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def is_in_digits(text: str) -> bool:
    """Whether this is a day whose order matters: `31-12-2026`, and not `2026-12-31`."""
    return _NUMERIC.match(text.translate(_SPACES).strip()) is not None


def told_order(text: str) -> DayOrder | None:
    """What one day tells. Where points stand between its numbers, the day is first everywhere."""
    found = _NUMERIC.match(text.translate(_SPACES).strip())
    if found is None:
        return None
    first, sign, second = int(found[1]), found[2], int(found[3])
    if first > MONTHS or sign == ".":
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > MONTHS else None


def read_day(text: str, order: DayOrder | None = None) -> date:
    """The day, or an `InvalidError` that says what to write instead. A time of the day is left aside."""
    plain = " ".join(text.translate(_SPACES).split())
    try:
        return datetime.fromisoformat(plain).date()
    except ValueError:
        pass
    numeric = _NUMERIC.match(plain)
    if numeric:
        return _numeric(plain, int(numeric[1]), int(numeric[3]), int(numeric[4]), order)
    named = _NAMED.match(plain.casefold()) or _NAMED_SHORT.match(plain.casefold())
    month = _month_names().get(named[2]) if named else None
    day = (named[1] or (named[3] if named.re is _NAMED else "")) if named else ""
    if named and month and day:
        return _made(plain, int(named[named.lastindex or 0]), month, int(day))
    raise _unsure(plain)


def with_days(cells: Mapping[str, str], order: DayOrder | None, days: Collection[str]) -> dict[str, str]:
    """Days as we write them; what only looks like one, such as an invoice's number, stays as it is."""
    return {name: _with_day(cell, order) if name in days else cell for name, cell in cells.items()}


def read_month(text: str, order: DayOrder | None = None) -> date:
    """The first of the month that a text names, or that the day in it lies in."""
    plain = " ".join(text.translate(_SPACES).split())
    found = _MONTH.match(plain)
    if found:
        year, month = (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))
        return _made(plain, year, month, 1)
    named = _NAMED.match(plain.casefold())
    if named and not named[1] and not named[3] and named[2] in _month_names():
        return _made(plain, int(named[4]), _month_names()[named[2]], 1)
    return read_day(plain, order).replace(day=1)


def read_sum(text: str) -> Decimal | None:
    """The number in a sum of money, whatever its currency and marks; None where there is none.

    The last mark is the decimal one, unless three digits follow: sums have no tenths of cents.
    """
    plain = text.translate(_SPACES)
    digits = re.search(r"\d[\d .,']*", plain)
    if digits is None:
        return None
    number = digits[0].rstrip(" .,'")
    is_negative = "-" in plain or plain.strip().startswith("(")
    whole, mark, rest = _split_at_last_mark(number)
    value = Decimal(_only_digits(whole) + ("." + rest if mark else "")) if whole or rest else None
    return -value if value is not None and is_negative else value


def read_hours(text: str) -> Decimal:
    """`41.5`, `41,5`, `41:30`, `01:30:00`: hours, or an `InvalidError` that says what to write."""
    plain = text.translate(_SPACES).strip().removesuffix("h").strip()
    clock = _CLOCK.match(plain)
    if clock:
        return Decimal(clock[1]) + Decimal(int(clock[2]) * MINUTES + int(clock[3] or 0)) / (MINUTES * MINUTES)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return Decimal(plain.replace(",", "."))
    raise InvalidError(Sentence("“{text}” is no number of hours. Write 41.5 or 41:30.", text=text[:40]))


def whole_hours(hours: Decimal) -> int:
    return int(hours.quantize(Decimal(1), ROUND_HALF_UP))


def _split_at_last_mark(number: str) -> tuple[str, str, str]:
    at = max(number.rfind("."), number.rfind(","))
    rest = number[at + 1 :]
    thousands = 3
    if at < 0 or len(rest) == thousands or not rest.isdigit():
        return number, "", ""
    return number[:at], number[at], rest


def _only_digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit()) or "0"


def _numeric(text: str, first: int, second: int, year: int, order: DayOrder | None) -> date:
    known = order or told_order(text) or (DayOrder.DAY_FIRST if first == second else None)
    if known is None:
        raise InvalidError(
            Sentence(
                "“{text}” can be read in two ways. Say which comes first with --dates dmy or --dates mdy.", text=text
            )
        )
    day, month = (first, second) if known is DayOrder.DAY_FIRST else (second, first)
    return _made(text, year if year >= 100 else CENTURY + year, month, day)  # noqa: PLR2004 - two digits


def _made(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _unsure(text) from None


def _unsure(text: str) -> InvalidError:
    return InvalidError(
        Sentence("“{text}” is no date that we are sure of. Write year-month-day: 2026-03-31.", text=text[:40])
    )


@cache
def _month_names() -> dict[str, int]:
    """Every name of a month, long and short, in the languages of the programs that we know."""
    forms = [Locale(language).months[context] for language in LANGUAGES for context in ("format", "stand-alone")]
    named = [each for form in forms for width in ("wide", "abbreviated") for each in form[width].items()]
    return {
        name.casefold().translate(_SPACES).rstrip(".").removeprefix("de ").removeprefix("d'"): number
        for number, name in named
    }


def _with_day(cell: str, order: DayOrder | None) -> str:
    """A day that can be read in one way; a moment keeps its time."""
    if ":" in cell or (order is None and is_in_digits(cell)):
        return cell
    try:
        return read_day(cell, order).isoformat()
    except InvalidError:
        return cell
