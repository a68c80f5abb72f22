"""What makes a redirection plan a plan, and how it runs (RP01-RP12, AM16, AM17, AM27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from rules.decisions.plan import Action, ActionSide, ActionStatus, Checkpoint, Outcome, Plan, Response
from rules.errors import ConflictError, InvalidError, NotFoundError
from rules.sentences import Sentence
from rules.workdays import count_back, day_name

MIN_CHECKPOINTS = 2
# A checkpoint may be held a little early, since meetings move; not so early that a plan is over before it ran.
EARLY = timedelta(days=3)
# An action's owner is reminded once before it is due, in working days, and once after.
REMINDED_BEFORE, REMINDED_AFTER = 1, timedelta(days=1)
MISSED_FOR = timedelta(days=7)
USUAL_DAYS = 14  # between two checkpoints of a plan that has no rhythm
# Afterwards a client that was in a plan is an active one again.
MENDED = frozenset({Outcome.KEEP, Outcome.RENEW, Outcome.ABANDONED})


def check(plan: Plan, today: date) -> dict[str, str]:
    """What keeps this plan from being started, by form field: a sentence each; empty when nothing does."""
    found = {
        "goal": _goal_fault(plan),
        "concerns": concern_faults(plan),
        "actions": next(_action_faults(plan, today), ""),
        "checkpoints": next(_checkpoint_faults(plan.checkpoints, today), ""),
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def require_complete(plan: Plan, today: date) -> None:
    """Raises `InvalidError` with a sentence for each field that keeps the plan from being started."""
    fields = check(plan, today)
    if fields:
        raise InvalidError("This plan is not complete yet. " + " ".join(fields.values()), fields)


def next_checkpoint(plan: Plan) -> Checkpoint | None:
    """The earliest checkpoint that was not held yet; None as well once the plan has ended."""
    return next(iter(waiting_points(plan)), None)


def waiting_points(plan: Plan) -> list[Checkpoint]:
    """Those that were not held yet, by their days; none once the plan has ended."""
    if plan.ended_at:
        return []
    return sorted((point for point in plan.checkpoints if point.held_on is None), key=lambda point: point.due_on)


def due_point(plan: Plan, today: date) -> Checkpoint | None:
    """The newest that is due and not held."""
    return next((point for point in reversed(waiting_points(plan)) if point.due_on <= today), None)


def reminders(plan: Plan) -> Iterator[tuple[Action, date]]:
    """Each action that somebody has still to do, with the two days on which its owner hears of it."""
    if plan.ended_at is None:
        for action in plan.live_actions:
            if action.is_open:
                yield action, reminded_on(action, late=False)
                yield action, reminded_on(action, late=True)


def reminded_on(action: Action, *, late: bool) -> date:
    """The day after it was due; before that the last weekday: told on Monday of what was due on Sunday, one is late."""
    return action.due_on + REMINDED_AFTER if late else count_back(action.due_on, REMINDED_BEFORE, "").day


def numbered(plan: Plan) -> Plan:
    """Plans of earlier days had one action a concern and no status: each action gets its id and what it amounts to."""
    return replace(plan, actions=tuple(_numbered(action, place) for place, action in enumerate(plan.actions, start=1)))


def checkpoints_from(plans: list[Plan], today: date) -> tuple[date, ...]:
    """Of a plan that still runs."""
    running = [plan for plan in plans if plan.ended_at is None]
    return tuple(sorted(each.due_on for plan in running for each in plan.checkpoints if each.due_on >= today))


def promises(plans: list[Plan]) -> tuple[Action, ...]:
    """What we owe them by the plan that runs: what is ours alone and what is both sides'."""
    return tuple(
        action
        for plan in plans
        if plan.ended_at is None
        for action in plan.actions
        if action.side is not ActionSide.THEIRS and action.is_open
    )


def _numbered(action: Action, place: int) -> Action:
    status = ActionStatus.DONE if action.done_on and action.status is ActionStatus.OPEN else action.status
    return replace(action, id=action.id or f"a{place}", status=status)


def hold_checkpoint(
    plan: Plan,
    on: date,
    response: Response,
    note: str,
    now: datetime,
    *,
    by: str = "",
    score_tenths: int | None = None,
) -> Plan:
    """The plan with the checkpoint due `on` held (RP07, RP08). `now` is in the workspace's time zone.

    With a rhythm another one follows where none waits, so that a running plan is never left to itself (AM11).
    """
    require_running(plan)
    point = next((point for point in plan.checkpoints if point.due_on == on), None)
    if point is None:
        raise NotFoundError(
            Sentence("This plan has no checkpoint on {on}. Open the plan again to see its days.", on=day_name(on))
        )
    if point.held_on:
        raise ConflictError(
            Sentence(
                "The checkpoint of {on} was already held on {held_on}. Open the plan to read it.",
                on=day_name(on),
                held_on=day_name(point.held_on),
            )
        )
    if now.date() < on - EARLY:
        raise ConflictError(
            Sentence(
                "The plan needs time to work. Hold the checkpoint of {on} from {on_2} on.",
                on=day_name(on),
                on_2=day_name(on - EARLY),
            )
        )
    held = replace(
        point, held_on=now.date(), held_by=by, response=response, note=note.strip(), score_tenths=score_tenths
    )
    looked_at = replace(plan, checkpoints=tuple(held if each is point else each for each in plan.checkpoints))
    if plan.rhythm and next_checkpoint(looked_at) is None:
        return _with_points(looked_at, max(now.date(), point.due_on), plan.rhythm.days, 1)
    return looked_at


