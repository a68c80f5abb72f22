"""The case for ending: what was answered, waived, decided and confirmed (FG01-FG19, DC01-DC09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.clients.stages import Origin, Reopening
from rules.health.signal import Signal


class ExceptionKind(StrEnum):
    """The named exceptions to the gate (FG14)."""

    ABUSE = "abuse"
    NON_PAYMENT = "non_payment"


class CheckCode(StrEnum):
    """The checks, as snapshots keep them."""

    DATES = "dates"
    LOGGED = "logged"
    CATEGORIES = "categories"
    REPORTERS = "reporters"
    PINKS = "pinks"
    PERSPECTIVE = "perspective"
    PLAN = "plan"
    CONTRACT = "contract"
    IMPACT = "impact"
    COOLING_OFF = "cooling_off"
    REASON = "reason"
    OPEN_WORK = "open_work"
    DEBTS = "debts"
    QUIET = "quiet"
    THEIR_DATE = "their_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Toll and benefit as seen by the decider (FG12, FG13, HS13)."""

    on_work: str
    on_business: str
    seen_by: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One consideration of ending; open until `confirmed_at` or `dropped_at` is set.

    `thought` is why it crossed somebody's mind (DC09); `reason` is what it came to (DC02).
    `skip_plan_reason` replaces a finished plan when the confirmer accepts it. `snapshot` is the gate's report as
    JSON, frozen when it was passed. `exception` is a named exception, `exception_reason` its evidence.
    `ends_on` and `told_us_on` are set for the origin `theirs`: the date that they named, and when they told us.
    `reminded_on` belongs to the exception
    `non_payment`; `work_finished` and `all_paid` are what a person states for a natural fade (RF43).
    `largest_team` is how many of ours worked with the client at most while it was considered; `had_colleagues`: when it
    was decided somebody else could have confirmed.
    """

    id: str
    workspace_id: str
    client_id: str
    origin: Origin
    opened_at: datetime
    opened_by: str
    thought: str = ""
    reason: str = ""
    perspective: str = ""
    our_part: str = ""
    owed: str = ""
    impact: Impact | None = None
    skip_plan_reason: str = ""
    exception: ExceptionKind | None = None
    exception_reason: str = ""
    reminded_on: date | None = None
    work_finished: bool = False
    all_paid: bool = False
    ends_on: date | None = None
    told_us_on: date | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    confirmer_id: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    snapshot: str = ""
    largest_team: int = 0
    had_colleagues: bool = False
    dropped_at: datetime | None = None
    dropped_reason: str = ""
    reopening: Reopening | None = None

    @property
    def awaits_confirmation(self) -> bool:
        return self.decided_at is not None and self.confirmed_at is None and self.dropped_at is None


def rests_on(decision: Decision, note: Signal) -> bool:
    """The note was there when the decision was confirmed: it stays as it is."""
    return decision.confirmed_at is not None and note.logged_at <= decision.confirmed_at
