"""Redirection plans: mending before ending (RP01-RP12)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.access import locked_client, may_decide, may_see, require_ours, require_visible, seen_client
from bot.agenda import REMIND_CHECKPOINT
from bot.ids import Action as Button
from bot.services.audit import record
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import Waiting
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage, move
from rules.decisions import planning
from rules.decisions.plan import Action, Checkpoint, Coaching, Concern, Level, Outcome, Plan, Response
from rules.errors import ConflictError
from rules.local_days import at_local_time, local_day, local_time
from rules.nudges.kinds import CHECKPOINT
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

REMINDED_AT = time(9, 0)
FIRST_CHECKPOINTS = (timedelta(days=14), timedelta(days=28))
FURTHER_CHECKPOINTS = (timedelta(days=14), timedelta(days=28))

_OVER = frozenset({Stage.TOLD, Stage.HANDING_OFF, Stage.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What the form asks for."""

    goal: str
    concerns: tuple[Concern, ...]
    actions: tuple[Action, ...]
    checkpoints: tuple[date, ...]
    on_business: Level = Level.MEDIUM
    on_team: Level = Level.MEDIUM
    coaching: Coaching = Coaching.UNSURE
    alternatives: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A checkpoint, held: `on` is when it was due, `done` names the concerns whose actions are done by now (RP06)."""

    on: date
    response: Response
    note: str = ""
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A client with the newest plan, if there is one, and the checkpoint that comes next."""

    client: Client
    plan: Plan | None
    next_checkpoint: Checkpoint | None
    today: date
    may_decide: bool

    @property
    def is_running(self) -> bool:
        return self.plan is not None and self.plan.ended_at is None


