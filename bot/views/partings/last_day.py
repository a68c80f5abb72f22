"""The line of time on screen, and the form that chooses another last day (CN03, CN05, CN08)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.partings.last_days import DayWish, LastDaySheet
from bot.services.partings.sheets import PartingSheet
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    context,
    date_input,
    day,
    dialog,
    divider,
    form,
    lines,
    marked,
    message,
    person,
    radio_input,
    section,
)
from bot.views.partings.talk import position_line
from rules.clients.stages import Origin
from rules.errors import InvalidError
from rules.partings.dates import DayKind
from rules.partings.parting import Parting
from rules.partings.timeline import Timeline
from rules.sentences import Sentence

KINDS = {
    DayKind.NOTHING_LEFT: "When they have the letter",
    DayKind.BY_NOTICE: "Earliest by notice",
    DayKind.NEXT_DELIVERABLE: "With the next finished deliverable",
    DayKind.END_OF_TERM: "End of the term",
}
TALKS = {
    Origin.OURS: "talk",
    Origin.THEIRS: "they told us",
    Origin.NOBODYS_FAULT: "talk",
    Origin.NATURAL_FADE: "a short word",
}
MOVES_SHOWN = 6
ANOTHER, AGREED = "another", "agreed"


def time_line(parting: Parting, line: Timeline) -> Marked:
    """`Talk Mon 30 Nov → letter Tue 1 Dec → received Wed 2 Dec → notice until Tue 2 Mar → last day Tue 2 Mar`."""
    points = [
        marked("{what} {on}", what=TALKS[parting.origin], on=day(line.talk_on)),
        marked("letter {on}", on=day(line.letter_on)),
        marked("received {on}", on=day(line.received_on)),
        marked("notice until {on}", on=day(line.notice_ends_on)) if line.notice_ends_on else Marked(""),
        marked("*last day {on}*", on=day(line.last_day)),
    ]
    return Marked(" → ".join(point for point in points if point))


def moves_lines(parting: Parting) -> list[Marked]:
    """Who moved the last day, when and from what, the newest first."""
    return [
        marked(
            "{who} moved the last day on {on}, from {before} to {after}.",
            who=person(move.by_id) if move.by_id else "The answers that we took by default",
            on=day(move.on),
            before=day(move.moved_from),
            after=day(move.moved_to),
        )
        for move in reversed(parting.day_moves[-MOVES_SHOWN:])
    ]


def time_blocks(sheet: PartingSheet) -> list[Block]:
    """One line, and what is late on it."""
    said = lines(
        time_line(sheet.parting, sheet.line),
        marked(":alarm_clock: {slip}", slip=sheet.line.slip) if sheet.line.slip else "",
    )
    opens = button("Last day and calendar", Action.LAST_DAY, sheet.parting.id)
    return [section(said, opens), *map(context, moves_lines(sheet.parting)[:1])]


def steps_line(sheet: PartingSheet) -> list[Block]:
    """The next step, and how many follow; the others unfold."""
    if not sheet.steps:
        return []
    first, *others = sheet.steps
    text = marked("*Next:* {title}, by {on}", title=first.title, on=day(first.due_on))
    more = button(
        Sentence("and {count} more", "and {count} more", count=len(others)),
        Action.STEPS,
        sheet.parting.id,
        name="All steps that are left",
    )
    return [section(text, more if others else None)]


def steps_dialog(sheet: PartingSheet) -> View:
    rows = [
        marked("• {on}: {title}. {details}", on=day(each.due_on), title=each.title, details=each.details)
        for each in sheet.steps
    ]
    blocks: list[Block] = position_line(sheet.parting.origin, sheet.position)
    blocks.append(section(lines(*rows)) if rows else section(Marked("All steps are done.")))
    return dialog(sheet.client.name, [*blocks, actions(button("Back", Action.PARTING, sheet.client.id))])


def last_day_dialog(sheet: LastDaySheet) -> View:
    """What the last day could be, side by side, with its arithmetic and its cost."""
    parting = sheet.parting
    blocks: list[Block] = [
        *position_line(parting.origin, sheet.position),
        section(
            lines(time_line(parting, sheet.line), marked("{slip}", slip=sheet.line.slip) if sheet.line.slip else "")
        ),
    ]
    blocks += [context(marked("{step}", step=step)) for step in parting.last_day_arithmetic[-4:]]
    blocks += map(context, moves_lines(parting))
    if sheet.notes:
        blocks.append(section(lines(*(marked("• {note}", note=note) for note in sheet.notes))))
    blocks.append(divider())
    for each in sheet.choices:
        head = marked("*{kind}: {on}*", kind=KINDS[each.kind], on=day(each.day))
        rows = [marked("{row}", row=row) for row in (*each.arithmetic, *each.cost)]
        blocks.append(section(lines(head, *rows)))
    buttons = [button("For my calendar", Action.CALENDAR, parting.id), button("Back", Action.PARTING, sheet.client.id)]
    if sheet.may_decide:
        buttons.insert(0, button("Choose the last day", Action.CHOOSE_LAST_DAY, parting.id, style="primary"))
    return dialog(sheet.client.name, [*blocks, actions(*buttons)])


def calendar_on_its_way() -> Message:
    return message("The days come to you as a file, in a direct message. It names nobody.")


def calendar_comment() -> str:
    return "Days for your calendar. Open the file to add them; taken again later, it moves them."


def last_day_form(sheet: LastDaySheet) -> View:
    options = [
        Option(Sentence("{kind}: {day}", kind=KINDS[each.kind], day=day(each.day)), each.kind) for each in sheet.choices
    ]
    runs = any(each.kind is DayKind.BY_NOTICE for each in sheet.choices)
    present = next((each.kind for each in sheet.choices if each.day == sheet.parting.last_day), ANOTHER)
    blocks = [
        radio_input("kind", "The last day", [*options, Option("Another day", ANOTHER)], initial=present),
        date_input("day", "Another day", initial=sheet.parting.last_day, optional=True),
        checks_input(
            AGREED,
            "The client",
            [Option("They agreed to this very day", AGREED)],
            initial=[AGREED] if sheet.parting.named_in_talk else [],
            hint="Then the notice period does not matter" if runs else "",
        ),
    ]
    memo = {"parting": sheet.parting.id, "seen": sheet.parting.last_day.isoformat()}
    memo |= {each.kind.value: each.day.isoformat() for each in sheet.choices}
    return form(Form.LAST_DAY, sheet.client.name, blocks, memo=memo)


def read_wish(values: Mapping[str, Any], memo: Mapping[str, str]) -> DayWish:
    kind = str(values.get("kind") or ANOTHER)
    chosen = str(values.get("day") or "") if kind == ANOTHER else memo.get(kind, "")
    if not chosen:
        raise InvalidError("Choose a day.", {"day": "Choose a day."})
    return DayWish(
        day=date.fromisoformat(chosen),
        seen=date.fromisoformat(memo["seen"]),
        agreed=AGREED in (values.get(AGREED) or ()),
    )
