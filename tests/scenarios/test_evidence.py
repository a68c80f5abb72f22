"""What a note keeps of the message that it hangs on: a little, at once or later, and only for those who may read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.agency import BIRCH, LEADS
from rules.clients.client import Client

LATE, SLOW = "money_with_wings", "snail"


def test_a_message_is_read_once_and_a_few_plain_words_of_it_are_kept(app: Any, birch: Client) -> None:
    """BR02: whoever else reacts and with what, Slack is asked once; nobody is called by the excerpt."""
    amir, dana = app.agency.amir, app.agency.dana
    ts = amir.say(BIRCH, "@dana they *won't* pay <now> " + "and so on " * 40)
    amir.react(BIRCH, ts, LATE)
    app.settle()
    dana.react(BIRCH, ts, LATE)
    dana.react(BIRCH, ts, SLOW)
    dana.unreact(BIRCH, ts, LATE)
    app.settle()

    kept = {note.excerpt for note in app.notes(birch)}
    assert len(app.notes(birch)) == 2
    assert len(kept) == 1
    assert next(iter(kept)).startswith("Dana Kowalski they won't pay <now> and so on")
    assert len(next(iter(kept))) <= 140
    assert len(app.world.slack.calls_of("conversations.history")) == 1


def test_a_limit_on_reading_delays_no_note_and_its_words_follow(app: Any, birch: Client) -> None:
    """Apps outside the Marketplace may read one message a minute: notes stand at once, their words come later."""
    amir = app.agency.amir
    app.world.slack.workspace.reads_a_minute = 1
    messages = [amir.say(BIRCH, f"Unpaid invoice {number}") for number in range(4)]
    for ts in messages:
        amir.react(BIRCH, ts, LATE)
    app.settle()
    at_once = sorted(note.excerpt for note in app.notes(birch))
    links = [note.message_ts.replace(".", "") in note.link for note in app.notes(birch)]
    for _ in range(12):
        app.sweep(by=timedelta(minutes=1, seconds=1))

    assert [len(words) > 0 for words in at_once] == [False, False, False, True]
    assert links == [True] * 4
    assert sorted(note.excerpt for note in app.notes(birch)) == [f"Unpaid invoice {number}" for number in range(4)]


def test_where_reading_is_denied_the_note_stands_without_words(app: Any, birch: Client) -> None:
    """Without the scope for the history a reaction is a note all the same, with a link, and nobody asks for ever."""
    amir = app.agency.amir
    app.world.slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("channels:history")
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    asked = len(app.world.slack.calls_of("conversations.history"))
    app.sweep(by=timedelta(hours=1))

    (note,) = app.notes(birch)
    assert (note.excerpt, note.message_ts, ts.replace(".", "") in note.link) == ("", ts, True)
    assert (asked, len(app.world.slack.calls_of("conversations.history"))) == (1, 1)


def test_a_shortcut_brings_the_words_where_the_app_can_not_read(front: Any, birch: Client) -> None:
    """BR03: in a private channel without the app: excerpt and link are kept, Slack is asked for nothing."""
    slack, amir = front.world.slack, front.agency.amir
    slack.workspace.channels[LEADS].members.remove(slack.workspace.bot_user_id)
    ts = amir.say(LEADS, "Carla said *never* &c")
    amir.shortcut("log_red_flag", LEADS, ts)
    amir.submit({"client": birch.id, "type": "late_payment"})

    (note,) = front.notes(birch)
    assert (note.excerpt, note.fingerprint != "") == ("Carla said never &c", True)
    assert note.link == f"https://good-agency.slack.com/archives/{LEADS}/p{ts.replace('.', '')}"
    assert front.world.slack.calls_of("conversations.history") == []


def test_words_and_link_of_a_private_channel_are_shown_to_its_members_only(app: Any, birch: Client) -> None:
    """What Slack does not show somebody, the excerpt and the link don't either."""
    olivia, amir, dana = app.agency.olivia, app.agency.amir, app.agency.dana
    ts = olivia.say(LEADS, "zanzibar: the invoice is overdue")
    olivia.shortcut("log_red_flag", LEADS, ts)
    olivia.submit({"client": birch.id, "type": "late_payment"})
    app.settle()

    seen = {}
    for person in (amir, dana):
        person.command("/client", f"{birch.name} history")
        seen[person.who.name] = [word in str(person.view) for word in ("zanzibar", ts.replace(".", ""))]

    assert seen == {"amir": [True, True], "dana": [False, False]}
