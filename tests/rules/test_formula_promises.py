"""What formula v1 promises for every ledger that anybody could write."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.formula.v1 import horizon
from rules.health.score import Health, LineKind, as_seen
from rules.health.signal import Side, Signal, State

Facts = tuple[str, int, dict[str, Any]]

# A few types again and again, so that dates, threads and limits meet; and all of them.
type_codes = st.one_of(
    st.sampled_from(["late_payment", "slow_reply", "gut", "gut", "abuse", "praise"]),
    st.sampled_from(sorted(load_catalogue().types)),
)
ages = st.one_of(st.integers(0, 6), st.integers(0, 900))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """What `note` needs to make one signal: a type, its age, and the rest."""
    rest: dict[str, Any] = {
        "severity": draw(st.sampled_from(["pink", "red"])),
        "state": draw(st.sampled_from([State.LIVE, State.LIVE, State.LIVE, State.WITHDRAWN, State.EXCUSED])),
        "thread": draw(st.sampled_from(["", "", "t1", "t2"])),
        "reviewed_days_ago": draw(st.one_of(st.none(), st.integers(0, 400))),
    }
    return draw(type_codes), draw(ages), rest


ledgers = st.lists(facts(), max_size=25)


@pytest.fixture(scope="session")
def write(note: Callable[..., Signal], now: datetime) -> Callable[..., list[Signal]]:
    """Turns drawn facts into signals."""

    def make(*drawn: Facts) -> list[Signal]:
        signals = []
        for type_code, days_ago, rest in drawn:
            known = dict(rest)
            reviewed = known.pop("reviewed_days_ago")
            known["reviewed_at"] = now - timedelta(days=reviewed) if isinstance(reviewed, int) else None
            signals.append(note(type_code, days_ago, **known))
        return signals

    return make


@given(drawn=ledgers)
def test_the_lines_add_up_to_the_score(
    drawn: list[Facts], write: Callable[..., list[Signal]], judge: Callable[..., Health]
) -> None:
    """Whoever adds up the lines of "why" gets the number, always, and it lies between 0 and 100."""
    found = judge(write(*drawn))
    assert 0 <= found.total_tenths <= 1000
    assert found.score_tenths in {None, found.total_tenths}
    assert found.total_tenths == sum(line.points_tenths for line in found.lines)


@given(drawn=ledgers, further=facts())
def test_one_more_flag_never_raises_the_number(
    drawn: list[Facts],
    further: Facts,
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
) -> None:
    """A bad day can't be diluted by a milder note about it."""
    *before, extra = write(*drawn, further)
    flag = replace(extra, side=Side.THEIRS)
    assert judge([*before, flag]).total_tenths <= judge(before).total_tenths


@given(drawn=ledgers, days_later=st.integers(0, 500))
def test_without_praise_time_alone_never_lowers_the_number(
    drawn: list[Facts],
    days_later: int,
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
) -> None:
    """A client about whom nothing is noted only gets better, until it is too early to say."""
    signals = [signal for signal in write(*drawn) if signal.side is not Side.PRAISE]
    assert judge(signals, days_later).total_tenths >= judge(signals).total_tenths


@given(drawn=ledgers, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_logging_does_not_matter(
    drawn: list[Facts],
    shuffled: random.Random,
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
) -> None:
    """Two people who log the same week in another order read the same account."""
    signals = write(*drawn)
    other = list(signals)
    shuffled.shuffle(other)
    assert judge(signals) == judge(other)


@given(drawn=ledgers, further=facts(), state=st.sampled_from([State.WITHDRAWN, State.EXCUSED]))
def test_withdrawing_is_as_if_never_logged_but_stays_visible(
    drawn: list[Facts],
    further: Facts,
    state: State,
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
) -> None:
    """Number, evidence, band and banners are those without the note; its line says 0."""
    *before, extra = write(*drawn, further)
    never = judge(before)
    taken_back = judge([*before, replace(extra, state=state)])
    assert all(line.points_tenths == 0 for line in taken_back.lines if line.signal_id == extra.id)
    assert (extra.id in _noted(taken_back)) == (extra.id in _noted(judge([extra])))
    others = tuple(line for line in taken_back.lines if line.signal_id != extra.id)
    assert replace(never, our_side=()) == replace(taken_back, lines=others, our_side=())


def _noted(found: Health) -> set[str]:
    return {line.signal_id for line in (*found.lines, *found.our_side)}


@given(drawn=ledgers)
def test_no_date_costs_more_than_20_and_the_gut_no_more_than_5(
    drawn: list[Facts], write: Callable[..., list[Signal]], judge: Callable[..., Health]
) -> None:
    """FG09, FG11: no verdict over one bad day, and none by gut alone."""
    found = judge(write(*drawn))
    days: dict[date | None, int] = defaultdict(int)
    for line in found.lines:
        if line.kind in {LineKind.FLAG, LineKind.THREAD, LineKind.DATE_CAP}:
            days[line.on] -= line.points_tenths
    assert all(cost <= 200 for cost in days.values())
    only_gut = judge(signal for signal in write(*drawn) if signal.type == "gut")
    assert 950 <= only_gut.total_tenths <= 1000


@given(drawn=ledgers)
def test_praise_gives_at_most_10(
    drawn: list[Facts], write: Callable[..., list[Signal]], judge: Callable[..., Health]
) -> None:
    """Praise can't hide what is wrong."""
    signals = write(*drawn)
    without = judge(signal for signal in signals if signal.side is not Side.PRAISE)
    assert 0 <= judge(signals).total_tenths - without.total_tenths <= 100


@given(drawn=ledgers)
def test_our_misses_never_change_the_clients_score(
    drawn: list[Facts], write: Callable[..., list[Signal]], judge: Callable[..., Health]
) -> None:
    """HS18: they stand beside it."""
    signals = write(*drawn)
    assert judge(signals).total_tenths == judge(s for s in signals if s.side is not Side.OURS).total_tenths


@given(drawn=ledgers, days_later=st.integers(0, 30))
def test_what_lies_beyond_the_horizon_makes_no_difference(
    drawn: list[Facts],
    days_later: int,
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
    catalogue: Catalogue,
    now: datetime,
) -> None:
    """The ledger is asked only for what can matter, so that years of history cost nothing."""
    signals = write(*drawn)
    since = now + timedelta(days=days_later) - horizon(catalogue)
    asked = [s for s in signals if s.happened_at >= since or s.type in catalogue.lasting_types()]
    assert judge(signals, days_later) == judge(asked, days_later)


@given(drawn=ledgers, hidden_places=st.sets(st.integers(0, 24)))
def test_hidden_notes_become_one_line_and_the_sum_stays(
    drawn: list[Facts],
    hidden_places: set[int],
    write: Callable[..., list[Signal]],
    judge: Callable[..., Health],
) -> None:
    """BR14: "notes that you can't see: -4.2" keeps the account true and says nothing about them."""
    signals = write(*drawn)
    hidden = {signal.id for place, signal in enumerate(signals) if place in hidden_places}
    found = judge(signals)
    seen = as_seen(found, hidden)
    named = {line.signal_id for line in (*seen.lines, *seen.our_side)} | {
        m for line in seen.lines for m in line.members
    }
    assert not hidden & (named | {banner.signal_id for banner in seen.banners})
    assert Counter(line.kind for line in seen.lines)[LineKind.HIDDEN] <= 1
    assert found.total_tenths == sum(line.points_tenths for line in seen.lines)