class PlanService:
    """Starts plans, holds their checkpoints and ends them. Everybody of the team may."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> PlanSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            plan = next(iter(unit.plans.of_client(client.id)), None)
            return self._sheet(unit, reader, client, plan)

    def sheet_of_plan(self, workspace_id: str, reader: Member, plan_id: str) -> PlanSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            plan = unit.plans.get(plan_id)
            return self._sheet(unit, reader, seen_client(unit, reader, plan.client_id), plan)

    def start(self, workspace_id: str, actor: Member, client_id: str, draft: PlanDraft) -> PlanSheet:
        """Starts the only running plan of a client; what is missing comes back beside its fields."""
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            _require_free(unit, client, actor)
            plan = _drafted(client, draft, actor, now)
            today = local_day(now, unit.workspace().timezone)
            planning.require_complete(plan, today)
            unit.plans.save(plan)
            # A secret stage stays as it is: a refusal would give it away (design section 1).
            client = _moved(unit, client, Stage.ACTIVE, Stage.AMENDING, now)
            _remind_after(unit, plan, today)
            record(unit, actor, now, "plan started", plan.id)
            return self._sheet(unit, actor, client, plan)

    def hold(self, workspace_id: str, actor: Member, plan_id: str, meeting: Meeting) -> PlanSheet:
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, plan = _locked(unit, plan_id)
            require_visible(actor, client)
            here = local_time(now, unit.workspace().timezone)
            held = planning.hold_checkpoint(plan, meeting.on, meeting.response, meeting.note, here)
            held = _with_done(held, meeting.done, here.date())
            unit.plans.save(held)
            _remind_after(unit, held, meeting.on)
            record(unit, actor, now, "checkpoint held", plan_id, meeting.response)
            return self._sheet(unit, actor, client, held)

    def finish(self, workspace_id: str, actor: Member, plan_id: str, outcome: Outcome, note: str) -> PlanSheet:
        """Ends the plan, or gives it two more checkpoints (RP09)."""
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, plan = _locked(unit, plan_id)
            require_visible(actor, client)
            today = local_day(now, unit.workspace().timezone)
            finished = planning.finish(plan, outcome, note, now)
            if outcome is Outcome.EXTEND:
                finished = _extended(finished, today)
                _remind_after(unit, finished, today)
            else:
                unit.dues.drop(REMIND_CHECKPOINT, plan_id)
            if outcome in planning.MENDED:
                client = _moved(unit, client, Stage.AMENDING, Stage.ACTIVE, now)
            unit.plans.save(finished)
            record(unit, actor, now, "plan extended" if outcome is Outcome.EXTEND else "plan ended", plan_id, outcome)
            return self._sheet(unit, actor, client, finished)

    def remind(self, workspace_id: str, plan_id: str) -> None:
        """Has the client's owner told of the checkpoint that is due; where that one has left, who started the plan."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            plan = unit.plans.get(plan_id)
            client = unit.clients.get(plan.client_id)
            point = _due_point(plan, local_day(now, unit.workspace().timezone))
            if point:
                ours = {member.id for member in team(unit)}
                person_id = client.owner_id if client.owner_id in ours else plan.started_by
                subject = f"{plan_id}:{point.due_on.isoformat()}"
                nudge(unit, CHECKPOINT, person_id, subject=subject, now=now, client_id=client.id, details=plan_id)

    def due_checkpoint(self, unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
        """What is said of a checkpoint until it is held."""
        plan = unit.plans.get(known.details)
        point = _due_point(plan, local_day(now, unit.workspace().timezone))
        if point is None:
            return None
        return Told(
            about=unit.clients.get(plan.client_id).name,
            what=Sentence(
                "The plan has a checkpoint due {due_on:%a} {day} {due_on:%b}: {goal}",
                due_on=point.due_on,
                day=point.due_on.day,
                goal=plan.goal,
            ),
            ways=(Way(label="Hold checkpoint", action=Button.CHECKPOINT, value=plan.id),),
        )

    def remind_next(self, workspace_id: str, plan_id: str) -> None:
        """Sets the due time of the checkpoint after today's, also when today's is never held."""
        with self._units.begin(workspace_id) as unit:
            _client, plan = _locked(unit, plan_id)
            _remind_after(unit, plan, local_day(self._clock.now(), unit.workspace().timezone))

    def waiting(self, unit: UnitOfWork, member: Member, now: datetime) -> list[Waiting]:
        """Due checkpoints and plans that want an outcome, for the client's owner and whoever started the plan."""
        today = local_day(now, unit.workspace().timezone)
        found = ((unit.clients.get(plan.client_id), plan) for plan in unit.plans.running())
        mine = [(client, plan) for client, plan in found if member.id in {client.owner_id, plan.started_by}]
        return [waits for client, plan in mine if may_see(member, client) for waits in _waiting(client, plan, today)]

    def _sheet(self, unit: UnitOfWork, reader: Member, client: Client, plan: Plan | None) -> PlanSheet:
        return PlanSheet(
            client=client,
            plan=plan,
            next_checkpoint=planning.next_checkpoint(plan) if plan else None,
            today=local_day(self._clock.now(), unit.workspace().timezone),
            may_decide=may_decide(reader, client),
        )


def _reminded(unit: UnitOfWork, client: Client, plan: Plan) -> tuple[str, ...]:
    starter = unit.people.find_member(plan.started_by)
    others = [plan.started_by] if starter and may_see(starter, client) else []
    return tuple(dict.fromkeys((client.owner_id, *others)))


def _locked(unit: UnitOfWork, plan_id: str) -> tuple[Client, Plan]:
    """The plan as it is once nobody else can change it any more."""
    client = unit.clients.lock(unit.plans.get(plan_id).client_id)
    return client, unit.plans.get(plan_id)


def _require_free(unit: UnitOfWork, client: Client, actor: Member) -> None:
    if any(plan.ended_at is None for plan in unit.plans.of_client(client.id)):
        raise ConflictError(
            Sentence("A plan for {name} is already running. Open it to see how it goes.", name=client.name)
        )
    if client.stage in _OVER:
        raise ConflictError(
            Sentence("{name} was told that we part, so there is no plan to start any more.", name=client.name)
        )
    if client.stage is Stage.DECIDED and may_decide(actor, client):
        raise ConflictError(
            Sentence("Parting from {name} is decided. Reopen that before you start a plan.", name=client.name)
        )  # DC03


def _drafted(client: Client, draft: PlanDraft, actor: Member, now: datetime) -> Plan:
    return Plan(
        id=f"pl-{secrets.token_hex(8)}",
        workspace_id=client.workspace_id,
        client_id=client.id,
        goal=draft.goal.strip(),
        concerns=draft.concerns,
        actions=draft.actions,
        checkpoints=tuple(Checkpoint(due_on=on) for on in draft.checkpoints),
        started_at=now,
        started_by=actor.id,
        on_business=draft.on_business,
        on_team=draft.on_team,
        coaching=draft.coaching,
        alternatives=draft.alternatives.strip(),
    )


def _moved(unit: UnitOfWork, client: Client, source: Stage, to: Stage, now: datetime) -> Client:
    """The client, moved if it stands at `source`; from anywhere else a plan moves nothing."""
    if client.stage is not source:
        return client
    moved = replace(client, stage=move(client.stage, to, now=now), stage_since=now)
    unit.clients.save(moved)
    return moved


def _extended(plan: Plan, today: date) -> Plan:
    """Runs on with two more checkpoints: an extended plan has not ended."""
    last = max(today, *(point.due_on for point in plan.checkpoints))
    further = tuple(Checkpoint(due_on=last + span) for span in FURTHER_CHECKPOINTS)
    return replace(plan, checkpoints=plan.checkpoints + further, outcome=None, ended_at=None)


def _with_done(plan: Plan, concern_ids: Collection[str], today: date) -> Plan:
    actions = tuple(
        replace(action, done_on=today) if action.concern_id in concern_ids and action.done_on is None else action
        for action in plan.actions
    )
    return replace(plan, actions=actions)


def _waiting_points(plan: Plan) -> list[Checkpoint]:
    if plan.ended_at:
        return []
    return sorted((point for point in plan.checkpoints if point.held_on is None), key=lambda point: point.due_on)


def _due_point(plan: Plan, today: date) -> Checkpoint | None:
    """The newest that is due and not held."""
    return next((point for point in reversed(_waiting_points(plan)) if point.due_on <= today), None)


def _remind_after(unit: UnitOfWork, plan: Plan, day: date) -> None:
    following = next((point for point in _waiting_points(plan) if point.due_on > day), None)
    if following is None:
        unit.dues.drop(REMIND_CHECKPOINT, plan.id)
        return
    due_at = at_local_time(following.due_on, unit.workspace().timezone, REMINDED_AT)
    unit.dues.set(REMIND_CHECKPOINT.at(due_at, unit.workspace_id, plan.id))


def _waiting(client: Client, plan: Plan, today: date) -> Iterable[Waiting]:
    point = planning.next_checkpoint(plan)
    if point is None:
        yield Waiting(
            client_id=client.id,
            client_name=client.name,
            what="All checkpoints were held: how did the plan go?",
            action=Button.FINISH_PLAN,
            value=plan.id,
        )
    elif point.due_on <= today:
        yield Waiting(
            client_id=client.id,
            client_name=client.name,
            what="A checkpoint of the plan is due.",
            action=Button.CHECKPOINT,
            value=plan.id,
        )
