"""What is agreed on: the last day, the talk, what is still finished and what is owed (CN, WU01-WU11, NE04-NE07)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.services.partings.planning import move_last_day, plan_anew
from rules.clients.client import Client, Contract
from rules.clients.stages import Origin
from rules.decisions.decision import Decision
from rules.errors import ConflictError, InvalidError
from rules.partings.dates import LastDay, accept_last_day, nothing_left, propose_last_day
from rules.partings.deliverables import in_terms
from rules.partings.parting import Parting, with_items
from rules.partings.timeline import earliest_receipt
from rules.ports import UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person ticked in the preview. `circumstances` are conditions that hold; None where nobody was asked."""

    tracker: str
    ticked: frozenset[str]
    circumstances: frozenset[str] | None = None


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


def first_last_day(decision: Decision, contract: Contract, today: date) -> LastDay:
    """Counted from the day on which the client can have the letter; their own notice from when they told us."""
    if decision.origin is Origin.THEIRS and decision.ends_on:
        return accept_last_day(contract, decision.ends_on, decision.told_us_on or today)
    received_on = earliest_receipt(today, contract.country)
    if decision.origin is Origin.NATURAL_FADE and contract.notice_length is None:
        return nothing_left(received_on)
    return propose_last_day(contract, received_on)


def require_good_talk(parting: Parting, talk: Talk, today: date) -> None:
    if parting.told_at:
        told_on = day_name(parting.told_at.date())
        raise ConflictError(
            Sentence(
                "It is recorded already that they were told, on {told_on}. Nothing is left to do.", told_on=told_on
            )
        )
    if talk.held_on > today:
        raise InvalidError("The talk is still to come.", {"held_on": "Choose the day on which the talk was held."})
    if talk.last_day and talk.last_day < talk.held_on:
        raise InvalidError("That day has passed.", {"last_day": "Choose a last day that is not before the talk."})
    for name, due_on in parting.deliverables:
        if talk.last_day and due_on > talk.last_day:
            sentence = Sentence(
                "{name} is due on {day_name}; choose a last day that is not before that.",
                name=name,
                day_name=day_name(due_on),
            )
            raise InvalidError(sentence, {"last_day": sentence})


def agreed(unit: UnitOfWork, client: Client, parting: Parting, talk: Talk, today: date, real: datetime) -> Parting:
    """The parting after the talk, with the last day that it came to; talk and letter have new days."""
    if talk.last_day is None or talk.last_day == parting.last_day:
        return plan_anew(unit, client, parting, today, real)
    sentence = Sentence(
        "Agreed in the talk on {day_name}: {day_name_2}.",
        day_name=day_name(talk.held_on),
        day_name_2=day_name(talk.last_day),
    )
    named = replace(parting, named_in_talk=True, agreed_last_day=None)
    return move_last_day(unit, client, named, (talk.last_day, sentence), today, real)


def on_terms(parting: Parting, terms: Terms, today: date, by_id: str, new_code: Callable[[], str]) -> Parting:
    """The parting on these terms, before tickets, days and letter follow."""
    if terms.deliverables and terms.nothing_to_finish:
        sentence = "Either list what we finish, or say that nothing is open."
        raise InvalidError(sentence, {"deliverables": sentence})
    settled = replace(
        parting,
        nothing_to_finish=terms.nothing_to_finish,
        amounts_owed=terms.amounts_owed.strip(),
        referrals=terms.referrals.strip(),
    )
    return with_items(settled, in_terms(parting.items, terms.deliverables, today, by_id, new_code))
