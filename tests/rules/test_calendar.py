"""The days of a parting as a calendar file: neutral words, private, and the same events when it is taken again."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from rules.partings.calendar import calendar_file
from rules.partings.timeline import Timeline

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
LINE = Timeline(
    talk_on=date(2026, 11, 30),
    letter_on=date(2026, 12, 1),
    received_on=date(2026, 12, 2),
    notice_ends_on=date(2027, 3, 2),
    last_day=date(2027, 3, 2),
)


def test_the_days_are_private_all_day_events_that_name_nobody() -> None:
    """A calendar is seen by colleagues and on shared screens: it says what, never about whom."""
    events = Calendar.from_ical(calendar_file("pt-1", LINE, [date(2026, 12, 14)], NOW)).walk("VEVENT")
    said = [(str(each["summary"]), each.decoded("dtstart"), str(each["class"])) for each in events]
    assert said == [
        ("A talk", date(2026, 11, 30), "PRIVATE"),
        ("A look at how it goes", date(2026, 12, 14), "PRIVATE"),
        ("A letter goes out", date(2026, 12, 1), "PRIVATE"),
        ("Last day", date(2027, 3, 2), "PRIVATE"),
    ]


def test_a_file_taken_again_moves_its_events() -> None:
    """RFC 5545 knows an event by its UID: a later file has the same ones."""
    first, again = (
        [str(each["uid"]) for each in Calendar.from_ical(calendar_file("pt-1", LINE, [], at)).walk("VEVENT")]
        for at in (NOW, NOW.replace(day=30, hour=17))
    )
    assert (first, len(set(first))) == (again, 3)
