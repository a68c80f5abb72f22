"""The weekly digest, composed: one screen, ordered by what needs a person (BR12, HS14)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from rules.clients.client import BandOverride
from rules.clients.stages import Origin, Stage, shown_stage
from rules.health.days.turn import Way
from rules.health.score import Band, Reckoning
from rules.health.trend import Trend
from rules.nudges.need import GOES_UP, Matter, NeedKind

SKIPPED_BEFORE_NEXT: Final = timedelta(hours=48)
_ON_TIME: Final = timedelta(hours=1)


class Section(StrEnum):
    """The parts of a digest, in their order: what needs a person comes first."""

    NEEDS_DECISION = "needs_decision"
    OVERDUE = "overdue"
    MOVED = "moved"
    COMING = "coming"
    PARTING = "parting"
    GOOD_NEWS = "good_news"
    QUIET = "quiet"


# One screen: so many client lines up to 60 clients and at 200, and between the two in proportion.
FEW_CLIENTS, FEW_LINES = 60, 12
MANY_CLIENTS, MANY_LINES = 200, 20
# What a part may take of twelve lines before the others have theirs; what is left over goes to the first ones.
SHARES: Final = MappingProxyType(
    {
        Section.NEEDS_DECISION: 5,
        Section.OVERDUE: 4,
        Section.MOVED: 3,
        Section.COMING: 3,
        Section.PARTING: 2,
        Section.GOOD_NEWS: 2,
        Section.QUIET: 1,
    }
)
COMING_WITHIN: Final = timedelta(days=14)
SAID_AGAIN: Final = 3  # a line that stands in so many digests in a row says so
_KNOWN: Final = frozenset({Band.HEALTHY, Band.WATCH, Band.AMEND, Band.CONSIDER})
_POOR: Final = frozenset({Band.AMEND, Band.CONSIDER})
_DECIDES: Final = frozenset({NeedKind.ACT_NOW, NeedKind.UNPLANNED, NeedKind.OUTCOME, NeedKind.TERM_OVER})
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


class PraiseSaid(NamedTuple):
    """What went well, by the label of its type, and who noted it."""

    label: str
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSummary:
    """What the digest has to know of one client that everyone in the channel may see.

    `announced_band` is the band of the standing (the last that held for 20 hours) or of the `override` in force,
    `previous_band` the one that the digest before this one showed, "" where it showed none; `poor_since` is when it
    came to amend or worse. `checkpoint_on` is the next open checkpoint of a plan that runs, `needs` what needs somebody
    (nothing of it secret), `owner_id` who looks after the client. `notes_this_week` counts all that were noted;
    `praises` are those that everyone may read, the newest first, `flags` the red ones' labels, the most frequent first.
    """

    client_id: str
    name: str
    health: Reckoning
    trend: Trend
    stage: Stage = Stage.ACTIVE
    announced_band: Band = Band.TOO_EARLY
    previous_band: str = ""
    poor_since: date | None = None
    plan_runs: bool = False
    checkpoint_on: date | None = None
    needs: tuple[Matter, ...] = ()
    owner_id: str = ""
    notes_this_week: int = 0
    praises: tuple[PraiseSaid, ...] = ()
    flags: tuple[str, ...] = ()
    override: BandOverride | None = None
    parting: PartingCount | None = None
    is_praised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One client in the digest. `stage` is what a non-decider may see. `computed_band` may differ by an `override`.

    `need` is the most pressing of what needs somebody, `further` how much more there is. `coming_on` is the day of a
    checkpoint that is due soon. `weeks` counts the digests in a row with this line. `poor_days`: at amend or worse.
    """

    client_id: str
    name: str
    section: Section
    band: Band
    score_tenths: int | None
    trend: Trend
    stage: Stage
    acts_now: bool
    previous_band: str
    owner_id: str
    computed_band: Band
    override: BandOverride | None
    need: Matter | None = None
    further: int = 0
    coming_on: date | None = None
    poor_days: int | None = None
    plan_runs: bool = False
    notes_this_week: int = 0
    praises: tuple[PraiseSaid, ...] = ()
    flags: tuple[str, ...] = ()
    parting: PartingCount | None = None
    weeks: int = 1

    @property
    def line_id(self) -> str:
        """What makes it the same line as last week: another matter or another day is another line."""
        about = f":{self.need.kind}:{self.need.due_on}" if self.need else ""
        on = f":{self.coming_on}" if self.section is Section.COMING else ""
        return f"{self.section}:{self.client_id}{about or on}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfDigest:
    """The entries that are shown, and how many more there are a click away."""

    section: Section
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest without words. `fingerprint` stays the same while nothing changed that a person would act on.

    `steady` are counted only, and so are those of whom it is `too_early` to say. `bands` go by client.
    """

    sections: tuple[SectionOfDigest, ...]
    clients: int
    steady: int
    too_early: int
    week: int
    notes_this_week: int
    fingerprint: str
    bands: Mapping[str, str]

    @property
    def is_first_week(self) -> bool:
        """Then the digest opens with "Week 1: 3 notes", and says what makes the next one worth reading."""
        return self.week == 1

    @property
    def needs_somebody(self) -> bool:
        is_late = any(entry.need and entry.need.is_late for part in self.sections for entry in part.entries)
        return is_late or any(part.section in {Section.NEEDS_DECISION, Section.OVERDUE} for part in self.sections)

    @property
    def lines(self) -> dict[str, int]:
        """The lines that are shown, and in how many digests in a row by now."""
        return {entry.line_id: entry.weeks for part in self.sections for entry in part.entries}


class Timing(StrEnum):
    """What becomes of a digest that is due."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    SKIPPED = "skipped"


