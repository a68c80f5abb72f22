"""When the next unasked message may go out: at most three a week, one a day, never in quiet hours (D13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.nudges.nudge import Wishes

MOST_A_WEEK: Final = 3
# The last place of a week is kept for what others wait for.
MOST_ORDINARY: Final = 2
WEEK_DAYS: Final = 7
SATURDAY: Final = 5


def next_open(moment: datetime, wishes: Wishes, timezone: str) -> datetime:
    """The first moment from then on that lies in no quiet hours, in UTC."""
    zone = _zone(timezone)
    opens = moment.astimezone(zone)
    while later := _open_from(opens, wishes):
        # Where the clocks skip that time, it is the moment after the gap.
        opens = later.astimezone(UTC).astimezone(zone)
    return opens.astimezone(UTC)


def next_allowed(
    moment: datetime, told_at: Sequence[datetime], wishes: Wishes, timezone: str, *, pressing: bool
) -> datetime:
    """The first moment from then on at which one more message is allowed, in UTC. `told_at`: oldest first."""
    zone = _zone(timezone)
    most = MOST_A_WEEK if pressing else MOST_ORDINARY
    frees = [_next_day(told, zone) for told in told_at[-1:]]
    if len(told_at) >= most:
        frees.append(_week_later(told_at[-most], zone))
    return next_open(max(moment, *frees) if frees else moment, wishes, timezone)


def _next_day(moment: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def _week_later(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same time of day there, but never less than seven whole days, whatever the clocks do."""
    local = moment.astimezone(zone) + timedelta(days=WEEK_DAYS)
    return max(local.astimezone(UTC), moment + timedelta(days=WEEK_DAYS))


def _open_from(local: datetime, wishes: Wishes) -> datetime | None:
    """When the quiet hours around this moment end (perhaps into others); None outside of them."""
    if wishes.quiet_weekends and local.weekday() >= SATURDAY:
        return _at(local, time(0), days=WEEK_DAYS - local.weekday())
    begins, ends, at = wishes.quiet_from, wishes.quiet_until, local.time()
    if begins < ends:
        return _at(local, ends) if begins <= at < ends else None
    if begins > ends and at >= begins:
        return _at(local, ends, days=1)
    return _at(local, ends) if begins > ends and at < ends else None


def _at(local: datetime, at: time, days: int = 0) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), at, local.tzinfo)


def _zone(timezone: str) -> ZoneInfo:
    """Slack's word; where it is none that we know, UTC."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class Snooze(StrEnum):
    """How long somebody does not want to hear of it."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


def snoozed_until(moment: datetime, snooze: Snooze, timezone: str) -> datetime:
    """The beginning of the next day there, or of the next Monday; quiet hours come on top."""
    local = moment.astimezone(_zone(timezone))
    days = 1 if snooze is Snooze.TOMORROW else WEEK_DAYS - local.weekday()
    return _at(local, time(0), days=days).astimezone(UTC)
