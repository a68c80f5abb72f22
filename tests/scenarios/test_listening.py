"""Listening to a channel: off unless an admin asks for it, and even then next to nothing is kept."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from integrations.database.tables import inbox
from integrations.sandbox.agency import AMIR, BIRCH, CARLA, COBALT, LEADS, OLIVIA, SHARED
from rules.clients.client import Agreement, Client

CANARY = "zanzibar"
LATE, HOURGLASS = "money_with_wings", "hourglass_flowing_sand"


def listen(app: Any, channel_id: str, *, on: bool = True) -> None:
    """As an admin sets it on the form."""
    app.web.services.watches.set(app.team_id, app.member(OLIVIA), channel_id, reactions=True, listens=on)


def everything_stored(app: Any) -> str:
    """All rows of all tables, the engine's among them."""
    with app.web.outside.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        schemas = [None, "dbos"] if app.web.outside.engine.dialect.name == "postgresql" else [None]
        for schema in schemas:
            tables.reflect(connection, schema=schema)
        return str(
            [tuple(map(str, row)) for table in tables.tables.values() for row in connection.execute(table.select())]
        )


def stored_events(app: Any) -> list[str]:
    with app.web.outside.engine.connect() as connection:
        return list(connection.execute(sa.select(inbox.c.type).order_by(inbox.c.received_at)).scalars())


@pytest.fixture
def agreed(app: Any, birch: Client) -> Client:
    """They answer within a day."""
    agreement = Agreement(primary_channel="Slack", their_reply_hours=24)
    app.web.services.agreements.agree(app.team_id, app.member(AMIR), birch.id, agreement)
    return birch


@pytest.fixture
def carla_in_birch(app: Any) -> Any:
    """Carla of the client is in the client's channel."""
    app.world.slack.workspace.channels[BIRCH].members.append(CARLA)
    return app.agency.carla


