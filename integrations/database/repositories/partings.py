"""Partings, their tickets and their letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.notices.notice import Notice
from rules.partings.parting import Parting, Ticket, TicketState

PARTING = Record(tables.partings, Parting, "This parting is not here any more.")
TICKET = Record(tables.tickets, Ticket, "This task is not here any more.")
NOTICE = Record(tables.notices, Notice, "This letter is not here any more.")

_parting = tables.partings.c
_ticket = tables.tickets.c
_notice = tables.notices.c

PARTINGS = PARTING.where().order_by(_parting.created_at, _parting.id)
PARTING_OF_CLIENT = (
    PARTING.where(_parting.client_id == sa.bindparam("client"))
    .order_by(_parting.created_at.desc(), _parting.id.desc())
    .limit(1)
)
TICKETS = TICKET.where(_ticket.parting_id == sa.bindparam("parting")).order_by(
    _ticket.parent_id != "", _ticket.due_on.nulls_last(), _ticket.task_code, _ticket.id
)
UNFINISHED = TICKET.where(
    _ticket.state.in_([TicketState.NEW, TicketState.SENDING]),
    sa.func.coalesce(_ticket.look_at, _ticket.updated_at) < sa.bindparam("before", type_=_ticket.updated_at.type),
).order_by(_ticket.updated_at, _ticket.id)
KNOWN = TICKET.where(
    sa.or_(sa.and_(_ticket.ref == sa.bindparam("ref"), _ticket.ref != ""), _ticket.marker == sa.bindparam("marker"))
)
NOTICE_OF_PARTING = (
    NOTICE.where(_notice.parting_id == sa.bindparam("parting"))
    .order_by(_notice.drafted_at.desc(), _notice.id.desc())
    .limit(1)
)


class PartingRows:
    """A parting's tickets come with the parent first, then by due date."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, parting: Parting) -> None:
        PARTING.put(self._scope, parting)

    def get(self, parting_id: str) -> Parting:
        return PARTING.get(self._scope, id=parting_id)

    def lock(self, parting_id: str) -> Parting:
        return PARTING.get(self._scope, lock=True, id=parting_id)

    def of_client(self, client_id: str) -> Parting | None:
        """The newest."""
        return PARTING.first(self._scope, PARTING_OF_CLIENT, client=client_id)

    def all(self) -> list[Parting]:
        return PARTING.many(self._scope, PARTINGS)

    def add_tickets(self, tickets: Sequence[Ticket]) -> None:
        """Those that are there already stay as they are: a step may run twice."""
        TICKET.add_new(self._scope, tickets)

    def save_ticket(self, ticket: Ticket) -> None:
        TICKET.put(self._scope, ticket)

    def ticket(self, ticket_id: str) -> Ticket:
        return TICKET.get(self._scope, id=ticket_id)

    def lock_ticket(self, ticket_id: str) -> Ticket:
        return TICKET.get(self._scope, lock=True, id=ticket_id)

    def tickets(self, parting_id: str) -> list[Ticket]:
        return TICKET.many(self._scope, TICKETS, parting=parting_id)

    def known_tickets(self, *, ref: str = "", marker: str = "") -> list[Ticket]:
        return TICKET.many(self._scope, KNOWN, ref=ref, marker=marker)

    def unfinished_tickets(self, look_before: datetime) -> list[Ticket]:
        return TICKET.many(self._scope, UNFINISHED, before=look_before)


class NoticeRows:
    """A parting has one letter; its newest version counts."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, notice: Notice) -> None:
        NOTICE.put(self._scope, notice)

    def get(self, notice_id: str) -> Notice:
        return NOTICE.get(self._scope, id=notice_id)

    def of_parting(self, parting_id: str) -> Notice | None:
        return NOTICE.first(self._scope, NOTICE_OF_PARTING, parting=parting_id)
