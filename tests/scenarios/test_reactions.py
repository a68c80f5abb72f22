"""BR02: reactions of the team log notes; whatever Slack does with the events, the ledger comes out the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.agenda import LOG_REACTIONS
from integrations.database.tables import inbox
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, SHARED
from rules.clients.client import Client

pytestmark = pytest.mark.both_databases

LATE = "money_with_wings"
HANDLED_AGAIN = timedelta(minutes=6)


@pytest.mark.both_ways
def test_a_reaction_is_a_note_until_the_last_one_takes_it_off(app: Any, birch: Client) -> None:
    """BR02: put on, joined by a colleague, passed on to her, taken off, put on again: one note all along."""
    amir, dana = app.agency.amir, app.agency.dana
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    people, states = [], []
    for act in (amir.react, dana.react, amir.unreact, dana.unreact, amir.react):
        act(BIRCH, ts, LATE)
        app.settle()
        note = app.notes(birch)[0]
        people.append((note.reporter_id, note.witness_ids))
        states.append(str(note.state))

    a, d = amir.who.id, dana.who.id
    assert people == [(a, ()), (a, (d,)), (d, ()), (d, ()), (a, ())]
    assert states == ["live", "live", "live", "withdrawn", "live"]
    note = app.notes(birch)[0]
    assert (note.excerpt, ts.replace(".", "") in note.link, len(app.notes(birch))) == (
        "The invoice is three weeks overdue",
        True,
        1,
    )


@pytest.mark.both_ways
def test_repeated_late_and_reordered_events_come_to_the_same_note(app: Any, birch: Client) -> None:
    """BR02: Slack repeats, delays, reorders, sends several at once; a person's newest word counts, each event once."""
    amir, dana = app.agency.amir, app.agency.dana
    slack = app.world.slack
    slack.deliveries.at_once = 4
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    slack.duplicate_next_event()
    dana.react(BIRCH, ts, LATE)
    slack.hold_events()
    for act in (amir.react, amir.unreact, amir.react, amir.unreact):
        act(BIRCH, ts, LATE)
    slack.release_events(reordered=True)
    app.settle()

    assert [(n.reporter_id, n.witness_ids, n.state) for n in app.notes(birch)] == [(dana.who.id, (), "live")]


def test_other_reactions_and_other_people_log_nothing(app: Any, birch: Client) -> None:
    """An emoji that is in no catalogue, and a message of nobody's channel in a direct message, leave no trace."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "Lunch?")
    amir.react(BIRCH, ts, "pizza")
    app.settle()

    assert app.notes(birch) == []
    assert amir.dms() == []


def test_a_channel_of_nobody_is_asked_about_once_and_then_everything_is_logged(app: Any, birch: Client) -> None:
    """An unmapped channel: one private question, and its answer logs what was reacted to, by whoever did."""
    amir, dana = app.agency.amir, app.agency.dana
    first = amir.say(COBALT, "They want it cheaper again")
    second = dana.say(COBALT, "Still no invoice paid")
    amir.react(COBALT, first, LATE)
    amir.react(COBALT, second, LATE)
    dana.react(COBALT, second, LATE)
    app.settle()
    assert app.live() == 0
    app.tell()
    asked = [message for message in amir.dms() if "Which client" in message.text]
    assert len(asked) == 1

    app.press(amir, asked[0], "choose_client")
    amir.submit({"client": birch.id})
    app.settle()

    assert {(n.message_ts, n.reporter_id, n.witness_ids) for n in app.notes(birch)} == {
        (first, amir.who.id, ()),
        (second, amir.who.id, (dana.who.id,)),
    }


def test_a_reaction_in_a_thread_keeps_its_words(app: Any, birch: Client) -> None:
    """A reply in a thread is found too: its words and its thread stand with the note."""
    amir = app.agency.amir
    root = amir.say(BIRCH, "About the invoice")
    reply = amir.say(BIRCH, "They won't pay it at all", thread=root)
    amir.react(BIRCH, reply, LATE)
    app.settle()

    assert [(n.excerpt, n.thread) for n in app.notes(birch)] == [("They won't pay it at all", root)]


def test_slack_being_away_loses_no_reaction(app: Any, birch: Client) -> None:
    """A rate limit and a broken connection while a reaction is looked at: it is logged in the end, once."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    app.world.slack.rate_limit("conversations.members", times=4, retry_after=0)
    app.world.slack.lose_answer("conversations.info")
    amir.react(BIRCH, ts, LATE)
    app.settle()

    assert [n.state for n in app.notes(birch)] == ["live"]
    assert [message.text[:14] for message in amir.dms() if not message.thread_ts] == ["Your notes of "]


