"""The client's language beyond the letter: words of its lists, sums, and short texts to send or to say.

They stand beside the letter, in `templates/<language>/words.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, reduce
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from rules.notices.draft import DEFAULT_LANGUAGE, language_for, languages, locale_for, one_line


def language_names() -> dict[str, str]:
    """The languages that clients are written to, each by its own name; our own way to speak, English, first."""
    names = {code: _words(code)["language"]["name"] for code in languages()}
    return {DEFAULT_LANGUAGE: names.pop(DEFAULT_LANGUAGE), **names}


def missing_language(code: str) -> str:
    """The English name of a client's language that nobody has written letters in; empty where there are some."""
    base = code.replace("_", "-").split("-")[0].casefold()
    if base in languages() or not base:
        return ""
    return str(Locale(DEFAULT_LANGUAGE).languages.get(base, code))


def handed_over(code: str) -> Mapping[str, str]:
    """What a letter calls the things that are handed over, by the code of their task."""
    return _words(language_for(code))["handed_over"]


def as_it_is(code: str, name: str) -> str:
    """A deliverable that is handed over unfinished."""
    return _words(language_for(code))["phrases"]["as_it_is"].replace("{name}", name)


def owed(code: str, name: str, sum_and_day: tuple[Decimal, str, date], *, by_us: bool) -> str:
    """One sum that is owed, as a letter says it; `sum_and_day` is the value, its currency, and when it is due."""
    value, currency, due_on = sum_and_day
    phrase = _words(language_for(code))["phrases"]["we_owe" if by_us else "they_owe"]
    day = format_date(due_on, format="long", locale=locale_for(code))
    words = {"{name}": one_line(name), "{amount}": money(value, currency, code), "{day}": day}
    # Names are people's words: they are put in last, so that no brace in them is filled.
    return reduce(lambda text, key: text.replace(key, words[key]), ("{amount}", "{day}", "{name}"), phrase)


def money(value: Decimal, currency: str, code: str) -> str:
    """A sum as the client writes it; `currency` is an ISO 4217 code."""
    return format_currency(value, currency, locale=locale_for(code))


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    text = files("rules.notices").joinpath(f"templates/{language}/words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
