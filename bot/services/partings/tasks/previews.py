"""The preview of a parting's tasks: chosen page by page, and opened exactly as it was looked at (BR07, BR08, D5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.access import require_admin, require_decider, require_ours
from bot.services.audit import record
from bot.services.partings.doors import locked_parting
from bot.services.partings.planning import planned
from bot.services.partings.sheets import Audience, PartingSheet, draw, facts_of, may_see
from bot.services.partings.tasks.items import new_ticket_id
from bot.services.partings.tickets import dispatch
from bot.services.partings.tickets.audience import team_of, without_ours
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.clients.stages import Stage, move
from rules.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from rules.local_days import local_day, local_time
from rules.partings import ticket_opening as opening
from rules.partings.parting import NO_TICKET, Parting, PartingState, PlannedTask, Preview, stamped, without_chosen_days
from rules.partings.preview import (
    dated,
    differences,
    require_preparing,
    require_under_way,
    seen_before,
    with_preview,
)
from rules.partings.tasks import holding, needing, to_be_asked
from rules.ports import Clock, Tracker, UnitOfWork, Units, Workspace
from rules.sentences import Sentence
from rules.trackers import answers_for, destination_problem, endings_said, keys, strangers, unanswered
from rules.workdays import day_name

TOO_LONG_AGO = "The tasks have changed several times since you looked at them."
LOOKED_THROUGH = "Somebody has looked through the tasks meanwhile; nothing that goes out has changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person ticked in the preview. `circumstances` are conditions that hold; None where nobody was asked."""

    tracker: str
    ticked: frozenset[str]
    circumstances: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a person chose on one page, by task code; `here` are those of the `asked` that stay in Amicable."""

    owners: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    here: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


class PreviewService:
    """What will be opened, where and for whom, up to the click that opens it."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker]) -> None:
        """`trackers` by name, in the order in which they are offered."""
        self._units = units
        self._clock = clock
        self._trackers = trackers

    # --- where -----------------------------------------------------------------------------------------------------

    def audience(self, workspace_id: str, actor: Member, parting_id: str) -> Audience:
        """Asks the tracker who would see the tickets."""
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            require_decider(actor, client)
            workspace, team = unit.workspace(), team_of(unit)
        return self._asked(actor, client, parting, workspace, team)

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
            record(
                unit,
                admin,
                now,
                "destination confirmed",
                destination_id,
                Sentence("{count} stranger", "{count} strangers", count=len(people)),
            )

    def answer_fields(self, workspace_id: str, admin: Member, parting_id: str, answers: Mapping[str, str]) -> None:
        """What each ticket says in the fields that the tracker requires; asked once for all partings."""
        require_ours(admin)
        require_admin(admin)
        with self._units.begin(workspace_id) as unit:
            workspace, tracker = unit.lock_workspace(), unit.partings.get(parting_id).preview.tracker
            said = {f"{tracker}/{field_id}": answer.strip() for field_id, answer in answers.items() if answer.strip()}
            unit.save_workspace(replace(workspace, tracker_answers={**workspace.tracker_answers, **said}))
            record(unit, admin, self._clock.now(), "tracker fields answered", tracker, ", ".join(sorted(answers)))

    # --- what ------------------------------------------------------------------------------------------------------

    def revise(self, workspace_id: str, actor: Member, parting_id: str, revision: int, choice: Choice) -> PartingSheet:
        """A new revision of the preview, unless somebody made one since `revision` was drawn.

        The place is remembered for the client. Tasks that come along because of what holds here are as proposed.
        """
        with self._units.begin(workspace_id) as unit:
            client, parting = self._preparing(unit, actor, parting_id, revision)
            if choice.tracker not in self._trackers:
                raise InvalidError(
                    "Choose where the tasks go.",
                    {"tracker": "This tracker is not set up (any more). Choose another one."},
                )
            today = self._today(unit)
            wished = _as_answered(unit, client, parting, choice, today)
            tasks = planned(unit, client, wished, today)
            kept = replace(wished, preview=parting.preview)
            revised = self._next_revision(unit, actor, kept, choice.tracker, tasks)
            client = replace(client, tracker=choice.tracker)
            unit.clients.save(client)
            return self._sheet(unit, actor, client, revised)

    def revise_page(self, workspace_id: str, actor: Member, parting_id: str, revision: int, page: Page) -> PartingSheet:
        """Owners, days and places of the tasks on one page, as a new revision."""
        with self._units.begin(workspace_id) as unit:
            client, parting = self._preparing(unit, actor, parting_id, revision)
            today = self._today(unit)
            shown = {task.code: task.due_on for task in parting.preview.tasks}
            days = {code: day for code, day in page.days.items() if day != shown.get(code)}
            _require_good_page(unit, page, days, today)
            counted = {task.code: task for task in planned(unit, client, without_chosen_days(parting), today)}
            tasks = [
                self._on_page(dated(task, counted[task.code], days, today), page)
                for task in planned(unit, client, parting, today)
            ]
            revised = self._next_revision(unit, actor, parting, parting.preview.tracker, tasks)
            return self._sheet(unit, actor, client, revised)

    # --- opening ---------------------------------------------------------------------------------------------------

    def open(self, workspace_id: str, actor: Member, parting_id: str, revision: int) -> PartingSheet:
        """Opens exactly this revision: its tickets, the new stage and the first job are one commit (BR07, BR08).

        A second click on the same revision finds it opened and changes nothing. Where the world has changed since the
        revision was drawn, or who sees the place is not confirmed (any more), nothing is opened: the sheet comes back
        with the `news`, and a new revision if the tasks are others.
        """
        asked = self._looked(workspace_id, actor, parting_id)
        if asked and (asked.problem or asked.missing):
            return self._unopened(workspace_id, actor, parting_id, asked)
        with self._units.begin(workspace_id) as unit:
            client, parting = locked_under_way(unit, actor, parting_id)
            if parting.opened_revision == revision:
                return self._sheet(unit, actor, client, parting)
            require_preparing(parting)
            current = self._refreshed(unit, client, parting, self._today(unit))
            if current.preview.revision != revision:
                unit.partings.save(current)
                return replace(self._sheet(unit, actor, client, current), news=self._news(current, revision))
            client, opened = self._with_tickets(unit, actor, client, parting)
            return self._sheet(unit, actor, client, opened)

    # --- parts -----------------------------------------------------------------------------------------------------

    def _preparing(self, unit: UnitOfWork, actor: Member, parting_id: str, revision: int) -> tuple[Client, Parting]:
        client, parting = locked_under_way(unit, actor, parting_id)
        require_preparing(parting)
        if parting.preview.revision != revision:
            raise ConflictError(_changed_by(unit, parting))
        return client, parting

    def _next_revision(
        self, unit: UnitOfWork, actor: Member, parting: Parting, tracker: str, tasks: Sequence[PlannedTask]
    ) -> Parting:
        """Stored, with the word on who made it."""
        now = self._clock.now()
        stamped_by = replace(parting, preview_stamp=stamped(parting.preview_stamp, actor.id, now))
        revised = with_preview(stamped_by, tracker, tasks)
        unit.partings.save(revised)
        said = Sentence("revision {revision}", revision=revised.preview.revision)
        record(unit, actor, now, "tasks chosen", parting.id, said)
        return revised

    def _with_tickets(
        self, unit: UnitOfWork, actor: Member, client: Client, parting: Parting
    ) -> tuple[Client, Parting]:
        """What is ticked becomes tickets, on their way."""
        preview = parting.preview
        if not any(task.ticked and task.kind not in NO_TICKET for task in preview.tasks):
            raise InvalidError("Tick at least one task first.")
        now, real, language = self._clock.now(), self._clock.real(), unit.workspace().tasks_language
        tickets = opening.new_tickets(parting, preview, client.name, real, new_ticket_id, language)
        opened = replace(parting, state=PartingState.OPENING, opened_revision=preview.revision, earlier=())
        unit.partings.add_tickets(tickets)
        unit.partings.save(opened)
        client = moved(unit, client, opened, now)
        dispatch.start(unit, opened, real)
        dispatch.settle(unit, opened, real)
        said = Sentence(
            "revision {revision}, {count} ticket",
            "revision {revision}, {count} tickets",
            count=len(tickets),
            revision=preview.revision,
        )
        record(unit, actor, now, "tickets opened", parting.id, said)
        return client, opened

    def _refreshed(self, unit: UnitOfWork, client: Client, parting: Parting, today: date) -> Parting:
        """The same parting while its preview still says what would be proposed now; else with a new revision."""
        before = parting.preview
        tracker = before.tracker if before.tracker in self._trackers else tracker_for(unit, client, self._trackers)
        now = Preview(revision=before.revision, tracker=tracker, tasks=planned(unit, client, parting, today))
        if not differences(before, now, self._labels()):
            return parting
        return with_preview(parting, tracker, now.tasks)

    def _news(self, current: Parting, revision: int) -> tuple[str, ...]:
        looked_at = seen_before(current, revision)
        if looked_at is None:
            return (TOO_LONG_AGO,)
        return differences(looked_at, current.preview, self._labels()) or (LOOKED_THROUGH,)

    def _on_page(self, task: PlannedTask, page: Page) -> PlannedTask:
        """The task with its chosen owner and place; what was not on the page stays as it is."""
        if task.code not in page.asked:
            return task
        inside = next(name for name, each in self._trackers.items() if each.is_inside)
        owner_id = page.owners.get(task.code) or task.owner_id
        return replace(task, owner_id=owner_id, tracker=inside if task.code in page.here else "")

    def require_confirmed(self, workspace_id: str, actor: Member, parting_id: str) -> None:
        """Before a deleted ticket is opened again."""
        asked = self._looked(workspace_id, actor, parting_id, again=True)
        if asked and (asked.problem or asked.missing):
            raise RefusedError(asked.problem or asked.missing)

    def _looked(self, workspace_id: str, actor: Member, parting_id: str, *, again: bool = False) -> Audience | None:
        """Where it would go and who sees it; None where nothing would go now.

        It is asked anew before each opening, by wire, so outside of the transaction (BR14). Nobody but those who may
        open sets anything going there, or learns who can see the tracker.
        """
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            _admit(actor, client, parting, again=again)
            workspace, team = unit.workspace(), team_of(unit)
        if parting.preview.tracker not in self._trackers and not again:
            return None  # what is opened goes elsewhere, and comes back as a new revision first
        if parting.state is not PartingState.PREPARING and not again:
            return None
        return self._asked(actor, client, parting, workspace, team)

    def _asked(
        self, actor: Member, client: Client, parting: Parting, workspace: Workspace, team: Sequence[Member]
    ) -> Audience:
        tracker = self._tracker(parting.preview.tracker)
        destination = without_ours(self._units, tracker.destination())
        return Audience(
            client=client,
            parting=parting,
            tracker_label=tracker.label,
            destination=destination,
            problem=destination_problem(destination, workspace, team),
            missing=unanswered(destination, workspace, parting.preview.tracker),
            may_confirm=actor.is_admin and not destination.problem,
            strangers=strangers(destination, workspace, team),
            answers=answers_for(workspace, parting.preview.tracker),
            endings=endings_said(workspace, parting.preview.tracker),
        )

    def _unopened(self, workspace_id: str, actor: Member, parting_id: str, asked: Audience) -> PartingSheet:
        """Whoever may say who sees the place is asked right away."""
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            sheet = self._sheet(unit, actor, unit.clients.get(parting.client_id), parting)
        if not asked.problem or not asked.may_confirm:
            return replace(sheet, news=(asked.problem or asked.missing,))
        return replace(sheet, audience=asked)

    def _tracker(self, name: str) -> Tracker:
        if name not in self._trackers:
            raise RefusedError(
                Sentence("{name} is not set up any more. Choose another place for the tasks.", name=name.capitalize())
            )
        return self._trackers[name]

    def _labels(self) -> dict[str, str]:
        return {name: each.label for name, each in self._trackers.items()}

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)

    def _sheet(self, unit: UnitOfWork, reader: Member | None, client: Client, parting: Parting) -> PartingSheet:
        return draw(unit, reader, client, parting, self._trackers, self._today(unit))


