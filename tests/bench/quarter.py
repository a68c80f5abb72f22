"""A quarter of an agency with 60 clients whose truth is known: what the bands say, and who is told of what when."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rules.health.score import Band
from tests.bench.databases import Databases
from tests.bench.measures import Measure
from tests.bench.quarters.life import POOR, Quarter
from tests.bench.quarters.told import KINDS, Ledger, as_text, working_days
from tests.bench.quarters.truth import OPERATIONS, OWNER, Neglect, Relation, Truth

STARTS_ON = date(2027, 1, 5)  # a Tuesday: the first digest comes on the Monday after it
WEEKS = 13
SHOWN_BANDS, SHOWN_DIGESTS = (4, 8, 13), (1, 6, 13)
BAD_BY_WEEK = 5
BELOW_WATCH = POOR


@dataclass(frozen=True, slots=True)
class Audience:
    """Who could do something about a neglect, by when in working days: `soon` their own word, `later` another's."""

    firsts: tuple[str, ...]
    within: int
    others: tuple[str, ...]
    at_last: int
    sections: tuple[str, ...] = ()


def quarter(databases: Databases) -> Iterator[Measure]:
    """On SQLite; the digests and a Home are printed as text."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amicable-quarter-")))
        url = stack.enter_context(databases.fresh("sqlite"))
        lived = Quarter(folder, url, STARTS_ON)
        stack.callback(lived.close)
        lived.live(7 * WEEKS, _say_week)
        _show_texts(lived)
        yield from _bands(lived)
        yield from _messages(lived)
        yield from _neglects(lived)
        yield from _digests(lived.ledger, [each.name for each in lived.relations])


def _say_week(day: date) -> None:
    if day.weekday() == 0:
        sys.stderr.write(f"  week {(day - STARTS_ON).days // 7 + 1}\n")


def _bands(lived: Quarter) -> Iterator[Measure]:
    for week in SHOWN_BANDS:
        bands = lived.bands[_monday(week)]
        found = {
            truth.value: dict(
                Counter(bands.get(each.name, "closed") for each in lived.relations if each.truth is truth)
            )
            for truth in Truth
        }
        sys.stderr.write(f"Bands at week {week}: {found}\n")
        wrong = _bad_ones_missed(lived, week) + _fine_ones_below(bands, lived.relations)
        yield Measure(name=f"clients whose band says the opposite, week {week}", value=wrong, more={"bands": found})
    missed = _bad_ones_missed(lived, BAD_BY_WEEK)
    yield Measure(name=f"bad clients not at amend or worse by week {BAD_BY_WEEK}", value=missed, at_most=0)
    below = {name for bands in lived.bands.values() for name in _names_below(bands, lived.relations)}
    yield Measure(name="fine clients ever below watch", value=len(below), at_most=0, more={"names": sorted(below)})


def _messages(lived: Quarter) -> Iterator[Measure]:
    counts = lived.ledger.unasked()
    weeks = len(lived.people) * WEEKS
    unasked = counts["nudge"] + counts["whisper"]
    for kind in KINDS:
        most = max(counts[kind].values(), default=0)
        yield Measure(name=f"{kind}s a person and week, mean", value=counts[kind].total() / weeks, more={"most": most})
    yield Measure(name="unasked messages a person and week, mean", value=unasked.total() / weeks, at_most=1.0)
    yield Measure(name="unasked messages a person and week, most", value=max(unasked.values(), default=0), at_most=3)


def _neglects(lived: Quarter) -> Iterator[Measure]:
    late = []
    sys.stderr.write("Neglects, and after how many working days who was told (message, digest, Home):\n")
    for relation in lived.relations:
        if relation.neglect is not Neglect.NONE:
            began = lived.began.get(relation.neglect)
            if began is None:
                late.append(f"{relation.neglect}: it never came to it")
            else:
                late += _told_late(lived, relation, began)
    yield Measure(name="neglects told too late or to nobody", value=len(late), at_most=0, more={"which": late})


def _told_late(lived: Quarter, relation: Relation, began: date) -> list[str]:
    """What of this neglect was told too late: its own people within their days, others when they leave it."""
    audience, late = _audience(relation), []
    for who, within in ((audience.firsts, audience.within), (audience.others, audience.at_last)):
        since = began - timedelta(days=1)
        found = {
            "message": working_days(began, lived.ledger.first_word(relation.name, who, since)),
            "digest": working_days(began, lived.ledger.first_line(relation.name, began, audience.sections)),
            "Home": min(
                (days for person_id in who if (days := _at_home(lived, relation, person_id, began)) is not None),
                default=None,
            ),
        }
        names = ", ".join(person_id.removeprefix("U0").title() for person_id in who)
        sys.stderr.write(f"  {relation.neglect} ({relation.name}, {began}): {names} within {within}: {found}\n")
        soonest = min((days for days in found.values() if days is not None), default=None)
        if who and (soonest is None or soonest > within):
            late.append(f"{relation.neglect}: {names} after {soonest} working days instead of {within}")
    return late


def _at_home(lived: Quarter, relation: Relation, person_id: str, began: date) -> int | None:
    return working_days(began, lived.ledger.first_home(relation.name, person_id, began))


def _audience(relation: Relation) -> Audience:
    owner, maker = relation.owner.id, relation.team[1].id
    admins = (OWNER, OPERATIONS)
    decision, overdue, coming, quiet = ("Needs a decision",), ("Overdue",), ("In the next two weeks",), ("Quiet",)
    match relation.neglect:
        case Neglect.FORGOTTEN_PLAN:
            return Audience((owner,), 1, admins, 10, (*overdue, *decision))
        case Neglect.MISSED_PROMISE:
            return Audience((maker,), 1, admins, 10, overdue)
        case Neglect.NOBODY_ACTS:
            return Audience((owner,), 6, (OWNER,), 11, decision)
        case Neglect.SILENT_TERM:
            return Audience((owner,), 1, (), 0, coming)
        case Neglect.STUCK_LETTER:
            return Audience(admins, 3, (owner,), 13, ())
        case _:
            return Audience((owner,), 5, admins, 5, quiet)


def _digests(ledger: Ledger, names: list[str]) -> Iterator[Measure]:
    lines = Counter(line.week for line in ledger.lines())
    spoken = sum(name in message.text for message in ledger.digests() for name in names)
    yield Measure(name="client lines of a digest, most", value=max(lines.values(), default=0), at_most=12)
    yield Measure(name="lines three weeks in a row without a word", value=ledger.unsaid_repeats(), at_most=0)
    yield Measure(name="clients named in a notification", value=spoken, at_most=0)
    yield Measure(name="digests of 13 weeks missing", value=WEEKS - len(ledger.digests()), at_most=0)


def _show_texts(lived: Quarter) -> None:
    names = {each.id: each.name.split()[0] for each in lived.people}
    digests = lived.ledger.digests()
    for week in SHOWN_DIGESTS:
        message = digests[week - 1]
        sys.stderr.write(f"\n===== digest of week {week}: {message.text}\n{as_text(message.blocks, names)}\n")
    sys.stderr.write(f"\n===== Olivia's Home of week 10\n{lived.home_of_week_10}\n\n")


def _bad_ones_missed(lived: Quarter, week: int) -> int:
    return sum(
        lived.bands[_monday(week)].get(each.name) not in POOR for each in lived.relations if each.truth is Truth.BAD
    )


def _fine_ones_below(bands: Mapping[str, Band], relations: list[Relation]) -> int:
    return len(_names_below(bands, relations))


def _names_below(bands: Mapping[str, Band], relations: list[Relation]) -> list[str]:
    return [each.name for each in relations if each.truth is Truth.FINE and bands.get(each.name) in BELOW_WATCH]


def _monday(week: int) -> date:
    return STARTS_ON + timedelta(days=7 * week - 1)
