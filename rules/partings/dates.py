"""The last day, with its arithmetic in words (CN01-CN09). Never advice: where the law differs it says whom to ask."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from rules.clients.client import Contract, NoticeUnit
from rules.partings.deliverables import Deliverable, holds_back
from rules.partings.laws import law_note
from rules.sentences import Sentence, together
from rules.workdays import count_forward, country_of, day_name, free_day, is_known

# A contract that is silent on notice (CN06): a proposal that grows with the years, never a legal standard.
SILENT_CONTRACT = ((5, timedelta(days=42)), (2, timedelta(days=28)), (0, timedelta(days=14)))
# The end of the term is the better day (CN03), unless it is far off (CN07).
NEAR_TERM = timedelta(days=60)
LONG_STAY = timedelta(days=90)
DAYS_A_WEEK = 7

# The end of a term is spoken of so long before the day on which a notice must arrive, and so long after it is over.
NOTICE_SAID_BEFORE = (timedelta(days=30), timedelta(days=7))
TERM_OVER_SAID_AFTER = (timedelta(days=1), timedelta(days=15))


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


class DayKind(StrEnum):
    """What a last day follows."""

    NOTHING_LEFT = "nothing_left"
    BY_NOTICE = "by_notice"
    END_OF_TERM = "end_of_term"
    NEXT_DELIVERABLE = "next_deliverable"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChoice:
    """One day that could be the last, how it came about and what it costs (CN03, CN08)."""

    kind: DayKind
    day: date
    arithmetic: tuple[str, ...]
    cost: tuple[str, ...]


def counted_on(contract: Contract, country: str, since: date | None) -> Contract:
    """The contract with what the days are counted on where it says nothing: the workspace's country, our first day."""
    return replace(contract, country=contract.country or country, starts_on=contract.starts_on or since)


def day_choices(
    contract: Contract,
    received_on: date,
    deliverables: Sequence[Deliverable] = (),
    hours_a_week: int | None = None,
    *,
    notice: bool = True,
) -> tuple[DayChoice, ...]:
    """Side by side, the earliest by notice first; none lies before the last accepted deliverable.

    `notice`: a notice runs at all; without one it could end on the day of the letter.
    """
    kind = DayKind.BY_NOTICE if notice else DayKind.NOTHING_LEFT
    mid_term, steps = (
        notice_end(contract, received_on) if notice else (received_on, nothing_left(received_on).arithmetic)
    )
    milestone, term = _milestone(mid_term, deliverables), contract.ends_on
    offered = [(kind, mid_term, steps)]
    if milestone:
        sentence = Sentence(
            "{name} is finished on {day}, the next one after the notice."
            if notice
            else "{name} is finished on {day}, the next one after the letter.",
            name=milestone.title,
            day=day_name(milestone.due_on),
        )
        offered.append((DayKind.NEXT_DELIVERABLE, milestone.due_on, (sentence,)))
    if term and term >= received_on:
        offered.append((DayKind.END_OF_TERM, term, (_term_sentence(received_on, mid_term, term),)))
    choices = []
    for kind, day, why in offered:
        kept_on, arithmetic = _after_deliverables(day, why, deliverables)
        cost = tuple(_cost(contract, mid_term, kept_on, hours_a_week, notice=notice))
        choices.append(DayChoice(kind=kind, day=kept_on, arithmetic=arithmetic, cost=cost))
    return tuple(choices)


def latest_receipt(contract: Contract, last_day: date) -> date:
    """The last day on which our notice may be received so that it has run out by `last_day`; it may have passed."""

    def has_run_out(days: int) -> bool:
        return notice_end(contract, last_day - timedelta(days=days))[0] <= last_day

    reach = 1
    while not has_run_out(reach):
        reach *= 2
    return last_day - timedelta(days=bisect_left(range(reach), x=True, key=has_run_out))


def notice_day(contract: Contract) -> date:
    """The last day on which a notice may arrive to end the contract with its term; `contract.ends_on` is known."""
    if contract.ends_on is None:
        raise ValueError("A contract without an end has no such day.")
    return latest_receipt(contract, contract.ends_on)


def told_stage(day: date, said_before: tuple[timedelta, ...], today: date) -> int:
    """How many of the words before `day` are due by today: a client that was added late gets the last one only."""
    return sum(today >= day - span for span in said_before)


def last_day_notes(contract: Contract, received_on: date, day: date, *, notice: bool = True) -> tuple[str, ...]:
    """What a person should think about before that day is settled (CN02, CN07)."""
    mid_term = notice_end(contract, received_on)[0] if notice else received_on
    return tuple(_notes(contract, received_on, mid_term, day, notice=notice))


def propose_last_day(contract: Contract, received_on: date, deliverables: Sequence[Deliverable] = ()) -> LastDay:
    """The last day when the client receives our notice on `received_on`; `deliverables` are the accepted ones."""
    mid_term, steps = notice_end(contract, received_on)
    chosen, steps = _weigh_term(contract, received_on, mid_term, steps)
    chosen, steps = _after_deliverables(chosen, steps, deliverables)
    return LastDay(
        day=chosen,
        arithmetic=steps,
        mid_term=mid_term,
        end_of_term=contract.ends_on,
        milestone=_milestone(mid_term, deliverables),
        notes=tuple(_notes(contract, received_on, mid_term, chosen)),
    )


