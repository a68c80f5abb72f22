"""Which facts are alive when somebody considers to part: what is long over decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.decisions.plan import Outcome, Plan
from rules.decisions.planning import held_checkpoints
from rules.health.catalogue import UNSORTED
from rules.health.signal import Side, Signal, Source, State
from rules.sentences import Sentence

LIVING = timedelta(days=180)
PATTERN_DATES = 3
PATTERN_GAP = timedelta(days=90)
# What a pattern whose last date is just alive still needs to be seen.
LOOKED_BACK = LIVING + (PATTERN_DATES - 1) * PATTERN_GAP
OVERDUE = timedelta(days=30)
PLAN_AGE = timedelta(days=365)
PLAN_RUN = timedelta(days=21)
PLAN_CHECKPOINTS = 2
ACT_NOW_TYPES = frozenset({"abuse", "gaslighting"})
_HELPED = frozenset({Outcome.KEEP, Outcome.RENEW})
_DID_NOT_HELP = frozenset({Outcome.NOT_HELPED, Outcome.PART})
MIN_WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvoice:
    """An invoice that waits for its money."""

    number: str
    due_on: date


def live_flags(signals: Iterable[Signal], today: date) -> list[Signal]:
    """Red flags up to today that say what they are; a guess of abuse says nothing until its reporter does."""
    return [
        each
        for each in signals
        if each.side is Side.THEIRS
        and each.state is State.LIVE
        and each.type != UNSORTED
        and each.happened_on <= today
        and not (each.guessed and each.type in ACT_NOW_TYPES)
    ]


def living_flags(signals: Iterable[Signal], today: date) -> list[Signal]:
    """Those of the last 180 days, and those of a pattern that goes on: 3 dates of a type, each near the next."""
    by_type: dict[str, list[Signal]] = defaultdict(list)
    for flag in live_flags(signals, today):
        by_type[flag.type].append(flag)
    return [
        flag
        for flags in by_type.values()
        for since in [_alive_since(sorted({flag.happened_on for flag in flags}), today)]
        for flag in flags
        if since is not None and flag.happened_on >= since
    ]


def _alive_since(dates: Sequence[date], today: date) -> date | None:
    """The first day of what is alive; None where nothing is."""
    recent = [day for day in dates if today - day <= LIVING]
    if not recent:
        return None
    chain = [dates[-1]]
    for day in reversed(dates[:-1]):
        if chain[-1] - day > PATTERN_GAP:
            break
        chain.append(day)
    return min(chain[-1], recent[0]) if len(chain) >= PATTERN_DATES else recent[0]


def calls_to_act(signals: Iterable[Signal], today: date) -> list[Signal]:
    """Abuse and gaslighting that are alive, or that nobody has reviewed, however old."""
    flags = [flag for flag in live_flags(signals, today) if flag.type in ACT_NOW_TYPES]
    return [flag for flag in flags if flag.reviewed_at is None or today - flag.happened_on <= LIVING]


def reporters(flags: Iterable[Signal]) -> frozenset[str]:
    """Who noted them. An imported list is one pair of eyes, whatever names stand in it."""
    imported = False
    people: set[str] = set()
    for flag in flags:
        people.update(flag.witness_ids)
        if flag.source is Source.IMPORT:
            imported = True
        else:
            people.add(flag.reporter_id)
    return frozenset(people or ({"import"} if imported else ()))


def times_of_logging(flags: Iterable[Signal]) -> list[tuple[datetime, date]]:
    """When they were written down, with the date there; all lists that were imported are one sitting."""
    own = [(flag.logged_at, flag.logged_on) for flag in flags if flag.source is not Source.IMPORT]
    lists = [(flag.logged_at, flag.logged_on) for flag in flags if flag.source is Source.IMPORT]
    return sorted([*own, *sorted(lists)[:1]])


def ran_in_vain(plan: Plan, flags: Iterable[Signal], now: datetime) -> bool:
    """Whether a plan of the last 12 months was tried in earnest and did not help, or what it was about came back."""
    if plan.ended_at is None or now - plan.ended_at > PLAN_AGE:
        return False
    if plan.ended_at - plan.started_at < PLAN_RUN or held_checkpoints(plan) < PLAN_CHECKPOINTS:
        return False
    if plan.outcome in _DID_NOT_HELP:
        return True
    about = {code for concern in plan.concerns for code in concern.types}
    return plan.outcome in _HELPED and any(flag.type in about and flag.happened_at > plan.ended_at for flag in flags)


def why_not_tried(plan: Plan | None, now: datetime) -> str:
    """What is missing, said to whoever considers to part."""
    if plan is None:
        return "No plan was tried. Try one, or say why not."
    if plan.ended_at is None:
        return "The last plan is still running. Run it to its end, or say why not to wait."
    if plan.outcome is Outcome.ABANDONED:
        return "The last plan was abandoned. Run one to its end, or say why not."
    if now - plan.ended_at > PLAN_AGE:
        return "The last plan is more than a year old. Try one now, or say why not."
    if plan.ended_at - plan.started_at < PLAN_RUN or held_checkpoints(plan) < PLAN_CHECKPOINTS:
        return "The last plan ran for less than three weeks or two checkpoints. Run one longer, or say why not."
    return "The last plan helped, and nothing of it came back. Try another one, or say why not."


def non_payment_fault(unpaid: Sequence[OpenInvoice], reminded_on: date | None, today: date) -> str:
    """It rests on what is unpaid today: money that came, or that is not due yet, is no reason."""
    if not unpaid:
        return "No invoice is unpaid today. Add the one that is, with the day on which it was due."
    oldest = min(unpaid, key=lambda invoice: invoice.due_on)
    days = max(0, (today - oldest.due_on).days)
    if days < OVERDUE.days:
        return Sentence(
            "Invoice {number} has been overdue for {count} day; this exception starts at {overdue}.",
            "Invoice {number} has been overdue for {count} days; this exception starts at {overdue}.",
            count=days,
            number=oldest.number,
            overdue=OVERDUE.days,
        )
    if reminded_on is None:
        return "Say on which day the client was reminded of the payment."
    if not oldest.due_on <= reminded_on <= today:
        return "The day of the reminder has to lie between the late payment and today."
    return ""


def says_something(text: str, words: int = MIN_WORDS) -> bool:
    """An answer has words: dots and a single letter are none."""
    return sum(sum(sign.isalpha() for sign in word) > 1 for word in text.split()) >= words
