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
    ClientSummary,
    Digest,
    PartingCount,
    Section,
    Timing,
    compose,
    digest_key,
    timing,
)
from rules.health.score import Band, Health
from rules.health.signal import Signal, State
from rules.health.trend import Trend
from rules.health.why.balance import is_praised
from rules.nudges.need import Matter, NeedKind, Whose

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


def matter(kind: NeedKind, since: date, left: int = 0, due_on: date | None = None) -> Matter:
    """Something that needs somebody, left for so many working days."""
    return Matter(
        kind=kind, client_id="", what="It waits.", way="plan", value="", turn=Whose(named=("U1",)), since=since,
        due_on=due_on or since, days_left=left,
    )  # fmt: skip


def test_sections_are_ordered_by_what_needs_a_person(
    summary: Summarise,
    composed: Callable[..., Digest],
    judge: Callable[..., Health],
    note: Callable[..., Signal],
    today: date,
) -> None:
    """Decision, overdue, moved, coming, good news, quiet; whoever has no news is only counted."""
    digest = composed(
        summary("Calm"),
        summary("New", health=judge([]), announced_band=Band.TOO_EARLY),
        summary("Praised", is_praised=True),
        summary("Planned", checkpoint_on=today + timedelta(days=3), plan_runs=True),
        summary("Late", plan_runs=True, needs=(matter(NeedKind.CHECKPOINT, today - timedelta(days=9), 7),)),
        summary("Slipped", announced_band=Band.WATCH, previous_band="healthy"),
        summary("Silent", needs=(matter(NeedKind.SILENT, today - timedelta(days=50)),)),
        summary("Bad", announced_band=Band.CONSIDER),
    )
    expected = [
        (Section.NEEDS_DECISION, ["Bad"]),
        (Section.OVERDUE, ["Late"]),
        (Section.MOVED, ["Slipped"]),
        (Section.COMING, ["Planned"]),
        (Section.GOOD_NEWS, ["Praised"]),
        (Section.QUIET, ["Silent"]),
    ]
    assert expected == sections(digest)
    assert (digest.clients, digest.steady, digest.too_early) == (8, 1, 1)


@pytest.mark.parametrize(
    ("facts", "section"),
    [
        ({"announced_band": Band.AMEND}, Section.NEEDS_DECISION),
        ({"announced_band": Band.AMEND, "plan_runs": True}, None),
        ({"announced_band": Band.CONSIDER, "plan_runs": True}, None),
        ({"previous_band": "healthy"}, None),
        ({"previous_band": "watch"}, Section.MOVED),
        ({"previous_band": "too_early_to_say"}, None),
        ({"previous_band": "watch", "announced_band": Band.TOO_EARLY}, None),
        ({"stage": Stage.TOLD, "announced_band": Band.CONSIDER}, None),
        ({"stage": Stage.HANDING_OFF, "previous_band": "watch"}, None),
        ({"trend": Trend(Way.UP, None, 6)}, None),
    ],
)
def test_each_client_stands_where_it_belongs(
    summary: Summarise, composed: Callable[..., Digest], facts: dict[str, object], section: Section | None
) -> None:
    """HS04: each band calls for something; that it was too early to say is no news."""
    digest = composed(summary(**facts))
    assert [section] * bool(section) == [part.section for part in digest.sections]


@pytest.mark.parametrize(("days", "is_due"), [(0, True), (14, True), (15, False)])
def test_checkpoints_of_the_coming_week_and_missed_ones_are_due(
    summary: Summarise, composed: Callable[..., Digest], today: date, days: int, *, is_due: bool
) -> None:
    """HS14: two weeks ahead; a missed one is overdue."""
    coming = composed(summary(checkpoint_on=today + timedelta(days=days), plan_runs=True))
    late = matter(NeedKind.CHECKPOINT, today - timedelta(days=2), 2)
    missed = composed(summary(checkpoint_on=today - timedelta(days=2), plan_runs=True, needs=(late,)))
    assert [part.section for part in coming.sections] == [Section.COMING] * is_due
    assert [part.section for part in missed.sections] == [Section.OVERDUE]


