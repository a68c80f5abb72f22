"""Deciding, confirming and reopening: people do it, one after the other (FG19, DC02-DC04, BR13)."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.decisions.deciding import (
    ask_to_reopen,
    confirm,
    confirmable_from,
    decide,
    drop,
    may_confirm,
    reopen,
    why_not_confirm,
    withdraw_reopening,
)
from rules.decisions.decision import Decision, ExceptionKind, Impact
from rules.decisions.gate import Case, GateReport, evaluate
from rules.decisions.plan import Checkpoint, Outcome, Plan, Response
from rules.errors import AmicableError, ConflictError, InvalidError, RefusedError
from rules.health.signal import Side, Signal, Source, State
from rules.workdays import is_working
from tests.examples import examples

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEAM = frozenset({"U1", "U2", "U3"})
CATEGORIES = {
    "slow_reply": "communication",
    "late_payment": "money",
    "rush_request": "expectations",
    "abuse": "respect",
}


def flag(kind: str, happened: datetime, logged: datetime, reporter: str) -> Signal:
    return Signal(
        id=f"{kind}-{happened}-{reporter}",
        workspace_id="T1",
        client_id="k1",
        type=kind,
        side=Side.THEIRS,
        source=Source.COMMAND,
        reporter_id=reporter,
        happened_at=happened,
        happened_on=happened.date(),
        logged_at=logged,
        logged_on=logged.date(),
    )


def considered() -> Decision:
    return Decision(
        id="d1",
        workspace_id="T1",
        client_id="k1",
        origin=Origin.OURS,
        opened_at=MONDAY - 3 * DAY,
        opened_by="U1",
        reason="The plan did not help.",
        perspective="A new team with little time.",
        our_part="We answered late.",
        owed="Nothing",
        impact=Impact(on_work="calmer weeks", on_business="12 % of income", seen_by="U1", seen_at=MONDAY),
        skip_plan_reason="They refused to talk.",
    )


def report(decision: Decision, now: datetime = MONDAY, team: frozenset[str] = TEAM) -> GateReport:
    flags = (
        flag("slow_reply", MONDAY - 9 * DAY, MONDAY - 9 * DAY, "U1"),
        flag("late_payment", MONDAY - 5 * DAY, MONDAY - 5 * DAY, "U2" if len(team) > 1 else "U1"),
    )
    return evaluate(
        Case(
            decision=decision,
            signals=flags,
            plans=(),
            contract=Contract(reviewed=True),
            team_ids=team,
            categories=CATEGORIES,
            now=now,
        )
    )


def decided(confirmer: str = "", team: frozenset[str] = TEAM) -> Decision:
    decision = considered()
    return decide(decision, report(decision, team=team), "U1", "It is time.", MONDAY, confirmer_id=confirmer)


def confirmed() -> Decision:
    taken = decided()
    return confirm(taken, report(taken, MONDAY + HOUR), "U2", MONDAY + HOUR)


def test_a_person_decides_and_the_reason_stays() -> None:
    """FG19: who decided, when and why is on record; nothing is final before it is confirmed."""
    taken = decided("U2")
    assert (taken.decided_by, taken.decided_at, taken.reason, taken.confirmer_id, taken.confirmed_at) == (
        "U1",
        MONDAY,
        "It is time.",
        "U2",
        None,
    )


def test_the_gate_stands_before_the_decision() -> None:
    """A case that is not ready is refused with everything that is still missing."""
    early = replace(considered(), opened_at=MONDAY, our_part="")
    with pytest.raises(RefusedError, match=r"what our part is.* 0 hours; 48 are needed"):
        decide(early, report(early), "U1", "Enough.", MONDAY)


def test_the_reason_may_come_with_the_click() -> None:
    """DC02: the reason is asked for in the last form; blank words are none."""
    silent = replace(considered(), reason="")
    assert decide(silent, report(silent), "U1", "It is time.", MONDAY).reason == "It is time."
    with pytest.raises(InvalidError, match="reason"):
        decide(silent, report(silent), "U1", "  ", MONDAY)


def test_an_old_checklist_opens_nothing() -> None:
    """A checklist drawn before a change, or a minute ago, has to be opened again."""
    decision = considered()
    with pytest.raises(ConflictError, match="changed"):
        decide(replace(decision, our_part="Nothing."), report(decision), "U1", "It is time.", MONDAY)
    with pytest.raises(ConflictError, match="changed"):
        decide(decision, report(decision), "U1", "It is time.", MONDAY + timedelta(minutes=1))
    with pytest.raises(ConflictError, match="changed"):
        confirm(decided(), report(decision), "U2", MONDAY)


def test_nobody_decides_twice() -> None:
    """The second of two people who click at once learns what was decided."""
    with pytest.raises(ConflictError, match=r"already decided on Mon 23 Nov 2026: It is time\."):
        decide(decided(), report(decided()), "U2", "Me too.", MONDAY)
    with pytest.raises(ConflictError, match="already confirmed"):
        confirm(confirmed(), report(confirmed()), "U3", MONDAY)


def test_outsiders_decide_and_confirm_nothing() -> None:
    """Only people who may see the client take part."""
    decision, taken = considered(), decided()
    with pytest.raises(RefusedError, match="may see this client"):
        decide(decision, report(decision), "U9", "It is time.", MONDAY)
    with pytest.raises(RefusedError, match="may see this client"):
        confirm(taken, report(taken), "U9", MONDAY)


@pytest.mark.parametrize("asked", ["U1", "U9"])
def test_the_person_asked_to_confirm_is_another_one_of_the_team(asked: str) -> None:
    """Nobody is asked to confirm themselves, and nobody from outside is asked."""
    with pytest.raises(InvalidError, match="another person"):
        decided(asked)


def test_another_person_confirms_and_the_checklist_is_frozen() -> None:
    """The confirmed decision keeps what the gate said at that moment."""
    final = confirmed()
    assert json.loads(final.snapshot)["passed"]
    assert (final.confirmed_by, final.confirmed_at) == ("U2", MONDAY + HOUR)


def test_the_gate_stands_again_at_the_confirmation() -> None:
    """A flag that was withdrawn in between counts: the decision is not confirmed."""
    taken = decided()
    now = MONDAY + HOUR
    thin = evaluate(
        Case(
            decision=taken,
            signals=(),
            plans=(),
            contract=Contract(reviewed=True),
            team_ids=TEAM,
            categories=CATEGORIES,
            now=now,
        )
    )
    with pytest.raises(RefusedError, match="0 dates"):
        confirm(taken, thin, "U2", now)


@pytest.mark.parametrize(
    ("confirmer", "team", "member", "expected"),
    [
        pytest.param("", {"U1", "U2", "U3"}, "U2", MONDAY, id="nobody asked by name: anybody else at once"),
        pytest.param("U2", {"U1", "U2", "U3"}, "U2", MONDAY, id="the person asked: at once"),
        pytest.param("U2", {"U1", "U2", "U3"}, "U3", MONDAY + 3 * DAY, id="another one: after 3 working days"),
        pytest.param("U2", {"U1", "U2", "U3"}, "U1", MONDAY + 8 * DAY, id="the decider: in the end, 6 working days"),
        pytest.param("", {"U1", "U2", "U3"}, "U1", MONDAY + 3 * DAY, id="the decider: all were silent for 3"),
        pytest.param("U2", {"U1", "U2"}, "U1", MONDAY + 3 * DAY, id="a team of two: after 3 working days"),
        pytest.param("", {"U1"}, "U1", MONDAY + 3 * DAY, id="others were there: their silence is waited for"),
        pytest.param("U9", {"U1", "U2"}, "U2", MONDAY, id="the person asked has left the team"),
    ],
)
def test_who_may_confirm_from_when(confirmer: str, team: set[str], member: str, expected: datetime) -> None:
    """A silent confirmer is replaced by another, and in the end by the decider's own second look."""
    taken = replace(decided(), confirmer_id=confirmer)
    people = frozenset(team)
    assert confirmable_from(taken, member, people, MONDAY) == expected
    moments = [expected - timedelta(seconds=1), expected]
    assert [may_confirm(taken, member, people, now) for now in moments] == [False, True]


