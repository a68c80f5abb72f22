"""Health of one client and of all, as a particular reader may see it; and the readings that announce a band."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from bot.access import may_decide, may_set_visibility, require_visible, seen_client
from bot.agenda import PAY_ATTENTION, READ_ONE
from bot.services.health.briefs import Brief, mending_of, places_of
from bot.services.health.memory import CountedNotes, LedgerMemory
from bot.services.health.teams import good_news, team_of
from bot.services.people import team
from rules.clients.client import Client
from rules.clients.people import Member, Place
from rules.clients.stages import shown_stage
from rules.health.catalogue import Catalogue
from rules.health.days.course import Good
from rules.health.days.standing import (
    CONFIRMED_AFTER,
    Judgement,
    Position,
    Standing,
    closed,
    first_standing,
    forgotten,
    judge,
    position,
    read,
    shown_since,
    shown_today,
    with_team,
)
from rules.health.early import alarms, first_warning, is_news, may_call
from rules.health.formula.entries import Entry, entries_of
from rules.health.formula.v2 import horizon
from rules.health.quiet import noted_on, silent_since
from rules.health.score import Band, Glance, Health, as_seen
from rules.health.signal import Outline, Side, Signal, State, hidden_notes, outlined
from rules.health.trend import trend_of
from rules.health.why.steps import Step, step_for
from rules.local_days import local_day
from rules.ports import Clock, UnitOfWork, Units

NOT_IN_THERE = "This note comes from a conversation that you are not in."

READ_AT_ONCE = 10  # in one commit: a reading takes a few milliseconds, and whoever logs a note waits for its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard(Brief):
    """A client with the whole account of its health. `signals` holds what its lines speak of and the reader may see."""

    health: Health
    may_set_visibility: bool = False
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What people see of a client before one of its notes changes, and what that is made of."""

    glance: Glance
    standing: Standing
    told: CountedNotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Prejudged:
    """A reading of all days, and all that it was made of."""

    before: Standing
    told: CountedNotes
    today: date
    at: Position


