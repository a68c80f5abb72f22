"""The last day, with its arithmetic in words (CN01-CN09). Never advice: where the law differs it says whom to ask."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from rules.clients.client import Contract, NoticeUnit
from rules.sentences import Sentence
from rules.workdays import count_forward, day_name, is_known

SILENT_CONTRACT = timedelta(days=14)  # CN06
# The end of the term is the better day (CN03), unless it is far off (CN07).
NEAR_TERM = timedelta(days=60)
LONG_STAY = timedelta(days=90)

# What is known to differ, by country, in a fixed term and in counting months. Not legal advice.
FIXED_TERM_NOTES = {
    "NL": "In the Netherlands a contractor can in general not simply end a fixed-term assignment: ask counsel.",
}
MONTH_NOTES = {
    "SE": "In Sweden one month may mean 30 days or a calendar month: ask counsel which one holds here.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """Something accepted as still to be finished, or to be handed over `as_it_is`, and until when.

    `code` is its task's; without an `owner_id` it is the task of whoever looks after the account.
    """

    name: str
    due_on: date
    code: str = ""
    owner_id: str = ""
    as_it_is: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The proposed last day and what it could be instead.

    `mid_term` is where the notice period ends, `end_of_term` where the contract ends by itself, `milestone` the
    nearest deliverable that is finished from `mid_term` on (CN08). `notes` are for a person to think about.
    """

    day: date
    arithmetic: tuple[str, ...]
    mid_term: date
    end_of_term: date | None = None
    milestone: Deliverable | None = None
    notes: tuple[str, ...] = ()


def propose_last_day(contract: Contract, received_on: date, deliverables: Sequence[Deliverable] = ()) -> LastDay:
    """The last day when the client receives our notice on `received_on`; `deliverables` are the accepted ones."""
    mid_term, steps = notice_end(contract, received_on)
    chosen, steps = _weigh_term(contract, mid_term, steps)
    chosen, steps = _after_deliverables(chosen, steps, deliverables)
    return LastDay(
        day=chosen,
        arithmetic=steps,
        mid_term=mid_term,
        end_of_term=contract.ends_on,
        milestone=_milestone(mid_term, deliverables),
        notes=tuple(_notes(contract, received_on, mid_term, chosen)),
    )


def accept_last_day(
    contract: Contract, named_on: date, received_on: date, deliverables: Sequence[Deliverable] = ()
) -> LastDay:
    """The last day that the client named in their own notice; whatever speaks against it becomes a note."""
    mid_term, _ = notice_end(contract, received_on)
    notes = []
    if named_on < mid_term:
        notes.append(
            Sentence(
                "Their notice period runs until {day_name}: talk about the days between.", day_name=day_name(mid_term)
            )
        )
    late = [item.name for item in deliverables if item.due_on > named_on]
    if late:
        notes.append(
            Sentence("Due after that day: {late}. Agree whether to finish or drop them.", late=", ".join(late))
        )
    return LastDay(
        day=named_on,
        arithmetic=(Sentence("The client named {day_name}.", day_name=day_name(named_on)),),
        mid_term=mid_term,
        end_of_term=contract.ends_on,
        milestone=_milestone(mid_term, deliverables),
        notes=tuple(notes),
    )


def after_receipt(contract: Contract, named_on: date, received_on: date) -> tuple[date, str] | None:
    """The later last day, with its arithmetic, when a letter that names one came so late that notice ends after it."""
    ends, steps = notice_end(contract, received_on)
    if ends <= named_on:
        return None
    late = Sentence(
        "The letter named {day_name}, before the notice has run out: tell them the new day.",
        day_name=day_name(named_on),
    )
    return ends, " ".join(
        [Sentence("The letter was received on {day_name}.", day_name=day_name(received_on)), *steps, late]
    )