def test_a_team_of_one_takes_a_second_look_after_24_hours() -> None:
    """BR13: where nobody else could ever confirm; who only narrowed the circle waits for the others."""
    alone = replace(decided(), had_colleagues=False)
    looks = [confirmable_from(taken, "U1", frozenset({"U1"}), MONDAY) for taken in (alone, decided())]
    assert looks == [MONDAY + DAY, MONDAY + 3 * DAY]


def test_silence_is_counted_in_working_days_of_the_country() -> None:
    """Three working days over Thanksgiving and a weekend end on the Tuesday after."""
    taken = replace(decided("U2"), decided_at=datetime(2026, 11, 25, 10, tzinfo=UTC))
    waits = confirmable_from(taken, "U3", TEAM, MONDAY, lambda day: is_working(day, "US"))
    assert waits == datetime(2026, 12, 1, 10, tzinfo=UTC)


def test_silence_is_counted_by_the_days_on_the_wall() -> None:
    """Decided on Wednesday morning in Auckland, which is Tuesday in UTC: the three days end on Monday, not Saturday."""
    auckland = ZoneInfo("Pacific/Auckland")
    taken = replace(decided("U2"), decided_at=datetime(2026, 11, 25, 9, tzinfo=auckland).astimezone(UTC))
    moments = [datetime(2026, 11, 30, 8, 59, tzinfo=auckland), datetime(2026, 11, 30, 9, tzinfo=auckland)]
    assert [why_not_confirm(taken, "U3", TEAM, now) for now in moments] == [
        "Somebody else was asked to confirm first. If they stay silent you can, from Mon 30 Nov 2026, 09:00.",
        "",
    ]


