"""Beside each thing that is missing, the button that leads to where it is completed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ids import Action
from bot.replies import Block
from bot.services.partings.notices import NoticeSheet
from bot.views.blocks import actions, button, marked, section
from rules.notices.finding import Finding
from rules.notices.notice import NoticeStatus
from rules.sentences import Sentence

# By what is missing: the button's words, where it leads, and whether that is the client's or the parting's.
_REMEDIES = {
    "missing_contact": ("Fill in the contact", Action.CONTACTS, "client"),
    "missing_client": ("Settings", Action.CLIENT_SETTINGS, "client"),
    "missing_sender": ("Choose who looks after them", Action.CLIENT_SETTINGS, "client"),
    "missing_clause": ("Fill in the contract", Action.CLIENT_CONTRACT, "client"),
    "missing_last_day": ("Choose the last day", Action.CHOOSE_LAST_DAY, "parting"),
    "missing_reason": ("Open the parting", Action.PARTING, "client"),
    "missing_deliverables": ("What is left and owed", Action.TERMS, "parting"),
    "missing_amounts": ("What is left and owed", Action.TERMS, "parting"),
    "missing_answers": ("Deliverables", Action.DELIVERABLES, "parting"),
    "missing_settlement": ("Money and belongings", Action.SETTLEMENT, "parting"),
}


def remedy(sheet: NoticeSheet, finding: Finding) -> Block | None:
    """The way out of a finding; None where the letter's own words are the matter."""
    if not sheet.may_decide or finding.code not in _REMEDIES:
        return None
    label, action, whose = _REMEDIES[finding.code]
    value = sheet.client.id if whose == "client" else sheet.parting.id
    return button(
        label, action, value, suffix=finding.code, name=Sentence("{label}: {what}", label=label, what=finding.sentence)
    )


def talk_first_blocks(sheet: NoticeSheet) -> Iterator[Block]:
    """What comes before an approved letter goes out, with the two ways to it."""
    if sheet.notice is None or sheet.notice.status is not NoticeStatus.APPROVED or not sheet.why_talk_first:
        return
    yield section(marked(":speech_balloon: {why}", why=sheet.why_talk_first))
    if sheet.may_decide:
        yield actions(
            button("Prepare the talk", Action.TALK, sheet.parting.id, style="primary"),
            button("The talk was held", Action.TOLD, sheet.parting.id),
        )


def days_blocks(sheet: NoticeSheet) -> Iterator[Block]:
    """What the letter promises and can't be kept any more, with the ways to other days."""
    if not sheet.why_days_fail:
        return
    yield section(marked(":alarm_clock: {why}", why=sheet.why_days_fail))
    if sheet.may_decide:
        yield actions(
            button("Choose the last day", Action.CHOOSE_LAST_DAY, sheet.parting.id, suffix="days", style="primary"),
            button("Deliverables", Action.DELIVERABLES, sheet.parting.id, suffix="days"),
        )
