"""What a parting looks like at a moment, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.access import may_decide, require_ours, require_visible
from bot.services.calendars import country_of
from bot.services.partings.times import line_of
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.clients.stages import Origin
from rules.notices.notice import NoticeStatus
from rules.partings import ticket_progress
from rules.partings.closing import CloseCase, why_not_close
from rules.partings.parting import NO_TICKET, Parting, PartingState, PlannedTask, Ticket, TicketState
from rules.partings.steps import steps_done
from rules.partings.tasks import PartingFacts, Role, holding, inside_steps, to_be_asked
from rules.partings.ticket_opening import may_open
from rules.partings.ticket_progress import Progress
from rules.partings.timeline import Timeline
from rules.ports import Destination, Onlooker, Tracker, UnitOfWork

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingSheet:
    """A parting as it stands, for whoever may see it. `position` is the reason that holds on every screen (DC06).

    `holding` are the conditions that were taken to hold, `asked` those of which nobody has said so; `inside` names the
    tracker within Amicable. `news` is what has changed since the revision that the reader wanted to open. `steps` are
    those inside Amicable that are still to be done, `line` is the line of time. `audience` asks who sees the place,
    where that is all that keeps the tickets. `unmatched` are owners of tasks whose account there nobody has named.
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
    line: Timeline
    asked: tuple[str, ...] = ()
    audience: Audience | None = None
    unmatched: tuple[str, ...] = ()
    may_match: bool = False

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
        return ticket.state is TicketState.NEW and not may_open(self.parting, ticket)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Where tickets would go and who sees it. `problem` is empty when it may be used.

    `missing` is what the tracker wants to know of each ticket besides. `endings` are what was said of names, by plain
    name.
    """

    client: Client
    parting: Parting
    tracker_label: str
    destination: Destination
    problem: str
    missing: str = ""
    may_confirm: bool
    strangers: tuple[Onlooker, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, bool] = field(default_factory=dict)


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
    facts = facts_of(unit, client, parting, today)
    notice = unit.notices.of_parting(parting.id)
    done = steps_done(
        client.contract,
        parting,
        drafted=notice is not None,
        approved=notice is not None and notice.status not in {NoticeStatus.DRAFT, NoticeStatus.IN_REVIEW},
        sent_on=notice.sent_on if notice else None,
        received_on=notice.received_on if notice else None,
    )
    return PartingSheet(
        client=client,
        parting=parting,
        position=position_of(unit, reader, client, parting),
        tickets=tickets,
        progress=ticket_progress.progress(tickets),
        steps=tuple(step for step in inside_steps(facts) if step.code not in done),
        line=facts.times,
        asked=to_be_asked(facts),
        tracker_label=tracker.label if tracker else parting.preview.tracker,
        trackers=tuple((name, each.label) for name, each in trackers.items()),
        why_not_close=why_not_close(case_of(unit, client, parting, tickets, today)),
        may_decide=reader is not None and may_decide(reader, client),
        today=today,
        holding=holding(facts),
        unmatched=_unmatched(unit, parting, tracker),
        may_match=reader is not None and reader.is_admin,
        inside=next((name for name, each in trackers.items() if each.is_inside), ""),
    )


def facts_of(unit: UnitOfWork, client: Client, parting: Parting, today: date) -> PartingFacts:
    workspace, circumstances = unit.workspace(), parting.circumstances
    since = client.client_since
    months = (today.year - since.year) * MONTHS_A_YEAR + today.month - since.month if since else None
    team = {member.id for member in unit.people.members() if is_ours(member, unit.workspace_id)}
    return PartingFacts(
        last_day=parting.last_day,
        today=today,
        owner_id=client.owner_id,
        people={Role(role): person_id for role, person_id in workspace.task_people.items() if person_id in team},
        country=country_of(unit, client),
        language=workspace.tasks_language,
        own=workspace.own_tasks,
        off=frozenset(workspace.tasks_off),
        tenure_months=months,
        has_contract=not client.contract.none_written,
        team=len(team) > 1,
        circumstances=None if circumstances is None else frozenset(circumstances),
        origin=parting.origin,
        line=line_of(unit, client, parting, today),
    )


def _unmatched(unit: UnitOfWork, parting: Parting, tracker: Tracker | None) -> tuple[str, ...]:
    """Those whose tickets would come unassigned; each once, in the order of their tasks."""
    if tracker is None or tracker.is_inside:
        return ()
    known = unit.workspace().tracker_people
    tasks = [task for task in parting.preview.tasks if task.ticked and task.kind not in NO_TICKET and not task.tracker]
    owners = dict.fromkeys(task.owner_id for task in tasks if task.owner_id)
    return tuple(owner for owner in owners if f"{tracker.name}/{owner}" not in known)


def position_of(unit: UnitOfWork, reader: Member | None, client: Client, parting: Parting) -> str:
    """DC06: the reason, to hold on to; a matter of those who decide, empty for everybody else."""
    return unit.decisions.get(parting.decision_id).reason if reader and may_decide(reader, client) else ""


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
    origin: Origin
    last_day: date
    progress: Progress
    late: int


def running_partings(unit: UnitOfWork, partings: Iterable[Parting], today: date) -> list[RunningParting]:
    """Of these, whose client has been told, the most overdue first; whom they are shown to is for the caller."""
    found = []
    for parting in partings:
        if parting.state in {PartingState.OPENING, PartingState.OPEN} and parting.told_at:
            tickets = unit.partings.tickets(parting.id)
            found.append(
                RunningParting(
                    client=unit.clients.get(parting.client_id),
                    origin=parting.origin,
                    last_day=parting.last_day,
                    progress=ticket_progress.progress(tickets),
                    late=len(ticket_progress.overdue(tickets, today)),
                )
            )
    return sorted(found, key=lambda each: (-each.late, each.last_day, each.client.name))


def case_of(unit: UnitOfWork, client: Client, parting: Parting, tickets: Sequence[Ticket], today: date) -> CloseCase:
    """What its close is judged by, for every screen alike."""
    notice = unit.notices.of_parting(parting.id)
    return CloseCase(
        client=client,
        parting=parting,
        tickets=tickets,
        unpaid=unlisted(unit, client, parting),
        today=today,
        has_letter_arrived=notice is not None and notice.received_on is not None,
    )


def unlisted(unit: UnitOfWork, client: Client, parting: Parting) -> tuple[str, ...]:
    """The numbers of unpaid invoices that are not on the parting's list, where each is settled or let go by name."""
    known = {each.code for each in parting.sums}
    unpaid_ones = [each for each in unit.agreements.invoices(client.id) if each.is_open]
    return tuple(each.number for each in unpaid_ones if each.id not in known)


def unpaid(unit: UnitOfWork, client: Client) -> tuple[str, ...]:
    return tuple(each.number for each in unit.agreements.invoices(client.id) if each.is_open)
