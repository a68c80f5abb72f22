"""What needs somebody goes up when it is left, and says what follows if nobody acts (design section 5, "Digest")."""

from __future__ import annotations

from datetime import date

import pytest

from rules.nudges.need import OTHERWISE, NeedKind, Reach, reach, working_days_left


@pytest.mark.parametrize(
    ("today", "reached"),
    [
        (date(2026, 2, 16), Reach.OWNER),  # its own day
        (date(2026, 2, 20), Reach.OWNER),  # four working days later
        (date(2026, 2, 23), Reach.DECIDERS),  # five
        (date(2026, 2, 27), Reach.DECIDERS),  # nine
        (date(2026, 3, 2), Reach.ADMINS),  # ten
        (date(2027, 3, 2), Reach.ADMINS),  # no further
    ],
)
def test_what_is_left_goes_to_those_who_decide_then_to_the_admins(today: date, reached: Reach) -> None:
    """A word, a lesson and a missing type are nobody else's matter, however old."""
    left = working_days_left(date(2026, 2, 16), today, "")

    assert reach(NeedKind.CHECKPOINT, left) is reached
    assert {reach(kind, left) for kind in (NeedKind.UNSORTED, NeedKind.RETRO, NeedKind.SILENT)} == {Reach.OWNER}


def test_every_kind_says_what_follows_if_nobody_acts() -> None:
    """A word that somebody has had says for itself what it wants."""
    assert {kind for kind in NeedKind if OTHERWISE[kind]} == set(NeedKind) - {NeedKind.WORD}
