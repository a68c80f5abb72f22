"""What is said of reply windows, looked at again at the time of sending (AM02, AM03)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import may_read
from rules.errors import NotFoundError
from rules.health.ladder import LOOKED_BACK, NEXT_STEP, Rung, rung
from rules.health.measures import ClockState, ResponseClock, agreed_hours, miss_said
from rules.health.signal import Side
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import UnitOfWork
from rules.sentences import Sentence

NEWS_FOR = timedelta(days=30)


def raise_missed(unit: UnitOfWork, client: Client, clock: ResponseClock, now: datetime) -> None:
    """Whoever waited hears of it, and the client's owner of the talk that is due."""
    # A clock that was started anew can be missed anew.
    occasion = f"{clock.id}:{clock.ends_at:%F}"
    nudge(
        unit, NudgeKind.MISSED_REPLY, clock.started_by, subject=occasion, now=now, client_id=client.id, details=clock.id
    )
    if client.owner_id != clock.started_by:
        # However many windows are missed, one talk a week is enough.
        week = f"{client.id}:{now:%G-W%V}"
        nudge(unit, NudgeKind.CHECK_IN, client.owner_id, subject=week, now=now, client_id=client.id, details=clock.id)


def no_answer(unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
    """For whoever started the clock; nothing once it has been put right."""
    clock = _missed(unit, known, now)
    if clock is None:
        return None
    answered = WayOn.THEY_ANSWERED if clock.side is Side.THEIRS else WayOn.WE_ANSWERED
    return Told(
        about=unit.clients.get(clock.client_id).name,
        what=Sentence(
            "{said} It is logged; say so if that is wrong. {talk}",
            said=miss_said(clock),
            talk=_next_step(unit, clock, now),
        ),
        ways=(
            Way(answered, clock.id),
            Way(WayOn.EMERGENCY, clock.id),
            _check_in(clock),
        ),
    )


def check_in(unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
    """For the client's owner, where that one can read the channel (BR14)."""
    clock = _missed(unit, known, now)
    if clock is None or not may_know(unit, reader, clock):
        return None
    return Told(
        about=unit.clients.get(clock.client_id).name,
        what=Sentence("{said} {talk}", said=miss_said(clock), talk=_next_step(unit, clock, now)),
        ways=(_check_in(clock), Way(WayOn.AGREEMENT, clock.client_id)),
    )


def no_window(unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
    """Somebody waits for an answer, but nothing was agreed that it could be measured against."""
    client = unit.clients.get(known.client_id)
    if agreed_hours(client.agreement, Side(known.details)):
        return None
    return Told(
        about=client.name,
        what="No reply window is agreed yet, so there is nothing to measure an answer against.",
        ways=(Way(WayOn.AGREEMENT, client.id),),
    )


def may_know(unit: UnitOfWork, reader: Member, clock: ResponseClock) -> bool:
    """Whoever waits, and whoever could read in Slack what is waited for."""
    return reader.id == clock.started_by or may_read(unit.people.find_place(clock.channel_id), reader)


def _missed(unit: UnitOfWork, known: Nudge, now: datetime) -> ResponseClock | None:
    clock = unit.agreements.find_clock(known.details)
    if clock is None:
        raise NotFoundError("This clock is not here any more. Nothing is left to do.")
    return clock if clock.state is ClockState.MISSED and now - clock.ends_at < NEWS_FOR else None


def _next_step(unit: UnitOfWork, clock: ResponseClock, now: datetime) -> str:
    """AM06: where answers stay out again the next step is another one."""
    recent = unit.agreements.clocks_ending_after(clock.client_id, now - LOOKED_BACK)
    return NEXT_STEP[rung(recent, now)] or NEXT_STEP[Rung.CHECK_IN]


def _check_in(clock: ResponseClock) -> Way:
    return Way(WayOn.CHECK_IN, clock.client_id)
