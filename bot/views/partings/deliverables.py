"""Deliverables: our list, the question to copy, and the client's answers (WU01-WU03)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.tasks.deliverables import SAID, DeliverableSheet, NewItem, Reply
from bot.views.blocks import (
    Marked,
    actions,
    button,
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
    sure,
    text_input,
)
from bot.views.partings.in_english import in_english
from bot.views.partings.progress import state_words
from bot.views.partings.talk import position_line
from rules.errors import InvalidError
from rules.partings.belongings import seen
from rules.partings.deliverables import Answer, Deliverable, Source, Work, unanswered
from rules.sentences import Sentence

ANSWER, DUE = "answer_", "due_"
CLOSE_THERE, LEAVE_THERE = "close", "leave"
A_WEEK = timedelta(days=7)
PROMISED, NEW = "promised", "new"
SCOPE = {PROMISED: "It was promised before we decided", NEW: "It is new since then"}

WORK = {Work.NOT_BEGUN: "not begun", Work.UNDER_WAY: "under way", Work.NEARLY_DONE: "nearly done"}
WHOSE = {
    Source.CLIENT: "the client's answer",
    Source.TERMS: "as we wrote down",
    Source.DEFAULT: "our default: no answer",
}


def deliverables_dialog(sheet: DeliverableSheet) -> View:
    blocks: list[Block] = position_line(sheet.parting.origin, sheet.position)
    blocks += [section(_headline(sheet)), *_question(sheet), divider()]
    blocks += [block for item in sheet.items for block in _item(sheet, item)]
    if not sheet.items:
        blocks.append(
            section(Marked("Nothing is listed yet. Write down what is still open, so that nothing is forgotten."))
        )
    return dialog(sheet.client.name, [*blocks, *_below(sheet)])


def item_form(sheet: DeliverableSheet, code: str = "") -> View:
    """A new one, or our words about one that is there."""
    item = next((each for each in sheet.items if each.code == code), None)
    hint = "The client reads this name in the letter"
    blocks = [
        text_input("title", "What", initial=item.title if item else "", limit=120, hint=hint),
        date_input("due_on", "Due", initial=item.due_on if item else sheet.parting.last_day),
        select_input(
            "work",
            "How far it is",
            [Option(label=label.capitalize(), value=work.value) for work, label in WORK.items()],
            initial=(item.work if item else Work.NOT_BEGUN).value,
        ),
        person_input(
            "owner", "Who does it", initial=(item.owner_id if item else "") or sheet.client.owner_id, optional=True
        ),
        text_input(
            "note", "Note for ourselves", initial=item.note if item else "", lines=2, limit=500, optional=True,
            hint="Never part of a text for the client",
        ),
    ]  # fmt: skip
    if item is None:
        blocks += [
            radio_input(
                "scope", "Is it new?", [Option(label, value) for value, label in SCOPE.items()], initial=PROMISED
            ),
            text_input("because", "If it is new: why does it go in?", lines=2, limit=300, optional=True,
                       hint="After the decision new work is frozen: to give in now is to start over"),
        ]  # fmt: skip
    memo = {"parting": sheet.parting.id, "item": code, "seen": seen(item) if item else ""}
    return form(Form.DELIVERABLE, sheet.client.name, blocks, memo=memo)


def read_item(values: Mapping[str, Any], seen: str) -> NewItem:
    return NewItem(
        title=str(values.get("title") or ""),
        due_on=_day(values, "due_on"),
        work=Work(str(values.get("work") or Work.NOT_BEGUN)),
        owner_id=str(values.get("owner") or ""),
        note=str(values.get("note") or ""),
        is_new_scope=values.get("scope") == NEW,
        added_because=str(values.get("because") or ""),
        seen=seen,
    )


def ask_form(sheet: DeliverableSheet) -> View:
    question = sheet.parting.question
    until = max(sheet.today, question.until) if question else sheet.today + A_WEEK
    blocks = [
        context(Marked("You get a text to copy. Amicable sends nothing.")),
        date_input("until", "They have time until", initial=until),
        select_input(
            "default",
            "Without an answer we",
            [Option(label=label.capitalize(), value=answer.value) for answer, label in SAID.items()],
            initial=(question.default if question else Answer.FINISH).value,
            hint="The text tells them, and what we did by default stays marked as that",
        ),
    ]  # fmt: skip
    return form(Form.ASK_ANSWERS, sheet.client.name, blocks, memo={"parting": sheet.parting.id}, submit="Show the text")


def read_question(values: Mapping[str, Any]) -> tuple[date, Answer]:
    return _day(values, "until"), Answer(str(values.get("default") or Answer.FINISH))


def answers_form(sheet: DeliverableSheet) -> View:
    """Each deliverable with its answer so far; only what is changed is recorded."""
    options = [Option(label=label.capitalize(), value=answer.value) for answer, label in SAID.items()]
    blocks: list[Block] = [context(Marked("What did they say? Leave empty what they have not answered yet."))]
    for item in sheet.items:
        blocks += [
            select_input(
                f"{ANSWER}{item.code}",
                clip(item.title, 150),
                options,
                initial=item.answer.value if item.answer else "",
                optional=True,
            ),
            date_input(f"{DUE}{item.code}", "By", initial=item.due_on),
        ]
    if sheet.has_open_tickets:
        blocks.append(
            radio_input(
                "close_opened",
                "If the open ticket of one is no longer wanted",
                [
                    Option(label="Close it in the tracker", value=CLOSE_THERE),
                    Option(label="Leave it open there; somebody looks after it", value=LEAVE_THERE),
                ],
                initial=CLOSE_THERE,
            )
        )
    return form(Form.ANSWERS, sheet.client.name, blocks, memo={"parting": sheet.parting.id})


def read_answers(values: Mapping[str, Any]) -> tuple[dict[str, Reply], bool | None]:
    """By item code, and whether tickets that nobody wants are closed; None where that was not asked."""
    replies = {
        block.removeprefix(ANSWER): Reply(
            answer=Answer(str(chosen)), due_on=_day(values, f"{DUE}{block.removeprefix(ANSWER)}")
        )
        for block, chosen in values.items()
        if block.startswith(ANSWER) and chosen
    }
    asked = values.get("close_opened")
    return replies, asked == CLOSE_THERE if asked else None


def _headline(sheet: DeliverableSheet) -> Marked:
    left = len(unanswered(sheet.items))
    answers = "every one has its answer" if not left else Sentence("{left} without an answer", left=left)
    return lines(
        marked("*Deliverables*"),
        marked("{count} on the list, {answers}. The last day is *{last}*.", count=len(sheet.items), answers=answers,
               last=day(sheet.parting.last_day)) if sheet.items else "",
    )  # fmt: skip


def _question(sheet: DeliverableSheet) -> Iterator[Block]:
    question = sheet.parting.question
    if question is None or not sheet.question_text:
        return
    asked = marked(
        "Asked on {on}; time until {until}. Without an answer we {default}. *The text to copy:*",
        on=day(question.asked_on),
        until=day(question.until),
        default=SAID[question.default],
    )
    yield section(lines(asked, in_english(sheet.client)))
    yield {
        "type": "section",
        "text": {"type": "plain_text", "text": clip(sheet.question_text, 2900), "emoji": False},
    }


def _item(sheet: DeliverableSheet, item: Deliverable) -> Iterator[Block]:
    change = None
    if sheet.may_decide and not sheet.is_over:
        memo = write_memo(parting=sheet.parting.id, item=item.code)
        change = button(
            "Change",
            Action.CHANGE_DELIVERABLE,
            memo,
            suffix=item.code,
            name=Sentence("Change: {title}", title=item.title),
        )
    yield section(_item_lines(sheet, item), accessory=change)


def _item_lines(sheet: DeliverableSheet, item: Deliverable) -> Marked:
    ticket = sheet.ticket_of(item)
    note = f": {clip(item.note, 200)}" if item.note else ""
    said = item.said[-1] if item.said else None
    earlier = (
        Sentence(" Before: {said}.", said=", ".join(SAID[each.answer] for each in item.said[:-1]))
        if len(item.said) > 1
        else ""
    )
    return lines(
        marked("*{title}*, due {due}", title=clip(item.title, 150), due=day(item.due_on)),
        marked("Answer: *{answer}* ({whose}, {on}).{earlier}", answer=SAID[said.answer], whose=WHOSE[said.source],
               on=day(said.on), earlier=earlier) if said else marked("No answer yet."),
        marked("Ticket: {state}", state=f"{ticket.key} {state_words(ticket, waits_for_talk=False)}".strip())
        if ticket else "",
        marked("{work}, {who}{note}", work=WORK[item.work].capitalize(),
               who=person(item.owner_id or sheet.client.owner_id), note=note),
        marked("_New since the decision: {why}_", why=clip(item.added_because, 300)) if item.added_because else "",
    )  # fmt: skip


def _below(sheet: DeliverableSheet) -> Iterator[Block]:
    if not sheet.may_decide or sheet.is_over:
        return
    parting_id = sheet.parting.id
    buttons = [button("Add one", Action.ADD_DELIVERABLE, parting_id)]
    if sheet.suggestions:
        buttons.append(
            button(
                Sentence("Add {number} from the plan", number=len(sheet.suggestions)), Action.TAKE_PROMISED, parting_id
            )
        )
    if sheet.items and sheet.parting.told_at:
        if unanswered(sheet.items):
            buttons.append(button("Ask the client", Action.ASK_ANSWERS, parting_id))
        buttons.append(button("Type in their answers", Action.ANSWERS, parting_id, style="primary"))
    yield actions(*buttons)
    removable = [item for item in sheet.items if not item.said]
    if removable:
        yield actions(*(_remove(sheet, item) for item in removable[:5]))
    if not sheet.parting.told_at:
        yield context(Marked("The client is asked after the talk; until then this list is for those who decide."))
    yield actions(button("Back to the parting", Action.PARTING, sheet.client.id))


def _remove(sheet: DeliverableSheet, item: Deliverable) -> Block:
    memo = write_memo(parting=sheet.parting.id, item=item.code)
    element = button(Sentence("Take off: {title}", title=item.title), Action.REMOVE_DELIVERABLE, memo, suffix=item.code)
    return sure(element, "Take it off the list?", clip(item.title, 250), "Take it off")


def _day(values: Mapping[str, Any], block: str) -> date:
    chosen = values.get(block)
    if not chosen:
        raise InvalidError("Choose a day.", {block: "Choose a day."})
    return date.fromisoformat(str(chosen))
