from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import Agreement
from rules.errors import ConflictError, InvalidError
from rules.health.catalogue import load_catalogue
from rules.health.evidence.emoji import EmojiBook
from rules.health.ladder import Rung, rung
from rules.health.measures import (
    ClockState,
    Invoice,
    MonthlyHours,
    ResponseClock,
    Sensor,
    first_late_day,
    has_run_out,
    is_over_budget,
    is_overdue,
    settled,
    was_late,
    window_end,
    window_hours,
)
from rules.health.signal import Side
from rules.workdays import is_working

ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo")
COUNTRIES = ("", "NL", "SE", "ES-CT", "AE")
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = date(2026, 11, 2)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - Hypothesis wants naive bounds


def invoice(paid_on: date | None = None) -> Invoice:
    return Invoice(
        id="in-1",
        workspace_id="T1",
        client_id="c1",
        number="17",
        amount="EUR 1",
        due_on=DUE,
        paid_on=paid_on,
        typed_by="U1",
        typed_at=NOW,
    )


def clock(state: ClockState = ClockState.RUNNING) -> ResponseClock:
    return ResponseClock(
        id="rc-1",
        workspace_id="T1",
        client_id="c1",
        side=Side.THEIRS,
        channel_id="C1",
        message_ts="1.2",
        started_by="U1",
        started_at=NOW,
        hours=24,
        ends_at=NOW + timedelta(hours=24),
        state=state,
    )


def test_an_invoice_is_late_from_the_day_after_it_was_due() -> None:
    """RF35: nobody is late on the day itself, and payment ends it."""
    days = [DUE, DUE + timedelta(days=1)]
    assert [is_overdue(invoice(), day, "") for day in days] == [False, True]
    assert [is_overdue(invoice(paid_on=DUE), day, "") for day in days] == [False, False]
    assert first_late_day(DUE, "") == DUE + timedelta(days=1)
    assert [was_late(invoice(paid_on), "") for paid_on in (None, *days)] == [False, False, True]


@pytest.mark.parametrize(("hours", "over"), [(19, False), (20, False), (21, True)])
def test_the_last_agreed_hour_is_within_the_budget(hours: int, over: bool) -> None:  # noqa: FBT001 - a table's column
    """RF01: more than was agreed is what counts."""
    month = MonthlyHours(workspace_id="T1", client_id="c1", month=DUE, hours=hours, budget=20, typed_by="U1")
    assert is_over_budget(month) is over


def test_without_an_agreement_nothing_is_measured() -> None:
    """RF11, AM02: a window that nobody agreed on can't be missed; the sentence says what to do."""
    agreement = Agreement(their_reply_hours=48)
    assert window_hours(agreement, Side.THEIRS) == 48
    with pytest.raises(InvalidError, match="agreement"):
        window_hours(agreement, Side.OURS)


@pytest.mark.parametrize(
    ("started", "hours", "country", "ends"),
    [
        pytest.param("2026-11-02 09:00", 24, "", "2026-11-03 09:00", id="a weekday"),
        pytest.param("2026-11-06 17:00", 24, "", "2026-11-09 17:00", id="over a weekend"),
        pytest.param("2026-11-07 11:00", 8, "", "2026-11-09 08:00", id="from a Saturday"),
        pytest.param("2026-11-06 23:00", 1, "", "2026-11-07 00:00", id="to midnight"),
        pytest.param("2026-10-23 12:00", 24, "", "2026-10-26 12:00", id="over the end of summer time"),
        pytest.param("2026-12-24 17:00", 24, "NL", "2026-12-28 17:00", id="over the two days of Christmas"),
        pytest.param("2026-12-24 17:00", 24, "US", "2026-12-28 17:00", id="over one day of Christmas"),
        pytest.param("2026-04-27 11:00", 8, "NL", "2026-04-28 08:00", id="from a holiday"),
        pytest.param("2026-04-27 11:00", 8, "SE", "2026-04-27 19:00", id="no holiday there"),
        pytest.param("2026-09-10 17:00", 24, "ES-CT", "2026-09-14 17:00", id="over a region's own day"),
        pytest.param("2026-09-10 17:00", 24, "ES-MD", "2026-09-11 17:00", id="not that region's"),
    ],
)
def test_weekends_and_holidays_do_not_count_as_waiting(started: str, hours: int, country: str, ends: str) -> None:
    """A question of Friday evening may wait until Monday, and one of the evening before a holiday until after it."""
    zone = ZoneInfo("Europe/Amsterdam")
    at, expected = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (started, ends))
    assert window_end(at.astimezone(UTC), hours, "Europe/Amsterdam", country) == expected


