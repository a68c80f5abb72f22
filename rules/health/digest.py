"""The weekly digest, composed: one screen, ordered by what needs a person (BR12, HS14)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.clients.client import BandOverride
from rules.clients.stages import Origin, Stage, shown_stage
from rules.health.days.turn import Way
from rules.health.score import Band, Health, LineKind
from rules.health.trend import Trend

SKIPPED_BEFORE_NEXT: Final = timedelta(hours=48)
PARTINGS_SHOWN: Final = 6
_RECENT: Final = timedelta(days=7)
_ON_TIME: Final = timedelta(hours=1)


class Section(StrEnum):
    """The parts of a digest, in their order."""

    NEEDS_DECISION = "needs_decision"
    BAND_CHANGED = "band_changed"
    CHECKPOINT_DUE = "checkpoint_due"
    QUIET_WIN = "quiet_win"
    TOO_EARLY = "too_early"


# Together with a header a section, "n more" and the head of the digest they stay under Slack's 50 blocks.
LIMITS: Final = MappingProxyType(
    {
        Section.NEEDS_DECISION: 8,
        Section.BAND_CHANGED: 8,
        Section.CHECKPOINT_DUE: 6,
        Section.QUIET_WIN: 4,
        Section.TOO_EARLY: 3,
    }
)

_WORST_FIRST: Final = MappingProxyType(
    {Band.ACT_NOW: 0, Band.CONSIDER: 1, Band.AMEND: 2, Band.WATCH: 3, Band.HEALTHY: 4, Band.TOO_EARLY: 5}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingCount:
    """How far the parting from a client has come: tasks that are finished, all of them, and those that are overdue."""

    finished: int
    tasks: int
    late: int
    last_day: date
    origin: Origin = Origin.OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSummary:
    """What the digest has to know of one client that everyone in the channel may see.

    `announced_band` is the band of the standing (the last that held for 20 hours) or of the `override` in force,
    `previous_band` the one that the digest before this one showed, "" where it showed none. `checkpoint_on` is the
    next open checkpoint of a plan, `plan_to_judge` says that a plan has run to its end and waits for its outcome.
    `notes_this_week` counts all sides.
    """

    client_id: str
    name: str
    health: Health
    trend: Trend
    stage: Stage = Stage.ACTIVE
    announced_band: Band = Band.TOO_EARLY
    previous_band: str = ""
    plan_runs: bool = False
    plan_to_judge: bool = False
    checkpoint_on: date | None = None
    next_step: str = ""
    notes_this_week: int = 0
    override: BandOverride | None = None
    parting: PartingCount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One client in the digest. `stage` is what a non-decider may see. `computed_band` may differ by an `override`."""

    client_id: str
    name: str
    band: Band
    score_tenths: int | None
    trend: Trend
    stage: Stage
    acts_now: bool
    previous_band: str
    checkpoint_on: date | None
    next_step: str
    computed_band: Band
    override: BandOverride | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfDigest:
    """The entries that are shown, and how many more there are a click away."""

    section: Section
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest without words. `fingerprint` stays the same while nothing changed that a person would act on.

    `partings` are those that are under way, by the client's name, the most overdue first.
    """

    sections: tuple[SectionOfDigest, ...]
    clients: int
    steady: int
    week: int
    notes_this_week: int
    fingerprint: str
    partings: tuple[tuple[str, PartingCount], ...] = ()
    more_partings: int = 0

    @property
    def is_first_week(self) -> bool:
        """Then the digest opens with "Week 1: 3 notes": there is nothing else to say yet."""
        return self.week == 1


class Timing(StrEnum):
    """What becomes of a digest that is due."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    SKIPPED = "skipped"


def compose(summaries: Iterable[ClientSummary], *, today: date, started_on: date) -> Digest:
    """The digest of a channel. Closed clients are left out; each client stands in the first section that fits it."""
    open_clients = [summary for summary in summaries if summary.stage is not Stage.CLOSED]
    sorted_in: dict[Section, list[ClientSummary]] = defaultdict(list)
    for summary in open_clients:
        section = _section(summary, today)
        if section:
            sorted_in[section].append(summary)
    sections = tuple(_cut(section, sorted_in[section]) for section in Section if sorted_in[section])
    leaving = _leaving(open_clients)
    return Digest(
        sections=sections,
        clients=len(open_clients),
        steady=sum(not _is_leaving(summary) for summary in open_clients) - sum(map(len, sorted_in.values())),
        week=(today - started_on).days // 7 + 1,
        notes_this_week=sum(summary.notes_this_week for summary in open_clients),
        fingerprint=_fingerprint(sorted_in, leaving),
        partings=tuple(leaving[:PARTINGS_SHOWN]),
        more_partings=max(0, len(leaving) - PARTINGS_SHOWN),
    )


