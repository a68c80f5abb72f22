"""What lists of clients begin with: every client with what is kept of it, and who looks at them; one statement each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.columns import Moment
from integrations.database.repositories import clients
from integrations.database.repositories.house import WORKSPACE
from integrations.database.repositories.people import MEMBER
from integrations.database.repositories.records import Scope, in_workspace
from integrations.database.repositories.signals import STANDING
from rules.clients.client import DEMO_ID, Client
from rules.clients.people import Member
from rules.health.signal import Source
from rules.ports.records import Listed, Workspace

AT_ONCE = 500

_client, _standing, _signal = tables.clients.c, tables.standings.c, tables.signals.c

# By their ids, which never change: while somebody renames a client, none is left out of the next page or comes twice.
_page = (
    clients.RECORD.where(_client.merged_into == "", _client.archived_at.is_(None), _client.id > sa.bindparam("after"))
    .order_by(_client.id)
    .limit(sa.bindparam("most"))
)
_day = sa.case((_signal.logged_on > _signal.happened_on, _signal.logged_on), else_=_signal.happened_on)
_noted = (
    sa.select(
        _signal.client_id,
        sa.func.count().label("notes"),
        sa.func.max(sa.case((_signal.source != Source.SENSOR, _day)), type_=sa.Date).label("heard_on"),
    )
    .where(
        in_workspace(tables.signals),
        _signal.client_id.in_(_page.with_only_columns(_client.id)),
        _signal.happened_at >= sa.bindparam("since", type_=Moment),
    )
    .group_by(_signal.client_id)
    .subquery()
)
_parts = (clients.RECORD.columns, STANDING.columns, WORKSPACE.columns, (_noted.c.notes, _noted.c.heard_on))
LISTED = (
    _page.with_only_columns(*(column for part in _parts for column in part))
    .join(tables.workspaces, tables.workspaces.c.id == _client.workspace_id)
    .outerjoin(
        tables.standings,
        sa.and_(_standing.workspace_id == _client.workspace_id, _standing.client_id == _client.id),
    )
    .outerjoin(_noted, _noted.c.client_id == _client.id)
)
_ends = (*accumulate(len(part) for part in _parts),)
CLIENT, KEPT, HOUSE, NOTED = (slice(start, end) for start, end in pairwise((0, *_ends)))

_here = in_workspace(tables.clients), _client.merged_into == "", _client.archived_at.is_(None), _client.id != DEMO_ID
READER = (
    sa.select(*MEMBER.columns, *clients.RECORD.columns)
    .outerjoin(tables.clients, sa.and_(*_here))
    .where(in_workspace(tables.members), tables.members.c.id == sa.bindparam("member"))
)


def pages(scope: Scope, since: datetime) -> Iterator[tuple[list[Listed], Workspace]]:
    """Each with the workspace; none where there is no client."""
    after, more = "", True
    while more:
        rows = scope.rows(LISTED, since=since, after=after, most=AT_ONCE).all()
        if rows:
            found = [_listed(row) for row in rows]
            yield [each for each in found if each.client.erased_at is None], WORKSPACE.load(rows[0][HOUSE])
            after = found[-1].client.id
        more = len(rows) == AT_ONCE


def _listed(row: sa.Row[Any]) -> Listed:
    notes, heard_on = row[NOTED]
    return Listed(
        client=clients.RECORD.load(row[CLIENT]),
        standing=STANDING.load(row[KEPT]) if row[KEPT][0] else None,
        has_notes=bool(notes),
        heard_on=heard_on,
    )


def reader(scope: Scope, member_id: str) -> tuple[Member | None, list[Client]]:
    rows = scope.rows(READER, member=member_id).all()
    end = len(MEMBER.columns)
    known = (clients.RECORD.load(row[end:]) for row in rows if row[end])
    return (MEMBER.load(rows[0][:end]) if rows else None), [each for each in known if each.erased_at is None]
