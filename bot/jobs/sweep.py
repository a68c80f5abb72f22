"""The sweep: reads what is due and turns it into jobs. A due time moves in the same commit that enqueues its job.

What speaks to Slack may fail for hours. Its due time therefore comes back every few minutes until the job itself has
moved it on, so that no outage and no kill loses a digest or a reminder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog

from bot.agenda import GIVE_UP_EVENT, HANDLE_EVENT, TRIED_AGAIN_AFTER, declared, event_job, event_of
from rules.ports import Clock, Due, DueJob, HouseKeeping, Queue, Units, Workspace

log = structlog.get_logger()

Waiting = Callable[[Queue], Collection[str]]

AT_ONCE = 500
HANDLED_AGAIN_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=24)
ASKED_AGAIN_AFTER = timedelta(hours=24)


class Sweep:
    """Runs every minute, and at once when the sandbox's clock is moved."""

    def __init__(self, units: Units, clock: Clock, waiting: Waiting) -> None:
        """`waiting` gives the ids of the jobs in a queue that nobody has begun yet."""
        self._units = units
        self._clock = clock
        self._waiting = waiting
        self._by_kind = {job.kind: job for job in declared() if isinstance(job, DueJob)}

    def run(self) -> int:
        """Enqueues what is due, earliest first; returns how many jobs it made."""
        now = self._clock.now()
        with self._units.house() as house:
            _give_up(house, now)
            late = house.unhandled_events(now - HANDLED_AGAIN_AFTER, AT_ONCE)
            dues = house.due(now, AT_ONCE)
            workspaces = {each: house.find_workspace(each) for each in {due.workspace_id for due in dues}}
            made = sum(self._hand_out(house, due, workspaces[due.workspace_id], now) for due in dues)
        self._hand_out_again(late, now)
        return made

    def _hand_out(self, house: HouseKeeping, due: Due, workspace: Workspace | None, now: datetime) -> bool:
        """A row that this version does not understand waits for one that does, and holds up no other."""
        job = self._by_kind.get(due.kind)
        if job is None or workspace is None:
            log.warning("due_not_understood", kind=due.kind)
            house.move(due, now + ASKED_AGAIN_AFTER)
            return False
        if job.needs_slack and workspace.left_at:
            house.move(due, now + TRIED_AGAIN_AFTER)
            return False
        # The id names the due time: a sweep that runs twice makes one job.
        moment = due.due_at.isoformat(timespec="seconds")
        once = f"{due.kind}:{due.workspace_id}:{due.subject}:{moment}"
        house.jobs.add(job(due.workspace_id, due.subject, moment, once=once))
        house.move(due, job.again(now, workspace))
        return True

    def _hand_out_again(self, late: Sequence[tuple[str, str]], now: datetime) -> None:
        """Events whose handling failed, once in each slot of time.

        One whose turn has not come yet has not failed: where a thousand wait, a second job of each would double what
        the worker is behind with. The queue is read while no transaction is open here: that takes a connection, too.
        """
        wait_their_turn = {event_of(job_id) for job_id in self._waiting(Queue.EVENTS)} if late else set()
        failed = [(workspace_id, event_id) for workspace_id, event_id in late if event_id not in wait_their_turn]
        slot = int(now.timestamp() // HANDLED_AGAIN_AFTER.total_seconds())
        if failed:
            with self._units.house() as house:
                for workspace_id, event_id in failed:
                    house.jobs.add(HANDLE_EVENT(workspace_id, event_id, once=event_job(event_id, str(slot))))


def _give_up(house: HouseKeeping, now: datetime) -> None:
    """Events that could not be handled for a day."""
    for workspace_id, event_id in house.unhandled_events(now - GIVEN_UP_AFTER, AT_ONCE):
        house.jobs.add(GIVE_UP_EVENT(workspace_id, event_id, once=event_job(event_id, "last")))
