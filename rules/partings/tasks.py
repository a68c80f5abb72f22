"""The tasks of a parting, proposed for its preview from `tasks.toml` (BR07, BR08, WU01-WU11, HO01-HO11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.errors import InvalidError
from rules.partings.deliverables import Deliverable
from rules.partings.parting import PlannedTask, TaskKind
from rules.partings.timeline import Happened, Timeline, plan
from rules.sentences import Sentence
from rules.workdays import count_back, count_forward, day_name

FURTHEST = 250  # working days: a year before or after
HANDED_TO_THE_CLIENT = frozenset({"handover", "access", "data", "support"})


LONG_TERM_MONTHS = 24  # HO03: more is owed to clients of many years
ENGLISH = "en"
# The pages of the preview, in their order.
SECTIONS = ("work", "money", "handover", "rights", "access", "data", "support", "close", "theirs")
RECORDED = ("has_contract", "shared_accounts", "personal_data", "subcontractors", "team", "long_term")
# Nothing in a client's record says whether these hold: a person is asked.
ASKED = ("replacement", "domains", "hosting", "campaigns", "app_stores", "mailboxes", "licences")
CONDITIONS = (*RECORDED, *ASKED)


class Role(StrEnum):
    """Who looks after a task, before anybody chose a person."""

    OWNER = "owner"
    ACCOUNT = "account"
    FINANCE = "finance"
    OPS = "ops"


class Anchor(StrEnum):
    """The day from which a task's own is counted."""

    LAST_DAY = "last_day"
    TALK = "talk"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """One entry of `tasks.toml`, which explains the fields, or a workspace's own.

    `alone` are the details for a team of one, where they differ. `added_because` says why an own one came while a
    parting was under way (DC05).
    """

    code: str
    kind: TaskKind
    section: str
    title: str
    details: str
    owner: Role
    offset: int
    counted_from: Anchor = Anchor.LAST_DAY
    after: tuple[str, ...] = ()
    strict: bool = False
    applies: frozenset[str] = frozenset()
    origins: frozenset[Origin] = frozenset(Origin)
    alone: str = ""
    ticked: bool = True
    before_told: bool = False
    added_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingFacts:
    """What the proposal depends on. `people` names who has a role; the owner has all others.

    `language` is our own, not the client's: tasks are for our people. `own` tasks stand beside the built-in ones, `off`
    names those that are not proposed. `circumstances` is a person's word on what holds, and wins over the record.
    `line` is the line of time; without one only the last day is counted from.
    """

    last_day: date
    today: date
    owner_id: str
    people: Mapping[Role, str] = field(default_factory=dict)
    country: str = ""
    language: str = ENGLISH
    own: tuple[TaskType, ...] = ()
    off: frozenset[str] = frozenset()
    tenure_months: int | None = None
    has_contract: bool = True
    shared_accounts: bool = True
    personal_data: bool = True
    subcontractors: bool = False
    team: bool = True
    circumstances: frozenset[str] | None = None
    origin: Origin = Origin.OURS
    line: Timeline | None = None

    @property
    def times(self) -> Timeline:
        alone = Contract(country=self.country)
        return self.line or plan(self.origin, alone, self.last_day, self.today, Happened(agreed=True))


def propose(facts: PartingFacts, deliverables: Sequence[Deliverable] = ()) -> tuple[PlannedTask, ...]:
    """What could be opened, ordered by page and day. What applies is ticked, however much that is (WU01)."""
    facts = replace(facts, line=facts.times)
    kept = [_of_deliverable(item, facts) for item in deliverables]
    known = [_planned(each, facts) for each in _applying(facts) if each.kind is not TaskKind.INSIDE]
    return tuple(sorted([*kept, *_in_turn(known)], key=lambda task: (SECTIONS.index(task.section), task.due_on)))


def inside_steps(facts: PartingFacts) -> tuple[PlannedTask, ...]:
    """What is done in Amicable itself, with its days; none of it becomes a ticket."""
    facts = replace(facts, line=facts.times)
    return tuple(_planned(each, facts) for each in _applying(facts) if each.kind is TaskKind.INSIDE)


