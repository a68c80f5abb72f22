"""The forms of a parting, and what was put into them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.partings.sheets import Audience, PartingSheet
from bot.views.blocks import (
    checks_input,
    clip,
    context,
    date_input,
    form,
    marked,
    number_input,
    person_input,
    select_input,
    several_input,
    text_input,
)
from bot.views.partings.talk import position_line
from rules.clients.stages import Origin
from rules.errors import InvalidError
from rules.partings.terms import Talk, Terms, seen_terms
from rules.partings.ticket_progress import FINISHED
from rules.ports import FieldKind, RequiredField
from rules.sentences import Sentence

CHECKS_A_GROUP = 10
FIELDS_ASKED = 20
OPTIONS_SHOWN = 100
TASKS, OWNER, FIELD = "tasks_", "owner_", "field_"
NOTHING = "nothing"


# --- the talk -----------------------------------------------------------------------------------------------------


ASKED_OF = {
    Origin.OURS: ("The talk was held on", "Who told them"),
    Origin.NOBODYS_FAULT: ("The talk was held on", "Who told them"),
    Origin.THEIRS: ("They told us on", "Who heard it"),
    Origin.NATURAL_FADE: ("They know since", "Who told them"),
}


def told_form(sheet: PartingSheet, member_id: str) -> View:
    held, by = ASKED_OF[sheet.parting.origin]
    blocks = [
        *position_line(sheet.parting.origin, sheet.position),
        context(
            marked("{text}", text="From now on the whole team sees this parting, and its tasks can go to the tracker.")
        ),
        date_input("held_on", held, initial=sheet.parting.held_on or sheet.today),
        person_input("by", by, initial=member_id),
        date_input("last_day", "The last day, as agreed", initial=sheet.parting.last_day),
    ]
    return form(Form.TOLD, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def read_talk(values: Mapping[str, Any]) -> Talk:
    return Talk(held_on=_day(values, "held_on"), by=str(values.get("by") or ""), last_day=_day(values, "last_day"))


# --- terms --------------------------------------------------------------------------------------------------------


def terms_form(sheet: PartingSheet) -> View:
    parting = sheet.parting
    blocks = [
        *position_line(parting.origin, sheet.position),
        text_input(
            "deliverables",
            "What we still finish",
            initial="\n".join(f"{due_on.isoformat()} {name}" for name, due_on in parting.deliverables),
            hint="One a line, the day first: 2026-12-01 Spring campaign",
            optional=True,
            lines=4,
        ),
        checks_input(
            "nothing_to_finish",
            "Or",
            [Option(label="Nothing is open: all agreed work is finished", value=NOTHING)],
            initial=[NOTHING] if parting.nothing_to_finish else [],
        ),
        text_input(
            "amounts_owed",
            "What is owed, with dates",
            initial=parting.amounts_owed,
            hint="“none” is an answer",
            optional=True,
            lines=3,
            limit=600,
        ),
        text_input(
            "referrals",
            "Who can help them next",
            initial=parting.referrals,
            hint="People or agencies that agreed to be named",
            optional=True,
            lines=3,
            limit=600,
        ),
    ]
    memo = {"parting": parting.id, "seen": seen_terms(parting)}
    return form(Form.TERMS, sheet.client.name, blocks, memo=memo)


def read_terms(values: Mapping[str, Any], seen: str = "") -> Terms:
    rows = [row.strip() for row in str(values.get("deliverables") or "").splitlines() if row.strip()]
    return Terms(
        deliverables=tuple(_deliverable(row) for row in rows),
        nothing_to_finish=NOTHING in (values.get("nothing_to_finish") or ()),
        amounts_owed=str(values.get("amounts_owed") or ""),
        referrals=str(values.get("referrals") or ""),
        seen=seen,
    )


# --- what the tracker requires ------------------------------------------------------------------------------------


def fields_form(audience: Audience) -> View:
    """One question for each field that the tracker requires besides ours; a choice where it offers one."""
    place = audience.destination
    blocks = [context(marked("Each ticket in {place} gets these. You are asked once.", place=place.name))]
    asked = place.required_fields[:FIELDS_ASKED]
    blocks += [_field_input(each, audience.answers.get(each.id, "")) for each in asked]
    return form(Form.TRACKER_FIELDS, audience.client.name, blocks, memo={"parting": audience.parting.id})


def _field_input(asked: RequiredField, said: str) -> Block:
    block, label = f"{FIELD}{asked.id}", clip(asked.name, 150)
    known = said.split(",") if asked.many else [said]
    # What was chosen stands first, so that it is never cut off.
    shown = sorted(asked.choices, key=lambda choice: choice[0] not in known)[:OPTIONS_SHOWN]
    options = [Option(label=clip(name, 75), value=value) for value, name in shown]
    if options and asked.many:
        return several_input(block, label, options, initial=known)
    if options:
        return select_input(block, label, options, initial=said if shown[0][0] == said else "")
    if asked.kind is FieldKind.NUMBER:
        return number_input(block, label, initial=_number(said), decimals=True)
    hint = "Several with commas between" if asked.many else ""
    return text_input(block, label, initial=said, hint=hint, limit=255)


def _number(said: str) -> Decimal | None:
    try:
        number = Decimal(said)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """Several with commas between."""
    said = {block.removeprefix(FIELD): answer for block, answer in values.items() if block.startswith(FIELD)}
    return {name: ",".join(answer) if isinstance(answer, list) else str(answer or "") for name, answer in said.items()}


# --- waiving ------------------------------------------------------------------------------------------


def waive_form(sheet: PartingSheet, task_id: str = "") -> View:
    """Of one task, or of whichever is chosen."""
    left = [task for task in sheet.tasks if task.task_state not in FINISHED]
    first = sorted(left, key=lambda task: task.id != task_id)[:100]
    blocks = [
        select_input(
            "task",
            "The task",
            [Option(label=clip(task.title, 75), value=task.id) for task in first],
            initial=task_id if first and first[0].id == task_id else "",
        ),
        text_input("reason", "Why it is not needed", lines=2, limit=300),
    ]
    return form(Form.WAIVE, sheet.client.name, blocks, submit="Waive")


def _deliverable(row: str) -> tuple[str, date]:
    first, _, name = row.partition(" ")
    sentence = Sentence("Begin the line with the day, then the name: “{clip}”.", clip=clip(row, 60))
    try:
        due_on = date.fromisoformat(first)
    except ValueError:
        raise InvalidError(sentence, {"deliverables": sentence}) from None
    if not name.strip():
        raise InvalidError(sentence, {"deliverables": sentence})
    return name.strip(), due_on


def _day(values: Mapping[str, Any], block: str) -> date:
    chosen = values.get(block)
    if not chosen:
        raise InvalidError("Choose a day.", {block: "Choose a day."})
    return date.fromisoformat(str(chosen))
