"""Each band has an action, an owner and a day; toll and benefit stand side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import BandOverride, Client
from rules.health.catalogue import Catalogue
from rules.health.score import Band
from rules.health.signal import Signal, State
from rules.health.why.steps import step_for, working_days_after
from rules.health.why.toll import Morale, weigh
from rules.words import load_words

FRIDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def acme() -> Client:
    return Client(id="c1", workspace_id="T1", name="Acme", owner_id="U1", stage_since=NOW)


@pytest.mark.parametrize("band", list(Band))
def test_every_band_has_an_action_an_owner_and_a_day(band: Band) -> None:
    """HS04: whatever the number says, somebody has something to do until a day; to keep going has none."""
    step = step_for(band, owner_id="U1", since=FRIDAY, today=FRIDAY)

    assert load_words("en").next_step(step.band)
    assert (step.owner_id, step.overdue) == ("U1", False)
    assert step.due_on is None if band is Band.HEALTHY else step.due_on and step.due_on > FRIDAY


def test_the_lower_the_band_the_sooner_the_step() -> None:
    """What hurts doesn't wait for what goes well: a day, two, a week, two weeks."""
    due = {band: step_for(band, owner_id="U1", since=FRIDAY, today=FRIDAY).due_on for band in Band}
    assert due == {
        Band.ACT_NOW: date(2026, 11, 23),
        Band.CONSIDER: date(2026, 11, 24),
        Band.AMEND: date(2026, 11, 27),
        Band.WATCH: date(2026, 12, 4),
        Band.TOO_EARLY: date(2026, 12, 4),
        Band.HEALTHY: None,
    }


def test_a_step_from_friday_skips_the_weekend_and_says_when_it_is_late() -> None:
    """Two working days after a Friday are a Tuesday; on Wednesday it is overdue."""
    due = step_for(Band.CONSIDER, owner_id="U1", since=FRIDAY, today=FRIDAY)
    late = step_for(Band.CONSIDER, owner_id="U1", since=FRIDAY, today=FRIDAY + timedelta(days=5))

    assert (due.due_on, due.overdue, late.overdue) == (date(2026, 11, 24), False, True)


@given(start=st.dates(max_value=date(9000, 1, 1)), days=st.integers(1, 40))
def test_a_due_day_is_never_a_weekend(start: date, days: int) -> None:
    """Nobody is asked to act on a Saturday or Sunday, and five working days are a week."""
    due = working_days_after(start, days)
    assert due.weekday() < 5
    assert timedelta(days=days) <= due - start <= timedelta(days=days + 2 * (days // 5 + 1))


def test_two_typed_numbers_and_the_notes_make_the_card(
    acme: Client, note: Callable[..., Signal], today: date, catalogue: Catalogue
) -> None:
    """HS03, HS13, HS19, FG18: income, hours, lateness and morale side by side, from two numbers and the ledger."""
    client = replace(acme, revenue_share_percent=30, hours_a_week=12)
    signals = [
        note("late_payment", 10),
        note("late_payment", 200),
        note("late_payment", 400),
        note("late_payment", 5, state=State.EXCUSED),
        note("paid_on_time", 30),
        note("disrespect", 3),
        note("toll", 80),
        note("demoralising", 200),
        note("praise", 5),
        note("our_tone", 5),
    ]
    found = weigh(client, signals, today=today, catalogue=catalogue)

    assert (found.revenue_share_percent, found.hours_a_week, found.margin_percent) == (30, 12, None)
    assert (found.paid_late, found.paid_on_time) == (2, 1)
    assert (found.hard_on_team, found.good_for_team, found.morale) == (2, 1, Morale.STRAINED)
    assert found.is_concentrated


def test_without_notes_nobody_guesses_the_morale(acme: Client, today: date, catalogue: Catalogue) -> None:
    """Nothing noted is not the same as a happy team."""
    found = weigh(acme, [], today=today, catalogue=catalogue)
    assert (found.morale, found.is_concentrated) == (Morale.UNKNOWN, False)


def test_an_override_ends_by_itself(acme: Client) -> None:
    """Somebody's word against the number holds until its day and not a moment longer."""
    override = BandOverride(
        band="healthy",
        reason="We agreed to wait",
        by_id="U1",
        made_at=NOW,
        last_day=date(2026, 12, 6),
        until=NOW + timedelta(days=14),
    )
    client = replace(acme, override=override)

    moments = [NOW, NOW + timedelta(days=14, seconds=-1), NOW + timedelta(days=14)]
    assert [client.override_at(moment) for moment in moments] == [override, override, None]
