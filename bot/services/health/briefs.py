"""Clients in lists: each as today's last reading left it, with the few notes of which lists speak.

So Home and a digest cost little more with forty notes a client than with four. The account of a number, line by line,
is a scorecard's matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Protocol

from bot.access import may_decide, may_see
from rules.clients.client import BandOverride, Client
from rules.clients.people import Member, Place
from rules.clients.stages import Stage, is_secret, shown_stage
from rules.decisions.living import ACT_NOW_TYPES
from rules.decisions.planning import is_mending
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.days.course import Good
from rules.health.days.standing import Gist, Position, Standing, gist_today, position
from rules.health.formula.entries import entries_of
from rules.health.formula.v2 import banners, horizon
from rules.health.quiet import noted_on, silent_since
from rules.health.score import Band, Reckoning
from rules.health.signal import Signal, hidden_notes
from rules.health.trend import Trend, trend_of
from rules.local_days import local_day
from rules.ports import Clock, Listed, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A client in a list, as somebody may see it.

    `signals` holds what that reader may see of the notes that lists speak of: those that call for somebody at once or
    have no type yet, and the new ones where they were asked for. `override` is the one in force: then the band is
    somebody's word, and what was computed stays visible beside it. `standing` is the last reading. `has_notes`: there
    is something that can matter to the score, seen or not. Nobody has logged since `silent_since`, for so many weeks.
    """

    client: Client
    stage: Stage
    health: Reckoning
    trend: Trend
    signals: Mapping[str, Signal]
    has_notes: bool
    to_be_confirmed: bool
    may_decide: bool
    override: BandOverride | None = None
    standing: Standing | None = None
    silent_since: date | None = None
    silent_weeks: int = 0

    @property
    def band(self) -> Band:
        """No word of anybody's hides "act now"."""
        overridden = self.override and not self.health.banners
        return Band(self.override.band) if self.override and overridden else self.health.band


class Eyes(Protocol):
    """Whose list it is: which clients and notes stand in it, and whether a stage that is kept secret shows."""

    def sees(self, client: Client) -> bool: ...
    def decides(self, client: Client) -> bool: ...
    def hidden(self, unit: UnitOfWork, notes: Collection[Signal]) -> frozenset[str]:
        """The ids of those that may not be seen."""


class AllEyes:
    """For our own sums, not to be shown."""

    def sees(self, _client: Client) -> bool:
        return True

    def decides(self, _client: Client) -> bool:
        return True

    def hidden(self, _unit: UnitOfWork, _notes: Collection[Signal]) -> frozenset[str]:
        return frozenset()


class EyesOf:
    """One of ours."""

    def __init__(self, reader: Member) -> None:
        self._reader = reader

    def sees(self, client: Client) -> bool:
        return may_see(self._reader, client)

    def decides(self, client: Client) -> bool:
        return may_decide(self._reader, client)

    def hidden(self, unit: UnitOfWork, notes: Collection[Signal]) -> frozenset[str]:
        return hidden_notes(places_of(unit, notes), self._reader, notes)