def test_what_is_left_undone_in_a_parting_is_said_with_or_without_its_tasks(
    summary: Summarise, composed: Callable[..., Digest], today: date
) -> None:
    """NE01: a letter that nobody reads is no secret once the client was told."""
    letter = matter(NeedKind.LETTER, today - timedelta(days=9), 4)
    running = PartingCount(finished=1, tasks=3, late=0, last_day=today)
    digest = composed(
        summary("Stuck", stage=Stage.TOLD, needs=(letter,)),
        summary("Running", stage=Stage.HANDING_OFF, needs=(letter,), parting=running),
        summary("Calm", stage=Stage.HANDING_OFF, parting=running),
        summary("Fresh", stage=Stage.TOLD, needs=(replace(letter, days_left=0),)),
    )

    assert sections(digest) == [(Section.PARTING, ["Calm", "Running", "Stuck"])]
    assert [entry.need for entry in digest.sections[0].entries] == [None, letter, letter]
    assert digest.needs_somebody


def test_a_plan_that_stands_still_is_what_a_client_in_trouble_needs(
    summary: Summarise, composed: Callable[..., Digest], today: date
) -> None:
    """RP07: not that no plan runs, but that somebody holds the checkpoint or ends it."""
    missed = matter(NeedKind.CHECKPOINT, today - timedelta(days=9), 7)
    promised = matter(NeedKind.PROMISE, today - timedelta(days=12), 9)
    digest = composed(summary(announced_band=Band.AMEND, poor_since=today, needs=(promised, missed)))

    assert [part.section for part in digest.sections] == [Section.NEEDS_DECISION]
    assert [(entry.need, entry.further) for entry in digest.sections[0].entries] == [(missed, 1)]


def test_the_next_checkpoint_is_another_line_and_a_matter_that_stays_the_same(summary: Summarise, today: date) -> None:
    """Only what is really the same counts its weeks."""

    def weeks(summary: ClientSummary, before: dict[str, int]) -> dict[str, int]:
        return compose([summary], today=today, started_on=today, shown_before=before).lines

    planned = summary(checkpoint_on=today, plan_runs=True)
    later = replace(planned, checkpoint_on=today + timedelta(days=14))
    left = summary(needs=(matter(NeedKind.CHECKPOINT, today - timedelta(days=9), 7),))
    again = replace(left, needs=(matter(NeedKind.CHECKPOINT, today - timedelta(days=9), 12),))

    assert [[*weeks(second, weeks(first, {})).values()] for first, second in ((planned, later), (left, again))] == [
        [1],
        [2],
    ]


@pytest.mark.parametrize(("days", "is_told"), [(14, True), (15, False)])
def test_terms_come_by_the_day_of_their_notice(
    summary: Summarise, composed: Callable[..., Digest], today: date, days: int, *, is_told: bool
) -> None:
    """CN01, CN03."""
    term = matter(NeedKind.NOTICE_DAY, today - timedelta(days=10), due_on=today + timedelta(days=days))
    assert [part.section for part in composed(summary(needs=(term,))).sections] == [Section.COMING] * is_told


@pytest.mark.parametrize(("clients", "most"), [(1, 12), (60, 12), (130, 16), (200, 20), (5_000, 20)])
def test_the_screen_grows_with_the_agency_and_no_part_goes_without(
    summary: Summarise, composed: Callable[..., Digest], today: date, clients: int, most: int
) -> None:
    """BR12: 12 client lines for 60 clients, 20 for 200, and what is left is counted."""
    kinds: list[dict[str, object]] = [
        {"announced_band": Band.CONSIDER},
        {"needs": (matter(NeedKind.CHECKPOINT, today - timedelta(days=9), 7),)},
        {"announced_band": Band.WATCH, "previous_band": "healthy"},
        {"checkpoint_on": today, "plan_runs": True},
        {"needs": (matter(NeedKind.SILENT, today - timedelta(days=50)),)},
    ]
    digest = composed(*(summary(f"Client {n}", **kinds[n % 5]) for n in range(clients)))
    shown = [len(part.entries) for part in digest.sections]
    assert (sum(shown), min(shown) >= 1) == (min(clients, most), True)
    assert clients == sum(shown) + sum(part.more for part in digest.sections)
    assert clients == 1 or len(shown) == 5


