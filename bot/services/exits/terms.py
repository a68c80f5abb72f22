"""What is agreed on: the last day, the talk, what is still finished and what is owed (CN, WU01-WU11, NE04-NE07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.services.exits.sheets import facts_of
from rules.clients.client import Client
from rules.clients.stages import Origin
from rules.decisions.decision import Decision
from rules.errors import ConflictError, InvalidError
from rules.exits.dates import Deliverable, LastDay, accept_last_day, propose_last_day
from rules.exits.parting import ExitState, Parting
from rules.exits.tasks import propose
from rules.exits.workdays import day_name
from rules.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person ticked in the preview; `owners` by task code, the others keep theirs."""

    tracker: str
    ticked: frozenset[str]
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The conversation was held (CV01): on which day, by whom, and the last day that was agreed on, if another."""

    held_on: date
    by: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is still finished and until when, what is owed ("none" is an answer), and who can help the client next."""

    deliverables: tuple[tuple[str, date], ...]
    nothing_to_finish: bool
    amounts_owed: str
    referrals: str


def first_last_day(decision: Decision, client: Client, today: date) -> LastDay:
    if decision.origin is Origin.THEIRS and decision.ends_on:
        return accept_last_day(client.contract, decision.ends_on, today)
    return propose_last_day(client.contract, today)


def require_good_talk(parting: Parting, talk: Talk, today: date) -> None:
    if parting.told_at:
        raise ConflictError(f"It is recorded already that they were told, on {day_name(parting.told_at.date())}.")
    if talk.held_on > today:
        raise InvalidError("The talk is still to come.", {"held_on": "Choose the day on which the talk was held."})
    if talk.last_day and talk.last_day < talk.held_on:
        raise InvalidError("That day has passed.", {"last_day": "The last day can't lie before the talk."})
    for name, due_on in parting.deliverables:
        if talk.last_day and due_on > talk.last_day:
            sentence = f"{name} is due on {day_name(due_on)}; the last day can't lie before it."
            raise InvalidError(sentence, {"last_day": sentence})


def agreed(unit: UnitOfWork, client: Client, parting: Parting, talk: Talk, today: date) -> Parting:
    """The parting with the last day that the talk came to."""
    if talk.last_day is None or talk.last_day == parting.last_day:
        return parting
    sentence = f"Agreed in the talk on {day_name(talk.held_on)}: {day_name(talk.last_day)}."
    return _moved_to(unit, client, parting, (talk.last_day, sentence), today)


def on_terms(unit: UnitOfWork, client: Client, parting: Parting, terms: Terms, today: date) -> Parting:
    """The parting on these terms; its last day never lies before the last thing that we finish."""
    if terms.deliverables and terms.nothing_to_finish:
        sentence = "Either list what we finish, or say that nothing is open."
        raise InvalidError(sentence, {"deliverables": sentence})
    settled = replace(
        parting,
        deliverables=terms.deliverables,
        nothing_to_finish=terms.nothing_to_finish,
        amounts_owed=terms.amounts_owed.strip(),
        referrals=terms.referrals.strip(),
    )
    name, last = max(terms.deliverables, key=lambda item: item[1], default=("", parting.last_day))
    if last > parting.last_day:
        sentence = f"{name} is due on {day_name(last)}: never before the last deliverable."
        return _moved_to(unit, client, settled, (last, sentence), today)
    return _planned_anew(unit, client, settled, today) if terms.deliverables != parting.deliverables else settled


def _moved_to(unit: UnitOfWork, client: Client, parting: Parting, last_day: tuple[date, str], today: date) -> Parting:
    day, sentence = last_day
    moved = replace(parting, last_day=day, last_day_arithmetic=(*parting.last_day_arithmetic, sentence))
    return _planned_anew(unit, client, moved, today)


def _planned_anew(unit: UnitOfWork, client: Client, parting: Parting, today: date) -> Parting:
    """Tasks that are not open yet follow the last day and the deliverables; ticks and owners stay."""
    if parting.state is not ExitState.PREPARING:
        return parting
    kept = {task.code: task for task in parting.preview.tasks}
    finished = [Deliverable(name=name, due_on=due_on) for name, due_on in parting.deliverables]
    tasks = tuple(
        replace(task, ticked=kept[task.code].ticked, owner_id=kept[task.code].owner_id) if task.code in kept else task
        for task in propose(facts_of(unit, client, parting.last_day, today), finished)
    )
    preview = replace(parting.preview, revision=parting.preview.revision + 1, tasks=tasks)
    return replace(parting, preview=preview)
