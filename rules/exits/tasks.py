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

from rules.exits.dates import Deliverable
from rules.exits.parting import PlannedTask, TaskKind
from rules.exits.workdays import count_back, count_forward, day_name

MAX_TICKED = 20
FINISH_DETAILS = "Accepted as still to be finished. Deliver it in full quality, on time."
HAND_OVER_DETAILS = "Hand it over in its present state, with a note on what is missing."
LONG_TERM_MONTHS = 24  # HO03: more is owed to clients of many years


class Role(StrEnum):
    """Who looks after a task, before anybody chose a person."""

    OWNER = "owner"
    ACCOUNT = "account"
    FINANCE = "finance"
    OPS = "ops"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """One entry of `tasks.toml`, which explains the fields."""

    code: str
    kind: TaskKind
    title: str
    details: str
    owner: Role
    offset: int
    applies: frozenset[str] = frozenset()
    ticked: bool = True
    before_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingFacts:
    """What the proposal depends on. `people` names who has a role; the owner has all others."""

    last_day: date
    today: date
    owner_id: str
    people: Mapping[Role, str] = field(default_factory=dict)
    country: str = ""
    tenure_months: int | None = None
    has_contract: bool = True
    shared_accounts: bool = True
    personal_data: bool = True
    subcontractors: bool = False
    team: bool = True


def propose(facts: PartingFacts, deliverables: Sequence[Deliverable] = ()) -> tuple[PlannedTask, ...]:
    """What could be opened, ordered by kind and day: at most 20 ticked, deliverables first (WU01)."""
    kept = [_of_deliverable(number, item, facts) for number, item in enumerate(deliverables, start=1)]
    known = [_planned(each, facts) for each in _applying(facts) if each.kind is not TaskKind.INSIDE]
    ordered = _tick_most_important([*kept, *known])
    return tuple(sorted(ordered, key=lambda task: (task.kind is TaskKind.HANDOFF, task.due_on)))


def inside_steps(facts: PartingFacts) -> tuple[PlannedTask, ...]:
    """What is done in Amicable itself, with its days; none of it becomes a ticket."""
    return tuple(_planned(each, facts) for each in _applying(facts) if each.kind is TaskKind.INSIDE)


@cache
def task_types() -> tuple[TaskType, ...]:
    text = files("rules.exits").joinpath("tasks.toml").read_text(encoding="utf-8")
    return tuple(_task_type(entry) for entry in tomllib.loads(text)["task"])


def _task_type(entry: Mapping[str, Any]) -> TaskType:
    read = {
        "kind": TaskKind(entry["kind"]),
        "owner": Role(entry["owner"]),
        "applies": frozenset(entry.get("applies", ())),
    }
    return TaskType(**{**entry, **read})


def _applying(facts: PartingFacts) -> Iterator[TaskType]:
    holding = {
        "has_contract": facts.has_contract,
        "shared_accounts": facts.shared_accounts,
        "personal_data": facts.personal_data,
        "subcontractors": facts.subcontractors,
        "team": facts.team,
        "long_term": (facts.tenure_months or 0) >= LONG_TERM_MONTHS,
    }
    return (each for each in task_types() if all(holding[condition] for condition in each.applies))


def _planned(each: TaskType, facts: PartingFacts) -> PlannedTask:
    due_on, arithmetic = _due(each.offset, facts)
    return PlannedTask(
        code=each.code,
        kind=each.kind,
        title=each.title,
        details=each.details,
        owner_id=facts.people.get(each.owner, facts.owner_id),
        due_on=due_on,
        arithmetic=arithmetic,
        ticked=each.ticked,
        before_told=each.before_told,
    )


def _of_deliverable(number: int, item: Deliverable, facts: PartingFacts) -> PlannedTask:
    return PlannedTask(
        code=item.code or f"deliverable_{number}",
        kind=TaskKind.HANDOFF if item.as_it_is else TaskKind.WRAP_UP,
        title=f"Hand over as it is: {item.name}" if item.as_it_is else f"Finish: {item.name}",
        details=HAND_OVER_DETAILS if item.as_it_is else FINISH_DETAILS,
        owner_id=item.owner_id or facts.people.get(Role.ACCOUNT, facts.owner_id),
        due_on=item.due_on,
        arithmetic=f"promised for {day_name(item.due_on)}",
        ticked=True,
    )


def _due(offset: int, facts: PartingFacts) -> tuple[date, str]:
    """The day and how it came about; what would lie in the past is due on the next working day."""
    count = count_forward if offset > 0 else count_back
    counted = count(facts.last_day, abs(offset), facts.country)
    if counted.day >= facts.today:
        return counted.day, counted.arithmetic
    soonest = count_forward(facts.today, 0, facts.country)
    return soonest.day, f"{counted.arithmetic}; that has passed, so {day_name(soonest.day)}"


def _tick_most_important(tasks: Sequence[PlannedTask]) -> list[PlannedTask]:
    chosen = {task.code for task in [task for task in tasks if task.ticked][:MAX_TICKED]}
    return [replace(task, ticked=task.code in chosen) for task in tasks]
