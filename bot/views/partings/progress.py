"""How the tasks of a parting stand, as a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.ids import Action
from bot.replies import Block, Message
from bot.services.partings.sheets import PartingSheet
from bot.views.blocks import (
    MOST_CARDS,
    Marked,
    actions,
    button,
    clip,
    day,
    lines,
    link,
    marked,
    message,
    plan,
    section,
    sure,
    task_card,
)
from rules.clients.stages import Origin
from rules.partings.parting import PartingState, TaskState, Ticket, TicketState
from rules.partings.ticket_progress import FINISHED, is_dropped, is_hidden
from rules.partings.ticket_syncing import was_moved_there
from rules.sentences import Sentence

FAILURES_SHOWN = 10
CAUSE_LENGTH = 600
STOPPED_SHOWN = 20
# Nothing of why: that stays with those who decide.
WHOSE_STEP = {
    Origin.OURS: "We end it",
    Origin.THEIRS: "They gave notice",
    Origin.NOBODYS_FAULT: "It no longer fits, and nobody is to blame",
    Origin.NATURAL_FADE: "The work is done",
}
ON_THE_WAY = frozenset({TicketState.NEW, TicketState.SENDING})


def progress_message(sheet: PartingSheet) -> Message:
    """Counts first, in words; then each failure with its cause and a button."""
    headline = Sentence("Parting from {name}: {summary}", name=sheet.client.name, summary=summary(sheet))
    stuck = [*stuck_tickets(sheet), *troubled_tickets(sheet)]
    failures = [block for ticket in stuck[:FAILURES_SHOWN] for block in failure(ticket)]
    more = len(stuck) - FAILURES_SHOWN
    top = section(marked("*Parting from {name}*\n{summary}", name=sheet.client.name, summary=summary(sheet)))
    below = [
        *([section(marked("{word}", word=sheet.parting.team_word))] if sheet.parting.team_word else []),
        *failures,
        *([section(marked("and {more} more", more=more))] if more > 0 else []),
        actions(
            button(
                "Open the parting",
                Action.PARTING,
                sheet.client.id,
                name=Sentence("Parting from {name}", name=sheet.client.name),
            )
        ),
    ]
    return message(
        " ".join([headline, *(f"{ticket.title}: {cause_of(ticket)}" for ticket in stuck[:FAILURES_SHOWN])]),
        top,
        *below,
        rich=[top, _plan(sheet), *below] if sheet.tasks else (),
    )


def _plan(sheet: PartingSheet) -> Block:
    """Each task as a card; what is under way or in trouble comes before what is finished."""
    tasks = sorted(sheet.tasks, key=lambda ticket: ticket.task_state in FINISHED)
    over = len(tasks) - MOST_CARDS
    title = Sentence("{count} task", "{count} tasks", count=len(tasks))
    if over > 0:
        title = Sentence(
            "{tasks}, {count} is not shown here", "{tasks}, {count} are not shown here", count=over, tasks=title
        )
    return plan(title, *(_card(ticket, waits_for_talk=sheet.waits_for_talk(ticket)) for ticket in tasks))


def _card(ticket: Ticket, *, waits_for_talk: bool) -> Block:
    """The reason of a waiver is for those who open the parting."""
    waived = ticket.task_state is TaskState.WAIVED
    state = "waived" if waived else state_words(ticket, waits_for_talk=waits_for_talk)
    due = Sentence(", due {day}", day=day(ticket.due_on)) if ticket.due_on and ticket.task_state not in FINISHED else ""
    return task_card(ticket.id, f"{clip(ticket.title, 180)}: {state}{due}", _status(ticket))


def _status(ticket: Ticket) -> str:
    if ticket.task_state in FINISHED:
        return "complete"
    if ticket.trouble or ticket.task_state is TaskState.GONE or is_dropped(ticket) or is_hidden(ticket):
        return "error"
    return _CARD_STATUS[ticket.state]


def opened_before(tickets: Sequence[Ticket]) -> list[Block]:
    """After a parting was stopped: what exists in the tracker all the same, and the one click that closes it there."""
    left = [ticket for ticket in tickets if ticket.state is TicketState.OPENED and ticket.task_state not in FINISHED]
    if not left:
        return []
    names = [link(ticket.url, f"{ticket.key} {clip(ticket.title, 100)}".strip()) for ticket in left[:STOPPED_SHOWN]]
    more = marked("and {more} more", more=len(left) - STOPPED_SHOWN) if len(left) > STOPPED_SHOWN else ""
    text = lines(Marked("*These tickets were open already:*"), *(marked("• {name}", name=name) for name in names), more)
    ask = sure(
        button("Close them there", Action.CLOSE_STOPPED, left[0].parting_id),
        "Close these tickets?",
        "They are closed in their tracker as not needed. Nothing is deleted.",
        "Close them",
    )
    return [section(text), actions(ask)]


def stopped_message(sheet: PartingSheet) -> Message:
    text = Sentence(
        "The parting from {name} was stopped by a new fact. Nothing more is opened.", name=sheet.client.name
    )
    return message(text, section(marked("{text}", text=text)), *opened_before(sheet.tickets))


def stuck_message(sheet: PartingSheet, stuck: Sequence[Ticket]) -> Message:
    """For the owner: what is in the way, and the button that tries again."""
    count = "One ticket" if len(stuck) == 1 else Sentence("{count} ticket", "{count} tickets", count=len(stuck))
    first = stuck[0]
    text = Sentence(
        "{number} for {name} could not be opened. {cause} {remedy}",
        number=count,
        name=sheet.client.name,
        cause=first.cause,
        remedy=first.remedy,
    )
    return message(
        text, section(marked("{text}", text=clip(text, 2500))), actions(_try_again(first), _open(sheet.client.id))
    )


def summary(sheet: PartingSheet) -> str:
    """One or two sentences: how many tasks have a ticket, what is in the way, what is done."""
    known = sheet.progress
    if sheet.parting.state is PartingState.CLOSED:
        return Sentence(
            "closed. {count} task done, {waived} waived.",
            "closed. {count} tasks done, {waived} waived.",
            count=known.done,
            waived=known.waived,
        )
    stuck, waiting = len(stuck_tickets(sheet)), sum(sheet.waits_for_talk(ticket) for ticket in sheet.tasks)
    coming = sum(ticket.state in ON_THE_WAY and ticket.task_state not in FINISHED for ticket in sheet.tasks) - waiting
    parts = [
        Sentence(
            "{opened} of {count} task has a ticket",
            "{opened} of {count} tasks have a ticket",
            count=known.total,
            opened=known.opened,
        ),
        Sentence("{count} is still on its way", "{count} are still on their way", count=coming) if coming > 0 else "",
        Sentence("{stuck} could not be opened", stuck=stuck) if stuck else "",
        Sentence("{count} waits for the talk", "{count} wait for the talk", count=waiting) if waiting else "",
    ]
    gone = Sentence("{gone} deleted in the tracker: done or waived?", gone=known.gone) if known.gone else ""
    dropped = (
        Sentence("{dropped} closed there without being done: done or waived?", dropped=known.dropped)
        if known.dropped
        else ""
    )
    hidden = (
        Sentence("{hidden} not to be seen by our account: nothing is counted as deleted.", hidden=known.hidden)
        if known.hidden
        else ""
    )
    said = [
        f"{', '.join(part for part in parts if part)}.",
        Sentence("{done} done, {waived} waived.", done=known.done, waived=known.waived),
        gone,
        dropped,
        hidden,
    ]
    return " ".join(part for part in said if part)


def count_line(origin: Origin, finished: int, tasks: int, late: int, last_day: date) -> str:
    """Whose step it was and how far it has come, in a line that the whole team may read."""
    overdue = Sentence(" {count} is overdue.", " {count} are overdue.", count=late) if late else ""
    return Sentence(
        "{whose}, last day {day}. {finished} of {count} task finished.{overdue}",
        "{whose}, last day {day}. {finished} of {count} tasks finished.{overdue}",
        whose=WHOSE_STEP[origin],
        count=tasks,
        finished=finished,
        day=day(last_day),
        overdue=overdue,
    )


def stuck_tickets(sheet: PartingSheet) -> list[Ticket]:
    return [ticket for ticket in sheet.tickets if ticket.state in {TicketState.REFUSED, TicketState.PARKED}]


def troubled_tickets(sheet: PartingSheet) -> list[Ticket]:
    """Their tracker did not take over what was said here."""
    return [ticket for ticket in sheet.tickets if ticket.trouble]


def cause_of(ticket: Ticket) -> str:
    if not ticket.trouble:
        return ticket.cause
    wanted = "closed" if ticket.task_state in FINISHED else "given its new day"
    return Sentence("It could not be {wanted} there. {trouble}", wanted=wanted, trouble=ticket.trouble)


def failure(ticket: Ticket) -> list[Block]:
    """The cause and the remedy in the tracker's own words, and one click to try again."""
    text = lines(
        marked("*{title}*", title=link(ticket.url, clip(f"{ticket.key} {ticket.title}".strip(), 200))),
        marked("{cause}", cause=clip(cause_of(ticket), CAUSE_LENGTH)),
        marked("{remedy}", remedy=clip(ticket.remedy, CAUSE_LENGTH)),
    )
    return [section(text, accessory=_try_again(ticket))]


