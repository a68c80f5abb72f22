"""The talk: points to say, answers at hand, the plan in sight (CV03-CV15, DC06, DC07, WU06, TN06)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.talks import TalkSheet
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    day,
    dialog,
    divider,
    form,
    lines,
    marked,
    section,
    select_input,
    text_input,
)
from bot.views.partings.in_english import in_english
from rules.clients.stages import Origin
from rules.partings.parting import TalkLine, TalkPlan, TalkWay
from rules.partings.timeline import WE_GIVE_NOTICE

REHEARSED = "rehearsed"
# In front of the reason. What they have said for themselves is no position of ours.
POSITIONS = {
    Origin.OURS: "Our position",
    Origin.THEIRS: "Why, as we heard it",
    Origin.NOBODYS_FAULT: "Our position",
    Origin.NATURAL_FADE: "Where it stands",
}
HOW = {
    Origin.OURS: "How we tell them",
    Origin.THEIRS: "How we talk it through",
    Origin.NOBODYS_FAULT: "How we tell them",
    Origin.NATURAL_FADE: "How we say it",
}
SHOWN = 6
WAYS = {TalkWay.MEETING: "In a meeting", TalkWay.CALL: "On the phone", TalkWay.MAIL: "By e-mail"}
LINES = {
    TalkLine.GENERAL: "In general terms: it no longer suits us",
    TalkLine.UNMET: "Expectations and work no longer meet",
    TalkLine.MOVED_ON: "Both have changed; moving on is best for both",
}
PICTURE_IT = "Picture it once: where you sit, your first sentence, their face, your calm answer, the last thank-you."
OUR_NAME = (
    "They will talk about how this was done, and our other partnerships carry the same name. "
    "No blame, no fog; end with respect, whatever they say."
)


def position_line(origin: Origin, reason: str) -> list[Block]:
    """DC06: what holds, in a line, on every screen on the way; none for whoever does not decide."""
    said = marked("{position}: {reason}", position=POSITIONS[origin], reason=clip(" ".join(reason.split()), 150))
    return [context(said)] if reason else []


def talk_dialog(sheet: TalkSheet) -> View:
    plan = sheet.plan
    rehearsed = "practised" if plan.is_rehearsed else "not practised yet"
    blocks: list[Block] = [
        section(
            lines(
                marked(
                    "*{position}:* {reason}",
                    position=POSITIONS[sheet.parting.origin],
                    reason=clip(sheet.facts.reason or "it is over, kindly", 600),
                ),
                marked("{way}, {rehearsed}.", way=WAYS[plan.way], rehearsed=rehearsed),
                in_english(sheet.client),
            )
        ),
        _plain(sheet.points),
        divider(),
        section(Marked("*If they ask*")),
        _plain("\n".join(sheet.answers)),
        divider(),
        section(_plan(sheet)),
        context(*([Marked(PICTURE_IT)] if sheet.parting.origin in WE_GIVE_NOTICE else []), Marked(OUR_NAME)),
    ]
    change = button("Change it", Action.CHANGE_TALK, sheet.parting.id, style="primary")
    return dialog(sheet.client.name, [*blocks, actions(change, button("Back", Action.PARTING, sheet.client.id))])


def talk_form(sheet: TalkSheet) -> View:
    plan, ways = sheet.plan, [Option(label=label, value=way.value) for way, label in WAYS.items()]
    blocks = [
        select_input("way", HOW[sheet.parting.origin], ways, initial=plan.way.value,
                     hint="Talking comes first; a letter follows in any case"),
        *_line_input(sheet),
        text_input("points", "What we say", initial=clip(sheet.points, 2900), lines=12, limit=3000, optional=True,
                   hint="Empty it to have it drafted anew"),
        checks_input(REHEARSED, "Practice", [Option(label="I have said it aloud once", value=REHEARSED)],
                     initial=[REHEARSED] if plan.is_rehearsed else []),
    ]  # fmt: skip
    return form(Form.TALK, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def _line_input(sheet: TalkSheet) -> list[Block]:
    """Nobody else's step, and nobody's fault, has a line of ours on why."""
    if sheet.parting.origin is not Origin.OURS:
        return []
    options = [Option(label=label, value=line.value) for line, label in LINES.items()]
    return [select_input("line", "Why, in a line", options, initial=sheet.plan.line.value)]


def read_talk_plan(values: Mapping[str, Any]) -> TalkPlan:
    return TalkPlan(
        way=TalkWay(str(values.get("way") or TalkWay.MEETING)),
        line=TalkLine(str(values.get("line") or TalkLine.GENERAL)),
        points=str(values.get("points") or ""),
        is_rehearsed=REHEARSED in (values.get(REHEARSED) or ()),
    )


def _plan(sheet: TalkSheet) -> Marked:
    """DC07: the plan stays in sight while they are being told."""
    facts = sheet.facts
    promised, given = (
        [marked("• {name}, by {on}", name=clip(name, 120), on=day(due)) for name, due in listed[:SHOWN]]
        for listed in (facts.deliverables, facts.handovers)
    )
    return lines(
        marked("*The plan:* our last day is {last}.", last=day(sheet.parting.last_day)),
        Marked("We finish:") if promised else Marked(""),
        *promised,
        Marked("We hand over:") if given else Marked(""),
        *given,
    )


def _plain(text: str) -> Block:
    """Exactly these characters, so that they can be read aloud or copied."""
    return {"type": "section", "text": {"type": "plain_text", "text": clip(text.strip(), 2900), "emoji": False}}
