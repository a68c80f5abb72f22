"""How it is to work with a client: one tap a month, nobody's answer can be told; beside it the client's own word."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.health.pulse import ANSWERS, FEWEST, mood_of


@pytest.fixture
def birch(app: Any) -> Client:
    client: Client = app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    app.sweep(timedelta(minutes=1))
    return client


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def tap(app: Any, person: Any, answer: int) -> None:
    asked = [message for message in person.dms() if "How is it to work with them?" in message.text][-1]
    buttons = re.findall(r"pulse\.[\w-]+", str(asked))
    person.click(asked, sorted(set(buttons))[answer - 1])
    app.settle()


def said_to_deciders(app: Any) -> str:
    card = app.agency.olivia.command("/client", "Birch & Barrow").messages[-1]
    return str(card)


def test_three_taps_make_one_word_after_the_round_is_closed(app: Any, birch: Client) -> None:
    """D15, RF28, RF32, HS17, HS19: beside the client's own word, outside of the score, never below three answers."""
    agency = app.agency
    before = app.web.services.health.scorecard(app.team_id, app.member(OLIVIA), birch.id).health
    app.sweep(app.until_noon(20))
    app.tell()
    early = [message for message in agency.amir.dms() if "work with them" in message.text]
    app.sweep(app.until_noon(11))
    app.tell()
    for person in (agency.amir, agency.dana):
        tap(app, person, 1)
    two = said_to_deciders(app)
    tap(app, agency.olivia, 2)
    running = said_to_deciders(app)
    card = agency.amir.command("/client", birch.name).messages[-1]
    agency.amir.choose(card, "open_verb.more", "Agreement")
    agency.amir.click(agency.amir.view, "satisfaction")
    agency.amir.submit({"stars": "4", "source": "A call with Ana"})
    app.sweep(timedelta(days=11))
    closed = said_to_deciders(app)
    after = app.web.services.health.scorecard(app.team_id, app.member(OLIVIA), birch.id).health
    with app.web.outside.units.read(app.team_id) as unit:
        log = str(unit.audit.newest(500))
        kept = unit.pulses.closed(birch.id, app.web.outside.clock.now(), 1)[0]

    assert early == []
    assert ("no answer to show yet" in two, "no answer to show yet" in running) == (True, True)
    assert ("heavy to work with" in closed, "4 of 5" in closed, "A call with Ana" in closed) == (True, True, True)
    assert (kept.counts, len(kept.voter_ids)) == ((2, 1, 0, 0, 0), 3)
    assert (before.score_tenths, before.total_tenths) == (after.score_tenths, after.total_tenths)
    assert "pulse" not in log


@pytest.mark.parametrize("count", [3, 4, 5])
def test_nobody_can_tell_anybody_elses_answer_from_their_own(count: int) -> None:
    """D15: every own answer and every word leave at least two answers open for each of the others."""
    open_ones: dict[tuple[int, str], set[int]] = defaultdict(set)
    for own, *others in product(ANSWERS, repeat=count):
        for other in others:
            open_ones[own, mood_of(own + sum(others), count)].add(other)

    assert count >= FEWEST
    assert [key for key, left in open_ones.items() if len(left) < 2] == []
    assert {word for _, word in open_ones} == {"heavy", "mixed", "light"}


def test_a_team_of_two_is_not_asked(app: Any) -> None:
    """BR13, D15: where no answer could ever be shown nobody is bothered; a team of one least of all."""
    client = app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    app.restrict(client, (AMIR,))
    app.sweep(timedelta(minutes=1))
    app.sweep(app.until_noon(31))
    app.tell()

    assert [
        m for p in (app.agency.amir, app.agency.olivia, app.agency.dana) for m in p.dms() if "work with" in m.text
    ] == []


def test_praise_to_complaint_stands_on_the_card(app: Any, birch: Client) -> None:
    """RF27: short on positive and long on negative is seen at a glance."""
    amir = app.agency.amir
    for said in ("paid late", "rude to Dana", "calls at all hours"):
        amir.command("/redflag", said, channel=BIRCH)
    amir.command("/praise", "sent a clear brief", channel=BIRCH)
    card = str(amir.command("/client", birch.name).messages[-1])

    assert "1 : 3 in 90 days" in card


@pytest.mark.parametrize("stage", [Stage.ACTIVE, Stage.CONSIDERING, Stage.DECIDED])
def test_neither_the_question_nor_its_absence_tells_of_a_decision(app: Any, birch: Client, stage: Stage) -> None:
    """BR14: whoever does not decide is asked the same whatever is being decided about the client."""
    with app.web.outside.units.begin(app.team_id) as unit:
        locked = unit.clients.lock(birch.id)
        unit.clients.save(replace(locked, stage=stage, stage_since=app.web.outside.clock.now()))
    before = len(app.agency.dana.dms())
    app.sweep(timedelta(days=31))
    app.tell()

    asked = [said for said in app.agency.dana.dms()[before:] if "How is it to work with them?" in said.text]
    assert len(asked) == 1


def test_two_questions_about_a_client_are_three_weeks_apart(app: Any, birch: Client) -> None:
    """The first may fall on the last day of a month; the next month's then waits."""
    soonest = (app.world.now() + timedelta(days=31)).date()
    last_of_month = (soonest.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
    rounds = []
    for day in (0, 2, 19, 22):
        app.sweep(app.until_noon((last_of_month - app.world.now().date()).days + day))
        with app.web.outside.units.read(app.team_id) as unit:
            rounds.append(len(unit.pulses.closed(birch.id, app.world.now() + timedelta(days=40), 9)))

    assert rounds == [1, 1, 1, 2]
