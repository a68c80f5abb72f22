"""The workspace's own list of tasks: its language, who has a role in it, own tasks, and those it does not use."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from bot.access import require_admin, require_ours
from bot.services.audit import record
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.errors import InvalidError, NotFoundError
from rules.partings.parting import TaskKind
from rules.partings.tasks import SECTIONS, OwnTask, Role, TaskType, checked_task, task_languages, task_types
from rules.ports import Clock, UnitOfWork, Units, Workspace
from rules.sentences import Sentence

OWN = "own_"
MOST_OWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskList:
    """What a new parting proposes. `built_in` is in the workspace's language; `off` holds codes of either kind.

    `is_frozen` while a parting is under way: what is new then needs a reason (DC05).
    """

    language: str
    languages: tuple[str, ...]
    built_in: tuple[TaskType, ...]
    own: tuple[TaskType, ...]
    off: frozenset[str]
    people: Mapping[str, str]
    is_frozen: bool


class TaskListService:
    """Only admins change it, and partings that are not open yet follow at their next look."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def tasks(self, workspace_id: str, admin: Member) -> TaskList:
        _require(admin)
        with self._units.read(workspace_id) as unit:
            return _listed(unit.workspace(), is_frozen=_is_frozen(unit))

    def save_own(self, workspace_id: str, admin: Member, code: str, wanted: OwnTask) -> TaskList:
        """A new one without a `code`."""
        made = checked_task(code or f"{OWN}{secrets.token_hex(4)}", wanted)

        def change(unit: UnitOfWork, workspace: Workspace) -> Workspace:
            known = {each.code: each for each in workspace.own_tasks}
            if code and code not in known:
                raise NotFoundError("This task is not in the list any more. Please open the list again.")
            if not code and _is_frozen(unit) and not made.added_because:
                fault = "A parting is under way, so new work waits. Say why this one is needed now."
                raise InvalidError(fault, {"because": fault})
            if not code and len(known) >= MOST_OWN:
                raise InvalidError(
                    Sentence("There are {most_own} tasks of your own already. Take one out first.", most_own=MOST_OWN)
                )
            return replace(workspace, own_tasks=tuple((known | {made.code: made}).values()))

        return self._changed(workspace_id, admin, "own task saved", change)

    def drop_own(self, workspace_id: str, admin: Member, code: str) -> TaskList:
        """Tickets that are open keep it."""

        def change(_unit: UnitOfWork, workspace: Workspace) -> Workspace:
            kept = tuple(each for each in workspace.own_tasks if each.code != code)
            off = tuple(each for each in workspace.tasks_off if each != code)
            return replace(workspace, own_tasks=kept, tasks_off=off)

        return self._changed(workspace_id, admin, "own task taken out", change)

    def switch(self, workspace_id: str, admin: Member, shown: Collection[str], on: Collection[str]) -> TaskList:
        """Of the tasks that were `shown` those that are not `on` are proposed no more."""

        def change(_unit: UnitOfWork, workspace: Workspace) -> Workspace:
            off = [code for code in workspace.tasks_off if code not in shown]
            return replace(workspace, tasks_off=(*off, *(code for code in shown if code not in on)))

        return self._changed(workspace_id, admin, "tasks switched", change)

    def set_people(self, workspace_id: str, admin: Member, language: str, people: Mapping[Role, str]) -> TaskList:
        """In which language tasks are written, and who has finance and operations; nobody: the client's owner."""
        if language not in task_languages():
            raise InvalidError(
                "Choose a language.",
                {"language": "There are no words for this language yet. Choose one of the others."},
            )
        with self._units.read(workspace_id) as unit:
            ours = {member.id for member in unit.people.members() if is_ours(member, workspace_id)}
        strangers = {role.value: "Choose somebody from the team." for role, who in people.items() if who not in ours}
        if strangers:
            raise InvalidError("Please choose somebody else.", strangers)
        named = {role.value: who for role, who in people.items()}
        return self._changed(
            workspace_id,
            admin,
            "people and language of tasks set",
            lambda _unit, workspace: replace(workspace, tasks_language=language, task_people=named),
        )

    def _changed(
        self, workspace_id: str, admin: Member, action: str, change: Callable[[UnitOfWork, Workspace], Workspace]
    ) -> TaskList:
        _require(admin)
        with self._units.begin(workspace_id) as unit:
            changed = change(unit, unit.lock_workspace())
            unit.save_workspace(changed)
            record(unit, admin, self._clock.now(), action, workspace_id)
            return _listed(changed, is_frozen=_is_frozen(unit))


def _is_frozen(unit: UnitOfWork) -> bool:
    return any(each.closed_at is None for each in unit.partings.all())


def _listed(workspace: Workspace, *, is_frozen: bool) -> TaskList:
    known = [each for each in task_types(workspace.tasks_language) if each.kind is not TaskKind.INSIDE]
    return TaskList(
        language=workspace.tasks_language,
        languages=task_languages(),
        built_in=tuple(sorted(known, key=lambda each: SECTIONS.index(each.section))),
        own=workspace.own_tasks,
        off=frozenset(workspace.tasks_off),
        people=workspace.task_people,
        is_frozen=is_frozen,
    )


def _require(admin: Member) -> None:
    require_ours(admin)
    require_admin(admin)
