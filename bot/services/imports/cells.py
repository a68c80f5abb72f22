"""Cells of an imported file: what is read of each kind of cell, or the sentence that says what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import BeforeValidator

from rules.clients.client import NoticeUnit
from rules.errors import InvalidError
from rules.health.signal import NOTE_LENGTH, Severity, State
from rules.lists.notation import read_day, read_hours, read_month, whole_hours
from rules.sentences import Sentence
from rules.workdays import is_known

MOST_NUMBER: Final = 10_000
SHORT: Final = 200
FIRST_YEAR: Final = 1970
PERCENT: Final = 100
_HIDDEN: Final = frozenset({"Cc", "Cs"})
# An export puts an apostrophe before what a spreadsheet would take for a formula.
_FORMULA: Final = tuple("=+-@")
T = TypeVar("T")
_SAID: Final = MappingProxyType({"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False})


def clean(value: Any) -> str:
    """One spelling of each letter, line ends as ours, and no signs that nobody sees and databases refuse."""
    text = str(value)
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in _HIDDEN)
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _short(value: Any) -> str:
    text = " ".join(clean(value).split())
    if len(text) > SHORT:
        raise ValueError(
            Sentence(
                "it has {count} character and at most {short} fit. Shorten it",
                "it has {count} characters and at most {short} fit. Shorten it",
                count=len(text),
                short=SHORT,
            )
        )
    return text


def _long(value: Any) -> str:
    text = clean(value)
    if len(text) > NOTE_LENGTH:
        raise ValueError(
            Sentence(
                "it has {count} character and at most {note_length} fit. Shorten it",
                "it has {count} characters and at most {note_length} fit. Shorten it",
                count=len(text),
                note_length=NOTE_LENGTH,
            )
        )
    return text


def _several(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(filter(None, map(_short, value)))
    text = clean(value)
    return tuple(filter(None, map(_short, text.split(";" if ";" in text else ","))))


def _day(value: Any) -> date:
    return _plausible(_read(read_day, value))


def _read(reading: Callable[[str], T], value: Any) -> T:
    """With our fault in the way that a model hears of it; the sentence gets its full stop there."""
    try:
        return reading(clean(value))
    except InvalidError as error:
        raise ValueError(error.sentence.removesuffix(".")) from None


def _plausible(day: date) -> date:
    if day.year < FIRST_YEAR:
        raise ValueError(Sentence("the year {year:04} is hardly meant. Correct it", year=day.year))
    return day


def _moment(value: Any) -> date | datetime:
    """A day, or a day with its time; a time without its offset is the workspace's."""
    text = clean(value)
    try:
        moment = datetime.fromisoformat(text) if ":" in text else None
    except ValueError:
        moment = None
    if moment is None:
        return _day(text)
    _plausible(moment.date())
    return moment


def _month(value: Any) -> date:
    return _plausible(_read(read_month, value))


def _hours(value: Any) -> int:
    return _number(whole_hours(_read(read_hours, value)))


def _number(value: Any) -> int:
    text = clean(value)
    try:
        number = int(text)
    except ValueError:
        raise ValueError(
            Sentence("“{text}” is not a whole number. Write it in digits, rounded", text=text[:40])
        ) from None
    if not 0 <= number <= MOST_NUMBER:
        raise ValueError(
            Sentence(
                "{text} is out of bounds. Write a number from 0 to {most_number}",
                text=text[:40],
                most_number=MOST_NUMBER,
            )
        )
    return number


def _percent(value: Any) -> int:
    number = _number(clean(value).removesuffix("%").rstrip())
    if number > PERCENT:
        raise ValueError(
            Sentence("{number} is no share. Write a number from 0 to {percent}", number=number, percent=PERCENT)
        )
    return number


def _answer(value: Any) -> bool:
    said = _SAID.get(clean(value).casefold())
    if said is None:
        raise ValueError("the answer is yes or no. Write one of them")
    return said


def _language(value: Any) -> str:
    text = clean(value)
    try:
        return str(Locale.parse(text, sep="-" if "-" in text else "_")).replace("_", "-")
    except (ValueError, UnknownLocaleError):
        raise ValueError(
            Sentence("“{text}” is no code of a language. Write one such as en, nl or pt-BR", text=text[:40])
        ) from None


def _country(value: Any) -> str:
    code = clean(value).upper()
    if not is_known(code):
        raise ValueError(
            Sentence("“{code}” is no country that we know. Write its two letters, such as DE or US", code=code[:40])
        )
    return code


def _severity(value: Any) -> Severity:
    try:
        return Severity(clean(value).casefold())
    except ValueError:
        raise ValueError("a note is pink or red. Write one of them, or leave it empty") from None


def _state(value: Any) -> State:
    try:
        return State(clean(value).casefold())
    except ValueError:
        raise ValueError(Sentence("write one of {state}, or leave it empty", state=", ".join(State))) from None


def _unit(value: Any) -> NoticeUnit:
    try:
        return NoticeUnit(clean(value).casefold().replace(" ", "_"))
    except ValueError:
        raise ValueError(Sentence("write one of {noticeunit}", noticeunit=", ".join(NoticeUnit))) from None


def _link(value: Any) -> str:
    text = clean(value)
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(sign in text for sign in " <>|\n\t"):
        raise ValueError("this is no address of a page. Write one that begins with https://")
    return text


Short = Annotated[str, BeforeValidator(_short)]
Long = Annotated[str, BeforeValidator(_long)]
Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[date | datetime, BeforeValidator(_moment)]
Month = Annotated[date, BeforeValidator(_month)]
Number = Annotated[int, BeforeValidator(_number)]
Hours = Annotated[int, BeforeValidator(_hours)]
Percent = Annotated[int, BeforeValidator(_percent)]
Answer = Annotated[bool, BeforeValidator(_answer)]
Language = Annotated[str, BeforeValidator(_language)]
Country = Annotated[str, BeforeValidator(_country)]
OfSeverity = Annotated[Severity, BeforeValidator(_severity)]
OfState = Annotated[State, BeforeValidator(_state)]
OfUnit = Annotated[NoticeUnit, BeforeValidator(_unit)]
Link = Annotated[str, BeforeValidator(_link)]
