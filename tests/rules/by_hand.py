"""The days of a parting counted a second time, day by day, calendar in hand, and compared with what the rules say.

129,600 cases: 5 countries, 30 days, notices of 4 units and 6 lengths, to the end of a month or not, 3 terms, 6 slips.
`make test` takes some of them from everywhere, `make bench ARGS="--only days"` takes them all.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

import holidays

from rules.clients.client import Contract, NoticeUnit
from rules.clients.stages import Origin
from rules.partings.dates import DayKind, day_choices
from rules.partings.timeline import NOTHING_YET, Happened, Timeline, earliest_receipt, plan, why_not_keep

DAY = timedelta(days=1)
SATURDAY = 5
COUNTRIES = ("NL", "SE", "ES-CT", "GB-SCT", "US")
# Month ends, leap days, Christmas, the turn of the year, national days of Catalonia and Scotland, and some plain ones.
STARTS = [
    *(date(2026, month, monthrange(2026, month)[1]) for month in range(1, 13)),
    *(date(2028, 2, day) for day in (27, 28, 29)),
    *(date(2027, 2, 28), date(2028, 1, 31), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)),
    *(date(2027, 1, 1), date(2027, 1, 2), date(2026, 9, 10), date(2026, 9, 11), date(2026, 6, 23)),
    *(date(2026, 4, 2), date(2026, 7, 3), date(2026, 11, 26), date(2026, 5, 14), date(2026, 10, 15)),
]
LENGTHS = (0, 1, 2, 3, 6, 12)
TERMS = (None, 2, 100)
SLIPS = (0, 1, 3, 7, 21, 60)


@dataclass(frozen=True)
class Case:
    """`term` is how many days after `today` the contract ends by itself; `slip` how late we look again."""

    country: str
    today: date
    unit: NoticeUnit
    length: int
    to_month_end: bool
    term: int | None
    slip: int

    @property
    def contract(self) -> Contract:
        ends_on = None if self.term is None else self.today + timedelta(days=self.term)
        return Contract(
            country=self.country,
            notice_length=self.length,
            notice_unit=self.unit,
            to_month_end=self.to_month_end,
            ends_on=ends_on,
        )


def cases() -> Iterator[Case]:
    for row in product(COUNTRIES, STARTS, NoticeUnit, LENGTHS, (False, True), TERMS, SLIPS):
        yield Case(*row)


def faults(case: Case) -> list[str]:
    """Where the rules and the calendar in hand disagree; none when all is well."""
    contract, country = case.contract, case.country
    receipt = first_receipt(case.today, case.today, country)
    last_day = runs_out(case, receipt)
    line = plan(Origin.OURS, contract, last_day, case.today)
    offered = {each.kind: each.day for each in day_choices(contract, receipt)}
    later = case.today + timedelta(days=case.slip)
    held = Happened(talk_on=line.talk_on) if line.talk_on <= later else NOTHING_YET
    late = plan(Origin.OURS, contract, last_day, later, held)
    checks = {
        "the earliest receipt": earliest_receipt(case.today, country) == receipt,
        "the earliest day by notice": offered[DayKind.BY_NOTICE] == last_day,
        "the end of the term": offered.get(DayKind.END_OF_TERM) == _term(contract, receipt),
        "planned in time": not line.slip and _can_be_kept(line, case),
        "no day off": all(_works(day, country) for day in (line.letter_on, line.received_on)),
        "planned anew": _follows(late, held, later, country),
        "the slip": bool(late.slip) == (runs_out(case, late.received_on) > last_day),
        "what can be kept": bool(why_not_keep(Origin.OURS, contract, last_day, late.received_on, held))
        == (runs_out(case, late.received_on) > last_day),
    }
    return [f"{case}: {name}" for name, holds in checks.items() if not holds]


def runs_out(case: Case, received_on: date) -> date:
    """The day on which the notice has run out."""
    return _runs_out(case.country, case.unit, case.length, case.to_month_end, received_on)


@cache
def _runs_out(country: str, unit: NoticeUnit, length: int, to_month_end: bool, received_on: date) -> date:  # noqa: FBT001 - as in a contract
    match unit:
        case NoticeUnit.DAYS:
            day = received_on + length * DAY
        case NoticeUnit.WEEKS:
            day = received_on + 7 * length * DAY
        case NoticeUnit.MONTHS:
            years, month = divmod(received_on.month - 1 + length, 12)
            year = received_on.year + years
            day = date(year, month + 1, min(received_on.day, monthrange(year, month + 1)[1]))
        case NoticeUnit.WORKING_DAYS:
            day = received_on
            for _ in range(length):
                day = _next_working(day + DAY, country)
            if not length:
                day = _next_working(day, country)
    return day.replace(day=monthrange(day.year, day.month)[1]) if to_month_end else day


@cache
def first_receipt(talk_from: date, today: date, country: str) -> date:
    """The talk at once, the letter on the next working day, its receipt on the one after."""
    talk_on = _next_working(talk_from, country)
    letter_on = _next_working(max(_next_working(talk_on + DAY, country), today), country)
    return _next_working(letter_on + DAY, country)


def _term(contract: Contract, receipt: date) -> date | None:
    return contract.ends_on if contract.ends_on and contract.ends_on >= receipt else None


def _can_be_kept(line: Timeline, case: Case) -> bool:
    in_turn = case.today <= line.talk_on < line.letter_on < line.received_on
    ends_on = runs_out(case, line.received_on)
    return in_turn and line.notice_ends_on == ends_on and ends_on <= line.last_day


def _follows(late: Timeline, held: Happened, later: date, country: str) -> bool:
    """Nothing lies before the day on which we look, and the receipt not before it is possible."""
    possible = first_receipt(held.talk_on or later, later, country)
    return late.letter_on >= later and late.received_on >= possible and (held.talk_on or late.talk_on) == late.talk_on


@cache
def _next_working(day: date, country: str) -> date:
    while not _works(day, country):
        day += DAY
    return day


@cache
def _works(day: date, country: str) -> bool:
    code, _, region = country.partition("-")
    return day.weekday() < SATURDAY and day not in holidays.country_holidays(
        code, subdiv=region or None, years=day.year
    )
