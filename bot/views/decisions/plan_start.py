"""How a plan begins: three questions to ourselves, then one form with ready words (FG01-FG03, RP01-RP05, AM25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.ids import Action as Button
from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.decisions.plan_files import PlanSheet
from bot.services.decisions.plans import PlanDraft
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
from rules.decisions.perspective import Load, Perspective
from rules.decisions.plan import Action, ActionSide, Coaching, Concern, Level, Rhythm
from rules.decisions.ways import fitting, words_of
from rules.errors import InvalidError
from rules.health.catalogue import UNSORTED
from rules.health.signal import Side, Signal

NOTICED_WITHIN = timedelta(days=90)
MOST_NOTICED = 8
MOST_RAISED = 5
SHOWN_MISSES = 5
FIRST_ACTION_DAYS = 7

SIDES: Mapping[ActionSide, str] = {
    ActionSide.OURS: "We do",
    ActionSide.THEIRS: "They do",
    ActionSide.BOTH: "Both of us do",
}
LEVELS: Mapping[Level, str] = {Level.LOW: "A little", Level.MEDIUM: "Noticeably", Level.HIGH: "Badly"}
COACHING: Mapping[Coaching, str] = {
    Coaching.YES: "Yes",
    Coaching.NO: "No: then the checklist is the fair way",
    Coaching.UNSURE: "Not sure: the first checkpoint asks again",
}
LOADS: Mapping[Load, str] = {
    Load.CALM: "I have room",
    Load.FULL: "It is full",
    Load.TOO_MUCH: "Too much: that may colour how I see this",
}
RHYTHMS: Mapping[Rhythm, str] = {Rhythm.WEEKLY: "Every week", Rhythm.FORTNIGHTLY: "Every two weeks"}
RAISED, INTERNAL = "raised", "internal"


# --- three questions to ourselves ---------------------------------------------------------------------------------


def ourselves_form(sheet: PlanSheet) -> View:
    before = sheet.perspective
    blocks = [
        context(Marked("First a step back: it is rarely all the client's fault. Only our own people read this.")),
        section(misses_words(sheet.misses, sheet.labels)),
        text_input("ours", "What is ours in this?", initial=before.ours if before else "", limit=500,
                   hint="Something that we do, or leave undone. It becomes the first action"),
        text_input("owed", "What do we owe them?", initial=before.owed if before else "", limit=500),
        text_input("they_say", "What would they say, and why?", initial=before.they_say if before else "", limit=500),
        select_input("load", "How full is your own plate?", options(LOADS), initial=Load.CALM),
        select_input("on_business", "How much does it hurt the business?", options(LEVELS), initial=Level.MEDIUM),
        select_input("on_team", "How much does it hurt the team?", options(LEVELS), initial=Level.MEDIUM),
        select_input("coaching", "Can coaching solve it?", options(COACHING), initial=Coaching.UNSURE),
    ]  # fmt: skip
    return form(Form.LOOK_AT_OURSELVES, sheet.client.name, blocks, submit="Next", memo={"client": sheet.client.id})


def read_ourselves(values: Mapping[str, Any], blank: Perspective) -> Perspective:
    return Perspective(
        id=blank.id,
        workspace_id=blank.workspace_id,
        client_id=blank.client_id,
        ours=text_of(values, "ours"),
        owed=text_of(values, "owed"),
        they_say=text_of(values, "they_say"),
        load=Load(values.get("load") or Load.CALM),
        on_business=Level(values.get("on_business") or Level.MEDIUM),
        on_team=Level(values.get("on_team") or Level.MEDIUM),
        coaching=Coaching(values.get("coaching") or Coaching.UNSURE),
        by_id=blank.by_id,
        at=blank.at,
    )


def misses_words(misses: Sequence[Signal], labels: Mapping[str, str]) -> Marked:
    """HS18: our misses of 90 days stand beside the answers."""
    if not misses:
        return Marked("*Our misses of the last 90 days:* none noted.")
    shown = [
        marked("• {label}, {on}", label=labels.get(each.type, each.type), on=day(each.happened_on))
        for each in misses[:SHOWN_MISSES]
    ]
    more = marked("and {count} more", count=len(misses) - SHOWN_MISSES) if len(misses) > SHOWN_MISSES else Marked("")
    return lines(Marked("*Our misses of the last 90 days:*"), *shown, more)


def no_coaching_dialog(sheet: PlanSheet) -> View:
    """RP02: where coaching can't help a plan would only put it off."""
    name = sheet.client.name
    said = marked("You think that coaching can't help with {name}. Then a plan would only put it off.", name=name)
    way = (
        Marked("The checklist says what belongs to a fair end. It decides nothing yet.")
        if sheet.may_decide
        else marked("Those who decide can open the checklist: tell {owner}.", owner=person(sheet.client.owner_id))
    )
    buttons = [button("Plan all the same", Button.BEGIN_PLAN, sheet.client.id)]
    if sheet.may_decide:
        buttons.insert(0, button("Open the checklist", Button.CONSIDER, sheet.client.id, style="primary"))
    return dialog(name, [section(lines(said, way)), context(Marked("Your answers are kept.")), actions(*buttons)])


