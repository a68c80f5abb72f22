"""What the screens about health show at their limits: Slack takes them, and nothing hangs on colour alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.services.capture.ledger import PAGE, LedgerPage, Sieve
from bot.services.health.explanations import Explanation
from bot.services.health.scorecards import Scorecard
from bot.views.capture.form import Draft, log_form
from bot.views.capture.history import HistoryView, read_place, write_place
from bot.views.health.scorecard import ICONS, card_line, scorecard, step_line
from bot.views.health.toll import read_value
from bot.views.health.trend import sparkline, trend_dialog
from bot.views.health.why import WhyView, signed
from integrations.sandbox.slack.blockkit.limits import check_blocks, check_view
from rules.clients.client import BandOverride, Client
from rules.clients.stages import Stage
from rules.decisions.plan import Action, ActionSide
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.days.standing import judge
from rules.health.formula.entries import entries_of
from rules.health.formula.v2 import health
from rules.health.score import Band
from rules.health.signal import Revision, Severity, Side, Signal, Source, State
from rules.health.trend import Point, points, trend_of
from rules.health.why.change import moves
from rules.health.why.outlook import outlook
from rules.health.why.steps import step_for
from rules.health.why.toll import weigh
from rules.words import Words, load_words

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
LONG = "<!channel> & *stars* " * 40


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def words() -> Words:
    return load_words("en")


def signal(catalogue: Catalogue, number: int, **facts: Any) -> Signal:
    codes = [code for code in catalogue.types if code != "unsorted"]
    entry = catalogue.type(codes[number % len(codes)])
    moment = NOW - timedelta(days=number % 60)
    made = Signal(
        id=f"nt-{number:020}",
        workspace_id="T1",
        client_id="cl-0123456789abcdef",
        type=entry.code,
        side=entry.side,
        source=Source.FORM,
        reporter_id="UTOM",
        witness_ids=("UDAN", "UADA"),
        happened_at=moment,
        happened_on=moment.date(),
        logged_at=moment,
        logged_on=moment.date(),
        note=LONG,
        link=f"https://example.com/{'x' * 270}",
        revisions=tuple(Revision(at=NOW, by_id="UTOM", severity=Severity.PINK) for _ in range(9)),
    )
    return replace(made, **facts)


def explained(catalogue: Catalogue, signals: list[Signal], **changes: Any) -> Explanation:
    client = Client(
        id="cl-0123456789abcdef",
        workspace_id="T1",
        name=f"Acme {LONG}"[:80],
        owner_id="UOLIVIA",
        stage_since=NOW,
        revenue_share_percent=40,
        margin_percent=-5,
        hours_a_week=160,
    )
    judged = judge(signals, None, today=TODAY, timezone="UTC", catalogue=catalogue)
    current = judged.health
    entries = entries_of(signals, catalogue, "UTC")
    before = health(entries, today=TODAY - timedelta(days=7), catalogue=catalogue)
    card = Scorecard(
        client=client,
        stage=Stage.ACTIVE,
        health=current,
        trend=trend_of(judged.at.turn, TODAY),
        signals={each.id: each for each in signals},
        has_notes=bool(signals),
        to_be_confirmed=True,
        may_decide=True,
        step=step_for(current.band, owner_id="UOLIVIA", since=TODAY - timedelta(days=60), today=TODAY),
        **changes,
    )
    promise = Action(concern_id="c1", text=LONG, side=ActionSide.OURS, owner_id="UTOM", due_on=TODAY)
    return Explanation(
        card=card,
        today=TODAY + timedelta(days=1),
        total_week_ago_tenths=before.total_tenths,
        moves=moves(before, current),
        outlook=outlook(current, entries, today=TODAY, catalogue=catalogue),
        points=points(judged.at.ledger, signals, now=NOW, today=TODAY, catalogue=catalogue),
        promises=(promise,) * 20,
        toll=weigh(client, signals, today=TODAY, catalogue=catalogue),
    )


def override(band: Band = Band.HEALTHY) -> BandOverride:
    until = NOW + timedelta(days=14)
    return BandOverride(band=band, reason=LONG[:300], by_id="UOLIVIA", made_at=NOW, last_day=until.date(), until=until)


def mrkdwn(part: Any) -> list[str]:
    """Every text in which Slack reads mentions."""
    if isinstance(part, dict):
        return [part["text"]] if part.get("type") == "mrkdwn" else mrkdwn(list(part.values()))
    return [text for each in part for text in mrkdwn(each)] if isinstance(part, list | tuple) else []


@pytest.mark.parametrize("count", [0, 1, 40, 300])
def test_slack_takes_every_screen_however_long_the_ledger(catalogue: Catalogue, words: Words, count: int) -> None:
    """From no note to hundreds of long ones: within blocks and characters, and nobody is mentioned by a note."""
    signals = [signal(catalogue, number) for number in range(count)]
    found = explained(catalogue, signals, override=override())
    page = LedgerPage(
        client=found.card.client,
        sieve=Sieve(after="nt-00000000000000000001" if count else ""),
        notes=tuple(signals[:PAGE]),
        others={each.id: each for each in signals},
        older="nt-00000000000000000009",
        reader_id="UTOM",
        may_decide=True,
    )
    shown = [
        WhyView(catalogue, words).dialog(found),
        HistoryView(catalogue, words).dialog(page),
        trend_dialog(found, words, file_id="F0TREND"),
        trend_dialog(found, words, name="trend:abc"),
    ]
    for view in shown:
        check_view(view, home=False)
    message = scorecard(found, words)
    check_blocks(list(message.blocks))
    read = mrkdwn([*shown, message.blocks])
    assert len(read) > 10
    assert [text for text in read if "<!channel>" in text or " *stars*" in text] == []
    assert "<!channel>" not in message.text


@pytest.mark.parametrize("band", list(Band))
def test_icon_word_and_number_stand_together(catalogue: Catalogue, words: Words, band: Band) -> None:
    """Never colour alone: each band has an icon of its own and its word beside it."""
    found = explained(catalogue, [signal(catalogue, number) for number in range(9)], override=override(band))
    said = card_line(found.card, words)

    assert len({ICONS[each] for each in Band}) == len(Band)
    assert ICONS[band] in said
    assert f"· {words.band(band)} (overridden by <@UOLIVIA> until" in said
    assert "to be confirmed" not in said


def test_a_line_of_signs_says_gaps_and_another_formula() -> None:
    """Eight signs a reader can compare, in any theme and without a picture."""
    scores = [None, 1000, 999, 500, 124, 0, 620, 880]
    days = [TODAY + timedelta(weeks=place) for place in range(len(scores))]
    made = [
        Point(on=on, score_tenths=score, version="v1" if place < 6 else "v2")
        for place, (on, score) in enumerate(zip(days, scores, strict=True))
    ]

    assert sparkline(made) == "·██▅▁▁|▅█"


def test_a_place_in_the_history_fits_into_an_option(catalogue: Catalogue) -> None:
    """Slack allows 150 characters: the longest type, side, state and cursor, there and back."""
    longest = max(catalogue.types, key=len)
    sieve = Sieve(side=Side.PRAISE, state=State.WITHDRAWN, type=longest, after="nt-" + "f" * 20)
    written = write_place("cl-0123456789abcdef", sieve)

    assert len(written) <= 150
    assert read_place(written) == ("cl-0123456789abcdef", sieve)
    assert read_place("cl-1") == ("cl-1", Sieve())


def test_points_are_signed() -> None:
    """What rose and what fell is told apart without colour."""
    assert [signed(points) for points in (42, -5, 0)] == ["+4.2", "-0.5", "0.0"]


@pytest.mark.parametrize(("typed", "field"), [({"share": "101"}, "share"), ({"hours": "169"}, "hours")])
def test_a_number_that_can_not_be_is_said_beside_its_field(typed: dict[str, str], field: str) -> None:
    """Nothing is stored that a week or a whole does not have room for."""
    with pytest.raises(InvalidError) as refused:
        read_value(typed)
    assert set(refused.value.fields) == {field}


def test_a_number_left_empty_is_not_known() -> None:
    """Nobody has to guess."""
    found = read_value({"share": "", "hours": None, "margin": "-20"})
    assert (found.revenue_share_percent, found.hours_a_week, found.margin_percent) == (None, None, -20)


def test_the_outlook_names_days(catalogue: Catalogue, words: Words) -> None:
    """ "Half of it is gone by" a day that is written out."""
    late = signal(catalogue, 1, type="late_payment", side=Side.THEIRS, happened_on=date(2026, 11, 20))
    found = WhyView(catalogue, words).dialog(explained(catalogue, [late]))
    assert "half of it is gone by Sun 21 Feb 2027" in json.dumps(found)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_next_step_is_that_of_the_stage(catalogue: Catalogue, words: Words, stage: Stage) -> None:
    """Nobody is told to start a plan with a client that they are parting from."""
    card = replace(explained(catalogue, []).card, stage=stage)
    expected = words.next_step(card.band) if stage is Stage.ACTIVE else words.stage_step(stage)
    assert expected in str(step_line(card, words))


def test_a_note_is_nudged_towards_words_that_they_could_read(catalogue: Catalogue) -> None:
    """FG05: the form says it beside the field, where it is written."""
    asked = log_form(catalogue, Draft(happened_on=TODAY))
    hints = [block["hint"]["text"] for block in asked["blocks"] if block.get("block_id") == "note"]
    assert hints == ["Write it so that you would be fine if they read it."]
