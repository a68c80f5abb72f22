"""What a client brings and what they take, side by side (HS03, HS13, HS19, FG18). No sum: people weigh it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from rules.clients.client import Client, Satisfaction
from rules.health.catalogue import Catalogue
from rules.health.pulse import Mood
from rules.health.signal import Side, Signal, State

PAYMENTS_SINCE: Final = timedelta(days=365)
MORALE_SINCE: Final = timedelta(days=90)
CONCENTRATION_PERCENT: Final = 25  # FG18: from a quarter of the income on, much hangs on one client
TOLL_ON: Final = ("health", "business", "morale")
_FELT: Final = frozenset({"some", "heavy"})
_PAID_LATE: Final = "late_payment"
_MONEY: Final = "money"
_OF_THE_TEAM: Final = frozenset({"team", "respect"})


class Morale(StrEnum):
    """What working with them does to the team, by the notes of a quarter."""

    UNKNOWN = "unknown"
    GOOD = "good"
    MIXED = "mixed"
    STRAINED = "strained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """Typed numbers are None where nobody typed them; the counts come from live notes.

    `noted` is how often a quarter's notes speak of a toll on people's health, on the business and on morale, each
    apart (RF32). `satisfaction` is the client's own word, `pulse` the team's: neither is in the score (HS19).
    """

    revenue_share_percent: int | None
    margin_percent: int | None
    hours_a_week: int | None
    paid_late: int
    paid_on_time: int
    hard_on_team: int
    good_for_team: int
    noted: tuple[tuple[str, int], ...] = ()
    satisfaction: Satisfaction | None = None
    pulse: tuple[Mood, date] | None = None

    @property
    def is_concentrated(self) -> bool:
        return (self.revenue_share_percent or 0) >= CONCENTRATION_PERCENT

    @property
    def morale(self) -> Morale:
        if not self.hard_on_team and not self.good_for_team:
            return Morale.UNKNOWN
        if not self.hard_on_team:
            return Morale.GOOD
        return Morale.STRAINED if self.hard_on_team > self.good_for_team else Morale.MIXED


def weigh(
    client: Client,
    signals: Iterable[Signal],
    *,
    today: date,
    catalogue: Catalogue,
    pulse: tuple[Mood, date] | None = None,
) -> Toll:
    live = [signal for signal in signals if signal.state is State.LIVE]
    year = [signal for signal in live if signal.happened_on > today - PAYMENTS_SINCE]
    quarter = [signal for signal in live if signal.happened_on > today - MORALE_SINCE]

    def category(signal: Signal) -> str:
        return catalogue.type(signal.type).category

    team = [signal for signal in quarter if category(signal) in _OF_THE_TEAM]
    return Toll(
        revenue_share_percent=client.revenue_share_percent,
        margin_percent=client.margin_percent,
        hours_a_week=client.hours_a_week,
        paid_late=sum(signal.type == _PAID_LATE for signal in year),
        paid_on_time=sum(signal.side is Side.PRAISE and category(signal) == _MONEY for signal in year),
        hard_on_team=sum(signal.side is Side.THEIRS for signal in team),
        good_for_team=sum(signal.side is Side.PRAISE for signal in team),
        satisfaction=client.satisfaction,
        pulse=pulse,
        noted=tuple((each, sum(signal.answers.get(f"toll_{each}") in _FELT for signal in quarter)) for each in TOLL_ON),
    )
