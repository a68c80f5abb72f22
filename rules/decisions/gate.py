"""The gate before a decision to end: each check is met, not met, or waived by a named exception (design section 5).

Nothing here decides: a report says what holds at one moment, `deciding` lets a person act on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.decisions.decision import CheckCode, Decision, ExceptionKind
from rules.decisions.living import (
    OpenInvoice,
    calls_to_act,
    living_flags,
    non_payment_fault,
    ran_in_vain,
    reporters,
    says_something,
    times_of_logging,
    why_not_tried,
)
from rules.decisions.plan import Plan
from rules.decisions.planning import held_checkpoints, newest
from rules.health.signal import Severity, Signal
from rules.sentences import Sentence
from rules.workdays import day_name

MIN_DATES = 2
MIN_CATEGORIES = 2
MIN_REPORTERS = 2
MIN_PINKS = 5
LOGGED_APART = timedelta(hours=20)
COOLING_OFF = timedelta(hours=48)
QUIET = timedelta(weeks=4)

# RF41: a gut feeling is never decisive, and a note without a type says nothing about what it is.
NO_CATEGORY = frozenset({"", "gut", "unsorted"})

SKIPPED_PLAN = "skipped plan"


_OF_FLAGS = frozenset({CheckCode.DATES, CheckCode.LOGGED, CheckCode.CATEGORIES, CheckCode.REPORTERS})
WAIVED_BY: Mapping[ExceptionKind, frozenset[CheckCode]] = {
    ExceptionKind.ABUSE: _OF_FLAGS | {CheckCode.PINKS, CheckCode.PLAN, CheckCode.COOLING_OFF},
    ExceptionKind.NON_PAYMENT: _OF_FLAGS | {CheckCode.PLAN},
}


class CheckState(StrEnum):
    """What a check came to."""

    MET = "met"
    NOT_MET = "not_met"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist. `exception` names what waived it."""

    code: CheckCode
    state: CheckState
    explanation: str
    exception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that the gate looks at. `categories` is type -> category; `team_ids` may see the client, the decider too.

    `now` is in the workspace's time zone, so that its date is the date people have on the wall. `unpaid` are the
    invoices that wait for their money. `team_size` is how many of ours work with the client; `largest_team` how many
    did while this was considered, which is what counts.
    """

    decision: Decision
    signals: tuple[Signal, ...]
    plans: tuple[Plan, ...]
    contract: Contract
    team_ids: frozenset[str]
    categories: Mapping[str, str]
    now: datetime
    unpaid: tuple[OpenInvoice, ...] = ()
    team_size: int = 1
    largest_team: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """What the gate says at `at` about exactly this `decision` and this team.

    `exception_fault` says why the exception that was named does not hold.
    """

    decision: Decision
    team_ids: frozenset[str]
    at: datetime
    checks: tuple[Check, ...]
    exception_fault: str = ""

    @property
    def unmet(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state is CheckState.NOT_MET)

    @property
    def passed(self) -> bool:
        return not self.unmet


def evaluate(case: Case) -> GateReport:
    """The report for this moment, with the checks that belong to the decision's origin."""
    checks = _CHECKS_OF[case.decision.origin]
    kind, fault = case.decision.exception, exception_fault(case)
    waived = WAIVED_BY[kind] if kind and not fault else frozenset()
    return GateReport(
        decision=case.decision,
        team_ids=case.team_ids,
        at=case.now,
        checks=tuple(_waive(check, kind, waived) for check in checks(case)),
        exception_fault=fault,
    )


def snapshot(report: GateReport) -> str:
    """The report as JSON, to be frozen on the decision when it passed."""
    rows = [
        {"code": row.code, "state": row.state, "explanation": row.explanation, "exception": row.exception}
        for row in report.checks
    ]
    return json.dumps({"at": report.at.isoformat(), "passed": report.passed, "checks": rows})


def exception_fault(case: Case) -> str:
    """Why the exception that the decision names does not hold (FG14); empty when it holds or none is named."""
    kind = case.decision.exception
    if kind is None:
        return ""
    if not says_something(case.decision.exception_reason):
        return "Say what happened and where it can be seen: an exception needs its evidence."
    if kind is ExceptionKind.ABUSE:
        found = calls_to_act(case.signals, case.now.date())
        return "" if found else "There is no live note about abuse or gaslighting. Log it first."
    return non_payment_fault(case.unpaid, case.decision.reminded_on, case.now.date())


