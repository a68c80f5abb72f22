"""Partings: the last day, the talk, the tasks and their opening, until everything is handed over (WU, HO)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.access import may_decide, require_admin, require_decider, require_ours, seen_client
from bot.ids import Action
from bot.services.audit import record
from bot.services.dates import local_day
from bot.services.exits import dispatch
from bot.services.exits.audience import answers_for, destination_problem, keys, strangers, team_of, unanswered
from bot.services.exits.items import Moment, new_item_code, new_ticket_id, settle_items
from bot.services.exits.sheets import Audience, PartingSheet, draw, facts_of, may_see, wanted
from bot.services.exits.terms import Choice, Talk, Terms, agreed, first_last_day, on_terms, require_good_talk
from bot.services.waiting import Waiting
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage, move
from rules.decisions.decision import Decision
from rules.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from rules.exits import closing, opening
from rules.exits.parting import ExitState, Parting, Preview, TaskState, Ticket, TicketState
from rules.exits.tasks import propose
from rules.ports import Clock, Tracker, UnitOfWork, Units


class PartingService:
    """Everything after the decision but the wire (`tickets`) and the letter (`notices`)."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker]) -> None:
        """`trackers` by name, in the order in which they are offered."""
        self._units = units
        self._clock = clock
        self._trackers = trackers

    def begin(self, unit: UnitOfWork, decision: Decision, client: Client, by: str, now: datetime) -> Parting:
        """The parting of a confirmed decision, stored in the decision's own transaction."""
        today = local_day(now, unit.workspace().timezone)
        last = first_last_day(decision, client, today)
        parting = Parting(
            id=f"pt-{secrets.token_hex(8)}",
            workspace_id=unit.workspace_id,
            client_id=client.id,
            decision_id=decision.id,
            origin=decision.origin,
            last_day=last.day,
            last_day_arithmetic=(*last.arithmetic, *last.notes),
            preview=Preview(
                revision=1,
                tracker=self._tracker_for(unit),
                tasks=propose(facts_of(unit, client, last.day, today)),
            ),
            created_at=now,
            created_by=by,
        )
        unit.partings.save(parting)
        return parting

    # --- looking ---------------------------------------------------------------------------------------------------

    def of_client(self, workspace_id: str, reader: Member, client_id: str) -> PartingSheet:
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            parting = unit.partings.of_client(client_id)
            if parting is None or parting.state is ExitState.STOPPED or not may_see(reader, client, parting):
                raise NotFoundError(f"There is no parting from {client.name}.")
            return self._sheet(unit, reader, client, parting)

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> PartingSheet:
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            if not may_see(reader, client, parting):
                raise NotFoundError(f"There is no parting from {client.name}.")
            return self._sheet(unit, reader, client, parting)

    def progress(self, workspace_id: str, parting_id: str) -> PartingSheet:
        """For the progress message, which goes only where those are who may see it."""
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            return self._sheet(unit, None, unit.clients.get(parting.client_id), parting)

    def audience(self, workspace_id: str, actor: Member, parting_id: str) -> Audience:
        """Asks the tracker who would see the tickets."""
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            require_decider(actor, client)
            workspace, team = unit.workspace(), team_of(unit)
        tracker = self._tracker(parting.preview.tracker)
        destination = tracker.destination()
        return Audience(
            client=client,
            parting=parting,
            tracker_label=tracker.label,
            destination=destination,
            problem=destination_problem(destination, workspace, team),
            may_confirm=actor.is_admin and not destination.problem,
            strangers=strangers(destination, team),
            answers=answers_for(workspace, parting.preview.tracker),
        )

    def waiting(self, unit: UnitOfWork, member: Member, now: datetime) -> list[Waiting]:
        """What a parting wants from this person: the talk, the opening, a ticket that is stuck, the end."""
        today = local_day(now, unit.workspace().timezone)
        found = []
        for parting in unit.partings.all():
            client = unit.clients.get(parting.client_id)
            what = wanted(parting, unit.partings.tickets(parting.id), today) if may_decide(member, client) else ""
            if what:
                found.append(
                    Waiting(
                        client_id=client.id, client_name=client.name, what=what, action=Action.PARTING, value=client.id
                    )
                )
        return found

    # --- acting ----------------------------------------------------------------------------------------------------

    def told(self, workspace_id: str, actor: Member, parting_id: str, talk: Talk) -> PartingSheet:
        """The conversation was held: from now on the parting may be seen, and every task may open."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = self._locked(unit, actor, parting_id)
            today = local_day(now, unit.workspace().timezone)
            require_good_talk(parting, talk, today)
            told = replace(agreed(unit, client, parting, talk, today, self._clock.real()), told_at=now, told_by=talk.by)
            unit.partings.save(told)
            client = _moved(unit, client, told, now)
            if told.state is not ExitState.PREPARING:
                dispatch.start(unit, told, self._clock.real())
                dispatch.settle(unit, told, self._clock.real())
            record(unit, actor, now, "client told", parting_id, f"held on {talk.held_on}, by {talk.by}")
            return self._sheet(unit, actor, client, told)

    def set_terms(self, workspace_id: str, actor: Member, parting_id: str, terms: Terms) -> PartingSheet:
        """What is finished, owed and recommended; tasks, days and the letter follow."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = self._locked(unit, actor, parting_id)
            today = local_day(now, unit.workspace().timezone)
            wished = on_terms(parting, terms, today, actor.id, new_item_code)
            at = Moment(today=today, real=self._clock.real())
            settled = settle_items(unit, client, parting, wished, at, close_opened=False)
            record(unit, actor, now, "terms set", parting_id)
            return self._sheet(unit, actor, client, settled)

    def revise(self, workspace_id: str, actor: Member, parting_id: str, revision: int, choice: Choice) -> PartingSheet:
        """A new revision of the preview, unless somebody made one since `revision` was drawn."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = self._locked(unit, actor, parting_id)
            _require_revision(parting, revision)
            if choice.tracker not in self._trackers:
                raise InvalidError("Choose where the tasks go.", {"tracker": "This tracker is not set up (any more)."})
            tasks = tuple(
                replace(task, ticked=task.code in choice.ticked, owner_id=choice.owners.get(task.code) or task.owner_id)
                for task in parting.preview.tasks
            )
            preview = Preview(revision=revision + 1, tracker=choice.tracker, tasks=tasks)
            revised = replace(parting, preview=preview)
            unit.partings.save(revised)
            record(unit, actor, now, "tasks chosen", parting_id, f"revision {preview.revision}")
            return self._sheet(unit, actor, client, revised)

    def confirm_destination(
        self, workspace_id: str, admin: Member, destination_id: str, people: Sequence[str] = ()
    ) -> None:
        """An admin has looked at who sees the tickets there, these strangers too, and stands for it."""
        require_ours(admin)
        require_admin(admin)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            confirmed = dict.fromkeys((*workspace.destinations_confirmed, *keys(destination_id, people)))
            unit.save_workspace(replace(workspace, destinations_confirmed=tuple(confirmed)))
            record(unit, admin, now, "destination confirmed", destination_id, f"{len(people)} strangers")

    def answer_fields(self, workspace_id: str, admin: Member, parting_id: str, answers: Mapping[str, str]) -> None:
        """What each ticket says in the fields that the tracker requires; asked once for all partings."""
        require_ours(admin)
        require_admin(admin)
        with self._units.begin(workspace_id) as unit:
            workspace, tracker = unit.lock_workspace(), unit.partings.get(parting_id).preview.tracker
            said = {f"{tracker}/{field_id}": answer.strip() for field_id, answer in answers.items() if answer.strip()}
            unit.save_workspace(replace(workspace, tracker_answers={**workspace.tracker_answers, **said}))
            record(unit, admin, self._clock.now(), "tracker fields answered", tracker, ", ".join(sorted(answers)))

    def open(self, workspace_id: str, actor: Member, parting_id: str, revision: int) -> PartingSheet:
        """Opens exactly this revision: its tickets, the new stage and the first job are one commit (BR07, BR08).

        A second click on the same revision finds it opened and changes nothing.
        """
        self._require_confirmed(workspace_id, actor, parting_id)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = self._locked(unit, actor, parting_id)
            if parting.opened_revision == revision:
                return self._sheet(unit, actor, client, parting)
            _require_revision(parting, revision)
            if not any(task.ticked for task in parting.preview.tasks):
                raise InvalidError("Tick at least one task first.")
            real = self._clock.real()
            language = unit.workspace().tasks_language
            tickets = opening.new_tickets(parting, parting.preview, client.name, real, new_ticket_id, language)
            opened = replace(parting, state=ExitState.OPENING, opened_revision=revision)
            unit.partings.add_tickets(tickets)
            unit.partings.save(opened)
            client = _moved(unit, client, opened, now)
            dispatch.start(unit, opened, real)
            dispatch.settle(unit, opened, real)
            record(unit, actor, now, "tickets opened", parting_id, f"revision {revision}, {len(tickets)} tickets")
            return self._sheet(unit, actor, client, opened)

    def task_done(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """Ticked in Slack, by anybody who may see the parting."""
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            return self._marked(unit, actor, client, parting, closing.mark(ticket, TaskState.DONE, self._clock.real()))

    def waive(self, workspace_id: str, actor: Member, ticket_id: str, reason: str) -> PartingSheet:
        """HO11: a commitment is given up for a reason only, by those who decide."""
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            require_decider(actor, client)
            record(unit, actor, self._clock.now(), "task waived", ticket_id)
            return self._marked(unit, actor, client, parting, closing.waive(ticket, reason, self._clock.real()))

    def try_again(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """Sends a refused ticket again; a parked one takes along all that waited with it.

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
            again = [ticket]
            if ticket.state is TicketState.PARKED:
                again = [each for each in unit.partings.tickets(parting.id) if each.state is TicketState.PARKED]
            for each in again:
                dispatch.enqueue(unit, opening.try_again(unit.partings.lock_ticket(each.id), now), now)
            dispatch.settle(unit, parting, now)
            return self._sheet(unit, actor, client, parting)

    def open_again(self, workspace_id: str, actor: Member, ticket_id: str) -> PartingSheet:
        """A new ticket for one that somebody deleted in the tracker: only a person decides that."""
        with self._units.read(workspace_id) as unit:
            parting_id = unit.partings.ticket(ticket_id).parting_id
        self._require_confirmed(workspace_id, actor, parting_id, again=True)
        with self._units.begin(workspace_id) as unit:
            client, parting, ticket = _locked_task(unit, actor, ticket_id)
            now = self._clock.real()
            dispatch.enqueue(unit, opening.once_more(ticket, now), now)
            dispatch.settle(unit, parting, now)
            record(unit, actor, self._clock.now(), "ticket opened again", ticket_id)
            return self._sheet(unit, actor, client, parting)

    def close(self, workspace_id: str, actor: Member, parting_id: str) -> PartingSheet:
        """HO11: only when each task is done or waived."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = self._locked(unit, actor, parting_id)
            closed = closing.close(parting, unit.partings.tickets(parting_id), now)
            if client.stage is not Stage.HANDING_OFF:
                raise ConflictError(f"Record first that {client.name} was told. Then this can be closed.")
            unit.partings.save(closed)
            client = replace(client, stage=move(client.stage, Stage.CLOSED, now=now), stage_since=now)
            unit.clients.save(client)
            dispatch.settle(unit, closed, self._clock.real())
            record(unit, actor, now, "parting closed", parting_id)
            return self._sheet(unit, actor, client, closed)

    # --- parts -----------------------------------------------------------------------------------------------------

    def _locked(self, unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
        """Always the client before the parting, and the parting before its tickets."""
        require_ours(actor)
        client = unit.clients.lock(unit.partings.get(parting_id).client_id)
        require_decider(actor, client)
        parting = unit.partings.lock(parting_id)
        _require_under_way(client, parting)
        return client, parting

    def _marked(
        self, unit: UnitOfWork, actor: Member, client: Client, parting: Parting, ticket: Ticket
    ) -> PartingSheet:
        unit.partings.save_ticket(ticket)
        dispatch.push(unit, ticket)
        dispatch.settle(unit, parting, self._clock.real())
        return self._sheet(unit, actor, client, unit.partings.get(parting.id))

    def _require_confirmed(self, workspace_id: str, actor: Member, parting_id: str, *, again: bool = False) -> None:
        """Asked anew before each opening, outside of the transaction: it goes over the wire (BR14).

        Nobody but those who may open sets anything going there, or learns who can see the tracker.
        """
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            _admit(actor, unit.clients.get(parting.client_id), parting, again=again)
            workspace, team = unit.workspace(), team_of(unit)
        if parting.state is ExitState.PREPARING or again:
            destination = self._tracker(parting.preview.tracker).destination()
            problem = destination_problem(destination, workspace, team)
            problem = problem or unanswered(destination, workspace, parting.preview.tracker)
            if problem:
                raise RefusedError(problem)

    def _tracker_for(self, unit: UnitOfWork) -> str:
        wished = unit.workspace().tracker
        return wished if wished in self._trackers else next(iter(self._trackers))

    def _tracker(self, name: str) -> Tracker:
        if name not in self._trackers:
            raise RefusedError(f"{name.capitalize()} is not set up any more. Choose another place for the tasks.")
        return self._trackers[name]

    def _sheet(self, unit: UnitOfWork, reader: Member | None, client: Client, parting: Parting) -> PartingSheet:
        today = local_day(self._clock.now(), unit.workspace().timezone)
        return draw(unit, reader, client, parting, self._trackers, today)


def _admit(actor: Member, client: Client, parting: Parting, *, again: bool) -> None:
    """A first opening is for those who decide; a deleted ticket is opened again by whoever may see the parting."""
    if not again:
        require_ours(actor)
        require_decider(actor, client)
    elif not may_see(actor, client, parting):
        raise NotFoundError("This task is not here any more.")


def _locked_ticket(unit: UnitOfWork, actor: Member, ticket_id: str) -> tuple[Client, Parting, Ticket]:
    parting = unit.partings.lock(unit.partings.ticket(ticket_id).parting_id)
    client = unit.clients.get(parting.client_id)
    if not may_see(actor, client, parting):
        raise NotFoundError("This task is not here any more.")
    _require_under_way(client, parting)
    return client, parting, unit.partings.lock_ticket(ticket_id)


def _locked_task(unit: UnitOfWork, actor: Member, ticket_id: str) -> tuple[Client, Parting, Ticket]:
    client, parting, ticket = _locked_ticket(unit, actor, ticket_id)
    if not ticket.parent_id:
        raise ConflictError("This holds the tasks together; it is finished when they are.")
    return client, parting, ticket


def _require_under_way(client: Client, parting: Parting) -> None:
    if parting.state in {ExitState.CLOSED, ExitState.STOPPED}:
        raise ConflictError(f"The parting from {client.name} is over; nothing changes there any more.")


def _require_revision(parting: Parting, revision: int) -> None:
    if parting.state is not ExitState.PREPARING:
        raise ConflictError("The tasks have been opened already. Open the parting to see how they stand.")
    if parting.preview.revision != revision:
        raise ConflictError("Somebody has changed the tasks since you looked at them. Look again before you go on.")


def _moved(unit: UnitOfWork, client: Client, parting: Parting, now: datetime) -> Client:
    """`told` once the talk was held, `handing off` once the tasks are on their way as well."""
    stage = client.stage
    if parting.told_at and stage is Stage.DECIDED:
        stage = move(stage, Stage.TOLD, now=now)
    if parting.opened_revision is not None and stage is Stage.TOLD:
        stage = move(stage, Stage.HANDING_OFF, now=now)
    if stage is client.stage:
        return client
    moved = replace(client, stage=stage, stage_since=now)
    unit.clients.save(moved)
    return moved
