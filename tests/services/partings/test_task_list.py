"""The workspace's own list of tasks (BR07, BR08)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.services.partings.tasks.tasklist import MOST_OWN, TaskListService
from rules.errors import InvalidError, NotFoundError, RefusedError
from rules.partings.parting import TaskKind
from rules.partings.tasks import OwnTask, Role

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"
KEYS = OwnTask(
    title="Bring back  the keys\n",
    details="Both.",
    section="handover",
    owner=Role.OPS,
    days=-1,
    applies=frozenset({"team"}),
    before_told=True,
    because="Found late",
)


@pytest.fixture
def tasks(office: Office) -> TaskListService:
    return TaskListService(office.units, office.clock)


def test_an_own_task_is_stored_and_changed_under_its_code(office: Office, tasks: TaskListService) -> None:
    """A changed task stays the same one for partings that are under way."""
    made = tasks.save_own(WORKSPACE, office.admin, "", KEYS).own[0]
    changed = tasks.save_own(WORKSPACE, office.admin, made.code, replace(KEYS, section="work", days=3)).own

    assert (made.title, made.kind, made.offset, made.before_told) == ("Bring back the keys", TaskKind.HANDOFF, -1, True)
    assert [(each.code, each.kind, each.offset) for each in changed] == [(made.code, TaskKind.WRAP_UP, 3)]


def test_only_admins_look_at_it_and_change_it(office: Office, tasks: TaskListService) -> None:
    """Also where the button came from an admin's screen."""
    acts: list[Callable[[], object]] = [
        lambda: tasks.tasks(WORKSPACE, office.owner),
        lambda: tasks.save_own(WORKSPACE, office.owner, "", KEYS),
        lambda: tasks.switch(WORKSPACE, office.owner, ["archive"], []),
        lambda: tasks.set_people(WORKSPACE, office.owner, "nl", {}),
    ]
    for act in acts:
        with pytest.raises(RefusedError):
            act()


def test_rubbish_is_refused_with_its_field(office: Office, tasks: TaskListService) -> None:
    """No blank titles, no unknown pages, people or languages, no endless list."""
    for wrong, field in (
        (replace(KEYS, title="  "), "title"),
        (replace(KEYS, section="attic"), "section"),
        (replace(KEYS, days=-1000), "days"),
    ):
        with pytest.raises(InvalidError) as refusal:
            tasks.save_own(WORKSPACE, office.admin, "", wrong)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(InvalidError):
        tasks.set_people(WORKSPACE, office.admin, "xx", {})
    with pytest.raises(InvalidError):
        tasks.set_people(WORKSPACE, office.admin, "nl", {Role.OPS: "USTRANGER"})
    with pytest.raises(NotFoundError):
        tasks.save_own(WORKSPACE, office.admin, "own_gone", KEYS)


@pytest.mark.both_databases
def test_two_admins_at_once_lose_nothing_and_the_list_has_an_end(office: Office, tasks: TaskListService) -> None:
    """Each task that was saved is there, up to the limit; the next one is told."""
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: tasks.save_own(WORKSPACE, office.admin, "", KEYS), range(MOST_OWN)))

    assert len(tasks.tasks(WORKSPACE, office.admin).own) == MOST_OWN
    with pytest.raises(InvalidError):
        tasks.save_own(WORKSPACE, office.admin, "", KEYS)


def test_what_is_switched_off_is_proposed_no_more_until_it_is_on_again(office: Office, tasks: TaskListService) -> None:
    """Tasks that were not on the form keep their state."""
    tasks.switch(WORKSPACE, office.admin, ["archive"], [])
    tasks.switch(WORKSPACE, office.admin, ["thanks", "reference"], ["thanks"])
    off = tasks.tasks(WORKSPACE, office.admin).off
    tasks.switch(WORKSPACE, office.admin, ["archive", "reference"], ["archive", "reference"])

    assert (off, tasks.tasks(WORKSPACE, office.admin).off) == (
        frozenset({"archive", "reference"}),
        frozenset[str](),
    )
