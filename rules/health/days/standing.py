"""Where a client stands: the band that people see, what is kept of closed days, and when a change is told.

What is kept is a memory of readings, not a second truth: whatever changes a closed day has it read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from rules.clients.client import Client
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.days.course import DAY, RANK, Course, GoodNews, Ledger
from rules.health.days.turn import TREND_WEEKS, Turn, turn
from rules.health.formula.entries import Entry, entries_of
from rules.health.formula.v2 import Reading, banners, health, version
from rules.health.score import Band, Banner, Glance, Health, Reckoning, rounded
from rules.health.signal import Signal
from rules.local_days import sunday_of

LONGEST_OVERRIDE: Final = timedelta(days=90)
CONFIRMED_AFTER: Final = timedelta(hours=20)
RISES_APART: Final = timedelta(days=7)
TEAM_DAYS: Final = timedelta(days=180)
WEEK: Final = timedelta(days=7)
MOST_REPLAYED: Final = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSize:
    """How many of ours worked with the client from a day on."""

    on: date
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The last reading of a client's band: `band` is announced, `pending_band` waits to be confirmed 20 hours later.

    `band_since` is when the announced band first appeared, `risen_at` when a rise was last announced. `course` is how
    it stood at the end of `closed_on`, by `formula`; `numbers` are those of the ISO weeks up to then, oldest first.
    `judged_since` is the first day of this formula where an older one judged before. `poor_since` is when it came to
    amend or worse, whichever of the two it is by now. `shown` is what people saw on `shown_on`, the day of the last
    reading; whatever writes a note without another reading clears that day (`integrations/database/unit_of_work.py`).
    `ledger_mark` stands for the notes as they were then: each reading of other ones has another, and there is none
    where that is not certain.
    `total_tenths` is what the notes came to then, also while it is too early to say.
    """

    client_id: str
    workspace_id: str
    band: str
    pending_band: str = ""
    pending_since: datetime | None = None
    score_tenths: int | None = None
    read_at: datetime
    band_since: datetime | None = None
    risen_at: datetime | None = None
    formula: str = ""
    closed_on: date | None = None
    course: Course | None = None
    numbers: tuple[int | None, ...] = ()
    good_news: tuple[GoodNews, ...] = ()
    team_sizes: tuple[TeamSize, ...] = ()
    judged_since: date | None = None
    poor_since: datetime | None = None
    shown_on: date | None = None
    shown: Glance | None = None
    ledger_mark: str = ""
    total_tenths: int | None = None

    @property
    def ledger_read(self) -> str:
        """The mark, while no note was written since that reading."""
        return self.ledger_mark if self.shown_on else ""

    def team_on(self, today: date) -> int:
        """The most people who worked with the client within half a year."""
        known = sorted(self.team_sizes, key=lambda each: each.on)
        within = [each.people for each in known if each.on > today - TEAM_DAYS]
        return max([*within, *(each.people for each in known[-1:])], default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A band that held: say it once."""

    client_id: str
    was: Band
    now: Band


class Gist(NamedTuple):
    """What a list shows of a client today, but for what is to be acted on now: that needs the notes it is about."""

    reckoning: Reckoning
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A client today, in figures, with the band that people see; `ledger` answers for other days."""

    course: Course
    found: Reading
    banners: tuple[Banner, ...]
    ledger: Ledger
    yesterday: Course
    numbers: tuple[int | None, ...]
    team: int

    @property
    def score_tenths(self) -> int | None:
        return self.found.total_tenths if self.course.is_known else None

    @property
    def calm_band(self) -> Band:
        return self.course.band

    @property
    def glance(self) -> Glance:
        return Glance(self.score_tenths, Band.ACT_NOW if self.banners else self.calm_band)

    @property
    def turn(self) -> Turn:
        return turn(self.numbers)

    @property
    def gist(self) -> Gist:
        return Gist(_reckoned(self.score_tenths, self.found.total_tenths, self.calm_band), self.turn)

    def band_on(self, later: date, today: date) -> Band:
        """What people see on a later day with nothing new."""
        return self.ledger.replayed(later, self.course, today + DAY).band


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A client today: the position, and the account of it."""

    health: Health
    at: Position


def first_standing(client_id: str, workspace_id: str, now: datetime) -> Standing:
    """Where every client starts: nothing is known, and nothing is to be announced."""
    return Standing(client_id=client_id, workspace_id=workspace_id, band=Band.TOO_EARLY, read_at=now, band_since=now)


def judge(
    signals: Iterable[Signal],
    standing: Standing | None,
    *,
    today: date,
    timezone: str,
    catalogue: Catalogue,
) -> Judgement:
    """The position, and the account of it, line by line."""
    entries = entries_of(signals, catalogue, timezone)
    at = position(entries, standing, today=today, catalogue=catalogue)
    found = health(entries, today=today, catalogue=catalogue, team=at.team, day=at.ledger.day(today))
    return Judgement(health=seen(found, at.course), at=at)


def position(entries: Sequence[Entry], standing: Standing | None, *, today: date, catalogue: Catalogue) -> Position:
    """What the ledger says today, with the closed days as they are kept in the standing, where they are."""
    team = standing.team_on(today) if standing else 1
    ledger = Ledger(
        entries, standing.good_news if standing else (), catalogue=catalogue, team=team, most_replayed=MOST_REPLAYED
    )
    kept = standing if standing and standing.formula == version(catalogue) else None
    before = kept.course if kept and kept.closed_on and kept.closed_on < today else None
    closed_on = kept.closed_on if kept and before else None
    yesterday = ledger.replayed(today - DAY, before, closed_on + DAY if closed_on else None)
    course = ledger.replayed(today, yesterday, today)
    found = ledger.reading(today)
    number = rounded(found.total_tenths) if course.is_known else None
    return Position(
        course=course,
        found=found,
        banners=banners(entries, today, catalogue),
        ledger=ledger,
        yesterday=yesterday,
        numbers=_numbers(ledger, kept if before else None, today, number),
        team=team,
    )


def seen(found: Health, course: Course) -> Health:
    """The health with the band that people see, and a number unless it is too early to say."""
    calm = course.band
    band = Band.ACT_NOW if found.banners else calm
    return replace(found, band=band, calm_band=calm, score_tenths=found.total_tenths if course.is_known else None)


def shown_today(standing: Standing, today: date, catalogue: Catalogue) -> Glance | None:
    """What people see now, without reading the ledger again; None where that has to be done."""
    return standing.shown if standing.shown_on == today and standing.formula == version(catalogue) else None


def gist_today(standing: Standing | None, today: date, catalogue: Catalogue) -> Gist | None:
    """As today's last reading kept it; None where there was none, or a note was written since."""
    shown = shown_today(standing, today, catalogue) if standing else None
    if standing is None or shown is None or standing.total_tenths is None:
        return None
    number = None if shown.score_tenths is None else rounded(shown.score_tenths)
    reckoning = _reckoned(shown.score_tenths, standing.total_tenths, Band(standing.pending_band or standing.band))
    return Gist(reckoning, turn((*standing.numbers, number)))


def closed(standing: Standing, at: Position, today: date, catalogue: Catalogue) -> Standing:
    """The standing with its memory up to yesterday, and what people see today."""
    return replace(
        standing,
        formula=version(catalogue),
        closed_on=today - DAY,
        course=at.yesterday,
        numbers=at.numbers[:-1],
        judged_since=_judged_since(standing, today),
        shown_on=today,
        shown=at.glance,
        total_tenths=at.found.total_tenths,
    )


def forgotten(standing: Standing) -> Standing:
    """A closed day has changed: what is kept of them is read anew."""
    return replace(standing, closed_on=None, course=None, numbers=())


def with_team(standing: Standing, people: int, today: date) -> Standing:
    """The sizes that still count; another one changes what each closed day says."""
    sizes = standing.team_sizes
    if sizes and sizes[-1].people == people:
        return standing
    kept = tuple(each for each in sizes if each.on > today - TEAM_DAYS)
    return forgotten(replace(standing, team_sizes=(*kept, TeamSize(on=today, people=people))))


def read(standing: Standing, at: Position | Reckoning, now: datetime) -> tuple[Standing, Announcement | None]:
    """The standing after this reading, and what it gives to announce."""
    reading = replace(standing, score_tenths=at.score_tenths, read_at=now)
    found = at.calm_band
    if found == standing.band:
        return replace(reading, pending_band="", pending_since=None), None
    if found != standing.pending_band or standing.pending_since is None:
        return replace(reading, pending_band=found.value, pending_since=now), None
    if now - standing.pending_since < CONFIRMED_AFTER or _waits_for_its_week(standing, found, now):
        return reading, None
    confirmed = replace(reading, band=found.value, band_since=standing.pending_since)
    is_poor = RANK.get(found, RANK[Band.WATCH]) < RANK[Band.WATCH]
    confirmed = replace(confirmed, poor_since=(standing.poor_since or standing.pending_since) if is_poor else None)
    if _is_rise(Band(standing.band), found):
        confirmed = replace(confirmed, risen_at=now)
    confirmed = replace(confirmed, pending_band="", pending_since=None)
    return confirmed, Announcement(client_id=standing.client_id, was=Band(standing.band), now=found)


def shown_since(band: Band, standing: Standing | None, now: datetime) -> datetime:
    """When the band that is shown first appeared; readings may not have met it yet."""
    if standing and standing.band == band:
        return standing.band_since or standing.read_at
    return standing.pending_since or now if standing and standing.pending_band == band else now


def band_shown(client: Client, standing: Standing | None, now: datetime) -> Band:
    """Somebody's word where there is one, else what the last reading found, confirmed or not."""
    if override := client.override_at(now):
        return Band(override.band)
    return Band(standing.pending_band or standing.band) if standing else Band.TOO_EARLY


def worst_first(client: Client, standing: Standing | None) -> tuple[bool, int, str]:
    score = standing.score_tenths if standing else None
    return score is None, score or 0, client.name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A person's word against the number, until the end of a day."""

    band: Band
    reason: str
    last_day: date


def require_good_objection(objection: Objection, today: date) -> None:
    if not objection.reason:
        raise InvalidError("The reason is missing.", {"reason": "Say in a sentence why the number is wrong."})
    if objection.band is Band.TOO_EARLY:
        raise InvalidError("Please choose a band.", {"band": "Choose one of the four."})
    if objection.last_day < today:
        raise InvalidError("Please look at the date.", {"last_day": "Choose today or a later day."})
    if objection.last_day > today + LONGEST_OVERRIDE:
        raise InvalidError("Please look at the date.", {"last_day": "Choose a day within 90 days; it can be renewed."})


def _reckoned(score_tenths: int | None, total_tenths: int, band: Band) -> Reckoning:
    return Reckoning(score_tenths=score_tenths, band=band, calm_band=band, total_tenths=total_tenths)


def _waits_for_its_week(standing: Standing, found: Band, now: datetime) -> bool:
    """At most one rise a client and week."""
    recent = standing.risen_at is not None and now - standing.risen_at < RISES_APART
    return recent and _is_rise(Band(standing.band), found)


def _is_rise(was: Band, now: Band) -> bool:
    return was in RANK and now in RANK and RANK[now] > RANK[was]


def _judged_since(standing: Standing, today: date) -> date | None:
    """A client that an older formula has read begins anew on the day of the first reading by this one."""
    if standing.formula or standing.judged_since or standing.band == Band.TOO_EARLY:
        return standing.judged_since
    return today


def _numbers(ledger: Ledger, kept: Standing | None, today: date, now: int | None) -> tuple[int | None, ...]:
    """Of the closed weeks, as far as they are kept, and today."""
    if kept is None or not kept.closed_on or not kept.numbers:
        return (*ledger.numbers(today, TREND_WEEKS)[:-1], now)
    seen_on = kept.closed_on + DAY  # on a Monday the week before is among the numbers already
    weeks = (sunday_of(today) - sunday_of(seen_on)) // WEEK
    missing = ledger.numbers(today, weeks + 1)[:-1] if weeks else ()
    return (*kept.numbers, *missing, now)[-TREND_WEEKS:]
