"""What moved the number: the moves add up, and each says the right cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.health.catalogue import load_catalogue
from rules.health.score import Health, LineKind, as_seen
from rules.health.signal import Revision, Severity, Signal, State
from rules.health.trend import LOOK_BACK, known_then
from rules.health.why.change import Cause, Move, moves

type_codes = st.one_of(
    st.sampled_from(["late_payment", "slow_reply", "gut", "gut", "abuse", "praise"]),
    st.sampled_from(sorted(load_catalogue().types)),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, int, dict[str, Any]]:
    """A type, how old, and what happened to the note since."""
    age = draw(st.one_of(st.integers(0, 20), st.integers(0, 900)))
    rest = {
        "severity": draw(st.sampled_from(["pink", "red"])),
        "state": draw(st.sampled_from([State.LIVE, State.LIVE, State.WITHDRAWN, State.EXCUSED])),
        "thread": draw(st.sampled_from(["", "t1"])),
        "logged_days_ago": draw(st.integers(0, min(age, 15))),
        "settled_days_ago": draw(st.one_of(st.none(), st.integers(0, 15))),
        "revised_days_ago": draw(st.one_of(st.none(), st.integers(0, 15))),
        "reviewed_days_ago": draw(st.one_of(st.none(), st.integers(0, 15))),
    }
    return draw(type_codes), age, rest


Note = Callable[..., Signal]
Judge = Callable[..., Health]


def written(note: Note, now: datetime, *drawn: tuple[str, int, dict[str, Any]]) -> list[Signal]:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else now - timedelta(days=days)

    signals = []
    for type_code, age, facts in drawn:
        known = dict(facts)
        logged = now - timedelta(days=known.pop("logged_days_ago"))
        settled, revised, reviewed = (ago(known.pop(f"{name}_days_ago")) for name in ("settled", "revised", "reviewed"))
        signals.append(
            replace(
                note(type_code, age, **known),
                logged_at=logged,
                settled_at=settled,
                reviewed_at=reviewed,
                revisions=(Revision(at=revised, by_id="U1", severity=Severity.PINK),) if revised else (),
            )
        )
    return signals


@given(drawn=st.lists(histories(), max_size=20), hidden_places=st.sets(st.integers(0, 19)))
def test_the_moves_of_a_week_add_up_to_the_difference(
    *,
    drawn: list[tuple[str, int, dict[str, Any]]],
    hidden_places: set[int],
    note: Note,
    judge: Judge,
    now: datetime,
) -> None:
    """Whoever adds up "since last week" gets from the old number to the new one, also without the hidden notes."""
    signals = written(note, now, *drawn)
    before, after = judge(known_then(signals, now - LOOK_BACK), -7), judge(signals)
    hidden = {signal.id for place, signal in enumerate(signals) if place in hidden_places}
    found = moves(as_seen(before, hidden), as_seen(after, hidden))

    assert sum(move.points_tenths for move in found) == after.total_tenths - before.total_tenths
    assert all(move.points_tenths for move in found)
    assert not hidden & {signal_id for move in found for signal_id in move.signal_ids}


@given(drawn=st.lists(histories(), max_size=20))
def test_without_news_nothing_moves(
    drawn: list[tuple[str, int, dict[str, Any]]], note: Note, judge: Judge, now: datetime
) -> None:
    """The same account twice gives no sentence."""
    found = judge(written(note, now, *drawn))
    assert moves(found, found) == ()


def causes(found: tuple[Move, ...]) -> dict[Cause, int]:
    return {move.cause: move.points_tenths for move in found}


def test_a_new_note_and_fading_are_told_apart(note: Note, judge: Judge, now: datetime) -> None:
    """A note of this week is named with its points; older ones give back what faded, in one line."""
    signals = [note("late_payment", 60), note("disrespect", 40), note("slow_reply", 2, severity="red")]
    found = moves(judge(known_then(signals, now - LOOK_BACK), -7), judge(signals))

    new = found[0]
    assert (new.cause, new.signal_ids) == (Cause.NEW, (signals[2].id,))
    assert new.points_tenths < 0
    assert causes(found)[Cause.FADED] > 0


def test_taking_back_excusing_and_correcting_are_said(note: Note, judge: Judge, now: datetime) -> None:
    """What people did to notes this week is named as what it was."""
    yesterday = now - timedelta(days=1)
    back = replace(note("disrespect", 30), state=State.WITHDRAWN, settled_at=yesterday)
    excused = replace(note("slow_reply", 20), state=State.EXCUSED, settled_at=yesterday)
    milder = replace(
        note("late_payment", 15, severity="pink"),
        revisions=(Revision(at=yesterday, by_id="U1", severity=Severity.RED),),
    )
    signals = [back, excused, milder]
    found = moves(judge(known_then(signals, now - LOOK_BACK), -7), judge(signals))

    named = {move.cause: move.signal_ids for move in found}
    assert named == {
        Cause.TAKEN_BACK: (back.id,),
        Cause.EXCUSED: (excused.id,),
        Cause.REVISED: (milder.id,),
    }
    assert min(causes(found).values()) > 0


def test_a_limit_that_takes_another_size_is_a_line_of_its_own(note: Note, judge: Judge, now: datetime) -> None:
    """Many notes about one day: the day's limit gives back most of what they cost."""
    signals = [
        note(code, 1, severity="red") for code in ("disrespect", "toll", "keeps_demands", "demoralising", "abuse")
    ]
    found = moves(judge(known_then(signals, now - LOOK_BACK), -7), judge(signals))

    limits = [move.limit for move in found if move.cause is Cause.LIMIT]
    assert limits == [LineKind.LADDER, LineKind.DATE_CAP]
    assert sum(move.points_tenths for move in found) == -200
