"""Channels that come, go and change: each event that the manifest asks for is followed to its end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, DANA, GUS, LEADS
from rules.clients.client import Client
from rules.clients.people import Place

BOT = "U0AMICABLE"


def place(app: Any, channel_id: str) -> Place:
    with app.web.outside.units.read(app.team_id) as unit:
        found = unit.people.find_place(channel_id)
    assert isinstance(found, Place)
    return found


def invite(app: Any, channel_id: str) -> None:
    """By Amir, wherever the app was before."""
    if BOT in app.world.slack.workspace.channels[channel_id].members:
        app.world.slack.remove(channel_id, BOT)
    app.world.slack.invite(channel_id, BOT, AMIR)
    app.settle()


def test_invited_into_a_channel_the_app_asks_whose_it_is(app: Any) -> None:
    """The inviter is asked, once and privately; the client whose name the channel bears is chosen already."""
    birch = app.add_client("Birch & Barrow")
    amir, dana = app.agency.amir, app.agency.dana
    ts = dana.say(BIRCH, "They have not paid")
    invite(app, BIRCH)
    asked = amir.find(amir.dms()[-1].channel_id, "Which client")
    amir.click(asked, "choose_client.channel")
    chosen = amir.view["state"]["values"]["client"]["pick_client"]["selected_option"]
    amir.submit()
    dana.react(BIRCH, ts, "snail")
    app.settle()

    assert chosen["value"] == birch.id
    assert [message.text for message in dana.dms() if "Which client" in message.text] == []
    assert [note.type for note in app.notes(birch)] == ["slow_reply"]


def test_invited_into_a_clients_own_channel_the_app_asks_nothing(app: Any, birch: Client) -> None:
    """What is known already is not asked again."""
    invite(app, BIRCH)

    assert app.agency.amir.dms() == []


@pytest.mark.parametrize("channel_id", [BIRCH, LEADS])
def test_a_channel_that_is_renamed_or_archived_is_known_by_its_new_state(app: Any, channel_id: str) -> None:
    """Public and private ones alike: name and archive are those of Slack, and the client keeps the channel."""
    client = app.add_client("Birch & Barrow", channel_id)
    invite(app, channel_id)
    seen = []
    slack = app.world.slack
    acts: list[Callable[[], None]] = [
        partial(slack.rename, channel_id, "renamed"),
        partial(slack.archive, channel_id),
        partial(slack.archive, channel_id, undo=True),
    ]
    for act in acts:
        act()
        app.settle()
        seen.append((place(app, channel_id).name, place(app, channel_id).is_archived))

    assert seen == [("renamed", False), ("renamed", True), ("renamed", False)]
    assert app.web.services.clients.of_channel(app.team_id, app.member(AMIR), channel_id) == client


def test_a_channel_that_is_shared_and_unshared_is_judged_anew(app: Any, birch: Client) -> None:
    """While another company reads it, reactions there log nothing; afterwards they do again."""
    amir, dana = app.agency.amir, app.agency.dana
    invite(app, BIRCH)
    logged = []
    for act in (app.world.slack.share, app.world.slack.unshare):
        ts = dana.say(BIRCH, "They have not paid")
        act(BIRCH)
        app.settle()
        amir.react(BIRCH, ts, "snail")
        app.settle()
        logged.append(app.live())

    assert logged == [0, 1]


def test_a_guest_who_comes_and_goes_closes_and_opens_a_channel(app: Any, birch: Client) -> None:
    """With a guest in it a channel is not ours alone; once the guest has left, it is again."""
    amir, dana = app.agency.amir, app.agency.dana
    invite(app, BIRCH)
    logged = []
    for act in (partial(app.world.slack.invite, BIRCH, GUS, AMIR), partial(app.world.slack.remove, BIRCH, GUS)):
        ts = dana.say(BIRCH, "They have not paid")
        act()
        app.settle()
        amir.react(BIRCH, ts, "snail")
        app.settle()
        logged.append((place(app, BIRCH).guest_ids, app.live()))

    assert logged == [((GUS,), 0), ((), 1)]
    assert DANA in place(app, BIRCH).member_ids
