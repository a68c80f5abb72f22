"""What is due gets its job whatever else is in the table, and a workspace never lacks its due times."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.agenda import HANDLE_EVENT, READ_ALL, event_job, event_of
from bot.jobs.sweep import Sweep
from bot.services.workspaces import WorkspaceService
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.client import EngineClient
from rules.nudges.first_hour import Guide
from rules.ports import Due, HouseKeeping, InboxEvent, Queue, UnitOfWork, Units, Workspace
from rules.ports.workplace import Identity
from tests.clocks import StandingClock

if TYPE_CHECKING:
    from tests.conftest import RecordedJobs

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class DiesAfterTheFirstCommit:
    """Units of a process that is killed once it has committed one."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def house(self) -> AbstractContextManager[HouseKeeping]:
        return self._units.house()

    def begin(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        raise KeyboardInterrupt(workspace_id)

    def read(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        return self._units.read(workspace_id)

    def scrub(self) -> None:
        self._units.scrub()


def test_a_due_time_that_nobody_understands_holds_up_no_other(units: Units, jobs: RecordedJobs) -> None:
    """A row of a newer version, or of a workspace that is gone, waits; everything else gets its job."""
    with units.house() as house:
        house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=MONDAY))
        for workspace_id, kind in ((WORKSPACE, "of-tomorrow"), ("TGONE", "reading"), (WORKSPACE, "reading")):
            due_at = MONDAY - timedelta(hours=1)
            house.move(Due(workspace_id=workspace_id, kind=kind, subject=workspace_id, due_at=due_at), due_at)

    made = Sweep(units, StandingClock(MONDAY), lambda _queue: ()).run()

    assert (made, [job.name for job in jobs.added]) == (1, ["read_all"])
    with units.house() as house:
        assert house.due(MONDAY, 10) == []
        assert len(house.due(MONDAY + timedelta(days=2), 10)) == 3


def test_an_event_that_still_waits_its_turn_is_handed_out_no_second_time(engine: sa.Engine) -> None:
    """A worker that is minutes behind would get further behind with each sweep; what failed comes again."""
    client = EngineClient(engine)
    units = SqlUnits(engine, client)
    with units.begin(WORKSPACE) as unit:
        for event_id in ("EvWaits", "EvFailed"):
            unit.inbox.accept(
                InboxEvent(event_id=event_id, workspace_id=WORKSPACE, type="x", payload="{}", received_at=MONDAY)
            )
    client.enqueue_now(HANDLE_EVENT(WORKSPACE, "EvWaits", once=event_job("EvWaits")))
    later = MONDAY + timedelta(minutes=3)

    for now in (later, later, later + timedelta(minutes=2)):
        Sweep(units, StandingClock(now), client.waiting).run()
    waiting = Counter(event_of(job_id) for job_id in client.waiting(Queue.EVENTS))
    client.close()

    assert waiting == {"EvWaits": 1, "EvFailed": 1}


def test_a_process_killed_while_it_meets_the_workspace_leaves_nothing_half_done(units: Units) -> None:
    """Without due times there would be no readings, no reminders and no erasure for ever."""
    dying = DiesAfterTheFirstCommit(units)
    identity = Identity(workspace_id=WORKSPACE, name="Agency", bot_user_id="UBOT")

    WorkspaceService(dying, StandingClock(MONDAY), lambda: identity, lambda _workspace_id, _event: None, "UTC").welcome(
        WORKSPACE
    )

    with units.house() as house:
        kinds = {due.kind for due in house.due(MONDAY + timedelta(days=2), 10)}
    assert kinds == {"reading", "people", "payloads", "retention", "tickets"}


def test_whoever_meets_the_workspace_second_takes_back_nothing(units: Units) -> None:
    """Web and worker meet it at the same time: what was said between their two looks stays, and what was due, too."""
    identity = Identity(workspace_id=WORKSPACE, name="Agency", bot_user_id="UBOT")

    def quicker() -> Identity:
        """Slack's answer to the second one comes when the first one is done, and somebody has been led."""
        WorkspaceService(units, StandingClock(MONDAY), lambda: identity, keep, "UTC").welcome(WORKSPACE)
        with units.begin(WORKSPACE) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), guide=Guide(person_id="UAMIR")))
            unit.dues.drop(READ_ALL, WORKSPACE)
        return identity

    WorkspaceService(units, StandingClock(MONDAY), quicker, keep, "UTC").welcome(WORKSPACE)

    with units.read(WORKSPACE) as unit:
        guide = unit.workspace().guide
    with units.house() as house:
        kinds = {due.kind for due in house.due(MONDAY + timedelta(days=2), 10)}
    assert (guide, READ_ALL.kind in kinds) == (Guide(person_id="UAMIR"), False)


def keep(_workspace_id: str, _event: object) -> None:
    return None
