"""When a parting may be closed, and what it wants of whoever decides until then (HO11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.clients.client import Client
from rules.clients.stages import Origin, Stage
from rules.errors import ConflictError, InvalidError
from rules.partings.belongings import owed_back
from rules.partings.ending import LOOK_BACK_TASK
from rules.partings.parting import Parting, PartingState, Ticket, TicketState
from rules.partings.ticket_progress import overdue, tasks_of, unfinished
from rules.sentences import Sentence
from rules.workdays import day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """All that a close is judged by: Home, the button and the form look at the same. `unpaid` are invoice numbers."""

    client: Client
    parting: Parting
    tickets: Sequence[Ticket]
    unpaid: Sequence[str]


def why_not_close(case: CloseCase) -> str:
    """What still stands between this parting and its end, first things first.

    Empty exactly when `close` goes, once somebody says how we know that the client has it all.
    """
    return next(_obstacles(case), "")


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
    if parting.state in {PartingState.CLOSED, PartingState.STOPPED}:
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


def _obstacles(case: CloseCase) -> Iterator[str]:
    parting = case.parting
    if parting.state is PartingState.CLOSED:
        yield "This parting is closed already."
    if parting.state is not PartingState.OPEN:
        yield "Open its tasks first, then finish them."
    left = [task for task in unfinished(case.tickets) if task.task_code != LOOK_BACK_TASK]  # which comes after the end
    if left:
        names = ", ".join(task.title for task in left[:3])
        more = Sentence(" and {number} more", number=len(left) - 3) if len(left) > 3 else ""  # noqa: PLR2004 - three names fit in a sentence
        yield Sentence(
            "{number} of {count} task is neither done nor waived: {names}{more}.",
            "{number} of {count} tasks are neither done nor waived: {names}{more}.",
            count=len(tasks_of(case.tickets)),
            number=len(left),
            names=names,
            more=more,
        )
    if case.client.stage is not Stage.HANDING_OFF:
        yield Sentence("Record first that {name} was told. Then this can be closed.", name=case.client.name)
    # RF43: a relationship with an open balance does not simply fade.
    if parting.origin is Origin.NATURAL_FADE and case.unpaid:
        yield Sentence(
            "Invoice {unpaid} is not paid yet: a quiet good-bye waits until nothing is owed.", unpaid=case.unpaid[0]
        )
    # HO07: nothing of theirs stays behind.
    if behind := owed_back(parting.belongings):
        yield Sentence(
            "{what} belongs to the client and is not handed back yet. Do that first, then close.", what=behind[0].what
        )
