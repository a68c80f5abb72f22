"""What a note's arrival calls for at once: help where somebody was abused, an early word at a first small warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from rules.health.catalogue import UNSORTED
from rules.health.score import Banner
from rules.health.signal import Outline, Severity, Side, Signal, State

# Only what was just logged is news; a correction or a review days later is none.
NEWS_FOR: Final = timedelta(hours=1)
FIRST_WITHIN: Final = timedelta(days=90)


def first_warning(notes: Iterable[Signal], now: datetime) -> Signal | None:
    """The only live red flag of these 90 days, where it is a pink one: the best time for a word (HS05).

    A miss of our own is none, and neither is a note of which nobody has said what it is.
    """
    flags = [
        note
        for note in notes
        if note.side is Side.THEIRS
        and note.type != UNSORTED
        and note.state is State.LIVE
        and now - note.happened_at < FIRST_WITHIN
    ]
    return flags[0] if len(flags) == 1 and flags[0].severity is Severity.PINK else None


def may_call(outlines: Iterable[Outline], banners: Iterable[Banner], now: datetime) -> set[str]:
    """The ids of the notes that have to be read for what is below."""
    since = now - FIRST_WITHIN
    flags = [
        each for each in outlines if each.happened_at > since and each.side is Side.THEIRS and each.type != UNSORTED
    ]
    first = {flags[0].id} if len(flags) == 1 and flags[0].severity is Severity.PINK else set[str]()
    return first | {banner.signal_id for banner in banners}


def alarms(banners: Iterable[Banner], notes: Collection[Signal], now: datetime) -> list[Signal]:
    """What "act now" stands for, where it was just logged, or just confirmed (FG14)."""
    calling = {banner.signal_id for banner in banners}
    return [note for note in notes if note.id in calling and (is_news(note, now) or _is_just_settled(note, now))]


def _is_just_settled(note: Signal, now: datetime) -> bool:
    return note.settled_at is not None and now - note.settled_at < NEWS_FOR


def is_news(note: Signal, now: datetime) -> bool:
    return now - note.logged_at < NEWS_FOR
