"""When a parting may be closed, and what it wants of whoever decides until then (HO11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from rules.clients.client import Client
from rules.clients.stages import Origin, Stage
from rules.decisions.plan import Outcome, Plan
from rules.errors import ConflictError, InvalidError
from rules.health.why.track_record import Fate, Fated
from rules.local_days import local_day
from rules.partings.belongings import Holder, not_back, open_sums, owes_nothing
from rules.partings.deliverables import unanswered
from rules.partings.last_steps import LOOK_BACK_TASK
from rules.partings.parting import OVER, Parting, PartingState, Ticket, TicketState
from rules.partings.ticket_progress import overdue, tasks_of, unfinished
from rules.sentences import Sentence
from rules.workdays import day_name

_LEFT: Final = frozenset({Origin.OURS, Origin.THEIRS})
_MENDED: Final = frozenset({Outcome.KEEP, Outcome.RENEW})


class Lack(StrEnum):
    """What can be missing at the end; each has a place where it is settled."""

    CLOSED = "closed"
    UNOPENED = "unopened"
    TASKS = "tasks"
    TALK = "talk"
    LETTER = "letter"
    ANSWERS = "answers"
    MONEY = "money"
    OWED = "owed"
    BELONGINGS = "belongings"
    LAST_DAY = "last_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that is missing, said in a sentence."""

    lack: Lack
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """All that a close is judged by: Home, the button and the form look at the same.

    `unpaid` are the numbers of invoices that are not on the parting's own list; `has_letter_arrived` says that the
    letter was received.
    """

    client: Client
    parting: Parting
    tickets: Sequence[Ticket]
    unpaid: Sequence[str]
    today: date
    has_letter_arrived: bool = False


def why_not_close(case: CloseCase) -> str:
    """What still stands between this parting and its end, first things first.

    Empty exactly when `close` goes, once somebody says how we know that the client has it all.
    """
    return next((each.sentence for each in _obstacles(case)), "")


def obstacles(case: CloseCase) -> tuple[Obstacle, ...]:
    """All that is missing, first things first."""
    return tuple(_obstacles(case))


def close(case: CloseCase, now: datetime) -> Parting:
    """The closed parting: nothing is left, and the client has it all."""
    obstacle = why_not_close(case)
    if obstacle:
        raise ConflictError(obstacle)
    if case.parting.receipt is None:
        sentence = "Say how you know that the client has received everything."
        raise InvalidError(sentence, {"way": sentence})
    return replace(case.parting, state=PartingState.CLOSED, closed_at=now)


def wanted(case: CloseCase, today: date) -> str:
    """What the parting wants now of those who decide; empty when nothing."""
    parting = case.parting
    if parting.state in OVER:
        return ""
    stuck = sum(ticket.state in {TicketState.REFUSED, TicketState.PARKED} for ticket in case.tickets)
    if stuck:
        return Sentence("{stuck} of the tickets could not be opened: see why, then try again.", stuck=stuck)
    if not parting.told_at:
        return Sentence(
            "Hold the talk, then record it. The last day is {day_name}.", day_name=day_name(parting.last_day)
        )
    if parting.state is PartingState.PREPARING:
        return "Choose the tasks and open them."
    if not why_not_close(case):
        return "Everything is done or waived: close the parting."
    late = len(overdue(case.tickets, today))
    return Sentence("{count} task is overdue.", "{count} tasks are overdue.", count=late) if late else ""


