"""While our storage or Slack is away: nothing that was acknowledged is lost, and people are told what was not saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import requests

from integrations.sandbox.agency import BIRCH
from rules.clients.client import Client
from tests.bench.outages import away

pytestmark = pytest.mark.both_databases

Outage = Callable[[], AbstractContextManager[None]]
NOTHING_SAVED = "nothing was saved"


@pytest.fixture
def outage(database_url: str) -> Outage:
    return lambda: away(database_url)


def test_an_event_is_not_acknowledged_before_it_is_stored(app: Any, birch: Client, outage: Outage) -> None:
    """Slack repeats what we could not store; once the database is back the note is there, once."""
    amir = app.agency.amir
    deliveries = app.world.slack.deliveries
    ts = amir.say(BIRCH, "The invoice is three weeks overdue")
    app.settle()
    deliveries.retry_waits, before = (0.3,) * 20, len(deliveries.log)
    with outage():
        amir.react(BIRCH, ts, "money_with_wings")
        answers = {delivery.ack.status for delivery in deliveries.log[before:]}
        away = status(app, "/health"), status(app, "/ready")
    app.settle()

    assert answers == {503}
    # A locked SQLite file can still be read, so that the heartbeat is seen.
    assert away == (200, 200 if app.web.outside.engine.dialect.name == "sqlite" else 503)
    assert status(app, "/ready") == 200
    assert [(note.state, note.reporter_id) for note in app.notes(birch)] == [("live", amir.who.id)]


def test_people_are_told_that_nothing_was_saved(front: Any, birch: Client, outage: Outage) -> None:
    """Slack repeats neither commands nor clicks nor forms: each says so itself, and works again afterwards."""
    amir = front.agency.amir
    logged = amir.command("/redflag", "paid late", channel=BIRCH).messages[-1]
    amir.shortcut("log_red_flag", BIRCH, amir.say(BIRCH, "Hm"))
    with outage():
        said = [amir.command("/redflag", "paid late again", channel=BIRCH).text]
        said.append(str(amir.submit({"type": "late_payment"}).view))
        amir.close()
        undone = amir.click(logged, "undo_note")
        said.append(undone.text + str(undone.view))
        dialogs = len(front.world.slack.calls_of("views.open"))
        amir.shortcut("log_note")

    assert [NOTHING_SAVED in words for words in said] == [True, True, True]
    assert len(front.world.slack.calls_of("views.open")) == dialogs + 1
    assert front.live() == 1
    assert "Logged" in amir.command("/redflag", "paid late again", channel=BIRCH).text
    assert front.live() == 2


def status(app: Any, path: str) -> int:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{app.url}{path}", timeout=60).status_code
