"""What is measured against an agreement: answers, invoices and hours log by themselves and say so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from rules.clients.client import Agreement, Client, Contract
from rules.health.measures import first_late_day
from rules.workdays import is_working

HOURGLASS = "hourglass_flowing_sand"


@pytest.fixture
def agreed(app: Any, birch: Client) -> Client:
    """They answer within a day, we within half a day, and a month may take 20 hours."""
    agreement = Agreement(primary_channel="E-mail", their_reply_hours=24, our_reply_hours=12, monthly_hours=20)
    app.web.services.agreements.agree(app.team_id, app.member(app.agency.amir.who.id), birch.id, agreement)
    return birch


def kinds(app: Any, client: Client) -> list[tuple[str, str, str]]:
    return [(note.type, str(note.source), str(note.state)) for note in app.notes(client)]


def test_an_agreement_is_made_on_a_form_and_shown(app: Any, birch: Client) -> None:
    """AM01, AM02: one main channel, and a window for each side."""
    amir = app.agency.amir
    card = amir.command("/client", birch.name).messages[-1]
    amir.choose(card, "open_verb.more", "Agreement")
    before = str(amir.view)
    amir.click(amir.view, "change_agreement")
    wrong = amir.submit({"their_reply_hours": "0"})
    amir.submit({"primary_channel": "E-mail", "their_reply_hours": "24", "our_reply_hours": "12"})

    assert before.count("not agreed yet") == 4
    assert "their_reply_hours" in str(wrong)
    assert all(said in str(amir.view) for said in ("E-mail", "24 hours", "12 hours", "not agreed yet"))


def test_an_answer_that_does_not_come_is_logged_once_and_an_emergency_excuses_it(app: Any, agreed: Client) -> None:
    """RF06, RF11, HS10: the window is the agreed one; whoever waited hears of it and may say why."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "Could you send us the texts?")
    amir.shortcut("wait_for_reply", BIRCH, ts)
    amir.submit({"client": agreed.id, "side": "theirs"})
    app.sweep(by=timedelta(hours=20))
    early = kinds(app, agreed)
    app.sweep(by=timedelta(days=3))
    app.tell()
    logged, note = kinds(app, agreed), app.notes(agreed)[0]
    told = [message for message in amir.dms() if "did not answer" in message.text]
    press(amir, told[0], "emergency")

    assert (early, logged) == ([], [("slow_reply", "sensor", "live")])
    assert "within the agreed 24 hours" in note.note
    assert note.link
    assert len(told) == 1
    assert kinds(app, agreed) == [("slow_reply", "sensor", "excused")]


@pytest.mark.parametrize(("country", "after"), [("", 1), ("NL", 0)], ids=["no holidays known", "a holiday there"])
def test_a_holiday_of_the_client_counts_as_no_day_of_waiting(
    app: Any, agreed: Client, country: str, after: int
) -> None:
    """RF06: who is asked at noon before a holiday of their country has until noon after it."""
    with app.web.outside.units.begin(app.team_id) as unit:
        client: Client = unit.clients.lock(agreed.id)
        unit.clients.save(replace(client, contract=Contract(none_written=True, country=country)))
        zone = ZoneInfo(unit.workspace().timezone)
    amir, now = app.agency.amir, app.web.outside.clock.now
    week = [(True, True), (True, False), (True, True)]  # everywhere, and in the Netherlands
    days = (now().date() + timedelta(days=days) for days in count(2))
    eve = next(day for day in days if [open_on(day + timedelta(days=away)) for away in range(3)] == week)
    noons = [datetime.combine(eve + timedelta(days=away), time(12, 1), zone) for away in range(3)]
    app.sweep(by=noons[0] - timedelta(minutes=1) - now())
    amir.shortcut("wait_for_reply", BIRCH, amir.say(BIRCH, "Could you send us the texts?"))
    amir.submit({"client": agreed.id, "side": "theirs"})
    logged = []
    for noon in noons[1:]:
        app.sweep(by=noon - now())
        logged.append(len(kinds(app, agreed)))

    assert logged == [after, 1]


def open_on(day: date) -> tuple[bool, bool]:
    return is_working(day, ""), is_working(day, "NL")