def to_be_asked(facts: PartingFacts) -> tuple[str, ...]:
    """The conditions of which nobody has said yet whether they hold; their tasks are proposed, but not ticked."""
    return () if facts.circumstances is not None else tuple(each for each in ASKED if each not in holding(facts))


def needing(conditions: frozenset[str]) -> frozenset[str]:
    """The built-in tasks that stand on any of these conditions, by code."""
    return frozenset(each.code for each in task_types() if each.applies & conditions)


def holding(facts: PartingFacts) -> frozenset[str]:
    """The conditions that hold: what a person said, else what the client's record says."""
    if facts.circumstances is not None:
        return facts.circumstances
    known = {
        "has_contract": facts.has_contract,
        "shared_accounts": facts.shared_accounts,
        "personal_data": facts.personal_data,
        "subcontractors": facts.subcontractors,
        "team": facts.team,
        "long_term": (facts.tenure_months or 0) >= LONG_TERM_MONTHS,
        # Whoever leaves us mostly goes to somebody.
        "replacement": facts.origin is Origin.THEIRS,
    }
    return frozenset(condition for condition in CONDITIONS if known.get(condition))


def section_of(task: PlannedTask) -> str:
    """Previews that were stored before there were pages have none."""
    return task.section or next((each.section for each in task_types() if each.code == task.code), SECTIONS[0])


@cache
def task_types(language: str = ENGLISH) -> tuple[TaskType, ...]:
    """The built-in ones, in the order of their importance, with the words of a language."""
    words = _words(language)["tasks"]
    entries = tomllib.loads(files("rules.partings").joinpath("tasks.toml").read_text(encoding="utf-8"))["task"]
    return tuple(_task_type(entry | words[entry["code"]]) for entry in entries)


