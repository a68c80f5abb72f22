"""A natural fade is suggested by itself, once, and never with an open balance (RF43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import BIRCH
from rules.clients.client import Client, Contract
from rules.health.measures import ClockState, Invoice, MonthlyHours, ResponseClock
from rules.health.signal import Side

WEEK = timedelta(weeks=1)
SAID = "If it has faded, close it kindly"


def told(person: Any) -> list[Any]:
    return [message for message in person.dms() if SAID in message.text]


def look(app: Any, weeks: float) -> None:
    """So many weeks on, when the day's look has been and words may go out."""
    app.world.move_clock(weeks * WEEK)
    app.web.services.needs.tell(app.team_id)
    app.tell()


def test_a_client_that_has_become_quiet_is_named_once_with_the_way_on(app: Any, birch: Client) -> None:
    """After four weeks without anything, to its owner; what is asked then begins with the fade."""
    olivia, amir, dana = app.agency.olivia, app.agency.amir, app.agency.dana
    assert dana.command("/praise", "Birch & Barrow thanked the whole team").error == ""
    said = []
    for weeks in (3, 1.2, 1, 4):
        look(app, weeks)
        said.append(len(told(olivia)))
    app.press(olivia, told(olivia)[0], "consider")
    form = str(olivia.view)
    olivia.submit({})
    case = str(olivia.view)

    assert (said, told(amir), told(dana)) == ([0, 1, 1, 1], [], [])
    assert "Nothing is open, and nothing has happened since" in form
    assert ("It faded: no open work for a while" in case, "State" in case) == (True, True)
    app.tell()
    assert birch.name not in str([each for each in olivia.dms() if SAID in str(each.blocks)])


def owe(app: Any, client: Client, **changed: Any) -> None:
    now: datetime = app.world.now()
    invoice = Invoice(id="iv-1", workspace_id=app.team_id, client_id=client.id, number="2041", amount="EUR 900",
                      due_on=now.date(), typed_by="U0AMIR", typed_at=now, **changed)  # fmt: skip
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.agreements.save_invoice(invoice)


def wait_for_them(app: Any, client: Client) -> None:
    now: datetime = app.world.now()
    clock = ResponseClock(id="ck-1", workspace_id=app.team_id, client_id=client.id, side=Side.THEIRS, channel_id=BIRCH,
                          message_ts="1.1", started_at=now, asked_at=now, ends_at=now + 52 * WEEK, started_by="U0AMIR",
                          hours=48, state=ClockState.RUNNING)  # fmt: skip
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.agreements.save_clock(clock)


def run_on(app: Any, client: Client) -> None:
    ends_on: date = app.world.now().date() + timedelta(days=400)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.clients.save(replace(unit.clients.lock(client.id), contract=Contract(reviewed=True, ends_on=ends_on)))


def work(app: Any, client: Client) -> None:
    """Hours of the month after next are typed as they come."""
    month = (app.world.now() + 5 * WEEK).date().replace(day=1)
    hours = MonthlyHours(workspace_id=app.team_id, client_id=client.id, month=month, hours=12, budget=20,
                         typed_by="U0AMIR")  # fmt: skip
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.agreements.save_hours(hours)


@pytest.mark.parametrize(
    ("busy", "said"),
    [(owe, 0), (wait_for_them, 0), (run_on, 0), (work, 0),
     (lambda app, client: owe(app, client, asks_nothing=True), 1),
     (lambda app, client: owe(app, client, paid_on=datetime(2026, 1, 1, tzinfo=UTC).date()), 1)],
    ids=["owes", "an_answer_is_open", "a_term_runs", "hours", "a_credit", "paid"],
)  # fmt: skip
def test_nothing_fades_while_something_is_open(app: Any, birch: Client, busy: Any, said: int) -> None:
    """RF43: never with an open balance, an open answer, work or a term that still runs; a paid invoice is none."""
    app.agency.amir.command("/praise", "Birch & Barrow thanked the whole team")
    busy(app, birch)
    look(app, 5)
    assert len(told(app.agency.olivia)) == said


def test_a_client_that_never_did_anything_has_not_faded(app: Any, birch: Client) -> None:
    """A new name on the list is no work that came to its end."""
    look(app, 8)
    assert (birch.archived_at, told(app.agency.olivia)) == (None, [])
