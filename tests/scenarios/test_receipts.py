"""Receipts of notes logged by reaction: one message a person and day, true in place (D13, BR02)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.agenda import SEND_RECEIPTS
from integrations.sandbox.agency import AMIR, BIRCH, GENERAL, OLIVIA
from rules.clients.client import Client
from rules.health.signal import Signal, State

LATE, FLAG = "money_with_wings", "triangular_flag_on_post"
SAID = re.compile(r"\*(Logged|Noted as a witness):\* |(Taken back):")


def test_a_days_notes_stand_in_one_message(app: Any, birch: Client) -> None:
    """Each note says for which client and what it did, the newest first; the notification only counts."""
    amir = app.agency.amir
    other = app.add_client("Kestrel Quay", GENERAL)
    for number in range(3):
        amir.react(BIRCH, amir.say(BIRCH, f"Invoice {number} is overdue"), LATE)
        app.settle()
    amir.react(GENERAL, amir.say(GENERAL, "Overdue as well"), LATE)
    app.settle()
    (first,) = amir.dms()
    headlines = [block["text"]["text"].splitlines()[:2] for block in first.blocks if _said([block])]
    app.sweep(by=timedelta(days=1))
    amir.react(BIRCH, amir.say(BIRCH, "And again"), LATE)
    app.settle()

    assert [line[0].rpartition(" · ")[2] for line in headlines] == [other.name, *["Birch &amp; Barrow"] * 3]
    assert ["→" in line[1] or "still too early" in line[1] for line in headlines] == [True] * 4
    assert re.fullmatch(r"Your notes of .*: 4 notes\.", first.text)
    assert "verdue" not in str(first.blocks)
    assert [message.text[-8:] for message in amir.dms()] == ["4 notes.", " 1 note."]
    assert not any(message.thread_ts for message in amir.dms())


def test_each_note_is_taken_back_and_brought_back_where_it_stands(app: Any, birch: Client) -> None:
    """By its own button or by the reaction, put on again: the others stay as they are, and it is still one message."""
    amir = app.agency.amir
    first, second = (amir.say(BIRCH, f"Invoice {number} is overdue") for number in (1, 2))
    for ts in (first, second):
        amir.react(BIRCH, ts, LATE)
        app.settle()
    (older,) = [note.id for note in app.notes(birch) if note.message_ts == first]
    amir.click(amir.dms()[0], f"undo_note.{older}")
    app.settle()
    one = _said(amir.dms()[0].blocks)
    amir.unreact(BIRCH, second, LATE)
    app.settle()
    both = _said(amir.dms()[0].blocks)
    amir.react(BIRCH, second, LATE)
    app.settle()

    assert (one, both, _said(amir.dms()[0].blocks)) == (
        ["Logged", "Taken back"],
        ["Taken back", "Taken back"],
        ["Logged", "Taken back"],
    )
    assert len([message for message in amir.dms() if "Your notes of" in message.text]) == 1


def test_an_answer_that_slack_lost_doubles_no_receipt(app: Any, birch: Client) -> None:
    """Neither where it is posted nor where it is brought up to date; a note that came meanwhile stands in it."""
    amir = app.agency.amir
    app.world.slack.lose_answer("chat.postMessage")
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 2 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    app.world.slack.lose_answer("chat.update")
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 3 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))

    assert [_said(message.blocks) for message in amir.dms()] == [["Logged"] * 3]


def test_what_changed_while_it_was_drawn_is_drawn_again(app: Any, birch: Client) -> None:
    """Two workers draw one day: whoever had read the older notes may not have the last word."""
    amir = app.agency.amir
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    app.settle()
    receipts, who = app.web.services.receipts, amir.who.id
    (note,) = app.notes(birch)
    _fall_behind(app, note)
    member = app.member(who)
    slow = receipts.days(app.team_id, member)
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 2 is overdue"), LATE)
    app.settle()
    was_true = receipts.drawn(app.team_id, who, slow)
    app.sweep(by=timedelta(minutes=11))

    assert not was_true
    assert [_said(message.blocks) for message in amir.dms()] == [["Logged"] * 2]
    assert receipts.days(app.team_id, member) == []


def test_each_receipt_tells_what_its_note_did(app: Any, birch: Client) -> None:
    """The score without it and with it, as the ledger says it: of what counts a little, a lot and not at all."""
    amir = app.agency.amir
    for number, emoji in enumerate((LATE, "snail", FLAG, "sunflower", LATE)):
        app.world.move_clock(timedelta(days=3))
        amir.react(BIRCH, amir.say(BIRCH, f"Message {number}"), emoji)
        app.settle()
    notes = {note.id: note for note in app.notes(birch)}
    _fall_behind(app, *notes.values())
    days = app.web.services.receipts.days(app.team_id, app.member(amir.who.id))
    health = app.web.services.health
    with app.web.outside.units.read(app.team_id) as unit:
        standing, told = health.standing(unit, birch.id), [slip.receipt for day in days for slip in day.slips]
        without = [{key: note for key, note in notes.items() if key != each.signal.id} for each in told]
        said = [(health.of(unit, few, standing).glance, health.today(unit, birch.id).glance) for few in without]

    assert [(each.before, each.after) for each in told] == said
    assert len(told) == len(notes) == 5
    assert len({each.before for each in told}) > 1


def test_more_notes_than_a_message_holds_lead_to_the_history(app: Any, birch: Client) -> None:
    """The newest stand there with their buttons; the rest are counted beside the way to each of them."""
    amir = app.agency.amir
    for number in range(26):
        amir.react(BIRCH, amir.say(BIRCH, f"Invoice {number} is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    (message,) = amir.dms()
    shown = len(_said(message.blocks))
    amir.click(message, f"history.{birch.id}")

    assert len(message.blocks) <= 50
    assert f"{26 - shown} earlier note" in str(message.blocks)
    assert 15 <= shown < 26
    assert "Paid late" in str(amir.view)


def test_each_of_a_days_notes_without_a_type_gets_its_own(app: Any, birch: Client) -> None:
    """Each has its own buttons, the newest all types as well; what a type asks is answered for each by itself."""
    amir = app.agency.amir
    for number in range(15):
        amir.react(BIRCH, amir.say(BIRCH, f"Hm, {number}"), FLAG)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    (message,) = amir.dms()
    offered = re.findall(r"sort_note\.(nt-\w+)", str(message.blocks))
    first, second, third, fourth, *_ = shown = re.findall(r"change_note\.(nt-\w+)", str(message.blocks))
    amir.click(message, f"sort_note.late_payment-{third}")
    app.settle()
    for each in (first, second):
        amir.choose(amir.dms()[0], f"sort_note.{each}", f"{each}|unprofitable")
        app.settle()
    losses = [note.id for note in app.notes(birch) if note.type == "unprofitable"]
    for each, option in zip(losses, ("lost_time", "thin_margin"), strict=True):
        amir.click(amir.dms()[0], f"answer_note.cause-{option}-{each}")
        app.settle()
    answers = {note.id: note.answers.get("cause") for note in app.notes(birch) if note.type == "unprofitable"}

    assert (offered, len(set(shown)) == len(shown) > 10) == ([first, second, third], True)
    assert answers == dict(zip(losses, ("lost_time", "thin_margin"), strict=True))
    assert Counter(note.type for note in app.notes(birch) if note.state is State.LIVE) == {
        "unsorted": 12,
        "unprofitable": 2,
        "late_payment": 1,
    }
    assert "answer_note" not in str(amir.dms()[0].blocks)
    assert f"sort_note.{fourth}" in str(amir.dms()[0].blocks)


def test_two_notes_that_become_one_have_one_receipt(app: Any, birch: Client) -> None:
    """One message was flagged for two entries that are one client: after the merge it stands there once."""
    amir = app.agency.amir
    barrow = app.add_client("Barrow Ltd")
    ts = amir.say(BIRCH, "Invoice 1 is overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.clients.save(replace(unit.clients.lock(birch.id), channel_ids=()))
        unit.clients.save(replace(unit.clients.lock(barrow.id), channel_ids=(BIRCH,)))
    amir.unreact(BIRCH, ts, LATE)
    amir.react(BIRCH, ts, LATE)
    app.settle()
    before = _said(amir.dms()[0].blocks)
    app.web.services.merges.merge(app.team_id, app.member(OLIVIA), birch.id, barrow.id)
    for number in (2, 3):
        amir.react(BIRCH, amir.say(BIRCH, f"Invoice {number} is overdue"), LATE)
        app.settle()

    assert (before, _said(amir.dms()[0].blocks)) == (["Logged"] * 2, ["Logged"] * 3)
    assert "3 notes" in amir.dms()[0].text


def test_a_message_that_an_admin_deleted_stops_nothing(app: Any, birch: Client) -> None:
    """The receipt is gone; taking the note back works, and later notes get their receipts."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "Invoice 1 is overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    workspace = app.world.slack.workspace
    for message in list(amir.dms()):
        workspace.messages.remove(message)
    amir.unreact(BIRCH, ts, LATE)
    app.settle()
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 2 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    with app.web.outside.units.read(app.team_id) as unit:
        left = unit.receipts.undrawn(amir.who.id)

    assert (left, app.live()) == ([], 1)
    assert [_said(message.blocks) for message in amir.dms()] == [["Logged", "Taken back"]]


