"""Why a number is what it is: everything that stands behind one score, for one reader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.access import seen_client
from bot.services.health.pulses import mood_of_client
from bot.services.health.scorecards import HealthService, Scorecard
from rules.clients.people import Member
from rules.decisions.plan import Action
from rules.decisions.planning import promises
from rules.health.catalogue import Catalogue
from rules.health.days.standing import judge
from rules.health.formula.entries import entries_of
from rules.health.formula.v2 import health, horizon
from rules.health.score import as_seen
from rules.health.trend import LOOK_BACK, WEEKS, Point, known_then, points
from rules.health.why.change import Move, moves
from rules.health.why.outlook import Outlook, fading, outlook
from rules.health.why.toll import Toll, weigh
from rules.local_days import local_day
from rules.ports import Clock, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One client's score, laid open. `toll` is None for those who don't decide; `promises` are our open actions."""

    card: Scorecard
    today: date
    total_week_ago_tenths: int
    moves: tuple[Move, ...]
    outlook: Outlook
    points: tuple[Point, ...]
    promises: tuple[Action, ...]
    toll: Toll | None


class ExplanationService:
    """Reads the ledger once and lays it open."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health
        self._since = horizon(catalogue) + WEEKS * LOOK_BACK

    def explain(self, workspace_id: str, reader: Member, client_id: str) -> Explanation:
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            timezone = unit.workspace().timezone
            today = local_day(now, timezone)
            standing = self._health.standing(unit, client.id)
            signals = unit.signals.scoring(client.id, now - self._since, self._catalogue.lasting_types())
            card = self._health.card(unit, reader, client, signals)
            plans = unit.plans.of_client(client.id)
            mood = mood_of_client(unit, client, now)
        hidden = {signal.id for signal in signals} - card.signals.keys()
        judged = judge(signals, standing, today=today, timezone=timezone, catalogue=self._catalogue)
        then = entries_of(known_then(signals, now - LOOK_BACK), self._catalogue, timezone)
        before = as_seen(health(then, today=today - LOOK_BACK, catalogue=self._catalogue, team=judged.at.team), hidden)
        entries = entries_of(signals, self._catalogue, timezone)
        look = outlook(judged.health, entries, today=today, catalogue=self._catalogue, team=judged.at.team)
        visible = fading(card.health, entries, today=today, catalogue=self._catalogue)
        weighed = weigh(client, card.signals.values(), today=today, catalogue=self._catalogue, pulse=mood)
        return Explanation(
            card=card,
            today=today,
            total_week_ago_tenths=before.total_tenths,
            moves=moves(before, card.health),
            # The band that people would see then: silence alone lifts nobody out of amend or consider.
            outlook=replace(look, fading=tuple(visible), quiet_band=judged.at.band_on(look.quiet_on, today)),
            points=points(
                judged.at.ledger,
                signals,
                now=now,
                today=today,
                catalogue=self._catalogue,
                judged_since=standing.judged_since,
            ),
            promises=promises(plans),
            toll=weighed if card.may_decide else None,
        )
