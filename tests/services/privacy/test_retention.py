"""Retention: words go after a period, and nothing else changes (D12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.errors import InvalidError, RefusedError
from rules.health.catalogue import load_catalogue
from rules.health.formula.v1 import health
from rules.health.signal import Severity, Side, Signal, Source
from rules.privacy.blanking import aged
from rules.privacy.fields import Holds, tables
from tests.services.privacy.conftest import LONG_AGO, NOW, ORDER, WORKSPACE

pytestmark = pytest.mark.both_databases

DAYS = st.integers(min_value=0, max_value=900)
TYPES = st.sampled_from(sorted(load_catalogue().types))


def note(place: int, days: int, code: str, words: str) -> Signal:
    at = NOW - timedelta(days=days)
    type_ = load_catalogue().type(code)
    return Signal(
        id=f"nt-{place}",
        workspace_id=WORKSPACE,
        client_id="cl-1",
        type=code,
        side=Side(type_.side),
        severity=Severity.RED,
        source=Source.FORM,
        reporter_id="U1",
        happened_at=at,
        happened_on=at.date(),
        logged_at=at,
        logged_on=at.date(),
        note=words,
        excerpt=words,
    )


@given(st.lists(st.tuples(DAYS, TYPES, st.text(max_size=20)), max_size=12))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_score_depends_on_words(rows: list[tuple[int, str, str]]) -> None:
    """Whatever notes there are: without their words the score and all its lines are the same."""
    catalogue = load_catalogue()
    notes = [note(place, *row) for place, row in enumerate(rows)]
    fields = tables()["signals"]
    words = fields.holding(Holds.WORDS, Holds.IDENTITY)
    bare = [
        Signal(**{**values, **{path: aged(fields, values)[path] for path in words if path in values}})
        for values in ({name: getattr(each, name) for name in Signal.__dataclass_fields__} for each in notes)
    ]
    before, after = (health(each, now=NOW, today=NOW.date(), catalogue=catalogue) for each in (notes, bare))

    assert (before, all(not each.note for each in bare)) == (after, True)


def test_old_words_go_and_newer_ones_stay(archive: Any) -> None:
    """Everything older than the period loses its words, row for row; who it was and what is younger stays."""
    archive.fill("acme", archive.tom, LONG_AGO)
    archive.fill("birch", archive.tom)
    before = archive.rows()
    foreseen = archive.retention.preview(WORKSPACE, archive.eve, 24)
    archive.retention.set(WORKSPACE, archive.eve, 24)
    archive.retain()
    left = archive.dump_tables()

    assert foreseen == 10
    assert [left.count(f"zqacme-{name}-{word}") for name, word in (
        ("signals", "note"), ("plans", "goal"), ("decisions", "reason"), ("notices", "body"), ("tickets", "title"),
        ("audit", "details"), ("partings", "referrals"), ("response_clocks", "link"), ("decisions", "snapshot"),
        ("perspectives", "ours"), ("accords", "objections"),
    )] == [0] * 11  # fmt: skip
    assert [left.count(word) > 0 for word in ("zqacme-clients-name", "zqbirch-signals-note", "zqbirch-plans-goal")] == [
        True
    ] * 3
    assert archive.rows() == before | {"audit": before["audit"] + 1}
    assert archive.retention.preview(WORKSPACE, archive.eve, 24) == 0


def test_words_stay_to_the_day_and_no_longer(archive: Any) -> None:
    """A day before the period is over everything is there, a day after it is gone."""
    archive.fill("acme", archive.tom, archive.clock.now() - relativedelta(months=24) + timedelta(days=1))
    archive.retention.set(WORKSPACE, archive.eve, 24)
    archive.retain()
    before = archive.dump_tables().count("zqacme-signals-note")
    archive.clock.moment += timedelta(days=2)
    archive.retain()

    assert (before > 0, archive.dump_tables().count("zqacme-signals-note")) == (True, 0)


def test_the_score_is_the_same_after_a_retention(archive: Any) -> None:
    """Through the real ledger: what was said before is said after."""
    archive.fill("acme", archive.tom, LONG_AGO)
    archive.add_notes("acme", 9)
    before = archive.health("acme")
    archive.retention.set(WORKSPACE, archive.eve, 6)
    archive.clock.moment += timedelta(days=400)
    later = archive.health("acme")
    archive.retain()

    assert (archive.health("acme"), later == before) == (later, False)


def test_by_default_everything_is_kept(archive: Any) -> None:
    """Nobody loses a word without having asked for it."""
    archive.fill("acme", archive.tom, LONG_AGO)
    archive.retain()

    assert archive.retention.months(WORKSPACE, archive.eve) == 0
    assert archive.dump_tables().count("zqacme-signals-note") == 1


def test_what_is_still_worked_with_keeps_its_words(archive: Any) -> None:
    """A running plan, an open decision and an open parting need their words, however old they are."""
    archive.fill("acme", archive.tom, LONG_AGO, ended=False)
    archive.retention.set(WORKSPACE, archive.eve, 6)
    archive.retain()
    left = archive.dump_tables()

    needed = ("plans-goal", "decisions-reason", "notices-body")
    assert [left.count(f"zqacme-{name}") > 0 for name in needed] == [True, True, True]
    assert left.count("zqacme-signals-note") == 0


def test_an_admin_sets_it_and_it_stands_in_the_audit_log(archive: Any) -> None:
    """Nobody else sees or changes the period, and only those offered can be chosen."""
    for ask, about in (
        (archive.retention.set, (24,)),
        (archive.retention.preview, (24,)),
        (archive.retention.months, ()),
    ):
        with pytest.raises(RefusedError):
            ask(WORKSPACE, archive.tom, *about)
    with pytest.raises(InvalidError, match="one of the periods"):
        archive.retention.set(WORKSPACE, archive.eve, 1)
    archive.retention.set(WORKSPACE, archive.eve, 24)

    assert [(entry.action, entry.details) for entry in archive.audit()] == [("retention_set", "24 months")]


def test_every_table_is_walked(archive: Any) -> None:
    """No table with a client is left out of erasure by being forgotten here; what Slack tells us, by its own tests."""
    assert set(archive.erasure.tables(archive.subject())) == {*ORDER, "inbox", "places"}


def test_what_a_long_parting_taught_is_kept_from_its_close(archive: Any) -> None:
    """It began before the period and was closed yesterday: answers of yesterday are not old."""
    for tag in ("acme", "birch"):
        archive.fill(tag, archive.tom, LONG_AGO)
    with archive.units.begin(WORKSPACE) as unit:
        long_one = unit.partings.get("acme-partings")
        unit.partings.save(replace(long_one, closed_at=NOW - timedelta(days=1)))
    archive.retention.set(WORKSPACE, archive.eve, 24)
    archive.retain()
    left = archive.dump_tables()

    assert [left.count(f"zq{tag}-partings-retro-ask_next") for tag in ("acme", "birch")] == [1, 0]
