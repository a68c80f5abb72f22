"""The tests' time: where it begins, who moves it, and who reads the machine's clock all the same.

A test begins at `starts_at`, which `--at` sets, and moves on by itself as time does, or when the test says so. What it
expects is reckoned from there, so that it holds on any day, at any hour, in any zone and however long it takes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# How long Slack waits for us before a test sees an error: three seconds in real life, which `make bench` holds us to.
# A machine with other things to do is no fault of ours.
SLACK_SECONDS = 60.0
STARTS_AT = datetime(2026, 11, 4, 9, tzinfo=UTC)


class StandingClock:
    """Stands still until somebody moves it; its real time stands with it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def real(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


def read_moment(text: str) -> datetime:
    """An instant such as 2026-11-30T00:59Z; one without a zone is in UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def real_now() -> datetime:
    """For what lives in real time: `REAL_TIME` in tests/house/test_clocks.py names it all."""
    return datetime.now(tz=UTC)
