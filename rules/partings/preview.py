"""What has changed between two revisions of a preview, in words for whoever was about to open the older one (D5).

Sentences name people as Slack mentions them, `<@U1>`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rules.clients.client import Client
from rules.errors import ConflictError
from rules.partings.deliverables import is_of_deliverable
from rules.partings.parting import OVER, Parting, PartingState, PlannedTask, Preview
from rules.sentences import Sentence
from rules.workdays import day_name

KEPT = 3
NAMED = 5

Telling = Callable[[PlannedTask, PlannedTask], str]


def with_preview(parting: Parting, tracker: str, tasks: Sequence[PlannedTask]) -> Parting:
    """A new revision; those before are kept for whoever still looks at one of them."""
    before = parting.preview
    preview = Preview(revision=before.revision + 1, tracker=tracker, tasks=tuple(tasks))
    return replace(parting, preview=preview, earlier=(*parting.earlier, before)[-KEPT:])


def seen_before(parting: Parting, revision: int) -> Preview | None:
    """The revision that somebody looked at; None once it is too long ago."""
    return next((each for each in (parting.preview, *parting.earlier) if each.revision == revision), None)


def differences(before: Preview, after: Preview, labels: Mapping[str, str]) -> tuple[str, ...]:
    """What would be opened otherwise than `before` said; nothing about tasks that are ticked in neither."""
    old, new = _ticked(before), _ticked(after)
    both = [(old[code], new[code]) for code in new if code in old]
    return (
        *_place(before, after, labels),
        *_listed([_named(new[code]) for code in new if code not in old], "comes along", "come along"),
        *_listed(
            [_named(old[code]) for code in old if code not in new], "is not opened any more", "are not opened any more"
        ),
        *_changed(both, _day, "tasks have another day"),
        *_changed(both, _owner, "tasks go to somebody else"),
        *_changed(both, lambda was, now: _tracker(was, now, before, after, labels), "tasks go to another place"),
        *_changed(both, _words, "tasks have other words"),
    )


def chosen(task: PlannedTask, day: date, earliest: date) -> PlannedTask:
    """The task on a day that a person set, unless that is too early by now."""
    if day == task.due_on or day < earliest:
        return task
    words = Sentence("set by hand; our plan says {day_name}", day_name=day_name(task.due_on))
    return replace(task, due_on=day, arithmetic=words, is_chosen=True)


def as_chosen(task: PlannedTask, kept: PlannedTask, gone: Container[str], earliest: date) -> PlannedTask:
    """Ticks, owners, places and days that people chose stay; whoever has left the team is not given anything."""
    owner_id = task.owner_id if kept.owner_id in gone else kept.owner_id
    again = replace(task, ticked=kept.ticked, owner_id=owner_id, tracker=kept.tracker)
    return chosen(again, kept.due_on, earliest) if kept.is_chosen else again


def redated(preview: Preview, plan: dict[str, PlannedTask]) -> Preview:
    """What was opened stays what it was, but for its days."""
    tasks = (
        replace(task, due_on=plan[task.code].due_on, arithmetic=plan[task.code].arithmetic)
        if task.code in plan
        else task
        for task in preview.tasks
    )
    return replace(preview, tasks=tuple(tasks))


def dated(task: PlannedTask, computed: PlannedTask, days: Mapping[str, date], today: date) -> PlannedTask:
    """On the day that a person has set just now; the plan's own day is no choice."""
    if task.code not in days:
        return task
    plan = replace(task, due_on=computed.due_on, arithmetic=computed.arithmetic, is_chosen=False)
    return chosen(plan, days[task.code], today)


def require_preparing(parting: Parting) -> None:
    if parting.state is not PartingState.PREPARING:
        raise ConflictError("The tasks have been opened already. Open the parting to see how they stand.")


def require_under_way(client: Client, parting: Parting) -> None:
    if parting.state in OVER:
        raise ConflictError(Sentence("The parting from {name} is over and stays as it is.", name=client.name))


def counted(parting: Parting, wanted: Mapping[str, PlannedTask], fresh: Sequence[PlannedTask]) -> Parting:
    """The preview says what there are tickets for; while one is missing the parting is still being opened."""
    tasks = tuple(
        replace(task, ticked=task.code in wanted) if is_of_deliverable(task.code) else task
        for task in parting.preview.tasks
    )
    added = tuple(task for task in fresh if task.code not in {each.code for each in tasks})
    preview = replace(parting.preview, tasks=(*tasks, *added))
    return replace(parting, preview=preview, state=PartingState.OPENING if fresh else parting.state)


def _ticked(preview: Preview) -> dict[str, PlannedTask]:
    return {task.code: task for task in preview.tasks if task.ticked}


def _place(before: Preview, after: Preview, labels: Mapping[str, str]) -> Iterator[str]:
    if before.tracker != after.tracker:
        yield Sentence("The tasks go to {get} now.", get=labels.get(after.tracker, after.tracker))


def _listed(names: Sequence[str], one: str, many: str) -> Iterator[str]:
    if names:
        rest = Sentence(" and {number} more", number=len(names) - NAMED) if len(names) > NAMED else ""
        yield f"{', '.join(names[:NAMED])}{rest} {one if len(names) == 1 else many}."


def _changed(pairs: Sequence[tuple[PlannedTask, PlannedTask]], say: Telling, many: str) -> Iterator[str]:
    """Each by itself, or their number where that would be a long list."""
    said = [sentence for was, now in pairs if (sentence := say(was, now))]
    if len(said) <= NAMED:
        yield from said
    else:
        yield f"{len(said)} {many}. {said[0]}"


def _day(was: PlannedTask, now: PlannedTask) -> str:
    if was.due_on == now.due_on:
        return ""
    return Sentence(
        "{named} is due on {day_name}, not on {day_name_2}.",
        named=_named(now),
        day_name=day_name(now.due_on),
        day_name_2=day_name(was.due_on),
    )


def _owner(was: PlannedTask, now: PlannedTask) -> str:
    if was.owner_id == now.owner_id:
        return ""
    return Sentence(
        "{named} goes to {person}, not to {person_2}.",
        named=_named(now),
        person=_person(now.owner_id),
        person_2=_person(was.owner_id),
    )


def _tracker(was: PlannedTask, now: PlannedTask, before: Preview, after: Preview, labels: Mapping[str, str]) -> str:
    place = now.tracker or after.tracker
    is_same = (was.tracker or before.tracker) == place or not (was.tracker or now.tracker)
    return "" if is_same else Sentence("{named} goes to {get}.", named=_named(now), get=labels.get(place, place))


def _words(was: PlannedTask, now: PlannedTask) -> str:
    same = (was.title, was.details) == (now.title, now.details)
    return "" if same else Sentence("{named} reads otherwise now: {named_2}.", named=_named(was), named_2=_named(now))


def _named(task: PlannedTask) -> str:
    return f"“{task.title}”"


def _person(member_id: str) -> str:
    return f"<@{member_id}>" if member_id else "nobody"
