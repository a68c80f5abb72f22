"""The end on screen: what is still missing, the receipt, the close, what was learnt (HO11, AF01-AF05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.closing.closings import ClosingSheet
from bot.services.partings.closing.lessons import Answers, Findings, LessonSheet
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
    section,
    select_input,
    sure,
    text_input,
)
from bot.views.partings.in_english import in_english
from bot.views.partings.talk import position_line
from rules.clients.stages import Origin
from rules.errors import InvalidError
from rules.partings.belongings import owed_back
from rules.partings.closing import Lack
from rules.partings.last_steps import Feeling, Way
from rules.partings.parting import PartingState, TaskState
from rules.sentences import Sentence

WAYS = {Way.MAIL: "They wrote it", Way.CALL: "They said it on the phone", Way.MEETING: "They said it in a meeting",
        Way.CHAT: "They said it in a chat"}  # fmt: skip
HOW = {
    Way.MAIL: "by mail",
    Way.CALL: "on the phone",
    Way.MEETING: "in a meeting",
    Way.CHAT: "in a chat",
    Way.DEFAULT: "by default: they were asked and did not object",
}
FEELINGS = {
    Feeling.RELIEF: "Mostly relief",
    Feeling.BOTH: "Some of both",
    Feeling.REGRET: "Mostly regret",
}
LACKS_SHOWN = 20
UNPAID_SHOWN = 5
GONE, PAID = "access_gone", "money_in"
TEAM_WORD = "Thank you, everybody, for bringing this to a good end. On to the next good work."


def closing_dialog(sheet: ClosingSheet) -> View:
    """What stands between this parting and its end, and what can be done about it."""
    parting = sheet.parting
    if parting.state is PartingState.CLOSED:
        return closed_dialog(sheet)
    blocks: list[Block] = [*position_line(parting.origin, sheet.position), *_lacks(sheet)]
    blocks.append(section(_receipt_line(sheet)))
    if sheet.receipt_text:
        blocks.append(section(lines(Marked("*The text to copy:*"), in_english(sheet.client))))
        text = {"type": "plain_text", "text": clip(sheet.receipt_text, 2900), "emoji": False}
        blocks.append({"type": "section", "text": text})
    if sheet.unpaid:
        more = len(sheet.unpaid) - UNPAID_SHOWN
        further = Sentence(" and {more} more", more=more) if more > 0 else ""
        numbers = ", ".join(sheet.unpaid[:UNPAID_SHOWN]) + further
        blocks.append(context(marked("Not paid yet: {numbers}. Follow that up.", numbers=numbers)))
    return dialog(sheet.client.name, [*blocks, actions(*_next(sheet))])


# Where what is missing is settled: the button's words, where it leads, and whether that is the client's.
_SETTLED_AT = {
    Lack.UNOPENED: ("Show the tasks", Action.PARTING, True),
    Lack.TASKS: ("Show the tasks", Action.PARTING, True),
    Lack.TALK: ("Record it", Action.TOLD, False),
    Lack.LETTER: ("The letter", Action.LETTER, True),
    Lack.ANSWERS: ("Deliverables", Action.DELIVERABLES, False),
    Lack.MONEY: ("Money and belongings", Action.SETTLEMENT, False),
    Lack.OWED: ("What is left and owed", Action.TERMS, False),
    Lack.BELONGINGS: ("Money and belongings", Action.SETTLEMENT, False),
    Lack.LAST_DAY: ("Last day", Action.LAST_DAY, False),
}


def _lacks(sheet: ClosingSheet) -> Iterator[Block]:
    """Each thing that is missing, with the button that leads to where it is settled."""
    if not sheet.obstacles:
        yield section(Marked("Nothing is missing: it can be closed."))
    for number, each in enumerate(sheet.obstacles[:LACKS_SHOWN]):
        label, action, is_clients = _SETTLED_AT[each.lack]
        value = sheet.client.id if is_clients else sheet.parting.id
        way = button(label, action, value, suffix=f"lack-{number}")
        yield section(marked("• {what}", what=each.sentence), way if sheet.may_decide else None)
        if each.lack is Lack.LETTER and sheet.may_decide:
            yield actions(button("There is no letter", Action.NO_LETTER, sheet.parting.id, suffix=f"lack-{number}"))


def no_letter_form(sheet: ClosingSheet) -> View:
    blocks = [text_input("reason", "Why is there no letter that they received?", lines=2, limit=300)]
    return form(Form.NO_LETTER, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def close_form(sheet: ClosingSheet) -> View:
    parting = sheet.parting
    text = Sentence(
        "All {count} task is done or waived. Closing ends the parting from {name}.",
        "All {count} tasks are done or waived. Closing ends the parting from {name}.",
        count=sheet.tasks,
        name=sheet.client.name,
    )
    blocks = [section(marked("{text}", text=text))]
    if parting.receipt:
        blocks.append(context(_receipt_line(sheet)))
    else:
        blocks += _receipt_inputs(sheet)
    blocks.append(
        text_input("team_word", "A word to the team", initial=TEAM_WORD, lines=2, limit=400, optional=True,
                   hint="It stands where the progress of the tasks stood")
    )  # fmt: skip
    return form(Form.CLOSE, sheet.client.name, blocks, submit="Close it", memo={"parting": parting.id})


def read_close(values: Mapping[str, Any]) -> tuple[tuple[Way, date] | None, str]:
    known = read_receipt(values) if "way" in values else None
    return known, str(values.get("team_word") or "")


def receipt_form(sheet: ClosingSheet) -> View:
    memo = {"parting": sheet.parting.id}
    return form(Form.RECEIPT, sheet.client.name, list(_receipt_inputs(sheet)), memo=memo)


def read_receipt(values: Mapping[str, Any]) -> tuple[Way, date]:
    chosen, on = values.get("way"), values.get("received_on")
    if not chosen:
        raise InvalidError("Say how.", {"way": "Say how you know that the client has received everything."})
    if not on:
        raise InvalidError("Choose a day.", {"received_on": "Choose a day."})
    return Way(str(chosen)), date.fromisoformat(str(on))


def closed_dialog(sheet: ClosingSheet) -> View:
    """A closed parting: how it stood, and what can still be noted."""
    parting = sheet.parting
    blocks: list[Block] = [section(_how_it_stood(sheet))]
    buttons = []
    if sheet.may_decide:
        buttons.append(button("What it taught us", Action.RETRO, parting.id))
        if parting.look_back is None:
            buttons.append(button("Look back", Action.LOOK_BACK, parting.id))
    if sheet.may_come_back:
        back = button("They are back", Action.COME_BACK, parting.id, style="primary")
        question = "The client becomes active again; nothing else changes."
        buttons.append(sure(back, "Open this client again?", question, "Open it"))
        blocks.append(context(Marked("It faded by itself, so the door is open.")))
    return dialog(sheet.client.name, [*blocks, *([actions(*buttons)] if buttons else [])])


def retro_form(sheet: LessonSheet) -> View:
    known = sheet.parting.retro
    blocks = [
        context(Marked("A minute while it is fresh. Answer what comes to mind.")),
        text_input("missed", "What did we miss?", initial=known.missed if known else "", lines=2, limit=500,
                   optional=True),
        text_input("worked", "What worked, and would work again?", initial=known.worked if known else "", lines=2,
                   limit=500, optional=True),
        text_input("ask_next", "What do we ask the next client?", initial=known.ask_next if known else "", limit=200,
                   optional=True, hint="It appears where a client is added; name nobody"),
    ]  # fmt: skip
    return form(Form.RETRO, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def read_retro(values: Mapping[str, Any]) -> Answers:
    return Answers(**{name: str(values.get(name) or "") for name in ("missed", "worked", "ask_next")})


def look_back_form(sheet: LessonSheet) -> View:
    options = [Option(label="Our access to their systems is gone", value=GONE),
               Option(label="The money is in", value=PAID)]  # fmt: skip
    blocks = [
        checks_input("found", "What is so", options),
        select_input(
            "feeling",
            "What stayed with us",
            [Option(label=label, value=feeling.value) for feeling, label in FEELINGS.items()],
        ),
        text_input("left", "Is anything left?", lines=2, limit=500, optional=True),
    ]
    return form(Form.LOOK_BACK, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def read_look_back(values: Mapping[str, Any]) -> Findings:
    found = values.get("found") or ()
    return Findings(
        access_gone=GONE in found,
        money_in=PAID in found,
        feeling=Feeling(str(values.get("feeling") or Feeling.BOTH)),
        left=str(values.get("left") or ""),
    )


def noted_dialog(sheet: LessonSheet) -> View:
    """What is noted so far."""
    retro, looked = sheet.parting.retro, sheet.parting.look_back
    rows: list[Marked] = []
    if retro:
        rows += [
            marked("*Missed:* {text}", text=retro.missed or "nothing"),
            marked("*Worked:* {text}", text=retro.worked or "nothing"),
            marked("*We ask next time:* {text}", text=retro.ask_next or "nothing"),
        ]
    if looked:
        rows += [
            marked("*Thirty days later:* access {access}, money {money}, {feeling}.",
                   access="gone" if looked.access_gone else "still there",
                   money="in" if looked.money_in else "not in yet", feeling=FEELINGS[looked.feeling].lower()),
            marked("*Left:* {text}", text=looked.left) if looked.left else Marked(""),
        ]  # fmt: skip
    return dialog(sheet.client.name, [section(lines(Marked("*Noted.*"), *rows))])


def came_back_dialog(name: str) -> View:
    return dialog(name, [section(marked("*{name}* is active again. Good to have them back.", name=name))])


def lessons(questions: Sequence[str]) -> list[Block]:
    """For the form that adds a client (AF02)."""
    if not questions:
        return []
    rows = [marked("• {question}", question=clip(question, 200)) for question in questions]
    return [context(lines(Marked("*Earlier partings taught us to ask:*"), *rows))]


def _next(sheet: ClosingSheet) -> Iterator[Block]:
    parting = sheet.parting
    if sheet.may_decide:
        if not sheet.why_not_close:
            yield button("Close the parting", Action.CLOSE_NOW, parting.id, style="primary")
        elif owed_back(parting.belongings):
            yield button("Money and belongings", Action.SETTLEMENT, parting.id)
        elif parting.origin is Origin.NATURAL_FADE and sheet.unpaid:
            yield button("Invoices", Action.AGREEMENT, sheet.client.id)
        if parting.receipt is None and parting.told_at:
            yield button("They have everything", Action.RECEIPT, parting.id)
            yield button("Ask them to confirm", Action.ASK_RECEIPT, parting.id)
    yield button("Show the tasks", Action.PARTING, sheet.client.id)


def _receipt_inputs(sheet: ClosingSheet) -> list[Block]:
    options = [Option(label=label, value=way.value) for way, label in WAYS.items()]
    return [
        select_input("way", "How do we know that they have everything?", options),
        date_input("received_on", "Since", initial=sheet.today),
    ]


def _receipt_line(sheet: ClosingSheet) -> Marked:
    receipt, question = sheet.parting.receipt, sheet.parting.receipt_question
    if receipt:
        noted = marked(", noted by {who}", who=person(receipt.by_id)) if receipt.by_id else Marked("")
        return marked("They have everything since {on}, {how}{noted}.", on=day(receipt.on), how=HOW[receipt.way],
                      noted=noted)  # fmt: skip
    if question:
        return marked("Asked on {on} to confirm that they have everything; silence counts as a yes after {until}.",
                      on=day(question.asked_on), until=day(question.until))  # fmt: skip
    return Marked("Nobody has noted yet that they have everything.")


def _how_it_stood(sheet: ClosingSheet) -> Marked:
    """From the frozen record alone: it holds when every text is gone."""
    frozen = sheet.parting.snapshot
    if frozen is None:
        return Marked("*Closed.*")
    done = sum(task.state == TaskState.DONE for task in frozen.tasks)
    score = (
        Sentence("{score_tenths:g} of 100", score_tenths=frozen.score_tenths / 10)
        if frozen.score_tenths is not None
        else "no number"
    )
    return lines(
        marked("*Closed on {on}*, last day {last}.", on=day(frozen.at), last=day(frozen.last_day)),
        marked("Health then: {band}, {score} (formula {version}, {lines}).", band=frozen.band.replace("_", " "),
               score=score, version=frozen.formula,
               lines=Sentence("{count} line", "{count} lines", count=len(frozen.lines))),
        marked("{done} of {tasks} done, {rest} waived or left for the look back.", done=done,
               tasks=Sentence("{count} task", "{count} tasks", count=len(frozen.tasks)), rest=len(frozen.tasks) - done),
        marked("Letter: {status}.", status=frozen.letter) if frozen.letter else Marked("No letter was written."),
        _receipt_line(sheet),
    )  # fmt: skip
