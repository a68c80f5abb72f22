"""The plan of a parting, drawn anew when the world has changed: tasks before they are open, and tickets after (D11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.services.audit import record_by
from bot.services.partings.sheets import facts_of
from bot.services.partings.tickets import dispatch
from rules.clients.client import Client
from rules.clients.places import is_ours
from rules.local_days import local_day
from rules.partings import deliverables
from rules.partings.parting import DayMove, Parting, PartingState, PlannedTask, days_of
from rules.partings.preview import as_chosen, redated, with_preview
from rules.partings.tasks import propose
from rules.partings.terms import Talk
from rules.partings.ticket_syncing import follow
from rules.ports import Clock, UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name

UNDER_WAY = frozenset({PartingState.OPENING, PartingState.OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is changed, and by whom: nobody where it follows by itself.

    `today` as the clocks on the wall show it, `now` as the app's clock does; `real` is real time, for what goes over
    the wire.
    """

    today: date
    now: datetime
    real: datetime
    by_id: str = ""


def moment(unit: UnitOfWork, clock: Clock, by_id: str = "") -> Moment:
    now = clock.now()
    return Moment(today=local_day(now, unit.workspace().timezone), now=now, real=clock.real(), by_id=by_id)


def move_last_day(
    unit: UnitOfWork, client: Client, parting: Parting, last_day: tuple[date, str], at: Moment
) -> Parting:
    """The parting with another last day, not saved yet, and all that is counted from it.

    `last_day` comes with the sentence that says why. Days of open tickets are stored and told to their tracker, which
    keeps what somebody set there by hand. The caller holds the parting's lock. Who moved it, and from when, stays.
    """
    day, sentence = last_day
    if day == parting.last_day:
        return parting
    move = DayMove(by_id=at.by_id, on=at.today, moved_from=parting.last_day, moved_to=day)
    record_by(unit, at.by_id, at.now, "last day moved", parting.id, days_of(move))
    moved = replace(
        parting,
        last_day=day,
        last_day_arithmetic=(*parting.last_day_arithmetic, sentence),
        day_moves=(*parting.day_moves, move),
    )
    return plan_anew(unit, client, moved, at.today, at.real)


def plan_anew(unit: UnitOfWork, client: Client, parting: Parting, today: date, real: datetime) -> Parting:
    """Tasks that are not open yet follow last day and terms; ticks and owners stay. Open ones get their days."""
    if parting.state is PartingState.PREPARING:
        tasks = planned(unit, client, parting, today)
        return parting if tasks == parting.preview.tasks else with_preview(parting, parting.preview.tracker, tasks)
    if parting.state not in UNDER_WAY:
        return parting
    plan = {task.code: task for task in planned(unit, client, parting, today)}
    _move_tickets(unit, parting, plan, real)
    return replace(parting, preview=redated(parting.preview, plan))


def agreed(unit: UnitOfWork, client: Client, parting: Parting, talk: Talk, at: Moment) -> Parting:
    """The parting after the talk, with the last day that it came to; talk and letter have new days."""
    if talk.last_day is None or talk.last_day == parting.last_day:
        return plan_anew(unit, client, parting, at.today, at.real)
    sentence = Sentence(
        "Agreed in the talk on {day_name}: {day_name_2}.",
        day_name=day_name(talk.held_on),
        day_name_2=day_name(talk.last_day),
    )
    named = replace(parting, named_in_talk=True, agreed_last_day=None)
    return move_last_day(unit, client, named, (talk.last_day, sentence), at)


def planned(unit: UnitOfWork, client: Client, parting: Parting, today: date) -> tuple[PlannedTask, ...]:
    """What would be proposed now, with what people have chosen already."""
    kept = {task.code: task for task in parting.preview.tasks}
    facts = facts_of(unit, client, parting, today)
    proposed = propose(facts, deliverables.kept(parting.items))
    gone = {member.id for member in unit.people.members() if not is_ours(member, unit.workspace_id)}
    # A day that was chosen stays on an open task although it may have passed by now.
    earliest = today if parting.state is PartingState.PREPARING else date.min
    return tuple(as_chosen(task, kept[task.code], gone, earliest) if task.code in kept else task for task in proposed)


def _move_tickets(unit: UnitOfWork, parting: Parting, plan: dict[str, PlannedTask], real: datetime) -> None:
    for ticket in unit.partings.tickets(parting.id):
        day = plan[ticket.task_code].due_on if ticket.task_code in plan else None
        planned_on = day if ticket.parent_id else parting.last_day
        followed = follow(ticket, planned_on, real) if planned_on else ticket
        if followed != ticket:
            unit.partings.save_ticket(followed)
            dispatch.push(unit, followed)
    dispatch.show(unit, parting, real)
