"""Praise to complaint: how much of what was noted is good news (RF27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rules.health.signal import Side, Signal, State

WITHIN = timedelta(days=90)
WEEK = timedelta(days=7)


def balance(signals: Iterable[Signal], today: date) -> tuple[int, int]:
    """(praise, red flags) among the live notes of 90 days."""
    recent = [each.side for each in signals if each.state is State.LIVE and each.happened_on > today - WITHIN]
    return recent.count(Side.PRAISE), recent.count(Side.THEIRS)


def is_praised(signals: Iterable[Signal], today: date) -> bool:
    """Whether something of these seven days was praised."""
    praised = (each.happened_on for each in signals if each.side is Side.PRAISE and each.state is State.LIVE)
    return any(today - WEEK < on <= today for on in praised)
