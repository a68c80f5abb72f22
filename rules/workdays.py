"""Working days of a country or one of its regions, counted with their arithmetic in words.

`country` is an ISO 3166-1 code everywhere here, or an ISO 3166-2 one with its region: "ES", "ES-CT", "GB-SCT".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rules.sentences import Sentence

DAY = timedelta(days=1)
DEFAULT_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A day and the words that say how it came about."""

    day: date
    arithmetic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    weekend: frozenset[int]
    holidays: Mapping[date, str]


def is_working(day: date, country: str) -> bool:
    """For an unknown or empty country only weekends are free; an unknown region has the days of its country."""
    year = _year(country.upper(), day.year)
    return day.weekday() not in year.weekend and day not in year.holidays


def is_known(country: str) -> bool:
    """Whether its holidays are known; with a region, whether those of that region are."""
    code, _, region = country.upper().partition("-")
    return code in _known_countries() and (not region or region in _known_countries()[code])


def country_of(country: str) -> str:
    """The country without its region: "ES-CT" is in "ES"."""
    return country.upper().partition("-")[0]


def free_day(day: date, country: str) -> str:
    """Why nobody works on that day, by its name; empty for a working day."""
    if is_working(day, country):
        return ""
    return _year(country.upper(), day.year).holidays.get(day, Sentence("a {day:%A}", day=day))


def count_forward(start: date, working_days: int, country: str) -> Counted:
    """So many working days after `start`; with 0 the first working day from `start` on."""
    return _count(start, working_days, country, DAY)


def count_back(last_day: date, working_days: int, country: str) -> Counted:
    """So many working days before `last_day`; with 0 the last working day up to `last_day`."""
    return _count(last_day, working_days, country, -DAY)


def day_name(day: date) -> str:
    """A day as our own people read it: `Mon 30 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _count(start: date, working_days: int, country: str, step: timedelta) -> Counted:
    reached, free = start, []
    steps = [step] * working_days or [0 * step]
    for each in steps:
        reached += each
        while not is_working(reached, country):
            free.append(reached)
            reached += step
    direction = "after" if step > timedelta() else "before"
    counted = f"{_how_many(working_days)} {direction} {day_name(start)}"
    if not working_days:
        counted = Sentence(
            "working day {what} {day_name}", what="up to" if direction == "before" else "from", day_name=day_name(start)
        )
    return Counted(day=reached, arithmetic=f"{counted}: {day_name(reached)}{_left_out(free, country)}")


def _how_many(working_days: int) -> str:
    return (
        "1 working day"
        if working_days == 1
        else Sentence("{count} working day", "{count} working days", count=working_days)
    )


def _left_out(free: list[date], country: str) -> str:
    named = [f"{name} ({day_name(day)})" for day in sorted(free) if (name := _holiday(day, country))]
    weekend = len(free) - len(named)
    parts = [Sentence("{weekend} weekend day{what}", weekend=weekend, what="s" * (weekend > 1))] * bool(weekend) + named
    return Sentence(", leaving out {parts}", parts=", ".join(parts)) if parts else ""


def _holiday(day: date, country: str) -> str:
    year = _year(country.upper(), day.year)
    return "" if day.weekday() in year.weekend else year.holidays.get(day, "")


@cache
def _known_countries() -> Mapping[str, frozenset[str]]:
    """Each country with its regions."""
    import holidays  # noqa: PLC0415 - 4 MB, of use where somebody counts working days

    known = holidays.list_supported_countries(include_aliases=False)
    return {country: frozenset(regions) for country, regions in known.items()}


@cache
def _year(country: str, year: int) -> _Year:
    """One finished year: the library's own calendars grow while they are read, which threads must not share."""
    import holidays  # noqa: PLC0415 - as above

    code, _, region = country.partition("-")
    if not is_known(code):
        return _Year(weekend=DEFAULT_WEEKEND, holidays={})
    calendar = holidays.country_holidays(
        code, subdiv=region if is_known(country) and region else None, years=year, expand=False
    )
    return _Year(weekend=frozenset(calendar.weekend), holidays=dict(calendar))
