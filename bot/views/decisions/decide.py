"""Considering and deciding on screen: the checklist, what was decided, and who is asked (FG01-FG19, DC01-DC09)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.ids import Action
from bot.replies import Block, Message, View
from bot.services.decisions.cases import CaseSheet
from bot.services.decisions.decisions import Request
from bot.views.blocks import (
    Marked,
    actions,
    button,
    clip,
    context,
    day,
    dialog,
    divider,
    lines,
    marked,
    message,
    person,
    section,
)
from bot.views.partings.progress import opened_before
from rules.clients.stages import Origin, Stage
from rules.decisions.deciding import reopenable_from
from rules.decisions.decision import CheckCode, Decision, ExceptionKind
from rules.decisions.effect import effect_sentence
from rules.decisions.gate import Check, CheckState
from rules.sentences import Sentence

ORIGINS: Mapping[Origin, str] = {
    Origin.OURS: "Our decision",
    Origin.THEIRS: "Theirs: they gave notice",
    Origin.NOBODYS_FAULT: "Nobody's fault: it no longer fits",
    Origin.NATURAL_FADE: "It faded: no open work for a while",
}
EXCEPTIONS: Mapping[ExceptionKind, str] = {
    ExceptionKind.ABUSE: "Abuse or gaslighting",
    ExceptionKind.NON_PAYMENT: "Not paid for 30 days, and reminded",
}

_QUIET = "This decides nothing yet, and only those who decide about {name} see it."
_CHECKS: Mapping[CheckCode, str] = {
    CheckCode.DATES: "More than one bad day",
    CheckCode.LOGGED: "Not written in one go",
    CheckCode.CATEGORIES: "More than one kind of trouble",
    CheckCode.REPORTERS: "More than one pair of eyes",
    CheckCode.PINKS: "More than small warnings",
    CheckCode.PERSPECTIVE: "Both sides",
    CheckCode.PLAN: "A plan was tried",
    CheckCode.CONTRACT: "The contract",
    CheckCode.IMPACT: "Toll and benefit",
    CheckCode.COOLING_OFF: "Time to think",
    CheckCode.REASON: "The reason",
    CheckCode.OPEN_WORK: "No open work",
    CheckCode.DEBTS: "No debts",
    CheckCode.QUIET: "Quiet weeks",
    CheckCode.THEIR_DATE: "Their day",
}
_STATES: Mapping[CheckState, tuple[str, str]] = {
    CheckState.MET: (":white_check_mark:", "met"),
    CheckState.NOT_MET: (":white_large_square:", "not yet"),
    CheckState.WAIVED: (":ballot_box_with_check:", "waived"),
}
_OF_NOTES = frozenset({CheckCode.DATES, CheckCode.LOGGED, CheckCode.CATEGORIES, CheckCode.REPORTERS, CheckCode.PINKS})
_ANSWERED_BY: Mapping[CheckCode, tuple[Action, str]] = {
    CheckCode.PERSPECTIVE: (Action.PERSPECTIVE, "Answer"),
    CheckCode.PLAN: (Action.SKIP_PLAN, "Say why not"),
    CheckCode.CONTRACT: (Action.CONTRACT, "Review"),
    CheckCode.IMPACT: (Action.IMPACT, "Look at it"),
    CheckCode.OPEN_WORK: (Action.FADE, "State"),
    CheckCode.DEBTS: (Action.FADE, "State"),
}


def case_dialog(sheet: CaseSheet, decision: Decision) -> View:
    """What a decider sees of a case at its present step."""
    if decision.dropped_at:
        blocks = [section(_dropped_line(sheet, decision))]
    elif decision.confirmed_at:
        blocks = [*_decided(sheet, decision)]
    elif decision.decided_at:
        blocks = [*_waiting(sheet, decision)]
    else:
        blocks = [*_considered(sheet, decision)]
    return dialog(sheet.client.name, blocks)


def going_on_dialog(sheet: CaseSheet) -> View:
    """After a consideration was dropped or a decision reopened."""
    name = sheet.client.name
    text = marked("The work with {name} goes on.", name=name)
    blocks = [section(text), *opened_before(sheet.opened), actions(button("Plan", Action.PLAN, sheet.client.id))]
    return dialog(name, blocks)


# --- the three steps ----------------------------------------------------------------------------------------------


def _considered(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    opened_at = decision.opened_at.astimezone(sheet.now.tzinfo)
    yield section(
        lines(
            marked("*Considering parting since {on}* ({origin})", on=day(opened_at), origin=ORIGINS[decision.origin]),
            marked("Thought of by {who}: {thought}", who=person(decision.opened_by), thought=decision.thought),
        )
    )
    yield context(marked(_QUIET, name=sheet.client.name))
    yield from checklist(sheet, decision, editable=True)
    yield actions(*_considered_buttons(sheet, decision))


def _considered_buttons(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    if sheet.may_be_decided:
        yield button("Decide", Action.DECIDE, decision.id, style="primary")
    yield button(
        "Keep the client", Action.DROP_DECISION, decision.id, name=Sentence("Keep {name}", name=sheet.client.name)
    )
    if any(each.code in _OF_NOTES and each.state is CheckState.NOT_MET for each in sheet.checks):
        yield button("Log a note", Action.LOG_FROM_HOME)
    if decision.origin is Origin.OURS:
        yield button("Name an exception", Action.EXCEPTION, decision.id)
        yield button("Plan", Action.PLAN, sheet.client.id)


def _waiting(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    asked = marked(" {who} was asked to confirm.", who=person(decision.confirmer_id)) if decision.confirmer_id else ""
    yield section(
        lines(
            marked("*{who} decided to part:* {reason}", who=person(decision.decided_by), reason=decision.reason),
            marked("It waits for a confirmation.{asked}", asked=asked),
        )
    )
    yield from checklist(sheet, decision, editable=False)
    if sheet.why_not_confirm:
        yield context(marked("{why}", why=sheet.why_not_confirm))
    yield actions(*_waiting_buttons(sheet, decision))


def _waiting_buttons(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    if not sheet.why_not_confirm and sheet.may_be_decided:
        yield button("Confirm", Action.CONFIRM, decision.id, style="primary")
    yield button(
        "Keep the client", Action.DROP_DECISION, decision.id, name=Sentence("Keep {name}", name=sheet.client.name)
    )


def _decided(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    yield section(position(decision))
    yield from checklist(sheet, decision, editable=False)
    if decision.reopening:
        yield section(_reopening_lines(sheet, decision))
    yield actions(*_decided_buttons(sheet, decision))


def position(decision: Decision) -> Marked:
    """DC06: what was decided, in a line to hold on to."""
    if decision.confirmed_at is None:
        return Marked("")
    return marked("*Decided on {on}:* {reason}", on=day(decision.confirmed_at), reason=decision.reason)


def _decided_buttons(sheet: CaseSheet, decision: Decision) -> Iterator[Block]:
    yield button("Parting", Action.PARTING, sheet.client.id, style="primary")
    if sheet.client.stage not in {Stage.DECIDED, Stage.TOLD}:
        return
    if decision.reopening is None:
        yield button("There is a new fact", Action.ASK_TO_REOPEN, decision.id)
        return
    if sheet.may_be_reopened:
        yield button("Reopen", Action.REOPEN, decision.id)
    yield button("Keep the decision", Action.KEEP_DECISION, decision.id)


def _reopening_lines(sheet: CaseSheet, decision: Decision) -> Marked:
    if decision.reopening is None:
        return Marked("")
    opens_at = reopenable_from(decision).astimezone(sheet.now.tzinfo)
    return lines(
        marked("*A new fact:* {fact}", fact=decision.reopening.fact),
        marked(
            "{who} stands for it and can reopen this from {on}, {at}.",
            who=person(decision.reopening.owner_id),
            on=day(opens_at),
            at=f"{opens_at:%H:%M}",
        ),
    )


def _dropped_line(sheet: CaseSheet, decision: Decision) -> Marked:
    return marked(
        "This was dropped: {reason} The work with {name} goes on.",
        reason=decision.dropped_reason,
        name=sheet.client.name,
    )


# --- the checklist ------------------------------------------------------------------------------------------------


def checklist(sheet: CaseSheet, decision: Decision, *, editable: bool) -> Iterator[Block]:
    yield divider()
    for check in sheet.checks:
        yield section(_check_lines(check, decision), _answer_button(check, decision) if editable else None)
        if check.code is CheckCode.PLAN and sheet.plan and sheet.plan.effect:
            # AM04: whoever decides reads what the plan did.
            yield context(marked("{effect}", effect=effect_sentence(sheet.plan.effect)))
    if decision.exception:
        yield section(_exception_lines(sheet, decision), _missing_invoice(sheet, decision))
    yield divider()


def _check_lines(check: Check, decision: Decision) -> Marked:
    sign, word = _STATES[check.state]
    label = _CHECKS[check.code]
    head = marked(
        "{sign} *{label}* ({word}). {explanation}",
        sign=Marked(sign),
        label=label,
        word=word,
        explanation=check.explanation,
    )
    return lines(head, *(marked("> {text}", text=_one_line(text)) for text in _answers(check.code, decision)))


def _answers(code: CheckCode, decision: Decision) -> Iterator[str]:
    """What was answered, so that whoever confirms has read it."""
    if code is CheckCode.PERSPECTIVE and decision.our_part:
        yield Sentence("How they may see it: {perspective}", perspective=decision.perspective)
        yield Sentence("Our part: {our_part}", our_part=decision.our_part)
        if decision.owed:
            yield Sentence("What we owe them: {owed}", owed=decision.owed)
    if code is CheckCode.IMPACT and decision.impact:
        yield Sentence("On our work: {on_work}", on_work=decision.impact.on_work)
        yield Sentence("On the business: {on_business}", on_business=decision.impact.on_business)
    if code is CheckCode.PLAN and decision.skip_plan_reason:
        yield Sentence("Without a plan because: {skip_plan_reason}", skip_plan_reason=decision.skip_plan_reason)


def _one_line(text: str) -> str:
    return clip(" ".join(text.split()), 500)


def _answer_button(check: Check, decision: Decision) -> Block | None:
    if check.code not in _ANSWERED_BY:
        return None
    action, label = _ANSWERED_BY[check.code]
    if check.code is CheckCode.PLAN and check.state is CheckState.MET:
        return None
    shown = "Change" if check.state is not CheckState.NOT_MET else label
    return button(shown, action, decision.id, suffix=check.code, name=f"{shown}: {_CHECKS[check.code]}")


def _missing_invoice(sheet: CaseSheet, decision: Decision) -> Block | None:
    """What a refused exception of non-payment lacks can be supplied from here."""
    if decision.exception is not ExceptionKind.NON_PAYMENT or not sheet.exception_fault:
        return None
    return button("Add the invoice", Action.ADD_INVOICE, sheet.client.id, suffix="exception")


def _exception_lines(sheet: CaseSheet, decision: Decision) -> Marked:
    if decision.exception is None:
        return Marked("")
    fault = marked(":warning: {fault}", fault=sheet.exception_fault) if sheet.exception_fault else ""
    return lines(
        marked(
            "*Exception: {kind}*. {evidence}",
            kind=EXCEPTIONS[decision.exception],
            evidence=_one_line(decision.exception_reason),
        ),
        fault,
    )


# --- to those who are asked ---------------------------------------------------------------------------------------


def settled_notice(request: Request) -> Message:
    text = marked(
        "The decision about {name} is confirmed. What comes next: the last day, the tasks, the talk and the letter.",
        name=request.client.name,
    )
    return message(text, section(text), actions(button("Open the parting", Action.PARTING, request.client.id)))