class HealthService:
    """Reads the ledger and applies the formula."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._horizon = horizon(catalogue)
        self._lasting_types = catalogue.lasting_types()
        self._memory = LedgerMemory()

    def notes(self, unit: UnitOfWork, client_id: str) -> dict[str, Signal]:
        """What can matter to the client's health, by id, inside somebody's transaction."""
        return {signal.id: signal for signal in self._scoring(unit, client_id)}

    def standing(self, unit: UnitOfWork, client_id: str) -> Standing:
        """What is kept of the client's readings, or where every client starts."""
        found = unit.standings.find(client_id)
        return found or first_standing(client_id, unit.workspace_id, self._clock.now())

    def of(self, unit: UnitOfWork, notes: Mapping[str, Signal], standing: Standing) -> Health:
        """What these notes of one client say now."""
        return self._judged(notes.values(), standing, unit.workspace().timezone).health

    def today(self, unit: UnitOfWork, client_id: str) -> Health:
        """The client's health now, inside somebody's transaction."""
        return self.of(unit, self.notes(unit, client_id), self.standing(unit, client_id))

    def glance(self, unit: UnitOfWork, standing: Standing) -> Glance:
        """What people see now: mostly it was read today already, and is kept."""
        today = local_day(self._clock.now(), unit.workspace().timezone)
        shown = shown_today(standing, today, self._catalogue)
        return shown or self._position(unit, self._told(unit, standing).entries, standing).glance

    def without(self, unit: UnitOfWork, client_id: str) -> Callable[[str], Glance]:
        """What people would see now without the note of an id, and with all of them for "": the ledger is read once."""
        standing, timezone = self.standing(unit, client_id), unit.workspace().timezone
        entries = self._told(unit, standing).entries
        today = local_day(self._clock.now(), timezone)

        def glance(signal_id: str) -> Glance:
            left = [each for each in entries if each.id != signal_id]
            return position(left, standing, today=today, catalogue=self._catalogue).glance

        return glance

    def scorecard(self, workspace_id: str, reader: Member, client_id: str) -> Scorecard:
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            signals = self._scoring(unit, client.id)
            return self.card(unit, reader, client, signals)

    def card(self, unit: UnitOfWork, reader: Member, client: Client, signals: list[Signal]) -> Scorecard:
        """The scorecard from the client's notes, inside somebody's transaction; for whoever may see the client."""
        require_visible(reader, client)
        standing = unit.standings.find(client.id)
        standings = {client.id: standing} if standing else {}
        return self._card(_Desk.of(unit, reader, signals, [client], standings), client, signals)

    def cards(
        self, unit: UnitOfWork, reader: Member, clients: Sequence[Client], standings: Mapping[str, Standing]
    ) -> list[Scorecard]:
        """Of these few clients, whom the reader may see."""
        since = self._clock.now() - self._horizon
        signals = unit.signals.scoring_of([client.id for client in clients], since, self._lasting_types)
        desk = _Desk.of(unit, reader, chain.from_iterable(signals.values()), clients, standings)
        return [self._card(desk, client, signals.get(client.id, [])) for client in clients]

    def before(self, unit: UnitOfWork, standing: Standing) -> Before:
        """The ledger as it stands, read once for both numbers of a receipt."""
        told = self._told(unit, standing)
        today = local_day(self._clock.now(), unit.workspace().timezone)
        if shown := shown_today(standing, today, self._catalogue):
            return Before(glance=shown, standing=standing, told=told)
        at = self._position(unit, told.entries, standing)
        return Before(glance=at.glance, standing=closed(standing, at, today, self._catalogue), told=told)

    def noted(self, unit: UnitOfWork, before: Before, signal: Signal) -> Glance:
        """The reading after this one note came in or was changed, without asking for the ledger again."""
        now = self._clock.now()
        told = before.told.without(signal.id)
        matters = signal.happened_at >= now - self._horizon or signal.type in self._lasting_types
        counts = signal.state is State.LIVE and signal.side is not Side.OURS and matters
        if counts:
            told = told.beside(self._as_told(unit, [outlined(signal)]))
        return self._read_anew(unit, before.standing, told, since=signal.happened_on)

    def touched(
        self, unit: UnitOfWork, client_id: str, *, since: date | None = None, standing: Standing | None = None
    ) -> Glance:
        """A reading after a change, in the same transaction; a new band is read again when it can be confirmed.

        `since` is the first day that the change is about; None where that may be any: closed days are read anew.
        `standing` is the client's, where the caller has it anyway.
        """
        known = standing or self.standing(unit, client_id)
        return self._read_anew(unit, known, self._told(unit, known), since=since)

    def _read_anew(
        self,
        unit: UnitOfWork,
        before: Standing,
        told: CountedNotes,
        *,
        since: date | None,
        prejudged: Prejudged | None = None,
    ) -> Glance:
        now, client_id = self._clock.now(), before.client_id
        today = local_day(now, unit.workspace().timezone)
        if since is None or since < today:
            before = forgotten(before)
        holds = prejudged and (prejudged.before, prejudged.told.outlines, prejudged.today) == (
            before,
            told.outlines,
            today,
        )
        at = prejudged.at if prejudged and holds else self._position(unit, told.entries, before)
        if self._calls(unit, told.outlines, at, now):
            unit.dues.set(PAY_ATTENTION.at(now, unit.workspace_id, client_id))
        after, _ = read(closed(before, at, today, self._catalogue), at, now)
        mark = unit.standings.save(after)
        self._memory.keep(_place(after), (mark, today, unit.workspace().timezone), told)
        if after.pending_since and after.pending_since != before.pending_since:
            due_at = after.pending_since + CONFIRMED_AFTER
            unit.dues.set(READ_ONE.at(due_at, unit.workspace_id, client_id))
        return at.glance

    def _calls(self, unit: UnitOfWork, outlines: Sequence[Outline], at: Position, now: datetime) -> bool:
        """Whether somebody has to be told at once; only the few notes that may be why are read whole."""
        notes = [unit.signals.get(each) for each in sorted(may_call(outlines, at.banners, now))]
        first = first_warning(notes, now)
        return bool(alarms(at.banners, notes, now) or (first and is_news(first, now)))

    def read_all(self, workspace_id: str) -> int:
        """The daily reading of every client, some at a time; returns how many bands were announced."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            ids = [client.id for client in unit.clients.all()]
        return sum(
            self._read_some(workspace_id, ids[at : at + READ_AT_ONCE], now) for at in range(0, len(ids), READ_AT_ONCE)
        )

    def _read_some(self, workspace_id: str, client_ids: Sequence[str], now: datetime) -> int:
        announced = 0
        with self._units.begin(workspace_id) as unit:
            # Before their notes are read: what somebody logs meanwhile is read by that note's own unit, after this one.
            held = [unit.lock_client(client_id) for client_id in sorted(client_ids)]
            signals = unit.signals.scoring_of(client_ids, now - self._horizon, self._lasting_types)
            timezone = unit.workspace().timezone
            today = local_day(now, timezone)
            ours = frozenset(member.id for member in team(unit))
            for client, kept in held:
                known = kept or first_standing(client.id, workspace_id, now)
                before = with_team(known, len(team_of(unit, client, ours)), today)
                before = replace(before, good_news=good_news(unit, client, timezone, now))
                at = self._judged(signals.get(client.id, []), before, timezone).at
                after, news = read(closed(before, at, today, self._catalogue), at, now)
                unit.standings.save(after)
                announced += news is not None
        return announced

    def read_one(self, workspace_id: str, client_id: str) -> None:
        """A reading of all days: the second of a band that had newly appeared, or after an import.

        A long ledger takes long, so it is judged before the client is locked; whatever came in between is judged then.
        """
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            if client.erased_at:
                return
            prejudged = self._prejudge(unit, self.standing(unit, client.id))
        with self._units.begin(workspace_id) as unit:
            client, kept = unit.lock_client(client.id)
            before = kept or first_standing(client.id, workspace_id, prejudged.before.read_at)
            self._read_anew(unit, before, self._told(unit, before), since=None, prejudged=prejudged)

    def _prejudge(self, unit: UnitOfWork, standing: Standing) -> Prejudged:
        told, before = self._told(unit, standing), forgotten(standing)
        today = local_day(self._clock.now(), unit.workspace().timezone)
        return Prejudged(before=before, told=told, today=today, at=self._position(unit, told.entries, before))

    def _scoring(self, unit: UnitOfWork, client_id: str) -> list[Signal]:
        return unit.signals.scoring(client_id, self._clock.now() - self._horizon, self._lasting_types)

    def _told(self, unit: UnitOfWork, standing: Standing) -> CountedNotes:
        """The client's notes that count: those of the last reading, where there are no others since."""
        now, timezone, client_id = self._clock.now(), unit.workspace().timezone, standing.client_id
        if standing.ledger_read and unit.signals.is_untouched(client_id):
            known = self._memory.recall(_place(standing), (standing.ledger_read, local_day(now, timezone), timezone))
            if known:
                return known
        return self._as_told(unit, unit.signals.outlines(client_id, now - self._horizon, self._lasting_types))

    def _as_told(self, unit: UnitOfWork, outlines: Sequence[Outline]) -> CountedNotes:
        return CountedNotes(outlines, entries_of(outlines, self._catalogue, unit.workspace().timezone))

    def _position(self, unit: UnitOfWork, entries: Sequence[Entry], standing: Standing) -> Position:
        today = local_day(self._clock.now(), unit.workspace().timezone)
        return position(entries, standing, today=today, catalogue=self._catalogue)

    def _judged(self, signals: Iterable[Signal], standing: Standing | None, timezone: str) -> Judgement:
        today = local_day(self._clock.now(), timezone)
        return judge(signals, standing, today=today, timezone=timezone, catalogue=self._catalogue)

    def _card(self, desk: _Desk, client: Client, signals: list[Signal]) -> Scorecard:
        now, reader = self._clock.now(), desk.reader
        standing, today = desk.standings.get(client.id), local_day(now, desk.timezone)
        judged = self._judged(signals, standing, desk.timezone)
        health = judged.health
        hidden = hidden_notes(desk.places, reader, signals)
        override = client.override_at(now)
        band = Band(override.band) if override else health.calm_band
        since = override.made_at if override else shown_since(band, standing, now)
        decides = may_decide(reader, client)
        silent = silent_since(
            noted_on(signals),
            [each.on for each in standing.good_news if each.good is not Good.PAID] if standing else [],
            began=local_day(client.opened_at, desk.timezone),
            today=today,
        )
        return Scorecard(
            client=client,
            stage=shown_stage(client.stage, to_decider=decides, plan_runs=client.id in desk.mending),
            health=as_seen(health, hidden),
            trend=trend_of(judged.at.turn, today),
            signals={signal.id: signal for signal in signals if signal.id not in hidden},
            has_notes=bool(signals),
            to_be_confirmed=bool(standing and standing.pending_band),
            may_decide=decides,
            may_set_visibility=may_set_visibility(reader, client),
            step=step_for(
                health.band if health.banners else band,
                owner_id=client.owner_id,
                since=local_day(since, desk.timezone),
                today=today,
            ),
            override=override,
            standing=standing,
            silent_since=silent,
            silent_weeks=(today - silent).days // 7 if silent else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What it takes to draw scorecards for one reader, fetched once for all of them.

    `mending` are those that look like it to whoever must not know yet that parting from them is considered.
    """

    reader: Member
    timezone: str
    standings: Mapping[str, Standing]
    places: Mapping[str, Place | None]
    mending: frozenset[str]

    @classmethod
    def of(
        cls,
        unit: UnitOfWork,
        reader: Member,
        signals: Iterable[Signal],
        clients: Sequence[Client],
        standings: Mapping[str, Standing],
    ) -> _Desk:
        return cls(
            reader=reader,
            timezone=unit.workspace().timezone,
            standings=standings,
            places=places_of(unit, signals),
            mending=mending_of(unit, clients),
        )


def _place(standing: Standing) -> tuple[str, str]:
    return standing.workspace_id, standing.client_id
