"""What a parting looks like at a moment, for whoever may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.access import may_decide, require_ours, require_visible
from bot.services.partings.tickets import dispatch
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.clients.stages import Origin
from rules.partings import ticket_progress
from rules.partings.closing import CloseCase, why_not_close
from rules.partings.parting import Parting, PartingState, PlannedTask, Ticket, TicketState
from rules.partings.tasks import PartingFacts, Role, holding, inside_steps
from rules.partings.ticket_progress import Progress
from rules.ports import Destination, Onlooker, Tracker, UnitOfWork

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingSheet:
    """A parting as it stands, for whoever may see it. `position` is the reason that holds on every screen (DC06).

    `holding` are the conditions that were taken to hold, `inside` names the tracker within Amicable. `news` is what has
    changed since the revision that the reader wanted to open.
    """

    client: Client
    parting: Parting
    position: str
    tickets: tuple[Ticket, ...]
    progress: Progress
    steps: tuple[PlannedTask, ...]
    tracker_label: str
    trackers: tuple[tuple[str, str], ...]
    why_not_close: str
    may_decide: bool
    today: date
    holding: frozenset[str] = frozenset()
    news: tuple[str, ...] = ()
    inside: str = ""

    @property
    def parent(self) -> Ticket | None:
        return self.tickets[0] if self.tickets else None

    @property
    def tasks(self) -> tuple[Ticket, ...]:
        return self.tickets[1:]

    def waits_for(self, ticket: Ticket) -> list[Ticket]:
        """What comes before this task and is still open."""
        return ticket_progress.waits_for(ticket, self.tickets)

    def waits_for_talk(self, ticket: Ticket) -> bool:
        return ticket.state is TicketState.NEW and not dispatch.may_open(self.parting, ticket)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Where tickets would go and who sees it. `problem` is empty when it may be used."""

    client: Client
    parting: Parting
    tracker_label: str
    destination: Destination
    problem: str
    may_confirm: bool
    strangers: tuple[Onlooker, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


def draw(
    unit: UnitOfWork,
    reader: Member | None,
    client: Client,
    parting: Parting,
    trackers: Mapping[str, Tracker],
    today: date,
) -> PartingSheet:
    """Without a `reader`: for a message that goes only where those are who may see it."""
    tickets = tuple(unit.partings.tickets(parting.id))
    tracker = trackers.get(parting.preview.tracker)
    facts = facts_of(unit, client, parting.last_day, today, parting.circumstances)
    return PartingSheet(
        client=client,
        parting=parting,
        position=unit.decisions.get(parting.decision_id).reason,
        tickets=tickets,
        progress=ticket_progress.progress(tickets),
        steps=inside_steps(facts),
        tracker_label=tracker.label if tracker else parting.preview.tracker,
        trackers=tuple((name, each.label) for name, each in trackers.items()),
        why_not_close=why_not_close(case_of(unit, client, parting, tickets)),
        may_decide=reader is not None and may_decide(reader, client),
        today=today,
        holding=holding(facts),
        inside=next((name for name, each in trackers.items() if each.is_inside), ""),
    )


def facts_of(
    unit: UnitOfWork, client: Client, last_day: date, today: date, circumstances: Sequence[str] | None = None
) -> PartingFacts:
    """`circumstances` are what a person said of this parting, if anybody has."""
    workspace = unit.workspace()
    since = client.client_since
    months = (today.year - since.year) * MONTHS_A_YEAR + today.month - since.month if since else None
    team = {member.id for member in unit.people.members() if is_ours(member, unit.workspace_id)}
    return PartingFacts(
        last_day=last_day,
        today=today,
        owner_id=client.owner_id,
        people={Role(role): person_id for role, person_id in workspace.task_people.items() if person_id in team},
        country=client.contract.country,
        language=workspace.tasks_language,
        own=workspace.own_tasks,
        off=frozenset(workspace.tasks_off),
        tenure_months=months,
        has_contract=not client.contract.none_written,
        team=len(team) > 1,
        circumstances=None if circumstances is None else frozenset(circumstances),
    )


def may_see(reader: Member, client: Client, parting: Parting) -> bool:
    """Until the client has been told, a parting is a matter of those who decide; also one that was stopped before.

    Whoever may not even see the client is refused at once.
    """
    require_ours(reader)
    require_visible(reader, client)
    return may_decide(reader, client) or parting.told_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningParting:
    """How the tasks of a parting stand, counted; `late` ones are overdue."""

    client: Client
    last_day: date
    progress: Progress
    late: int


def running_partings(unit: UnitOfWork, today: date) -> list[RunningParting]:
    """Those whose client has been told, the most overdue first; whom they are shown to is for the caller."""
    found = []
    for parting in unit.partings.all():
        if parting.state in {PartingState.OPENING, PartingState.OPEN} and parting.told_at:
            tickets = unit.partings.tickets(parting.id)
            found.append(
                RunningParting(
                    client=unit.clients.get(parting.client_id),
                    last_day=parting.last_day,
                    progress=ticket_progress.progress(tickets),
                    late=len(ticket_progress.overdue(tickets, today)),
                )
            )
    return sorted(found, key=lambda each: (-each.late, each.last_day, each.client.name))


def case_of(unit: UnitOfWork, client: Client, parting: Parting, tickets: Sequence[Ticket]) -> CloseCase:
    """What its close is judged by, for every screen alike. Invoices are asked for where they count."""
    owed = unpaid(unit, client) if parting.origin is Origin.NATURAL_FADE else ()
    return CloseCase(client=client, parting=parting, tickets=tickets, unpaid=owed)


def unpaid(unit: UnitOfWork, client: Client) -> tuple[str, ...]:
    return tuple(each.number for each in unit.agreements.invoices(client.id) if each.paid_on is None)
