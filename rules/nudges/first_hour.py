"""The first hour after the installation: a few steps, each done, skipped or still to be taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class FirstStep(StrEnum):
    """In the order in which they are offered."""

    CLIENT = "client"
    CHANNEL = "channel"
    NOTE = "note"
    DECIDERS = "deciders"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How far it is. `person_id` installed Amicable, where that is known; `shown` is what they were shown last."""

    person_id: str = ""
    skipped: tuple[FirstStep, ...] = ()
    shown: tuple[FirstStep, ...] = ()
    is_over: bool = False


def concerns(guide: Guide, person_id: str, *, is_admin: bool) -> bool:
    return is_admin or person_id == guide.person_id


def left(guide: Guide | None, done: Collection[FirstStep]) -> tuple[FirstStep, ...]:
    """What is still to be taken; a channel belongs to a client, so it waits for the first one."""
    if guide is None or guide.is_over:
        return ()
    waits = {FirstStep.CHANNEL} if FirstStep.CLIENT not in done else set()
    return tuple(step for step in FirstStep if step not in {*done, *guide.skipped, *waits})