def compose(
    summaries: Iterable[ClientSummary],
    *,
    today: date,
    started_on: date,
    shown_before: Mapping[str, int] = MappingProxyType({}),
) -> Digest:
    """The digest of a channel. Closed clients are left out; each client stands in the first section that fits it.

    `shown_before` are the `lines` of the digest before this one.
    """
    open_clients = [summary for summary in summaries if summary.stage is not Stage.CLOSED]
    sorted_in: dict[Section | None, list[ClientSummary]] = defaultdict(list)
    for summary in open_clients:
        sorted_in[_section(summary, today)].append(summary)
    rest = sorted_in.pop(None, [])
    room = _shared_out({section: len(sorted_in[section]) for section in Section}, most_lines(len(open_clients)))
    sections = tuple(
        _cut(section, sorted_in[section], room[section], today, shown_before)
        for section in Section
        if sorted_in[section]
    )
    early = sum(summary.announced_band is Band.TOO_EARLY and not summary.override for summary in rest)
    return Digest(
        sections=sections,
        clients=len(open_clients),
        steady=len(rest) - early,
        too_early=early,
        week=(today - started_on).days // 7 + 1,
        notes_this_week=sum(summary.notes_this_week for summary in open_clients),
        fingerprint=_fingerprint(sorted_in, today),
        bands={summary.client_id: summary.announced_band.value for summary in open_clients},
    )


def most_lines(clients: int) -> int:
    """12 for 60 clients, 20 for 200."""
    over = min(max(clients - FEW_CLIENTS, 0), MANY_CLIENTS - FEW_CLIENTS)
    return FEW_LINES + over * (MANY_LINES - FEW_LINES) // (MANY_CLIENTS - FEW_CLIENTS)


