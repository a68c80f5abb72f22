"""The gate before a decision to end: each check, each exception, each origin (FG01-FG19, DC01-DC09)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.decisions.decision import Decision, ExceptionKind, Impact
from rules.decisions.gate import SKIPPED_PLAN, Case, CheckState, evaluate, snapshot
from rules.decisions.living import OpenInvoice, living_flags
from rules.decisions.plan import Checkpoint, Concern, Outcome, Plan, Response
from rules.health.catalogue import Catalogue
from rules.health.signal import Severity, Side, Signal, Source, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CATEGORIES = {"slow_reply": "communication", "late_payment": "money", "abuse": "respect", "gut": "gut"}
IMPACT = Impact(on_work="Calmer weeks", on_business="12 % of income", seen_by="U1", seen_at=NOW)
MET, WAIVED = CheckState.MET, CheckState.WAIVED


def flag(kind: str, days_ago: int, reporter: str = "U1", logged_days_ago: int | None = None) -> Signal:
    happened = NOW - timedelta(days=days_ago)
    logged = NOW - timedelta(days=days_ago if logged_days_ago is None else logged_days_ago)
    return Signal(
        id=f"{kind}-{days_ago}-{reporter}",
        workspace_id="T1",
        client_id="k1",
        type=kind,
        side=Side.THEIRS,
        severity=Severity.RED,
        source=Source.COMMAND,
        reporter_id=reporter,
        happened_at=happened,
        happened_on=happened.date(),
        logged_at=logged,
        logged_on=logged.date(),
    )


def run_plan() -> Plan:
    return Plan(
        id="p1",
        workspace_id="T1",
        client_id="k1",
        goal="g",
        concerns=(),
        actions=(),
        checkpoints=(
            Checkpoint(due_on=date(2026, 11, 2), held_on=date(2026, 11, 2), response=Response.NONE),
            Checkpoint(due_on=date(2026, 11, 16), held_on=date(2026, 11, 16), response=Response.NONE),
        ),
        started_at=NOW - timedelta(days=30),
        started_by="U1",
        outcome=Outcome.NOT_HELPED,
        ended_at=NOW - timedelta(days=3),
    )


def case() -> Case:
    """Everything that our own decision needs."""
    decision = Decision(
        id="d1",
        workspace_id="T1",
        client_id="k1",
        origin=Origin.OURS,
        opened_at=NOW - timedelta(hours=48),
        opened_by="U1",
        reason="The plan did not help.",
        perspective="They have a new team and little time.",
        our_part="We answered late in September.",
        owed="Nothing",
        impact=IMPACT,
    )
    return Case(
        decision=decision,
        signals=(flag("slow_reply", 10, "U1"), flag("late_payment", 3, "U2")),
        plans=(run_plan(),),
        contract=Contract(reviewed=True),
        team_ids=frozenset({"U1", "U2", "U3"}),
        categories=CATEGORIES,
        now=NOW,
        team_size=3,
        largest_team=3,
    )


def states(changed: Case) -> dict[str, CheckState]:
    return {check.code: check.state for check in evaluate(changed).checks}


def unmet(changed: Case) -> list[str]:
    return [check.code for check in evaluate(changed).unmet]


def about(changed: Case, **answers: object) -> Case:
    return replace(changed, decision=replace(changed.decision, **answers))  # type: ignore[arg-type]  # any field


def test_a_fair_case_passes_with_every_check_met() -> None:
    """Two dates, two kinds, two reporters, a plan, the contract, the impact and two days: the gate opens."""
    report = evaluate(case())
    assert report.passed
    assert [check.code for check in report.checks if check.state is MET] == [
        "dates", "logged", "categories", "reporters", "pinks", "perspective", "plan", "contract", "impact",
        "cooling_off", "reason",
    ]  # fmt: skip


def aged(plan: Plan, days: int) -> Plan:
    ended = NOW - timedelta(days=days)
    return replace(plan, started_at=ended - timedelta(days=30), ended_at=ended)


def once_held(plan: Plan) -> Plan:
    return replace(plan, checkpoints=(plan.checkpoints[0], replace(plan.checkpoints[1], held_on=None)))


def with_flags(*flags: Signal) -> Callable[[Case], Case]:
    return lambda fair: replace(fair, signals=flags)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(with_flags(), ["dates", "logged", "categories", "reporters"], id="no flag at all"),
        pytest.param(with_flags(flag("slow_reply", 3), flag("late_payment", 3, "U2")), ["dates", "logged"],
                     id="FG09 one bad day"),
        pytest.param(with_flags(flag("slow_reply", 10, logged_days_ago=1), flag("late_payment", 3, "U2", 1)),
                     ["logged"], id="FG02 all written down in one sitting"),
        pytest.param(with_flags(flag("slow_reply", 10), flag("slow_reply", 3, "U2")), ["categories"],
                     id="FG09 one kind"),
        pytest.param(with_flags(flag("slow_reply", 10), flag("gut", 3, "U2")), ["categories"],
                     id="RF41 a gut feeling is no second kind"),
        pytest.param(with_flags(flag("slow_reply", 10), flag("unsorted", 3, "U2")),
                     ["dates", "logged", "categories", "reporters"], id="a note without a type says nothing"),
        pytest.param(with_flags(flag("slow_reply", 200), flag("late_payment", 190, "U2")),
                     ["dates", "logged", "categories", "reporters"], id="what is long over"),
        pytest.param(with_flags(*(replace(flag("slow_reply", day), severity=Severity.PINK) for day in (9, 7, 5)),
                     replace(flag("late_payment", 3, "U2"), severity=Severity.PINK)), ["pinks"],
                     id="RF33 four early warnings"),
        pytest.param(lambda fair: about(fair, our_part="..."), ["perspective"], id="FG03 dots are no answer"),
        pytest.param(lambda fair: replace(fair, plans=(aged(run_plan(), 366),)), ["plan"], id="a plan of last year"),
        pytest.param(lambda fair: replace(fair, plans=(replace(run_plan(), started_at=NOW - timedelta(days=23)),)),
                     ["plan"], id="a plan of 20 days"),
        pytest.param(lambda fair: replace(fair, plans=(once_held(run_plan()),)), ["plan"], id="RP07 one checkpoint"),
        pytest.param(lambda fair: replace(fair, plans=(replace(run_plan(), outcome=Outcome.KEEP),)), ["plan"],
                     id="a plan that helped"),
        pytest.param(with_flags(flag("slow_reply", 10), flag("late_payment", 3)), ["reporters"], id="HS17 one person"),
        pytest.param(lambda fair: about(fair, perspective=" "), ["perspective"], id="FG06 their view"),
        pytest.param(lambda fair: about(fair, owed="-"), ["perspective"], id="FG01 what we owe them"),
        pytest.param(lambda fair: about(fair, our_part=""), ["perspective"], id="FG03 our part"),
        pytest.param(lambda fair: replace(fair, plans=()), ["plan"], id="FG16 no plan"),
        pytest.param(lambda fair: replace(fair, plans=(replace(run_plan(), outcome=None, ended_at=None),)), ["plan"],
                     id="FG16 plan still running"),
        pytest.param(lambda fair: replace(fair, plans=(replace(run_plan(), outcome=Outcome.ABANDONED),)), ["plan"],
                     id="FG16 plan abandoned"),
        pytest.param(lambda fair: replace(fair, plans=(run_plan(), replace(run_plan(), id="p2", started_at=NOW,
                     outcome=None, ended_at=None))), ["plan"], id="FG16 a newer plan still runs"),
        pytest.param(lambda fair: replace(fair, contract=Contract()), ["contract"], id="CN01 contract not read"),
        pytest.param(lambda fair: about(fair, impact=None), ["impact"], id="FG12 impact not seen"),
        pytest.param(lambda fair: about(fair, impact=replace(IMPACT, on_business=" ")), ["impact"],
                     id="FG13 business not weighed"),
        pytest.param(lambda fair: replace(fair, now=NOW - timedelta(seconds=1)), ["cooling_off"],
                     id="FG10 a second short of 48 hours"),
        pytest.param(lambda fair: about(fair, reason="  "), ["reason"], id="DC02 no reason"),
    ],
)  # fmt: skip
def test_each_missing_rule_keeps_the_gate_shut(change: Callable[[Case], Case], expected: list[str]) -> None:
    """Take one thing away from a fair case and exactly that is asked for."""
    assert unmet(change(case())) == expected


def test_only_their_live_flags_count() -> None:
    """Withdrawn and excused notes, praise and our own misses never speak for ending."""
    fair = case()
    others = [
        replace(fair.signals[1], state=State.WITHDRAWN),
        replace(fair.signals[1], state=State.EXCUSED),
        replace(fair.signals[1], side=Side.PRAISE),
        replace(fair.signals[1], side=Side.OURS),
    ]
    results = [unmet(replace(fair, signals=(fair.signals[0], other))) for other in others]
    assert results == [["dates", "logged", "categories", "reporters"]] * 4


def test_flags_of_two_evenings_need_twenty_hours_between() -> None:
    """One minute before and one after midnight are two dates, but one mood."""
    fair = case()
    late = replace(fair.signals[0], logged_at=datetime(2026, 11, 20, 16, 1, tzinfo=UTC), logged_on=date(2026, 11, 20))
    hours = [19, 20]
    results = [
        unmet(
            replace(
                fair,
                signals=(
                    late,
                    replace(
                        fair.signals[1],
                        logged_at=late.logged_at + timedelta(hours=between),
                        logged_on=date(2026, 11, 21),
                    ),
                ),
            )
        )
        for between in hours
    ]
    assert results == [["logged"], []]


def test_a_witness_is_a_reporter_too() -> None:
    """Somebody who added the same flag to the same message has seen it as well."""
    fair = case()
    seen = (replace(fair.signals[0], witness_ids=("U2",)), replace(fair.signals[1], reporter_id="U1"))
    assert unmet(replace(fair, signals=seen)) == []


def test_a_team_of_one_needs_one_reporter() -> None:
    """BR13: a freelancer is not asked for a second pair of eyes that does not exist."""
    fair = replace(case(), team_size=1, largest_team=1)
    alone = tuple(replace(each, reporter_id="U1") for each in fair.signals)
    assert unmet(replace(fair, signals=alone)) == []


def test_a_plan_can_be_skipped_with_a_reason_that_is_shown() -> None:
    """FG16: the reason to skip stands on the checklist for whoever confirms."""
    report = evaluate(about(replace(case(), plans=()), skip_plan_reason="They refused to talk."))
    waived = [(check.code, check.exception) for check in report.checks if check.state is WAIVED]
    assert (report.passed, waived) == (True, [("plan", SKIPPED_PLAN)])


def test_no_written_contract_is_an_answer() -> None:
    """CN01: what can't be silent may be "none written"."""
    assert unmet(replace(case(), contract=Contract(none_written=True))) == []