def test_whoever_mutes_receipts_gets_none(app: Any, birch: Client) -> None:
    """The note is logged all the same."""
    amir = app.agency.amir
    amir.home()
    amir.click(amir.published_home, "messages_to_me")
    amir.submit({"also": ["receipts"]})
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    app.settle()

    assert (app.live(), amir.dms()) == (1, [])


def test_a_message_that_stands_stays_true_for_whoever_mutes_receipts(app: Any, birch: Client) -> None:
    """It is not emptied; once it is deleted, none comes in its place."""
    amir = app.agency.amir
    for number in (1, 2):
        amir.react(BIRCH, amir.say(BIRCH, f"Invoice {number} is overdue"), LATE)
        app.settle()
    amir.home()
    amir.click(amir.published_home, "messages_to_me")
    amir.submit({"also": ["receipts"]})
    amir.click(amir.dms()[0], f"undo_note.{app.notes(birch)[0].id}")
    app.settle()
    stands = sorted(_said(amir.dms()[0].blocks))
    for message in list(amir.dms()):
        app.world.slack.workspace.messages.remove(message)
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 3 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))

    assert (stands, amir.dms()) == (["Logged", "Taken back"], [])


def test_a_note_of_somebody_who_left_waits_for_nothing(app: Any, birch: Client) -> None:
    """It changes, and their receipt is nobody's work any more: no job of it fails, now or later."""
    amir = app.agency.amir
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    app.settle()
    app.world.slack.change_person(AMIR, deleted=True)
    app.settle()
    app.web.services.capture.withdraw(app.team_id, app.member(OLIVIA), app.notes(birch)[0].id)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    with app.web.outside.units.read(app.team_id) as unit:
        waiting = unit.receipts.undrawn(AMIR), unit.dues.find(SEND_RECEIPTS, AMIR)

    assert waiting == ([], None)
    assert [_said(message.blocks) for message in amir.dms()] == [["Logged"]]


def test_a_witness_gets_a_receipt_of_their_own_without_the_others_buttons(app: Any, birch: Client) -> None:
    """Only whoever logged a note, or decides, takes it back; the others take their reaction off."""
    amir, dana = app.agency.amir, app.agency.dana
    ts = amir.say(BIRCH, "Invoice 1 is overdue")
    for person in (amir, dana):
        person.react(BIRCH, ts, LATE)
        app.settle()

    assert "undo_note" in str(amir.dms()[-1].blocks)
    assert _said(dana.dms()[-1].blocks) == ["Noted as a witness"]
    assert "undo_note" not in str(dana.dms()[-1].blocks)


def _fall_behind(app: Any, *notes: Signal) -> None:
    """As if what was drawn had not been."""
    with app.web.outside.units.begin(app.team_id) as unit:
        for row in [row for note in notes for row in unit.receipts.of_signal(note.id)]:
            unit.receipts.save(replace(row, drawn=0))


def _said(blocks: Any) -> list[str]:
    """What became of each note, from above."""
    texts = [str(block.get("text", {}).get("text", "")) for block in blocks]
    return [found[1] or found[2] for text in texts if (found := SAID.match(text))]
