"""How a plan stands: goal, concerns, actions, checkpoints, and what it did (RP01-RP12, AM04)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ids import Action as Button
from bot.replies import Block, View
from bot.services.decisions.plan_files import PlanSheet
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
    person,
    section,
    spoken,
)
from bot.views.decisions.checkpoint import OUTCOMES, RESPONSES, concern_news, then_and_now
from bot.views.decisions.plan_changes import action_words
from bot.views.decisions.plan_start import COACHING, LEVELS, RHYTHMS
from rules.decisions.effect import effect_sentence, rounded
from rules.decisions.plan import Checkpoint, Coaching, Concern, Outcome, Plan
from rules.decisions.reachable import doubts
from rules.decisions.ways import words_of
from rules.sentences import Sentence

SHOWN_ACTIONS = 30
SHOWN_DOUBTS = 3
_FAILED = frozenset({Outcome.NOT_HELPED, Outcome.PART})


def plan_dialog(sheet: PlanSheet, plan: Plan) -> View:
    blocks = [
        section(_heading(plan)),
        *_ending(sheet, plan),
        *_questions(sheet, plan),
        *(block for concern in _theirs_first(plan) for block in _concern(sheet, plan, concern)),
        divider(),
        section(then_and_now(sheet, plan)),
        *(section(_checkpoint_line(point, sheet.today)) for point in plan.checkpoints),
        *_afterthoughts(plan),
        *_buttons(sheet, plan),
    ]
    return dialog(sheet.client.name, blocks)


def _heading(plan: Plan) -> Marked:
    rhythm = marked("Looked at {rhythm}. ", rhythm=RHYTHMS[plan.rhythm].lower()) if plan.rhythm else ""
    return lines(
        marked("*Goal:* {goal}", goal=plan.goal),
        marked("*Target:* {target}", target=plan.target) if plan.target else "",
        marked(
            "{rhythm}Since {on}, started by {who}", rhythm=rhythm, on=day(plan.started_at), who=person(plan.started_by)
        ),
        marked(
            "Hurts the business: {business}. Hurts the team: {team}. Can coaching solve it: {coaching}",
            business=LEVELS[plan.on_business].lower(),
            team=LEVELS[plan.on_team].lower(),
            coaching=COACHING[plan.coaching].lower(),
        ),
    )


def _ending(sheet: PlanSheet, plan: Plan) -> Iterator[Block]:
    """What it did, in a sentence, and what was worth celebrating."""
    if plan.outcome is None or plan.ended_at is None:
        return
    yield section(marked("*{outcome}* ({on})", outcome=OUTCOMES[plan.outcome], on=day(plan.ended_at)))
    if plan.effect:
        yield section(marked("{effect}", effect=effect_sentence(plan.effect)))
    if plan.outcome in {Outcome.KEEP, Outcome.RENEW}:
        kind = words_of("celebrate", sheet.language, sheet.address).gentle[-1]
        yield context(marked(":tada: Worth a word to them: “{kind}”", kind=kind))  # AM26


def _questions(sheet: PlanSheet, plan: Plan) -> Iterator[Block]:
    """FG15, RP02: what to think about again, each with its button."""
    if not sheet.is_running:
        return
    found = doubts(plan)[:SHOWN_DOUBTS]
    if found:
        said = [spoken(f"• {each}") for each in found]
        change = button("Change goal and target", Button.CHANGE_PLAN, plan.id, suffix="doubts")
        yield section(lines(Marked("*Fair to yourselves?*"), *said), change)
    if plan.coaching is Coaching.NO and plan.coaching_asked:
        text = Marked("*Coaching can't help, the checkpoint says.* The checklist shows what belongs to a fair end.")
        open_it = button("Open the checklist", Button.CONSIDER, sheet.client.id, suffix="coaching")
        yield section(text, open_it) if sheet.may_decide else section(text)


def _theirs_first(plan: Plan) -> list[Concern]:
    """FG08: the client has the floor first."""
    return sorted(plan.live_concerns, key=lambda concern: not concern.raised_by_client)


def _concern(sheet: PlanSheet, plan: Plan, concern: Concern) -> Iterator[Block]:
    yield divider()
    raised = marked(" _(raised by the client)_") if concern.raised_by_client else Marked("")
    news = marked("{news}{raised}", news=concern_news(sheet, plan, concern), raised=raised)
    running = sheet.is_running
    change = button("Change", Button.CHANGE_CONCERN, f"{plan.id}:{concern.id}", suffix=concern.id,
                    name=Sentence("Change the concern {text}", text=concern.text))  # fmt: skip
    yield section(news, change if running else None)
    own = [action for action in plan.live_actions if action.concern_id == concern.id]
    for action in own[:SHOWN_ACTIONS]:
        edit = button("Change", Button.CHANGE_PLAN_ACTION, f"{plan.id}:{action.id}", suffix=action.id,
                      name=Sentence("Change the action {text}", text=action.text))  # fmt: skip
        yield section(action_words(action), edit if running else None)


def _checkpoint_line(point: Checkpoint, today: date) -> Marked:
    if point.held_on and point.response:
        score = Sentence(" Score {score}.", score=rounded(point.score_tenths)) if point.score_tenths is not None else ""
        return marked(
            ":white_check_mark: Checkpoint of {on}, held {held}. Response: {response}.{score} {note}",
            on=day(point.due_on),
            held=day(point.held_on),
            response=RESPONSES[point.response],
            score=score,
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
    client_id = sheet.client.id
    history = button("What changed", Button.PLAN_HISTORY, plan.id)
    named = Sentence("Agreement with {name}", name=sheet.client.name)
    agreement = button("Agreement", Button.AGREEMENT, client_id, name=named)
    if sheet.is_running:
        main = [button("Ways to mend", Button.WAYS, plan.id), button("Finish the plan", Button.FINISH_PLAN, plan.id)]
        if sheet.next_checkpoint:
            main.insert(0, button("Hold checkpoint", Button.CHECKPOINT, plan.id, style="primary"))
        yield actions(*main)
        yield actions(
            button("Add a concern", Button.ADD_CONCERN, plan.id),
            button("Add an action", Button.ADD_PLAN_ACTION, plan.id),
            button("Change goal and target", Button.CHANGE_PLAN, plan.id),
            history,
            agreement,
        )
        return
    buttons = [button("Start a new plan", Button.NEW_PLAN, client_id)]
    if plan.outcome is Outcome.RENEW:
        buttons.insert(0, button("A fresh agreement", Button.RENEW, client_id, style="primary"))
    if sheet.may_decide and plan.outcome in _FAILED:
        buttons.append(button("Consider parting", Button.CONSIDER, client_id))  # RP12
    yield actions(*buttons, history, agreement)