def test_the_explanations_carry_the_figures() -> None:
    """The checklist says how far along each rule is."""
    fair = replace(case(), signals=(flag("slow_reply", 3),), now=NOW - timedelta(hours=8))
    words = {check.code.value: check.explanation for check in evaluate(fair).checks}
    assert "on 1 date; 2 are needed" in words["dates"]
    assert "1 kind (communication)" in words["categories"]
    assert "1 person; 2 needed in a team of 3" in words["reporters"]
    assert "2 checkpoints held" in words["plan"]
    assert "40 hours; 48 are needed" in words["cooling_off"]


def test_a_pattern_keeps_old_dates_alive() -> None:
    """Three dates of a type, each within 90 days of the next, the last within 180: it goes on."""
    ongoing = [flag("slow_reply", days) for days in (330, 250, 170)]
    broken = [flag("slow_reply", days) for days in (331, 240, 149)]
    found = [
        [each.happened_on for each in living_flags(flags, NOW.date())]
        for flags in (ongoing, broken, ongoing[1:], [flag("slow_reply", days) for days in (341, 261, 181)])
    ]
    assert list(map(len, found)) == [3, 1, 1, 0]


def test_a_plan_that_helped_counts_once_what_it_was_about_came_back() -> None:
    """FG16: a concern names the types of its notes."""
    concern = Concern(id="c1", text="Answers", types=("slow_reply",))
    helped = replace(run_plan(), outcome=Outcome.KEEP, concerns=(concern,), ended_at=NOW - timedelta(days=5))
    flags = case().signals
    back = [(*flags, flag(kind, 2)) for kind in ("late_payment", "slow_reply")]
    assert [unmet(replace(case(), plans=(helped,), signals=each)) for each in back] == [["plan"], []]


