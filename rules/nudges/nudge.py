"""One unasked word to one person, and what that person wishes of such words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from rules.nudges.kinds import NudgeKind

MOST_REMEMBERED = 3  # as many as a week may have: older ones can't be in anybody's way


class NudgeState(StrEnum):
    """Where a word stands. A lapsed one was no longer true when its time had come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    LAPSED = "lapsed"
    DONE = "done"
    NOT_RELEVANT = "not_relevant"


UNSETTLED = frozenset({NudgeState.WAITING, NudgeState.SENDING, NudgeState.SENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """`subject` is what it is about (an id), `details` ids beside it; never a person's words.

    `due_at` is before when it may not go out: when it was raised, or the end of a snooze. `bundle` is the message that
    it went out with.
    """

    id: str
    workspace_id: str
    person_id: str
    kind: NudgeKind
    subject: str
    client_id: str = ""
    state: NudgeState = NudgeState.WAITING
    raised_at: datetime
    due_at: datetime
    bundle: str = ""
    details: str = ""
    is_snoozed: bool = False

    @property
    def is_told(self) -> bool:
        """What has lapsed may become true again, and is told then."""
        return self.state is not NudgeState.LAPSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Quiet hours run from `quiet_from` to `quiet_until` in the person's own time; the same time twice means none."""

    quiet_from: time = time(18)
    quiet_until: time = time(8)
    quiet_weekends: bool = True
    muted_kinds: tuple[str, ...] = ()
    muted_clients: tuple[str, ...] = ()
    mutes_all: bool = False
    mutes_receipts: bool = False

    def mutes(self, kind: str, client_id: str) -> bool:
        return self.mutes_all or kind in self.muted_kinds or (bool(client_id) and client_id in self.muted_clients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person's wishes, and when the last unasked messages went out, oldest first."""

    person_id: str
    workspace_id: str
    wishes: Wishes = Wishes()
    told_at: tuple[datetime, ...] = ()

    def told(self, now: datetime) -> Recipient:
        return replace(self, told_at=(*self.told_at, now)[-MOST_REMEMBERED:])

    def told_later(self, now: datetime) -> Recipient:
        """The last message goes out now, later than it was counted."""
        return replace(self, told_at=(*self.told_at[:-1], now))


def nudge_id(kind: NudgeKind, subject: str, person_id: str) -> str:
    """One word for each matter and person, however often it is raised."""
    return f"nu-{hashlib.sha256(f'{kind}|{subject}|{person_id}'.encode()).hexdigest()[:20]}"
