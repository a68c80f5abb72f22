"""The client's language beyond the letter: words of its lists, sums, and short texts to send or to say.

They stand beside the letter, in `templates/<language>/words.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.numbers import format_currency

from rules.notices.draft import DEFAULT_LANGUAGE, language_for, languages, locale_for


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


def money(value: Decimal, currency: str, code: str) -> str:
    """A sum as the client writes it; `currency` is an ISO 4217 code."""
    return format_currency(value, currency, locale=locale_for(code))


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    text = files("rules.notices").joinpath(f"templates/{language}/words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