def _as_answered(unit: UnitOfWork, client: Client, parting: Parting, choice: Choice, today: date) -> Parting:
    """As it was ticked, and with what holds, where a person says otherwise than we took it.

    Tasks of something that nobody had answered before are left out, so that they come as they are proposed.
    """
    ticked = tuple(replace(task, ticked=task.code in choice.ticked) for task in parting.preview.tasks)
    facts = facts_of(unit, client, parting, today)
    if choice.circumstances is None or choice.circumstances == holding(facts):
        return replace(parting, preview=replace(parting.preview, tasks=ticked))
    fresh = needing(choice.circumstances & frozenset(to_be_asked(facts)))
    known = tuple(task for task in ticked if task.ticked or task.code not in fresh)
    circumstances = tuple(sorted(choice.circumstances))
    return replace(parting, preview=replace(parting.preview, tasks=known), circumstances=circumstances)


def _require_good_page(unit: UnitOfWork, page: Page, days: Mapping[str, date], today: date) -> None:
    late = {f"day_{code}": "That day has passed." for code, day in days.items() if day < today}
    if late:
        raise InvalidError("A task can't be due in the past. Choose today or a later day.", late)
    outside = {member.id for member in unit.people.members() if not is_ours(member, unit.workspace_id)}
    others = {f"owner_{code}": "Choose somebody from the team." for code, who in page.owners.items() if who in outside}
    if others:
        raise InvalidError("Please choose somebody else.", others)