def _obstacles(case: CloseCase) -> Iterator[Obstacle]:
    parting = case.parting
    if parting.state is PartingState.CLOSED:
        yield Obstacle(lack=Lack.CLOSED, sentence="This parting is closed already.")
    if parting.told_at is None or (parting.state is PartingState.OPEN and case.client.stage is not Stage.HANDING_OFF):
        sentence = Sentence("Record first that {name} was told. Then this can be closed.", name=case.client.name)
        yield Obstacle(lack=Lack.TALK, sentence=sentence)
    yield from _unopened(parting)
    yield from _tasks_left(case)
    if not case.has_letter_arrived and not parting.no_letter:
        yield Obstacle(
            lack=Lack.LETTER, sentence="The letter has not been received. Note its day, or say why there is none."
        )
    silent = unanswered(parting.items)
    if silent:
        sentence = Sentence(
            "{title} has no answer: finish it, hand it over or drop it, or ask them to answer by a day.",
            title=silent[0].title,
        )
        yield Obstacle(lack=Lack.ANSWERS, sentence=sentence)
    yield from _money(case)
    # HO07: nothing of theirs stays behind, nor of ours.
    for each in not_back(parting.belongings):
        whose = (
            "{what} belongs to the client and is not handed back yet. Do that first, then close."
            if each.belongs_to is Holder.CLIENT
            else "{what} is ours and not back yet. Get it back, or take it off the list."
        )
        yield Obstacle(lack=Lack.BELONGINGS, sentence=Sentence(whose, what=each.what))
    if case.today <= parting.last_day:
        sentence = Sentence("The last day, {day}, is not over yet.", day=day_name(parting.last_day))
        yield Obstacle(lack=Lack.LAST_DAY, sentence=sentence)


def _unopened(parting: Parting) -> Iterator[Obstacle]:
    """Tickets that wait for nothing but the talk are no matter of their own."""
    if parting.state is PartingState.OPENING and parting.told_at:
        sentence = "Its tickets are still being opened: look again in a moment, or see what keeps them."
        yield Obstacle(lack=Lack.UNOPENED, sentence=sentence)
    elif parting.state not in {PartingState.OPEN, PartingState.OPENING}:
        yield Obstacle(lack=Lack.UNOPENED, sentence="Open its tasks first, then finish them.")


def _tasks_left(case: CloseCase) -> Iterator[Obstacle]:
    left = [task for task in unfinished(case.tickets) if task.task_code != LOOK_BACK_TASK]  # which comes after the end
    if not left:
        return
    names = ", ".join(task.title for task in left[:3])
    more = Sentence(" and {number} more", number=len(left) - 3) if len(left) > 3 else ""  # noqa: PLR2004 - three names fit in a sentence
    sentence = Sentence(
        "{number} of {count} task is neither done nor waived: {names}{more}.",
        "{number} of {count} tasks are neither done nor waived: {names}{more}.",
        count=len(tasks_of(case.tickets)),
        number=len(left),
        names=names,
        more=more,
    )
    yield Obstacle(lack=Lack.TASKS, sentence=sentence)


def _money(case: CloseCase) -> Iterator[Obstacle]:
    """WU11: each sum is paid or let go by its name. RF43: with an open balance nothing simply fades."""
    parting = case.parting
    for each in open_sums(parting.sums):
        sentence = Sentence("{what} is not settled: note that it is paid, or let it go.", what=each.what)
        yield Obstacle(lack=Lack.MONEY, sentence=sentence)
    if case.unpaid:
        said = (
            "Invoice {unpaid} is not paid yet: a quiet good-bye waits until nothing is owed."
            if parting.origin is Origin.NATURAL_FADE
            else "Invoice {unpaid} is not paid yet: put it on the list, then settle it there."
        )
        yield Obstacle(lack=Lack.MONEY, sentence=Sentence(said, unpaid=case.unpaid[0]))
    if not parting.sums and not owes_nothing(parting.amounts_owed):
        yield Obstacle(lack=Lack.OWED, sentence="Say what is owed, or that nothing is: what was typed is not settled.")


def fates(plans: Iterable[Plan], partings: Iterable[Parting], timezone: str) -> list[Fated]:
    """What became of one client, oldest first: plans that helped, and partings that were told or are closed."""
    found = [
        Fated(Fate.MENDED, local_day(plan.ended_at, timezone))
        for plan in plans
        if plan.ended_at and plan.outcome in _MENDED
    ]
    for parting in partings:
        at = parting.told_at or parting.closed_at
        if at is None or parting.state is PartingState.STOPPED:
            continue
        if parting.origin in _LEFT:
            found.append(Fated(Fate.LEFT, local_day(at, timezone)))
        elif parting.origin is Origin.NATURAL_FADE:
            found.append(Fated(Fate.FADED, local_day(at, timezone)))
    return sorted(found, key=lambda each: each.on)