def test_nothing_is_confirmed_before_it_was_decided_or_after_it_was_dropped() -> None:
    """There is a sentence for each click that comes too early or too late."""
    words = [
        why_not_confirm(considered(), "U2", TEAM, MONDAY),
        why_not_confirm(confirmed(), "U3", TEAM, MONDAY),
        why_not_confirm(decided("U2"), "U1", TEAM, MONDAY),
        why_not_confirm(decided("U2"), "U3", TEAM, MONDAY),
        why_not_confirm(decided("U2"), "U2", TEAM, MONDAY),
    ]
    assert words == [
        "Nothing was decided yet. Open the checklist and decide first.",
        "There is nothing left to confirm.",
        "You decided this yourself. Another person confirms; your own second look opens on Tue 1 Dec 2026, 10:00.",
        "Somebody else was asked to confirm first. If they stay silent you can, from Thu 26 Nov 2026, 10:00.",
        "",
    ]


def test_their_own_notice_is_final_at_once() -> None:
    """When the client ends it nobody has to confirm; the letter becomes an acknowledgement."""
    theirs = replace(considered(), origin=Origin.THEIRS, ends_on=date(2026, 12, 31))
    final = decide(theirs, report(theirs), "U1", "They have hired somebody.", MONDAY)
    assert (final.confirmed_by, final.confirmed_at) == ("U1", MONDAY)


def test_a_consideration_can_be_dropped_until_it_is_final() -> None:
    """Back to active at any time before the confirmation; afterwards it takes a new fact."""
    dropped = drop(decided(), " They called. ", MONDAY)
    assert (dropped.dropped_at, dropped.dropped_reason) == (MONDAY, "They called.")
    with pytest.raises(ConflictError, match="new fact, an owner and 24 hours"):
        drop(confirmed(), "Guilt.", MONDAY)
    with pytest.raises(ConflictError, match="was dropped"):
        decide(dropped, report(dropped), "U1", "Again.", MONDAY)


@pytest.mark.parametrize("fact", ["", "  ", "It is  time.", "we answered late."])
def test_reopening_needs_a_new_fact(fact: str) -> None:
    """DC03, DC04: nothing, or what was known already, reopens nothing."""
    with pytest.raises(InvalidError) as refused:
        ask_to_reopen(confirmed(), fact, "U1", MONDAY)
    assert list(refused.value.fields) == ["fact"]


def test_reopening_needs_an_owner_and_24_hours() -> None:
    """The person who stands for the new fact reopens it a day later, nobody else and not sooner."""
    with pytest.raises(InvalidError, match="who stands for it"):
        ask_to_reopen(confirmed(), "Their manager left.", "", MONDAY)
    asked = ask_to_reopen(confirmed(), "Their manager left.", "U3", MONDAY)
    with pytest.raises(RefusedError, match="stands for the new fact"):
        reopen(asked, "U1", MONDAY + DAY)
    with pytest.raises(ConflictError, match="Tue 24 Nov 2026, 10:00"):
        reopen(asked, "U3", MONDAY + DAY - timedelta(seconds=1))
    back = reopen(asked, "U3", MONDAY + DAY)
    assert (back.dropped_at, back.dropped_reason) == (MONDAY + DAY, "Their manager left.")


def test_reopening_is_asked_for_once() -> None:
    """A second question doesn't move the day; a withdrawn one is gone; only what is final is reopened."""
    asked = ask_to_reopen(confirmed(), "Their manager left.", "U3", MONDAY)
    with pytest.raises(ConflictError, match="already asked"):
        ask_to_reopen(asked, "They doubled the budget.", "U2", MONDAY)
    with pytest.raises(ConflictError, match="Nobody asked"):
        reopen(withdraw_reopening(asked), "U3", MONDAY + DAY)
    with pytest.raises(ConflictError, match="Drop it, and it is as if"):
        ask_to_reopen(decided(), "Their manager left.", "U3", MONDAY)


# --- no sequence of clicks, retries or races --------------------------------------------------------------------


