"""The workspace's own list of tasks, for admins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.tasks.tasklist import TaskList
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    dialog,
    form,
    lines,
    marked,
    number_input,
    person,
    person_input,
    section,
    select_input,
    sure,
    text_input,
)
from bot.views.partings.preview import CONDITION_NAMES, SECTION_NAMES
from rules.errors import InvalidError
from rules.partings.tasks import CONDITIONS, SECTIONS, OwnTask, Role, TaskType
from rules.sentences import Sentence

CHECKS_A_GROUP = 10
ON, APPLIES, EARLY = "on_", "applies_", "early"
ROLE_NAMES = {
    Role.OWNER: "Whoever looks after the client",
    Role.ACCOUNT: "Account",
    Role.FINANCE: "Finance",
    Role.OPS: "Operations",
}
LANGUAGE_NAMES = {"en": "English", "nl": "Nederlands", "ca": "Català", "sv": "Svenska"}


def task_list_dialog(listed: TaskList) -> View:
    """What the workspace has made of the list, and the ways to change it."""
    blocks = [
        section(
            lines(
                Marked("*Tasks of a parting*"),
                marked("*Language:* {language}", language=LANGUAGE_NAMES.get(listed.language, listed.language)),
                *(
                    marked("*{role}:* {who}", role=ROLE_NAMES[Role(role)], who=person(who))
                    for role, who in listed.people.items()
                ),
                marked(
                    "{count} of {all} built-in tasks are proposed where they apply.",
                    count=sum(each.code not in listed.off for each in listed.built_in),
                    all=len(listed.built_in),
                ),
            )
        ),
        actions(
            button("Add a task", Action.ADD_TASK, style="primary"),
            button("Switch tasks on and off", Action.SWITCH_TASKS),
            button("Language and people", Action.TASK_PEOPLE),
        ),
    ]
    blocks += [block for each in listed.own for block in _own(each, is_off=each.code in listed.off)]
    if not listed.own:
        blocks.append(
            context(Marked("No tasks of your own yet. Whatever you always do at the end can be one: add it once."))
        )
    return dialog("Tasks", blocks)


def own_task_form(task: TaskType | None, *, is_frozen: bool) -> View:
    blocks: list[Block] = [
        text_input("title", "Title", initial=task.title if task else "", limit=80),
        text_input("details", "What is to be done", initial=task.details if task else "", optional=True, lines=3),
        select_input(
            "section",
            "Page",
            [Option(label=SECTION_NAMES[each], value=each) for each in SECTIONS],
            initial=task.section if task else "",
        ),
        select_input(
            "owner",
            "Who does it",
            [Option(label=name, value=role.value) for role, name in ROLE_NAMES.items()],
            initial=(task.owner if task else Role.OWNER).value,
        ),
        number_input(
            "days",
            "Working days from the last day",
            initial=task.offset if task else -5,
            hint="-5: five before it. 0: on the last day. 5: five after it.",
        ),
        *(
            checks_input(
                f"{APPLIES}{start}",
                "Only where, further" if start else "Only where",
                [
                    Option(label=CONDITION_NAMES[each], value=each)
                    for each in CONDITIONS[start : start + CHECKS_A_GROUP]
                ],
                initial=sorted(task.applies) if task else [],
                hint="" if start else "Nothing ticked: always",
            )
            for start in range(0, len(CONDITIONS), CHECKS_A_GROUP)
        ),
        checks_input(
            "when",
            "Secrecy",
            [Option(label="It may be opened before the client has been told", value=EARLY)],
            initial=[EARLY] if task and task.before_told else [],
        ),
    ]
    if is_frozen or (task and task.added_because):
        hint = "A parting is under way. What was decided stays as it is, so new work needs a reason"
        blocks.append(text_input("because", "Why is it needed now?", initial=task.added_because if task else "",
                                 optional=task is not None, limit=300, hint=hint))  # fmt: skip
    return form(Form.OWN_TASK, "A task of your own", blocks, memo={"task": task.code if task else ""})


def read_own_task(values: Mapping[str, Any]) -> OwnTask:
    try:
        days = int(str(values.get("days") or "0"))
    except ValueError:
        sentence = "Give whole working days, such as -5."
        raise InvalidError(sentence, {"days": sentence}) from None
    return OwnTask(
        title=str(values.get("title") or ""),
        details=str(values.get("details") or ""),
        section=str(values.get("section") or ""),
        owner=Role(str(values.get("owner") or Role.OWNER)),
        days=days,
        applies=frozenset(code for block, codes in values.items() if block.startswith(APPLIES) for code in codes or ()),
        before_told=EARLY in (values.get("when") or ()),
        because=str(values.get("because") or ""),
    )


def switch_form(listed: TaskList) -> View:
    """A box for each task, page by page: ticked means proposed."""
    known = (*listed.own, *listed.built_in)
    blocks = [context(Marked("A task without a tick is not proposed any more. Tickets that are open stay."))]
    for page in SECTIONS:
        of_page = [each for each in known if each.section == page]
        for start in range(0, len(of_page), CHECKS_A_GROUP):
            group = of_page[start : start + CHECKS_A_GROUP]
            name = SECTION_NAMES[page]
            blocks.append(
                checks_input(
                    f"{ON}{page}_{start}",
                    Sentence("{name}, further", name=name) if start else name,
                    [Option(label=clip(each.title, 75), value=each.code) for each in group],
                    initial=[each.code for each in group if each.code not in listed.off],
                )
            )
    return form(Form.SWITCH_TASKS, "Tasks on and off", blocks)


def read_switched(listed: TaskList, values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(tasks that were shown, those of them that are on)."""
    on = [code for block, codes in values.items() if block.startswith(ON) for code in codes or ()]
    return [each.code for each in (*listed.own, *listed.built_in)], on


