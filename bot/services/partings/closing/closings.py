"""The end of a parting: the client's receipt, the close with its frozen record, and the door of a natural fade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.access import may_decide, seen_client
from bot.agenda import RAISE_LOOK_BACK, TAKE_DEFAULT_RECEIPT
from bot.services.audit import record
from bot.services.calendars import country_of
from bot.services.health.scorecards import HealthService
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.doors import locked_parting, open_parting, seen_parting
from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.sheets import case_of, may_see, position_of, unpaid
from bot.services.partings.tickets import dispatch
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Origin, Stage, move
from rules.errors import ConflictError, InvalidError
from rules.local_days import at_local_time, local_day
from rules.notices.draft import written
from rules.notices.notice import with_letter
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings import last_steps, ticket_progress
from rules.partings.closing import Obstacle, close, obstacles, why_not_close
from rules.partings.last_steps import LOOK_BACK_AFTER, RECEIPT_WORKING_DAYS, Receipt, ReceiptQuestion, Snapshot
from rules.partings.last_steps import Way as Known
from rules.partings.parting import OVER, Parting, PartingState, TaskState, Ticket, TicketState
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import count_forward


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingSheet:
    """What a parting still needs to end. `receipt_text` is ours to copy; empty until the client was asked."""

    client: Client
    parting: Parting
    why_not_close: str
    receipt_text: str
    unpaid: tuple[str, ...]
    tasks: int
    may_decide: bool
    today: date
    obstacles: tuple[Obstacle, ...] = ()
    position: str = ""

    @property
    def may_come_back(self) -> bool:
        """RF43: what faded by itself left the door open."""
        return (
            self.may_decide
            and self.parting.state is PartingState.CLOSED
            and self.parting.origin is Origin.NATURAL_FADE
            and self.client.stage is Stage.CLOSED
        )


class ClosingService:
    """Ends a parting, and keeps what explains it later."""

    def __init__(self, units: Units, clock: Clock, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._health = health

    def of_client(self, workspace_id: str, reader: Member, client_id: str) -> ClosingSheet:
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            parting = unit.partings.of_client(client.id)
            # The same sentence for one that the reader must not know of: another one would give it away.
            if parting is None or parting.state is PartingState.STOPPED or not may_see(reader, client, parting):
                raise ConflictError("There is no parting to close here.")
            return self._sheet(unit, reader, client, parting)

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> ClosingSheet:
        with self._units.read(workspace_id) as unit:
            client, parting = seen_parting(unit, reader, parting_id)
            return self._sheet(unit, reader, client, parting)

    # --- the receipt -----------------------------------------------------------------------------------------------

    def ask_receipt(self, workspace_id: str, actor: Member, parting_id: str) -> ClosingSheet:
        """Notes that the client is asked; silence for five working days will count as a yes."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            if parting.told_at is None:
                raise ConflictError(
                    Sentence("{name} has not been told yet. Hold the talk and record it first.", name=client.name)
                )
            today = self._today(unit)
            until = count_forward(today, RECEIPT_WORKING_DAYS, country_of(unit, client)).day
            asked = replace(parting, receipt_question=ReceiptQuestion(asked_on=today, until=until, asked_by=actor.id))
            unit.partings.save(asked)
            due_at = at_local_time(until + timedelta(days=1), unit.workspace().timezone, time())
            unit.dues.set(TAKE_DEFAULT_RECEIPT.at(due_at, workspace_id, parting_id))
            record(
                unit, actor, self._clock.now(), "receipt asked for", parting_id, Sentence("until {until}", until=until)
            )
            return self._sheet(unit, actor, client, asked)

    def confirm_receipt(self, workspace_id: str, actor: Member, parting_id: str, way: Known, on: date) -> ClosingSheet:
        """The client has everything: who of us knows it, since when, and how."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            confirmed = self._confirmed(unit, actor, parting, way, on)
            unit.partings.save(confirmed)
            return self._sheet(unit, actor, client, confirmed)

    def take_default(self, workspace_id: str, parting_id: str) -> bool:
        """Nobody objected in time: recorded as our default, and said once to whoever looks after the client."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(unit.partings.get(parting_id).client_id)
            parting = unit.partings.lock(parting_id)
            question, today = parting.receipt_question, self._today(unit)
            if question and today <= question.until:
                return False  # asked again meanwhile, with more time
            unit.dues.drop(TAKE_DEFAULT_RECEIPT, parting_id)
            if question is None or parting.receipt or parting.state in OVER:
                return False
            unit.partings.save(replace(parting, receipt=Receipt(on=question.until, way=Known.DEFAULT)))
            nudge(unit, NudgeKind.RECEIPT_DEFAULT, client.owner_id, subject=parting_id, now=now, client_id=client.id)
            return True

    def default_taken(self, unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        """What the owner is told, while the parting is not closed."""
        parting = unit.partings.get(known.subject)
        if parting.state is not PartingState.OPEN or not parting.receipt or parting.receipt.way is not Known.DEFAULT:
            return None
        client = unit.clients.get(parting.client_id)
        return Told(
            about=client.name,
            what="They were asked to confirm that they have everything and did not object, so it counts as received.",
            ways=(Way(WayOn.CLOSE, parting.id),),
        )

    def go_without_letter(self, workspace_id: str, actor: Member, parting_id: str, reason: str) -> ClosingSheet:
        """Why there is no letter, or none that was received: recorded, since it was owed."""
        if not reason.strip():
            raise InvalidError("Say why there is no letter.", {"reason": "Say why there is no letter."})
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            changed = replace(parting, no_letter=reason.strip())
            unit.partings.save(changed)
            record(unit, actor, self._clock.now(), "letter left out", parting_id)
            return self._sheet(unit, actor, client, changed)

    # --- the close -------------------------------------------------------------------------------------------------

    def close(
        self, workspace_id: str, actor: Member, parting_id: str, receipt: tuple[Known, date] | None = None,
        team_word: str = "",
    ) -> ClosingSheet:  # fmt: skip
        """HO11: each task done or waived, and the client has it all; how it stood is frozen in the same commit."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            if receipt:
                parting = self._confirmed(unit, actor, parting, *receipt)
            tickets = unit.partings.tickets(parting_id)
            closed = close(case_of(unit, client, parting, tickets, self._today(unit)), now)
            snapshot = self._frozen(unit, client, closed, tickets, now)
            closed = replace(closed, snapshot=snapshot, team_word=team_word.strip())
            unit.partings.save(closed)
            client = client.moved_to(move(client.stage, Stage.CLOSED, now=now), now)
            unit.clients.save(client)
            due = RAISE_LOOK_BACK.at(now + LOOK_BACK_AFTER, workspace_id, parting_id)
            unit.dues.set(due)
            _finish_parent(unit, tickets, self._clock.real())
            dispatch.settle(unit, closed, self._clock.real())
            record(unit, actor, now, "parting closed", parting_id)
            return self._sheet(unit, actor, client, closed)

    def come_back(self, workspace_id: str, actor: Member, parting_id: str) -> Client:
        """RF43: one click opens a client again that had faded; the thank-you left the door open."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = locked_parting(unit, actor, parting_id)
            if parting.state is not PartingState.CLOSED or parting.origin is not Origin.NATURAL_FADE:
                raise ConflictError(
                    Sentence(
                        "Only a natural fade leaves the door open. {name} is in another parting.", name=client.name
                    )
                )
            stage = move(client.stage, Stage.ACTIVE, now=now, door_open=True)
            decision = unit.decisions.get(parting.decision_id)
            unit.decisions.save(replace(decision, dropped_at=now, dropped_reason="They came back."))
            client = replace(client, stage=stage, stage_since=now, open_since=now, origin=None)
            unit.clients.save(client)
            unit.dues.drop(RAISE_LOOK_BACK, parting_id)
            record(unit, actor, now, "client came back", client.id)
            return client

    # --- parts -----------------------------------------------------------------------------------------------------

    def _confirmed(self, unit: UnitOfWork, actor: Member, parting: Parting, way: Known, on: date) -> Parting:
        receipt = Receipt(on=on, way=way, by_id=actor.id)
        last_steps.require_good_receipt(receipt, self._today(unit))
        unit.dues.drop(TAKE_DEFAULT_RECEIPT, parting.id)
        record(unit, actor, self._clock.now(), "receipt recorded", parting.id, way)
        return replace(parting, receipt=receipt)

    def _frozen(
        self, unit: UnitOfWork, client: Client, parting: Parting, tickets: list[Ticket], now: datetime
    ) -> Snapshot:
        health = self._health.today(unit, client.id)
        frozen = Snapshot(
            at=now,
            origin=parting.origin,
            formula=health.version,
            band=health.band,
            score_tenths=health.score_tenths,
            lines=tuple(
                last_steps.FrozenLine(kind=line.kind, points_tenths=line.points_tenths, type=line.type, on=line.on)
                for line in health.lines
            ),
            last_day=parting.last_day,
            told_on=parting.told_at.date() if parting.told_at else None,
            tasks=tuple(
                last_steps.FrozenTask(code=task.task_code, state=task.task_state, due_on=task.due_on)
                for task in ticket_progress.tasks_of(tickets)
            ),
            answers=tuple(
                last_steps.FrozenAnswer(
                    answer=item.answer, source=item.said[-1].source if item.said else None, due_on=item.due_on
                )
                for item in parting.items
            ),
            receipt=parting.receipt.way if parting.receipt else None,
            receipt_on=parting.receipt.on if parting.receipt else None,
        )
        return with_letter(frozen, unit.notices.of_parting(parting.id))

    def _sheet(self, unit: UnitOfWork, reader: Member, client: Client, parting: Parting) -> ClosingSheet:
        tickets = unit.partings.tickets(parting.id)
        case = case_of(unit, client, parting, tickets, self._today(unit))
        return ClosingSheet(
            client=client,
            parting=parting,
            why_not_close=why_not_close(case),
            obstacles=obstacles(case),
            receipt_text=_receipt_text(unit, client, parting),
            unpaid=unpaid(unit, client),
            tasks=len(ticket_progress.tasks_of(tickets)),
            may_decide=may_decide(reader, client),
            today=self._today(unit),
            position=position_of(unit, reader, client, parting),
        )

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)


def _receipt_text(unit: UnitOfWork, client: Client, parting: Parting) -> str:
    """What was handed over and finished, by the names that the letter uses."""
    if parting.receipt_question is None:
        return ""
    facts = letter_facts(unit, client, parting)
    return written(
        facts.voice,
        "receipt",
        items=[name for name, _ in (*facts.deliverables, *facts.handovers)],
        until=parting.receipt_question.until,
    )


def _finish_parent(unit: UnitOfWork, tickets: Sequence[Ticket], real: datetime) -> None:
    """What held the tasks together is finished with them, in its tracker too."""
    for parent in tickets:
        if not parent.parent_id and parent.state is TicketState.OPENED:
            finished = ticket_progress.mark(unit.partings.lock_ticket(parent.id), TaskState.DONE, real)
            unit.partings.save_ticket(finished)
            dispatch.push(unit, finished)
