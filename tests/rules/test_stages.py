"""The way of a relationship through its stages: nothing is skipped, and what is secret stays so."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.stages import MOVES, REOPENING_WAIT, Reopening, Stage, is_secret, move, shown_stage
from rules.errors import ConflictError

A, M, C, D, T, H, X = Stage


@pytest.mark.parametrize("stages", [(A, M, A), (A, C, A), (A, M, C, M), (A, M, C, D, T, H, X), (A, C, D, T, H, X)])
def test_the_usual_ways_are_open(now: datetime, stages: tuple[Stage, ...]) -> None:
    """DC09: considering is open from any earlier stage, and back to everyday work at any time."""
    assert [move(was, to, now=now, gate_passed=True) for was, to in pairwise(stages)] == list(stages[1:])


@pytest.mark.parametrize(("stage", "to"), [(A, D), (M, D), (C, T), (D, H), (T, X), (X, C), (H, A), (H, T), (D, M)])
def test_no_stage_is_skipped(now: datetime, stage: Stage, to: Stage) -> None:
    """The sentence says where the client stands."""
    with pytest.raises(ConflictError, match="can't become"):
        move(stage, to, now=now, gate_passed=True)


def test_only_a_passed_gate_leads_to_decided(now: datetime) -> None:
    """FG09, FG16: the sentence says where to look."""
    with pytest.raises(ConflictError, match="checklist is not complete"):
        move(C, D, now=now)


@pytest.mark.parametrize("stage", [D, T])
@pytest.mark.parametrize(
    ("fact", "owner", "hours", "opens"),
    [
        ("They replaced the manager", "U1", 24, True),
        ("They replaced the manager", "U1", 23, False),
        (" ", "U1", 48, False),
        ("New", "", 48, False),
    ],
)
def test_a_decision_is_reopened_by_a_new_fact_an_owner_and_a_day(
    now: datetime, stage: Stage, fact: str, owner: str, hours: int, *, opens: bool
) -> None:
    """DC03, DC04: not by a feeling."""
    reopening = Reopening(fact=fact, owner_id=owner, asked_at=now - timedelta(hours=hours))
    if opens:
        assert move(stage, A, now=now, reopening=reopening) is A
        return
    with pytest.raises(ConflictError):
        move(stage, A, now=now, reopening=reopening)


def test_a_second_click_changes_nothing(now: datetime) -> None:
    """Two people, or one impatient finger."""
    assert [move(stage, stage, now=now) for stage in Stage] == list(Stage)


@given(wishes=st.lists(st.tuples(st.sampled_from(Stage), st.integers(0, 48)), max_size=40))
def test_no_sequence_of_wishes_reaches_decided_without_the_gate(wishes: list[tuple[Stage, int]], now: datetime) -> None:
    """Whatever is clicked, in whatever order."""
    stage = A
    reopening = Reopening(fact="New", owner_id="U1", asked_at=now)
    for wish, hours in wishes:
        try:
            stage = move(stage, wish, now=now + timedelta(hours=hours), reopening=reopening)
        except ConflictError:
            continue
    assert stage in {A, M, C}


def test_every_stage_has_its_ways_out() -> None:
    """A stage that somebody adds has to say where it leads."""
    assert set(Stage) == set(MOVES)
    assert timedelta(hours=24) == REOPENING_WAIT


@pytest.mark.parametrize(
    ("stage", "plan_runs", "shown"),
    [
        (A, False, A),
        (M, True, M),
        (C, False, A),
        (C, True, M),
        (D, False, A),
        (D, True, M),
        (T, False, T),
        (H, False, H),
        (X, False, X),
    ],
)
def test_who_does_not_decide_learns_nothing_before_the_client_was_told(
    stage: Stage, shown: Stage, *, plan_runs: bool
) -> None:
    """Considering and decided look like the work around them; deciders see what is."""
    assert shown_stage(stage, to_decider=True, plan_runs=plan_runs) is stage
    assert not is_secret(shown_stage(stage, to_decider=False, plan_runs=plan_runs))
    assert shown is shown_stage(stage, to_decider=False, plan_runs=plan_runs)


def test_only_a_natural_fade_leaves_the_door_open(now: datetime) -> None:
    """RF43: what is closed stays closed, except where nobody had to close it."""
    with pytest.raises(ConflictError, match="natural fade"):
        move(X, A, now=now)
    assert move(X, A, now=now, door_open=True) is A
