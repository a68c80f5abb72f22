"""The client's language beyond the letter: words of its lists, sums, and short texts to send or to say.

They stand beside the letter, in `templates/<language>/words.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from rules.notices.address import FORMS, Voice, address_for
from rules.notices.draft import (
    DEFAULT_LANGUAGE,
    language_for,
    languages,
    locale_for,
    one_line,
    phrases_of,
    written,
)
from rules.partings import belongings
from rules.partings.belongings import Debtor
from rules.partings.parting import Parting


def language_names() -> dict[str, str]:
    """The languages that clients are written to, each by its own name; our own way to speak, English, first."""
    names = {code: str(phrases_of(code)["language"]["name"]) for code in languages()}
    return {DEFAULT_LANGUAGE: names.pop(DEFAULT_LANGUAGE), **names}


def missing_language(code: str) -> str:
    """The English name of a client's language that nobody has written letters in; empty where there are some."""
    base = code.replace("_", "-").split("-")[0].casefold()
    if base in languages() or not base:
        return ""
    return str(Locale(DEFAULT_LANGUAGE).languages.get(base, code))


def handed_over(voice: Voice) -> Mapping[str, str]:
    """What a letter calls the things that are handed over, by the code of their task."""
    language = language_for(voice.language)
    place = FORMS[language].index(address_for(language, voice.address))
    forms = phrases_of(language)["handed_over"]
    return {code: said if isinstance(said, str) else said[place] for code, said in forms.items()}


def theirs_to_do(code: str) -> Mapping[str, str]:
    """What a letter asks of the client, by the code of their task (HO02)."""
    return phrases_of(language_for(code))["theirs_to_do"]


def as_it_is(code: str, name: str) -> str:
    """A deliverable that is handed over unfinished."""
    return phrase(code, "as_it_is").replace("{name}", name)


def invoice_name(code: str, number: str) -> str:
    """What a letter calls an invoice: "Factuur 2026-118"; a number that says so itself stays as it is."""
    titled = phrase(code, "invoice").replace("{number}", one_line(number))
    word = titled.split()[0].casefold()
    return one_line(number) if word in number.casefold() else titled


def owed(voice: Voice, name: str, sum_and_day: tuple[Decimal, str, date], *, by_us: bool) -> str:
    """One sum that is owed, as a letter says it; `sum_and_day` is the value, its currency, and when it is due."""
    value, currency, due_on = sum_and_day
    amount = money(value, currency, voice.language)
    return written(voice, "owed", name=name, amount=amount, day=due_on, by_us=by_us).strip()


def money(value: Decimal, currency: str, code: str) -> str:
    """A sum as the client writes it, a whole one without cents; `currency` is an ISO 4217 code."""
    locale = locale_for(code)
    pattern = locale.currency_formats["standard"].pattern
    if value != value.to_integral_value():
        return format_currency(value, currency, locale=locale)
    return format_currency(value, currency, pattern.replace(".00", ""), locale=locale, currency_digits=False)


def phrase(code: str, name: str) -> str:
    """A short phrase of the client's language."""
    return str(phrases_of(language_for(code))["phrases"][name])


def owed_in_words(voice: Voice, parting: Parting) -> str:
    """As the letter says it, in the client's language; "none" when all is settled."""
    left = belongings.open_sums(parting.sums)
    said = [
        owed(voice, each.what, (each.amount, each.currency, each.due_on), by_us=each.debtor is Debtor.WE)
        for each in left
    ]
    return "; ".join(said) or belongings.NOTHING_OWED
