"""The stages of a relationship and the ways between them (design section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.errors import ConflictError
from rules.sentences import Sentence


class Stage(StrEnum):
    """Where a relationship stands."""

    ACTIVE = "active"
    AMENDING = "amending"
    CONSIDERING = "considering"
    DECIDED = "decided"
    TOLD = "told"
    HANDING_OFF = "handing_off"
    CLOSED = "closed"


class Origin(StrEnum):
    """Why a parting happens."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS_FAULT = "nobodys_fault"
    NATURAL_FADE = "natural_fade"


REOPENING_WAIT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """What it takes to come back from a decision: a new fact, somebody who answers for it, and a day (DC03, DC04)."""

    fact: str
    owner_id: str
    asked_at: datetime

    @property
    def opens_at(self) -> datetime:
        return self.asked_at + REOPENING_WAIT


MOVES: Final = MappingProxyType(
    {
        Stage.ACTIVE: frozenset({Stage.AMENDING, Stage.CONSIDERING}),
        Stage.AMENDING: frozenset({Stage.ACTIVE, Stage.CONSIDERING}),
        Stage.CONSIDERING: frozenset({Stage.ACTIVE, Stage.AMENDING, Stage.DECIDED}),
        Stage.DECIDED: frozenset({Stage.TOLD, Stage.ACTIVE}),
        Stage.TOLD: frozenset({Stage.HANDING_OFF, Stage.ACTIVE}),
        Stage.HANDING_OFF: frozenset({Stage.CLOSED}),
        Stage.CLOSED: frozenset({Stage.ACTIVE}),
    }
)

_SECRET: Final = frozenset({Stage.CONSIDERING, Stage.DECIDED})
_LOCKED: Final = frozenset({Stage.DECIDED, Stage.TOLD})
_SAID: Final = MappingProxyType(
    {
        Stage.ACTIVE: "active",
        Stage.AMENDING: "in a plan",
        Stage.CONSIDERING: "being considered",
        Stage.DECIDED: "decided",
        Stage.TOLD: "told",
        Stage.HANDING_OFF: "handing off",
        Stage.CLOSED: "closed",
    }
)


def move(
    stage: Stage,
    to: Stage,
    *,
    now: datetime,
    gate_passed: bool = False,
    reopening: Reopening | None = None,
    door_open: bool = False,
) -> Stage:
    """The new stage, or a `ConflictError` that says what is in the way. Standing still is no move and always goes.

    `door_open`: what faded by itself may come back as simply as it went (RF43).
    """
    if to is stage:
        return stage
    if to not in MOVES[stage]:
        raise ConflictError(
            Sentence(
                "This client is {said} now and can't become {said_2} from there. Open the client again.",
                said=_SAID[stage],
                said_2=_SAID[to],
            )
        )
    if to is Stage.DECIDED and not gate_passed:
        raise ConflictError("The checklist is not complete, so nothing is decided yet. Open it to see what is missing.")
    if stage is Stage.CLOSED and not door_open:
        raise ConflictError("This parting is over. Only a natural fade leaves the door open.")
    if stage in _LOCKED and to is Stage.ACTIVE:
        _require_reopening(reopening, now)
    return to


def is_secret(stage: Stage) -> bool:
    """Only those who decide know of it until the client has been told."""
    return stage in _SECRET


def shown_stage(stage: Stage, *, to_decider: bool, plan_runs: bool = False) -> Stage:
    """The stage as a person may see it: a secret one looks like the plan or the everyday work around it."""
    if to_decider or not is_secret(stage):
        return stage
    return Stage.AMENDING if plan_runs else Stage.ACTIVE


def _require_reopening(reopening: Reopening | None, now: datetime) -> None:
    if reopening is None or not reopening.fact.strip() or not reopening.owner_id:
        raise ConflictError(
            "A decision is reopened only by a new fact. Write it down, and name somebody who answers for it."
        )
    if now < reopening.opens_at:
        raise ConflictError("A decision is reopened 24 hours after somebody asked for it. Please come back then.")