def extend(plan: Plan, today: date) -> Plan:
    """Runs on with two more checkpoints: an extended plan has not ended (RP09)."""
    last = max(today, *(point.due_on for point in plan.checkpoints))
    return _with_points(plan, last, plan.rhythm.days if plan.rhythm else USUAL_DAYS, MIN_CHECKPOINTS)


def _with_points(plan: Plan, last: date, days: int, count: int) -> Plan:
    further = tuple(Checkpoint(due_on=last + timedelta(days=days * place)) for place in range(1, count + 1))
    return replace(plan, checkpoints=plan.checkpoints + further)


def finish(plan: Plan, outcome: Outcome, note: str, now: datetime) -> Plan:
    """The plan, ended with an outcome (RP09). Only an abandoned plan may end without a held checkpoint (RP07)."""
    require_running(plan)
    if outcome is not Outcome.ABANDONED and not held_checkpoints(plan):
        raise InvalidError(
            "Hold at least one checkpoint before you say how the plan went, or abandon the plan.",
            {"outcome": "No checkpoint was held yet. Hold one first, or choose to abandon the plan."},
        )
    return replace(plan, outcome=outcome, outcome_note=note.strip(), ended_at=now)


def response_of(plan: Plan) -> Response | None:
    """What the last checkpoint said."""
    held = [point for point in plan.checkpoints if point.held_on]
    return max(held, key=lambda point: (point.held_on or date.min, point.due_on)).response if held else None


def held_checkpoints(plan: Plan) -> int:
    return sum(point.held_on is not None for point in plan.checkpoints)


def newest(plans: tuple[Plan, ...]) -> Plan | None:
    return max(plans, key=lambda plan: plan.started_at, default=None)


def is_mending(plans: Sequence[Plan]) -> bool:
    """Whether the newest plan runs, or has ended without mending anything."""
    plan = newest(tuple(plans))
    return plan is not None and plan.outcome not in MENDED


def runs_on(plan: Plan, today: date) -> bool:
    """Whether somebody is at it: one whose checkpoint is missed for a week counts as not running."""
    if plan.ended_at:
        return False
    point = next_checkpoint(plan)
    return point is None or today - point.due_on <= MISSED_FOR


def require_running(plan: Plan) -> None:
    if plan.ended_at:
        raise ConflictError(
            Sentence(
                "This plan ended on {ended_at}. Start a new one if there is more to try.",
                ended_at=day_name(plan.ended_at),
            )
        )


def _goal_fault(plan: Plan) -> str:
    return "" if plan.goal.strip() else "Write one sentence about the goal that both sides share."  # AM27


def concern_faults(plan: Plan) -> str:
    concerns = plan.live_concerns
    if not concerns:
        return "Name at least one concern."
    if not all(concern.text.strip() for concern in concerns):
        return "Say in a few words what each concern is about."
    if len({concern.id for concern in concerns}) < len(concerns):
        return "A concern is listed twice. Keep one of the two."
    return ""


def _action_faults(plan: Plan, today: date) -> Iterator[str]:
    yield from structure_faults(plan)
    for action in plan.live_actions:
        yield from faults_of_action(action, today)


def structure_faults(plan: Plan) -> Iterator[str]:
    """Orphans on either side, and nothing on ours (RP03, RP11)."""
    known = {concern.id: concern.text for concern in plan.live_concerns}
    treated = [action.concern_id for action in plan.live_actions]
    for concern_id, text in known.items():
        if concern_id not in treated:
            yield Sentence("Add an action for the concern “{text}”.", text=text)
    if not {action.concern_id for action in plan.live_actions if action.is_open} <= set(known):
        yield "An action belongs to no concern of this plan. Remove it or add its concern."
    if not any(action.side in {ActionSide.OURS, ActionSide.BOTH} for action in plan.live_actions):
        yield "Add at least one action on our side: what can we do ourselves?"  # RP11


def faults_of_action(action: Action, today: date) -> Iterator[str]:
    if not action.text.strip():
        yield "Say what should be done, for each action."
        return
    name = Sentence("the action “{text}”", text=action.text)
    if not action.owner_id:
        yield Sentence("Choose who looks after {name}.", name=name)
    if not action.benchmark.strip():
        yield Sentence("Say how we will know that {name} worked.", name=name)  # RP05
    if action.is_open and action.due_on < today:
        yield Sentence("Choose a day from today on for {name}.", name=name)
    if action.start_on and action.start_on > action.due_on:
        yield Sentence("Choose a first day before the last one for {name}.", name=name)


def _checkpoint_faults(checkpoints: tuple[Checkpoint, ...], today: date) -> Iterator[str]:
    if len(checkpoints) < MIN_CHECKPOINTS:
        yield Sentence(
            "Choose at least {min_checkpoints} days on which we look at the plan together.",
            min_checkpoints=MIN_CHECKPOINTS,
        )  # RP07
    if any(point.held_on is None and point.due_on <= today for point in checkpoints):
        yield "Checkpoints have to lie in the future."
    if any(later.due_on <= earlier.due_on for earlier, later in pairwise(checkpoints)):
        yield "Each checkpoint has to come after the one before it."
