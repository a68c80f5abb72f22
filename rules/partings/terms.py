"""What is agreed on: last day, talk, what is still finished and what is owed (D11, CN, WU01-WU11, NE04-NE07)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from rules.clients.client import Client, Contract
from rules.clients.stages import Origin
from rules.decisions.decision import Decision
from rules.errors import ConflictError, InvalidError
from rules.partings import deliverables
from rules.partings.belongings import NOTHING_OWED, seen
from rules.partings.dates import LastDay, accept_last_day, nothing_left, propose_last_day
from rules.partings.deliverables import in_terms
from rules.partings.parting import OVER, Parting, Stamp, with_items
from rules.partings.timeline import WE_GIVE_NOTICE, earliest_receipt
from rules.sentences import Sentence
from rules.workdays import day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The conversation was held (CV01): on which day, by whom, and the last day that was agreed on, if another."""

    held_on: date
    by: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is still finished and until when, what is owed ("none" is an answer), and who can help the client next.

    `seen` is what of it somebody began with.
    """

    deliverables: tuple[tuple[str, date], ...]
    nothing_to_finish: bool
    amounts_owed: str
    referrals: str
    seen: str = ""


def seen_terms(parting: Parting) -> str:
    """What the form of the terms shows, in short."""
    return seen((parting.deliverables, parting.nothing_to_finish, parting.amounts_owed, parting.referrals))


def last_touched(parting: Parting) -> Stamp:
    """Who changed the terms last: they change with both lists, too."""
    return max(parting.work_stamp, parting.money_stamp, key=lambda stamp: stamp.at or parting.created_at)


def terms_in_words(parting: Parting) -> str:
    finishing = ", ".join(f"{name} ({day_name(due_on)})" for name, due_on in parting.deliverables)
    nothing = "nothing is open" if parting.nothing_to_finish else "nothing is listed"
    return Sentence(
        "{finishing}; owed: {owed}; next: {next}",
        finishing=finishing or nothing,
        owed=parting.amounts_owed or "nothing said",
        next=parting.referrals or "nobody named",
    )


def first_last_day(decision: Decision, contract: Contract, today: date) -> LastDay:
    """Counted from the day on which the client can have the letter; their own notice from when they told us."""
    if decision.origin is Origin.THEIRS and decision.ends_on:
        return accept_last_day(contract, decision.ends_on, decision.told_us_on or today)
    received_on = earliest_receipt(today, contract.country)
    if not notice_runs(decision.origin, contract):
        return nothing_left(received_on)
    return propose_last_day(contract, received_on)


def notice_runs(origin: Origin, contract: Contract) -> bool:
    """Where nothing is open, only a notice that is written down has to run out (RF43)."""
    return origin is not Origin.NATURAL_FADE or contract.notice_length is not None


def stated(decision: Decision) -> Terms:
    """What was said of a fade on its checklist is not asked again (RF43)."""
    faded = decision.origin is Origin.NATURAL_FADE
    return Terms(
        deliverables=(),
        nothing_to_finish=faded and decision.work_finished,
        amounts_owed=NOTHING_OWED if faded and decision.all_paid else "",
        referrals="",
    )


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
    if talk.last_day and (early := deliverables.why_too_early(parting.items, talk.last_day)):
        raise InvalidError(early, {"last_day": early})


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


def require_told(client: Client, parting: Parting) -> None:
    if parting.told_at is None:
        raise ConflictError(
            Sentence("{name} has not been told yet. Hold the talk and record it, then ask them.", name=client.name)
        )


def require_askable(client: Client, parting: Parting, until: date, today: date) -> None:
    require_told(client, parting)
    if not deliverables.unanswered(parting.items):
        raise ConflictError("Every deliverable has its answer: there is nothing left to ask.")
    if until < today:
        raise InvalidError("That day has passed.", {"until": "Give them until today at least; a week is kinder."})


def answers_wanted(parting: Parting, today: date) -> str:
    """What the list of what is open waits for; empty when for nothing, or not yet."""
    left = len(deliverables.unanswered(parting.items))
    if not left or parting.told_at is None:
        return ""
    if parting.question is None:
        return Sentence(
            "{count} deliverable has no answer yet: ask the client.",
            "{count} deliverables have no answer yet: ask the client.",
            count=left,
        )
    if today <= parting.question.until:
        return Sentence(
            "{count} deliverable waits for the client's answer, until {day_name}.",
            "{count} deliverables wait for the client's answer, until {day_name}.",
            count=left,
            day_name=day_name(parting.question.until),
        )
    return ""


def runs_from_receipt(parting: Parting) -> bool:
    """Where we give notice, and no other day was agreed on in the talk."""
    ours = parting.origin in WE_GIVE_NOTICE
    return ours and not parting.named_in_talk and parting.state not in OVER