def ticket_line(ticket: Ticket, *, waits_for_talk: bool, waits_for: Sequence[Ticket] = ()) -> Marked:
    """A task with its ticket, its state in words and its day, and what comes first."""
    first = ", ".join(f"“{clip(task.title, 60)}”" for task in waits_for[:3])
    more = Sentence(" and {number} more", number=len(waits_for) - 3) if len(waits_for) > 3 else ""  # noqa: PLR2004 - three fit in a line
    name = link(ticket.url, f"{ticket.key} {ticket.title}".strip()) if ticket.url else marked("{t}", t=ticket.title)
    due = Sentence(", due {day}", day=day(ticket.due_on)) if ticket.due_on else ""
    theirs = was_moved_there(ticket) and ticket.task_state not in FINISHED
    planned = (
        Sentence(" (set there; our plan says {day})", day=day(ticket.planned_on))
        if theirs and ticket.planned_on
        else ""
    )
    state = state_words(ticket, waits_for_talk=waits_for_talk)
    return lines(
        Marked(name),
        marked("{state}{due}{planned}", state=state, due=due, planned=planned),
        marked("_Waits for {first}{more}_", first=first, more=more) if first else "",
        marked(":warning: {trouble}", trouble=clip(ticket.trouble, CAUSE_LENGTH)) if ticket.trouble else "",
    )