def people_form(listed: TaskList) -> View:
    blocks = [
        select_input(
            "language",
            "Language of the tasks",
            [Option(label=LANGUAGE_NAMES.get(each, each), value=each) for each in listed.languages],
            initial=listed.language,
            hint="Tickets are for our own people; the letter is in the client's language.",
        ),
        *(
            person_input(role.value, ROLE_NAMES[role], initial=listed.people.get(role.value, ""), optional=True)
            for role in (Role.FINANCE, Role.OPS)
        ),
    ]
    return form(Form.TASK_PEOPLE, "Language and people", blocks)


def read_people(values: Mapping[str, Any]) -> tuple[str, dict[Role, str]]:
    people = {role: str(values[role.value]) for role in (Role.FINANCE, Role.OPS) if values.get(role.value)}
    return str(values.get("language") or ""), people


def _own(task: TaskType, *, is_off: bool) -> Iterator[Block]:
    days = abs(task.offset)
    unit = "working day" if days == 1 else "working days"
    when = (
        Sentence(
            "{days} {unit} {what} the last day", days=days, unit=unit, what="before" if task.offset < 0 else "after"
        )
        if days
        else "on the last day"
    )
    only = ", ".join(CONDITION_NAMES[each].lower() for each in CONDITIONS if each in task.applies)
    yield section(
        lines(
            marked("*{title}*{off}", title=task.title, off=" (switched off)" if is_off else ""),
            marked("{page}, {who}, {when}", page=SECTION_NAMES[task.section], who=ROLE_NAMES[task.owner], when=when),
            marked("Only where: {only}", only=only) if only else "",
            marked("_New since a decision: {why}_", why=task.added_because) if task.added_because else "",
        )
    )
    drop = button(
        "Take out", Action.DROP_TASK, task.code, suffix=task.code, name=Sentence("Take out: {title}", title=task.title)
    )
    yield actions(
        button(
            "Change",
            Action.CHANGE_TASK,
            task.code,
            suffix=task.code,
            name=Sentence("Change: {title}", title=task.title),
        ),
        sure(drop, "Take it out?", "It is not proposed any more. Tickets that are open stay.", "Take it out"),
    )
