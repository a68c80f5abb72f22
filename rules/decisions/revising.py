"""Changing a plan while it runs; each change is kept in its history (RP06, RP09, RP10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.decisions.plan import (
    Action,
    ActionStatus,
    ChangeKind,
    Coaching,
    Concern,
    Plan,
    PlanChange,
    TalkPoints,
)
from rules.decisions.planning import concern_faults, faults_of_action, require_running, structure_faults
from rules.errors import InvalidError, NotFoundError
from rules.sentences import Sentence
from rules.workdays import day_name

GONE = "This is not in the plan any more. Open the plan again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """Who changes a plan, and when; `today` is the workspace's."""

    by_id: str
    at: datetime
    today: date


def with_concern(plan: Plan, concern: Concern, actions: tuple[Action, ...], stroke: Stroke) -> Plan:
    """A further concern with its first actions: none is left without one (RP03)."""
    require_running(plan)
    named = replace(concern, id=_free("c", [each.id for each in plan.concerns]))
    grown = _noted(
        replace(plan, concerns=(*plan.concerns, named)),
        stroke,
        ChangeKind.ADDED,
        Sentence("Concern: {text}", text=concern.text),
    )
    for action in actions:
        grown = with_action(grown, replace(action, concern_id=named.id), stroke)
    return _sound(grown)


def changed_concern(plan: Plan, concern: Concern, stroke: Stroke) -> Plan:
    require_running(plan)
    known = concern_of(plan, concern.id)
    if known == concern:
        return plan
    concerns = tuple(concern if each is known else each for each in plan.concerns)
    return _sound(
        _noted(
            replace(plan, concerns=concerns),
            stroke,
            ChangeKind.CHANGED,
            Sentence("Concern: {text}", text=concern.text),
            known.text,
        )
    )


def dropped_concern(plan: Plan, concern_id: str, stroke: Stroke) -> Plan:
    """With its open actions: they have nothing left to answer."""
    require_running(plan)
    known = concern_of(plan, concern_id)
    if len(plan.live_concerns) == 1:
        raise InvalidError("A plan needs a concern. Add another one first, or finish the plan.")
    concerns = tuple(replace(each, dropped_on=stroke.today) if each is known else each for each in plan.concerns)
    actions = tuple(
        replace(each, status=ActionStatus.DROPPED) if each.concern_id == concern_id and each.is_open else each
        for each in plan.actions
    )
    dropped = replace(plan, concerns=concerns, actions=actions)
    return _sound(_noted(dropped, stroke, ChangeKind.DROPPED, Sentence("Concern: {text}", text=known.text)))


def with_action(plan: Plan, action: Action, stroke: Stroke) -> Plan:
    require_running(plan)
    concern_of(plan, action.concern_id)
    named = replace(action, id=_free("a", [each.id for each in plan.actions]))
    _require_right(named, stroke)
    grown = replace(plan, actions=(*plan.actions, named))
    return _noted(grown, stroke, ChangeKind.ADDED, action.text)


def changed_action(plan: Plan, action: Action, stroke: Stroke) -> Plan:
    """Also done, begun or dropped: the status is what changes then."""
    require_running(plan)
    known = action_of(plan, action.id)
    action = replace(action, done_on=(known.done_on or stroke.today) if action.status is ActionStatus.DONE else None)
    if action == known:
        return plan
    if action.is_open:
        _require_right(action, stroke, known)
    kind = _kind(known, action)
    actions = tuple(action if each is known else each for each in plan.actions)
    before = ", ".join(told for told, now in zip(_told(known), _told(action), strict=True) if told != now)
    return _sound(_noted(replace(plan, actions=actions), stroke, kind, ", ".join(_told(action)), before))


def with_done(plan: Plan, action_ids: Iterable[str], stroke: Stroke) -> Plan:
    wanted = set(action_ids)
    for action in plan.actions:
        if action.id in wanted and action.is_open:
            plan = changed_action(plan, replace(action, status=ActionStatus.DONE), stroke)
    return plan


def learned(plan: Plan, coaching: Coaching, stroke: Stroke) -> Plan:
    """The first checkpoint has answered whether coaching can help (RP02)."""
    answered = replace(plan, coaching=coaching, coaching_asked=True)
    return _noted(
        answered,
        stroke,
        ChangeKind.LEARNED,
        Sentence("Can coaching help: {coaching}", coaching=coaching),
        plan.coaching,
    )


def extended(plan: Plan, stroke: Stroke, days: str) -> Plan:
    return _noted(plan, stroke, ChangeKind.EXTENDED, days)


def with_talk(plan: Plan, points: TalkPoints) -> Plan:
    """Points that were emptied are drafted anew from the way's pattern."""
    others = tuple(each for each in plan.talks if each.way != points.way)
    return replace(plan, talks=(*others, points) if points.points.strip() else others)


def action_of(plan: Plan, action_id: str) -> Action:
    found = next((each for each in plan.actions if each.id == action_id), None)
    if found is None:
        raise NotFoundError(GONE)
    return found


def concern_of(plan: Plan, concern_id: str) -> Concern:
    found = next((each for each in plan.live_concerns if each.id == concern_id), None)
    if found is None:
        raise NotFoundError(GONE)
    return found


def _free(letter: str, taken: list[str]) -> str:
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def _kind(known: Action, action: Action) -> ChangeKind:
    if known.status is not action.status and action.status in {ActionStatus.DONE, ActionStatus.DROPPED}:
        return ChangeKind.DONE if action.status is ActionStatus.DONE else ChangeKind.DROPPED
    begins = known.status is not action.status is ActionStatus.DOING
    return ChangeKind.BEGUN if begins else ChangeKind.CHANGED


def _told(action: Action) -> tuple[str, str]:
    """What the history says of an action, beside what became of it."""
    return action.text, Sentence("until {day}", day=day_name(action.due_on))


def _require_right(action: Action, stroke: Stroke, known: Action | None = None) -> None:
    """A day that has passed may stay where it stood already: the words can be changed without moving it."""
    since = min(stroke.today, known.due_on) if known else stroke.today
    found = next(faults_of_action(action, since), "")
    if found:
        raise InvalidError(found, {"text": found})


def _sound(plan: Plan) -> Plan:
    found = concern_faults(plan) or next(structure_faults(plan), "")
    if found:
        raise InvalidError(found, {"text": found})
    return plan


def _noted(plan: Plan, stroke: Stroke, kind: ChangeKind, what: str, before: str = "") -> Plan:
    change = PlanChange(at=stroke.at, by_id=stroke.by_id, kind=kind, what=what, before=before)
    return replace(plan, changes=(*plan.changes, change))
