"""The sweep: reads what is due and turns it into jobs. A due time moves in the same commit that enqueues its job.

What speaks to Slack may fail for hours. Its due time therefore comes back every few minutes until the job itself has
moved it on, so that no outage and no kill loses a digest or a reminder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.services.workspaces import READING_AT, RETAINED_AT
from rules.local_days import next_daily
from rules.ports import Clock, Due, HouseKeeping, Job, Units, Workspace

log = structlog.get_logger()

AT_ONCE = 500
TRIED_AGAIN_AFTER = timedelta(minutes=10)
HANDLED_AGAIN_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=24)
ASKED_AGAIN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What happens when something of a kind is due: the job's workflow, and when it is due next (None: never again).

    What `needs_slack` waits while Amicable is removed from the workspace.
    """

    workflow: str
    next_at: Callable[[datetime, Workspace], datetime | None]
    needs_slack: bool = False


def _once(_now: datetime, _workspace: Workspace) -> None:
    return None


def _every(span: timedelta) -> Callable[[datetime, Workspace], datetime]:
    return lambda now, _workspace: now + span


def _daily(now: datetime, workspace: Workspace) -> datetime:
    return next_daily(now, workspace.timezone, READING_AT)


def _nightly(now: datetime, workspace: Workspace) -> datetime:
    return next_daily(now, workspace.timezone, RETAINED_AT)


_until_done = _every(TRIED_AGAIN_AFTER)

HABITS: Mapping[str, Habit] = {
    "reading": Habit(workflow="read_all", next_at=_daily),
    "band": Habit(workflow="read_one", next_at=_once),
    "digest": Habit(workflow="post_digest", next_at=_until_done, needs_slack=True),
    "checkpoint": Habit(workflow="remind_checkpoint", next_at=_until_done),
    "confirmation": Habit(workflow="remind_confirmation", next_at=_until_done),
    "decided": Habit(workflow="tell_decided", next_at=_until_done, needs_slack=True),
    "reactions": Habit(workflow="log_reactions", next_at=_until_done, needs_slack=True),
    "excerpt": Habit(workflow="read_message", next_at=_until_done, needs_slack=True),
    "merged": Habit(workflow="collect_merged", next_at=_once),
    "reply": Habit(workflow="end_window", next_at=_until_done),
    "contract": Habit(workflow="end_contract", next_at=_until_done, needs_slack=True),
    "progress": Habit(workflow="show_progress", next_at=_until_done, needs_slack=True),
    "attention": Habit(workflow="pay_attention", next_at=_until_done, needs_slack=True),
    "receipts": Habit(workflow="send_receipts", next_at=_until_done, needs_slack=True),
    "nudges": Habit(workflow="send_nudges", next_at=_until_done, needs_slack=True),
    "answers": Habit(workflow="take_default_answers", next_at=_until_done),
    "client_receipt": Habit(workflow="take_default_receipt", next_at=_until_done),
    "look_back": Habit(workflow="raise_look_back", next_at=_until_done),
    "people": Habit(workflow="refresh_people", next_at=_every(timedelta(hours=24)), needs_slack=True),
    "payloads": Habit(workflow="erase_payloads", next_at=_every(timedelta(hours=1))),
    "retention": Habit(workflow="retain", next_at=_nightly),
    "erasure": Habit(workflow="erase", next_at=_until_done),
    "return": Habit(workflow="look_for_return", next_at=_every(TRIED_AGAIN_AFTER)),
    "tickets": Habit(workflow="tend_tickets", next_at=_every(timedelta(minutes=10))),
}


class SweepService:
    """Runs every minute, and at once when the sandbox's clock is moved."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def run(self) -> int:
        """Enqueues what is due, earliest first; returns how many jobs it made."""
        now = self._clock.now()
        with self._units.house() as house:
            _hand_out_again(house, now)
            workspaces = {workspace.id: workspace for workspace in house.workspaces()}
            dues = house.due(now, AT_ONCE)
            return sum(_hand_out(house, due, workspaces.get(due.workspace_id), now) for due in dues)


def _hand_out(house: HouseKeeping, due: Due, workspace: Workspace | None, now: datetime) -> bool:
    """A row that this version does not understand waits for one that does, and holds up no other."""
    habit = HABITS.get(due.kind)
    if habit is None or workspace is None:
        log.warning("due_not_understood", kind=due.kind)
        house.move(due, now + ASKED_AGAIN_AFTER)
        return False
    if habit.needs_slack and workspace.left_at:
        house.move(due, now + TRIED_AGAIN_AFTER)
        return False
    house.jobs.add(_job(habit, due))
    house.move(due, habit.next_at(now, workspace))
    return True


def _hand_out_again(house: HouseKeeping, now: datetime) -> None:
    """Events whose handling failed, once in each slot of time; after a day they are let go."""
    slot = int(now.timestamp() // HANDLED_AGAIN_AFTER.total_seconds())
    for workspace_id, event_id in house.unhandled_events(now - HANDLED_AGAIN_AFTER, AT_ONCE):
        house.jobs.add(Job(workflow="handle_event", id=f"event:{event_id}:{slot}", args=(workspace_id, event_id)))
    for workspace_id, event_id in house.unhandled_events(now - GIVEN_UP_AFTER, AT_ONCE):
        house.jobs.add(Job(workflow="give_up_event", id=f"event:{event_id}:last", args=(workspace_id, event_id)))


def _job(habit: Habit, due: Due) -> Job:
    """The id names the due time: a sweep that runs twice makes one job."""
    moment = due.due_at.isoformat(timespec="seconds")
    return Job(
        workflow=habit.workflow,
        id=f"{due.kind}:{due.workspace_id}:{due.subject}:{moment}",
        args=(due.workspace_id, due.subject, moment),
    )
