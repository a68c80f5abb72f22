"""From concerns and chosen ways to the actions that a plan starts with: ready, to be edited, none missing (RP03)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.decisions.plan import Action, Concern, Rhythm
from rules.decisions.ways import MendingWay, fitting, way, words_of

AHEAD_DAYS = 28  # what the first checkpoints reach over: the gate asks for three weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """What ready actions are made with: our language, who looks after them, the first day."""

    language: str
    owner_id: str
    today: date
    categories: Mapping[str, str]


def ready_actions(
    chosen: Sequence[str], concerns: Sequence[Concern], first: Action, drafting: Drafting
) -> tuple[Action, ...]:
    """Our first action, those of the ways that were chosen, and one for each concern that had none yet."""
    actions = [first]
    for code in chosen:
        found = way(code)
        actions += ready_of(found, _home(found, concerns, drafting), drafting)
    for concern in concerns:
        if all(each.concern_id != concern.id for each in actions):
            best = fitting(_categories(concern, drafting))[0] if concern.types else way("realign")
            actions.append(ready_of(best, concern, drafting)[0])
    return tuple(actions)


def ready_of(found: MendingWay, concern: Concern, drafting: Drafting) -> list[Action]:
    """A way's actions for one concern."""
    words = words_of(found.code, drafting.language)
    return [
        Action(
            concern_id=concern.id,
            text=words.actions[each.code],
            side=each.side,
            owner_id=drafting.owner_id,
            start_on=drafting.today,
            due_on=drafting.today + timedelta(days=each.days),
            benchmark=words.known[each.code],
            is_internal=each.is_internal,
            way=found.code,
            ready=each.code,
        )
        for each in found.actions
    ]


def first_checkpoints(rhythm: Rhythm, today: date) -> tuple[date, ...]:
    return tuple(today + timedelta(days=days) for days in range(rhythm.days, AHEAD_DAYS + 1, rhythm.days))


def _home(found: MendingWay, concerns: Sequence[Concern], drafting: Drafting) -> Concern:
    """The first concern that the way suits, else the first one."""
    suited = (each for each in concerns if found.suits & set(_categories(each, drafting)))
    return next(suited, concerns[0])


def _categories(concern: Concern, drafting: Drafting) -> Iterable[str]:
    return [drafting.categories[code] for code in concern.types if code in drafting.categories]