# --- the form that starts a plan ----------------------------------------------------------------------------------


def plan_form(sheet: PlanSheet, member_id: str) -> View:
    """Ready words everywhere: what is typed is what only people know."""
    taken, noticed = sheet.perspective, _noticed(sheet)
    menu = fitting([sheet.categories[code] for code in noticed])
    first = words_of(menu[0].code, sheet.our_language)
    ready = menu[0].actions[0].code
    blocks = [
        context(marked("A plan for {name}. Everything can be changed while it runs.", name=sheet.client.name)),
        *_concern_inputs(sheet, noticed),
        checks_input("ways", "Ways to mend, as many as you like", _way_options(sheet), initial=[menu[0].code],
                     hint="Each brings ready actions and words for the talk"),
        divider(),
        text_input("text", "Our first step", initial=clip(taken.ours if taken else "", 300), limit=300,
                   hint="From your answer: what can we do ourselves?"),
        select_input("actions", "Who acts", options(SIDES), initial=ActionSide.OURS,
                     hint="At least one action of the plan is ours"),
        checks_input("marks", "What is true of it?",
                     [Option("The client raised it", RAISED),
                      Option("Done behind the scenes, without the client", INTERNAL)],
                     initial=[INTERNAL] if taken else [],
                     hint="Your answer is private: without this tick the client's page may show the step"),
        person_input("owner", "Who looks after it", initial=member_id),
        date_input("due", "Until when", initial=sheet.today + timedelta(days=FIRST_ACTION_DAYS)),
        text_input("benchmark", "How we will know that it worked", initial=first.known[ready], limit=300,
                   hint="Can be counted"),
        divider(),
        text_input("goal", "The goal that both sides share", initial=first.goal, hint="One sentence", limit=300),
        text_input("target", "What can be reached by then", initial=first.target, limit=300, optional=True,
                   hint="Achievable with the people we have, and worth it"),
        radio_input("rhythm", "We look at it together", options(RHYTHMS), initial=Rhythm.FORTNIGHTLY),
        date_input("first_checkpoint", "Or first on a day of your own", optional=True),
        date_input("checkpoints", "and then on", optional=True),
        text_input("alternatives", "What else did we think of?", optional=True, lines=3),
    ]  # fmt: skip
    return form(Form.PLAN, sheet.client.name, blocks, submit="Start", memo={"client": sheet.client.id})


