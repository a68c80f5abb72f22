"""What is kept of the messages that notes hang on: read once, followed where somebody listens, and never more of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.agenda import READ_MESSAGE
from rules.health.evidence.excerpt import excerpt, fingerprint, mentioned
from rules.health.signal import Evidence, Signal, without_words
from rules.ports import Clock, Directory, FoundMessage, UnitOfWork, Units

GIVEN_UP_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a message tells of itself; all of it is empty for one that can't be read."""

    excerpt: str = ""
    fingerprint: str = ""
    evidence: Evidence = Evidence.STANDS


def seen(unit: UnitOfWork, channel_id: str, message_ts: str, message: FoundMessage, *, flagged_ts: str) -> Seen:
    """`flagged_ts` is when somebody first put a note on it: an edit after that is one that they have not seen."""
    if message.is_gone:
        return Seen(evidence=Evidence.DELETED)
    people = ((each, unit.people.find_member(each)) for each in mentioned(message.text))
    edited = bool(message.text) and message.edited_ts > flagged_ts
    return Seen(
        excerpt=excerpt(message.text, {each: person.name for each, person in people if person}),
        fingerprint=fingerprint(channel_id, message_ts, message.text),
        evidence=Evidence.EDITED if edited else Evidence.STANDS,
    )


def look_again(unit: UnitOfWork, clock: Clock, signal: Signal, message: FoundMessage) -> None:
    """The workplace lets some apps read one message a minute: the note is there, its words follow."""
    if message.again_in is not None:
        due_at = clock.now() + message.again_in
        unit.dues.set(READ_MESSAGE.at(due_at, unit.workspace_id, signal.id))


class EvidenceService:
    """Keeps notes in line with their messages."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def read(self, workspace_id: str, signal_id: str) -> None:
        """Reads what could not be read when the note was logged; after a day the note stays without."""
        with self._units.read(workspace_id) as unit:
            signal = unit.signals.get(signal_id)
        message = self._directory.message(signal.channel_id, signal.message_ts)
        with self._units.begin(workspace_id) as unit:
            notes = _held(unit, signal.channel_id, signal.message_ts)
            if unit.dues.find(READ_MESSAGE, signal_id) is None:
                return  # somebody was erased meanwhile, or it has been read
            age = self._clock.now() - signal.logged_at
            if message.again_in is not None and age < GIVEN_UP_AFTER:
                # Each time twice as long, so that many notes at once do not stand in each other's way.
                look_again(unit, self._clock, signal, replace(message, again_in=max(message.again_in, age)))
                return
            flagged_ts = str(signal.logged_at.timestamp())
            found = seen(unit, signal.channel_id, signal.message_ts, message, flagged_ts=flagged_ts)
            for note in [each for each in notes if each.is_unread]:
                unit.signals.save(
                    replace(note, excerpt=found.excerpt, fingerprint=found.fingerprint, evidence=found.evidence)
                )
            unit.dues.drop(READ_MESSAGE, signal_id)

    def shown(self, workspace_id: str, channel_id: str, message_ts: str, text: str) -> Seen:
        """What is kept of a message that somebody shows us: nobody has to be asked for it."""
        with self._units.read(workspace_id) as unit:
            return seen(unit, channel_id, message_ts, FoundMessage(text=text), flagged_ts=message_ts)

    def edited(self, workspace_id: str, channel_id: str, message_ts: str) -> int:
        """Our excerpt stays, and says from now on that it is older than the message; returns on how many notes."""
        return self._follow(workspace_id, channel_id, message_ts, Evidence.EDITED)

    def deleted(self, workspace_id: str, channel_id: str, message_ts: str) -> int:
        """What somebody took back is not kept by us either: the note stays, without the message's words."""
        return self._follow(workspace_id, channel_id, message_ts, Evidence.DELETED)

    def _follow(self, workspace_id: str, channel_id: str, message_ts: str, evidence: Evidence) -> int:
        with self._units.begin(workspace_id) as unit:
            held = _held(unit, channel_id, message_ts)
            notes = [note for note in held if note.evidence is not Evidence.DELETED]
            for note in notes:
                gone = evidence is Evidence.DELETED
                unit.signals.save(without_words(note) if gone else replace(note, evidence=evidence))
            return len(notes)


def _held(unit: UnitOfWork, channel_id: str, message_ts: str) -> list[Signal]:
    """The notes on a message, of several clients perhaps, which nobody else can change until the unit ends."""
    client_ids = {note.client_id for note in unit.signals.on_message(channel_id, message_ts)}
    # Of an erased client nothing is left to follow; one that was merged meanwhile holds them under its own id.
    there = [client_id for client_id in sorted(client_ids) if unit.clients.get(client_id).erased_at is None]
    held = {*there, *(unit.clients.lock(client_id).id for client_id in there)}
    return [note for note in unit.signals.on_message(channel_id, message_ts) if note.client_id in held]