@dataclass
class World:
    """Everything that a case is drawn from, at one moment."""

    decision: Decision
    signals: tuple[Signal, ...]
    plans: tuple[Plan, ...]
    contract: Contract
    team: frozenset[str]
    now: datetime

    def report(self) -> GateReport:
        return evaluate(
            Case(
                decision=self.decision,
                signals=self.signals,
                plans=self.plans,
                contract=self.contract,
                team_ids=self.team,
                categories=CATEGORIES,
                now=self.now,
            )
        )


def is_fair(world: World) -> bool:
    """Design section 5 in other words, to hold the gate against."""
    live = [each for each in world.signals if each.state is State.LIVE]
    decision = world.decision
    impact = decision.impact
    always = bool(
        decision.reason
        and decision.perspective
        and decision.our_part
        and impact
        and impact.on_work
        and world.contract.reviewed
    )
    abuse = (
        decision.exception is ExceptionKind.ABUSE
        and bool(decision.exception_reason)
        and any(each.type == "abuse" for each in live)
    )
    if abuse:
        return always
    logged = [(each.logged_at, each.logged_on) for each in live]
    spread = any(b[0] - a[0] >= 20 * HOUR and a[1] != b[1] for a in logged for b in logged)
    people = {each.reporter_id for each in live}
    last = world.plans[-1] if world.plans else None
    plan = bool(decision.skip_plan_reason) or (last is not None and last.outcome is Outcome.NOT_HELPED)
    return (
        always
        and spread
        and plan
        and len({each.happened_on for each in live}) > 1
        and len({CATEGORIES[each.type] for each in live}) > 1
        and len(people) >= min(2, len(world.team))
        and world.now - decision.opened_at >= 48 * HOUR
    )


SCREENS = st.sampled_from([0, 1, 99, 99, 99])


