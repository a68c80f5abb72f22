"""The days of a parting for somebody's own calendar (RFC 5545). A calendar is seen by others: it names no client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from rules.partings.timeline import Timeline

FILE_NAME = "days.ics"
DAY = timedelta(days=1)


def calendar_file(parting_id: str, line: Timeline, checkpoints: Sequence[date], now: datetime) -> bytes:
    """All-day events. Each keeps its UID, so that a file taken later moves what an earlier one brought."""
    # Reading the library takes a while, and most people never ask for a calendar.
    from icalendar import Calendar, Event  # noqa: PLC0415 - read when it is needed

    calendar = Calendar()
    calendar.add("prodid", "-//Amicable//Days//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name, summary, on in _days(line, checkpoints):
        event = Event()
        event.add("uid", f"{parting_id}-{name}@amicable")
        event.add("dtstamp", now)
        event.add("dtstart", on)
        event.add("dtend", on + DAY)
        event.add("summary", summary)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _days(line: Timeline, checkpoints: Sequence[date]) -> Iterator[tuple[str, str, date]]:
    yield "talk", "A talk", line.talk_on
    for number, on in enumerate(checkpoints, start=1):
        yield f"checkpoint-{number}", "A look at how it goes", on
    yield "letter", "A letter goes out", line.letter_on
    yield "last-day", "Last day", line.last_day
