"""What a letter has to say, read from everything that is known of its parting."""

from __future__ import annotations

from datetime import date

from bot.services.voices import voice_of
from rules.clients.client import Client
from rules.local_days import local_day
from rules.notices.notice import NoticeFacts
from rules.notices.phrases import as_it_is, handed_over, theirs_to_do
from rules.partings.deliverables import dropped, unanswered
from rules.partings.deliverables import handed_over as handed_over_as_it_is
from rules.partings.parting import Parting
from rules.ports import UnitOfWork


def letter_facts(unit: UnitOfWork, client: Client, parting: Parting) -> NoticeFacts:
    """What the letter has to say, as it stands now."""
    voice = voice_of(unit, client)
    names = handed_over(voice)
    all_answered = bool(parting.items) and not unanswered(parting.items)
    ticked = [task for task in parting.preview.tasks if task.ticked]
    asked = theirs_to_do(voice.language)
    return NoticeFacts(
        client_name=client.name,
        contact_name=voice.contact_name,
        sender_name=voice.sender_name,
        company_name=voice.company_name,
        language=voice.language,
        last_day=parting.last_day,
        reason=unit.decisions.get(parting.decision_id).reason,
        clause=client.contract.clause,
        clause_answered=client.contract.none_written or client.contract.clause_silent,
        deliverables=parting.deliverables,
        handovers=(
            *((names[task.code], task.due_on) for task in ticked if task.code in names),
            *((as_it_is(client.language, name), due_on) for name, due_on in handed_over_as_it_is(parting.items)),
        ),
        amounts_owed=parting.amounts_owed,
        referrals=parting.referrals,
        since_year=client.client_since.year if client.client_since else None,
        origin=parting.origin,
        told_on=_told_on(unit, parting),
        address=voice.address,
        first_name=voice.first_name,
        title=voice.title,
        team_of_one=voice.team_of_one,
        nothing_to_finish=parting.nothing_to_finish or all_answered,
        left_out=dropped(parting.items),
        unanswered=tuple(item.title for item in unanswered(parting.items)),
        their_tasks=tuple((asked[task.code], task.due_on) for task in ticked if task.code in asked),
    )


def _told_on(unit: UnitOfWork, parting: Parting) -> date | None:
    """The day of the talk, which may have been noted later; None until the client has been told."""
    if parting.told_at is None:
        return None
    return parting.held_on or local_day(parting.told_at, unit.workspace().timezone)