def notice_end(contract: Contract, received_on: date) -> tuple[date, tuple[str, ...]]:
    """The day on which a notice received on that day has run out, and the steps that lead there."""
    if contract.notice_length is None:
        ends = received_on + SILENT_CONTRACT
        sentence = "No notice period is written down, so 14 days are reasonable"
        return ends, (
            Sentence(
                "{sentence}: {day_name} + 14 days = {day_name_2}.",
                sentence=sentence,
                day_name=day_name(received_on),
                day_name_2=day_name(ends),
            ),
        )
    ends, sentence = _add_period(received_on, contract.notice_length, contract.notice_unit, contract.country)
    if not contract.to_month_end:
        return ends, (sentence,)
    month_end = end_of_month(ends)
    return month_end, (
        sentence,
        Sentence("The notice runs to the end of a month: {day_name}.", day_name=day_name(month_end)),
    )


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _add_period(start: date, length: int, unit: NoticeUnit, country: str) -> tuple[date, str]:
    if unit is NoticeUnit.WORKING_DAYS:
        counted = count_forward(start, length, country)
        unknown = "" if is_known(country) else " (no holidays known for this country, only weekends left out)"
        return counted.day, Sentence(
            "Notice received {day_name}; {arithmetic}{unknown}.",
            day_name=day_name(start),
            arithmetic=counted.arithmetic,
            unknown=unknown,
        )
    # A month after 31 January is the last of February: relativedelta never runs over into the next month.
    ends = (
        start
        + {
            NoticeUnit.DAYS: relativedelta(days=length),
            NoticeUnit.WEEKS: relativedelta(weeks=length),
            NoticeUnit.MONTHS: relativedelta(months=length),
        }[unit]
    )
    name = unit.value if length != 1 else unit.value.removesuffix("s")
    shorter = unit is NoticeUnit.MONTHS and ends.day != start.day
    rule = Sentence(" ({ends:%B} has no day {day})", ends=ends, day=start.day) if shorter else ""
    return ends, Sentence(
        "Notice received {day_name} + {length} {name} = {day_name_2}{rule}.",
        day_name=day_name(start),
        length=length,
        name=name,
        day_name_2=day_name(ends),
        rule=rule,
    )


def _weigh_term(contract: Contract, mid_term: date, steps: tuple[str, ...]) -> tuple[date, tuple[str, ...]]:
    """CN03 against CN07: the end of the term when it is not far off."""
    term = contract.ends_on
    if term is None or term == mid_term:
        return mid_term, steps
    if term < mid_term:
        sentence = Sentence(
            "The term ends on {day_name}, before the notice has run out: check whether it renews itself.",
            day_name=day_name(term),
        )
        return mid_term, (*steps, sentence)
    days = (term - mid_term).days
    if term - mid_term > NEAR_TERM:
        sentence = Sentence(
            "The term ends on {day_name}, {count} day later: too far off to wait for.",
            "The term ends on {day_name}, {count} days later: too far off to wait for.",
            count=days,
            day_name=day_name(term),
        )
        return mid_term, (*steps, sentence)
    return term, (
        *steps,
        Sentence(
            "The term ends on {day_name}, {count} day later: better than ending in the middle.",
            "The term ends on {day_name}, {count} days later: better than ending in the middle.",
            count=days,
            day_name=day_name(term),
        ),
    )


def _after_deliverables(
    chosen: date, steps: tuple[str, ...], deliverables: Sequence[Deliverable]
) -> tuple[date, tuple[str, ...]]:
    last = max(deliverables, key=lambda item: item.due_on, default=None)
    if last is None or last.due_on <= chosen:
        return chosen, steps
    return last.due_on, (
        *steps,
        Sentence(
            "{name} is due on {day_name}: never before the last deliverable.",
            name=last.name,
            day_name=day_name(last.due_on),
        ),
    )


def _milestone(mid_term: date, deliverables: Sequence[Deliverable]) -> Deliverable | None:
    later = [item for item in deliverables if item.due_on >= mid_term]
    return min(later, key=lambda item: item.due_on, default=None)


def _notes(contract: Contract, received_on: date, mid_term: date, chosen: date) -> Iterator[str]:
    country = contract.country.upper()
    in_fixed_term = contract.ends_on is not None and mid_term < contract.ends_on
    if in_fixed_term and country in FIXED_TERM_NOTES:
        yield FIXED_TERM_NOTES[country]
    elif in_fixed_term and contract.notice_length is None:
        yield "The contract has a fixed term and says nothing on notice: ask counsel before ending it in the middle."
    if contract.notice_unit is NoticeUnit.MONTHS and contract.notice_length and country in MONTH_NOTES:
        yield MONTH_NOTES[country]
    if chosen - received_on > LONG_STAY:
        weeks = (chosen - received_on).days // 7
        yield Sentence(
            "That is {count} week from now, a long time to stay: an earlier day can be agreed on.",
            "That is {count} weeks from now, a long time to stay: an earlier day can be agreed on.",
            count=weeks,
        )  # CN07
