"""Being fair to ourselves: can what we set out to do be reached, and is it worth reaching (FG15)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from rules.decisions.plan import ActionSide, Plan
from rules.sentences import Sentence

MOST_AT_ONCE = 4  # open actions that one of us looks after
_ABSOLUTE = re.compile(
    r"\b(?:always|never|every time|at once|immediately|no more|100 ?%|perfect\w*"
    r"|altijd|nooit|meteen|sempre|mai|alltid|aldrig|genast)(?!\w)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\d|\b(?:one|two|three|four|five|ten|half|each|een|twee|drie|un|dos|tres|en|två|tre)\b", re.IGNORECASE
)


def doubts(plan: Plan) -> tuple[str, ...]:
    """What to think about again, a sentence each. It asks and never blocks: people know what they can do."""
    return tuple(_doubts(plan))


def _doubts(plan: Plan) -> Iterator[str]:
    if not plan.target.strip():
        yield "No target is set: what can be reached by the last checkpoint, with the people we have?"
    elif _ABSOLUTE.search(plan.target):
        yield Sentence(
            "“{target}”: nobody can keep that up. What would be a good step that can be reached?", target=plan.target
        )
    for action in plan.live_actions:
        if action.is_open and action.benchmark and _ABSOLUTE.search(action.benchmark):
            yield Sentence(
                "“{benchmark}” is hard to reach. Would two times out of three be worth having?",
                benchmark=action.benchmark,
            )
        elif action.is_open and action.benchmark and not _COUNTED.search(action.benchmark):
            yield Sentence("“{benchmark}” can't be counted. How many, or by which day?", benchmark=action.benchmark)
    yield from _overload(plan)


def _overload(plan: Plan) -> Iterator[str]:
    ours = [each for each in plan.live_actions if each.is_open and each.side is not ActionSide.THEIRS]
    for owner_id, count in Counter(each.owner_id for each in ours).items():
        if count > MOST_AT_ONCE:
            yield Sentence(
                "<@{owner_id}> looks after {number} open actions. Is that fair, beside everything else?",
                owner_id=owner_id,
                number=count,
            )
    last = max((point.due_on for point in plan.checkpoints), default=date.max)
    if any(each.due_on > last for each in ours):
        yield "An action ends after the last checkpoint, so nobody would look at it. Bring it forward, or look later."