def nothing_left(received_on: date) -> LastDay:
    """Where nothing is open and no notice is written down (RF43): the day on which the client reads it."""
    sentence = Sentence(
        "Nothing is open and no notice is written down: {day}, when they have the letter.", day=day_name(received_on)
    )
    return LastDay(day=received_on, arithmetic=(sentence,), mid_term=received_on)


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
    late = [item.title for item in deliverables if item.due_on > named_on]
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
        return _silent_end(contract, received_on)
    ends, sentence = _add_period(received_on, contract.notice_length, contract.notice_unit, contract.country)
    if not contract.to_month_end:
        return ends, (sentence,)
    month_end = end_of_month(ends)
    return month_end, (
        sentence,
        Sentence("The notice runs to the end of a month: {day_name}.", day_name=day_name(month_end)),
    )


def _silent_end(contract: Contract, received_on: date) -> tuple[date, tuple[str, ...]]:
    since = contract.starts_on
    years = max(relativedelta(received_on, since).years, 0) if since else 0
    length = next(days for least, days in SILENT_CONTRACT if years >= least)
    ends = received_on + length
    together = Sentence("After {years} years together ", years=years) if years >= SILENT_CONTRACT[-2][0] else ""
    return ends, (
        Sentence(
            "No notice period is written down. {together}{days} days are our proposal, not a rule of law: "
            "{received_on} + {days} days = {ends}.",
            together=together,
            days=length.days,
            received_on=day_name(received_on),
            ends=day_name(ends),
        ),
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


def _weigh_term(
    contract: Contract, received_on: date, mid_term: date, steps: tuple[str, ...]
) -> tuple[date, tuple[str, ...]]:
    """CN03 against CN07: the end of the term when it is not far off."""
    term = contract.ends_on
    if term is None or term == mid_term:
        return mid_term, steps
    if term < mid_term:
        return mid_term, (*steps, _term_sentence(received_on, mid_term, term))
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


def _term_sentence(received_on: date, mid_term: date, term: date) -> str:
    if term < received_on:
        return Sentence("The term ended on {day}: check whether it has renewed itself.", day=day_name(term))
    days = (term - received_on).days
    when = Sentence("in {count} day", "in {count} days", count=days) if days else "today"
    if term < mid_term:
        return Sentence(
            "The term ends on {day}, {when}, before the notice has run out: check whether it renews itself.",
            day=day_name(term),
            when=when,
        )
    return Sentence("The term ends on {day}, {when}.", day=day_name(term), when=when)


def _cost(
    contract: Contract, mid_term: date, day: date, hours_a_week: int | None, *, notice: bool = True
) -> Iterator[str]:
    """What a day costs beside the earliest, which without a notice is the letter's own: our time, a term cut short."""
    longer, term = (day - mid_term).days, contract.ends_on
    if longer > 0:
        count = round(longer * hours_a_week / DAYS_A_WEEK) if hours_a_week else 0
        hours = Sentence(", about {count} hour of work", ", about {count} hours of work", count=count) if count else ""
        yield Sentence(
            "{span} longer than the notice asks for{hours}." if notice else "{span} after they have the letter{hours}.",
            span=_span(longer),
            hours=hours,
        )
    elif longer < 0:
        yield Sentence("{span} before the notice has run out: only if the term ends by itself.", span=_span(-longer))
    elif notice:
        yield "Nothing is added to the notice."
    else:
        yield "Nothing is added: it ends once they have the letter."
    if term and day < term:
        yield Sentence(
            "It cuts the term short by {span}: see what the contract asks for the rest.", span=_span((term - day).days)
        )


def _span(days: int) -> str:
    weeks, rest = divmod(days, DAYS_A_WEEK)
    said = [
        Sentence("{count} week", "{count} weeks", count=weeks) if weeks else "",
        Sentence("{count} day", "{count} days", count=rest) if rest else "",
    ]
    return together([each for each in said if each])


def _after_deliverables(
    chosen: date, steps: tuple[str, ...], deliverables: Sequence[Deliverable]
) -> tuple[date, tuple[str, ...]]:
    last = max(deliverables, key=lambda item: item.due_on, default=None)
    if last is None or last.due_on <= chosen:
        return chosen, steps
    return last.due_on, (*steps, holds_back(last))


def _milestone(mid_term: date, deliverables: Sequence[Deliverable]) -> Deliverable | None:
    later = [item for item in deliverables if item.due_on >= mid_term]
    return min(later, key=lambda item: item.due_on, default=None)


def _notes(
    contract: Contract, received_on: date, mid_term: date, chosen: date, *, notice: bool = True
) -> Iterator[str]:
    country = country_of(contract.country)
    if chosen < mid_term and not notice:
        yield Sentence(
            "They have the letter on {day} at the earliest: choose that day or a later one.", day=day_name(mid_term)
        )
    elif chosen < mid_term:
        yield Sentence("The notice runs until {day}: before that both sides have to agree.", day=day_name(mid_term))
    free = free_day(chosen, contract.country)
    if free:
        yield Sentence(
            "{day} is {free}: hardly anybody is there to take anything over.", day=day_name(chosen), free=free
        )
    in_fixed_term = contract.ends_on is not None and chosen < contract.ends_on
    if in_fixed_term and contract.notice_length is None:
        yield "The contract has a fixed term and says nothing on notice: ask counsel before ending it in the middle."
    note = law_note(country)
    if note:
        yield note
    if chosen - received_on > LONG_STAY:
        weeks = (chosen - received_on).days // DAYS_A_WEEK
        yield Sentence(
            "That is {count} week from now, a long time to stay: an earlier day can be agreed on.",
            "That is {count} weeks from now, a long time to stay: an earlier day can be agreed on.",
            count=weeks,
        )  # CN07
