"""Redirection plans: mending before ending (RP01-RP12). A look at ourselves comes first (FG01-FG03)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.access import locked_client, may_decide, require_ours, require_visible, seen_client
from bot.agenda import REMIND_CHECKPOINT
from bot.services.audit import record
from bot.services.decisions.action_reminders import remind_of_actions
from bot.services.decisions.plan_files import PlanFiles, PlanSheet, locked_plan, require_owners
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import Stage, move
from rules.decisions import planning
from rules.decisions.drafting import first_checkpoints, ready_actions
from rules.decisions.perspective import Perspective, require_answered, usable
from rules.decisions.plan import (
    Action,
    Checkpoint,
    Coaching,
    Concern,
    Outcome,
    Plan,
    Response,
    Rhythm,
)
from rules.decisions.planning import due_point, waiting_points
from rules.decisions.revising import Stroke, extended, learned, with_done
from rules.errors import ConflictError
from rules.local_days import at_local_time, local_day, local_time
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import OTHERWISE, NeedKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name

REMINDED_AT = time(9, 0)

_OVER = frozenset({Stage.TOLD, Stage.HANDING_OFF, Stage.CLOSED})
_CHANGED_MEANWHILE = "Three short questions come before a plan. Open the plan again to answer them."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What the form asks for. `first` is an action of ours for the first concern; `ways` bring further ones."""

    goal: str
    concerns: tuple[Concern, ...]
    first: Action
    ways: tuple[str, ...] = ()
    target: str = ""
    rhythm: Rhythm = Rhythm.FORTNIGHTLY
    own_days: tuple[date, ...] = ()
    alternatives: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A checkpoint, held: `on` is when it was due, `done` names the actions that are done by now (RP06).

    `coaching` answers the question whether coaching can help; `then` is what follows, None: the plan goes on.
    """

    on: date
    response: Response
    note: str = ""
    done: tuple[str, ...] = ()
    coaching: Coaching | None = None
    then: Outcome | None = None


class PlanService:
    """Starts plans, holds their checkpoints and ends them. Everybody of the team may."""

    def __init__(self, units: Units, clock: Clock, files: PlanFiles) -> None:
        self._units = units
        self._clock = clock
        self._files = files

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> PlanSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            plan = next(iter(unit.plans.of_client(client.id)), None)
            return self._files.sheet(unit, reader, client, plan)

    def sheet_of_plan(self, workspace_id: str, reader: Member, plan_id: str) -> PlanSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            plan = unit.plans.get(plan_id)
            return self._files.sheet(unit, reader, seen_client(unit, reader, plan.client_id), plan)

    def assess(self, workspace_id: str, actor: Member, client_id: str, answers: Perspective) -> PlanSheet:
        """FG01-FG03, RP01, RP02: kept as it was written, whatever follows. `answers` get their id and day here."""
        require_ours(actor)
        require_answered(answers)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            _require_free(unit, client, actor)
            kept = replace(
                answers,
                id=f"ps-{secrets.token_hex(8)}",
                workspace_id=workspace_id,
                client_id=client.id,
                by_id=actor.id,
                at=now,
            )
            unit.perspectives.save(kept)
            record(unit, actor, now, "perspective taken", client.id)
            return self._files.sheet(unit, actor, client, next(iter(unit.plans.of_client(client.id)), None))

    def start(self, workspace_id: str, actor: Member, client_id: str, draft: PlanDraft) -> PlanSheet:
        """Starts the only running plan of a client; what is missing comes back beside its fields."""
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            _require_free(unit, client, actor)
            taken = usable(unit.perspectives.newest(client.id), unit.plans.of_client(client.id), now)
            if taken is None:
                raise ConflictError(_CHANGED_MEANWHILE)
            today = local_day(now, unit.workspace().timezone)
            plan = self._drafted(unit, client, draft, taken, actor, today)
            planning.require_complete(plan, today)
            require_owners(unit, client, plan.actions)
            unit.plans.save(plan)
            # A secret stage stays as it is: a refusal would give it away (design section 1).
            client = _moved(unit, client, Stage.ACTIVE, Stage.AMENDING, now)
            _remind_after(unit, plan, today)
            remind_of_actions(unit, plan, now)
            record(unit, actor, now, "plan started", plan.id)
            return self._files.sheet(unit, actor, client, plan)

    def hold(self, workspace_id: str, actor: Member, plan_id: str, meeting: Meeting) -> PlanSheet:
        """A checkpoint, and what follows from it, in one go (RP07-RP09)."""
        require_ours(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, plan = locked_plan(unit, plan_id)
            require_visible(actor, client)
            here = local_time(now, unit.workspace().timezone)
            score = self._files.score(unit, client.id)
            held = planning.hold_checkpoint(
                plan, meeting.on, meeting.response, meeting.note, here, by=actor.id, score_tenths=score
            )
            stroke = Stroke(by_id=actor.id, at=now, today=here.date())
            held = with_done(held, meeting.done, stroke)
            if meeting.coaching:
                held = learned(held, meeting.coaching, stroke)
            record(unit, actor, now, "checkpoint held", plan_id, meeting.response)
            if meeting.then:
                return self._end(unit, actor, client, held, meeting.then, meeting.note)
            unit.plans.save(held)
            _remind_after(unit, held, meeting.on)
            remind_of_actions(unit, held, now)
            return self._files.sheet(unit, actor, client, held)

    def finish(self, workspace_id: str, actor: Member, plan_id: str, outcome: Outcome, note: str) -> PlanSheet:
        """Ends the plan, or gives it two more checkpoints (RP09)."""
        require_ours(actor)
        with self._units.begin(workspace_id) as unit:
            client, plan = locked_plan(unit, plan_id)
            require_visible(actor, client)
            return self._end(unit, actor, client, plan, outcome, note)

    def remind(self, workspace_id: str, plan_id: str) -> None:
        """Has the client's owner told of the checkpoint that is due; where that one has left, who started the plan."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            plan = unit.plans.get(plan_id)
            client = unit.clients.get(plan.client_id)
            point = due_point(plan, local_day(now, unit.workspace().timezone))
            if point:
                ours = {member.id for member in team(unit)}
                person_id = client.owner_id if client.owner_id in ours else plan.started_by
                subject = f"{plan_id}:{point.due_on.isoformat()}"
                nudge(
                    unit,
                    NudgeKind.CHECKPOINT,
                    person_id,
                    subject=subject,
                    now=now,
                    client_id=client.id,
                    details=plan_id,
                )

    def due_checkpoint(self, unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
        """What is said of a checkpoint until it is held."""
        plan = unit.plans.get(known.details)
        point = due_point(plan, local_day(now, unit.workspace().timezone))
        if point is None:
            return None
        return Told(
            about=unit.clients.get(plan.client_id).name,
            what=Sentence("The plan has a checkpoint due {day}: {goal}", day=day_name(point.due_on), goal=plan.goal),
            ways=(Way(WayOn.CHECKPOINT, plan.id),),
            otherwise=OTHERWISE[NeedKind.CHECKPOINT],
        )

    def remind_next(self, workspace_id: str, plan_id: str) -> None:
        """Sets the due time of the checkpoint after today's, also when today's is never held."""
        with self._units.begin(workspace_id) as unit:
            _client, plan = locked_plan(unit, plan_id)
            _remind_after(unit, plan, local_day(self._clock.now(), unit.workspace().timezone))

    def _drafted(
        self, unit: UnitOfWork, client: Client, draft: PlanDraft, taken: Perspective, actor: Member, today: date
    ) -> Plan:
        drafting = self._files.drafting(unit, draft.first.owner_id or actor.id, today)
        actions = ready_actions(draft.ways, draft.concerns, draft.first, drafting) if draft.concerns else ()
        days = draft.own_days or first_checkpoints(draft.rhythm, today)
        plan = Plan(
            id=f"pl-{secrets.token_hex(8)}",
            workspace_id=client.workspace_id,
            client_id=client.id,
            goal=draft.goal.strip(),
            concerns=draft.concerns,
            actions=actions,
            checkpoints=tuple(Checkpoint(due_on=on) for on in days),
            started_at=self._clock.now(),
            started_by=actor.id,
            on_business=taken.on_business,
            on_team=taken.on_team,
            coaching=taken.coaching,
            alternatives=draft.alternatives.strip(),
            target=draft.target.strip(),
            rhythm=draft.rhythm,
            score_tenths=self._files.score(unit, client.id),
        )
        return planning.numbered(plan)

    def _end(
        self, unit: UnitOfWork, actor: Member, client: Client, plan: Plan, outcome: Outcome, note: str
    ) -> PlanSheet:
        now = self._clock.now()
        today = local_day(now, unit.workspace().timezone)
        finished = planning.finish(plan, outcome, note, now)
        if outcome is Outcome.EXTEND:
            longer = planning.extend(replace(finished, outcome=None, ended_at=None), today)
            days = ", ".join(day_name(point.due_on) for point in longer.checkpoints if point.held_on is None)
            stroke = Stroke(by_id=actor.id, at=now, today=today)
            finished = extended(longer, stroke, Sentence("Further checkpoints: {days}", days=days))
            _remind_after(unit, finished, today)
        else:
            finished = self._files.with_effect(unit, finished, today)
            unit.dues.drop(REMIND_CHECKPOINT, plan.id)
        if outcome in planning.MENDED:
            client = _moved(unit, client, Stage.AMENDING, Stage.ACTIVE, now)
        unit.plans.save(finished)
        remind_of_actions(unit, finished, now)
        record(unit, actor, now, "plan extended" if outcome is Outcome.EXTEND else "plan ended", plan.id, outcome)
        return self._files.sheet(unit, actor, client, finished)


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


def _moved(unit: UnitOfWork, client: Client, source: Stage, to: Stage, now: datetime) -> Client:
    """The client, moved if it stands at `source`; from anywhere else a plan moves nothing."""
    if client.stage is not source:
        return client
    moved = client.moved_to(move(client.stage, to, now=now), now)
    unit.clients.save(moved)
    return moved


def _remind_after(unit: UnitOfWork, plan: Plan, day: date) -> None:
    following = next((point for point in waiting_points(plan) if point.due_on > day), None)
    if following is None:
        unit.dues.drop(REMIND_CHECKPOINT, plan.id)
        return
    due_at = at_local_time(following.due_on, unit.workspace().timezone, REMINDED_AT)
    unit.dues.set(REMIND_CHECKPOINT.at(due_at, unit.workspace_id, plan.id))