def test_messages_of_other_channels_leave_no_trace(
    app: Any, birch: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """BR14: said, edited, deleted, in public, private and shared channels: acknowledged, and nothing is stored."""
    caplog.set_level(logging.DEBUG)
    slack, amir, carla = app.world.slack, app.agency.amir, app.agency.carla
    app.add_client("Northwind", SHARED)
    app.settle()
    before, events, sent = everything_stored(app), stored_events(app), len(slack.deliveries.log)
    for place, person in ((BIRCH, amir), (COBALT, amir), (LEADS, amir), (SHARED, carla)):
        ts = person.say(place, f"{CANARY} in {place}")
        person.say(place, f"{CANARY} again", thread=ts)
        person.edit(place, ts, f"{CANARY} changed")
        person.delete(place, ts)
    app.settle()

    told = slack.deliveries.log[sent:]
    assert [delivery.ack.status for delivery in told] == [200] * 16
    assert (CANARY in before, CANARY in everything_stored(app)) == (False, False)
    assert stored_events(app) == events
    assert CANARY not in caplog.text + "".join(capfd.readouterr())


def test_where_we_listen_no_words_are_kept_either(app: Any, birch: Client, carla_in_birch: Any) -> None:
    """Of the client's messages the time is kept; of our own, of edits and of deletions nothing at all."""
    amir = app.agency.amir
    amir.react(BIRCH, amir.say(BIRCH, "The invoice is overdue"), LATE)
    app.settle()
    before = stored_events(app)
    listen(app, BIRCH)
    ours = amir.say(BIRCH, f"{CANARY} ours")
    amir.edit(BIRCH, ours, f"{CANARY} ours, edited")
    amir.delete(BIRCH, ours)
    theirs = carla_in_birch.say(BIRCH, f"{CANARY} theirs")
    carla_in_birch.edit(BIRCH, theirs, f"{CANARY} theirs, edited")
    carla_in_birch.delete(BIRCH, theirs)
    app.settle()

    assert CANARY not in everything_stored(app)
    assert stored_events(app) == [*before, "message.channels"]
    with app.web.outside.units.read(app.team_id) as unit:
        assert f"{unit.watches.of(BIRCH).spoke_at.timestamp():.6f}" == theirs


def test_an_edit_marks_the_note_and_keeps_what_was_read(app: Any, birch: Client) -> None:
    """Whoever looks at the note knows that the message says something else now; unfolded links are no edit."""
    amir = app.agency.amir
    listen(app, BIRCH)
    ts = amir.say(BIRCH, "The invoice is overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    amir.edit(BIRCH, ts, "The invoice is overdue")
    app.settle()
    unfolded = [(note.excerpt, str(note.evidence)) for note in app.notes(birch)]
    amir.edit(BIRCH, ts, f"All is well, {CANARY}")
    app.settle()
    amir.command("/client", f"{birch.name} history")

    assert unfolded == [("The invoice is overdue", "stands")]
    assert [(note.excerpt, str(note.evidence)) for note in app.notes(birch)] == [("The invoice is overdue", "edited")]
    assert "edited since" in str(amir.view)
    assert CANARY not in everything_stored(app)


def test_a_deletion_takes_the_words_and_leaves_the_note(app: Any, birch: Client) -> None:
    """What somebody took back in Slack is not kept by us; the note itself stands until its author takes it back."""
    amir = app.agency.amir
    listen(app, BIRCH)
    ts = amir.say(BIRCH, f"{CANARY} is overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    kept = CANARY in everything_stored(app)
    amir.delete(BIRCH, ts)
    app.settle()
    amir.command("/client", f"{birch.name} history")

    assert kept
    assert [(n.excerpt, str(n.evidence), str(n.state)) for n in app.notes(birch)] == [("", "deleted", "live")]
    assert "deleted since" in str(amir.view)
    assert CANARY not in everything_stored(app)


def test_the_next_message_of_the_client_is_their_answer(app: Any, agreed: Client, carla_in_birch: Any) -> None:
    """RF06: our own words stop nothing, theirs do; what was asked afterwards waits for the next one."""
    amir, dana = app.agency.amir, app.agency.dana
    listen(app, BIRCH)
    first = amir.say(BIRCH, "Could you send us the texts?")
    amir.react(BIRCH, first, HOURGLASS)
    dana.say(BIRCH, "I need them too")
    app.settle()
    running = len(app.web.services.agreements.sheet(app.team_id, app.member(AMIR), agreed.id).clocks)
    carla_in_birch.say(BIRCH, f"Here they are, {CANARY}", thread=first)
    app.settle()
    answered = len(app.web.services.agreements.sheet(app.team_id, app.member(AMIR), agreed.id).clocks)
    second = amir.say(BIRCH, "And the pictures?")
    amir.react(BIRCH, second, HOURGLASS)
    app.settle()
    app.sweep(by=timedelta(days=4))

    assert (running, answered) == (1, 0)
    assert [(note.type, note.message_ts) for note in app.notes(agreed)] == [("slow_reply", second)]
    assert CANARY not in everything_stored(app)


def test_an_answer_that_we_hear_of_late_takes_the_note_back(app: Any, agreed: Client, carla_in_birch: Any) -> None:
    """Slack repeats for minutes: the window was over by then, the answer was not late."""
    amir, slack = app.agency.amir, app.world.slack
    listen(app, BIRCH)
    amir.react(BIRCH, amir.say(BIRCH, "Could you send us the texts?"), HOURGLASS)
    app.settle()
    slack.hold_events()
    carla_in_birch.say(BIRCH, "Here they are")
    app.sweep(by=timedelta(days=4))
    missed = [str(note.state) for note in app.notes(agreed)]
    slack.release_events()
    app.settle()

    assert missed == ["live"]
    assert [(str(note.state), note.state_reason) for note in app.notes(agreed)] == [
        ("withdrawn", "the answer had come in time")
    ]


def test_in_a_shared_channel_the_app_stays_only_where_it_listens(app: Any) -> None:
    """Leak guard: invited it stays, posts nothing, and goes when an admin ends the listening."""
    slack, workspace = app.world.slack, app.world.slack.workspace
    northwind = app.add_client("Northwind", SHARED)
    workspace.channels[SHARED].members.remove(workspace.bot_user_id)
    listen(app, SHARED)
    slack.invite(SHARED, workspace.bot_user_id, inviter_id=AMIR)
    app.settle()
    stayed = workspace.bot_user_id in workspace.channels[SHARED].members
    listen(app, SHARED, on=False)
    app.settle()

    assert (stayed, workspace.bot_user_id in workspace.channels[SHARED].members) == (True, False)
    assert app.agency.amir.dms() == []
    assert slack.messages(SHARED) == []
    assert northwind.name == "Northwind"


def test_an_admin_sets_what_is_followed_in_a_channel(app: Any, birch: Client) -> None:
    """The form says in plain words what listening means; both can be switched, and the log of settings knows."""
    olivia, amir = app.agency.olivia, app.agency.amir
    settings = olivia.command("/client", "settings").messages[-1]
    olivia.click(settings, "watches")
    listed = str(olivia.view)
    olivia.click(olivia.view, f"watch.{BIRCH}")
    said = str(olivia.view)
    olivia.submit({"watch": ["listens"]})
    done = str(olivia.view)
    olivia.click(olivia.view, "watches")
    amir.react(BIRCH, amir.say(BIRCH, "The invoice is overdue"), LATE)
    app.settle()

    assert "Reactions become notes. Listening is off." in listed
    assert "never keeps any other text" in said
    assert "Saved" in done
    assert "Reactions are not followed. Listening is on." in str(olivia.view)
    assert app.notes(birch) == []
    with app.web.outside.units.read(app.team_id) as unit:
        assert ("channel watched", BIRCH) in [(entry.action, entry.subject) for entry in unit.audit.newest(5)]


def test_a_shared_channel_is_added_by_an_admin_and_by_nobody_else(app: Any) -> None:
    """The way to listen in front of a client: the channel, whose it is, and a tick."""
    olivia, amir = app.agency.olivia, app.agency.amir
    northwind = app.add_client("Northwind")
    olivia.click(olivia.command("/client", "settings").messages[-1], "watches")
    olivia.click(olivia.view, "add_watch")
    olivia.submit({"channel": SHARED, "client": northwind.id, "watch": ["reactions", "listens"]})
    amir.click(amir.command("/client", "settings").messages[-1], "watches")
    read = str(amir.view)
    amir.click(amir.view, f"watch.{SHARED}", value=SHARED, forge=True)

    assert app.web.services.watches.listens(app.team_id, SHARED)
    assert ("Listening is on" in read, "Change" in read, "Add a channel" in read) == (True, False, False)
    assert "for workspace admins" in str(amir.view)


def test_reactions_that_are_not_followed_can_still_be_taken_off(app: Any, birch: Client) -> None:
    """Nobody is held to a note because an admin switched the reactions off."""
    amir = app.agency.amir
    ts = amir.say(BIRCH, "The invoice is overdue")
    amir.react(BIRCH, ts, LATE)
    app.settle()
    app.web.services.watches.set(app.team_id, app.member(OLIVIA), BIRCH, reactions=False, listens=False)
    amir.unreact(BIRCH, ts, LATE)
    app.settle()

    assert [str(note.state) for note in app.notes(birch)] == ["withdrawn"]


def test_a_channel_that_is_no_clients_any_more_is_not_listened_to(app: Any, birch: Client, carla_in_birch: Any) -> None:
    """The switch alone keeps nothing: without a client there is nobody whose answer it could be."""
    listen(app, BIRCH)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.clients.save(replace(unit.clients.lock(birch.id), channel_ids=()))
    before = stored_events(app)
    carla_in_birch.say(BIRCH, CANARY)
    app.settle()

    assert stored_events(app) == before


def test_a_channel_is_added_without_its_reactions(app: Any, birch: Client) -> None:
    """What was reacted to before is not logged either, and a channel of another client is refused beside its field."""
    olivia, amir = app.agency.olivia, app.agency.amir
    amir.react(COBALT, amir.say(COBALT, "The invoice is overdue"), LATE)
    app.settle()
    cobalt = app.add_client("Cobalt")
    olivia.click(olivia.command("/client", "settings").messages[-1], "watches")
    olivia.click(olivia.view, "add_watch")
    wrong = olivia.submit({"channel": BIRCH, "client": cobalt.id, "watch": []})
    olivia.submit({"channel": COBALT})
    app.settle()

    assert wrong.errors == {"channel": "Choose another channel: this one belongs to Birch & Barrow."}
    assert "Reactions are not followed" in str(olivia.view)
    assert (app.notes(cobalt), app.live()) == ([], 0)
