"""The redirection plan: what it needs to start, how checkpoints are held, how it ends (RP01-RP12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decisions.perspective import Perspective, our_misses, usable
from rules.decisions.plan import Action, ActionSide, Checkpoint, Concern, Outcome, Plan, Response
from rules.decisions.planning import (
    check,
    extend,
    finish,
    held_checkpoints,
    hold_checkpoint,
    newest,
    next_checkpoint,
    require_complete,
    runs_on,
)
from rules.decisions.reachable import MOST_AT_ONCE, doubts
from rules.decisions.ways import languages, ways, words_of
from rules.errors import ConflictError, InvalidError, NotFoundError
from rules.health.signal import Side, Signal, Source, State

TODAY = date(2026, 11, 2)
FIRST, SECOND = date(2026, 11, 16), date(2026, 11, 30)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def action(concern_id: str = "c1", side: ActionSide = ActionSide.OURS) -> Action:
    return Action(
        concern_id=concern_id,
        text=f"Weekly call about {concern_id}",
        side=side,
        owner_id="U1",
        due_on=date(2026, 11, 10),
        benchmark="Replies within two days",
    )


def plan() -> Plan:
    return Plan(
        id="p1",
        workspace_id="T1",
        client_id="k1",
        goal="We both hear from each other in time.",
        concerns=(Concern(id="c1", text="Slow replies"), Concern(id="c2", text="Rush requests")),
        actions=(action("c1"), action("c2", ActionSide.THEIRS)),
        checkpoints=(Checkpoint(due_on=FIRST), Checkpoint(due_on=SECOND)),
        started_at=at(TODAY),
        started_by="U1",
    )


def test_a_complete_plan_has_no_faults() -> None:
    """A plan with a goal, an action for each concern and two checkpoints can start."""
    require_complete(plan(), TODAY)
    assert check(plan(), TODAY) == {}


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        pytest.param({"goal": "  "}, "goal", "goal", id="AM27 no shared goal"),
        pytest.param({"concerns": (), "actions": ()}, "concerns", "at least one concern", id="no concern"),
        pytest.param({"concerns": (Concern(id="c1", text=" "), Concern(id="c2", text="x"))}, "concerns", "few words",
                     id="a concern without words"),
        pytest.param({"concerns": (Concern(id="c1", text="x"), Concern(id="c1", text="y"))}, "concerns", "twice",
                     id="a concern twice"),
        pytest.param({"actions": (action("c1"),)}, "actions", "Rush requests", id="RP03 an orphan concern"),
        pytest.param({"actions": (action("c1"), action("c2"), action("c9"))}, "actions", "no concern",
                     id="RP03 an orphan action"),
        pytest.param({"actions": (action("c1", ActionSide.THEIRS), action("c2", ActionSide.THEIRS))}, "actions",
                     "our side", id="RP11 nothing on our side"),
        pytest.param({"actions": (replace(action("c1"), benchmark=""), action("c2"))}, "actions", "worked",
                     id="RP05 no benchmark"),
        pytest.param({"actions": (replace(action("c1"), owner_id=""), action("c2"))}, "actions", "looks after",
                     id="RP06 no owner"),
        pytest.param({"actions": (replace(action("c1"), text=""), action("c2"))}, "actions", "what should be done",
                     id="an action without words"),
        pytest.param({"actions": (replace(action("c1"), due_on=date(2026, 11, 1)), action("c2"))}, "actions",
                     "from today on", id="an action in the past"),
        pytest.param({"checkpoints": (Checkpoint(due_on=FIRST),)}, "checkpoints", "at least 2",
                     id="RP07 one checkpoint"),
        pytest.param({"checkpoints": (Checkpoint(due_on=TODAY), Checkpoint(due_on=SECOND))}, "checkpoints", "future",
                     id="a checkpoint today"),
        pytest.param({"checkpoints": (Checkpoint(due_on=SECOND), Checkpoint(due_on=FIRST))}, "checkpoints",
                     "after the one before", id="checkpoints out of order"),
        pytest.param({"checkpoints": (Checkpoint(due_on=FIRST), Checkpoint(due_on=FIRST))}, "checkpoints",
                     "after the one before", id="the same day twice"),
    ],
)  # fmt: skip
def test_an_incomplete_plan_says_what_is_missing(changed: dict[str, object], field: str, words: str) -> None:
    """Each gap of a plan is named at its own field, in a sentence."""
    faulty = replace(plan(), **changed)  # type: ignore[arg-type]  # the table holds fields of several types
    with pytest.raises(InvalidError) as refused:
        require_complete(faulty, TODAY)
    assert field in refused.value.fields
    assert words in refused.value.fields[field]


def test_an_action_for_both_sides_counts_as_ours() -> None:
    """RP11: what both do together is on our side too."""
    both = replace(plan(), actions=(action("c1", ActionSide.BOTH), action("c2", ActionSide.THEIRS)))
    assert check(both, TODAY) == {}


def test_the_next_checkpoint_is_the_earliest_that_was_not_held() -> None:
    """People are pointed to the day that comes next, and to none once the plan has ended."""
    fresh = plan()
    once = hold_checkpoint(fresh, FIRST, Response.SOME, "", at(FIRST))
    ended = finish(once, Outcome.KEEP, "", at(FIRST))
    days = [point.due_on if point else None for point in map(next_checkpoint, (fresh, once, ended))]
    assert days == [FIRST, SECOND, None]


def test_a_held_checkpoint_keeps_the_response() -> None:
    """RP08: how the client responded stays with the checkpoint."""
    held = hold_checkpoint(plan(), FIRST, Response.GOOD, " They call back. ", at(FIRST)).checkpoints[0]
    assert held == Checkpoint(due_on=FIRST, held_on=FIRST, response=Response.GOOD, note="They call back.")


def test_a_checkpoint_is_held_once() -> None:
    """A second click on the same checkpoint changes nothing and says so."""
    held = hold_checkpoint(plan(), FIRST, Response.GOOD, "", at(FIRST))
    with pytest.raises(ConflictError, match="already held"):
        hold_checkpoint(held, FIRST, Response.NONE, "", at(SECOND))


def test_a_checkpoint_that_does_not_exist_is_not_held() -> None:
    """A day that is no checkpoint of the plan is refused in a sentence."""
    with pytest.raises(NotFoundError, match="no checkpoint"):
        hold_checkpoint(plan(), TODAY, Response.GOOD, "", at(FIRST))


def test_a_checkpoint_is_not_held_weeks_early() -> None:
    """A plan can't be clicked through in a minute: its checkpoints open three days early at most."""
    with pytest.raises(ConflictError, match="Fri 13 Nov 2026"):
        hold_checkpoint(plan(), FIRST, Response.NONE, "", at(TODAY))
    held = hold_checkpoint(plan(), FIRST, Response.NONE, "", at(date(2026, 11, 13)))
    assert held_checkpoints(held) == 1


