"""When the next unasked message may go out (D13), for every clock, zone and wish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.nudges.hours import MOST_A_WEEK, Snooze, next_allowed, next_open, snoozed_until
from rules.nudges.kinds import ASKED_FOR, NEVER_WAITS, AtOnce
from rules.nudges.nudge import Recipient, Wishes

WEEK = timedelta(days=7)
AMSTERDAM = "Europe/Amsterdam"
FRIDAY_EVENING = datetime(2026, 11, 6, 17, 30, tzinfo=UTC)  # half past six in Amsterdam

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds UTC
zones = st.sampled_from(
    ["UTC", AMSTERDAM, "America/St_Johns", "America/Santiago", "Pacific/Auckland", "Asia/Kathmandu", "Mars/Olympus"]
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
wishes = st.builds(Wishes, quiet_from=times, quiet_until=times, quiet_weekends=st.booleans())


@given(moments, wishes, zones)
def test_the_next_open_moment_is_open_and_the_first(moment: datetime, wished: Wishes, zone: str) -> None:
    """Never in quiet hours, and not a minute later than needed."""
    opens = next_open(moment, wished, zone)
    step = (opens - moment) / 200
    between = [moment + number * step for number in range(200)] if opens > moment else []

    assert not is_quiet(opens, wished, zone)
    assert opens >= moment
    assert all(is_quiet(each, wished, zone) for each in between)


@given(moments, st.lists(st.tuples(st.integers(0, 40 * 60), st.booleans()), max_size=30), wishes, zones)
def test_however_often_something_happens_a_week_has_three_messages_at_most(
    start: datetime, raised: Sequence[tuple[int, bool]], wished: Wishes, zone: str
) -> None:
    """Rolling weeks, by absolute time and by the days of the person's own calendar."""
    person = Recipient(person_id="U1", workspace_id="T1", wishes=wished)
    sent: list[datetime] = []
    now = start
    for minutes, pressing in raised:
        now = max(now + timedelta(minutes=minutes), *sent[-1:], start)
        at = next_allowed(now, person.told_at, wished, zone, pressing=pressing)
        person = person.told(at)
        sent.append(at)

    assert not any(is_quiet(at, wished, zone) for at in sent)
    assert all(late - early >= WEEK for early, late in zip(sent, sent[MOST_A_WEEK:], strict=False))
    days = [at.astimezone(known_zone(zone)).date() for at in sent]
    assert len(set(days)) == len(days)


def is_quiet(moment: datetime, wished: Wishes, zone: str) -> bool:
    """Told from what the person wished alone."""
    local = moment.astimezone(known_zone(zone))
    begins, ends, at = wished.quiet_from, wished.quiet_until, local.time()
    weekend = wished.quiet_weekends and local.isoweekday() in {6, 7}
    return weekend or (begins <= at < ends if begins < ends else begins > ends and (at >= begins or at < ends))


def known_zone(name: str) -> ZoneInfo:
    return ZoneInfo("UTC" if name.startswith("Mars") else name)


def test_the_last_place_of_a_week_is_kept_for_what_others_wait_for() -> None:
    """Two ordinary messages, and a third only where somebody waits for the answer."""
    monday = datetime(2026, 11, 2, 9, tzinfo=UTC)
    told = (monday, monday + timedelta(days=1))
    wednesday = monday + timedelta(days=2)

    assert next_allowed(wednesday, told, Wishes(), "UTC", pressing=True) == wednesday
    assert next_allowed(wednesday, told, Wishes(), "UTC", pressing=False) == monday + WEEK


@pytest.mark.parametrize(
    ("moment", "wished", "opens"),
    [
        (FRIDAY_EVENING, Wishes(), datetime(2026, 11, 9, 7, tzinfo=UTC)),
        (FRIDAY_EVENING, Wishes(quiet_weekends=False), datetime(2026, 11, 7, 7, tzinfo=UTC)),
        (FRIDAY_EVENING, Wishes(quiet_from=time(9), quiet_until=time(9)), FRIDAY_EVENING),
        (FRIDAY_EVENING, Wishes(quiet_from=time(12), quiet_until=time(19)), datetime(2026, 11, 6, 18, tzinfo=UTC)),
        # The clocks go forward at 2:00 on 28 March 2027: half past two does not exist.
        (
            datetime(2027, 3, 28, 0, tzinfo=UTC),
            Wishes(quiet_from=time(22), quiet_until=time(2, 30), quiet_weekends=False),
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_quiet_hours_end_by_the_persons_own_clock(moment: datetime, wished: Wishes, opens: datetime) -> None:
    """Evenings, weekends, no hours at all, an afternoon, a night in which the clocks change."""
    assert next_open(moment, wished, AMSTERDAM) == opens


@given(moments, zones)
def test_a_snooze_lasts_until_the_next_day_or_monday(moment: datetime, zone: str) -> None:
    """Tomorrow is tomorrow where the person is."""
    here = known_zone(zone)
    tomorrow, monday = (snoozed_until(moment, snooze, zone).astimezone(here) for snooze in Snooze)

    assert (tomorrow.date() - moment.astimezone(here).date()).days == 1
    assert monday.weekday() == 0
    assert timedelta() < monday.date() - moment.astimezone(here).date() <= WEEK


def test_every_private_word_has_its_reason() -> None:
    """What may go out at once says why; nothing is in two lists."""
    assert NEVER_WAITS.keys() | ASKED_FOR.keys() == set(AtOnce)
    assert NEVER_WAITS.keys() & ASKED_FOR.keys() == set()
