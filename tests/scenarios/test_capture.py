from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import BIRCH, COBALT, GENERAL
from rules.clients.client import Client
from rules.health.catalogue import UNSORTED

pytestmark = pytest.mark.both_databases


@pytest.mark.both_ways
def test_a_flag_typed_in_the_clients_channel_is_stored_and_answered_privately(front: Any) -> None:
    """BR03: `/redflag` with words logs at once, guesses the type and shows the effect to the person only."""
    amir, dana = front.agency.amir, front.agency.dana
    amir.command("/client", "add Birch & Barrow")
    amir.submit({"channel": BIRCH})

    answer = amir.command("/redflag", "paid three weeks late", channel=BIRCH)

    assert "Paid late" in answer.text
    assert "Birch &amp; Barrow" in answer.text
    assert [message for message in dana.sees(BIRCH) if "Paid late" in message.text] == []
    assert front.live() == 1


def test_a_client_is_named_in_the_words_themselves(front: Any, birch: Client) -> None:
    """BR03: a name, a quoted name, another name or the client's channel in front says who it is about, anywhere."""
    typed = [
        "birch & barrow paid three weeks late",
        "“Birch & Barrow”: paid three weeks late",
        "B&B paid three weeks late",
        "#birch paid three weeks late",
    ]
    for words in typed:
        assert "Paid late · Birch" in front.agency.amir.command("/redflag", words, channel=GENERAL).text

    assert [signal.note for signal in front.notes(birch)] == ["paid three weeks late"] * 4


def test_words_of_no_known_type_count_nothing_until_sorted(front: Any, birch: Client) -> None:
    """A note that no type fits is kept at 0 points; changing it to a type makes it count, once."""
    amir = front.agency.amir
    answer = amir.command("/redflag", "hmm, that was something", channel=BIRCH)
    assert "0 points" in answer.text
    assert [signal.type for signal in front.notes(birch)] == [UNSORTED]

    amir.click(answer.messages[-1], "change_note")
    dialog = amir.submit({"type": "late_payment", "note": "paid late"})

    assert "Paid late" in str(dialog.view)
    assert [(signal.type, signal.note) for signal in front.notes(birch) if signal.state == "live"] == [
        ("late_payment", "paid late")
    ]
    assert front.live() == 1


def test_good_news_is_as_easy_as_blame(front: Any, birch: Client) -> None:
    """RF: `/praise` logs praise with the same words and the same privacy."""
    answer = front.agency.dana.command("/praise", "B&B thanked the whole team", channel=GENERAL)

    assert "Logged" in answer.text
    assert [(signal.side, signal.note) for signal in front.notes(birch)] == [("praise", "thanked the whole team")]


def test_a_name_that_is_nearly_right_is_asked_about_and_logged_once(front: Any, birch: Client) -> None:
    """A near-miss asks and keeps the words; the click logs them, and a second click on it adds nothing."""
    amir = front.agency.amir
    asked = amir.command("/redflag", "Birsh & Barrow paid late 💸 “again”", channel=GENERAL)
    assert "Which client" in asked.text
    assert front.live() == 0

    question = asked.messages[-1]
    value = next(e["value"] for b in question.blocks if b["type"] == "actions" for e in b["elements"])
    amir.click(question, "choose_client.0")
    amir.click(question, "choose_client.0", value, forge=True)

    assert [signal.note for signal in front.notes(birch)] == ['Birsh & Barrow paid late 💸 "again"']
    assert front.live() == 1


def test_a_very_long_text_in_any_script_can_still_be_asked_about(front: Any, birch: Client) -> None:
    """A question whose button carries long words of another script is one that Slack takes."""
    asked = front.agency.amir.command("/redflag", "Birsh & Barrow " + "שלום 😀 " * 400, channel=GENERAL)

    assert "Which client" in asked.text
    assert front.agency.amir.click(asked.messages[-1], "choose_client.0").error == ""
    assert front.live() == 1


def test_a_name_that_contradicts_the_channel_is_asked_about(front: Any, birch: Client) -> None:
    """Another client's name in a client's channel may be a slip: the person chooses, nothing is logged before."""
    cobalt = front.add_client("Cobalt", COBALT)
    amir = front.agency.amir
    asked = amir.command("/redflag", "Cobalt paid late", channel=BIRCH)
    assert front.live() == 0

    amir.click(asked.messages[-1], "choose_client.0")

    assert (len(front.notes(cobalt)), len(front.notes(birch))) == (1, 0)


def test_a_text_about_nobody_is_given_back(front: Any, birch: Client) -> None:
    """Without a client nothing is logged, the words are shown again, and the ways on are named."""
    answer = front.agency.amir.command("/redflag", "paid late", channel=GENERAL)

    assert "Nothing was logged" in answer.text
    assert "paid late" in answer.text
    assert front.live() == 0


