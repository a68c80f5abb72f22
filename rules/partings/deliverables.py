"""What is still open between us and the client: our own list, and what they want done with each of it (WU01-WU03).

The answer decides: `finish` and `hand over as it is` get a ticket, `drop` loses it. Somebody types the answers in; one
that never came is our recorded default and stays marked as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rules.errors import ConflictError, InvalidError
from rules.sentences import Sentence
from rules.workdays import day_name

# Each takes two lines of a form, and Slack's forms hold a hundred.
MOST_ITEMS = 40
HANDED_OVER = "_as_it_is"
PREFIX = "deliverable_"


class Answer(StrEnum):
    """What becomes of one deliverable."""

    FINISH = "finish"
    HAND_OVER = "hand_over"
    DROP = "drop"


class Source(StrEnum):
    """Whose word an answer is: the client's, ours as agreed in the terms, or our default after silence."""

    CLIENT = "client"
    TERMS = "terms"
    DEFAULT = "default"


class Work(StrEnum):
    """How far the work is, for ourselves."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    NEARLY_DONE = "nearly_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer as it was recorded: `by_id` typed it in."""

    answer: Answer
    source: Source
    due_on: date
    on: date
    by_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """One deliverable. `work`, `owner_id`, `note` and `added_because` are ours and reach no text for the client.

    `added_because` says why new scope went in although it is frozen after the decision (DC05).

    `said` holds every answer there was, the newest last.
    """

    code: str
    title: str
    due_on: date
    work: Work = Work.NOT_BEGUN
    owner_id: str = ""
    note: str = ""
    added_because: str = ""
    said: tuple[Said, ...] = ()

    @property
    def answer(self) -> Answer | None:
        return self.said[-1].answer if self.said else None

    @property
    def as_it_is(self) -> bool:
        """To be handed over so."""
        return self.answer is Answer.HAND_OVER

    @property
    def task_code(self) -> str:
        """Finishing and handing over are two tasks: another answer is another ticket."""
        return self.code + HANDED_OVER * self.as_it_is

    @property
    def is_default(self) -> bool:
        return bool(self.said) and self.said[-1].source is Source.DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientQuestion:
    """We asked for the answers; whatever is silent after `until` becomes `default`."""

    asked_on: date
    until: date
    default: Answer
    asked_by: str


def listed(items: Sequence[Deliverable], new: Deliverable) -> tuple[Deliverable, ...]:
    """The list with one more."""
    if len(items) >= MOST_ITEMS:
        raise ConflictError(
            Sentence(
                "More than {most_items} deliverables are hard to agree on: put small ones together.",
                most_items=MOST_ITEMS,
            )
        )
    return (*items, _named(items, new))


def replaced(items: Sequence[Deliverable], changed: Deliverable) -> tuple[Deliverable, ...]:
    named = _named(items, changed)
    return tuple(named if item.code == changed.code else item for item in items)


def without(items: Sequence[Deliverable], code: str) -> tuple[Deliverable, ...]:
    """The list without one that was put there by mistake; what has an answer is dropped by another answer instead."""
    gone = found(items, code)
    if gone.said:
        raise ConflictError(
            Sentence(
                "{title} has an answer. Change that to “drop”, so that tickets and letter follow.", title=gone.title
            )
        )
    return tuple(item for item in items if item.code != code)


def found(items: Sequence[Deliverable], code: str) -> Deliverable:
    item = next((item for item in items if item.code == code), None)
    if item is None:
        raise ConflictError("This deliverable is not on the list any more. Open the list again.")
    return item


def answered(item: Deliverable, said: Said) -> Deliverable:
    """The item with this answer; the same answer again is no news, unless it is now the client's own."""
    last = item.said[-1] if item.said else None
    if last and (last.answer, last.due_on) == (said.answer, said.due_on) and last.source is said.source:
        return item
    return replace(item, due_on=said.due_on, said=(*item.said, said))


def defaulted(items: Sequence[Deliverable], question: ClientQuestion, today: date) -> tuple[Deliverable, ...]:
    """Silence becomes our default, marked as that."""
    return tuple(
        item
        if item.said
        else answered(
            item, Said(answer=question.default, source=Source.DEFAULT, due_on=max(item.due_on, today), on=today)
        )
        for item in items
    )