def _shared_out(wanted: Mapping[Section, int], most: int) -> dict[Section, int]:
    """How many lines each section gets: none that has something to say goes without."""
    room = {section: min(count, 1) for section, count in wanted.items()}
    shares = {section: max(1, SHARES[section] * most // FEW_LINES) for section in wanted}
    for limits in (shares, wanted):
        for section, count in wanted.items():
            more = min(count, limits[section]) - room[section]
            room[section] += max(0, min(more, most - sum(room.values())))
    return room


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
    if summary.stage in {Stage.TOLD, Stage.HANDING_OFF}:
        return Section.PARTING if summary.parting or any(_is_left(need) for need in summary.needs) else None
    tests = (
        (Section.NEEDS_DECISION, _needs_decision(summary)),
        (Section.OVERDUE, any(_is_left(need) for need in summary.needs)),
        (Section.MOVED, _has_moved(summary)),
        (Section.COMING, _coming_on(summary, today) is not None),
        (Section.GOOD_NEWS, _is_good_news(summary)),
        (Section.QUIET, any(need.kind is NeedKind.SILENT for need in summary.needs)),
    )
    return next((section for section, fits in tests if fits), None)


def _needs_decision(summary: ClientSummary) -> bool:
    """HS04: each band calls for something; amending is taken care of while a plan runs."""
    decides = bool(summary.health.banners) or any(need.kind in _DECIDES for need in summary.needs)
    return decides or _is_left_alone(summary)


def _is_left_alone(summary: ClientSummary) -> bool:
    """In trouble without a plan, or with one that stands still."""
    return summary.announced_band in _POOR and not summary.plan_runs


def _is_left(need: Matter) -> bool:
    return need.is_late and need.kind in GOES_UP


def _has_moved(summary: ClientSummary) -> bool:
    """Between two bands that say something: that it was too early to say is no news."""
    was = summary.previous_band
    return was in _KNOWN and summary.announced_band in _KNOWN and was != summary.announced_band


def _coming_on(summary: ClientSummary, today: date) -> date | None:
    """The next day of these two weeks on which a plan or a term wants somebody."""
    days = [need.due_on for need in summary.needs if need.kind is NeedKind.NOTICE_DAY and need.due_on]
    days += [summary.checkpoint_on] if summary.checkpoint_on else []
    return min((day for day in days if day <= today + COMING_WITHIN), default=None)


def _is_good_news(summary: ClientSummary) -> bool:
    """Praise this week for a client that is healthy or rises: a kind word about a falling one is no win."""
    well = summary.announced_band is Band.HEALTHY or summary.trend.way is Way.UP
    return summary.is_praised and well and summary.trend.way is not Way.DOWN


def _cut(
    section: Section, summaries: Sequence[ClientSummary], room: int, today: date, shown_before: Mapping[str, int]
) -> SectionOfDigest:
    def order(summary: ClientSummary) -> tuple[object, ...]:
        if section is Section.COMING:
            return _coming_on(summary, today) or date.max, summary.name
        if section in {Section.OVERDUE, Section.QUIET}:
            return _pressing(summary, section)[0].since, summary.name
        if section is Section.PARTING:
            known = summary.parting
            return (-known.late, known.last_day, summary.name) if known else (0, today, summary.name)
        return _worst_first(summary)

    ordered = sorted(summaries, key=order)
    entries = tuple(_entry(summary, section, today, shown_before) for summary in ordered[:room])
    return SectionOfDigest(section=section, entries=entries, more=len(ordered) - len(entries))


def _worst_first(summary: ClientSummary) -> tuple[bool, int, int, str]:
    """What nobody has to put up with comes before any number (FG14)."""
    health = summary.health
    return not health.banners, _WORST_FIRST[summary.announced_band], health.total_tenths, summary.name


def _pressing(summary: ClientSummary, section: Section) -> list[Matter]:
    """What of it belongs to this section, the most pressing first."""

    def fits(need: Matter) -> bool:
        match section:
            case Section.NEEDS_DECISION:
                return need.kind in _DECIDES or (need.kind is NeedKind.CHECKPOINT and _is_left_alone(summary))
            case Section.OVERDUE | Section.PARTING:
                return _is_left(need)
            case Section.COMING:
                return need.kind is NeedKind.NOTICE_DAY
            case _:
                return need.kind is NeedKind.SILENT

    ranks = {kind: place for place, kind in enumerate(NeedKind)}
    return sorted((need for need in summary.needs if fits(need)), key=lambda need: (ranks[need.kind], need.since))


def _entry(summary: ClientSummary, section: Section, today: date, shown_before: Mapping[str, int]) -> Entry:
    needs = _pressing(summary, section)
    late = [need for need in summary.needs if _is_left(need) and need not in needs]
    poor = summary.announced_band in _POOR and summary.poor_since
    entry = Entry(
        client_id=summary.client_id,
        name=summary.name,
        section=section,
        band=summary.announced_band,
        score_tenths=summary.health.score_tenths,
        trend=summary.trend,
        stage=shown_stage(summary.stage, to_decider=False, plan_runs=summary.plan_runs),
        acts_now=bool(summary.health.banners),
        previous_band=summary.previous_band,
        owner_id=summary.owner_id,
        computed_band=summary.health.band,
        override=summary.override,
        need=needs[0] if needs else None,
        further=len(needs[1:]) + len(late),
        coming_on=_coming_on(summary, today),
        poor_days=(today - summary.poor_since).days if poor and summary.poor_since else None,
        plan_runs=summary.plan_runs,
        notes_this_week=summary.notes_this_week,
        praises=summary.praises,
        flags=summary.flags,
        parting=summary.parting,
    )
    return replace(entry, weeks=shown_before.get(entry.line_id, 0) + 1)


def _fingerprint(sorted_in: Mapping[Section | None, Sequence[ClientSummary]], today: date) -> str:
    """Scores that fade by a few tenths are no news; a client in another section, band or stage is, and a task done."""
    facts = sorted(
        (section, summary.client_id, summary.announced_band, str(_coming_on(summary, today) or ""), _tasks(summary))
        for section, summaries in sorted_in.items()
        for summary in summaries
    )
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _tasks(summary: ClientSummary) -> list[str]:
    known = summary.parting
    return [f"{known.finished}/{known.tasks}", str(known.late), str(known.last_day)] if known else []
