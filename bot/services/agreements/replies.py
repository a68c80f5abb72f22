"""The response clock: one of ours starts it on a message, an answer or the end of the window stops it (RF06, AM02)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.access import locked_client, may_see
from bot.agenda import END_WINDOW
from bot.services.agreements.noting import Noting
from bot.services.agreements.reminders import raise_missed
from bot.services.audit import record
from bot.services.calendars import country_of
from bot.services.capture.notes import CaptureService, NewNote
from bot.services.capture.reactions import Reacted
from bot.services.nudges.nudges import nudge
from rules.clients.client import Client
from rules.clients.people import Member, PlaceKind
from rules.clients.places import is_ours
from rules.errors import ConflictError, NotFoundError
from rules.health.measures import (
    REPLY_SENSORS,
    ClockState,
    ResponseClock,
    agreed_hours,
    has_run_out,
    is_answered_by,
    is_asked_anew,
    missed,
    settled,
    window_end,
    window_hours,
)
from rules.health.reactions import settle
from rules.health.signal import Reaction, Side, Source, message_time
from rules.nudges.kinds import NudgeKind
from rules.ports import Clock, Directory, UnitOfWork, Units
from rules.sentences import Sentence

IN_TIME = "the answer had come in time"
WAITING = "waiting_for_reply"
_OWED: Mapping[Side, str] = {Side.THEIRS: "They", Side.OURS: "We"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The message that somebody waits on; `link` leads there."""

    channel_id: str
    message_ts: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A clock with its client."""

    client: Client
    clock: ResponseClock
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenWait:
    """Somebody waits in the channel of a client that this person may not see."""

    person_id: str
    channel_id: str


class ReplyService:
    """Starts, stops and ends clocks."""

    def __init__(
        self, units: Units, clock: Clock, directory: Directory, capture: CaptureService, ledger: Noting
    ) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory
        self._capture = capture
        self._ledger = ledger

    def start(self, workspace_id: str, actor: Member, client_id: str, side: Side, spot: Spot) -> Pending:
        """Runs from the message's time; a message has one clock for each client."""
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            known = _known_clock(unit, client, spot)
            if known and known.state in {ClockState.MISSED, ClockState.EXCUSED}:
                raise ConflictError("The window of this message is over. Open the history to see what came of it.")
            clock = (
                known
                if known and known.state is ClockState.RUNNING
                else self._started(unit, actor.id, client, side, spot, asked_at=self._clock.now())
            )
            return Pending(client=client, clock=clock, timezone=unit.workspace().timezone)

    def spot(self, workspace_id: str, channel_id: str, message_ts: str) -> Spot:
        """The channel is looked at, so that we know who else may hear of it; unknown, nobody else does."""
        with suppress(NotFoundError):
            self._directory.place(workspace_id, channel_id)
        link = self._directory.link(channel_id, message_ts)
        return Spot(channel_id=channel_id, message_ts=message_ts, link=link)

    def follow(self, reacted: Reacted) -> HiddenWait | None:
        """The neutral reaction: put on it starts the clock, taken off by the last one it stops it."""
        person = self._directory.member(reacted.workspace_id, reacted.person_id)
        place = self._directory.place(reacted.workspace_id, reacted.channel_id)
        if not is_ours(person, reacted.workspace_id) or place.kind in {PlaceKind.DIRECT, PlaceKind.GROUP}:
            return None
        side = self.owing_side(reacted.workspace_id, reacted.author_id)
        spot = self.spot(reacted.workspace_id, reacted.channel_id, reacted.message_ts)
        with self._units.begin(reacted.workspace_id) as unit:
            client = unit.clients.of_channel(reacted.channel_id)
            if client is None:
                if reacted.present:
                    nudge(unit, NudgeKind.UNMAPPED, person.id, subject=place.id, now=self._clock.now())
                return None
            if reacted.present and not may_see(person, client):
                return HiddenWait(person_id=person.id, channel_id=place.id)
            client = unit.clients.lock(client.id)
            if not unit.signals.keep_reaction(_row(reacted)):
                return None
            self._settle(unit, reacted, client, side, spot)
        return None

    def answer(self, workspace_id: str, actor: Member, clock_id: str) -> Pending:
        """The answer is there; where the window had ended without anybody saying so, the note is taken back."""
        return self._stop(workspace_id, actor, clock_id, ClockState.ANSWERED, IN_TIME)

    def excuse(self, workspace_id: str, actor: Member, clock_id: str) -> Pending:
        """HS10: emergencies happen."""
        return self._stop(workspace_id, actor, clock_id, ClockState.EXCUSED, "an emergency")

    def end(self, workspace_id: str, clock_id: str) -> bool:
        """The window is over: logs that there was no answer and has people told, once. False: nothing to log."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            clock = _clock(unit, clock_id)
            client = unit.clients.lock(clock.client_id)
            clock = _clock(unit, clock_id)
            if not has_run_out(clock, now):
                return False
            new = NewNote(
                client_id=clock.client_id,
                type=self._ledger.type_of(REPLY_SENSORS[clock.side]),
                source=Source.SENSOR,
                happened_at=clock.ends_at,
                note=Sentence(
                    "{owed} did not answer within the agreed {count} hour.",
                    "{owed} did not answer within the agreed {count} hours.",
                    count=clock.hours,
                    owed=_OWED[clock.side],
                ),
                link=clock.link,
                channel_id=clock.channel_id,
                message_ts=clock.message_ts,
            )
            signal = self._ledger.log(unit, clock.started_by, new)
            ended = missed(clock, signal.id, now)
            unit.agreements.save_clock(ended)
            raise_missed(unit, client, ended, now)
            return True

    def told(self, workspace_id: str, clock_id: str) -> None:
        """Nothing of this clock is due any more, unless it was started anew meanwhile."""
        with self._units.begin(workspace_id) as unit:
            if _clock(unit, clock_id).state is not ClockState.RUNNING:
                unit.dues.drop(END_WINDOW, clock_id)

    def heard(self, unit: UnitOfWork, client_id: str, channel_id: str, at: datetime) -> None:
        """Somebody of the client's wrote: in time it is their answer, also where we hear of it late."""
        for clock in unit.agreements.clocks_ending_after(client_id, at):
            if clock.channel_id == channel_id and is_answered_by(clock, at):
                if clock.signal_id:
                    self._ledger.take_back(unit, clock.signal_id, IN_TIME, self._clock.now())
                _stand_still(unit, clock, at)

    def _settle(self, unit: UnitOfWork, reacted: Reacted, client: Client, side: Side, spot: Spot) -> None:
        """What all the hourglasses together say; in whatever order they are heard of, it is the same."""
        words = unit.signals.reactions_on(spot.channel_id, spot.message_ts, WAITING)
        waits = settle(words).person_ids
        known = _known_clock(unit, client, spot)
        if waits:
            asked_at = message_time(max(word.event_ts for word in words if word.present))
            if known and not is_asked_anew(known, asked_at):
                return
            if not agreed_hours(client.agreement, side):
                now, subject = self._clock.now(), f"{client.id}:{side}"
                nudge(
                    unit,
                    NudgeKind.NO_WINDOW,
                    reacted.person_id,
                    subject=subject,
                    now=now,
                    client_id=client.id,
                    details=side,
                )
                return
            self._started(unit, waits[0], client, side, spot, asked_at=asked_at)
        elif known and known.state is ClockState.RUNNING:
            _stand_still(unit, known, None)

    def _started(
        self, unit: UnitOfWork, person_id: str, client: Client, side: Side, spot: Spot, *, asked_at: datetime
    ) -> ResponseClock:
        started_at = message_time(spot.message_ts)
        hours = window_hours(client.agreement, side)
        clock = ResponseClock(
            id=_clock_id(unit.workspace_id, client.id, spot),
            workspace_id=unit.workspace_id,
            client_id=client.id,
            side=side,
            channel_id=spot.channel_id,
            message_ts=spot.message_ts,
            link=spot.link,
            started_by=person_id,
            started_at=started_at,
            asked_at=asked_at,
            hours=hours,
            ends_at=window_end(started_at, hours, unit.workspace().timezone, country_of(unit, client)),
        )
        spoke_at = unit.watches.of(spot.channel_id).spoke_at
        if spoke_at and is_answered_by(clock, spoke_at):
            return _stand_still(unit, clock, spoke_at)
        unit.agreements.save_clock(clock)
        unit.dues.set(END_WINDOW.at(clock.ends_at, unit.workspace_id, clock.id))
        return clock

    def _stop(self, workspace_id: str, actor: Member, clock_id: str, state: ClockState, reason: str) -> Pending:
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            logged = _clock(unit, clock_id).signal_id
        if logged and state is ClockState.EXCUSED:
            self._capture.excuse(workspace_id, actor, logged, reason)
        elif logged:
            self._capture.withdraw(workspace_id, actor, logged, reason)
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, _clock(unit, clock_id).client_id)
            clock = settled(_clock(unit, clock_id), state, now)
            unit.agreements.save_clock(clock)
            unit.dues.drop(END_WINDOW, clock_id)
            record(unit, actor, now, f"clock {state}", clock_id)
            return Pending(client=client, clock=clock, timezone=unit.workspace().timezone)

    def owing_side(self, workspace_id: str, author_id: str) -> Side:
        """On our message we wait for them; on theirs they wait for us."""
        if not author_id:
            return Side.THEIRS
        author = self._directory.member(workspace_id, author_id)
        return Side.THEIRS if author.is_bot or is_ours(author, workspace_id) else Side.OURS