def test_a_plan_ends_with_an_outcome_only_after_a_checkpoint() -> None:
    """RP07: nobody can say that a plan did not help before looking at it once."""
    with pytest.raises(InvalidError, match="at least one checkpoint"):
        finish(plan(), Outcome.NOT_HELPED, "", at(FIRST))


def test_a_plan_can_be_abandoned_at_any_time() -> None:
    """No look at it comes first, and why is kept."""
    abandoned = finish(plan(), Outcome.ABANDONED, " Nobody came. ", at(FIRST))
    assert (abandoned.outcome, abandoned.outcome_note) == (Outcome.ABANDONED, "Nobody came.")


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.ABANDONED])
def test_a_plan_that_was_looked_at_has_run_when_it_ends(outcome: Outcome) -> None:
    """RP09: every outcome but abandoning comes after a look at the plan."""
    held = hold_checkpoint(plan(), FIRST, Response.NONE, "", at(FIRST))
    ended = finish(held, outcome, "", at(SECOND))
    assert (held.ended_at, ended.outcome, ended.ended_at) == (None, outcome, at(SECOND))


def test_an_ended_plan_stays_as_it_is() -> None:
    """Late clicks on an ended plan are refused."""
    ended = finish(plan(), Outcome.ABANDONED, "", at(FIRST))
    with pytest.raises(ConflictError, match="ended"):
        finish(ended, Outcome.KEEP, "", at(SECOND))
    with pytest.raises(ConflictError, match="ended"):
        hold_checkpoint(ended, FIRST, Response.GOOD, "", at(SECOND))


def test_the_newest_plan_is_the_one_that_started_last() -> None:
    """With several plans the last one speaks for the client."""
    older = replace(plan(), id="p0", started_at=at(TODAY) - timedelta(days=90))
    assert newest((plan(), older)) == plan()
    assert newest(()) is None


