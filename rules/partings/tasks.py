"""The tasks of a parting, proposed for its preview from `tasks.toml` (BR07, BR08, WU01-WU11, HO01-HO11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from rules.partings.dates import Deliverable
from rules.partings.parting import PlannedTask, TaskKind
from rules.sentences import Sentence
from rules.workdays import count_back, count_forward, day_name

MAX_TICKED = 20
LONG_TERM_MONTHS = 24  # HO03: more is owed to clients of many years
ENGLISH = "en"
# The pages of the preview, in their order.
SECTIONS = ("work", "money", "handover", "access", "data", "support", "close")
CONDITIONS = ("has_contract", "shared_accounts", "personal_data", "subcontractors", "team", "long_term")


class Role(StrEnum):
    """Who looks after a task, before anybody chose a person."""

    OWNER = "owner"
    ACCOUNT = "account"
    FINANCE = "finance"
    OPS = "ops"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """One entry of `tasks.toml`, which explains the fields, or a workspace's own."""

    code: str
    kind: TaskKind
    section: str
    title: str
    details: str
    owner: Role
    offset: int
    after: tuple[str, ...] = ()
    strict: bool = False
    applies: frozenset[str] = frozenset()
    ticked: bool = True
    before_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingFacts:
    """What the proposal depends on. `people` names who has a role; the owner has all others.

    `language` is our own, not the client's: tasks are for our people. `own` tasks stand beside the built-in ones, `off`
    names those that are not proposed. `circumstances` is a person's word on what holds, and wins over the record.
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


def propose(facts: PartingFacts, deliverables: Sequence[Deliverable] = ()) -> tuple[PlannedTask, ...]:
    """What could be opened, ordered by page and day: at most 20 ticked, deliverables and own tasks first (WU01)."""
    kept = [_of_deliverable(number, item, facts) for number, item in enumerate(deliverables, start=1)]
    known = [_planned(each, facts) for each in _applying(facts) if each.kind is not TaskKind.INSIDE]
    ordered = _tick_most_important([*kept, *known])
    return tuple(sorted(ordered, key=lambda task: (SECTIONS.index(task.section), task.due_on)))


def inside_steps(facts: PartingFacts) -> tuple[PlannedTask, ...]:
    """What is done in Amicable itself, with its days; none of it becomes a ticket."""
    return tuple(_planned(each, facts) for each in _applying(facts) if each.kind is TaskKind.INSIDE)


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
    }
    return frozenset(condition for condition in CONDITIONS if known[condition])


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


@cache
def _words(language: str) -> Mapping[str, Any]:
    known = language if language in task_languages() else ENGLISH
    return tomllib.loads(files("rules.partings").joinpath("words", f"{known}.toml").read_text(encoding="utf-8"))


def _task_type(entry: Mapping[str, Any]) -> TaskType:
    read = {
        "kind": TaskKind(entry["kind"]),
        "owner": Role(entry["owner"]),
        "after": tuple(entry.get("after", ())),
        "applies": frozenset(entry.get("applies", ())),
    }
    return TaskType(**{**entry, **read})


def _applying(facts: PartingFacts) -> Iterator[TaskType]:
    true = holding(facts)
    known = (*facts.own, *task_types(facts.language))
    return (each for each in known if each.applies <= true and each.code not in facts.off)


def _planned(each: TaskType, facts: PartingFacts) -> PlannedTask:
    due_on, arithmetic = _due(each.offset, facts)
    return PlannedTask(
        code=each.code,
        kind=each.kind,
        section=each.section,
        title=each.title,
        details=each.details,
        owner_id=facts.people.get(each.owner, facts.owner_id),
        due_on=due_on,
        arithmetic=arithmetic,
        ticked=each.ticked,
        before_told=each.before_told,
        after=each.after,
        strict=each.strict,
    )


def _of_deliverable(number: int, item: Deliverable, facts: PartingFacts) -> PlannedTask:
    return PlannedTask(
        code=item.code or f"deliverable_{number}",
        kind=TaskKind.HANDOFF if item.as_it_is else TaskKind.WRAP_UP,
        section="handover" if item.as_it_is else "work",
        title=text("hand_over" if item.as_it_is else "finish", facts.language, name=item.name),
        details=text("hand_over_details" if item.as_it_is else "finish_details", facts.language),
        owner_id=item.owner_id or facts.people.get(Role.ACCOUNT, facts.owner_id),
        due_on=item.due_on,
        arithmetic=Sentence("promised for {day_name}", day_name=day_name(item.due_on)),
        ticked=True,
    )


def _due(offset: int, facts: PartingFacts) -> tuple[date, str]:
    """The day and how it came about; what would lie in the past is due on the next working day."""
    count = count_forward if offset > 0 else count_back
    counted = count(facts.last_day, abs(offset), facts.country)
    if counted.day >= facts.today:
        return counted.day, counted.arithmetic
    soonest = count_forward(facts.today, 0, facts.country)
    return soonest.day, Sentence(
        "{arithmetic}; that has passed, so {day_name}", arithmetic=counted.arithmetic, day_name=day_name(soonest.day)
    )


def _tick_most_important(tasks: Sequence[PlannedTask]) -> list[PlannedTask]:
    chosen = {task.code for task in [task for task in tasks if task.ticked][:MAX_TICKED]}
    return [replace(task, ticked=task.code in chosen) for task in tasks]