def _clock(unit: UnitOfWork, clock_id: str) -> ResponseClock:
    found = unit.agreements.find_clock(clock_id)
    if found is None:
        raise NotFoundError("This clock is not here any more. Nothing is left to do.")
    return found


def _stand_still(unit: UnitOfWork, clock: ResponseClock, at: datetime | None) -> ResponseClock:
    answered = settled(clock, ClockState.ANSWERED, at)
    unit.agreements.save_clock(answered)
    unit.dues.drop(END_WINDOW, clock.id)
    return answered


def _known_clock(unit: UnitOfWork, client: Client, spot: Spot) -> ResponseClock | None:
    """The message's clock, also where it was started before its client was merged into this one."""
    clocks = (unit.agreements.find_clock(_clock_id(unit.workspace_id, each, spot)) for each in client.ids)
    return next((clock for clock in clocks if clock), None)


def _clock_id(workspace_id: str, client_id: str, spot: Spot) -> str:
    parts = f"{workspace_id}|{client_id}|{spot.channel_id}|{spot.message_ts}"
    return f"rc-{hashlib.sha256(parts.encode()).hexdigest()[:20]}"


def _row(reacted: Reacted) -> Reaction:
    return Reaction(
        workspace_id=reacted.workspace_id,
        channel_id=reacted.channel_id,
        message_ts=reacted.message_ts,
        type=WAITING,
        person_id=reacted.person_id,
        event_ts=reacted.event_ts,
        present=reacted.present,
    )
