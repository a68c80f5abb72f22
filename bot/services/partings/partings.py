"""Partings: the last day, the talk, the tasks and their opening, until everything is handed over (WU, HO)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.access import require_decider, seen_client
from bot.services.audit import record
from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.notices import follow_letter
from bot.services.partings.overtaken import require_as_seen
from bot.services.partings.planning import UNDER_WAY, agreed, moment
from bot.services.partings.reminders import raise_overdue
from bot.services.partings.sheets import PartingSheet, draw, facts_of, may_see
from bot.services.partings.tasks.items import new_item_code, settle_items
from bot.services.partings.tasks.previews import PreviewService, locked_under_way, moved, tracker_for
from bot.services.partings.tickets import dispatch
from bot.services.partings.times import contract_of
from rules.clients.client import Client
from rules.clients.people import Member
from rules.decisions.decision import Decision
from rules.errors import ConflictError, NotFoundError
from rules.local_days import local_day
from rules.partings import ticket_opening as opening
from rules.partings import ticket_progress
from rules.partings.parting import Parting, PartingState, Preview, TaskState, Ticket, TicketState, stamped
from rules.partings.preview import require_under_way
from rules.partings.tasks import propose
from rules.partings.terms import (
    Talk,
    Terms,
    first_last_day,
    last_touched,
    on_terms,
    require_good_talk,
    seen_terms,
    stated,
    terms_in_words,
)
from rules.partings.ticket_syncing import deleted_there
from rules.ports import Clock, Tracker, UnitOfWork, Units
from rules.sentences import Sentence

STOPPED_REASON = "A new fact reopened the decision."


class PartingService:
    """Everything after the decision but the wire (`tickets`) and the letter (`notices`)."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker], previews: PreviewService) -> None:
        """`trackers` by name, the preferred one first; the last one is always there."""
        self._units = units
        self._clock = clock
        self._trackers = trackers
        self._previews = previews

    def begin(self, unit: UnitOfWork, decision: Decision, client: Client, by: str, now: datetime) -> Parting:
        """The parting of a confirmed decision, stored in the decision's own transaction."""
        today = local_day(now, unit.workspace().timezone)
        last, said = first_last_day(decision, contract_of(unit, client), today), stated(decision)
        parting = Parting(
            id=f"pt-{secrets.token_hex(8)}",
            workspace_id=unit.workspace_id,
            client_id=client.id,
            decision_id=decision.id,
            origin=decision.origin,
            held_on=decision.told_us_on,
            last_day=last.day,
            last_day_arithmetic=(*last.arithmetic, *last.notes),
            nothing_to_finish=said.nothing_to_finish,
            amounts_owed=said.amounts_owed,
            preview=Preview(revision=1, tracker=tracker_for(unit, client, self._trackers), tasks=()),
            created_at=now,
            created_by=by,
        )
        tasks = propose(facts_of(unit, client, parting, today))
        parting = replace(parting, preview=replace(parting.preview, tasks=tasks))
        unit.partings.save(parting)
        return parting

    def stop(self, unit: UnitOfWork, decision: Decision) -> tuple[Ticket, ...]:
        """A new fact reopens the decision (DC04): nothing more is opened. Gives the tickets that are open already."""
        parting = unit.partings.of_client(decision.client_id)
        if parting is None or parting.decision_id != decision.id:
            return ()
        stopped = replace(unit.partings.lock(parting.id), state=PartingState.STOPPED)
        unit.partings.save(stopped)
        tickets = unit.partings.tickets(parting.id)
        if tickets:
            dispatch.show(unit, stopped, self._clock.real())
        return tuple(ticket for ticket in tickets if ticket.state is TicketState.OPENED)

    # --- looking ---------------------------------------------------------------------------------------------------

    def of_client(self, workspace_id: str, reader: Member, client_id: str) -> PartingSheet:
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            parting = unit.partings.of_client(client.id)
            if parting is None or parting.state is PartingState.STOPPED or not may_see(reader, client, parting):
                raise NotFoundError(
                    Sentence(
                        "There is no parting from {name}. Open the client to see where things stand.", name=client.name
                    )
                )
            return self._sheet(unit, reader, client, parting)

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> PartingSheet:
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            if not may_see(reader, client, parting):
                raise NotFoundError(
                    Sentence(
                        "There is no parting from {name}. Open the client to see where things stand.", name=client.name
                    )
                )
            return self._sheet(unit, reader, client, parting)

    def progress(self, workspace_id: str, parting_id: str) -> PartingSheet:
        """For the progress message, which goes only where those are who may see it."""
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            return self._sheet(unit, None, unit.clients.get(parting.client_id), parting)

    def remind_overdue(self, workspace_id: str, parting_id: str) -> int:
        """WU08: what is overdue reaches somebody, once; returns how many words that were, told before or not."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            today = local_day(now, unit.workspace().timezone)
            late = ticket_progress.overdue(unit.partings.tickets(parting_id), today)
        if not late or parting.state not in UNDER_WAY:
            return 0
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.get(parting.client_id)
            return raise_overdue(unit, client, unit.partings.lock(parting_id), today, now)

    # --- acting ----------------------------------------------------------------------------------------------------

    def told(self, workspace_id: str, actor: Member, parting_id: str, talk: Talk) -> PartingSheet:
        """The conversation was held: from now on the parting may be seen, and every task may open."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = locked_under_way(unit, actor, parting_id)
            today = local_day(now, unit.workspace().timezone)
            require_good_talk(parting, talk, today)
            held = replace(parting, told_at=now, told_by=talk.by, held_on=talk.held_on)
            before = letter_facts(unit, client, parting)
            told = agreed(unit, client, held, talk, moment(unit, self._clock, actor.id))
            unit.partings.save(told)
            follow_letter(unit, before, client, told)
            client = moved(unit, client, told, now)
            if told.state is not PartingState.PREPARING:
                dispatch.start(unit, told, self._clock.real())
                dispatch.settle(unit, told, self._clock.real())
            record(
                unit,
                actor,
                now,
                "client told",
                parting_id,
                Sentence("held on {held_on}, by {by}", held_on=talk.held_on, by=talk.by),
            )
            return self._sheet(unit, actor, client, told)

    def set_terms(self, workspace_id: str, actor: Member, parting_id: str, terms: Terms) -> PartingSheet:
        """What is finished, owed and recommended; tasks, days and the letter follow."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = locked_under_way(unit, actor, parting_id)
            today = local_day(now, unit.workspace().timezone)
            reads = terms_in_words(parting)
            require_as_seen(unit, last_touched(parting), seen_terms(parting), terms.seen, reads, "amounts_owed")
            wished = on_terms(parting, terms, today, actor.id, new_item_code)
            wished = replace(wished, work_stamp=stamped(parting.work_stamp, actor.id, now))
            at = moment(unit, self._clock, actor.id)
            settled = settle_items(unit, client, parting, wished, at, close_opened=False)
            record(unit, actor, now, "terms set", parting_id)
            return self._sheet(unit, actor, client, settled)

    def task_done(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """Ticked in Slack, by anybody who may see the parting; access is removed last."""
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            ticket_progress.require_turn(ticket, unit.partings.tickets(parting.id))
            return self._marked(
                unit, actor, client, parting, ticket_progress.mark(ticket, TaskState.DONE, self._clock.real())
            )

    def waive(self, workspace_id: str, actor: Member, ticket_id: str, reason: str) -> PartingSheet:
        """HO11: a commitment is given up for a reason only, by those who decide."""
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            require_decider(actor, client)
            record(unit, actor, self._clock.now(), "task waived", ticket_id)
            return self._marked(unit, actor, client, parting, ticket_progress.waive(ticket, reason, self._clock.real()))

    def try_again(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """Sends a refused ticket again, with all that met the same; a parked one takes along all that waited with it.

        Where what holds the tasks together was deleted it is made anew first.
        What a tracker would not take over of an open ticket is told to it again.
        """
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_ticket(unit, actor, ticket_id)
            now = self._clock.real()
            if ticket.trouble:
                asked = replace(ticket, updated_at=now)
                unit.partings.save_ticket(asked)
                dispatch.push(unit, asked)
                return self._sheet(unit, actor, client, parting)
            parent, *_ = tickets = unit.partings.tickets(parting.id)
            if ticket.parent_id and parent.task_state is TaskState.GONE:
                dispatch.enqueue(unit, opening.once_more(unit.partings.lock_ticket(parent.id), now), now)
                record(unit, actor, self._clock.now(), "ticket opened again", parent.id)
            for each in [ticket, *(each for each in tickets if opening.met_the_same(each, ticket))]:
                dispatch.enqueue(unit, opening.try_again(unit.partings.lock_ticket(each.id), now), now)
            dispatch.settle(unit, parting, now)
            return self._sheet(unit, actor, client, parting)

    def parting_of(self, workspace_id: str, ticket_id: str) -> str:
        with self._units.read(workspace_id) as unit:
            return unit.partings.ticket(ticket_id).parting_id

    def open_again(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """A new ticket for one that somebody deleted in the tracker: only a person decides that."""
        parting_id = self.parting_of(workspace_id, ticket_id)
        self._previews.require_confirmed(workspace_id, actor, parting_id)
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            now = self._clock.real()
            dispatch.enqueue(unit, opening.once_more(ticket, now), now)
            dispatch.settle(unit, parting, now)
            record(unit, actor, self._clock.now(), "ticket opened again", ticket_id)
            return self._sheet(unit, actor, client, parting)

    def deleted_there(self, workspace_id: str, actor: Member, parting_id: str) -> PartingSheet:
        """A person knows what no look can prove while our account sees nothing: these tickets were deleted."""
        with self._units.begin(workspace_id) as unit:
            client, parting = locked_under_way(unit, actor, parting_id)
            now = self._clock.real()
            for ticket in unit.partings.tickets(parting_id):
                unit.partings.save_ticket(deleted_there(unit.partings.lock_ticket(ticket.id), now))
            dispatch.settle(unit, parting, now)
            record(unit, actor, self._clock.now(), "tickets deleted there", parting_id)
            return self._sheet(unit, actor, client, parting)

    def close_stopped(self, workspace_id: str, actor: Member, parting_id: str) -> tuple[Client, int]:
        """Closes in their tracker what a stopped parting has left open; gives how many tickets that are."""
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(unit.partings.get(parting_id).client_id)
            require_decider(actor, client)
            parting = unit.partings.lock(parting_id)
            if parting.state is not PartingState.STOPPED:
                raise ConflictError("This parting goes on. Waive its tasks one by one instead.")
            now = self._clock.real()
            left = [
                ticket
                for ticket in unit.partings.tickets(parting_id)
                if ticket.state is TicketState.OPENED and ticket.task_state not in ticket_progress.FINISHED
            ]
            for ticket in left:
                closed = ticket_progress.waive(unit.partings.lock_ticket(ticket.id), STOPPED_REASON, now)
                unit.partings.save_ticket(closed)
                dispatch.push(unit, closed)
            dispatch.show(unit, parting, now)
            record(
                unit,
                actor,
                self._clock.now(),
                "stopped tickets closed",
                parting_id,
                Sentence("{count} ticket", "{count} tickets", count=len(left)),
            )
            return client, len(left)

    # --- parts -----------------------------------------------------------------------------------------------------

    def _sheet(self, unit: UnitOfWork, reader: Member | None, client: Client, parting: Parting) -> PartingSheet:
        return draw(
            unit, reader, client, parting, self._trackers, local_day(self._clock.now(), unit.workspace().timezone)
        )

    def _marked(
        self, unit: UnitOfWork, actor: Member, client: Client, parting: Parting, ticket: Ticket
    ) -> PartingSheet:
        unit.partings.save_ticket(ticket)
        dispatch.push(unit, ticket)
        dispatch.settle(unit, parting, self._clock.real())
        return self._sheet(unit, actor, client, unit.partings.get(parting.id))


def _locked_ticket(unit: UnitOfWork, actor: Member, ticket_id: str) -> tuple[Client, Parting, Ticket]:
    parting = unit.partings.lock(unit.partings.ticket(ticket_id).parting_id)
    client = unit.clients.get(parting.client_id)
    if not may_see(actor, client, parting):
        raise NotFoundError("This task is not here any more. Please open the tasks again.")
    require_under_way(client, parting)
    return client, parting, unit.partings.lock_ticket(ticket_id)


def _locked_task(unit: UnitOfWork, actor: Member, ticket_id: str) -> tuple[Client, Parting, Ticket]:
    client, parting, ticket = _locked_ticket(unit, actor, ticket_id)
    if not ticket.parent_id:
        raise ConflictError("This holds the tasks together. Finish those, and it is finished too.")
    return client, parting, ticket
