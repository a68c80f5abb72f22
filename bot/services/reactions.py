"""Reactions as notes: any order, repetition or delay of Slack's events comes to the same ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.services.capture import EXCERPT_LENGTH, NewNote, message_time, note_id
from bot.services.dates import local_day
from bot.services.health import HealthService
from rules.clients.people import Member, Place, PlaceKind
from rules.clients.places import Verdict, is_ours, verdict
from rules.health.catalogue import Catalogue, SignalType
from rules.health.reactions import Settled, settle
from rules.health.signal import Reaction, Side, Signal, Source
from rules.ports import Clock, Directory, FoundMessage, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """An event about a reaction, in our words."""

    workspace_id: str
    person_id: str
    emoji: str
    channel_id: str
    message_ts: str
    event_ts: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsafe:
    """A client could see this reaction: the person should take it off and use the shortcut."""

    person: Member
    place: Place
    type: SignalType


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """Nobody has said which client this channel belongs to."""

    person: Member
    place: Place
    type: SignalType


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the ledger says now."""

    person: Member
    signal: Signal


class ReactionService:
    """Follows who reacted with what."""

    def __init__(
        self, units: Units, clock: Clock, catalogue: Catalogue, directory: Directory, health: HealthService
    ) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._directory = directory
        self._health = health

    def follow(self, reacted: Reacted) -> Kept | Unsafe | Unmapped | None:
        """None: not our emoji, not our person, or nothing changed."""
        type_ = self._catalogue.by_emoji(reacted.emoji)
        if type_ is None:
            return None
        person = self._directory.member(reacted.workspace_id, reacted.person_id)
        place = self._directory.place(reacted.workspace_id, reacted.channel_id)
        if not is_ours(person, reacted.workspace_id) or place.kind in {PlaceKind.DIRECT, PlaceKind.GROUP}:
            return None
        if not self._judged(place).internal:
            warns = reacted.present and type_.side is Side.THEIRS
            return Unsafe(person=person, place=place, type=type_) if warns else None
        with self._units.read(reacted.workspace_id) as unit:
            client = unit.clients.of_channel(reacted.channel_id)
        if client is None:
            return Unmapped(person=person, place=place, type=type_) if reacted.present else None
        message = self._directory.message(reacted.channel_id, reacted.message_ts)
        return self._store(reacted, type_, person, client.id, message)

    def _judged(self, place: Place) -> Verdict:
        return verdict(place, [self._directory.member(place.workspace_id, guest) for guest in place.guest_ids or ()])

    def _store(
        self,
        reacted: Reacted,
        type_: SignalType,
        person: Member,
        client_id: str,
        message: FoundMessage,
    ) -> Kept | None:
        with self._units.begin(reacted.workspace_id) as unit:
            news = unit.signals.keep_reaction(_row(reacted, type_))
            if not news:
                return None
            settled = settle(unit.signals.reactions_on(reacted.channel_id, reacted.message_ts, type_.code))
            signal = self._settled(unit, reacted, type_, client_id, settled, message)
            if signal is None:
                return None
            self._health.touched(unit, client_id)
            return Kept(person=person, signal=signal)

    def _settled(
        self,
        unit: UnitOfWork,
        reacted: Reacted,
        type_: SignalType,
        client_id: str,
        settled: Settled,
        message: FoundMessage,
    ) -> Signal | None:
        new = NewNote(
            client_id=client_id,
            type=type_.code,
            source=Source.REACTION,
            happened_at=message_time(reacted.message_ts),
            channel_id=reacted.channel_id,
            message_ts=reacted.message_ts,
        )
        known = unit.signals.find(note_id(reacted.workspace_id, new))
        if known:
            signal = _with_people(known, settled)
            unit.signals.save(signal)
            return signal
        if not settled.person_ids:
            return None
        signal = self._first(unit, new, type_, settled, message)
        unit.signals.add(signal)
        return signal

    def _first(
        self, unit: UnitOfWork, new: NewNote, type_: SignalType, settled: Settled, message: FoundMessage
    ) -> Signal:
        now: datetime = self._clock.now()
        timezone = unit.workspace().timezone
        return Signal(
            id=note_id(unit.workspace_id, new),
            workspace_id=unit.workspace_id,
            client_id=new.client_id,
            type=type_.code,
            side=type_.side,
            severity=type_.severity,
            source=Source.REACTION,
            reporter_id=settled.reporter_id,
            witness_ids=settled.witness_ids,
            happened_at=new.happened_at,
            happened_on=local_day(new.happened_at, timezone),
            logged_at=now,
            logged_on=local_day(now, timezone),
            excerpt=message.text[:EXCERPT_LENGTH],
            link=message.link,
            channel_id=new.channel_id,
            message_ts=new.message_ts,
            thread=message.thread_ts or new.message_ts,
        )


def _row(reacted: Reacted, type_: SignalType) -> Reaction:
    return Reaction(
        workspace_id=reacted.workspace_id,
        channel_id=reacted.channel_id,
        message_ts=reacted.message_ts,
        type=type_.code,
        person_id=reacted.person_id,
        event_ts=reacted.event_ts,
        present=reacted.present,
    )


def _with_people(known: Signal, settled: Settled) -> Signal:
    if not settled.person_ids:
        return replace(known, state=settled.state, state_reason="the reaction was removed")
    return replace(
        known,
        state=settled.state,
        state_reason="",
        reporter_id=settled.reporter_id,
        witness_ids=settled.witness_ids,
    )
