"""What fades by when, and what would raise the number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.formula.entries import entries_of
from rules.health.score import Band, Health
from rules.health.signal import Signal
from rules.health.why.outlook import Outlook, outlook

Note = Callable[..., Signal]
Judge = Callable[..., Health]
flags = st.tuples(
    st.sampled_from([code for code, entry in load_catalogue().types.items() if entry.side == "theirs"]),
    st.integers(0, 300),
    st.sampled_from(["pink", "red"]),
)


def look(signals: list[Signal], judge: Judge, today: date, catalogue: Catalogue) -> Outlook:
    return outlook(judge(signals), entries_of(signals, catalogue, "UTC"), today=today, catalogue=catalogue)


@given(drawn=st.lists(flags, min_size=1, max_size=15))
def test_half_is_gone_on_the_day_that_is_named(
    drawn: list[tuple[str, int, str]], note: Note, judge: Judge, today: date, catalogue: Catalogue
) -> None:
    """Whoever looks again on "half of it is gone by" sees at most half, for each of the heaviest lines."""
    signals = [note(code, age, severity=severity) for code, age, severity in drawn]
    for each in look(signals, judge, today, catalogue).fading:
        if each.half_on is None:
            continue
        later = judge(signals, (each.half_on - today).days)
        left = sum(-line.points_tenths for line in later.lines if line.signal_id == each.signal_id)
        assert left <= (-each.points_tenths + 2) // 2  # a red note is two rounded pink ones


@given(drawn=st.lists(flags, max_size=15))
def test_four_quiet_weeks_never_look_worse(
    drawn: list[tuple[str, int, str]], note: Note, judge: Judge, today: date, catalogue: Catalogue
) -> None:
    """Without praise, silence only lets things fade."""
    signals = [note(code, age, severity=severity) for code, age, severity in drawn]
    assert look(signals, judge, today, catalogue).quiet_tenths >= judge(signals).total_tenths


def test_a_lasting_note_fades_only_after_a_review(
    note: Note, judge: Judge, now: datetime, today: date, catalogue: Catalogue
) -> None:
    """FG14: abuse does not fade by itself; once a decider has looked at it, it does."""
    fresh = look([note("abuse", 50)], judge, today, catalogue).fading[0]
    reviewed = look([note("abuse", 50, reviewed_at=now)], judge, today, catalogue).fading[0]

    half_life = timedelta(days=catalogue.type("abuse").half_life_days)
    assert (fresh.half_on, reviewed.half_on) == (None, today + half_life)


def test_what_a_number_still_needs_and_what_praise_can_add(
    note: Note, judge: Judge, today: date, catalogue: Catalogue
) -> None:
    """One note is too early; praise adds 10 at most, and what is there already is taken off."""
    found = look([note("praise", 0)], judge, today, catalogue)

    assert (found.missing_signals, found.missing_dates, found.quiet_band) == (2, 1, Band.TOO_EARLY)
    assert found.praise_room_tenths == 100 - catalogue.type("praise").weight_tenths


def test_getting_better_has_to_show_for_a_while(note: Note, judge: Judge, today: date, catalogue: Catalogue) -> None:
    """HS15: after a bad month neither four quiet weeks nor a heap of praise make a client healthy again."""
    bad = [note("disrespect", age, severity="red") for age in (2, 9, 16, 23)] + [note("late_payment", 5)]
    praised = judge([*bad, *(note("praise", 0) for _ in range(20))])
    quiet = look(bad, judge, today, catalogue)

    assert judge(bad).band in {Band.AMEND, Band.CONSIDER}
    assert Band.HEALTHY not in {praised.band, quiet.quiet_band}


def test_the_three_heaviest_fade_over_four_weeks(note: Note, judge: Judge, today: date, catalogue: Catalogue) -> None:
    """Enough to follow, and far enough ahead to hope for."""
    signals = [note("late_payment", age, severity="red") for age in (3, 40, 80, 120)]
    found = look(signals, judge, today, catalogue)

    heaviest = sorted((line.points_tenths, line.signal_id) for line in judge(signals).lines if line.signal_id)[:3]
    assert ([each.signal_id for each in found.fading], found.quiet_on) == (
        [signal_id for _, signal_id in heaviest],
        today + timedelta(days=28),
    )
