"""Socket Mode: the same desk, guard and inbox behind connections that we open; no port is open to the outside."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.engine.worker import Worker
from integrations.sandbox.agency import BIRCH, SHARED
from integrations.sandbox.faults import Fault
from integrations.sandbox.world import World
from rules.clients.client import Client


@pytest.fixture
def over() -> str:
    """As an agency without a server of its own has it: no address that Slack could reach."""
    return "sockets"


def test_commands_forms_and_reactions_come_over_the_connection(app: Any, birch: Client) -> None:
    """A note typed, changed in a dialog, and one by an emoji: answered, stored, and nothing asked for an address."""
    amir, dana = app.agency.amir, app.agency.dana
    answer = amir.command("/redflag", "hmm, that was odd", channel=BIRCH)
    amir.click(answer.messages[-1], "change_note")
    amir.submit({"type": "late_payment", "note": "paid late"})
    said = dana.say(BIRCH, "Thanks, lovely work!")
    dana.react(BIRCH, said, "snail")
    app.settle()

    live = sorted(note.type for note in app.notes(birch) if note.state == "live")
    assert ("late_payment" in live, len(live), app.world.slack.deliveries.target_url) == (True, 2, "")


def test_nothing_is_said_where_a_client_reads(app: Any) -> None:
    """The guard stands behind both ways in."""
    app.add_client("Northwind", SHARED)
    amir = app.agency.amir
    amir.command("/redflag", "paid three weeks late", channel=SHARED)
    said = amir.say(SHARED, "The invoice is still open.")
    amir.react(SHARED, said, "snail")
    app.settle()

    assert [message for message in app.world.slack.messages(SHARED) if message.by_app and not message.visible_to] == []


@pytest.mark.parametrize("how", ["refresh", "cut"])
def test_each_event_is_taken_once_though_connections_end(app: Any, birch: Client, how: str) -> None:
    """Slack closes connections with a word before, networks without one; what was not acknowledged comes again."""
    deliveries, amir = app.world.slack.deliveries, app.agency.amir
    deliveries.retry_waits = (0.0, 4.0, 12.0, 30.0)  # Slack's are minutes: time enough to come back
    places = [amir.say(BIRCH, f"Message {number}") for number in range(6)]
    for number, place in enumerate(places):
        if number == 3:
            getattr(deliveries.sockets, how)()
        deliveries.duplicates = 1
        amir.react(BIRCH, place, "snail")
    deliveries.settle(90, retries=True)
    app.settle()

    assert len([note for note in app.notes(birch) if note.state == "live"]) == len(places)


def test_a_worker_that_is_killed_loses_nothing_that_was_acknowledged(
    front: Any, birch: Client, settings: Settings
) -> None:
    """An event is a row before Slack hears that it arrived: who works on it may come later."""
    amir = front.agency.amir
    amir.react(BIRCH, amir.say(BIRCH, "Late again"), "snail")
    front.world.slack.settle(retries=True)
    assert front.live() == 0

    house = House(settings, serves_web=False)
    late: Worker = house.worker()
    late.start()
    try:
        front.web.outside.jobs.idle()
    finally:
        late.stop()
        house.close()
    assert front.live() == 1


def test_a_wrong_app_token_ends_the_start_with_a_sentence(world: World, settings: Settings) -> None:
    """Whoever pasted the wrong one reads what it needs, and not a traceback."""
    del settings  # its environment is what the process starts with
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "socket"],
        env={**os.environ, "AMICABLE_SLACK__APP_TOKEN": "xapp-1-wrong"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert (ended.returncode, "connections:write" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)
    assert "xapp-1-wrong" not in ended.stderr + ended.stdout


def test_a_start_while_slack_is_away_waits_for_it(world: World, settings: Settings) -> None:
    """The machine comes up before its network does."""
    settings.slack.app_token = type(settings.slack.app_token)(world.slack.workspace.app_token)
    world.slack.faults.next(Fault.SERVER_ERROR, path="apps.connections.open")
    web = House(settings, serves_web=True)
    door = web.socket()
    door.connect(threading.Event())
    # Slack's client takes a connection anew whose ping was answered late, as on a busy machine.
    connected = world.slack.wait_for(lambda: world.slack.deliveries.sockets.connected == 2)
    door.close()
    web.close()
    assert connected
