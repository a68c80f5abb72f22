"""The weekly digest: what needs a person comes first, and one screen is enough for 200 clients."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.clients.stages import Stage
from rules.health.days.turn import Way
from rules.health.digest import (
    LIMITS,
    ClientSummary,
    Digest,
    Section,
    Timing,
    compose,
    digest_key,
    timing,
)
from rules.health.score import Band, Health
from rules.health.signal import Signal
from rules.health.trend import Trend

STEADY = Trend(Way.STEADY, None, 0)

Summarise = Callable[..., ClientSummary]


@pytest.fixture(scope="session")
def summary(note: Callable[..., Signal], judge: Callable[..., Health]) -> Summarise:
    """A healthy client without news, and what is different."""
    calm = judge([note("praise", days) for days in (30, 20, 10)])

    def make(name: str = "Acme", **facts: object) -> ClientSummary:
        known = ClientSummary(client_id=name.lower(), name=name, health=calm, trend=STEADY, announced_band=Band.HEALTHY)
        return replace(known, **facts)  # type: ignore[arg-type]  # the facts are the caller's to type

    return make


def sections(digest: Digest) -> list[tuple[Section, list[str]]]:
    return [(part.section, [entry.name for entry in part.entries]) for part in digest.sections]


@pytest.fixture(scope="session")
def composed(today: date) -> Callable[..., Digest]:
    def make(*summaries: ClientSummary, weeks: int = 4) -> Digest:
        return compose(summaries, today=today, started_on=today - timedelta(weeks=weeks))

    return make


def test_sections_are_ordered_by_what_needs_a_person(
    summary: Summarise, composed: Callable[..., Digest], judge: Callable[..., Health], today: date
) -> None:
    """Decision, change, checkpoint, quiet win, too early; who has no news is only counted."""
    digest = composed(
        summary("Calm"),
        summary("New", health=judge([]), announced_band=Band.TOO_EARLY),
        summary("Better", trend=Trend(Way.UP, None, 6)),
        summary("Planned", checkpoint_on=today + timedelta(days=3), plan_runs=True),
        summary("Slipped", announced_band=Band.WATCH, previous_band="healthy"),
        summary("Bad", announced_band=Band.CONSIDER),
    )
    expected = [
        (Section.NEEDS_DECISION, ["Bad"]),
        (Section.BAND_CHANGED, ["Slipped"]),
        (Section.CHECKPOINT_DUE, ["Planned"]),
        (Section.QUIET_WIN, ["Better"]),
        (Section.TOO_EARLY, ["New"]),
    ]
    assert expected == sections(digest)
    assert (digest.clients, digest.steady) == (6, 1)


@pytest.mark.parametrize(
    ("facts", "section"),
    [
        ({"announced_band": Band.AMEND}, Section.NEEDS_DECISION),
        ({"announced_band": Band.AMEND, "plan_runs": True}, None),
        ({"announced_band": Band.WATCH, "plan_to_judge": True}, Section.NEEDS_DECISION),
        ({"previous_band": "healthy"}, None),
        ({"previous_band": "watch"}, Section.BAND_CHANGED),
        ({"stage": Stage.TOLD, "announced_band": Band.CONSIDER}, None),
        ({"stage": Stage.HANDING_OFF, "previous_band": "watch"}, None),
        ({"stage": Stage.HANDING_OFF, "trend": Trend(Way.UP, None, 6)}, None),
    ],
)
def test_each_client_stands_where_it_belongs(
    summary: Summarise, composed: Callable[..., Digest], facts: dict[str, object], section: Section | None
) -> None:
    """HS04: each band calls for something; after the talk nobody has to judge the score any more."""
    digest = composed(summary(**facts))
    assert [section] * bool(section) == [part.section for part in digest.sections]


@pytest.mark.parametrize(("days", "is_due"), [(-3, True), (0, True), (7, True), (8, False)])
def test_checkpoints_of_the_coming_week_and_missed_ones_are_due(
    summary: Summarise, composed: Callable[..., Digest], today: date, days: int, *, is_due: bool
) -> None:
    """HS14."""
    digest = composed(summary(checkpoint_on=today + timedelta(days=days)))
    assert is_due is bool(digest.sections)


def test_abuse_comes_before_any_number(
    summary: Summarise, composed: Callable[..., Digest], note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """FG14: a banner needs a person even where the score is fine."""
    abused = summary("Loud", health=judge([note("abuse")]), announced_band=Band.HEALTHY)
    digest = composed(summary("Bad", announced_band=Band.CONSIDER), abused)
    assert [(entry.name, entry.acts_now) for entry in digest.sections[0].entries] == [("Loud", True), ("Bad", False)]


def test_praise_of_this_week_is_a_quiet_win(
    summary: Summarise, composed: Callable[..., Digest], note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """HS02: good news is seen."""
    digest = composed(summary(health=judge([note("recommends_us", 6), note("praise", 20), note("praise", 30)])))
    assert sections(digest) == [(Section.QUIET_WIN, ["Acme"])]


@pytest.mark.parametrize("stage", [Stage.CONSIDERING, Stage.DECIDED])
def test_a_secret_stage_never_stands_in_a_channel(
    summary: Summarise, composed: Callable[..., Digest], stage: Stage
) -> None:
    """Until the client has been told, only those who decide know."""
    digest = composed(summary(stage=stage, announced_band=Band.CONSIDER, plan_runs=True))
    assert digest.sections[0].entries[0].stage is Stage.AMENDING


def test_closed_clients_are_left_out(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """They are history."""
    assert composed(summary(stage=Stage.CLOSED)).clients == 0


def test_one_screen_serves_200_clients(summary: Summarise, composed: Callable[..., Digest], today: date) -> None:
    """However bad the week: fewer than 50 blocks, and the rest is counted."""
    kinds: list[dict[str, object]] = [
        {"announced_band": Band.CONSIDER},
        {"announced_band": Band.WATCH, "previous_band": "healthy"},
        {"checkpoint_on": today},
        {"trend": Trend(Way.UP, None, 5)},
    ]
    digest = composed(*(summary(f"Client {n}", **kinds[n % 4]) for n in range(200)))
    shown = sum(len(part.entries) for part in digest.sections)
    more = sum(part.more for part in digest.sections)
    assert sum(LIMITS.values()) + 3 * len(Section) + 3 <= 50
    assert (digest.clients, 200) == (200, shown + more + digest.steady)


def test_10_000_clients_are_composed_in_a_moment(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """Design section 6: composing is the smallest part of ten seconds."""
    summaries = [summary(f"C{n}", announced_band=Band.CONSIDER) for n in range(10_000)]
    began = time.process_time()
    composed(*summaries)
    assert time.process_time() - began < 2


def test_nothing_changed_is_recognised(
    summary: Summarise, composed: Callable[..., Digest], note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """A score that faded by a few tenths is no news; another band is."""
    flags = [note("late_payment", days) for days in (40, 30, 20)]
    before = composed(summary(health=judge(flags), announced_band=Band.AMEND))
    faded = composed(summary(health=judge(flags, 7), announced_band=Band.AMEND))
    worse = composed(summary(health=judge(flags), announced_band=Band.CONSIDER))
    assert (before.fingerprint == faded.fingerprint, before.fingerprint == worse.fingerprint) == (True, False)


def test_the_order_of_clients_makes_no_difference(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """The same week is the same digest."""
    clients = [summary(name, announced_band=Band.CONSIDER) for name in ("Acme", "Globex", "Initech")]
    assert composed(*clients) == composed(*reversed(clients))


def test_the_first_week_counts_notes(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """ "Week 1: 3 notes": there is nothing else to say yet."""
    first = composed(summary("A", notes_this_week=2), summary("B", notes_this_week=1), weeks=0)
    assert (first.is_first_week, first.week, first.notes_this_week) == (True, 1, 3)
    assert not composed(weeks=1).is_first_week


@pytest.mark.parametrize(
    ("on", "week"),
    [(date(2026, 11, 23), "2026-W48"), (date(2027, 1, 3), "2026-W53"), (date(2027, 1, 4), "2027-W01")],
)
def test_a_digest_has_one_key_a_week(on: date, week: str) -> None:
    """Weeks are ISO weeks: the first of January may belong to the old year."""
    assert f"digest:T1:C1:{week}" == digest_key("T1", "C1", on)


@pytest.mark.parametrize(
    ("hours_late", "expected"),
    [
        (-1, Timing.EARLY),
        (0, Timing.ON_TIME),
        (0.9, Timing.ON_TIME),
        (1, Timing.LATE),
        (119, Timing.LATE),
        (121, Timing.SKIPPED),
        (200, Timing.SKIPPED),
    ],
)
def test_after_an_outage_a_digest_is_late_or_skipped(hours_late: float, expected: Timing) -> None:
    """It says that it is late, and keeps quiet within 48 hours of the next one."""
    due_at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert expected is timing(due_at, due_at + timedelta(weeks=1), due_at + timedelta(hours=hours_late))