def test_a_line_that_stands_for_weeks_says_so(summary: Summarise, today: date) -> None:
    """It counts the digests in a row; one week elsewhere, and it begins anew."""
    began = today - timedelta(weeks=9)
    seen: list[int] = []
    before: dict[str, int] = {}
    for band in (Band.AMEND, Band.AMEND, Band.AMEND, Band.HEALTHY, Band.AMEND):
        digest = compose([summary(announced_band=band)], today=today, started_on=began, shown_before=before)
        before = digest.lines
        seen += [entry.weeks for part in digest.sections for entry in part.entries]
    assert seen == [1, 2, 3, 1]


def test_good_news_is_of_clients_that_do_well(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """A kind word about a falling client is no win, and neither is a rise that nobody praised."""
    falls, rises = Trend(Way.DOWN, None, -9), Trend(Way.UP, None, 9)
    digest = composed(
        summary("Falls", is_praised=True, trend=falls),
        summary("Watched", is_praised=True, announced_band=Band.WATCH),
        summary("Rises", is_praised=True, announced_band=Band.WATCH, trend=rises),
        summary("Well", is_praised=True),
    )
    assert sections(digest) == [(Section.GOOD_NEWS, ["Rises", "Well"])]


def test_praise_counts_for_seven_days(note: Callable[..., Signal], today: date) -> None:
    """By when it happened, and unless somebody took it back."""
    found = [is_praised([note("praise", days)], today) for days in (0, 6, 7)]
    taken_back = is_praised([note("praise", 1, state=State.WITHDRAWN), note("late_payment", 1)], today)
    assert (found, taken_back) == ([True, True, False], False)


def test_abuse_comes_before_any_number(
    summary: Summarise, composed: Callable[..., Digest], note: Callable[..., Signal], judge: Callable[..., Health]
) -> None:
    """FG14: a banner needs a person even where the score is fine."""
    abused = summary("Loud", health=judge([note("abuse")]), announced_band=Band.HEALTHY)
    digest = composed(summary("Bad", announced_band=Band.CONSIDER), abused)
    assert [(entry.name, entry.acts_now) for entry in digest.sections[0].entries] == [("Loud", True), ("Bad", False)]


@pytest.mark.parametrize("stage", [Stage.CONSIDERING, Stage.DECIDED])
def test_a_secret_stage_never_stands_in_a_channel(
    summary: Summarise, composed: Callable[..., Digest], stage: Stage
) -> None:
    """Until the client has been told, only those who decide know."""
    digest = composed(summary(stage=stage, announced_band=Band.CONSIDER, previous_band="watch", plan_runs=True))
    assert digest.sections[0].entries[0].stage is Stage.AMENDING


def test_closed_clients_are_left_out(summary: Summarise, composed: Callable[..., Digest]) -> None:
    """They are history."""
    assert composed(summary(stage=Stage.CLOSED)).clients == 0


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


def test_the_longest_silence_comes_first(summary: Summarise, composed: Callable[..., Digest], today: date) -> None:
    """HS14: a line is all that there may be room for."""
    silent = {"Long": 80, "Short": 45, "Middle": 60}
    digest = composed(
        *(
            summary(name, needs=(matter(NeedKind.SILENT, today - timedelta(days=days)),))
            for name, days in silent.items()
        )
    )

    assert sections(digest) == [(Section.QUIET, ["Long", "Middle", "Short"])]