@pytest.mark.parametrize(("days", "left"), [(20, ["plan"]), (21, [])])
def test_a_plan_counts_from_three_weeks_on(days: int, left: list[str]) -> None:
    """FG16: one that was begun to have had one is no try."""
    ended = NOW - timedelta(days=3)
    plan = replace(run_plan(), started_at=ended - timedelta(days=days), ended_at=ended)
    assert unmet(replace(case(), plans=(plan,))) == left


def test_early_warnings_alone_take_five_of_them() -> None:
    """RF33: four small warnings are no case; with a fifth, or one red flag among them, they are."""
    found = [(10, "U1", "slow_reply"), (9, "U2", "late_payment"), (7, "U1", "slow_reply"), (5, "U2", "late_payment")]
    pinks = [
        replace(flag(kind, ago, who), severity=Severity.PINK) for ago, who, kind in (*found, (3, "U1", "slow_reply"))
    ]
    four, five = (replace(case(), signals=tuple(some)) for some in (pinks[:4], pinks))
    one_red = replace(case(), signals=(*pinks[:3], flag("late_payment", 5, "U2")))

    assert [unmet(each) for each in (four, five, one_red)] == [["pinks"], [], []]


def test_an_imported_list_is_one_pair_of_eyes_and_one_sitting() -> None:
    """Whatever names and days stand in a file, it moves no check by itself."""
    fair = case()
    listed = tuple(replace(each, source=Source.IMPORT) for each in fair.signals)
    assert unmet(replace(fair, signals=listed)) == ["logged", "reporters"]


