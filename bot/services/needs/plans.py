"""What plans and agreements need: checkpoints, promises, milestones, answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from bot.services.agreements.reminders import may_know
from bot.services.needs.scene import Scene
from bot.services.waiting import Need, WayOn
from rules.clients.accord import due_milestones
from rules.clients.client import Client
from rules.decisions import planning
from rules.decisions.plan import Action, Plan
from rules.health.signal import Side
from rules.local_days import local_time
from rules.nudges.need import NeedKind
from rules.sentences import Sentence

BEFORE = timedelta(days=1)


def of_plans(scene: Scene) -> Iterator[Need]:
    for plan in scene.plans:
        client = scene.cards[plan.client_id].client
        yield from _checkpoint(scene, client, plan)
        yield from _promises(scene, client, planning.numbered(plan))


def of_agreements(scene: Scene) -> Iterator[Need]:
    for accord in scene.accords.values():
        client = scene.cards[accord.client_id].client
        for line, milestone in due_milestones(accord, scene.today):
            yield scene.need(
                NeedKind.MILESTONE,
                client,
                Sentence(
                    "A milestone was due {day}: {text}. Was it kept?",
                    day=_day(milestone.due_on),
                    text=milestone.text or line.text,
                ),
                (WayOn.SETTLE_MILESTONE, f"{accord.id}:{milestone.id}"),
                named=scene.owner(client),
                when=(milestone.due_on, milestone.due_on),
            )
    yield from _answers(scene)


def _checkpoint(scene: Scene, client: Client, plan: Plan) -> Iterator[Need]:
    named = scene.ours([client.owner_id, plan.started_by], client) or scene.owner(client)
    point = planning.next_checkpoint(plan)
    if point is None:
        held = max((each.held_on for each in plan.checkpoints if each.held_on), default=scene.day(plan.started_at))
        yield scene.need(
            NeedKind.OUTCOME,
            client,
            "All checkpoints were held: how did the plan go?",
            (WayOn.FINISH_PLAN, plan.id),
            named=named,
            when=(held, held),
        )
    elif point.due_on <= scene.today:
        what: str = Sentence("The plan “{goal}” has a checkpoint today.", goal=plan.goal)
        if point.due_on < scene.today:
            what = Sentence("A checkpoint of the plan “{goal}” was missed.", goal=plan.goal)
        if not planning.runs_on(plan, scene.today):
            what = "The plan stands still: a checkpoint was missed. Hold it, or end the plan."
        yield scene.need(
            NeedKind.CHECKPOINT,
            client,
            what,
            (WayOn.CHECKPOINT, plan.id),
            named=named,
            when=(point.due_on, point.due_on),
            otherwise="" if planning.runs_on(plan, scene.today) else "It goes on counting as no plan.",
        )


def _promises(scene: Scene, client: Client, plan: Plan) -> Iterator[Need]:
    """What somebody said they would do about the client, from the day before it is due: one thing a person."""
    waiting: dict[tuple[str, ...], list[Action]] = defaultdict(list)
    for action in sorted(plan.live_actions, key=_due):
        if action.is_open and action.due_on <= scene.today + BEFORE:
            waiting[scene.ours([action.owner_id], client) or scene.owner(client)].append(action)
    for named, actions in waiting.items():
        first, *others = actions
        late = len([each for each in actions if each.due_on < scene.today])
        on, text = _day(first.due_on), first.text
        what: str = Sentence("“{text}” is promised for {on}.", text=text, on=on)
        if late:
            what = Sentence(
                "“{text}” was promised and is not done.", "{count} promises are not done, the first: “{text}”.",
                count=late, text=text,
            )  # fmt: skip
        yield scene.need(
            NeedKind.PROMISE,
            client,
            what,
            (WayOn.PLAN, client.id) if others else (WayOn.CHANGE_PLAN_ACTION, f"{plan.id}:{first.id}"),
            named=named,
            when=(first.due_on, first.due_on),
            key=f"{NeedKind.PROMISE}:{plan.id}:{first.id}:{first.due_on.isoformat()}:{named[0] if named else ''}",
        )


def _due(action: Action) -> date:
    return action.due_on


def _answers(scene: Scene) -> Iterator[Need]:
    """Answers that we owe, for whoever started the clock and the client's owner."""
    timezone = scene.workspace.timezone
    for clock in scene.clocks:
        client = scene.client(clock.client_id)
        if client is None or clock.side is not Side.OURS:
            continue
        ends_at = local_time(clock.ends_at, timezone)
        what = (
            Sentence("We owe an answer by {local_time:%a %H:%M}.", local_time=ends_at)
            if clock.ends_at > scene.now
            else "We owe an answer, and the agreed window is over."
        )
        able = scene.ours([clock.started_by, client.owner_id], client)
        yield scene.need(
            NeedKind.ANSWER,
            client,
            what,
            (WayOn.AGREEMENT, client.id),
            named=[each for each in able if may_know(scene.unit, scene.people[each], clock)],
            when=(min(scene.day(clock.ends_at), scene.today), scene.day(clock.ends_at)),
            is_secret=True,
        )


def _day(on: date) -> str:
    return f"{on:%a} {on.day} {on:%b}"