def digest_key(workspace_id: str, channel_id: str, on: date) -> str:
    """One digest a workspace, channel and ISO week."""
    year, week, _ = on.isocalendar()
    return f"digest:{workspace_id}:{channel_id}:{year}-W{week:02}"


def timing(due_at: datetime, next_at: datetime, now: datetime) -> Timing:
    """After an outage a digest is late and says so, or is skipped within 48 hours of the next one."""
    if now < due_at:
        return Timing.EARLY
    if now - due_at < _ON_TIME:
        return Timing.ON_TIME
    return Timing.SKIPPED if next_at - now < SKIPPED_BEFORE_NEXT else Timing.LATE


def _section(summary: ClientSummary, today: date) -> Section | None:
    if _is_leaving(summary):
        return None
    tests = (
        (Section.NEEDS_DECISION, _needs_decision(summary)),
        (Section.BAND_CHANGED, _has_changed(summary)),
        (Section.CHECKPOINT_DUE, _has_checkpoint(summary, today)),
        (Section.QUIET_WIN, _is_quiet_win(summary)),
        (Section.TOO_EARLY, summary.health.band is Band.TOO_EARLY and not summary.override),
    )
    return next((section for section, fits in tests if fits), None)


def _is_leaving(summary: ClientSummary) -> bool:
    """Once the client has been told, nobody has to judge the score any more."""
    return summary.stage in {Stage.TOLD, Stage.HANDING_OFF}


def _needs_decision(summary: ClientSummary) -> bool:
    """HS04: each band calls for something; amending is taken care of while a plan runs."""
    unplanned = summary.announced_band is Band.AMEND and not summary.plan_runs
    return bool(summary.health.banners) or summary.plan_to_judge or unplanned or summary.announced_band is Band.CONSIDER


def _has_changed(summary: ClientSummary) -> bool:
    return summary.previous_band not in {"", summary.announced_band}


def _has_checkpoint(summary: ClientSummary, today: date) -> bool:
    return summary.checkpoint_on is not None and summary.checkpoint_on <= today + _RECENT


def _is_quiet_win(summary: ClientSummary) -> bool:
    """Praise this week, or a score that rises."""
    praised = any(line.kind is LineKind.PRAISE and line.age_days < _RECENT.days for line in summary.health.lines)
    return praised or summary.trend.way is Way.UP


def _cut(section: Section, summaries: Sequence[ClientSummary]) -> SectionOfDigest:
    ordered = sorted(summaries, key=_due_first if section is Section.CHECKPOINT_DUE else _worst_first)
    limit = LIMITS[section]
    entries = tuple(map(_entry, ordered[:limit]))
    return SectionOfDigest(section=section, entries=entries, more=len(ordered) - len(entries))


def _worst_first(summary: ClientSummary) -> tuple[bool, int, int, str]:
    """What nobody has to put up with comes before any number (FG14)."""
    health = summary.health
    return not health.banners, _WORST_FIRST[summary.announced_band], health.total_tenths, summary.name


def _due_first(summary: ClientSummary) -> tuple[date, str]:
    return summary.checkpoint_on or date.max, summary.name


def _entry(summary: ClientSummary) -> Entry:
    return Entry(
        client_id=summary.client_id,
        name=summary.name,
        band=summary.announced_band,
        score_tenths=summary.health.score_tenths,
        trend=summary.trend,
        stage=shown_stage(summary.stage, to_decider=False, plan_runs=summary.plan_runs),
        acts_now=bool(summary.health.banners),
        previous_band=summary.previous_band,
        checkpoint_on=summary.checkpoint_on,
        next_step=summary.next_step,
        computed_band=summary.health.band,
        override=summary.override,
    )


def _leaving(summaries: Sequence[ClientSummary]) -> list[tuple[str, PartingCount]]:
    found = [(summary.name, summary.parting) for summary in summaries if summary.parting]
    return sorted(found, key=lambda each: (-each[1].late, each[1].last_day, each[0]))


def _fingerprint(
    sorted_in: Mapping[Section, Sequence[ClientSummary]], leaving: Sequence[tuple[str, PartingCount]]
) -> str:
    """Scores that fade by a few tenths are no news; a client in another section, band or stage is, and a task done."""
    partings = [(name, each.finished, each.tasks, each.late, str(each.last_day)) for name, each in leaving]
    facts = sorted(
        (section, summary.client_id, summary.announced_band, str(summary.checkpoint_on or ""))
        for section, summaries in sorted_in.items()
        for summary in summaries
    )
    return hashlib.sha256(json.dumps([facts, partings] if partings else facts).encode()).hexdigest()