def test_the_neutral_reaction_runs_the_clock_and_taking_it_off_stops_it(app: Any, agreed: Client) -> None:
    """RF06: an hourglass says nothing to a client; no answer is logged where it was taken off in time."""
    amir, dana = app.agency.amir, app.agency.dana
    first, second = (amir.say(BIRCH, f"Question {number}") for number in (1, 2))
    for ts in (first, second):
        amir.react(BIRCH, ts, HOURGLASS)
    dana.react(BIRCH, first, HOURGLASS)
    app.settle()
    running = len(app.web.services.agreements.sheet(app.team_id, app.member(OLIVIA), agreed.id).clocks)
    amir.unreact(BIRCH, first, HOURGLASS)
    app.settle()
    still = len(app.web.services.agreements.sheet(app.team_id, app.member(OLIVIA), agreed.id).clocks)
    dana.unreact(BIRCH, first, HOURGLASS)
    app.settle()
    app.sweep(by=timedelta(days=4))

    assert (running, still) == (2, 2)
    assert [(note.type, note.message_ts) for note in app.notes(agreed)] == [("slow_reply", second)]


def test_without_an_agreed_window_nothing_is_measured_and_the_way_is_shown(app: Any, birch: Client) -> None:
    """AM02: nobody is held to what was never agreed."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "Could you send us the texts?")
    amir.react(BIRCH, ts, HOURGLASS)
    app.settle()
    amir.shortcut("wait_for_reply", BIRCH, ts)
    amir.submit({"client": birch.id, "side": "theirs"})
    app.tell()
    app.sweep(by=timedelta(days=9))

    assert "No reply window is agreed" in str(amir.view)
    assert [message.text for message in amir.dms() if "No reply window" in message.text] != []
    assert app.notes(birch) == []


def test_our_own_late_answer_is_our_miss_and_waits_on_home_before(app: Any, agreed: Client) -> None:
    """AM02, HS18: the window counts both ways, and ours costs the client nothing."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "They ask when the site goes live")
    amir.shortcut("wait_for_reply", BIRCH, ts)
    amir.submit({"client": agreed.id, "side": "ours"})
    home = str(amir.home())
    app.sweep(by=timedelta(days=3))

    assert "We owe an answer by" in home
    assert kinds(app, agreed) == [("our_slow_reply", "sensor", "live")]


def test_an_overdue_invoice_is_logged_once_and_its_payment_in_time_takes_it_back(app: Any, agreed: Client) -> None:
    """RF35: a fact with a date, noticed at the daily reading; a payment that was typed late puts it right."""
    amir = app.agency.amir
    today = app.web.outside.clock.now().date()
    card = amir.command("/client", agreed.name).messages[-1]
    for number, due_on in (("17", today - timedelta(days=3)), ("18", today + timedelta(days=30))):
        amir.choose(card, "open_verb.more", "Agreement")
        amir.click(amir.view, "add_invoice")
        amir.submit({"number": number, "amount": "EUR 1,200", "due_on": due_on.isoformat()})
    for _ in range(2):
        app.sweep(by=timedelta(days=1))
    (note,) = app.notes(agreed)
    amir.choose(card, "open_verb.more", "Agreement")
    dialog = str(amir.view)
    press(amir, amir.view, "invoice_paid")
    amir.submit({"paid_on": (today - timedelta(days=4)).isoformat()})

    assert (note.type, note.happened_on) == ("late_payment", first_late_day(today - timedelta(days=3), ""))
    assert "Noticed by Amicable" in note.note
    assert "5 days overdue" in dialog
    assert kinds(app, agreed) == [("late_payment", "sensor", "withdrawn")]


