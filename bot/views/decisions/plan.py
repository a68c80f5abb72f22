"""The plan: its forms, how it stands, and the reminder of a checkpoint (RP01-RP12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.ids import Action as Button
from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.plans import FIRST_CHECKPOINTS, Meeting, PlanDraft, PlanSheet
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
    divider,
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
from rules.clients.client import Client
from rules.decisions.plan import Action, ActionSide, Checkpoint, Coaching, Concern, Level, Outcome, Plan, Response
from rules.errors import InvalidError
from rules.sentences import Sentence

PAIRS = 3

SIDES: Mapping[ActionSide, str] = {
    ActionSide.OURS: "We do",
    ActionSide.THEIRS: "They do",
    ActionSide.BOTH: "Both of us do",
}
RESPONSES: Mapping[Response, str] = {
    Response.GOOD: "Good: they took it up",
    Response.SOME: "Some: a beginning",
    Response.NONE: "None so far",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.KEEP: "It helped: we go on as before",
    Outcome.RENEW: "It helped: we go on, on new terms",
    Outcome.EXTEND: "Give it more time: two more checkpoints",
    Outcome.NOT_HELPED: "It did not help",
    Outcome.ABANDONED: "Stop the plan: it was not carried out",
}
LEVELS: Mapping[Level, str] = {Level.LOW: "A little", Level.MEDIUM: "Noticeably", Level.HIGH: "Badly"}
COACHING: Mapping[Coaching, str] = {
    Coaching.YES: "Yes",
    Coaching.NO: "No",
    Coaching.UNSURE: "Not sure: the plan will show",
}
RAISED, INTERNAL = "raised", "internal"


# --- the form that starts a plan ----------------------------------------------------------------------------------


def plan_form(client: Client, today: date, member_id: str) -> View:
    first, second = (today + span for span in FIRST_CHECKPOINTS)
    blocks = [
        context(marked("A plan for {name}: what shall be better, and who does what about it.", name=client.name)),
        select_input("on_business", "How much does it hurt the business?", _options(LEVELS), initial=Level.MEDIUM),
        select_input("on_team", "How much does it hurt the team?", _options(LEVELS), initial=Level.MEDIUM),
        select_input("coaching", "Can coaching solve it?", _options(COACHING), initial=Coaching.UNSURE),
        text_input("goal", "The goal that both sides share", hint="One sentence", limit=300),
        *(block for number in range(1, PAIRS + 1) for block in _pair_inputs(number, first, member_id)),
        divider(),
        date_input(
            "first_checkpoint", "First checkpoint", initial=first, hint="We look at it together, at least twice"
        ),
        date_input("checkpoints", "Second checkpoint", initial=second),
        text_input("alternatives", "What else did we think of?", optional=True, lines=3),
    ]
    return form(Form.PLAN, client.name, blocks, submit="Start", memo={"client": client.id})


def read_plan(values: Mapping[str, Any]) -> PlanDraft:
    """The draft; a concern that was only half filled in is complained about beside its fields."""
    filled = [number for number in range(1, PAIRS + 1) if number == 1 or _is_filled(values, number)]
    faults = {field: sentence for number in filled for field, sentence in _pair_faults(values, number)}
    if faults:
        raise InvalidError("This plan is not complete yet. Look at what is missing.", faults)
    days = (_read_day(values.get("first_checkpoint")), _read_day(values.get("checkpoints")))
    return PlanDraft(
        goal=_text(values, "goal"),
        concerns=tuple(_read_concern(values, number) for number in filled),
        actions=tuple(_read_action(values, number) for number in filled),
        checkpoints=tuple(on for on in days if on),
        on_business=Level(values.get("on_business") or Level.MEDIUM),
        on_team=Level(values.get("on_team") or Level.MEDIUM),
        coaching=Coaching(values.get("coaching") or Coaching.UNSURE),
        alternatives=_text(values, "alternatives"),
    )


def _field(name: str, number: int) -> str:
    """The first pair's fields bear the names under which the rules complain."""
    return name if number == 1 else f"{name}_{number}"