@given(st.lists(st.dates(min_value=date(2026, 11, 3), max_value=date(2027, 11, 3)), max_size=6))
def test_only_two_or_more_rising_days_are_accepted(days: list[date]) -> None:
    """RP07: whatever days are typed in, a plan starts with two or more checkpoints in order, or not at all."""
    fields = check(replace(plan(), checkpoints=tuple(Checkpoint(due_on=day) for day in days)), TODAY)
    assert ("checkpoints" not in fields) == (len(days) >= 2 and days == sorted(set(days)))


def test_what_nobody_can_reach_count_or_carry_is_asked_about() -> None:
    """FG15: fair to ourselves; what can be reached raises no doubt."""
    fair = replace(plan(), target="Two answers out of three within a day")
    perfect = replace(fair, target="Never a late answer", actions=(replace(action(), benchmark="Always in time"),))
    vague = replace(fair, actions=(replace(action(), benchmark="They are happier"),))
    crowded = replace(fair, actions=tuple(action() for _ in range(MOST_AT_ONCE + 1)))
    late = replace(fair, actions=(replace(action(), due_on=SECOND + timedelta(days=1)),))

    assert doubts(fair) == ()
    assert [len(doubts(each)) for each in (replace(fair, target=" "), perfect, vague, crowded, late)] == [1, 2, 1, 1, 1]
    assert doubts(replace(crowded, actions=crowded.actions[1:])) == ()


@pytest.mark.parametrize("language", languages())
def test_our_own_ready_words_can_be_reached_and_counted(language: str) -> None:
    """FG15: what we offer as a measure raises no doubt of ours."""
    for code in ways():
        words = words_of(code, language)
        for benchmark in words.known.values():
            ready = replace(plan(), target=words.target, actions=(replace(action(), benchmark=benchmark),))
            assert doubts(ready) == (), benchmark


@pytest.mark.parametrize(("days", "runs"), [(7, True), (8, False)])
def test_a_plan_stands_still_once_its_checkpoint_was_missed_for_a_week(days: int, *, runs: bool) -> None:
    """Until then somebody may be at it; one that has ended is not."""
    held = hold_checkpoint(plan(), FIRST, Response.NONE, "", at(FIRST))
    late = SECOND + timedelta(days=days)
    assert (runs_on(held, late), runs_on(finish(held, Outcome.NOT_HELPED, "", at(SECOND)), SECOND)) == (runs, False)


def test_an_extended_plan_without_a_rhythm_goes_on_every_fortnight() -> None:
    """RP09: two more checkpoints, from the last one on, or from today where that has passed."""
    for today, first in ((FIRST, SECOND), (SECOND + timedelta(days=3), SECOND + timedelta(days=3))):
        longer = extend(plan(), today)
        added = [point.due_on for point in longer.checkpoints[2:]]
        assert (longer.ended_at, added) == (None, [first + timedelta(days=14), first + timedelta(days=28)])


@pytest.mark.parametrize(("age", "begun", "good"), [(14, None, True), (15, None, False), (3, 2, False), (3, 4, True)])
def test_a_look_at_ourselves_serves_one_plan_for_a_fortnight(age: int, begun: int | None, *, good: bool) -> None:
    """FG01: older thoughts, or those with which a plan has begun, are thought anew. `begun`: days ago."""
    now = at(SECOND)
    looked = Perspective(
        id="pe1", workspace_id="T1", client_id="k1", ours="We were slow", owed="A call", they_say="No time", by_id="U1",
        at=now - timedelta(days=age),
    )  # fmt: skip
    plans = [] if begun is None else [replace(plan(), started_at=now - timedelta(days=begun))]
    assert usable(looked, plans, now) == (looked if good else None)


def test_our_own_misses_of_ninety_days_stand_before_a_plan() -> None:
    """HS18: newest first; older ones, theirs and what was withdrawn are left out."""
    ours = [miss(days) for days in (1, 89, 90)]
    others = [replace(miss(2), side=Side.THEIRS), replace(miss(3), state=State.WITHDRAWN)]
    assert our_misses([*ours[::-1], *others], TODAY) == ours[:2]


def miss(days: int) -> Signal:
    day = TODAY - timedelta(days=days)
    return Signal(
        id=f"m{days}", workspace_id="T1", client_id="k1", type="our_mistake", side=Side.OURS, source=Source.COMMAND,
        reporter_id="U1", happened_at=at(day), happened_on=day, logged_at=at(day), logged_on=day,
    )  # fmt: skip
