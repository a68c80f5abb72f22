"""The workspaces that we serve, and the inbox through which their events come in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.agenda import HANDLE_EVENT, LOOK_FOR_RETURN, event_job, first_dues
from bot.services.audit import record_own
from rules.errors import RefusedError
from rules.ports import Clock, InboxEvent, Units, Workspace
from rules.ports.workplace import Identity

log = structlog.get_logger()

Reduced = Callable[[str, Mapping[str, Any]], Mapping[str, Any] | None]
MESSAGE = "message"
PAYLOADS_KEPT_FOR = timedelta(hours=24)
EVENTS_KEPT_FOR = timedelta(days=7)  # Slack repeats for a day at most (facts/slack.md 2); the ledger knows for ever


class WorkspaceService:
    """Welcomes the workspace of our token and takes its events in."""

    def __init__(
        self,
        units: Units,
        clock: Clock,
        identity: Callable[[], Identity],
        reduced: Reduced,
        timezone: str,
        country: str = "",
    ) -> None:
        """`identity` asks Slack; `reduced` says what may be kept of a message.

        `timezone` counts whenever it changes, and so does `country` (whose holidays count) until an admin has chosen.
        """
        self._units = units
        self._clock = clock
        self._identity = identity
        self._reduced = reduced
        self._timezone = timezone
        self._country = country
        self._welcomed: set[str] = set()

    def welcome(self, workspace_id: str) -> None:
        """Makes sure that the workspace has its row and its due times; others are refused, and one that has left."""
        if workspace_id in self._welcomed:
            return
        known = self.know(workspace_id)
        if known and known.left_at and not self.look_for_return(workspace_id):
            raise RefusedError("Amicable is not installed in your workspace any more. An admin can install it again.")
        self._welcomed.add(workspace_id)

    def know(self, workspace_id: str) -> Workspace | None:
        """The same for events, which may be the last ones; None where the workspace is new."""
        with self._units.house() as house:
            known = house.find_workspace(workspace_id)
        if not known:
            self._settle(workspace_id)
        elif known.timezone != self._timezone:
            self._move_timezone(workspace_id)
        if known and known.country != self._country and not known.country_chosen:
            self._take_country(workspace_id)
        return known

    def _take_country(self, workspace_id: str) -> None:
        """The operator's setting holds until an admin chooses in Slack."""
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), country=self._country))

    def _move_timezone(self, workspace_id: str) -> None:
        """The setting counts whenever it changes. What is due each day moves with its next time."""
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), timezone=self._timezone))
            record_own(unit, self._clock.now(), "timezone changed", workspace_id)

    def leave(self, workspace_id: str) -> None:
        """Slack says that we were removed. It is asked first: such an event may come after the next installation."""
        if self._is_installed(workspace_id):
            return
        self._welcomed.discard(workspace_id)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            if workspace.left_at is None:
                unit.save_workspace(replace(workspace, left_at=now))
                unit.dues.set(LOOK_FOR_RETURN.at(now, workspace_id, workspace_id))
                record_own(unit, now, "workspace left", workspace_id)
                log.warning("workspace_left", workspace=workspace_id, remedy="install Amicable again, then restart it")

    def look_for_return(self, workspace_id: str) -> bool:
        """Whether Slack knows our token again; then whatever waited goes on."""
        if not self._is_installed(workspace_id):
            return False
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            unit.dues.drop(LOOK_FOR_RETURN, workspace_id)
            if workspace.left_at:
                unit.save_workspace(replace(workspace, left_at=None))
                record_own(unit, self._clock.now(), "workspace back", workspace_id)
                log.info("workspace_back", workspace=workspace_id)
        return True

    def _is_installed(self, workspace_id: str) -> bool:
        try:
            return self._identity().workspace_id == workspace_id
        except RefusedError:
            return False

    def accept(self, body: Mapping[str, Any]) -> None:
        """Stores an event and its job in one commit; a repeated `event_id` changes nothing.

        Of messages nothing is stored but what `reduced` lets through: no row, no job and no line in the log otherwise.
        Of a Home that was opened its hash alone is, for its words name clients that may be erased meanwhile.
        """
        workspace_id, kept = _workspace_of(body), body["event"]
        if kept["type"] == MESSAGE:
            kept = self._reduced(workspace_id, kept)
        if kept is None:
            return
        event = InboxEvent(
            event_id=str(body["event_id"]),
            workspace_id=workspace_id,
            type=str(kept["type"]),
            payload=json.dumps(_wordless(kept)),
            received_at=self._clock.now(),
        )
        with self._units.begin(event.workspace_id) as unit:
            if unit.inbox.accept(event):
                unit.jobs.add(HANDLE_EVENT(event.workspace_id, event.event_id, once=event_job(event.event_id)))

    def event(self, workspace_id: str, event_id: str) -> InboxEvent:
        with self._units.read(workspace_id) as unit:
            return unit.inbox.get(event_id)

    def handled(self, workspace_id: str, event_id: str) -> None:
        with self._units.begin(workspace_id) as unit:
            unit.inbox.mark_handled(event_id, self._clock.now())

    def give_up(self, workspace_id: str, event_id: str) -> None:
        """After a day of tries an event is said in the log, by name only, and let go."""
        event = self.event(workspace_id, event_id)
        if event.handled_at is None:
            log.error("event_given_up", event_id=event_id, type=event.type)
            self.handled(workspace_id, event_id)

    def erase_payloads(self) -> int:
        with self._units.house() as house:
            now = self._clock.now()
            house.drop_events(now - EVENTS_KEPT_FOR)
            return house.erase_payloads(now - PAYLOADS_KEPT_FOR)

    def _settle(self, workspace_id: str) -> None:
        identity = self._identity()
        if identity.workspace_id != workspace_id:
            raise RefusedError("Amicable is not installed in your workspace. Ask an admin to install it.")
        now = self._clock.now()
        workspace = Workspace(
            id=workspace_id,
            name=identity.name,
            company_name=identity.name,
            bot_user_id=identity.bot_user_id,
            timezone=self._timezone,
            country=self._country,
            created_at=now,
        )
        # In one commit: a workspace without its due times would never be read, and nobody would notice. Another process
        # may have been quicker, and what was said since then stays.
        with self._units.house() as house:
            if house.add_workspace(workspace):
                for due in first_dues(workspace, now):
                    house.move(due, due.due_at)


def _wordless(event: Mapping[str, Any]) -> Mapping[str, Any]:
    view = event.get("view")
    return {**event, "view": {"hash": view.get("hash")}} if isinstance(view, Mapping) else event


def _workspace_of(body: Mapping[str, Any]) -> str:
    # In a shared channel `team_id` may be the other side's; the authorization is ours (facts/slack.md 6).
    for authorization in body.get("authorizations") or ():
        if authorization.get("team_id"):
            return str(authorization["team_id"])
    return str(body["team_id"])
