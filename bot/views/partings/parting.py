"""The parting: where it stands, its preview, its tasks, and the dialogs around them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.calls import write_memo
from bot.ids import Action
from bot.replies import Block, Message, View
from bot.services.partings.sheets import PartingSheet
from bot.views.blocks import (
    Marked,
    actions,
    at_first,
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
    sure,
)
from bot.views.partings.last_day import steps_line, time_blocks
from bot.views.partings.preview import preview_blocks
from bot.views.partings.progress import stuck_tickets, summary, ticket_line
from rules.clients.client import Client
from rules.clients.stages import Origin
from rules.partings.parting import PartingState, TaskKind, TaskState, Ticket
from rules.partings.ticket_progress import FINISHED, is_dropped
from rules.sentences import Sentence
from rules.words import Words

TASKS_SHOWN = 70
GONE_SHOWN = 8


TOLD = {
    Origin.OURS: "The talk was held on {on}; {who} told them.",
    Origin.NOBODYS_FAULT: "The talk was held on {on}; {who} told them.",
    Origin.THEIRS: "They told us on {on}; {who} heard it.",
    Origin.NATURAL_FADE: "They know since {on}; {who} told them.",
}
NOT_TOLD = {
    Origin.OURS: "They have not been told yet.",
    Origin.NOBODYS_FAULT: "They have not been told yet.",
    Origin.THEIRS: "They told us; it is not recorded yet that the team may know.",
    Origin.NATURAL_FADE: "They have had no word from us yet.",
}
TELL = {
    Origin.OURS: "The talk was held",
    Origin.NOBODYS_FAULT: "The talk was held",
    Origin.THEIRS: "They told us",
    Origin.NATURAL_FADE: "They know",
}


def parting_dialog(sheet: PartingSheet, words: Words) -> View:
    """Everything on one screen; what can be done now stands below what it is about."""
    before_opening = sheet.parting.state is PartingState.PREPARING
    return dialog(
        sheet.client.name,
        [
            _headline(sheet, words),
            *time_blocks(sheet),
            *_talk(sheet),
            divider(),
            *(preview_blocks(sheet) if before_opening else _tasks(sheet)),
        ],
    )


def closed_there(client: Client, count: int) -> Message:
    text = Sentence(
        "{count} ticket is being closed in the tracker. The work with {name} goes on.",
        "{count} tickets are being closed in the tracker. The work with {name} goes on.",
        count=count,
        name=client.name,
    )
    return message(text, section(marked("{text}", text=text)))


def opened_again(sheet: PartingSheet) -> Message:
    return message(Sentence("The tickets for {name} are on their way again.", name=sheet.client.name))


def _headline(sheet: PartingSheet, words: Words) -> Block:
    parting = sheet.parting
    return section(
        lines(
            marked(
                "*{stage}*, last day *{last_day}*",
                stage=words.stage(sheet.client.stage).capitalize(),
                last_day=day(parting.last_day),
            ),
            marked(
                "{why}: {position}", why=words.origin(parting.origin).capitalize(), position=clip(sheet.position, 600)
            )
            if sheet.may_decide
            else "",
        )
    )


def _talk(sheet: PartingSheet) -> list[Block]:
    parting = sheet.parting
    buttons = [
        button("The letter", Action.LETTER, sheet.client.id),
        button("Deliverables", Action.DELIVERABLES, parting.id),
        button("Money and belongings", Action.SETTLEMENT, parting.id),
    ]
    if parting.told_at:
        told = marked(TOLD[parting.origin], who=person(parting.told_by), on=day(sheet.line.talk_on))
        return [section(told), *steps_line(sheet), actions(*buttons)]
    text = Sentence(
        "{state} Only those who decide see this, and nothing goes where the client could see it.",
        state=NOT_TOLD[parting.origin],
    )
    if sheet.may_decide:
        buttons.insert(0, button(TELL[parting.origin], Action.TOLD, parting.id))
        buttons.insert(0, button("Prepare the talk", Action.TALK, parting.id))
        buttons.append(button("What is left and owed", Action.TERMS, parting.id))
    return [section(marked("{text}", text=text)), *steps_line(sheet), actions(*buttons)]


# --- once they are ------------------------------------------------------------------------------------------------


def _tasks(sheet: PartingSheet) -> Iterator[Block]:
    yield section(marked("*{where}:* {summary}", where=at_first(sheet.tracker_label), summary=summary(sheet)))
    yield from _troubles(sheet)
    ordered = sorted(sheet.tasks, key=lambda task: task.task_state in FINISHED)
    if sheet.may_decide and sheet.progress.hidden:
        yield from _hidden(sheet)
    asked = [task for task in ordered if task.task_state is TaskState.GONE or is_dropped(task)][:GONE_SHOWN]
    yield from (block for task in asked for block in _asked(sheet, task))
    for task in [task for task in ordered if task not in asked][:TASKS_SHOWN]:
        yield section(
            ticket_line(task, waits_for_talk=sheet.waits_for_talk(task), waits_for=sheet.waits_for(task)),
            accessory=_done_button(sheet, task),
        )
    yield from _theirs(sheet)
    if len(ordered) > TASKS_SHOWN:
        yield context(marked("and {more} more, in {where}", more=len(ordered) - TASKS_SHOWN, where=sheet.tracker_label))
    if sheet.may_decide and sheet.parting.state is not PartingState.CLOSED:
        # Before the talk that button stands above, beside the talk.
        terms = [button("What is left and owed", Action.TERMS, sheet.parting.id)] if sheet.parting.told_at else []
        yield actions(
            button("Waive a task", Action.WAIVE, sheet.parting.id),
            *terms,
            button("Close the parting", Action.CLOSE, sheet.parting.id),
        )


def _theirs(sheet: PartingSheet) -> list[Block]:
    """What the client does themselves (HO02): agreed on with them, ticked nowhere."""
    theirs = [task for task in sheet.parting.preview.tasks if task.ticked and task.kind is TaskKind.CLIENT]
    rows = [marked("• {title}, by {on}", title=clip(task.title, 150), on=day(task.due_on)) for task in theirs]
    return [section(lines(Marked("*Theirs to do*"), *rows))] if rows else []


def _troubles(sheet: PartingSheet) -> Iterator[Block]:
    """Each different cause once, with the button that tries again what met it."""
    causes = {ticket.cause: ticket for ticket in reversed(stuck_tickets(sheet))}
    for cause, ticket in list(causes.items())[:5]:
        text = lines(marked("{cause}", cause=clip(cause, 900)), marked("{remedy}", remedy=clip(ticket.remedy, 600)))
        again = button("Try again", Action.TRY_AGAIN, ticket.id, suffix=ticket.id, style="primary")
        yield section(text, accessory=again)


def _hidden(sheet: PartingSheet) -> list[Block]:
    text = Sentence(
        "Our account can't see {count} ticket in the tracker any more. That is no proof that it was deleted.",
        "Our account can't see {count} tickets in the tracker any more. That is no proof that they were deleted.",
        count=sheet.progress.hidden,
    )
    ask = sure(
        button("They were deleted there", Action.DELETED_THERE, sheet.parting.id),
        "Were they deleted?",
        "Then each task asks whether it is done, not needed, or to be opened again. If the tickets are still there, "
        "opening them again makes each of them twice.",
        "They were deleted",
    )
    return [section(marked("{text}", text=text)), actions(ask)]


def _asked(sheet: PartingSheet, task: Ticket) -> list[Block]:
    """A ticket that was deleted in the tracker, or closed there without being done; nothing happens by itself."""
    memo = write_memo(parting=sheet.parting.id, task=task.id)
    title = task.title
    done = Sentence("It is done: {title}", title=title)
    ways = [button("It is done", Action.TASK_DONE, task.id, suffix=task.id, name=done)]
    if sheet.may_decide:
        not_needed = Sentence("Not needed: {title}", title=title)
        ways.append(button("Not needed", Action.NOT_NEEDED, memo, suffix=task.id, name=not_needed))
    if task.task_state is TaskState.GONE:
        again = Sentence("Open it again: {title}", title=title)
        ways.append(button("Open it again", Action.OPEN_AGAIN, task.id, suffix=task.id, name=again))
    return [section(ticket_line(task, waits_for_talk=False)), actions(*ways)]


def _done_button(sheet: PartingSheet, task: Ticket) -> Block | None:
    """None where a click could only be refused: what comes last says what it waits for instead."""
    if task.task_state in FINISHED or sheet.parting.state is PartingState.CLOSED:
        return None
    if task.strict and sheet.waits_for(task):
        return None
    return button("Done", Action.TASK_DONE, task.id, suffix=task.id, name=Sentence("Done: {title}", title=task.title))