class ClicksAndRaces(RuleBasedStateMachine):
    """People log, withdraw, answer, decide and confirm in any order, from screens of any age."""

    def __init__(self) -> None:
        super().__init__()
        decision = Decision(
            id="d1", workspace_id="T1", client_id="k1", origin=Origin.OURS, opened_at=MONDAY, opened_by="U1"
        )
        self.world = World(decision, (), (), Contract(), TEAM, MONDAY)
        self.screens: list[GateReport] = []
        self.fair_when_decided = False
        self.fair_when_confirmed = False

    @initialize(
        missing=st.sets(st.sampled_from(["dates", "kinds", "people", "answers", "contract", "plan"]), max_size=2)
    )
    def begin(self, missing: set[str]) -> None:
        """Nearly fair, so that the clicks come close to both sides of every rule."""
        now, world = MONDAY, self.world
        world.signals = (
            flag("slow_reply", now - 9 * DAY, now - 9 * DAY, "U1"),
            flag(
                "slow_reply" if "kinds" in missing else "late_payment",
                now - (9 if "dates" in missing else 2) * DAY,
                now - 8 * DAY,
                "U1" if "people" in missing else "U2",
            ),
        )
        if "answers" not in missing:
            self.everything_is_answered()
        if "plan" not in missing:
            self.a_plan_follows(Outcome.NOT_HELPED)
        world.contract = Contract(reviewed="contract" not in missing)

    @rule(hours=st.sampled_from([1, 19, 24, 49, 100]))
    def time_passes(self, hours: int) -> None:
        self.world.now += hours * HOUR

    @rule(
        kind=st.sampled_from(sorted(CATEGORIES)),
        days_ago=st.integers(0, 3),
        reporter=st.sampled_from(["U1", "U2", "U3"]),
    )
    def somebody_logs_a_flag(self, kind: str, days_ago: int, reporter: str) -> None:
        now = self.world.now
        self.world.signals += (flag(kind, now - days_ago * DAY, now, reporter),)

    @rule(which=st.integers(0, 9))
    def somebody_withdraws_a_flag(self, which: int) -> None:
        self.world.signals = tuple(
            replace(each, state=State.WITHDRAWN) if number == which else each
            for number, each in enumerate(self.world.signals)
        )

    @rule(
        answers=st.fixed_dictionaries(
            {},
            optional={
                "perspective": st.sampled_from(["", "too busy"]),
                "our_part": st.sampled_from(["", "often late"]),
                "impact": st.sampled_from(
                    [None, Impact(on_work="calm weeks", on_business="very little", seen_by="U1", seen_at=MONDAY)]
                ),
                "skip_plan_reason": st.sampled_from(["", "they refused"]),
                "exception": st.sampled_from([None, ExceptionKind.ABUSE, ExceptionKind.NON_PAYMENT]),
                "exception_reason": st.sampled_from(["", "mail"]),
            },
        )
    )
    def somebody_answers(self, answers: dict[str, Any]) -> None:
        """Forms write only while nothing is decided, as the services do."""
        if self.world.decision.decided_at is None:
            self.world.decision = replace(self.world.decision, **answers)

    @rule()
    def everything_is_answered(self) -> None:
        self.somebody_answers(
            {
                "perspective": "too busy",
                "our_part": "often late",
                "impact": Impact(on_work="calm weeks", on_business="very little", seen_by="U1", seen_at=MONDAY),
            }
        )
        self.world.contract = Contract(reviewed=True)

    @rule(reviewed=st.sampled_from([True, True, False]))
    def the_contract_changes(self, reviewed: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
        self.world.contract = Contract(reviewed=reviewed)

    @rule(outcome=st.sampled_from([None, Outcome.ABANDONED, Outcome.NOT_HELPED]))
    def a_plan_follows(self, outcome: Outcome | None) -> None:
        now = self.world.now
        held = Checkpoint(due_on=now.date(), held_on=now.date(), response=Response.NONE)
        self.world.plans += (
            Plan(
                id=f"p{len(self.world.plans)}",
                workspace_id="T1",
                client_id="k1",
                goal="g",
                concerns=(),
                actions=(),
                checkpoints=(held,),
                started_at=now + timedelta(seconds=len(self.world.plans)),
                started_by="U1",
                outcome=outcome,
                ended_at=now if outcome else None,
            ),
        )

    @rule(team=st.sampled_from([TEAM, frozenset({"U1"}), frozenset({"U1", "U2"})]))
    def the_team_changes(self, team: frozenset[str]) -> None:
        self.world.team = team

    @rule()
    def somebody_opens_the_checklist(self) -> None:
        self.screens.append(self.world.report())

    def _report(self, screen: int) -> GateReport:
        """The current report, or one from an old screen that somebody still has open."""
        return self.screens[screen] if screen < len(self.screens) else self.world.report()

    @rule(by=st.sampled_from(["U1", "U1", "U2", "U9"]), reason=st.sampled_from(["", "time"]), screen=SCREENS)
    def somebody_decides(self, by: str, reason: str, screen: int) -> None:
        try:
            decision = decide(self.world.decision, self._report(screen), by, reason, self.world.now)
        except AmicableError:
            return
        self.world.decision = decision
        self.fair_when_decided = is_fair(self.world) and by in self.world.team

    @rule()
    def the_usual_person_decides(self) -> None:
        self.world.now += 49 * HOUR
        self.somebody_decides("U1", "time", 99)

    @rule(by=st.sampled_from(["U1", "U2", "U3", "U9"]), screen=SCREENS)
    def somebody_confirms(self, by: str, screen: int) -> None:
        before = self.world.decision
        try:
            decision = confirm(before, self._report(screen), by, self.world.now)
        except AmicableError:
            return
        self.world.decision = decision
        waited = self.world.now - (before.decided_at or self.world.now)
        second_look = by == before.decided_by and waited >= (24 if self.world.team == {by} else 72) * HOUR
        self.fair_when_confirmed = (
            is_fair(self.world) and by in self.world.team and (by != before.decided_by or second_look)
        )

    @rule(hours=st.sampled_from([1, 25, 80]), by=st.sampled_from(["U1", "U2"]))
    def somebody_confirms_in_time(self, hours: int, by: str) -> None:
        self.world.now += hours * HOUR
        self.somebody_confirms(by, 99)

    @rule(by=st.sampled_from(["U1", "U3"]), fact=st.sampled_from(["", "time", "new boss"]))
    def somebody_wants_to_stay(self, by: str, fact: str) -> None:
        decision = self.world.decision
        with suppress(AmicableError):
            self.world.decision = drop(decision, "guilt", self.world.now) if decision.confirmed_at else decision
        with suppress(AmicableError):
            self.world.decision = decision if decision.reopening else reopen(decision, by, self.world.now)
        with suppress(AmicableError):
            self.world.decision = ask_to_reopen(decision, fact, by, self.world.now)

    @invariant()
    def nothing_is_decided_unfairly(self) -> None:
        decision = self.world.decision
        assert not decision.decided_at or self.fair_when_decided
        assert not decision.confirmed_at or (decision.decided_at and self.fair_when_confirmed)

    @invariant()
    def guilt_reopens_nothing(self) -> None:
        assert self.world.decision.dropped_at is None


TestClicksAndRaces: Any = ClicksAndRaces.TestCase
TestClicksAndRaces.settings = examples(250, stateful_step_count=50)