def test_a_team_that_shrank_is_counted_at_its_largest_and_the_checklist_says_so() -> None:
    """Neither leaving a channel nor a narrower view makes one person enough."""
    shrunk = replace(case(), team_size=1, signals=(flag("slow_reply", 10), flag("late_payment", 3)))
    words = {check.code.value: check.explanation for check in evaluate(shrunk).checks}
    assert unmet(shrunk) == ["reporters"]
    assert "2 needed in a team of 3, which has shrunk to 1" in words["reporters"]


def test_skipped_is_never_said_of_a_plan_that_runs() -> None:
    """Whoever confirms reads that it runs, and why it is not waited for."""
    running = replace(run_plan(), outcome=None, ended_at=None)
    report = evaluate(about(replace(case(), plans=(running,)), skip_plan_reason="They refused to talk."))
    words = {check.code.value: check.explanation for check in report.checks}["plan"]
    assert ("still runs" in words, "skip" in words.casefold()) == (True, False)


# --- exceptions ----------------------------------------------------------------------------------------------------


def fresh(kind: ExceptionKind, *flags: Signal, **answers: object) -> Case:
    """A case of today: nothing but the exception speaks for it."""
    bare = replace(case(), signals=flags, plans=())
    known = {"opened_at": NOW, "exception": kind, "exception_reason": "See the mail of 20 November.", **answers}
    return about(bare, **known)