def read_plan(values: Mapping[str, Any]) -> PlanDraft:
    """The draft; what is missing is complained about beside its field."""
    concerns = tuple(_read_concerns(values))
    wanted = {
        "concerns": ("", "Say in a few words what it is about.") if not concerns else ("there", ""),
        "text": (text_of(values, "text"), "Each concern needs an action: what will be done?"),  # RP03
        "owner": (text_of(values, "owner"), "Choose who looks after it."),
        "due": (text_of(values, "due"), "Choose a day."),
        "benchmark": (text_of(values, "benchmark"), "Say how we will know that it worked."),  # RP05
    }
    faults = {field: sentence for field, (answer, sentence) in wanted.items() if not answer}
    own_days = _own_days(values, faults)
    if faults:
        raise InvalidError("This plan is not complete yet. Look at what is missing.", faults)
    return PlanDraft(
        goal=text_of(values, "goal"),
        concerns=concerns,
        first=_first_action(values, concerns),
        ways=tuple(values.get("ways") or ()),
        target=text_of(values, "target"),
        rhythm=Rhythm(values.get("rhythm") or Rhythm.FORTNIGHTLY),
        own_days=own_days,
        alternatives=text_of(values, "alternatives"),
    )


def _noticed(sheet: PlanSheet) -> list[str]:
    """The types that were noted most in 90 days."""
    recent = [
        each.type
        for each in sheet.notes
        if each.side is Side.THEIRS and each.happened_on > sheet.today - NOTICED_WITHIN and each.type != UNSORTED
    ]
    return sorted(dict.fromkeys(recent), key=lambda code: -recent.count(code))[:MOST_NOTICED]


def _concern_inputs(sheet: PlanSheet, noticed: list[str]) -> Iterator[Block]:
    if noticed:
        found = [Option(sheet.labels[code], f"{code}|{clip(sheet.labels[code], 60)}") for code in noticed]
        yield checks_input("noticed", "What was noted: should it get better?", found, initial=[found[0].value])
    yield text_input(
        "concerns",
        "Another concern" if noticed else "What should get better?",
        optional=bool(noticed),
        limit=300,
        hint="In a few words",
    )
    yield text_input(
        "raised",
        "What gaps do they name in our work?",
        optional=True,
        lines=3,
        hint="Ask them; one a line. Theirs come first",  # FG08, AM15
    )


def _way_options(sheet: PlanSheet) -> list[Option]:
    menu = fitting([sheet.categories[code] for code in _noticed(sheet)])
    return [Option(words_of(each.code, "en").label, each.code) for each in menu]


def _read_concerns(values: Mapping[str, Any]) -> Iterator[Concern]:
    """What was typed comes first, since the first action belongs to it."""
    typed = text_of(values, "concerns")
    marks = values.get("marks") or ()
    number = 0
    if typed:
        number += 1
        yield Concern(id=f"c{number}", text=typed, raised_by_client=RAISED in marks)
    for chosen in values.get("noticed") or ():
        code, _, label = str(chosen).partition("|")
        number += 1
        yield Concern(id=f"c{number}", text=label, types=(code,))
    raised = [line.strip(" -•\t") for line in text_of(values, "raised").splitlines()]
    for line in [each for each in raised if each][:MOST_RAISED]:
        number += 1
        yield Concern(id=f"c{number}", text=clip(line, 300), raised_by_client=True)


def _first_action(values: Mapping[str, Any], concerns: tuple[Concern, ...]) -> Action:
    return Action(
        concern_id=concerns[0].id,
        text=text_of(values, "text"),
        side=ActionSide(values.get("actions") or ActionSide.OURS),
        owner_id=text_of(values, "owner"),
        due_on=date.fromisoformat(text_of(values, "due")),
        benchmark=text_of(values, "benchmark"),
        is_internal=INTERNAL in (values.get("marks") or ()),
    )


def _own_days(values: Mapping[str, Any], faults: dict[str, str]) -> tuple[date, ...]:
    first, second = values.get("first_checkpoint"), values.get("checkpoints")
    if bool(first) != bool(second):
        field = "checkpoints" if first else "first_checkpoint"
        faults[field] = "Choose two days of your own, or none: then the rhythm holds."
    return (date.fromisoformat(first), date.fromisoformat(second)) if first and second else ()


def options(words: Mapping[Any, str]) -> list[Option]:
    return [Option(label, value) for value, label in words.items()]


def text_of(values: Mapping[str, Any], field: str) -> str:
    return str(values.get(field) or "").strip()
