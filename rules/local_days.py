"""Local days: a signal's date is that of the workspace's time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def is_timezone(name: str) -> bool:
    return name in _timezones()


@cache
def _timezones() -> frozenset[str]:
    """Read once: they are looked for in a thousand files."""
    return frozenset(available_timezones())


def local_day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()


def local_time(moment: datetime, timezone: str) -> datetime:
    """The same moment as clocks there show it."""
    return moment.astimezone(ZoneInfo(timezone))


def at_local_time(on: date, timezone: str, at: time) -> datetime:
    return datetime.combine(on, at, ZoneInfo(timezone))


def next_daily(now: datetime, timezone: str, at: time) -> datetime:
    """The next time that clocks there show `at`."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, at, zone)
    return moment if moment > now else datetime.combine(today + timedelta(days=1), at, zone)


def next_weekly(now: datetime, timezone: str, weekday: int, at: time) -> datetime:
    """The next such weekday (0 is Monday) on which clocks there show `at`."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    moment = datetime.combine(today + timedelta(days=(weekday - today.weekday()) % 7), at, zone)
    return moment if moment > now else datetime.combine(moment.date() + timedelta(days=7), at, zone)


def last_weekly(now: datetime, timezone: str, weekday: int, at: time) -> datetime:
    """The newest such weekday, this moment included, on which clocks there showed `at`."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    moment = datetime.combine(today - timedelta(days=(today.weekday() - weekday) % 7), at, zone)
    return moment if moment <= now else datetime.combine(moment.date() - timedelta(days=7), at, zone)


def day_time(day: date, timezone: str) -> datetime:
    """Noon of a day on which only the day is known."""
    return datetime.combine(day, time(12), ZoneInfo(timezone))


def month_end(month: date) -> date:
    """The last day of the month that a day lies in."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def sunday_of(day: date) -> date:
    """The last day of the ISO week that a day lies in."""
    return day + timedelta(days=6 - day.weekday())
