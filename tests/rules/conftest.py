"""What the tests of rules share: a day, the real catalogue, and short ways to write down what was noticed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import settings

from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.formula import v1, v2
from rules.health.formula.entries import entries_of
from rules.health.score import Health
from rules.health.signal import Severity, Signal, Source, State

# How long one example takes says nothing on a machine that others share.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

NOON = time(12, tzinfo=UTC)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def now(today: date) -> datetime:
    return datetime.combine(today, NOON)


@pytest.fixture(scope="session")
def note(catalogue: Catalogue, today: date) -> Callable[..., Signal]:
    """`note("late_payment", days_ago=3, severity="red", ...)`; ids count up where none is given."""
    numbers = itertools.count(1)

    def make(type_code: str, days_ago: int = 0, severity: str = "", **facts: object) -> Signal:
        entry = catalogue.type(type_code)
        on = today - timedelta(days=days_ago)
        at = datetime.combine(on, NOON)
        known: dict[str, object] = {
            "id": f"s{next(numbers):06}",
            "workspace_id": "T1",
            "client_id": "c1",
            "type": type_code,
            "side": entry.side,
            "severity": Severity(severity) if severity else entry.severity,
            "state": State.LIVE,
            "source": Source.COMMAND,
            "reporter_id": "U1",
            "happened_at": at,
            "happened_on": on,
            "logged_at": at,
            "logged_on": on,
        }
        return Signal(**(known | facts))  # type: ignore[arg-type]  # the facts are the caller's to type

    return make


@pytest.fixture(scope="session")
def judge(catalogue: Catalogue, today: date) -> Callable[..., Health]:
    """`judge(signals, days_later=7)`: the health of these notes, today or later."""

    def at(signals: Iterable[Signal], days_later: int = 0) -> Health:
        entries = entries_of(signals, catalogue, "UTC")
        return v2.health(entries, today=today + timedelta(days=days_later), catalogue=catalogue)

    return at


@pytest.fixture(scope="session")
def judge_v1(catalogue: Catalogue, today: date, now: datetime) -> Callable[..., Health]:
    """The same by the first formula, which says what a day was before the second one came."""

    def at(signals: Iterable[Signal], days_later: int = 0) -> Health:
        later = timedelta(days=days_later)
        return v1.health(signals, now=now + later, today=today + later, catalogue=catalogue)

    return at
