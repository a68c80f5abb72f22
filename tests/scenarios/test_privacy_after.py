"""What people see of a client whose words are gone: dates, tasks and sums, and never an error."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.services.agreements.money import NewInvoice
from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from rules.clients.client import Client, Contract
from rules.clients.stages import Stage
from rules.partings.parting import PartingState
from rules.privacy.tombstones import Erased
from tests.scenarios.parting_office import CLIENT, Office

VERBS = ("why", "history", "plan", "consider", "end", "parting", "letter", "close")


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def live_through(office: Office) -> None:
    """A note, a letter and opened tasks; then it is over, and a year goes by."""
    office.amir.command("/redflag", f"{CLIENT} paid late: zqnote")
    office.tell()
    office.settle_terms()
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    office.choose("trello")
    office.confirm()
    office.open()
    with office.app.web.outside.units.begin(office.team) as unit:
        parting = unit.partings.get(office.parting.id)
        unit.partings.save(replace(parting, state=PartingState.CLOSED, closed_at=office.app.world.now()))
        unit.clients.save(replace(unit.clients.get(office.client.id), stage=Stage.CLOSED))
    office.app.world.move_clock(timedelta(days=400))


def seen(person: Any, verb: str) -> str:
    """What the command shows, in a message or a dialog."""
    answer = person.command("/client", f"{CLIENT} {verb}")
    assert answer.error == ""
    return f"{[message.text for message in answer.messages]} {person.view}"


def test_after_retention_every_page_still_opens(office: Office) -> None:
    """The letter's text, the notes' words and the tasks' titles are gone; each page shows what is left."""
    live_through(office)
    web, admin = office.app.web, office.app.member(OLIVIA)
    web.services.retention.set(office.team, admin, 12)
    office.app.sweep(timedelta(days=1))
    pages = {verb: seen(office.olivia, verb) for verb in VERBS}

    assert [verb for verb, page in pages.items() if "went wrong" in page or "Slack refused" in page] == []
    assert [verb for verb, page in pages.items() if "zqnote" in page] == []


def test_after_erasure_old_buttons_lead_to_a_sentence(office: Office) -> None:
    """Whoever still has a message or dialog about it reads that it was erased, or sees no name."""
    live_through(office)
    receipts = [office.amir.command("/redflag", f"{CLIENT} paid late: zqlast").messages[-1] for _ in range(3)]
    while office.amir.view:
        office.amir.close()
    web, admin = office.app.web, office.app.member(OLIVIA)
    foreseen = web.services.erasure.foresee(office.team, admin, Erased.CLIENT, CLIENT)
    web.services.erasure.start(office.team, admin, foreseen.subject, CLIENT)
    office.app.settle()
    shown = []
    for receipt, action in zip(receipts, ("undo_note", "change_note", "why"), strict=True):
        answer = office.amir.click(receipt, action)
        shown.append(f"{[message.text for message in answer.messages]} {office.amir.view}")

    assert [text for text in shown if "went wrong" in text or CLIENT in text or "zq" in text] == []
    assert "was erased" in shown[0]
    assert "There is no client called" in seen(office.amir, "why")


def test_news_of_a_message_about_an_erased_client_finds_nothing_to_follow(app: Any, birch: Client) -> None:
    """The channel may be another client's by now: an edit there is no failure that is tried again for a day."""
    web, admin, amir = app.web, app.member(OLIVIA), app.agency.amir
    ts = amir.say(BIRCH, "paid late again")
    amir.react(BIRCH, ts, "money_with_wings")
    app.settle()
    subject = web.services.erasure.foresee(app.team_id, admin, Erased.CLIENT, birch.name).subject
    web.services.erasure.start(app.team_id, admin, subject, birch.name)
    app.settle()
    followed = [
        web.services.evidence.edited(app.team_id, BIRCH, ts),
        web.services.evidence.deleted(app.team_id, BIRCH, ts),
    ]

    assert followed == [0, 0]


def test_the_daily_reading_passes_over_the_unpaid_invoice_of_an_erased_client(app: Any) -> None:
    """The row stays for the sums, the money never comes: everybody else is read and reminded all the same."""
    web, admin, today = app.web, app.member(OLIVIA), app.world.now().date()
    gone, other = app.add_client("Cobalt"), app.add_client("Dune")
    for client in (gone, other):
        new = NewInvoice(number=client.name, amount="EUR 10", due_on=today + timedelta(days=2))
        web.services.money.add(app.team_id, admin, client.id, new)
    web.services.erasure.start(
        app.team_id,
        admin,
        web.services.erasure.foresee(app.team_id, admin, Erased.CLIENT, gone.name).subject,
        gone.name,
    )
    app.settle()
    app.sweep(timedelta(days=7))  # a day off when it is due, and the weekend behind it, leave it late

    assert [note.type for note in app.notes(other)] == ["late_payment"]
    assert app.notes(gone) == []


def test_what_concerns_a_client_of_an_erased_person_reaches_an_admin(app: Any) -> None:
    """Nobody has named another owner yet: whoever stands for the erased one hears nothing, so somebody else must."""
    web, admin = app.web, app.member(OLIVIA)
    client = app.add_client("Cobalt", owner=AMIR)
    subject = web.services.erasure.foresee(app.team_id, admin, Erased.PERSON, AMIR).subject
    web.services.erasure.start(app.team_id, admin, subject, app.member(AMIR).name)
    app.settle()
    end = app.world.now().date() + timedelta(days=40)
    with web.outside.units.begin(app.team_id) as unit:
        held = unit.clients.lock(client.id)
        unit.clients.save(replace(held, contract=Contract(ends_on=end)))
    app.sweep(timedelta(days=1))
    app.tell()

    assert [client.name in message.text for message in app.agency.olivia.dms() if "ends or renews" in message.text] == [
        True
    ]