@given(started=moments, hours=st.integers(1, 400), zone=st.sampled_from(ZONES), country=st.sampled_from(COUNTRIES))
def test_a_window_is_as_long_as_agreed_and_ends_on_a_working_day(
    started: datetime, hours: int, zone: str, country: str
) -> None:
    """Whatever the time zone and the time of the year, each agreed hour lies on a working day."""
    end = window_end(started, hours, zone, country)
    just_before = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert end - started >= timedelta(hours=hours)
    assert is_working(just_before.date(), country)


@given(started=moments, hours=st.integers(1, 200), zone=st.sampled_from(ZONES), country=st.sampled_from(COUNTRIES))
def test_a_longer_window_ends_later(started: datetime, hours: int, zone: str, country: str) -> None:
    """Whoever agrees on more time has more time."""
    assert window_end(started, hours, zone, country) < window_end(started, hours + 1, zone, country)


def test_a_clock_runs_out_once_and_stands_still_after_an_answer() -> None:
    """RF06: an answer in time, and an emergency (HS10), leave nothing to log."""
    end = clock().ends_at
    assert [has_run_out(clock(), at) for at in (end - timedelta(seconds=1), end)] == [False, True]
    assert not has_run_out(settled(clock(), ClockState.ANSWERED, NOW), end)
    with pytest.raises(ConflictError):
        settled(clock(ClockState.EXCUSED), ClockState.ANSWERED, NOW)


def test_every_sensor_has_its_type_of_note() -> None:
    """What is measured lands in the ledger as a fact, with a weight where it is theirs and none where it is ours."""
    types = {sensor: load_catalogue().sensed_by(sensor) for sensor in Sensor}
    assert {sensor: (type_.side, type_.weight_tenths > 0) for sensor, type_ in types.items()} == {
        Sensor.INVOICE: (Side.THEIRS, True),
        Sensor.HOURS: (Side.THEIRS, True),
        Sensor.THEIR_REPLY: (Side.THEIRS, True),
        Sensor.OUR_REPLY: (Side.OURS, False),
        Sensor.KEPT_MILESTONE: (Side.PRAISE, True),
        Sensor.THEIR_MILESTONE: (Side.THEIRS, True),
        Sensor.OUR_MILESTONE: (Side.OURS, False),
    }


def test_the_hourglass_of_the_clock_means_nothing_else() -> None:
    """The neutral reaction may stand in a shared channel, so it must not be one of the notes' emojis."""
    assert EmojiBook(load_catalogue(), {}, {}).meaning("hourglass_flowing_sand") is None


@pytest.mark.parametrize(
    ("hours_ago", "step"),
    [
        ((), Rung.NONE),
        ((10,), Rung.CHECK_IN),
        ((10, 10), Rung.CHECK_IN),
        ((58, 34, 10), Rung.CHECK_IN),
        ((59, 10), Rung.OTHER_CHANNEL),
        ((106, 82, 58, 34, 10), Rung.OTHER_CHANNEL),
        ((10, 34, 59, 108), Rung.TALK),
        ((61 * 24, 10), Rung.CHECK_IN),
        ((60 * 24, 10), Rung.OTHER_CHANNEL),
    ],
)
def test_the_next_step_is_due_only_after_the_one_before_could_be_tried(hours_ago: tuple[int, ...], step: Rung) -> None:
    """AM03, AM06: within two days of its first, silence is one occasion, in whatever order it is read."""
    missed = [replace(clock(ClockState.MISSED), ends_at=NOW - timedelta(hours=ago)) for ago in hours_ago]

    assert rung([*missed, replace(clock(ClockState.ANSWERED), ends_at=NOW - timedelta(days=30))], NOW) is step