def state_words(ticket: Ticket, *, waits_for_talk: bool) -> str:
    match ticket.task_state:
        case TaskState.DONE:
            return "done"
        case TaskState.WAIVED:
            return Sentence("waived: {waived_reason}", waived_reason=ticket.waived_reason)
        case TaskState.GONE:
            return "deleted in the tracker: done, or waived?"
        case _ if is_hidden(ticket):
            return "not to be seen by our account in the tracker any more; not counted as deleted"
        case _ if is_dropped(ticket) and ticket.seen:
            name = ticket.seen.closed_as
            return Sentence("closed there as “{name}” without being done: done, or waived?", name=name)
        case _:
            return "waits until the client has been told" if waits_for_talk else _TICKET_WORDS[ticket.state]


_CARD_STATUS = {
    TicketState.NEW: "pending",
    TicketState.SENDING: "in_progress",
    TicketState.OPENED: "pending",
    TicketState.REFUSED: "error",
    TicketState.PARKED: "error",
}

_TICKET_WORDS = {
    TicketState.NEW: "about to be opened",
    TicketState.SENDING: "being opened",
    TicketState.OPENED: "open",
    TicketState.REFUSED: "could not be opened",
    TicketState.PARKED: "could not be opened",
}


def _try_again(ticket: Ticket) -> Block:
    return button(
        "Try again",
        Action.TRY_AGAIN,
        ticket.id,
        suffix=ticket.id,
        name=Sentence("Try again: {title}", title=ticket.title),
    )


def _open(client_id: str) -> Block:
    return button("Open the parting", Action.PARTING, client_id)
