"""The tasks before they are open: what would be opened, a page a section, and the forms that change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.sheets import PartingSheet
from bot.services.partings.tasks.previews import Page
from bot.services.partings.terms import Choice
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    date_input,
    day,
    form,
    lines,
    marked,
    person,
    person_input,
    section,
    select_input,
    spoken,
    sure,
)
from rules.errors import InvalidError
from rules.partings.parting import PlannedTask
from rules.partings.tasks import CONDITIONS, SECTIONS, section_of
from rules.sentences import Sentence

LIST_LENGTH = 2900
NEWS_SHOWN = 12
CHECKS_A_GROUP = 10
PAGE_LENGTH = 30  # two questions and a heading for each; a dialog holds 100 blocks
TASKS, OWNER, DAY, HERE = "tasks_", "owner_", "day_", "here_"
HOLDS = "holds"

SECTION_NAMES = {
    "work": "Work",
    "money": "Money",
    "handover": "Handover",
    "access": "Access",
    "data": "Data",
    "support": "Help for the time after",
    "close": "Closing",
}
CONDITION_NAMES = {
    "has_contract": "There is a written contract",
    "shared_accounts": "Accounts are shared, or theirs run in our name",
    "personal_data": "We hold personal data of theirs",
    "subcontractors": "Subcontractors work for them through us",
    "team": "More than one of us works for them",
    "long_term": "They have been with us for two years or more",
}


def preview_blocks(sheet: PartingSheet) -> Iterator[Block]:
    """What a click on the button would open, exactly; for those who decide with the ways to change it."""
    preview = sheet.parting.preview
    ticked = [task for task in preview.tasks if task.ticked]
    if sheet.news:
        said = [marked("• {news}", news=spoken(clip(news, 240))) for news in sheet.news[:NEWS_SHOWN]]
        yield section(lines(Marked("*Nothing was opened. Look at this first:*"), *said))
    yield section(
        marked(
            "*{count}* will go to {where}.",
            count=Sentence("{count} task", "{count} tasks", count=len(ticked)),
            where=sheet.tracker_label,
        )
    )
    early = sum(task.before_told for task in ticked)
    if not sheet.parting.told_at and ticked:
        yield context(marked("Before the talk {count} of them open; the others follow it.", count=early or "none"))
    for page in SECTIONS:
        of_page = [task for task in ticked if section_of(task) == page]
        if of_page:
            value = write_memo(parting=sheet.parting.id, page=page)
            name = Sentence("Owners and days: {section_names}", section_names=SECTION_NAMES[page])
            change = button("Owners and days", Action.PREVIEW_PAGE, value, suffix=page, name=name)
            yield section(_listed(sheet, page, of_page), accessory=change if sheet.may_decide else None)
    if sheet.may_decide:
        yield actions(*_ways(sheet, len(ticked)))


def _ways(sheet: PartingSheet, count: int) -> Iterator[Block]:
    parting_id = sheet.parting.id
    yield button("Change the tasks", Action.PREVIEW, parting_id)
    yield button("Who sees the tickets?", Action.AUDIENCE, parting_id)
    if sheet.parting.told_at:
        yield button("What is left and owed", Action.TERMS, parting_id)
    if count:
        value = write_memo(parting=parting_id, revision=str(sheet.parting.preview.revision))
        yield sure(
            button(
                Sentence("Open {tickets}", tickets=Sentence("{count} ticket", "{count} tickets", count=count)),
                Action.OPEN_TICKETS,
                value,
                style="primary",
            ),
            "Open the tickets?",
            "One ticket for each of the tasks above, exactly as listed.",
            "Open them",
        )


def _listed(sheet: PartingSheet, page: str, tasks: Sequence[PlannedTask]) -> Marked:
    """As many lines as fit: a line is never cut."""
    shown = [marked("*{title}*", title=SECTION_NAMES[page])]
    for number, task in enumerate(tasks):
        row = marked(
            "• {title}: {who}, {due}{where}",
            title=clip(task.title, 150),
            who=person(task.owner_id),
            due=day(task.due_on),
            where=", only in Slack" if task.tracker and task.tracker != sheet.parting.preview.tracker else "",
        )
        if len("\n".join([*shown, row])) > LIST_LENGTH:
            shown.append(marked("and {more} more", more=len(tasks) - number))
            break
        shown.append(row)
    return lines(*shown)


# --- which tasks, and where ---------------------------------------------------------------------------------------


def preview_form(sheet: PartingSheet) -> View:
    """Where the tasks go, what holds here, and a box for each task, page by page."""
    preview = sheet.parting.preview
    blocks = [
        select_input(
            "tracker",
            "Where the tasks go",
            [Option(label=label, value=name) for name, label in sheet.trackers],
            initial=preview.tracker,
            hint="Remembered for this client",
        ),
        checks_input(
            HOLDS,
            "What holds here",
            [Option(label=CONDITION_NAMES[each], value=each) for each in CONDITIONS],
            initial=sorted(sheet.holding),
            hint="Tasks that belong to it come along, the others go",
        ),
        *_boxes(preview.tasks),
    ]
    memo = {"parting": sheet.parting.id, "revision": str(preview.revision)}
    return form(Form.PREVIEW, sheet.client.name, blocks, memo=memo)


def read_choice(values: Mapping[str, Any]) -> Choice:
    ticked = {code for block, codes in values.items() if block.startswith(TASKS) for code in codes or ()}
    if not ticked:
        first = next((block for block in values if block.startswith(TASKS)), "")
        raise InvalidError("Tick at least one task.", {first: "Tick at least one task."})
    return Choice(
        tracker=str(values.get("tracker") or ""),
        ticked=frozenset(ticked),
        circumstances=frozenset(values[HOLDS] or ()) if HOLDS in values else None,
    )


def _boxes(tasks: Sequence[PlannedTask]) -> Iterator[Block]:
    for page in SECTIONS:
        of_page = [task for task in tasks if section_of(task) == page]
        for start in range(0, len(of_page), CHECKS_A_GROUP):
            group = of_page[start : start + CHECKS_A_GROUP]
            name = SECTION_NAMES[page]
            yield checks_input(
                f"{TASKS}{page}_{start}",
                Sentence("{name}, further", name=name) if start else name,
                [
                    Option(label=f"{clip(task.title, 60)}, {task.due_on.day} {task.due_on:%b}", value=task.code)
                    for task in group
                ],
                initial=[task.code for task in group if task.ticked],
            )


# --- owners, days and places of one page --------------------------------------------------------------------------


def page_form(sheet: PartingSheet, page: str) -> View:
    """Owner and day of each ticked task, with the words that explain the day."""
    preview = sheet.parting.preview
    asked = [task for task in preview.tasks if task.ticked and section_of(task) == page]
    blocks = [context(marked("*{page}*: a day of your own stays when the last day moves.", page=SECTION_NAMES[page]))]
    for task in asked[:PAGE_LENGTH]:
        blocks.append(person_input(f"{OWNER}{task.code}", clip(task.title, 150), initial=task.owner_id, optional=True))
        why = clip(_sentence(task.arithmetic), 300)
        blocks.append(date_input(f"{DAY}{task.code}", "Due on", initial=task.due_on, hint=why))
    blocks += _here(sheet, asked[:PAGE_LENGTH])
    memo = {"parting": sheet.parting.id, "revision": str(preview.revision), "page": page}
    return form(Form.PREVIEW_PAGE, sheet.client.name, blocks, memo=memo)


def read_page(values: Mapping[str, Any]) -> Page:
    days = {
        block.removeprefix(DAY): date.fromisoformat(str(said))
        for block, said in values.items()
        if block.startswith(DAY) and said
    }
    owners = {block.removeprefix(OWNER): str(who) for block, who in values.items() if block.startswith(OWNER) and who}
    here = frozenset(code for block, codes in values.items() if block.startswith(HERE) for code in codes or ())
    asked = frozenset(block.removeprefix(OWNER) for block in values if block.startswith(OWNER))
    return Page(owners=owners, days=days, here=here, asked=asked)


def _sentence(arithmetic: str) -> str:
    """The words that explain a day, as a sentence of their own."""
    return f"{arithmetic[:1].upper()}{arithmetic[1:]}."


def _here(sheet: PartingSheet, asked: Sequence[PlannedTask]) -> Iterator[Block]:
    """A task may stay in Amicable while the others go to a tracker."""
    preview = sheet.parting.preview
    if preview.tracker == sheet.inside or not sheet.inside:
        return
    for start in range(0, len(asked), CHECKS_A_GROUP):
        group = asked[start : start + CHECKS_A_GROUP]
        yield checks_input(
            f"{HERE}{start}",
            "Only in Slack, not in the tracker",
            [Option(label=clip(task.title, 75), value=task.code) for task in group],
            initial=[task.code for task in group if task.tracker == sheet.inside],
        )