def owing(days: int, *flags: Signal, **answers: object) -> Case:
    """An invoice that was due so many days ago."""
    open_invoice = OpenInvoice(number="2041", due_on=(NOW - timedelta(days=days)).date())
    return replace(fresh(ExceptionKind.NON_PAYMENT, *flags, **answers), unpaid=(open_invoice,))


@pytest.mark.parametrize("kind", ["abuse", "gaslighting"])
def test_abuse_opens_the_gate_at_once(kind: str) -> None:
    """FG14: abuse waives dates, kinds, reporters, plan and the two days, and says so at each."""
    report = evaluate(fresh(ExceptionKind.ABUSE, flag(kind, 0)))
    waived = {check.code for check in report.checks if check.state is WAIVED and check.exception == "abuse"}
    assert (report.passed, waived) == (
        True,
        {"dates", "logged", "categories", "reporters", "plan", "cooling_off"},
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"reason": ""}, ["reason"]),
        ({"perspective": ""}, ["perspective"]),
        ({"impact": None}, ["impact"]),
    ],
)
def test_abuse_never_waives_the_rest(answers: dict[str, object], expected: list[str]) -> None:
    """Reason, perspective, contract and impact are asked for even then."""
    assert unmet(fresh(ExceptionKind.ABUSE, flag("abuse", 0), **answers)) == expected
    assert unmet(replace(fresh(ExceptionKind.ABUSE, flag("abuse", 0)), contract=Contract())) == ["contract"]


@pytest.mark.parametrize(
    ("claimed", "words"),
    [
        pytest.param(fresh(ExceptionKind.ABUSE, flag("slow_reply", 0)), "Log it first", id="no such note"),
        pytest.param(
            fresh(ExceptionKind.ABUSE, replace(flag("abuse", 0), state=State.WITHDRAWN)), "Log it first", id="withdrawn"
        ),
        pytest.param(
            fresh(ExceptionKind.ABUSE, flag("abuse", 0), exception_reason=" "), "needs its evidence", id="no evidence"
        ),
        pytest.param(fresh(ExceptionKind.NON_PAYMENT, flag("late_payment", 90)), "No invoice is unpaid", id="all paid"),
        pytest.param(
            fresh(ExceptionKind.ABUSE, replace(flag("abuse", 0), guessed=True)), "Log it first", id="only a guess"
        ),
        pytest.param(
            fresh(ExceptionKind.ABUSE, replace(flag("abuse", 200), reviewed_at=NOW - timedelta(days=190))),
            "Log it first",
            id="reviewed and long over",
        ),
        pytest.param(
            owing(29, flag("late_payment", 29), reminded_on=date(2026, 11, 10)),
            "overdue for 29 days",
            id="not late enough",
        ),
        pytest.param(owing(30, flag("late_payment", 30)), "reminded", id="never reminded"),
        pytest.param(
            owing(30, flag("late_payment", 30), reminded_on=date(2026, 10, 1)),
            "between",
            id="reminded before it was late",
        ),
        pytest.param(
            owing(30, flag("late_payment", 30), reminded_on=date(2026, 11, 24)),
            "between",
            id="reminded tomorrow",
        ),
    ],
)
def test_an_exception_without_its_evidence_waives_nothing(claimed: Case, words: str) -> None:
    """Naming an exception is not enough: what it rests on has to be there."""
    report = evaluate(claimed)
    assert words in report.exception_fault
    assert [check.code for check in report.checks if check.state is WAIVED] == []


