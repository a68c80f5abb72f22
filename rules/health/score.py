"""A client's health on a day, as an account: lines without words that add up to the score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from rules.health.signal import Severity


class Band(StrEnum):
    """What a score calls for; each band has its own next step (HS04). `act_now` is none of the score: FG14."""

    HEALTHY = "healthy"
    WATCH = "watch"
    AMEND = "amend"
    CONSIDER = "consider"
    TOO_EARLY = "too_early_to_say"
    ACT_NOW = "act_now"


FLOORS_TENTHS: Final = ((800, Band.HEALTHY), (600, Band.WATCH), (400, Band.AMEND))


class LineKind(StrEnum):
    """What a line of the account stands for."""

    START = "start"
    FLAG = "flag"
    PRAISE = "praise"
    WITHDRAWN = "withdrawn"
    EXCUSED = "excused"
    OURS = "ours"
    JOINED = "joined"
    THREAD = "thread"
    LADDER = "ladder"
    COVER = "cover"
    DATE_CAP = "date_cap"
    WEEK_CAP = "week_cap"
    GUT_CAP = "gut_cap"
    VOICE = "voice"
    PRAISE_VOICE = "praise_voice"
    PRAISE_CAP = "praise_cap"
    CEILING = "ceiling"
    FLOOR = "floor"
    UNCONFIRMED = "unconfirmed"
    HIDDEN = "hidden"


class Line(NamedTuple):
    """One line of the account. Negative points cost.

    A named tuple, because a long ledger makes thousands of them for each reading, and one costs a third of a dataclass.

    A note's line has its `signal_id`, `type`, `severity`, date and factors; a limit's line has the `members` that it
    limits and, where it is about one date or week, that date or the week's Monday; `person_id` is whose voice is
    limited. A joined note tells of what another one, or a fact, stands for already.
    """

    kind: LineKind
    points_tenths: int
    signal_id: str = ""
    type: str = ""
    severity: Severity | None = None
    on: date | None = None
    repeat_percent: int = 100
    age_days: int = 0
    members: tuple[str, ...] = ()
    person_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Act now: a live note of a lasting type that nobody has reviewed (FG14)."""

    signal_id: str
    type: str
    on: date


class Glance(NamedTuple):
    """What is seen first of a client's health: the score, None while it is too early to say, and the band."""

    score_tenths: int | None
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What the notes come to: `total_tenths` is the score unless it is too early to say.

    `calm_band` is the band but for "act now", which stands over any number.
    """

    score_tenths: int | None
    band: Band
    total_tenths: int
    banners: tuple[Banner, ...] = ()
    calm_band: Band = Band.TOO_EARLY

    @property
    def number(self) -> int:
        """The sum as it is shown, the same everywhere."""
        return rounded(self.total_tenths)

    @property
    def glance(self) -> Glance:
        return Glance(self.score_tenths, self.band)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health(Reckoning):
    """The same with the account of it: `lines` add up to `total_tenths`."""

    lines: tuple[Line, ...]
    our_side: tuple[Line, ...]
    evidence_signals: int
    evidence_dates: int
    version: str


def rounded(tenths: int) -> int:
    """Whole points, half a point up."""
    return (tenths + 5) // 10


def band_of(total_tenths: int) -> Band:
    return next((band for floor, band in FLOORS_TENTHS if total_tenths >= floor), Band.CONSIDER)


def as_seen(health: Health, hidden_signal_ids: Iterable[str]) -> Health:
    """The account as a person may see it: notes they may not see become one line, and the sum stays true (BR14).

    A limit that touches a hidden note goes into that line too, since its date and size would tell of the note.
    """
    hidden = frozenset(hidden_signal_ids)
    shown = tuple(line for line in health.lines if not _touches(line, hidden))
    unseen = health.total_tenths - sum(line.points_tenths for line in shown)
    banners = tuple(banner for banner in health.banners if banner.signal_id not in hidden)
    return replace(
        health,
        band=health.band if banners else health.calm_band,
        lines=(*shown, Line(kind=LineKind.HIDDEN, points_tenths=unseen)) if unseen else shown,
        our_side=tuple(line for line in health.our_side if not _touches(line, hidden)),
        banners=banners,
    )


def _touches(line: Line, hidden: frozenset[str]) -> bool:
    return line.signal_id in hidden or not hidden.isdisjoint(line.members)