def _waive(check: Check, kind: ExceptionKind | None, waived: frozenset[str]) -> Check:
    if kind is None or check.state is not CheckState.NOT_MET or check.code not in waived:
        return check
    return replace(check, state=CheckState.WAIVED, exception=kind.value)


def _check(code: CheckCode, explanation: str, *, met: bool) -> Check:
    return Check(code=code, state=CheckState.MET if met else CheckState.NOT_MET, explanation=explanation)


def _checks_of_ours(case: Case) -> Iterator[Check]:
    yield from _flag_checks(case)
    yield _perspective(case)
    yield _plan(case)
    yield _contract(case)
    yield _impact(case)
    yield _cooling_off(case)
    yield _reason(case)


def _checks_of_nobodys_fault(case: Case) -> Iterator[Check]:
    """RF39, RF40: reason and impact stand in for flags and plan."""
    yield _perspective(case)
    yield _contract(case)
    yield _impact(case)
    yield _cooling_off(case)
    yield _reason(case)


def _checks_of_natural_fade(case: Case) -> Iterator[Check]:
    """RF43: never with an open balance, and never while somebody still talks."""
    decision = case.decision
    newest_at = max((each.happened_at for each in case.signals), default=None)
    weeks = (case.now - newest_at).days // 7 if newest_at else None
    yield _check(CheckCode.OPEN_WORK, "No work is open." if decision.work_finished else "Say that no work is open.",
                 met=decision.work_finished)  # fmt: skip
    yield _debts(case)
    yield _check(
        CheckCode.QUIET,
        "No note was ever logged."
        if weeks is None
        else Sentence(
            "The last note is {count} week old; {needed} are needed.",
            "The last note is {count} weeks old; {needed} are needed.",
            count=weeks,
            needed=QUIET.days // 7,
        ),
        met=newest_at is None or case.now - newest_at >= QUIET,
    )
    yield _contract(case)
    yield _reason(case)


def _debts(case: Case) -> Check:
    """What somebody says, and what the invoices say."""
    if case.unpaid:
        return _check(
            CheckCode.DEBTS, Sentence("Invoice {unpaid} is not paid yet.", unpaid=case.unpaid[0].number), met=False
        )
    said = case.decision.all_paid
    return _check(CheckCode.DEBTS, "Everything is paid." if said else "Say that everything is paid.", met=said)


def _checks_of_theirs(case: Case) -> Iterator[Check]:
    """Their notice, their date: no gate."""
    named = case.decision.ends_on
    yield _check(
        CheckCode.THEIR_DATE,
        Sentence("The client named {named}.", named=day_name(named))
        if named
        else "Write down the last day that the client named.",
        met=named is not None,
    )


_CHECKS_OF = {
    Origin.OURS: _checks_of_ours,
    Origin.NOBODYS_FAULT: _checks_of_nobodys_fault,
    Origin.NATURAL_FADE: _checks_of_natural_fade,
    Origin.THEIRS: _checks_of_theirs,
}


def _flag_checks(case: Case) -> Iterator[Check]:
    """FG09: no decision from one event, one day or one person."""
    flags = living_flags(case.signals, case.now.date())
    dates = {flag.happened_on for flag in flags}
    yield _check(
        CheckCode.DATES,
        Sentence(
            "Red flags happened on {count} date; {min_dates} are needed.",
            "Red flags happened on {count} dates; {min_dates} are needed.",
            count=len(dates),
            min_dates=MIN_DATES,
        ),
        met=len(dates) >= MIN_DATES,
    )
    yield _logged(flags)
    categories = {case.categories.get(flag.type, "") for flag in flags} - NO_CATEGORY
    yield _check(
        CheckCode.CATEGORIES,
        Sentence(
            "They are of {count} kind{listed}; {min_categories} are needed.",
            "They are of {count} kinds{listed}; {min_categories} are needed.",
            count=len(categories),
            listed=_listed(categories),
            min_categories=MIN_CATEGORIES,
        ),
        met=len(categories) >= MIN_CATEGORIES,
    )
    yield _reporters(case, flags)
    pinks = sum(flag.severity is Severity.PINK for flag in flags)
    yield _check(
        CheckCode.PINKS,
        "They are more than early warnings."
        if pinks < len(flags) or pinks >= MIN_PINKS
        else Sentence(
            "There is only {count} early warning; {needed} are needed, or one red flag.",
            "There are only {count} early warnings; {needed} are needed, or one red flag.",
            count=pinks,
            needed=MIN_PINKS,
        ),
        met=not flags or pinks < len(flags) or pinks >= MIN_PINKS,
    )