def test_what_slack_sent_is_forgotten_after_a_day(app: Any, birch: Client) -> None:
    """The bodies of handled events are erased after 24 hours; the note and the event's name stay."""
    amir = app.agency.amir
    amir.react(BIRCH, amir.say(BIRCH, "The invoice is overdue"), LATE)
    app.settle()
    app.sweep(by=timedelta(hours=23))
    kept = payloads(app)
    app.sweep(by=timedelta(hours=2))

    assert [LATE in payload for payload, _ in kept] == [False, True]
    assert {payload for payload, handled in payloads(app) if handled} == {""}
    assert app.live() == 1


def test_an_event_that_could_not_be_handled_is_handled_later(app: Any, birch: Client) -> None:
    """An acknowledged event is never dropped: while Slack lets nothing through, the sweep hands it out again."""
    amir = app.agency.amir
    ts = amir.say(SHARED, "Still no invoice paid")
    app.world.slack.rate_limit("chat.postMessage", times=3, retry_after=0)
    amir.react(SHARED, ts, LATE)
    app.settle()
    app.sweep()
    assert amir.dms() == []

    app.sweep(by=HANDLED_AGAIN)
    app.sweep(by=HANDLED_AGAIN)

    assert [message.text[:14] for message in amir.dms()] == ["People outside"]


def test_an_event_that_never_works_is_let_go_after_a_day(app: Any, birch: Client) -> None:
    """Nothing is tried for ever: after 24 hours the event is named in the log, and its words are erased."""
    amir = app.agency.amir
    ts = amir.say(SHARED, "Still no invoice paid")
    app.world.slack.rate_limit("chat.postMessage", times=100, retry_after=0)
    amir.react(SHARED, ts, LATE)
    app.settle()
    app.sweep(by=timedelta(hours=24, minutes=1))
    app.sweep(by=timedelta(hours=1, minutes=1))

    assert {(payload, handled is not None) for payload, handled in payloads(app)} == {("", True)}


def payloads(app: Any) -> list[Any]:
    """(body, when it was handled) of every event, oldest first."""
    with app.web.outside.engine.connect() as connection:
        statement = sa.select(inbox.c.payload, inbox.c.handled_at).order_by(inbox.c.received_at)
        return list(connection.execute(statement))


def test_a_reaction_neither_takes_over_nor_takes_away_what_somebody_wrote(app: Any, birch: Client) -> None:
    """BR02, BR03: whoever logged by the shortcut stays its author, whatever others put on and take off."""
    amir, dana = app.agency.amir, app.agency.dana
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    amir.shortcut("log_red_flag", BIRCH, ts)
    amir.submit({"type": "late_payment", "note": "Third time this year"})
    people = []
    for act in (dana.react, dana.unreact):
        act(BIRCH, ts, LATE)
        app.settle()
        note = app.notes(birch)[0]
        people.append((note.reporter_id, note.witness_ids, note.state, note.note))

    a, d, words = amir.who.id, dana.who.id, "Third time this year"
    assert people == [(a, (d,), "live", words), (a, (), "live", words)]


def test_a_reaction_can_still_be_taken_off_once_a_client_is_in_the_channel(app: Any, birch: Client) -> None:
    """BR02: what the last one takes off is withdrawn there as well, and nobody is warned of a removal."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    app.world.slack.share(BIRCH)
    app.settle()

    amir.unreact(BIRCH, ts, LATE)
    app.settle()

    assert [note.state for note in app.notes(birch)] == ["withdrawn"]
    assert "outside" not in str(amir.dms())


def test_what_was_reacted_to_before_is_not_forgotten_while_slack_is_away(front: Any, birch: Client) -> None:
    """The channel has its client: the sweep comes back to what was reacted to there until all of it is logged."""
    front.web.services.clients.map_channel(front.team_id, front.member(AMIR), birch.id, COBALT)
    with front.web.outside.units.read(front.team_id) as unit:
        waiting = unit.dues.find(LOG_REACTIONS, COBALT)

    front.web.services.reactions.catch_up(front.team_id, COBALT)

    with front.web.outside.units.read(front.team_id) as unit:
        assert (waiting is not None, unit.dues.find(LOG_REACTIONS, COBALT)) == (True, None)


def test_apps_and_direct_messages_make_no_notes(app: Any, birch: Client) -> None:
    """What another app puts on a message, and what somebody puts on our own words to them, means nothing."""
    slack, amir = app.world.slack, app.agency.amir
    helper = slack.add_person("U0HELPER", "helper", is_bot=True)
    slack.workspace.channels[BIRCH].members.append("U0HELPER")
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    direct = slack.workspace.direct_channel(AMIR)
    said = slack.api("chat.postMessage", channel=direct.id, text="The invoice is three weeks overdue")
    before = len(amir.dms())
    helper.react(BIRCH, ts, LATE)
    amir.react(direct.id, said["ts"], LATE)
    app.settle()

    assert (app.notes(birch), len(amir.dms())) == ([], before)
