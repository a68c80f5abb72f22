"""Where digests go: several channels, each at its own local time, changed and stopped in the settings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.agenda import POST_DIGEST
from integrations.sandbox.agency import COBALT, GENERAL, VOLT
from rules.clients.client import Client


def set_digest(app: Any, channel: str, button: str = "set_digest", **values: str) -> None:
    olivia = app.agency.olivia
    shown = olivia.command("/client", "settings").messages[-1]
    found = re.search(rf"{button}(?=['\"])", str(shown))
    assert found is not None
    olivia.click(shown, button)
    olivia.submit({"channel": channel, **values})


def due(app: Any, channel: str) -> datetime | None:
    with app.web.outside.units.read(app.team_id) as unit:
        found = unit.dues.find(POST_DIGEST, channel)
        return found.due_at if found else None


def test_each_channel_has_its_own_day_minute_and_time_zone(app: Any, birch: Client) -> None:
    """BR12: one at half past eight in Kathmandu, the other at five past two in New York."""
    set_digest(app, GENERAL, weekday="2", hour="8", minute="30", timezone="Asia/Kathmandu")
    set_digest(app, COBALT, weekday="4", hour="14", minute="5", timezone="America/New_York")
    local = [
        moment.astimezone(ZoneInfo(zone))
        for channel, zone in ((GENERAL, "Asia/Kathmandu"), (COBALT, "America/New_York"))
        if (moment := due(app, channel))
    ]

    assert [(at.weekday(), at.hour, at.minute) for at in local] == [(2, 8, 30), (4, 14, 5)]


def test_a_digest_moves_to_another_channel_and_stops(app: Any, birch: Client) -> None:
    """Changing the channel leaves no second digest behind; stopping leaves none."""
    set_digest(app, GENERAL, timezone="UTC")
    set_digest(app, VOLT, button=f"set_digest.{GENERAL}")
    moved = [due(app, channel) is not None for channel in (GENERAL, VOLT)]
    olivia = app.agency.olivia
    shown = olivia.command("/client", "settings").messages[-1]
    olivia.click(shown, f"stop_digest.{VOLT}")
    app.sweep(by=timedelta(days=15))

    assert moved == [False, True]
    assert due(app, VOLT) is None
    assert [message for message in app.world.slack.messages(VOLT) if message.by_app and not message.visible_to] == []


def test_an_admin_is_told_once_of_a_channel_that_stays_archived_and_again_after_it_worked(
    app: Any, birch: Client
) -> None:
    """Week after week the same trouble is one word; a new trouble is a new one, and settings show it meanwhile."""
    olivia, slack = app.agency.olivia, app.world.slack
    app.set_digest(GENERAL)
    counts = []
    for undo in (False, None, True, False):
        if undo is not None:
            slack.archive(GENERAL, undo=undo)
            app.settle()
        app.sweep(by=app.until_digest())
        app.tell()
        counts.append(sum("was not posted" in message.text for message in olivia.dms()))

    assert counts == [1, 1, 1, 2]
    assert "The last one was not posted" in str(olivia.command("/client", "settings").messages[-1])
