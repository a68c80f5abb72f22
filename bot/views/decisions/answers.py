"""The forms with which a case is opened, answered, decided and reopened; each is read where it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.cases import CaseSheet
from bot.services.decisions.considerations import Plea, Thought
from bot.services.decisions.decisions import Verdict
from bot.views.blocks import (
    Marked,
    checks_input,
    context,
    date_input,
    form,
    lines,
    marked,
    radio_input,
    section,
    select_input,
    text_input,
)
from bot.views.clients.contract import contract_inputs
from bot.views.decisions.decide import EXCEPTIONS, ORIGINS, checklist, position
from bot.views.decisions.plan_start import misses_words
from bot.views.health.toll import toll_block
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Origin
from rules.decisions.decision import Decision, ExceptionKind
from rules.errors import InvalidError
from rules.sentences import Sentence
from rules.workdays import day_name

NO_EXCEPTION = "none"
CHOICES = 100  # Slack shows no more in a select


def consider_form(client: Client, quiet_since: date | None = None) -> View:
    """Where nothing has happened for weeks it begins with that, and may be changed."""
    faded = (
        Sentence("Nothing is open, and nothing has happened since {day}.", day=day_name(quiet_since))
        if quiet_since
        else ""
    )
    blocks = [
        context(
            marked(
                "Ending is a fair thing to think about. This decides nothing; it tests the thought, "
                "and only those who decide about {name} see it.",
                name=client.name,
            )
        ),
        radio_input(
            "origin",
            "Whose step would it be?",
            [Option(label, origin) for origin, label in ORIGINS.items()],
            initial=Origin.NATURAL_FADE if faded else Origin.OURS,
        ),
        text_input("thought", "Why does it cross your mind?", initial=faded, lines=4),
        date_input("told_us_on", "They told us on", hint="Only if they gave notice", optional=True),
        date_input("ends_on", "The day that they named", hint="Only if they gave notice", optional=True),
    ]
    return form(Form.CONSIDER, client.name, blocks, submit="Consider", memo={"client": client.id})


def read_consider(values: Mapping[str, Any]) -> Thought:
    if values.get("origin") not in set(Origin):
        raise InvalidError("Please choose one.", {"origin": "Choose what fits best."})
    return Thought(
        origin=Origin(values["origin"]),
        thought=_text(values, "thought"),
        ends_on=_day(values.get("ends_on")),
        told_us_on=_day(values.get("told_us_on")),
    )


def perspective_form(sheet: CaseSheet, decision: Decision) -> View:
    """FG01-FG03: the same three questions as before a plan, with what was answered then."""
    before = sheet.looked
    blocks = [
        section(misses_words(sheet.misses, sheet.labels)),
        text_input(
            "perspective",
            "What would they say, and why?",
            initial=decision.perspective or (before.they_say if before else ""),
            lines=4,
            hint="Their likely reasons, as they would put them",
        ),
        text_input(
            "our_part",
            "What is ours in this?",
            initial=decision.our_part or (before.ours if before else ""),
            lines=4,
            hint="It is rarely all the client's fault, and stress colours the view",
        ),
        text_input("owed", "What do we owe them?", initial=decision.owed or (before.owed if before else ""), lines=4),
    ]
    return form(Form.PERSPECTIVE, sheet.client.name, blocks, memo={"decision": decision.id})


def read_perspective(values: Mapping[str, Any]) -> tuple[str, str, str]:
    return _text(values, "perspective"), _text(values, "our_part"), _text(values, "owed")


def impact_form(sheet: CaseSheet, decision: Decision) -> View:
    """FG18: income and toll stand side by side."""
    impact, seen = decision.impact, sheet.evidence
    blocks = [
        toll_block(sheet.toll),
        context(
            marked(
                "Within a year: {flags}, {praise} praise, {ours} of ours.",
                flags=Sentence("{count} red flag", "{count} red flags", count=seen.red_flags),
                praise=seen.praise,
                ours=Sentence("{count} miss", "{count} misses", count=seen.our_misses),
            )
        ),
        text_input(
            "on_work",
            "What would it change for our work and mood?",
            lines=4,
            initial=impact.on_work if impact else "",
            hint="Time for others, new ideas, the quality of what we do",
        ),
        text_input(
            "on_business",
            "What would it change for the business?",
            lines=4,
            initial=impact.on_business if impact else "",
            hint="Income, pipeline, reputation",
        ),
    ]
    return form(Form.IMPACT, sheet.client.name, blocks, memo={"decision": decision.id})


def read_impact(values: Mapping[str, Any]) -> tuple[str, str]:
    return _text(values, "on_work"), _text(values, "on_business")


def contract_form(client: Client, decision: Decision) -> View:
    return form(Form.CONTRACT, client.name, contract_inputs(client.contract), memo={"decision": decision.id})


def skip_plan_form(client: Client, decision: Decision) -> View:
    blocks = [
        context(Marked("Whoever confirms the decision has to accept this reason.")),
        text_input("reason", "Why is no plan tried?", initial=decision.skip_plan_reason, lines=3),
    ]
    return form(Form.SKIP_PLAN, client.name, blocks, memo={"decision": decision.id})


def exception_form(client: Client, decision: Decision) -> View:
    options = [*(Option(label, kind) for kind, label in EXCEPTIONS.items()), Option("None applies", NO_EXCEPTION)]
    blocks = [
        context(Marked("Nobody has to tolerate abuse. An exception needs a note in the ledger and its evidence.")),
        radio_input("kind", "Which exception applies?", options, initial=decision.exception or ""),
        text_input(
            "evidence",
            "What happened, and where can it be seen?",
            initial=decision.exception_reason,
            lines=3,
            optional=True,
        ),
        date_input(
            "reminded_on",
            "Reminded of the payment on",
            initial=decision.reminded_on,
            optional=True,
            hint="Only where they have not paid",
        ),
    ]
    return form(Form.EXCEPTION, client.name, blocks, memo={"decision": decision.id})


def read_exception(values: Mapping[str, Any]) -> Plea:
    if values.get("kind") not in {*ExceptionKind, NO_EXCEPTION}:
        raise InvalidError("Please choose one.", {"kind": "Choose one, or that none applies."})
    if values["kind"] == NO_EXCEPTION:
        return Plea()
    evidence = _text(values, "evidence")
    if not evidence:
        raise InvalidError("The evidence is missing.", {"evidence": "Say what happened and where it can be seen."})
    return Plea(kind=ExceptionKind(values["kind"]), evidence=evidence, reminded_on=_day(values.get("reminded_on")))


def fade_form(client: Client, decision: Decision) -> View:
    stated = [name for name in ("work_finished", "all_paid") if getattr(decision, name)]
    options = [Option("No work is open", "work_finished"), Option("Everything is paid, both ways", "all_paid")]
    blocks = [checks_input("stated", "What is true today?", options, initial=stated)]
    return form(Form.FADE, client.name, blocks, memo={"decision": decision.id})


def read_fade(values: Mapping[str, Any]) -> tuple[bool, bool]:
    stated = values.get("stated") or ()
    return "work_finished" in stated, "all_paid" in stated


def decide_form(sheet: CaseSheet, decision: Decision) -> View:
    name = sheet.client.name
    theirs = decision.origin is Origin.THEIRS
    explained = decision.origin in {Origin.OURS, Origin.NOBODYS_FAULT}
    blocks = [
        text_input(
            "reason",
            "The reason, in a sentence to hold on to",
            lines=3,
            limit=500,
            initial=decision.thought[:500] if theirs else "",
            hint="The letter gives it: write it so that they may read it, in their language"
            if explained
            else "For us alone: the letter does not hold it",
        ),
        text_input("name", Sentence("To be sure, type the client's name: {name}", name=name), limit=100),
    ]
    if sheet.others and not theirs:
        blocks.append(_person_choice("confirmer", "Who is asked to confirm?", sheet.others, optional=True))
    elif not theirs:
        blocks.append(context(Marked("Nobody else decides here: your own second look confirms it later.")))
    return form(Form.DECIDE, name, blocks, submit="Decide", memo={"decision": decision.id})


def read_decide(values: Mapping[str, Any]) -> Verdict:
    return Verdict(
        reason=_text(values, "reason"), typed_name=_text(values, "name"), confirmer_id=_text(values, "confirmer")
    )


def confirm_form(sheet: CaseSheet, decision: Decision) -> View:
    accepted = (
        marked("You accept that no plan was tried: {reason}", reason=decision.skip_plan_reason)
        if decision.skip_plan_reason
        else ""
    )
    blocks = [
        section(lines(marked("*{reason}*", reason=decision.reason), accepted)),
        *checklist(sheet, decision, editable=False),
        section(
            marked(
                "From then on parting from {name} is decided, and only a new fact reopens it.", name=sheet.client.name
            )
        ),
    ]
    return form(Form.CONFIRM, sheet.client.name, blocks, submit="Confirm", memo={"decision": decision.id})


def drop_form(client: Client, decision: Decision) -> View:
    blocks = [text_input("reason", "What speaks for keeping them?", lines=3)]
    return form(Form.DROP_DECISION, client.name, blocks, submit="Keep the client", memo={"decision": decision.id})


def read_reason(values: Mapping[str, Any]) -> str:
    return _text(values, "reason")


def reopen_form(sheet: CaseSheet, decision: Decision) -> View:
    """DC04: a deal-breaker that is gone, not a bad conscience."""
    blocks = [
        section(position(decision)),
        text_input(
            "fact",
            "What do we know now that we did not know then?",
            lines=4,
            hint="A fact, not a feeling; it is looked at again after 24 hours",
        ),
        _person_choice("owner", "Who stands for it?", (sheet.reader, *sheet.others), initial=sheet.reader.id),
    ]
    return form(Form.ASK_TO_REOPEN, sheet.client.name, blocks, submit="Ask", memo={"decision": decision.id})


def read_reopen(values: Mapping[str, Any]) -> tuple[str, str]:
    return _text(values, "fact"), _text(values, "owner")


def _person_choice(
    block: str, label: str, people: tuple[Member, ...], *, initial: str = "", optional: bool = False
) -> Block:
    """A list of its own, since not everybody in the workspace decides."""
    options = [Option(member.name or member.id, member.id) for member in people[:CHOICES]]
    return select_input(block, label, options, initial=initial, optional=optional)


def _text(values: Mapping[str, Any], field: str) -> str:
    return str(values.get(field) or "").strip()


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