def _changed_by(unit: UnitOfWork, parting: Parting) -> str:
    """Who made the revision that somebody has not seen, and when."""
    stamp = parting.preview_stamp
    member = unit.people.find_member(stamp.by_id)
    at = local_time(stamp.at, unit.workspace().timezone) if stamp.at else None
    return Sentence(
        "{who} has changed the tasks{at} since you looked at them. Look again before you go on.",
        who=member.name if member else "Somebody",
        at=Sentence(" on {day} at {time:%H:%M}", day=day_name(at.date()), time=at) if at else "",
    )


def locked_under_way(unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
    """For those who decide, while the parting is not over."""
    client, parting = locked_parting(unit, actor, parting_id)
    require_under_way(client, parting)
    return client, parting


def tracker_for(unit: UnitOfWork, client: Client, trackers: Mapping[str, Tracker]) -> str:
    """The client's own place, else the workspace's, else the first that there is."""
    wished = (client.tracker, unit.workspace().tracker)
    return next((name for name in wished if name in trackers), next(iter(trackers)))


def moved(unit: UnitOfWork, client: Client, parting: Parting, now: datetime) -> Client:
    """`told` once the talk was held, `handing off` once the tasks are on their way as well."""
    stage = client.stage
    if parting.told_at and stage is Stage.DECIDED:
        stage = move(stage, Stage.TOLD, now=now)
    if parting.opened_revision is not None and stage is Stage.TOLD:
        stage = move(stage, Stage.HANDING_OFF, now=now)
    if stage is client.stage:
        return client
    moved = client.moved_to(stage, now)
    unit.clients.save(moved)
    return moved


def _admit(actor: Member, client: Client, parting: Parting, *, again: bool) -> None:
    """A first opening is for those who decide; a deleted ticket is opened again by whoever may see the parting."""
    if not again:
        require_ours(actor)
        require_decider(actor, client)
    elif not may_see(actor, client, parting):
        raise NotFoundError("This task is not here any more. Please open the tasks again.")