def _pair_inputs(number: int, due_on: date, member_id: str) -> Iterator[Block]:
    more = number > 1
    yield divider()
    if more:
        yield context(marked("Another concern, if there is one; otherwise leave it empty."))
    yield text_input(_field("concerns", number), Sentence("Concern {number}", number=number), optional=more, limit=300)
    marks = [Option("The client raised it", RAISED), Option("Done behind the scenes, without the client", INTERNAL)]
    yield checks_input(_field("marks", number), "What is true of it?", marks)
    yield text_input(
        _field("text", number), "What will be done about it", hint="What can we do ourselves?", optional=more, limit=300
    )
    yield select_input(
        _field("actions", number),
        "Who acts",
        [Option(label, side) for side, label in SIDES.items()],
        initial=ActionSide.OURS,
        hint="" if more else "At least one action of the plan is ours",
    )
    yield person_input(_field("owner", number), "Who looks after it", initial=member_id)
    yield date_input(_field("due", number), "Until when", initial=due_on)
    yield text_input(
        _field("benchmark", number), "How we will know that it worked", optional=more, limit=300, hint="Can be counted"
    )


def _is_filled(values: Mapping[str, Any], number: int) -> bool:
    return any(_text(values, _field(name, number)) for name in ("concerns", "text", "benchmark"))


def _pair_faults(values: Mapping[str, Any], number: int) -> Iterator[tuple[str, str]]:
    wanted = {
        "concerns": "Say in a few words what it is about.",
        "text": "Each concern needs an action: what will be done?",  # RP03
        "owner": "Choose who looks after it.",
        "due": "Choose a day.",
        "benchmark": "Say how we will know that it worked.",  # RP05
    }
    for name, sentence in wanted.items():
        if not _text(values, _field(name, number)):
            yield _field(name, number), sentence


def _read_concern(values: Mapping[str, Any], number: int) -> Concern:
    return Concern(
        id=f"c{number}",
        text=_text(values, _field("concerns", number)),
        raised_by_client=RAISED in (values.get(_field("marks", number)) or ()),
    )


def _read_action(values: Mapping[str, Any], number: int) -> Action:
    return Action(
        concern_id=f"c{number}",
        text=_text(values, _field("text", number)),
        side=ActionSide(values.get(_field("actions", number)) or ActionSide.OURS),
        owner_id=_text(values, _field("owner", number)),
        due_on=date.fromisoformat(_text(values, _field("due", number))),
        benchmark=_text(values, _field("benchmark", number)),
        is_internal=INTERNAL in (values.get(_field("marks", number)) or ()),
    )


def _read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _text(values: Mapping[str, Any], field: str) -> str:
    return str(values.get(field) or "").strip()


# --- a checkpoint and the outcome ---------------------------------------------------------------------------------


def checkpoint_form(client: Client, plan: Plan, point: Checkpoint) -> View:
    undone = [action for action in plan.actions if action.done_on is None]
    blocks = [
        section(marked("*Checkpoint of {on}*\n{goal}", on=day(point.due_on), goal=plan.goal)),
        radio_input("response", "How did the client respond?", _options(RESPONSES)),
        text_input("note", "What did we see?", optional=True, lines=4),
    ]
    if undone:
        done = [Option(action.text, action.concern_id) for action in undone]
        blocks.append(checks_input("done", "What is done by now?", done))
    memo = {"plan": plan.id, "on": point.due_on.isoformat()}
    return form(Form.CHECKPOINT, client.name, blocks, memo=memo)


def read_checkpoint(values: Mapping[str, Any], memo: Mapping[str, str]) -> Meeting:
    if values.get("response") not in set(Response):
        raise InvalidError("Please choose an answer.", {"response": "Choose what fits best."})
    return Meeting(
        on=date.fromisoformat(memo["on"]),
        response=Response(values["response"]),
        note=_text(values, "note"),
        done=tuple(values.get("done") or ()),
    )


def finish_form(client: Client, plan: Plan) -> View:
    blocks = [
        section(marked("*How did the plan go?*\n{goal}", goal=plan.goal)),
        radio_input("outcome", "What comes now?", _options(OUTCOMES)),
        text_input("note", "What did we learn?", optional=True, lines=4),
    ]
    return form(Form.FINISH_PLAN, client.name, blocks, submit="Save", memo={"plan": plan.id})