def test_non_payment_waives_the_flags_and_the_plan_only() -> None:
    """FG14: unpaid today, 30 days overdue and reminded once; the two days stay, and money that comes ends it."""
    claimed = owing(30, reminded_on=date(2026, 11, 1), opened_at=NOW - timedelta(hours=48))
    report = evaluate(claimed)
    waived = {check.code for check in report.checks if check.state is WAIVED}
    assert (report.passed, waived) == (True, {"dates", "logged", "categories", "reporters", "plan"})
    assert unmet(about(claimed, opened_at=NOW)) == ["cooling_off"]
    assert unmet(replace(claimed, unpaid=())) == ["dates", "logged", "categories", "reporters", "plan"]


def test_what_is_met_anyway_is_not_called_waived() -> None:
    """An exception shows only where it was needed."""
    claimed = about(case(), exception=ExceptionKind.ABUSE, exception_reason="Mail of 20 November.")
    claimed = replace(claimed, signals=(*claimed.signals, flag("abuse", 1)))
    assert set(states(claimed).values()) == {MET}


# --- origins -------------------------------------------------------------------------------------------------------


def test_nobodys_fault_needs_no_flags_and_no_plan() -> None:
    """RF39, RF40: reason and impact stand in for them; perspective, contract and the two days stay."""
    calm = about(replace(case(), signals=(), plans=()), origin=Origin.NOBODYS_FAULT)
    assert list(states(calm)) == ["perspective", "contract", "impact", "cooling_off", "reason"]
    assert unmet(calm) == []
    assert unmet(about(calm, opened_at=NOW, impact=None)) == ["impact", "cooling_off"]


def test_their_own_notice_needs_their_date_only() -> None:
    """When the client ends it there is nothing to weigh, but the day that they named is on record."""
    theirs = about(replace(case(), signals=(), plans=(), contract=Contract()), origin=Origin.THEIRS, impact=None)
    assert unmet(theirs) == ["their_date"]
    assert unmet(about(theirs, ends_on=date(2026, 12, 31))) == []


@pytest.mark.parametrize(
    ("answers", "signals", "expected"),
    [
        ({}, (), []),
        ({}, (flag("slow_reply", 28),), []),
        ({}, (flag("slow_reply", 27),), ["quiet"]),
        ({"work_finished": False}, (), ["open_work"]),
        ({"all_paid": False}, (), ["debts"]),
        ({"reason": ""}, (), ["reason"]),
    ],
)
def test_a_natural_fade_needs_quiet_weeks_and_no_debts(
    answers: dict[str, object], signals: tuple[Signal, ...], expected: list[str]
) -> None:
    """RF43: no open work, no open balance, four quiet weeks."""
    stated = {"origin": Origin.NATURAL_FADE, "work_finished": True, "all_paid": True, **answers}
    assert unmet(about(replace(case(), signals=signals, plans=()), **stated)) == expected


def test_an_unpaid_invoice_is_no_natural_fade() -> None:
    """RF43: what somebody says does not outweigh an invoice that waits for its money."""
    stated = {"origin": Origin.NATURAL_FADE, "work_finished": True, "all_paid": True}
    assert unmet(
        about(replace(case(), signals=(), plans=(), unpaid=(OpenInvoice(number="2041", due_on=NOW.date()),)), **stated)
    ) == ["debts"]


# --- the snapshot and the catalogue --------------------------------------------------------------------------------


def test_the_snapshot_keeps_every_line() -> None:
    """What the gate said when it was passed can be read a year later."""
    report = evaluate(case())
    frozen = json.loads(snapshot(report))
    assert (frozen["passed"], frozen["at"]) == (True, "2026-11-23T12:00:00+00:00")
    assert [row["code"] for row in frozen["checks"]] == [check.code for check in report.checks]


def test_the_types_of_the_exceptions_are_in_the_catalogue(catalogue: Catalogue) -> None:
    """The exceptions rest on types that people can really log."""
    known = {
        kind: catalogue.type(kind).category for kind in ("abuse", "gaslighting", "late_payment", "gut", "unsorted")
    }
    assert known == {
        "abuse": "respect",
        "gaslighting": "respect",
        "late_payment": "money",
        "gut": "gut",
        "unsorted": "unsorted",
    }
