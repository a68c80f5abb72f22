"""The sums that a text names: €1,200, 1.200,50 euro, EUR 1 200, 1200 kr, "1 200:-".

Every pattern is bounded and starts where a number starts, so that the work grows with the text and not faster.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, TypeAlias

Sum: TypeAlias = tuple[str, Decimal]

_CURRENCIES: Final = {
    "\N{EURO SIGN}": "EUR", "euro": "EUR", "euros": "EUR", "\N{POUND SIGN}": "GBP", "pound": "GBP", "pounds": "GBP",
    "pond": "GBP", "pund": "GBP", "lliures": "GBP", "$": "USD", "dollar": "USD", "dollars": "USD",
    "d\N{LATIN SMALL LETTER O WITH GRAVE}lars": "USD", "kr": "SEK", "krona": "SEK", "kronor": "SEK", "kronen": "SEK",
    "corones": "SEK", "franc": "CHF", "francs": "CHF", "frank": "CHF", "franken": "CHF",
}  # fmt: skip
_CODES = ("EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "CAD", "AUD", "PLN", "CZK")
_WORDS = "|".join(sorted((each for each in (*_CURRENCIES, *_CODES) if each.isalpha()), key=len, reverse=True))
_SIGN = rf"(?:[\u20ac\u00a3$]|\b(?:{_WORDS})\b)"
_THOUSANDS = r"\d{1,3}(?:[ \u00a0\u202f.,'\u2019]\d{3}(?!\d)){1,4}"
_NUMBER = rf"(?<!\d)(?<!\d[.,])(?:{_THOUSANDS}|\d{{1,12}})(?:[.,]\d{{1,2}})?(?!\d)(?:[,.:][-\u2013])?"
_CENTS = r"(?:\s(?:and|en|amb|i|och)\s(?P<cents>\d{1,2})\s(?:cents?|c\u00e8ntims?|pence|\u00f6re))?"
_SUM = re.compile(
    rf"(?P<before>{_SIGN})[ \u00a0\u202f]?(?P<after_sign>{_NUMBER})"
    rf"|(?P<before_sign>{_NUMBER})[ \u00a0\u202f]?(?P<after>{_SIGN})(?![ \u00a0\u202f]?\d){_CENTS}",
    re.IGNORECASE,
)
_BARE = re.compile(_NUMBER)
_IN_WORDS = re.compile(rf"[^\W\d_]{{3,40}}[ \u00a0](?:{_WORDS})\b", re.IGNORECASE)
_DECIMALS = re.compile(r"[.,](\d{1,2})$")


def sums_in(text: str) -> dict[Sum, str]:
    """Every sum with a currency, as (ISO 4217 code, value), and the words that it was written in."""
    found: dict[Sum, str] = {}
    for match in _SUM.finditer(text):
        sign = match["before"] or match["after"]
        value = _value(match["after_sign"] or match["before_sign"]) + Decimal(match["cents"] or 0) / 100
        found.setdefault((currency_of(sign), value), match.group())
    return found


def currency_of(word: str) -> str:
    """The ISO 4217 code of "euros", "kronor", "EUR"; empty for any other word."""
    return _CURRENCIES.get(word.casefold(), word.upper() if word.upper() in _CODES else "")


def numbers_in(text: str) -> frozenset[Decimal]:
    """Every number, whether or not a currency stands beside it."""
    return frozenset(_value(match.group()) for match in _BARE.finditer(text))


def has_sum_in_words(text: str) -> bool:
    """Whether a currency follows a word rather than digits: "a few hundred euros"."""
    return _IN_WORDS.search(text) is not None


def _value(number: str) -> Decimal:
    """1,200 and 1.200 and 1 200,00 are the same sum."""
    plain = number.rstrip("-\N{EN DASH}:,.")
    decimals = _DECIMALS.search(plain)
    whole = plain[: decimals.start()] if decimals else plain
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{decimals[1]}" if decimals else digits)
