"""The gate before a decision to end: each check is met, not met, or waived by a named exception (design section 5).

Nothing here decides: a report says what holds at one moment, `deciding` lets a person act on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.decisions.decision import Decision, ExceptionKind
from rules.decisions.plan import Plan
from rules.decisions.planning import has_run, held_checkpoints, newest
from rules.health.signal import Side, Signal, State
from rules.sentences import Sentence

MIN_DATES = 2
MIN_CATEGORIES = 2
MIN_REPORTERS = 2
LOGGED_APART = timedelta(hours=20)
COOLING_OFF = timedelta(hours=48)
OVERDUE = timedelta(days=30)
QUIET = timedelta(weeks=4)

ACT_NOW_TYPES = frozenset({"abuse", "gaslighting"})
NON_PAYMENT_TYPES = frozenset({"late_payment"})
# RF41: a gut feeling is never decisive, and a note without a type says nothing about what it is.
NO_CATEGORY = frozenset({"", "gut", "unsorted"})

SKIPPED_PLAN = "skipped plan"
WAIVED_BY: Mapping[ExceptionKind, frozenset[str]] = {
    ExceptionKind.ABUSE: frozenset({"dates", "logged", "categories", "reporters", "plan", "cooling_off"}),
    ExceptionKind.NON_PAYMENT: frozenset({"categories", "reporters", "plan"}),
}


class CheckState(StrEnum):
    """What a check came to."""

    MET = "met"
    NOT_MET = "not_met"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist. `exception` names what waived it."""

    code: str
    state: CheckState
    explanation: str
    exception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that the gate looks at. `categories` is type -> category; `team_ids` may see the client, the decider too.

    `now` is in the workspace's time zone, so that its date is the date people have on the wall. `unpaid` are the
    numbers of invoices that wait for their money.
    """

    decision: Decision
    signals: tuple[Signal, ...]
    plans: tuple[Plan, ...]
    contract: Contract
    team_ids: frozenset[str]
    categories: Mapping[str, str]
    now: datetime
    unpaid: tuple[str, ...] = ()


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
    if not case.decision.exception_reason.strip():
        return "Say what happened and where it can be seen: an exception needs its evidence."
    if kind is ExceptionKind.ABUSE:
        found = any(flag.type in ACT_NOW_TYPES for flag in _flags(case))
        return "" if found else "There is no live note about abuse or gaslighting. Log it first."
    return _non_payment_fault(case)


def _non_payment_fault(case: Case) -> str:
    late = [flag for flag in _flags(case) if flag.type in NON_PAYMENT_TYPES]
    if not late:
        return "There is no live note about a late payment. Log it first."
    since = min(flag.happened_on for flag in late)
    days = (case.now.date() - since).days
    if days < OVERDUE.days:
        return Sentence(
            "The payment has been late for {count} day; this exception starts at {days_2}.",
            "The payment has been late for {count} days; this exception starts at {days_2}.",
            count=days,
            days_2=OVERDUE.days,
        )
    reminded = case.decision.reminded_on
    if reminded is None:
        return "Say on which day the client was reminded of the payment."
    if not since <= reminded <= case.now.date():
        return "The day of the reminder has to lie between the late payment and today."
    return ""


def _waive(check: Check, kind: ExceptionKind | None, waived: frozenset[str]) -> Check:
    if kind is None or check.state is not CheckState.NOT_MET or check.code not in waived:
        return check
    return replace(check, state=CheckState.WAIVED, exception=kind.value)


def _check(code: str, explanation: str, *, met: bool) -> Check:
    return Check(code=code, state=CheckState.MET if met else CheckState.NOT_MET, explanation=explanation)


def _flags(case: Case) -> list[Signal]:
    return [each for each in case.signals if each.side is Side.THEIRS and each.state is State.LIVE]


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
    yield _check("open_work", "No work is open." if decision.work_finished else "Say that no work is open.",
                 met=decision.work_finished)  # fmt: skip
    yield _debts(case)
    yield _check(
        "quiet",
        Sentence("No note yet; {needed} weeks without one are needed.", needed=QUIET.days // 7)
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
        return _check("debts", Sentence("Invoice {unpaid} is not paid yet.", unpaid=case.unpaid[0]), met=False)
    said = case.decision.all_paid
    return _check("debts", "Everything is paid." if said else "Say that everything is paid.", met=said)


def _checks_of_theirs(case: Case) -> Iterator[Check]:
    """Their notice, their date: no gate."""
    named = case.decision.ends_on
    yield _check(
        "their_date",
        Sentence("The client named {named:%Y-%m-%d}.", named=named)
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
    flags = _flags(case)
    dates = {flag.happened_on for flag in flags}
    yield _check(
        "dates",
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
        "categories",
        Sentence(
            "They are of {count} kind{listed}; {min_categories} are needed.",
            "They are of {count} kinds{listed}; {min_categories} are needed.",
            count=len(categories),
            listed=_listed(categories),
            min_categories=MIN_CATEGORIES,
        ),
        met=len(categories) >= MIN_CATEGORIES,
    )
    people = {person for flag in flags for person in (flag.reporter_id, *flag.witness_ids)}
    needed = min(MIN_REPORTERS, max(1, len(case.team_ids)))
    yield _check(
        "reporters",
        Sentence(
            "Noted by {count} person; {needed} needed in a team of {number_2}.",
            "Noted by {count} people; {needed} needed in a team of {number_2}.",
            count=len(people),
            needed=needed,
            number_2=len(case.team_ids),
        ),
        met=len(people) >= needed,
    )


def _logged(flags: list[Signal]) -> Check:
    """FG02: a burst of notes in one bad hour counts as one."""
    times = sorted(flags, key=lambda flag: flag.logged_at)
    days = len({flag.logged_on for flag in flags})
    apart = times[-1].logged_at - times[0].logged_at if times else timedelta()
    hours = int(apart / timedelta(hours=1))
    return _check(
        "logged",
        Sentence(
            "They were written down on {days} days, {count} hour apart; 2 days at least 20 hours apart are needed.",
            "They were written down on {days} days, {count} hours apart; 2 days at least 20 hours apart are needed.",
            count=hours,
            days=days,
        ),
        met=days >= MIN_DATES and apart >= LOGGED_APART,
    )


def _perspective(case: Case) -> Check:
    decision = case.decision
    met = bool(decision.perspective.strip() and decision.our_part.strip())
    sentence = "How they may see it, and what our part is, was answered."
    return _check("perspective", sentence if met else "Answer how they may see it, and what our part is.", met=met)


def _plan(case: Case) -> Check:
    plan = newest(case.plans)
    skip = case.decision.skip_plan_reason.strip()
    if plan and has_run(plan):
        figures = Sentence(
            "{held_checkpoints} of {number} checkpoints held",
            held_checkpoints=held_checkpoints(plan),
            number=len(plan.checkpoints),
        )
        return _check("plan", Sentence("The last plan was run to its end, {figures}.", figures=figures), met=True)
    if skip:
        sentence = "The plan was skipped with a reason; whoever confirms accepts it."
        return Check(code="plan", state=CheckState.WAIVED, explanation=sentence, exception=SKIPPED_PLAN)
    if plan is None:
        return _check("plan", "No plan was tried. Try one, or say why not.", met=False)
    sentence = "The last plan was abandoned." if plan.ended_at else "The last plan is still running."
    return _check("plan", Sentence("{sentence} Run one to its end, or say why not.", sentence=sentence), met=False)


def _contract(case: Case) -> Check:
    contract = case.contract
    if contract.none_written:
        return _check("contract", "There is no written contract.", met=True)
    sentence = "The contract was reviewed." if contract.reviewed else "Review the contract: what does it say on ending?"
    return _check("contract", sentence, met=contract.reviewed)


def _impact(case: Case) -> Check:
    impact = case.decision.impact
    met = impact is not None and bool(impact.on_work.strip() and impact.on_business.strip())
    sentence = "Toll and benefit were looked at." if met else "Look at toll and benefit: work, team, income."
    return _check("impact", sentence, met=met)


def _cooling_off(case: Case) -> Check:
    """FG10."""
    passed = case.now - case.decision.opened_at
    hours, needed = int(passed / timedelta(hours=1)), int(COOLING_OFF / timedelta(hours=1))
    return _check(
        "cooling_off",
        Sentence(
            "Considered for {count} hour; {needed} are needed.",
            "Considered for {count} hours; {needed} are needed.",
            count=hours,
            needed=needed,
        ),
        met=passed >= COOLING_OFF,
    )


def _reason(case: Case) -> Check:
    met = bool(case.decision.reason.strip())
    return _check("reason", "The reason is written down." if met else "Write down the reason.", met=met)  # DC02


def _listed(words: set[str]) -> str:
    return f" ({', '.join(sorted(words))})" if words else ""
