"""When somebody was away: five working days in a row by their own calendar, and one visit is one (AF, D13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.clients.people import Member
from rules.health.days.away import Changed, in_order, visited
from rules.health.score import Band

FRIDAY = datetime(2026, 10, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def member(visited_at: datetime | None = None, timezone: str = "UTC") -> Member:
    return Member(
        id="U1",
        workspace_id="T1",
        team_id="T1",
        name="Mia",
        fetched_at=FRIDAY,
        visited_at=visited_at,
        timezone=timezone,
    )


@pytest.mark.parametrize(
    ("country", "timezone", "back", "was_away"),
    [
        ("", "UTC", datetime(2026, 11, 6, 9, tzinfo=UTC), False),  # Monday to Thursday lie between
        ("", "UTC", datetime(2026, 11, 7, 9, tzinfo=UTC), True),  # and Friday too
        ("ES-MD", "UTC", datetime(2026, 11, 7, 9, tzinfo=UTC), False),  # All Saints on Monday the second, in Madrid
        ("ES-MD", "UTC", datetime(2026, 11, 10, 9, tzinfo=UTC), True),  # the ninth is the fifth one there
        ("", "America/Los_Angeles", datetime(2026, 11, 7, 5, tzinfo=UTC), False),  # still Friday evening there
    ],
)
def test_five_working_days_between_two_visits(country: str, timezone: str, back: datetime, *, was_away: bool) -> None:
    """Holidays and weekends are nobody's absence."""
    here = visited(member(visited_at=FRIDAY, timezone=timezone), back, country)

    assert (here.away_since, here.visited_at) == (FRIDAY if was_away else None, back)


def test_it_is_gone_on_the_next_visit_and_not_within_one() -> None:
    """Slack tells of each opened tab, and sometimes twice: that is one visit. Whoever is new was never away."""
    first = visited(member(), FRIDAY, "")
    back = FRIDAY + timedelta(days=20)
    came = visited(first, back, "")
    seen = [visited(came, back + after, "").away_since for after in (timedelta(0), HOUR / 2, HOUR, HOUR * 3)]

    assert (first.away_since, seen) == (None, [FRIDAY, FRIDAY, None, None])


def test_what_became_worse_comes_first_and_what_did_not_change_not_at_all() -> None:
    """Act now, then the worst fall, then the others; a rise is good news and waits."""
    found = in_order(
        [
            Changed(client_id="5", client_name="Noted", notes={"late_payment": 2}),
            Changed(client_id="6", client_name="Same"),
            Changed(client_id="4", client_name="Rose", was=Band.AMEND, now=Band.WATCH),
            Changed(client_id="3", client_name="Fell", was=Band.HEALTHY, now=Band.WATCH),
            Changed(client_id="2", client_name="Fell far", was=Band.HEALTHY, now=Band.CONSIDER),
            Changed(client_id="1", client_name="Abused", acts_now=True),
        ]
    )

    assert [each.client_id for each in found] == ["1", "2", "3", "4", "5"]
