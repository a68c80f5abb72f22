"""What a plan did, from its notes, actions and checkpoints; said in one sentence at its end and at the gate (AM04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rules.decisions.plan import ActionStatus, Effect, Plan, Response
from rules.decisions.planning import held_checkpoints, response_of
from rules.health.signal import Side, Signal, State
from rules.sentences import Sentence

_RESPONDED = {
    Response.GOOD: "they took it up",
    Response.SOME: "they made a beginning",
    Response.NONE: "they did not respond",
}


def effect_of(
    plan: Plan, signals: Iterable[Signal], *, began_on: date, today: date, score_now_tenths: int | None
) -> Effect:
    """Counts live notes since the start against the same time before. Without known types every flag is looked at."""
    days = max(1, (today - began_on).days)
    live = [each for each in signals if each.state is State.LIVE]
    flags = [each for each in live if each.side is Side.THEIRS and (not plan.types or each.type in plan.types)]
    praise = [each for each in live if each.side is Side.PRAISE]
    before = began_on - timedelta(days=days)

    def within(notes: list[Signal], first: date, last: date) -> int:
        return sum(first <= each.happened_on < last for each in notes)

    return Effect(
        days=days,
        score_then_tenths=plan.score_tenths,
        score_now_tenths=score_now_tenths,
        flags_before=within(flags, before, began_on),
        flags_since=within(flags, began_on, today + timedelta(days=1)),
        praise_before=within(praise, before, began_on),
        praise_since=within(praise, began_on, today + timedelta(days=1)),
        actions=len(plan.live_actions),
        done=sum(each.status is ActionStatus.DONE for each in plan.live_actions),
        held=held_checkpoints(plan),
        response=response_of(plan),
    )


def effect_sentence(effect: Effect) -> str:
    """One sentence, the same wherever it is said."""
    scores = (effect.score_then_tenths, effect.score_now_tenths)
    moved = (
        Sentence(
            "the score went from {rounded} to {rounded_2}, ", rounded=rounded(scores[0]), rounded_2=rounded(scores[1])
        )
        if None not in scores
        else ""
    )
    responded = Sentence(", and {responded}", responded=_RESPONDED[effect.response]) if effect.response else ""
    return Sentence(
        "In {counted} {moved}{counted_2} of its concerns came ({flags_before} in the same time "
        "before), {praise_since} praise ({praise_before} before), {done} of {counted_3} "
        "done{responded}.",
        counted=_counted(effect.days, "day"),
        moved=moved,
        counted_2=_counted(effect.flags_since, "note"),
        flags_before=effect.flags_before,
        praise_since=effect.praise_since,
        praise_before=effect.praise_before,
        done=effect.done,
        counted_3=_counted(effect.actions, "action"),
        responded=responded,
    )


def rounded(tenths: int | None) -> str:
    return "too early to say" if tenths is None else str((tenths + 5) // 10)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