def read_finish(values: Mapping[str, Any]) -> tuple[Outcome, str]:
    if values.get("outcome") not in set(Outcome):
        raise InvalidError("Please choose an outcome.", {"outcome": "Choose what comes now."})
    return Outcome(values["outcome"]), _text(values, "note")


def _options(words: Mapping[Any, str]) -> list[Option]:
    return [Option(label, value) for value, label in words.items()]


# --- how it stands ------------------------------------------------------------------------------------------------


def plan_dialog(sheet: PlanSheet, plan: Plan) -> View:
    blocks = [
        section(_heading(plan)),
        *(section(_concern_lines(plan, concern)) for concern in _theirs_first(plan)),
        divider(),
        *(section(_checkpoint_line(point, sheet.today)) for point in plan.checkpoints),
        *_afterthoughts(plan),
        actions(*_buttons(sheet, plan)),
    ]
    return dialog(sheet.client.name, blocks)


def _heading(plan: Plan) -> Marked:
    goal = marked("*Goal:* {goal}", goal=plan.goal)
    since = marked("Since {on}, started by {who}", on=day(plan.started_at), who=person(plan.started_by))
    severity = marked(
        "Hurts the business: {business}. Hurts the team: {team}. Can coaching solve it: {coaching}",
        business=LEVELS[plan.on_business].lower(),
        team=LEVELS[plan.on_team].lower(),
        coaching=COACHING[plan.coaching].lower(),
    )
    if plan.outcome is None or plan.ended_at is None:
        return lines(goal, since, severity)
    ended = marked("*{outcome}* ({on})", outcome=OUTCOMES[plan.outcome], on=day(plan.ended_at))
    return lines(goal, since, severity, ended)


def _theirs_first(plan: Plan) -> list[Concern]:
    """FG08: the client has the floor first."""
    return sorted(plan.concerns, key=lambda concern: not concern.raised_by_client)


def _concern_lines(plan: Plan, concern: Concern) -> Marked:
    raised = marked(" _(raised by the client)_") if concern.raised_by_client else Marked("")
    own = [action for action in plan.actions if action.concern_id == concern.id]
    return lines(marked("*{text}*{raised}", text=concern.text, raised=raised), *map(_action_line, own))


def _action_line(action: Action) -> Marked:
    done = marked(" (done {on})", on=day(action.done_on)) if action.done_on else Marked("")
    return marked(
        "• {side}{scene}: {text}, {who}, until {due}{done}. It worked when: {benchmark}",
        side=SIDES[action.side],
        scene=" (behind the scenes)" if action.is_internal else "",
        text=action.text,
        who=person(action.owner_id),
        due=day(action.due_on),
        done=done,
        benchmark=action.benchmark,
    )


def _checkpoint_line(point: Checkpoint, today: date) -> Marked:
    if point.held_on and point.response:
        return marked(
            ":white_check_mark: Checkpoint of {on}, held {held}. Response: {response}. {note}",
            on=day(point.due_on),
            held=day(point.held_on),
            response=RESPONSES[point.response],
            note=clip(point.note, 1000),
        )
    state = "due now" if point.due_on <= today else "ahead"
    return marked(":calendar: Checkpoint of {on}: {state}", on=day(point.due_on), state=state)


def _afterthoughts(plan: Plan) -> Iterator[Block]:
    if plan.alternatives:
        yield context(marked("Also thought of: {text}", text=clip(plan.alternatives, 600)))
    if plan.outcome_note:
        yield context(marked("Last word: {note}", note=clip(plan.outcome_note, 600)))


def _buttons(sheet: PlanSheet, plan: Plan) -> Iterator[Block]:
    if sheet.is_running:
        if sheet.next_checkpoint:
            yield button("Hold checkpoint", Button.CHECKPOINT, plan.id, style="primary")
        yield button("Finish the plan", Button.FINISH_PLAN, plan.id)
        return
    yield button("Start a new plan", Button.NEW_PLAN, sheet.client.id)
    if sheet.may_decide and plan.outcome is Outcome.NOT_HELPED:
        yield button("Consider parting", Button.CONSIDER, sheet.client.id)  # RP12


# --- the reminder -------------------------------------------------------------------------------------------------