class BriefService:
    """Reads standings, and the ledger only of clients whose standing is not of today."""

    def __init__(self, clock: Clock, catalogue: Catalogue) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._horizon = horizon(catalogue)
        self._lasting_types = catalogue.lasting_types()
        self._told_types = sorted({UNSORTED, *self._lasting_types, *ACT_NOW_TYPES})

    def pages(self, unit: UnitOfWork) -> Iterator[list[Listed]]:
        """All clients in use and the demo, some hundreds at a time: thousands take no more memory than those do."""
        return unit.list_clients(self._clock.now() - self._horizon)

    def everyone(self, unit: UnitOfWork, reader: Member | None = None) -> Iterator[Brief]:
        """Every client that is not closed and that the reader may see; without one for our own sums."""
        eyes = EyesOf(reader) if reader else AllEyes()
        for page in self.pages(unit):
            yield from self.briefs(unit, eyes, page)

    def briefs(
        self, unit: UnitOfWork, eyes: Eyes, page: Iterable[Listed], *, news_since: datetime | None = None
    ) -> list[Brief]:
        """Of those that are not closed and may be seen; with `news_since` all notes that were logged after it, too."""
        now = self._clock.now()
        open_ones = (each for each in page if each.client.stage is not Stage.CLOSED and not each.client.is_demo)
        shown = [each for each in open_ones if eyes.sees(each.client)]
        if not shown:
            return []
        told = unit.signals.told_in_lists(
            [each.client.id for each in shown],
            now - self._horizon,
            self._lasting_types,
            types=self._told_types,
            logged_after=news_since,
        )
        timezone = unit.workspace().timezone
        desk = _Desk(
            eyes=eyes,
            timezone=timezone,
            today=local_day(now, timezone),
            hidden=eyes.hidden(unit, [*chain.from_iterable(told.values())]),
            mending=mending_of(unit, [each.client for each in shown]),
        )
        gists = self._gists(unit, shown, told)
        return [self._brief(desk, each, gists[each.client.id], told.get(each.client.id, ())) for each in shown]

    def bands_on(self, unit: UnitOfWork, briefs: Iterable[Brief], day: date) -> dict[str, Band]:
        """What today's ledgers say that the bands were at the end of an earlier day, by client."""
        standings = {brief.client.id: brief.standing for brief in briefs}
        positions = self._positions(unit, standings, [*standings])
        return {client_id: at.ledger.replayed(day).band for client_id, at in positions.items()}

    def counted(self, signal: Signal) -> str:
        """The code of the type by which a note counts: what may be named to others than its reporter."""
        return self._catalogue.counted(signal).code

    def _gists(
        self, unit: UnitOfWork, shown: Sequence[Listed], told: Mapping[str, Sequence[Signal]]
    ) -> dict[str, Gist]:
        today = local_day(self._clock.now(), unit.workspace().timezone)
        kept = {each.client.id: gist_today(each.standing, today, self._catalogue) for each in shown}
        unread = {each.client.id: each.standing for each in shown if kept[each.client.id] is None}
        noted = [each.client.id for each in shown if each.has_notes or each.client.id in told]
        positions = self._positions(unit, unread, [client_id for client_id in noted if client_id in unread])
        return {client_id: gist or positions[client_id].gist for client_id, gist in kept.items()}

    def _positions(
        self, unit: UnitOfWork, standings: Mapping[str, Standing | None], noted: Sequence[str]
    ) -> dict[str, Position]:
        """Only the ledgers of the clients that are `noted` are read."""
        now, timezone = self._clock.now(), unit.workspace().timezone
        outlines = unit.signals.outlines_of(noted, now - self._horizon, self._lasting_types) if noted else {}
        today = local_day(now, timezone)
        return {
            client_id: position(
                entries_of(outlines.get(client_id, ()), self._catalogue, timezone),
                standing,
                today=today,
                catalogue=self._catalogue,
            )
            for client_id, standing in standings.items()
        }

    def _brief(self, desk: _Desk, listed: Listed, gist: Gist, notes: Sequence[Signal]) -> Brief:
        now, client, standing = self._clock.now(), listed.client, listed.standing
        seen = {signal.id: signal for signal in notes if signal.id not in desk.hidden}
        decides = desk.eyes.decides(client)
        silent = silent_since(
            # Also of what happened so long ago that only its type makes it matter.
            [*noted_on(notes), *([listed.heard_on] if listed.heard_on else [])],
            [each.on for each in standing.good_news if each.good is not Good.PAID] if standing else [],
            began=local_day(client.opened_at, desk.timezone),
            today=desk.today,
        )
        return Brief(
            client=client,
            stage=shown_stage(client.stage, to_decider=decides, plan_runs=client.id in desk.mending),
            health=self._alarmed(gist.reckoning, seen.values(), desk),
            trend=trend_of(gist.turn, desk.today),
            signals=seen,
            has_notes=listed.has_notes or bool(notes),
            to_be_confirmed=bool(standing and standing.pending_band),
            may_decide=decides,
            override=client.override_at(now),
            standing=standing,
            silent_since=silent,
            silent_weeks=(desk.today - silent).days // 7 if silent else 0,
        )

    def _alarmed(self, reckoning: Reckoning, seen: Iterable[Signal], desk: _Desk) -> Reckoning:
        """With what is to be acted on now, where the reader may see the notes that it is about."""
        found = banners(entries_of(seen, self._catalogue, desk.timezone), desk.today, self._catalogue)
        return replace(reckoning, band=Band.ACT_NOW, banners=found) if found else reckoning


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What it takes to write briefs for somebody, fetched once for all of them.

    `hidden` are the notes that they may not see, `mending` the clients that look like it to whoever must not know yet
    that parting from them is considered.
    """

    eyes: Eyes
    timezone: str
    today: date
    hidden: frozenset[str]
    mending: frozenset[str]


def mending_of(unit: UnitOfWork, clients: Iterable[Client]) -> frozenset[str]:
    """Of those whose stage is kept secret the ones that a plan runs for."""
    plans = unit.plans.of_clients([client.id for client in clients if is_secret(client.stage)])
    return frozenset(client_id for client_id, each in plans.items() if is_mending(each))


def places_of(unit: UnitOfWork, signals: Iterable[Signal]) -> dict[str, Place | None]:
    channels = {signal.channel_id for signal in signals if signal.channel_id}
    return dict.fromkeys(channels) | unit.people.some_places(channels)
