"""Reactions as notes: any order, repetition or delay of Slack's events comes to the same ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import may_see
from bot.agenda import LOG_REACTIONS
from bot.services.capture.emoji import emoji_in
from bot.services.capture.evidence import Seen, look_again, seen
from bot.services.capture.notes import NewNote, find_note, new_signal
from bot.services.capture.receipts_due import keep_receipt, touch_receipts
from bot.services.health.scorecards import HealthService
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.waiting import WayOn
from rules.clients.people import Member, Place, PlaceKind
from rules.clients.places import Verdict, is_ours, verdict
from rules.health.catalogue import Catalogue, SignalType
from rules.health.evidence.emoji import first_name
from rules.health.reactions import Settled, everybody, settle, with_people
from rules.health.signal import Reaction, Side, Signal, Source, message_time
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, Directory, FoundMessage, UnitOfWork, Units
from rules.privacy.tombstones import Erased


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
    author_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsafe:
    """A client could see this reaction: the person should take it off and use the shortcut."""

    person: Member
    place: Place
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """The channel's client is shown to some people only, and this person is none of them."""

    person: Member
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the ledger says now."""

    person: Member
    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A type of note on a message."""

    channel_id: str
    message_ts: str
    type: str

    @classmethod
    def of(cls, row: Reaction) -> _Spot:
        return cls(channel_id=row.channel_id, message_ts=row.message_ts, type=row.type)


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

    def follow(self, reacted: Reacted) -> Kept | Unsafe | NotShown | None:
        """None: not our emoji, not our person, or nothing changed."""
        type_, emoji = self._meaning(reacted)
        if type_ is None or self._is_of_the_erased(reacted) or (met := self._met(reacted)) is None:
            return None
        person, place = met
        # What was put on before the client came in can still be taken off.
        if reacted.present and not self._judged(place).internal:
            return Unsafe(person=person, place=place, emoji=emoji) if type_.side is Side.THEIRS else None
        with self._units.begin(reacted.workspace_id) as unit:
            client = unit.clients.of_channel(reacted.channel_id)
            # Whoever takes a reaction off is heard also where none is followed any more.
            if reacted.present and not unit.watches.of(reacted.channel_id).reactions:
                return None
            if client is None:
                # Kept for the day on which somebody says whose channel it is.
                unit.signals.keep_reaction(_row(reacted, type_, emoji))
                if reacted.present:
                    nudge(unit, NudgeKind.UNMAPPED, person.id, subject=place.id, now=self._clock.now())
                return None
        # What was put on before the client was hidden from this person can still be taken off.
        if reacted.present and not may_see(person, client):
            return NotShown(person=person, place=place)
        row = _row(reacted, type_, emoji)
        signal = self._settle(reacted.workspace_id, client.id, _Spot.of(row), news=row, person=person)
        return Kept(person=person, signal=signal) if signal else None

    def _is_of_the_erased(self, reacted: Reacted) -> bool:
        """What an erased person did before is not brought back by an event that comes late."""
        with self._units.read(reacted.workspace_id) as unit:
            erased = unit.tombstones.find(Erased.PERSON, reacted.person_id)
        return erased is not None and message_time(reacted.event_ts) <= erased.erased_at

    def whose_channel(self, unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        """Asks which client a channel belongs to, until somebody has said so."""
        place = unit.people.find_place(known.subject)
        if place is None or place.is_archived or unit.clients.of_channel(known.subject):
            return None
        return Told(
            about=f"#{place.name}" if place.name else "A channel",
            what="Which client does this channel belong to? Then your reactions there are logged.",
            ways=(Way(WayOn.CHOOSE_CLIENT, place.id),),
        )

    def _meaning(self, reacted: Reacted) -> tuple[SignalType | None, str]:
        """What the workspace takes the emoji for, and its one name."""
        with self._units.read(reacted.workspace_id) as unit:
            book = emoji_in(unit, self._catalogue)
        return book.meaning(reacted.emoji), first_name(reacted.emoji, book.aliases)

    def _met(self, reacted: Reacted) -> tuple[Member, Place] | None:
        """Who it was and where; None for people who are not ours, and for direct messages."""
        person = self._directory.member(reacted.workspace_id, reacted.person_id)
        place = self._directory.place(reacted.workspace_id, reacted.channel_id)
        apart = place.kind in {PlaceKind.DIRECT, PlaceKind.GROUP}
        return (person, place) if is_ours(person, reacted.workspace_id) and not apart else None

    def catch_up(self, workspace_id: str, channel_id: str) -> int:
        """Logs what was reacted to before the channel had a client; returns on how many messages and types.

        While Slack is away this fails, and the sweep comes back to it.
        """
        with self._units.read(workspace_id) as unit:
            client = unit.clients.of_channel(channel_id)
            rows = unit.signals.reactions_in(channel_id) if unit.watches.of(channel_id).reactions else []
        spots = {_Spot.of(row) for row in rows if row.type in self._catalogue.types}
        if client:
            for spot in sorted(spots, key=lambda spot: (spot.message_ts, spot.type)):
                self._settle(workspace_id, client.id, spot)
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(LOG_REACTIONS, channel_id)
        return len(spots)

    def _judged(self, place: Place) -> Verdict:
        return verdict(place, self._directory.people(place.workspace_id, place.guest_ids or ()))

    def _settle(
        self, workspace_id: str, client_id: str, spot: _Spot, news: Reaction | None = None, person: Member | None = None
    ) -> Signal | None:
        """Brings the note in line with who reacts there now; old news change nothing."""
        new = _new_note(client_id, spot)
        message = self._unread(workspace_id, new)
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            new = replace(new, client_id=client.id)
            if news and not unit.signals.keep_reaction(news):
                return None
            words = unit.signals.reactions_on(spot.channel_id, spot.message_ts, spot.type)
            settled = settle(words)
            known = find_note(unit, client, new)
            if known:
                signal = with_people(known, everybody(known, settled, words), self._clock.now())
                unit.signals.save(signal)
            elif settled.person_ids:
                signal = self._first(unit, _seen(unit, new, message, words), settled)
                unit.signals.add(signal)
                if message:
                    look_again(unit, self._clock, signal, message)
            else:
                return None
            self._health.touched(unit, client.id, since=signal.happened_on)
            if known and known.state is not signal.state:
                touch_receipts(unit, signal.id, self._clock.now())
            if person and news and news.present:
                keep_receipt(unit, person, signal.id, self._clock.now())
            return signal

    def _unread(self, workspace_id: str, new: NewNote) -> FoundMessage | None:
        """The message, unless it has been read already: that happens once, whatever notes hang on it."""
        with self._units.read(workspace_id) as unit:
            if find_note(unit, unit.clients.get(new.client_id), new) or _read_before(unit, new):
                return None
        return self._directory.message(new.channel_id, new.message_ts)

    def _first(self, unit: UnitOfWork, new: NewNote, settled: Settled) -> Signal:
        return new_signal(unit, new, self._catalogue.type(new.type), settled.person_ids, self._clock.now())


def _row(reacted: Reacted, type_: SignalType, emoji: str) -> Reaction:
    return Reaction(
        workspace_id=reacted.workspace_id,
        channel_id=reacted.channel_id,
        message_ts=reacted.message_ts,
        type=type_.code,
        emoji=emoji,
        person_id=reacted.person_id,
        event_ts=reacted.event_ts,
        present=reacted.present,
    )


def _new_note(client_id: str, spot: _Spot) -> NewNote:
    return NewNote(
        client_id=client_id,
        type=spot.type,
        source=Source.REACTION,
        happened_at=message_time(spot.message_ts),
        channel_id=spot.channel_id,
        message_ts=spot.message_ts,
    )


def _seen(unit: UnitOfWork, new: NewNote, message: FoundMessage | None, words: Iterable[Reaction]) -> NewNote:
    """The note with what is kept of its message; another note on it may have read it before."""
    if message is None:
        told = _read_before(unit, new)
        if told is None:
            return new
        found = Seen(excerpt=told.excerpt, fingerprint=told.fingerprint, evidence=told.evidence)
        link, thread = told.link, told.thread
    else:
        flagged_ts = min(word.event_ts for word in words if word.present)
        found = seen(unit, new.channel_id, new.message_ts, message, flagged_ts=flagged_ts)
        link, thread = message.link, message.thread_ts
    return replace(
        new, excerpt=found.excerpt, fingerprint=found.fingerprint, evidence=found.evidence, link=link, thread=thread
    )


def _read_before(unit: UnitOfWork, new: NewNote) -> Signal | None:
    notes = unit.signals.on_message(new.channel_id, new.message_ts)
    return next((note for note in notes if not note.is_unread), None)
