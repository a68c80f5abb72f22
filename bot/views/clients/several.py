"""Several clients at once: the form with its list, and the answer to each name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Form
from bot.replies import Block, Message, Option, View
from bot.services.clients.several import Answered, Outcome
from bot.views.blocks import (
    Marked,
    checks_input,
    context,
    form,
    lines,
    marked,
    message,
    person_input,
    section,
    text_input,
)
from rules.clients.lists import listed_names, name_list
from rules.errors import InvalidError
from rules.sentences import Sentence

# A text of Slack holds 3,000 characters; what remains comes back with quotation marks around some names.
LIST_LENGTH = 2_500
SECTION_LENGTH = 2_500
NEAR_TOO = "near_too"


def several_form(owner_id: str) -> View:
    return form(
        Form.ADD_CLIENTS,
        "Add several clients",
        [_list(""), person_input("owner", "Who looks after them", initial=owner_id)],
        submit="Add",
    )


def read_several(values: Mapping[str, Any]) -> tuple[str, str, bool]:
    """(list, owner's id, whether names that are like others' are meant)."""
    block = next(block for block in values if block.startswith("names"))
    names = str(values[block] or "")
    if not listed_names(names):
        raise InvalidError("Please write the names of your clients.", {block: "Write one name a line."})
    return names, str(values["owner"]), bool(values.get(NEAR_TOO))


def answered(answers: Sequence[Answered]) -> Message:
    """Where nothing remains to be said."""
    summary = _summary(answers)
    return message(summary, section(marked("*{summary}*", summary=summary)), *_answers(answers), *_next(answers))


def remaining_form(answers: Sequence[Answered], owner_id: str) -> View:
    """What remains stands in the list again, to be corrected or confirmed."""
    remains = [answer for answer in answers if answer.remains]
    near = [answer for answer in remains if answer.outcome is Outcome.NEAR]
    likeness = Option("They are other clients: add names that are much like another's", NEAR_TOO)
    return form(
        Form.ADD_CLIENTS,
        "Add several clients",
        [
            section(marked("*{summary}*", summary=_summary(answers))),
            *_answers(answers),
            _list(name_list(answer.name for answer in remains), len(answers)),
            *([checks_input(NEAR_TOO, "Much alike", [likeness])] if near else []),
            person_input("owner", "Who looks after them", initial=owner_id),
        ],
        submit="Add these",
    )


def _list(names: str, turn: int = 0) -> Block:
    """Another name each time: Slack would keep what was typed in a field of the same name."""
    hint = "One a line, or between commas. A comma within “quotation marks” belongs to the name."
    return text_input(
        f"names{turn or ''}", "Names", initial=names, hint=hint, lines=8, limit=3_000 if turn else LIST_LENGTH
    )


def _summary(answers: Sequence[Answered]) -> str:
    counts = Counter(answer.outcome for answer in answers)
    remain = sum(answer.remains for answer in answers)
    said = [Sentence("{counts} added", counts=counts[Outcome.ADDED])]
    said += [Sentence("{counts} there already", counts=counts[Outcome.THERE])] if counts[Outcome.THERE] else []
    said += [Sentence("{remain} to look at", remain=remain)] if remain else []
    return ", ".join(said)


def _answers(answers: Sequence[Answered]) -> list[Block]:
    """A line for each name, in as many blocks as that takes."""
    blocks: list[Block] = []
    gathered: list[Marked] = []
    for line in map(_line, answers):
        if gathered and len(lines(*gathered, line)) > SECTION_LENGTH:
            blocks.append(section(lines(*gathered)))
            gathered = []
        gathered.append(line)
    return [*blocks, section(lines(*gathered))]


def _line(answer: Answered) -> Marked:
    said = {
        Outcome.ADDED: "added",
        Outcome.THERE: "there already"
        if answer.other == answer.name
        else Sentence("there already, as {other}", other=answer.other),
        Outcome.NEAR: Sentence("not added yet: much like {other}. Is it another one?", other=answer.other),
        Outcome.WRONG: Sentence("not added. {why}", why=answer.why),
        Outcome.LATER: "not looked at yet: the list is long. Press the button once more.",
    }
    return marked("• {name}: {said}", name=answer.name, said=said[answer.outcome])


def _next(answers: Sequence[Answered]) -> list[Block]:
    if not any(answer.outcome is Outcome.ADDED for answer in answers):
        return []
    return [context(Marked("Next: give each its internal channel and its agreement. `/client NAME` opens one."))]
