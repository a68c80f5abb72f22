"""Receipts of notes logged by reaction: one thread a day, each note once, true in place (D13, BR02)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.agency import BIRCH
from rules.clients.client import Client

LATE, HANDSHAKE = "money_with_wings", "octagonal_sign"


def test_a_days_notes_stand_in_one_thread(app: Any, birch: Client) -> None:
    """The head counts in place; each receipt says what the note did and has a way back."""
    amir = app.agency.amir
    for number in range(3):
        amir.react(BIRCH, amir.say(BIRCH, f"Invoice {number} is overdue"), LATE)
        app.settle()
    head, *slips = amir.dms()
    app.sweep(by=timedelta(days=1))
    amir.react(BIRCH, amir.say(BIRCH, "And again"), LATE)
    app.settle()

    assert "3 notes" in head.text
    assert {slip.thread_ts for slip in slips} == {head.ts}
    assert ["Logged:" in slip.text and ("→" in slip.text or "still too early" in slip.text) for slip in slips] == [
        True
    ] * 3
    assert "overdue" not in str(slips)
    assert [message.thread_ts == message.ts or not message.thread_ts for message in amir.dms()].count(True) == 2


def test_undo_and_a_removed_reaction_show_in_the_receipt(app: Any, birch: Client) -> None:
    """Taken back by its button or by the reaction, put on again: still one receipt."""
    amir = app.agency.amir
    first, second = (amir.say(BIRCH, f"Invoice {number} is overdue") for number in (1, 2))
    for ts in (first, second):
        amir.react(BIRCH, ts, LATE)
        app.settle()
    amir.click(amir.dms()[1], "undo_note")
    app.settle()
    amir.unreact(BIRCH, second, LATE)
    app.settle()
    gone = [message.text[:10] for message in amir.dms()[1:] if message.thread_ts]
    amir.react(BIRCH, second, LATE)
    app.settle()
    back = [message.text[:10] for message in amir.dms()[1:] if message.thread_ts]

    assert (gone, back) == (["Taken back"] * 2, ["Taken back", "Logged: Pa"])


def test_an_answer_that_slack_lost_doubles_no_receipt(app: Any, birch: Client) -> None:
    """Neither the head nor a receipt in its thread comes twice."""
    amir = app.agency.amir
    app.world.slack.lose_answer("chat.postMessage")
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    app.world.slack.lose_answer("chat.postMessage")
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 2 is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(minutes=11))

    assert len(amir.dms()) == 3
    assert "2 notes" in amir.dms()[0].text


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
    with app.web.units.read(app.team_id) as unit:
        left = unit.receipts.undrawn(amir.who.id)

    assert (left, app.live()) == ([], 1)
    assert any("Logged: Paid late" in message.text for message in amir.dms())


def test_whoever_mutes_receipts_gets_none(app: Any, birch: Client) -> None:
    """The note is logged all the same."""
    amir = app.agency.amir
    amir.home()
    amir.click(amir.published_home, "messages_to_me")
    amir.submit({"also": ["receipts"]})
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1 is overdue"), LATE)
    app.settle()

    assert (app.live(), amir.dms()) == (1, [])


def test_a_witness_gets_a_receipt_of_their_own_without_the_others_buttons(app: Any, birch: Client) -> None:
    """Only whoever logged a note, or decides, takes it back; the others take their reaction off."""
    amir, dana = app.agency.amir, app.agency.dana
    ts = amir.say(BIRCH, "Invoice 1 is overdue")
    for person in (amir, dana):
        person.react(BIRCH, ts, LATE)
        app.settle()

    assert "undo_note" in str(amir.dms()[-1].blocks)
    assert "Noted as a witness" in dana.dms()[-1].text
    assert "undo_note" not in str(dana.dms()[-1].blocks)
