"""The menu of ways to mend: ready actions, the pattern of a talk, gentle words (AM07-AM14, AM20-AM27, TN07)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.ids import Action as Button
from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.plan_files import PlanSheet
from bot.views.blocks import (
    Marked,
    actions,
    button,
    clip,
    context,
    date_input,
    dialog,
    divider,
    form,
    lines,
    marked,
    person_input,
    section,
    select_input,
    text_input,
)
from bot.views.decisions.plan_start import SIDES, text_of
from rules.decisions.plan import Action, Plan, TalkPoints
from rules.decisions.ways import SPOKEN, MendingWay, fitting, way, words_of
from rules.errors import InvalidError
from rules.notices.manner import question
from rules.sentences import Sentence


def ways_dialog(sheet: PlanSheet, plan: Plan) -> View:
    """All of them, in any order; what suits the notes stands first."""
    wanted = {sheet.categories[code] for code in plan.types if code in sheet.categories}
    taken = {action.way for action in plan.live_actions}
    blocks = [section(Marked("*Ways to mend*\nAny of them, in any order, as many as you like."))]
    for each in fitting(wanted):
        words = words_of(each.code, SPOKEN)
        mark = Marked(" :white_check_mark: in the plan") if each.code in taken else Marked("")
        suits = " _suits what was noted_" if each.suits & wanted else ""
        line = marked(
            "*{label}*{suits}{mark}\n{line}", label=words.label, suits=Marked(suits), mark=mark, line=words.line
        )
        value = f"{plan.id}:{each.code}"
        named = Sentence("Look at: {label}", label=words.label)
        blocks.append(section(line, button("Look at it", Button.MENDING_WAY, value, suffix=each.code, name=named)))
    return dialog(sheet.client.name, [*blocks, actions(button("Back to the plan", Button.PLAN, sheet.client.id))])


def way_dialog(sheet: PlanSheet, plan: Plan, code: str) -> View:
    """The talk and the gentle words in the client's language and form of address, the actions in ours."""
    found, words = way(code), words_of(code, sheet.language, sheet.address)
    ours = words_of(code, SPOKEN)
    own = next((each.points for each in plan.talks if each.way == code), "")
    points = own or "\n".join(f"- {each}" for each in words.talk)
    value = f"{plan.id}:{code}"
    blocks = [
        section(marked("*{label}*\n{line}", label=ours.label, line=ours.line)),
        section(Marked("*The talk, point by point* (your own points)" if own else "*The talk, point by point*")),
        _plain(points),
        *_kinder(own),
        actions(button("Change the points", Button.TALK_POINTS, value)),
        divider(),
        section(Marked("*To say it gently*")),
        _plain("\n".join(f"“{each}”" for each in words.gentle)),
        divider(),
        section(lines(Marked("*Ready actions*"), *_ready(sheet, found))),
    ]
    buttons = [button("Back to the ways", Button.WAYS, plan.id)]
    if sheet.is_running:
        buttons.insert(0, button("Add to the plan", Button.TAKE_WAY, value, style="primary"))
    return dialog(sheet.client.name, [*blocks, actions(*buttons)])


def take_way_form(sheet: PlanSheet, plan: Plan, code: str, member_id: str) -> View:
    """The ready actions, each to be edited; an emptied one is left out."""
    found, words = way(code), words_of(code, sheet.our_language)
    known = [Option(clip(each.text, 75), each.id) for each in plan.live_concerns]
    suited = next(
        (each.id for each in plan.live_concerns if found.suits & {sheet.categories.get(t, "") for t in each.types}),
        known[0].value,
    )
    blocks: list[Block] = [select_input("concern", "For which concern?", known, initial=suited)]
    for each in found.actions:
        blocks += [
            divider(),
            text_input(f"text_{each.code}", SIDES[each.side], initial=words.actions[each.code], limit=300,
                       optional=True, hint="Ours alone" if each.is_internal else "Seen by the client"),
            date_input(f"due_{each.code}", "Until", initial=sheet.today + timedelta(days=each.days)),
            text_input(f"known_{each.code}", "How we will know", initial=words.known[each.code], limit=300,
                       optional=True),
        ]  # fmt: skip
    blocks += [divider(), person_input("owner", "Who looks after it", initial=member_id)]
    return form(Form.TAKE_WAY, sheet.client.name, blocks, submit="Add", memo={"plan": plan.id, "way": code})


def read_way(values: Mapping[str, Any], code: str, today: date) -> list[Action]:
    taken = [each for each in way(code).actions if text_of(values, f"text_{each.code}")]
    if not taken:
        fault = "Keep at least one of the actions, or close this form."
        raise InvalidError(fault, {f"text_{each.code}": fault for each in way(code).actions})
    missing = {
        f"known_{each.code}": "Say how we will know that it worked."
        for each in taken
        if not text_of(values, f"known_{each.code}")
    }
    if missing:
        raise InvalidError("Say how we will know that it worked.", missing)
    return [
        Action(
            concern_id=text_of(values, "concern"),
            text=text_of(values, f"text_{each.code}"),
            side=each.side,
            owner_id=text_of(values, "owner"),
            start_on=today,
            due_on=date.fromisoformat(text_of(values, f"due_{each.code}")),
            benchmark=text_of(values, f"known_{each.code}"),
            is_internal=each.is_internal,
            way=code,
            ready=each.code,
        )
        for each in taken
    ]


def talk_form(sheet: PlanSheet, plan: Plan, code: str) -> View:
    words = words_of(code, sheet.language, sheet.address)
    own = next((each.points for each in plan.talks if each.way == code), "")
    drafted = "\n".join(f"- {each}" for each in words.talk)
    blocks = [
        context(Marked("Only our own people read this. Speak in general terms: of the work, never of one afternoon.")),
        text_input("points", "What we say, point by point", initial=own or drafted, lines=12, limit=3000, optional=True,
                   hint="Empty it to have the pattern again"),
    ]  # fmt: skip
    return form(Form.TALK_POINTS, sheet.client.name, blocks, memo={"plan": plan.id, "way": code})


def read_talk(values: Mapping[str, Any], memo: Mapping[str, str]) -> TalkPoints:
    return TalkPoints(way=memo["way"], points=text_of(values, "points"))


def _kinder(points: str) -> Iterator[Block]:
    """AM20, TN07: a harsh word gets a gentler one on offer, and nothing is blocked."""
    asked = question(points) if points else None
    if asked:
        yield context(marked(":thought_balloon: {sentence}", sentence=asked.sentence))
        if asked.gentler:
            yield _plain(asked.gentler)


def _ready(sheet: PlanSheet, found: MendingWay) -> Iterator[Marked]:
    words = words_of(found.code, sheet.our_language)
    for each in found.actions:
        seen = " _(ours alone)_" if each.is_internal else ""
        yield marked("• {side}: {text}{seen}", side=SIDES[each.side], text=words.actions[each.code], seen=Marked(seen))


def _plain(text: str) -> Block:
    """Exactly these characters, so that they can be read aloud or copied."""
    return {"type": "section", "text": {"type": "plain_text", "text": clip(text.strip(), 2900), "emoji": False}}
