"""The tasks before they are open: what would be opened, a page a section, and the forms that change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.sheets import PartingSheet
from bot.services.partings.tasks.previews import Choice, Page
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
    link,
    marked,
    person,
    person_input,
    section,
    select_input,
    spoken,
    sure,
)
from bot.views.partings.talk import position_line
from rules.errors import InvalidError
from rules.partings.parting import NO_TICKET, PlannedTask
from rules.partings.tasks import ASKED, RECORDED, SECTIONS, section_of
from rules.sentences import Sentence
from rules.trackers import names

LIST_LENGTH = 2900
# A button carries so many; more of them are hardly ours.
STRANGERS_CONFIRMED = 60
NEWS_SHOWN = 12
PEOPLE_NAMED = 10
CHECKS_A_GROUP = 10
PAGE_LENGTH = 30  # two questions and a heading for each; a dialog holds 100 blocks
TASKS, OWNER, DAY, HERE = "tasks_", "owner_", "day_", "here_"
ASK_WHAT_HOLDS = (
    "Nobody has said yet whether we hold domains, hosting, ads, apps, mailboxes or licences of theirs. "
    "“Change the tasks” asks, and ticks what belongs to it."
)
HOLDS, RUNS = "holds", "runs"

SECTION_NAMES = {
    "work": "Work",
    "money": "Money",
    "handover": "Handover",
    "rights": "Rights",
    "access": "Access",
    "data": "Data",
    "support": "Help for the time after",
    "close": "Closing",
    "theirs": "Theirs to do: agree on it with them; in no tracker",
}
CONDITION_NAMES = {
    "has_contract": "There is a written contract",
    "shared_accounts": "Accounts are shared, or theirs run in our name",
    "personal_data": "We hold personal data of theirs",
    "subcontractors": "Subcontractors work for them through us",
    "team": "More than one of us works for them",
    "long_term": "They have been with us for two years or more",
    "replacement": "We know who takes over from us",
    "domains": "We hold domains or DNS of theirs",
    "hosting": "We host a site, shop or app of theirs",
    "campaigns": "We run ads or analytics for them",
    "app_stores": "Apps of theirs are in a store through us",
    "mailboxes": "Mailboxes or forwards of theirs run through us",
    "licences": "Licences or renewals of theirs run on after our last day",
}


def preview_blocks(sheet: PartingSheet) -> Iterator[Block]:
    """What a click on the button would open, exactly; for those who decide with the ways to change it."""
    preview = sheet.parting.preview
    ticked = [task for task in preview.tasks if task.ticked]
    if sheet.news:
        said = [marked("• {news}", news=spoken(clip(news, 240))) for news in sheet.news[:NEWS_SHOWN]]
        yield section(lines(Marked("*Nothing was opened. Look at this first:*"), *said))
    yield section(promise(sheet))
    if sheet.asked and sheet.may_decide:
        yield context(Marked(ASK_WHAT_HOLDS))
    for page in SECTIONS:
        of_page = [task for task in ticked if section_of(task) == page]
        for start, listed in _pieces(sheet, page, of_page):
            value = write_memo(parting=sheet.parting.id, page=page, start=str(start))
            name = Sentence("Owners and days: {page}", page=SECTION_NAMES[page])
            change = button("Owners and days", Action.PREVIEW_PAGE, value, suffix=f"{page}{start or ''}", name=name)
            yield section(listed, accessory=change if sheet.may_decide else None)
    if sheet.unmatched:
        yield _unmatched(sheet)
    if sheet.may_decide:
        yield from _agreeing(sheet)
        yield actions(*_ways(sheet, now_and_later(sheet)))


def _unmatched(sheet: PartingSheet) -> Block:
    """Whose tickets would come unassigned, and the button that settles it once for all partings."""
    who = Marked(", ".join(person(each) for each in sheet.unmatched[:PEOPLE_NAMED]))
    text = marked("Not known in {where} yet: {who}. Their tickets come unassigned.", where=sheet.tracker_label, who=who)
    label = Sentence("Who is who in {where}", where=sheet.tracker_label)
    return section(text, accessory=button(label, Action.TRACKER_PEOPLE, sheet.parting.id) if sheet.may_match else None)


def now_and_later(sheet: PartingSheet) -> tuple[int, int]:
    """How many tickets a click opens now, and how many follow the talk."""
    going = [task for task in sheet.parting.preview.tasks if task.ticked and task.kind not in NO_TICKET]
    now = len(going) if sheet.parting.told_at else sum(task.before_told for task in going)
    return now, len(going) - now


def promise(sheet: PartingSheet) -> Marked:
    """What the button opens, in the same words as the question behind it."""
    now, later = now_and_later(sheet)
    follow = marked(" The other {later} follow once they know.", later=later) if later else Marked("")
    return marked(
        "*{count}* {go} to {where} now.{follow}",
        count=Sentence("{count} task", "{count} tasks", count=now) if now else "No task",
        go="go" if now > 1 else "goes",
        where=sheet.tracker_label,
        follow=follow,
    )


def _agreeing(sheet: PartingSheet) -> Iterator[Block]:
    """Who sees the place, asked right here of whoever may say so; their word opens the tickets as well."""
    audience, count = sheet.audience, sum(now_and_later(sheet))
    if audience is None or not audience.may_confirm or not count:
        return
    place = audience.destination
    people = " ".join(who.id for who in audience.strangers[:STRANGERS_CONFIRMED])
    value = write_memo(
        parting=sheet.parting.id,
        destination=place.id,
        people=people,
        revision=str(sheet.parting.preview.revision),
    )
    yield section(
        lines(
            marked(
                "*Who sees them in {place}:* {audience}", place=link(place.url, place.name), audience=place.audience
            ),
            marked("*Not known here:* {people}", people=names(audience.strangers)) if audience.strangers else "",
        )
    )
    label = "Only our people see it: open them"
    yield actions(button(label, Action.CONFIRM_DESTINATION, value, suffix="open", style="primary"))


def _ways(sheet: PartingSheet, going: tuple[int, int]) -> Iterator[Block]:
    parting_id, (now, later) = sheet.parting.id, going
    count = now + later
    yield button("Change the tasks", Action.PREVIEW, parting_id)
    yield button("Who sees the tickets?", Action.AUDIENCE, parting_id)
    if sheet.parting.told_at:
        yield button("What is left and owed", Action.TERMS, parting_id)
    if count:
        value = write_memo(parting=parting_id, revision=str(sheet.parting.preview.revision))
        yield sure(
            button(
                Sentence("Open {tickets}", tickets=Sentence("{count} ticket", "{count} tickets", count=now or later)),
                Action.OPEN_TICKETS,
                value,
                style="primary",
            ),
            "Open the tickets?",
            Sentence("{promise} One ticket each, exactly as listed.", promise=promise(sheet).replace("*", "")),
            "Open them",
        )


def _pieces(sheet: PartingSheet, page: str, tasks: Sequence[PlannedTask]) -> Iterator[tuple[int, Marked]]:
    """All tasks of a page, in as many pieces as they need, each with the place of its first."""
    begun, rows = 0, [marked("*{title}*", title=SECTION_NAMES[page])]
    for place, task in enumerate(tasks):
        row = marked(
            "• {title}: {who}, {due}{where}",
            title=clip(task.title, 150),
            who=person(task.owner_id),
            due=day(task.due_on),
            where=", only in Slack" if task.tracker and task.tracker != sheet.parting.preview.tracker else "",
        )
        if len("\n".join([*rows, row])) > LIST_LENGTH or place - begun == PAGE_LENGTH:
            yield begun, lines(*rows)
            begun, rows = place, [marked("*{title}, further*", title=SECTION_NAMES[page])]
        rows.append(row)
    if tasks:
        yield begun, lines(*rows)


# --- which tasks, and where ---------------------------------------------------------------------------------------


def preview_form(sheet: PartingSheet) -> View:
    """Where the tasks go, what holds here, and a box for each task, page by page."""
    preview = sheet.parting.preview
    blocks = [
        *position_line(sheet.parting.origin, sheet.position),
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
            [Option(label=CONDITION_NAMES[each], value=each) for each in RECORDED],
            initial=sorted(sheet.holding),
            hint="Tasks that belong to it come along, the others go",
        ),
        checks_input(
            RUNS,
            "What else holds",
            [Option(label=CONDITION_NAMES[each], value=each) for each in ASKED],
            initial=sorted(sheet.holding),
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
        circumstances=frozenset((*(values[HOLDS] or ()), *(values.get(RUNS) or ()))) if HOLDS in values else None,
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


def page_form(sheet: PartingSheet, page: str, start: int = 0) -> View:
    """Owner and day of each ticked task, with the words that explain the day; from `start`, as many as a form holds."""
    preview = sheet.parting.preview
    asked = [task for task in preview.tasks if task.ticked and section_of(task) == page][start:]
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
