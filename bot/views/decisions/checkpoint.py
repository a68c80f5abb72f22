"""A checkpoint in two minutes: the score then and now, the notes of each concern, one answer (RP07-RP09, RF27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.plan_files import PlanSheet
from bot.services.decisions.plans import Meeting
from bot.views.blocks import (
    Marked,
    checks_input,
    clip,
    day,
    form,
    lines,
    marked,
    radio_input,
    section,
    select_input,
    text_input,
)
from bot.views.decisions.plan_start import options, text_of
from rules.decisions.effect import rounded
from rules.decisions.plan import Checkpoint, Coaching, Concern, Outcome, Plan, Response
from rules.errors import InvalidError
from rules.health.signal import Side, Signal

SHOWN_NOTES = 3
MOST_TICKED = 10  # Slack takes no more boxes in one input
GO_ON = "go_on"
RESPONSES: Mapping[Response, str] = {
    Response.GOOD: "Good: they took it up",
    Response.SOME: "Some: a beginning",
    Response.NONE: "None so far",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.KEEP: "It helped: we go on as before",
    Outcome.RENEW: "It helped: we go on, on new terms",
    Outcome.EXTEND: "Give it more time, also with other ways",
    Outcome.NOT_HELPED: "It did not help",
    Outcome.PART: "It did not help, and we think of parting",
    Outcome.ABANDONED: "Stop the plan: it was not carried out",
}
_ASKED_AGAIN: Mapping[Coaching, str] = {
    Coaching.YES: "Yes",
    Coaching.NO: "No",
    Coaching.UNSURE: "Still not sure",
}


def checkpoint_form(sheet: PlanSheet, plan: Plan, point: Checkpoint) -> View:
    undone = [action for action in plan.live_actions if action.is_open][:MOST_TICKED]
    blocks = [
        section(marked("*Checkpoint of {on}*\n{goal}", on=day(point.due_on), goal=plan.goal)),
        section(then_and_now(sheet, plan)),
        *(section(concern_news(sheet, plan, concern)) for concern in plan.live_concerns),
        radio_input("response", "How did the client respond?", options(RESPONSES)),
    ]
    if undone:
        done = [Option(action.text, action.id) for action in undone]
        blocks.append(checks_input("done", "What is done by now?", done))
    if plan.coaching is Coaching.UNSURE and not plan.coaching_asked:
        blocks.append(radio_input("coaching", "The question of this checkpoint: can coaching help?",
                                  options(_ASKED_AGAIN), initial=Coaching.UNSURE))  # fmt: skip
    follows = [Option("We go on with the plan", GO_ON)]
    follows += [Option(label, each) for each, label in OUTCOMES.items() if each is not Outcome.ABANDONED]
    blocks += [
        text_input("note", "What did we see?", optional=True, lines=4),
        select_input("then", "What follows?", follows, initial=GO_ON),
    ]
    return form(Form.CHECKPOINT, sheet.client.name, blocks, memo={"plan": plan.id, "on": point.due_on.isoformat()})


def read_checkpoint(values: Mapping[str, Any], memo: Mapping[str, str]) -> Meeting:
    if values.get("response") not in set(Response):
        raise InvalidError("Please choose an answer.", {"response": "Choose what fits best."})
    then = values.get("then")
    return Meeting(
        on=date.fromisoformat(memo["on"]),
        response=Response(values["response"]),
        note=text_of(values, "note"),
        done=tuple(values.get("done") or ()),
        coaching=Coaching(values["coaching"]) if values.get("coaching") else None,
        then=Outcome(then) if then in set(Outcome) else None,
    )


def then_and_now(sheet: PlanSheet, plan: Plan) -> Marked:
    """The score at the start and today, and praise to flags since then (RF27)."""
    flags, praise = sheet.since_start(plan, Side.THEIRS), sheet.since_start(plan, Side.PRAISE)
    now = plan.effect.score_now_tenths if plan.effect else sheet.score_tenths
    return lines(
        marked("*Score* {then} at the start, {now} now", then=rounded(plan.score_tenths), now=rounded(now)),
        marked("*Praise to red flags* {praise} : {flags} since the start", praise=len(praise), flags=len(flags)),
    )


def concern_news(sheet: PlanSheet, plan: Plan, concern: Concern) -> Marked:
    """What was noted of it since the start."""
    if not concern.types:
        return marked("*{text}*\nNo type of note stands for it: what did you see yourselves?", text=concern.text)
    notes = sheet.since_start(plan, Side.THEIRS, concern.types)
    if not notes:
        return marked("*{text}*\n:seedling: nothing noted since the start", text=concern.text)
    return lines(
        marked("*{text}*", text=concern.text),
        marked("{count} noted since the start, the last on {on}", count=len(notes), on=day(notes[0].happened_on)),
        *_quoted(sheet, notes[:SHOWN_NOTES]),
    )


def _quoted(sheet: PlanSheet, notes: list[Signal]) -> Iterator[Marked]:
    for each in notes:
        said = each.note or each.excerpt
        label = sheet.labels.get(each.type, each.type)
        yield marked("• {on}: {said}", on=day(each.happened_on), said=clip(said or label, 120))


def finish_form(sheet: PlanSheet, plan: Plan) -> View:
    blocks: list[Block] = [
        section(marked("*How did the plan go?*\n{goal}", goal=plan.goal)),
        section(then_and_now(sheet, plan)),
        radio_input("outcome", "What comes now?", options(OUTCOMES)),
        text_input("note", "What did we learn?", optional=True, lines=4),
    ]
    return form(Form.FINISH_PLAN, sheet.client.name, blocks, submit="Save", memo={"plan": plan.id})


def read_finish(values: Mapping[str, Any]) -> tuple[Outcome, str]:
    if values.get("outcome") not in set(Outcome):
        raise InvalidError("Please choose an outcome.", {"outcome": "Choose what comes now."})
    return Outcome(values["outcome"]), text_of(values, "note")