@cache
def task_languages() -> tuple[str, ...]:
    names = [entry.name for entry in files("rules.partings").joinpath("words").iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def text(phrase: str, language: str, /, **values: str) -> str:
    """A phrase that is no task of its own; `parent`, `finish`."""
    return str(_words(language)["texts"][phrase]).format(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTask:
    """A task as an admin typed it. `days` are working days from the last day, negative before it."""

    title: str
    details: str
    section: str
    owner: Role
    days: int
    applies: frozenset[str]
    before_told: bool
    because: str = ""


def checked_task(code: str, wanted: OwnTask) -> TaskType:
    """The task as the plan knows it, or an `InvalidError` beside each field."""
    if not wanted.title.strip():
        raise InvalidError("Give the task a title.", {"title": "Give the task a title."})
    if wanted.section not in SECTIONS:
        raise InvalidError("Choose a page.", {"section": "Choose a page."})
    if abs(wanted.days) > FURTHEST:
        sentence = Sentence("Choose at most {furthest} working days before or after the last day.", furthest=FURTHEST)
        raise InvalidError(sentence, {"days": sentence})
    kind = TaskKind.HANDOFF if wanted.section in HANDED_TO_THE_CLIENT else TaskKind.WRAP_UP
    return TaskType(
        code=code,
        kind=kind,
        section=wanted.section,
        title=" ".join(wanted.title.split()),
        details=wanted.details.strip(),
        owner=wanted.owner,
        offset=wanted.days,
        applies=wanted.applies,
        before_told=wanted.before_told,
        added_because=wanted.because.strip(),
    )


@cache
def _words(language: str) -> Mapping[str, Any]:
    known = language if language in task_languages() else ENGLISH
    return tomllib.loads(files("rules.partings").joinpath("words", f"{known}.toml").read_text(encoding="utf-8"))


def _task_type(entry: Mapping[str, Any]) -> TaskType:
    read = {
        "kind": TaskKind(entry["kind"]),
        "owner": Role(entry["owner"]),
        "counted_from": Anchor(entry.get("counted_from", Anchor.LAST_DAY)),
        "after": tuple(entry.get("after", ())),
        "applies": frozenset(entry.get("applies", ())),
        "origins": frozenset(Origin(each) for each in entry.get("origins", Origin)),
    }
    return TaskType(**{**entry, **read})


def _applying(facts: PartingFacts) -> Iterator[TaskType]:
    possible = holding(facts) | set(to_be_asked(facts))
    for each in (*facts.own, *task_types(facts.language)):
        if each.applies <= possible and facts.origin in each.origins and each.code not in facts.off:
            yield each


def _planned(each: TaskType, facts: PartingFacts) -> PlannedTask:
    holds = holding(facts)
    due_on, arithmetic = _due(each, facts)
    return PlannedTask(
        code=each.code,
        kind=each.kind,
        section=each.section,
        title=each.title,
        details=each.details if "team" in holds else each.alone or each.details,
        owner_id=facts.people.get(each.owner, facts.owner_id),
        due_on=due_on,
        arithmetic=arithmetic,
        ticked=each.ticked and each.applies <= holds,
        before_told=each.before_told,
        after=each.after,
        strict=each.strict,
    )


def _of_deliverable(item: Deliverable, facts: PartingFacts) -> PlannedTask:
    return PlannedTask(
        code=item.task_code,
        kind=TaskKind.HANDOFF if item.as_it_is else TaskKind.WRAP_UP,
        section="handover" if item.as_it_is else "work",
        title=text("hand_over" if item.as_it_is else "finish", facts.language, name=item.title),
        details=text("hand_over_details" if item.as_it_is else "finish_details", facts.language),
        owner_id=item.owner_id or facts.people.get(Role.ACCOUNT, facts.owner_id),
        due_on=item.due_on,
        arithmetic=Sentence("promised for {day_name}", day_name=day_name(item.due_on)),
        ticked=True,
    )


def _due(each: TaskType, facts: PartingFacts) -> tuple[date, str]:
    """The day and how it came about: on a working day, not in the past, and nothing before what allows it."""
    line = facts.times
    start = {Anchor.LAST_DAY: line.last_day, Anchor.TALK: line.talk_on, Anchor.LETTER: line.letter_on}
    count = count_forward if each.offset > 0 else count_back
    counted = count(start[each.counted_from], abs(each.offset), facts.country)
    for earliest, why in _bounds(each, facts):
        if counted.day < earliest:
            soonest = count_forward(earliest, 0, facts.country)
            return soonest.day, _although(counted.arithmetic, why, soonest.day)
    latest = count_back(line.last_day, 0, facts.country).day
    if each.counted_from is not Anchor.LAST_DAY and counted.day > latest >= facts.today:
        return latest, _although(counted.arithmetic, "not after the last day", latest)
    return counted.day, counted.arithmetic


def _although(arithmetic: str, why: str, day: date) -> str:
    return Sentence("{arithmetic}; {why}, so {day}", arithmetic=arithmetic, why=why, day=day_name(day))


def _bounds(each: TaskType, facts: PartingFacts) -> Iterator[tuple[date, str]]:
    """The latest first. What asks anybody outside waits for the letter, save what the letter itself needs."""
    line = facts.times
    if each.kind is not TaskKind.INSIDE and not each.before_told and line.last_day >= line.letter_on:
        told = (line.talk_on, "not before the talk")
        letter = (line.letter_on, "not before the letter")
        yield told if each.counted_from is Anchor.LETTER else max(told, letter)
    yield facts.today, "that has passed"


def _in_turn(tasks: Sequence[PlannedTask]) -> Iterable[PlannedTask]:
    """None is due before what it waits for, where both are ticked."""
    placed = {task.code: task for task in tasks}
    for _ in tasks:
        moved = {task.code: later for task in placed.values() if (later := _behind(task, placed)) != task}
        if not moved:
            break
        placed |= moved
    return placed.values()


def _behind(task: PlannedTask, placed: Mapping[str, PlannedTask]) -> PlannedTask:
    first = [placed[code] for code in task.after if code in placed and placed[code].ticked]
    latest = max(first, key=lambda each: each.due_on, default=task)
    if latest.due_on <= task.due_on:
        return task
    words = Sentence("{arithmetic}; not before “{title}”", arithmetic=task.arithmetic, title=latest.title)
    return replace(task, due_on=latest.due_on, arithmetic=words)
