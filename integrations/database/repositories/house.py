"""What the sweep and retention read over all workspaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.messages import DROP_EVENTS, DUE, ERASE_PAYLOADS, UNHANDLED, DueRows
from integrations.database.repositories.records import Record, Scope
from rules.partings.parting import TicketState
from rules.ports import Due, Jobs, Workspace

WORKSPACE = Record(tables.workspaces, Workspace, "This workspace is not known here. Install Amicable into it first.")

ALL = WORKSPACE.select.order_by(tables.workspaces.c.created_at, tables.workspaces.c.id)
BY_ID = WORKSPACE.select.where(tables.workspaces.c.id == sa.bindparam("workspace"))
LOCKED_BY_ID = BY_ID.with_for_update()
DUE_BY = (
    DUE.select.where(tables.dues.c.due_at <= sa.bindparam("now"))
    .order_by(tables.dues.c.due_at)
    .limit(sa.bindparam("most"))
)
_ticket = tables.tickets.c
HOLDS = sa.select(_ticket.workspace_id).distinct().where(_ticket.ref == sa.bindparam("ref"))
WAITS = sa.select(_ticket.workspace_id).distinct().where(_ticket.state.in_([TicketState.NEW, TicketState.SENDING]))


class HouseRows:
    """`rules.ports.HouseKeeping` in one transaction."""

    def __init__(self, connection: sa.Connection, jobs: Jobs) -> None:
        self._connection = connection
        self.jobs = jobs

    def workspaces(self) -> list[Workspace]:
        return WORKSPACE.many(self._in(""), ALL)

    def find_workspace(self, workspace_id: str) -> Workspace | None:
        return WORKSPACE.first(self._in(workspace_id), BY_ID)

    def add_workspace(self, workspace: Workspace) -> bool:
        return bool(WORKSPACE.add_new(self._in(workspace.id), [workspace]))

    def due(self, now: datetime, limit: int) -> list[Due]:
        return DUE.many(self._in(""), DUE_BY, now=now, most=limit)

    def move(self, due: Due, due_at: datetime | None) -> None:
        rows = DueRows(self._in(due.workspace_id))
        if due_at is None:
            rows.forget(due.kind, due.subject)
        else:
            rows.set(replace(due, due_at=due_at))

    def concerned(self, ref: str, *, is_new: bool) -> list[str]:
        found = self._connection.execute(HOLDS.union(WAITS) if is_new else HOLDS, {"ref": ref})
        return sorted(found.scalars())

    def erase_payloads(self, before: datetime) -> int:
        return self._in("").rows(ERASE_PAYLOADS, before=before).rowcount

    def drop_events(self, before: datetime) -> int:
        return self._in("").rows(DROP_EVENTS, before=before).rowcount

    def unhandled_events(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        found = self._in("").rows(UNHANDLED, before=before, most=limit)
        return [(row.workspace_id, row.event_id) for row in found]

    def _in(self, workspace_id: str) -> Scope:
        return Scope(self._connection, workspace_id)