def _reporters(case: Case, flags: Sequence[Signal]) -> Check:
    """HS17: the team that works with the client, at its largest: that it shrank meanwhile makes nobody a witness."""
    people, team = len(reporters(flags)), max(case.team_size, case.largest_team, 1)
    needed = min(MIN_REPORTERS, team)
    shrank = case.team_size < team
    return _check(
        CheckCode.REPORTERS,
        Sentence(
            "Noted by {count} person; {needed} needed in a team of {team}{shrank}.",
            "Noted by {count} people; {needed} needed in a team of {team}{shrank}.",
            count=people,
            needed=needed,
            team=team,
            shrank=Sentence(", which has shrunk to {now}", now=case.team_size) if shrank else "",
        ),
        met=people >= needed,
    )


def _logged(flags: Sequence[Signal]) -> Check:
    """FG02: a burst of notes in one bad hour counts as one."""
    times = times_of_logging(flags)
    days = len({day for _, day in times})
    apart = times[-1][0] - times[0][0] if times else timedelta()
    hours = int(apart / timedelta(hours=1))
    return _check(
        CheckCode.LOGGED,
        Sentence(
            "They were written down on {count} day; 2 days at least 20 hours apart are needed.",
            "They were written down on {count} days, within {hours} h; 2 days at least 20 hours apart are needed.",
            count=days,
            hours=hours,
        ),
        met=days >= MIN_DATES and apart >= LOGGED_APART,
    )


def _perspective(case: Case) -> Check:
    decision = case.decision
    both = says_something(decision.perspective) and says_something(decision.our_part)
    met = both and says_something(decision.owed, words=1)  # "nothing" is an answer
    sentence = "How they may see it, what our part is, and what we owe them: all answered."
    missing = "Answer in a sentence each how they may see it, what our part is, and what we owe them."
    return _check(CheckCode.PERSPECTIVE, sentence if met else missing, met=met)


def _plan(case: Case) -> Check:
    """FG16: a plan that was tried in earnest within a year; or a reason why none is, which the confirmer accepts."""
    plan = newest(case.plans)
    runs = plan is not None and plan.ended_at is None
    flags = living_flags(case.signals, case.now.date())
    tried = [each for each in case.plans if ran_in_vain(each, flags, case.now)]
    if tried and not runs:
        last = max(tried, key=lambda each: each.started_at)
        return _check(
            CheckCode.PLAN,
            Sentence(
                "A plan was run to its end, with {count} checkpoint held.",
                "A plan was run to its end, with {count} checkpoints held.",
                count=held_checkpoints(last),
            ),
            met=True,
        )
    if says_something(case.decision.skip_plan_reason):
        sentence = (
            "A plan still runs; whoever confirms accepts the reason not to wait for it."
            if runs
            else "There is a reason why no plan is tried; whoever confirms accepts it."
        )
        return Check(code=CheckCode.PLAN, state=CheckState.WAIVED, explanation=sentence, exception=SKIPPED_PLAN)
    return _check(CheckCode.PLAN, why_not_tried(plan, case.now), met=False)


def _contract(case: Case) -> Check:
    contract = case.contract
    if contract.none_written:
        return _check(CheckCode.CONTRACT, "There is no written contract.", met=True)
    sentence = "The contract was reviewed." if contract.reviewed else "Review the contract: what does it say on ending?"
    return _check(CheckCode.CONTRACT, sentence, met=contract.reviewed)


def _impact(case: Case) -> Check:
    impact = case.decision.impact
    met = impact is not None and says_something(impact.on_work) and says_something(impact.on_business)
    sentence = "Toll and benefit were looked at." if met else "Look at toll and benefit: work, team, income."
    return _check(CheckCode.IMPACT, sentence, met=met)


def _cooling_off(case: Case) -> Check:
    """FG10."""
    passed = case.now - case.decision.opened_at
    hours, needed = int(passed / timedelta(hours=1)), int(COOLING_OFF / timedelta(hours=1))
    return _check(
        CheckCode.COOLING_OFF,
        Sentence(
            "Considered for {count} hour; {needed} are needed.",
            "Considered for {count} hours; {needed} are needed.",
            count=hours,
            needed=needed,
        ),
        met=passed >= COOLING_OFF,
    )


def _reason(case: Case) -> Check:
    met = says_something(case.decision.reason)
    return _check(CheckCode.REASON, "The reason is written down." if met else "Write down the reason.", met=met)  # DC02


def _listed(words: set[str]) -> str:
    return f" ({', '.join(sorted(words))})" if words else ""
