"""Forms that change a plan while it runs, and its history (RP03-RP06, RP10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.ids import Action as Button
from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.plan_files import PlanSheet
from bot.services.decisions.revisions import Shape
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    date_input,
    day,
    dialog,
    form,
    lines,
    marked,
    person,
    person_input,
    radio_input,
    section,
    select_input,
    text_input,
)
from bot.views.decisions.plan_start import INTERNAL, RAISED, RHYTHMS, SIDES, options, text_of
from rules.decisions.plan import Action, ActionSide, ActionStatus, ChangeKind, Concern, Plan, Rhythm
from rules.errors import InvalidError

STATUSES: Mapping[ActionStatus, str] = {
    ActionStatus.OPEN: "Not begun",
    ActionStatus.DOING: "Under way",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "Dropped",
}
_SEEN = [
    Option("Seen by the client", "client"),
    Option("Ours alone, behind the scenes", INTERNAL),
]
_KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "added",
    ChangeKind.CHANGED: "changed",
    ChangeKind.BEGUN: "begun",
    ChangeKind.DROPPED: "dropped",
    ChangeKind.DONE: "done",
    ChangeKind.EXTENDED: "extended",
    ChangeKind.LEARNED: "learned",
}
DROP = "drop"
NO_RHYTHM = "none"
NEW_ACTION_DAYS = 14
SHOWN_CHANGES = 40


def action_form(sheet: PlanSheet, plan: Plan, action: Action | None, member_id: str) -> View:
    """A new action, or one that is there already."""
    blocks: list[Block] = []
    if action is None:
        known = [Option(clip(each.text, 75), each.id) for each in plan.live_concerns]
        blocks.append(select_input("concern", "For which concern?", known, initial=known[0].value))
    blocks += action_inputs(sheet, action, member_id)
    memo = {"plan": plan.id, "action": action.id if action else "", "concern": action.concern_id if action else ""}
    return form(Form.PLAN_ACTION, sheet.client.name, blocks, memo=memo)


def action_inputs(sheet: PlanSheet, action: Action | None, member_id: str) -> list[Block]:
    due_on = action.due_on if action else sheet.today + timedelta(days=NEW_ACTION_DAYS)
    start_on = (action.start_on if action else None) or sheet.today
    blocks = [
        text_input("text", "What will be done", initial=action.text if action else "", limit=300),
        select_input("side", "Who acts", options(SIDES), initial=action.side if action else ActionSide.OURS),
        radio_input("seen", "Who sees it", _SEEN, initial=INTERNAL if action and action.is_internal else "client"),
        person_input("owner", "Who looks after it", initial=action.owner_id if action else member_id),
        date_input("start", "From", initial=min(start_on, due_on)),
        date_input("due", "Until", initial=due_on),
        text_input("benchmark", "How we will know that it worked", limit=300, hint="Can be counted",
                   initial=action.benchmark if action else ""),
    ]  # fmt: skip
    if action:
        blocks.append(select_input("status", "How far is it?", options(STATUSES), initial=action.status))
    return blocks


def read_action(values: Mapping[str, Any], memo: Mapping[str, str]) -> Action:
    wanted = {
        "text": "Say what should be done.",
        "owner": "Choose who looks after it.",
        "due": "Choose a day.",
        "benchmark": "Say how we will know that it worked.",
    }
    faults = {field: sentence for field, sentence in wanted.items() if not text_of(values, field)}
    if faults:
        raise InvalidError("Fill in what is missing; it stands beside the fields.", faults)
    start = values.get("start")
    return Action(
        id=memo.get("action", ""),
        concern_id=memo.get("concern") or text_of(values, "concern"),
        text=text_of(values, "text"),
        side=ActionSide(values.get("side") or ActionSide.OURS),
        owner_id=text_of(values, "owner"),
        start_on=date.fromisoformat(start) if start else None,
        due_on=date.fromisoformat(text_of(values, "due")),
        status=ActionStatus(values.get("status") or ActionStatus.OPEN),
        benchmark=text_of(values, "benchmark"),
        is_internal=values.get("seen") == INTERNAL,
    )


def concern_form(sheet: PlanSheet, plan: Plan, concern: Concern | None, member_id: str) -> View:
    """A new concern comes with its first action: none is left alone."""
    marks = [Option("The client raised it", RAISED)]
    if concern and len(plan.live_concerns) > 1:
        marks.append(Option("Drop it, with its open actions", DROP))
    blocks = [
        text_input("concern_text", "The concern", initial=concern.text if concern else "", limit=300),
        checks_input("marks", "What is true of it?", marks,
                     initial=[RAISED] if concern and concern.raised_by_client else []),
    ]  # fmt: skip
    if concern is None:
        blocks += action_inputs(sheet, None, member_id)
    memo = {"plan": plan.id, "concern": concern.id if concern else ""}
    return form(Form.PLAN_CONCERN, sheet.client.name, blocks, memo=memo)


def read_concern(values: Mapping[str, Any], memo: Mapping[str, str]) -> tuple[Concern, bool]:
    """The concern, and whether it is to be dropped."""
    said, marks = text_of(values, "concern_text"), values.get("marks") or ()
    if not said:
        fault = "Say in a few words what it is about."
        raise InvalidError(fault, {"concern_text": fault})
    return Concern(id=memo.get("concern", ""), text=said, raised_by_client=RAISED in marks), DROP in marks


def shape_form(sheet: PlanSheet, plan: Plan) -> View:
    rhythms = [*options(RHYTHMS), Option("Only on the days that were chosen", NO_RHYTHM)]
    blocks = [
        text_input("goal", "The goal that both sides share", initial=plan.goal, hint="One sentence", limit=300),
        text_input("target", "What can be reached by then", initial=plan.target, limit=300, optional=True,
                   hint="Achievable with the people we have, and worth it"),
        radio_input("rhythm", "We look at it together", rhythms, initial=plan.rhythm or NO_RHYTHM),
        text_input("alternatives", "What else did we think of?", initial=plan.alternatives, optional=True, lines=3),
    ]  # fmt: skip
    return form(Form.PLAN_SHAPE, sheet.client.name, blocks, memo={"plan": plan.id})


def read_shape(values: Mapping[str, Any]) -> Shape:
    rhythm = values.get("rhythm")
    return Shape(
        goal=text_of(values, "goal"),
        target=text_of(values, "target"),
        alternatives=text_of(values, "alternatives"),
        rhythm=Rhythm(rhythm) if rhythm in set(Rhythm) else None,
    )


def history_dialog(sheet: PlanSheet, plan: Plan) -> View:
    """Newest first; what happened to the plan since it began."""
    changes = sorted(plan.changes, key=lambda each: each.at, reverse=True)
    blocks = [section(marked("*What changed in the plan since {on}*", on=day(plan.started_at)))]
    for each in changes[:SHOWN_CHANGES]:
        before = marked(" _(before: {before})_", before=clip(each.before, 200)) if each.before else Marked("")
        said = marked(
            "{on} · {who} · {kind}: {what}{before}",
            on=day(each.at),
            who=person(each.by_id),
            kind=_KINDS[each.kind],
            what=clip(each.what, 300),
            before=before,
        )
        blocks.append(section(said))
    if not changes:
        blocks.append(section(Marked("Nothing yet: it runs as it was started.")))
    if len(changes) > SHOWN_CHANGES:
        blocks.append(context(marked("and {count} older ones", count=len(changes) - SHOWN_CHANGES)))
    return dialog(sheet.client.name, [*blocks, actions(button("Back to the plan", Button.PLAN, sheet.client.id))])


def action_words(action: Action) -> Marked:
    """One action, with all that RP05, RP06 and RP10 ask for."""
    state = (
        marked(":white_check_mark: done {on}", on=day(action.done_on))
        if action.done_on
        else marked("{status}", status=STATUSES[action.status].lower())
    )
    span = marked("{start} to ", start=day(action.start_on)) if action.start_on else marked("until ")
    return lines(
        marked("{side}: *{text}*", side=SIDES[action.side], text=action.text),
        marked(
            "{who} · {span}{due} · {state} · {seen}",
            who=person(action.owner_id),
            span=span,
            due=day(action.due_on),
            state=state,
            seen="ours alone" if action.is_internal else "seen by the client",
        ),
        marked("_We will know by: {benchmark}_", benchmark=action.benchmark) if action.benchmark else "",
    )