@pytest.mark.both_ways
def test_the_form_logs_once_and_says_what_is_wrong_beside_the_field(front: Any, birch: Client) -> None:
    """A bare command opens the form; a future date and a bad link come back inline; submitting twice logs once."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)
    tomorrow = front.world.now().date() + timedelta(days=2)  # which is tomorrow or later everywhere
    filled = {"type": "late_payment", "happened_on": tomorrow.isoformat(), "note": "again"}
    assert set(amir.submit(filled).errors) == {"happened_on"}
    yesterday = (tomorrow - timedelta(days=3)).isoformat()
    assert set(amir.submit({"happened_on": yesterday, "link": "ftp://nowhere"}).errors) == {"link"}

    filled_form = amir.view
    assert amir.submit({"link": "https://example.com/invoice"}).outcome == "updated"
    front.world.slack.deliveries.interaction(submission_of(front, amir, filled_form))

    notes = front.notes(birch)
    assert [(note.note, note.happened_on.isoformat(), note.link) for note in notes] == [
        ("again", yesterday, "https://example.com/invoice")
    ]


def test_a_change_moves_the_day_and_the_link_too(front: Any, birch: Client) -> None:
    """What the form shows can be changed: the day and the link of a note that hangs on no message."""
    amir = front.agency.amir
    answer = amir.command("/redflag", "paid late", channel=BIRCH)
    earlier = (front.world.now().date() - timedelta(days=9)).isoformat()

    amir.click(answer.messages[-1], "change_note")
    amir.submit({"happened_on": earlier, "link": "https://example.com/1"})

    changed = next(note for note in front.notes(birch) if note.state == "live")
    assert (changed.happened_on.isoformat(), changed.link) == (earlier, "https://example.com/1")


def test_a_note_is_taken_back_with_one_click_and_stays_in_the_history(front: Any, birch: Client) -> None:
    """Undo: the note counts no more and is still there, struck."""
    amir = front.agency.amir
    answer = amir.command("/redflag", "paid late", channel=BIRCH)

    undone = amir.click(answer.messages[-1], "undo_note")

    assert "Taken back" in undone.text
    assert [note.state for note in front.notes(birch)] == ["withdrawn"]
    amir.command("/client", "B&B history")
    assert "paid late" in str(amir.view)


def test_an_emergency_is_excused_by_who_logged_it_and_by_nobody_else(front: Any, birch: Client) -> None:
    """HS10: an excused note stays in the ledger at 0 points; colleagues who neither logged nor decide can't do it."""
    amir, dana = front.agency.amir, front.agency.dana
    amir.command("/redflag", "no reply for days", channel=BIRCH)
    dana.command("/client", "B&B history")
    assert "Excuse" not in str(dana.view)
    dana.click(dana.view, "excuse_note", value=front.notes(birch)[0].id, forge=True)
    assert "logged this note" in str(dana.view)

    amir.command("/client", "B&B history")
    amir.click(amir.view, "excuse_note.0")
    assert amir.submit({"reason": ""}).outcome == "incomplete"
    history = amir.submit({"reason": "Their server room burned"})

    assert "excused: Their server room burned" in str(history.view)
    assert [note.state for note in front.notes(birch)] == ["excused"]
    assert front.live() == 0


@pytest.mark.both_ways
def test_a_message_is_logged_from_its_menu_once_for_the_team(front: Any, birch: Client) -> None:
    """The shortcut knows client, words and message; a second person joins as a witness instead of doubling it."""
    amir, dana = front.agency.amir, front.agency.dana
    ts = amir.say(BIRCH, "They have not paid the invoice, it is overdue")
    amir.shortcut("log_red_flag", BIRCH, ts)
    amir.submit({"type": "late_payment"})
    dana.shortcut("log_red_flag", BIRCH, ts)
    receipt = dana.submit({"type": "late_payment"})

    assert "witness" in str(receipt.view)
    note = front.notes(birch)[0]
    assert (note.reporter_id, note.witness_ids, note.message_ts) == (amir.who.id, (dana.who.id,), ts)
    assert front.live() == 1


def test_the_words_of_everybody_who_logs_the_same_are_kept(front: Any, birch: Client) -> None:
    """One note, but no sentence is lost: who joins adds their own words, and sending them twice adds them once."""
    amir, dana = front.agency.amir, front.agency.dana
    ts = amir.say(BIRCH, "They have not paid the invoice, it is overdue")
    for person, words in (
        (amir, ""),
        (amir, "Third time"),
        (dana, "They laughed about it"),
        (dana, "They laughed about it"),
    ):
        person.shortcut("log_red_flag", BIRCH, ts)
        person.submit({"type": "late_payment", "note": words})

    (note,) = front.notes(birch)
    assert (note.note, note.witness_ids) == ("Third time\nDana Kowalski: They laughed about it", (dana.who.id,))


def test_anything_can_be_noted_from_anywhere(front: Any, birch: Client) -> None:
    """The global shortcut opens the form; the client is searched by the beginning of a name."""
    amir = front.agency.amir
    amir.shortcut("log_note")
    assert [option["value"] for option in amir.options(amir.view, "pick_client", "bir")] == [birch.id]

    amir.submit({"client": birch.id, "type": "praise"})

    assert [note.side for note in front.notes(birch)] == ["praise"]


def submission_of(front: Any, person: Any, shown: dict[str, Any]) -> dict[str, Any]:
    """Slack's client sending the same form a second time, as a double click does."""
    return {
        "type": "view_submission",
        "team": {"id": front.team_id},
        "user": {"id": person.who.id, "team_id": front.team_id},
        "trigger_id": "another",
        "view": shown
        | {"state": {"values": shown["state"]["values"] | {"link": {"value": {"type": "x", "value": ""}}}}},
    }