def in_terms(
    items: Sequence[Deliverable],
    lines: Iterable[tuple[str, date]],
    today: date,
    by_id: str,
    new_code: Callable[[], str],
) -> tuple[Deliverable, ...]:
    """The list after somebody wrote down, all at once, what we finish.

    What is no longer written there was a slip of ours and is taken off; where the client has said something, it stays
    on the list as dropped.
    """
    wanted = dict(lines)
    changed = tuple(item for item in items if _stays(item, wanted))
    for title, due_on in wanted.items():
        known = next((item for item in changed if _same(item.title, title)), None)
        if known is None:
            changed = listed(changed, Deliverable(code=new_code(), title=title, due_on=due_on))
            known = changed[-1]
        if known.answer is not Answer.FINISH or known.due_on != due_on:
            said = Said(answer=Answer.FINISH, source=Source.TERMS, due_on=due_on, on=today, by_id=by_id)
            changed = replaced(changed, answered(known, said))
    for item in [each for each in changed if each.answer is Answer.FINISH and not _among(each, wanted)]:
        said = Said(answer=Answer.DROP, source=Source.TERMS, due_on=item.due_on, on=today, by_id=by_id)
        changed = replaced(changed, answered(item, said))
    return changed


def finished(items: Iterable[Deliverable]) -> tuple[tuple[str, date], ...]:
    """(what, until when) of all that we finish."""
    return tuple((item.title, item.due_on) for item in items if item.answer is Answer.FINISH)


def handed_over(items: Iterable[Deliverable]) -> tuple[tuple[str, date], ...]:
    return tuple((item.title, item.due_on) for item in items if item.answer is Answer.HAND_OVER)


def dropped(items: Iterable[Deliverable]) -> tuple[str, ...]:
    return tuple(item.title for item in items if item.answer is Answer.DROP)


def unanswered(items: Iterable[Deliverable]) -> tuple[Deliverable, ...]:
    return tuple(item for item in items if item.answer is None)


def kept(items: Iterable[Deliverable]) -> tuple[Deliverable, ...]:
    """What gets a ticket."""
    return tuple(item for item in items if item.answer in {Answer.FINISH, Answer.HAND_OVER})


def is_of_deliverable(task_code: str) -> bool:
    return task_code.startswith(PREFIX)


def last_due(items: Iterable[Deliverable]) -> Deliverable | None:
    """The one that is due last of all that we accepted."""
    return max(kept(items), key=lambda item: item.due_on, default=None)


def why_too_early(items: Iterable[Deliverable], day: date) -> str:
    """Why a parting can't end on that day: no last day lies before the last deliverable. Empty where it can."""
    last = last_due(items)
    if last is None or last.due_on <= day:
        return ""
    return Sentence(
        "{title} is due on {day}: choose that day or a later one, or let it go first.",
        title=last.title,
        day=day_name(last.due_on),
    )


def holds_back(last: Deliverable) -> str:
    """The line of arithmetic of a last day that this one has moved."""
    return Sentence(
        "{title} is due on {day}: never before the last deliverable.", title=last.title, day=day_name(last.due_on)
    )


def _stays(item: Deliverable, wanted: Iterable[str]) -> bool:
    was_only_ours = item.answer is Answer.FINISH and all(said.source is Source.TERMS for said in item.said)
    return not was_only_ours or _among(item, wanted)


def _among(item: Deliverable, titles: Iterable[str]) -> bool:
    return any(_same(item.title, title) for title in titles)


def _named(items: Sequence[Deliverable], item: Deliverable) -> Deliverable:
    """The item with a name that no other one bears."""
    title = " ".join(item.title.split())
    if not title:
        raise InvalidError("Give it a name.", {"title": "Say what it is called."})
    if any(other.code != item.code and _same(other.title, title) for other in items):
        raise InvalidError(
            "That is on the list already.",
            {"title": "This is on the list already. Give it another name, or change the one that is there."},
        )
    return replace(item, title=title)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