def test_a_late_payment_that_people_type_becomes_one_fact_with_its_invoice(app: Any, agreed: Client) -> None:
    """HS12, RF35: three people on three days tell of one invoice; whoever has its number adds it from the note."""
    told = []
    for person in (app.agency.amir, app.agency.dana, app.agency.olivia):
        told.append(person.command("/redflag", f"{agreed.name} invoice 17 is still not paid").messages[-1])
        app.sweep(by=timedelta(days=2))
    before = [line.kind for line in account(app, agreed) if line.points_tenths < 0]
    due = app.web.outside.clock.now().date() - timedelta(days=12)
    app.agency.amir.click(told[0], "add_invoice")
    app.agency.amir.submit({"number": "17", "amount": "EUR 900", "due_on": due.isoformat()})
    again = app.agency.dana.command("/redflag", f"{agreed.name} they pay late, again").messages[-1]
    app.sweep(by=timedelta(days=1))
    app.agency.olivia.click(told[2], "add_invoice")
    twice = app.agency.olivia.submit({"number": "17", "amount": "EUR 900", "due_on": due.isoformat()})
    after = [line.kind for line in account(app, agreed) if line.points_tenths < 0]

    assert (before, after) == (["flag"] * 3, ["flag"])
    assert "add_invoice" in str(again.blocks)
    assert "in the list already" in str(twice.errors)


def account(app: Any, client: Client) -> Any:
    """The lines of today's number."""
    return app.web.services.explanations.explain(app.team_id, app.member(OLIVIA), client.id).card.health.lines


def test_hours_over_the_budget_are_logged_once_a_month(app: Any, agreed: Client) -> None:
    """RF01: typed again, a month stays one note; typed right, it is taken back."""
    amir = app.agency.amir
    month = app.web.outside.clock.now().date().replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    counts = []
    for when, hours in ((month, 20), (month, 25), (month, 26), (before, 30), (month, 19)):
        type_hours(app, amir, agreed, when, hours)
        counts.append(app.live())

    assert counts == [0, 1, 1, 2, 1]
    assert {note.source for note in app.notes(agreed)} == {"sensor"}


@pytest.mark.parametrize(("side", "who"), [("theirs", "They"), ("ours", "We")])
def test_a_missed_window_suggests_a_talk_to_whoever_waited_and_to_the_owner(
    app: Any, agreed: Client, side: str, who: str
) -> None:
    """AM03: theirs or ours; two windows in a week are one word to the owner, and whoever waited hears of both."""
    amir, olivia = app.agency.amir, app.agency.olivia
    for number in range(2):
        amir.shortcut("wait_for_reply", BIRCH, amir.say(BIRCH, f"Question {number}"))
        amir.submit({"client": agreed.id, "side": side})
    app.sweep(by=timedelta(days=4))
    app.tell()
    said = [[message.text.count(f"{who} did not answer") for message in person.dms()] for person in (amir, olivia)]
    press(olivia, olivia.dms()[-1], "plan")

    assert (sum(said[0]), said[1]) == (2, [1])
    assert "A short check-in talk" in olivia.dms()[-1].text
    assert olivia.view is not None


def press(person: Any, place: Any, action: str) -> None:
    """The first button of its kind: several in one place carry an id behind a dot."""
    found = re.search(rf"{action}\.[\w-]+", str(place))
    assert found is not None
    person.click(place, found[0])


def type_hours(app: Any, person: Any, client: Client, month: date, hours: int) -> None:
    person.choose(person.command("/client", client.name).messages[-1], "open_verb.more", "Agreement")
    person.click(person.view, "type_hours")
    person.submit({"month": month.isoformat(), "hours": str(hours)})


def test_who_waits_in_a_private_channel_is_known_only_there(app: Any) -> None:
    """BR14: the client's owner, who is not in it, reads of no wait on Home, in the agreement or in a reminder."""
    amir, olivia = app.agency.amir, app.agency.olivia
    app.world.slack.add_channel("C0QUIET", "quiet", (AMIR,), kind="private")
    client = app.add_client("Volt", "C0QUIET")
    agreement = Agreement(their_reply_hours=24, our_reply_hours=12)
    app.web.services.agreements.agree(app.team_id, app.member(OLIVIA), client.id, agreement)
    for side in ("theirs", "ours"):
        amir.shortcut("wait_for_reply", "C0QUIET", amir.say("C0QUIET", f"A question to {side}"))
        amir.submit({"client": client.id, "side": side})
        amir.close()
    known = [
        len(app.web.services.agreements.sheet(app.team_id, app.member(person), client.id).clocks)
        for person in (AMIR, OLIVIA)
    ]
    app.sweep(by=timedelta(days=3))
    app.tell()

    assert known == [2, 0]
    assert "answer" not in f"{olivia.home()} {[message.text for message in olivia.dms()]}"
    assert sum("did not answer" in message.text for message in amir.dms()) > 0
