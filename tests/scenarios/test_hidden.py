"""A client that some may not see, where the app speaks by itself: reactions, Home, digests, what was said before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services.capture.notes import NewNote
from bot.services.decisions.cases import team_ids
from integrations.sandbox.agency import AMIR, BIRCH, DANA, GENERAL, LEADS, OLIVIA
from rules.clients.client import Client
from rules.health.signal import Source

CANARY = "Kestrel"
LATE, WAITING = "money_with_wings", "hourglass_flowing_sand"


@pytest.fixture
def kestrel(app: Any) -> Client:
    """Amir's client in a channel of everybody; Dana may not see it, Olivia as an admin may."""
    client: Client = app.add_client("Kestrel Quay", BIRCH, owner=AMIR)
    for person in (DANA, OLIVIA):
        app.member(person)
    return hide(app, client)


def hide(app: Any, client: Client) -> Client:
    hidden: Client = app.web.services.visibility.show_to(app.team_id, app.member(AMIR), client.id, ())
    return hidden


def seen_by(person: Any) -> str:
    return " ".join(str(message.blocks) + message.text for message in person.dms())


def test_a_reaction_of_somebody_who_may_not_see_the_client_is_not_logged(app: Any, kestrel: Client) -> None:
    """They are told in private who can help, and not whose channel it is; others' reactions there count."""
    dana, amir = app.agency.dana, app.agency.amir
    ts = amir.say(BIRCH, "three weeks overdue")
    dana.react(BIRCH, ts, LATE)
    dana.react(BIRCH, ts, WAITING)
    app.settle()
    without = app.notes(kestrel)
    amir.react(BIRCH, ts, LATE)
    app.settle()

    assert without == []
    assert [(note.reporter_id, note.witness_ids) for note in app.notes(kestrel)] == [(AMIR, ())]
    assert "workspace admin" in seen_by(dana)
    assert CANARY not in seen_by(dana)


def test_what_somebody_put_on_before_can_still_be_taken_off(app: Any) -> None:
    """Hiding a client changes no note; whoever reacted before takes their own word back as ever."""
    client = app.add_client("Kestrel Quay", BIRCH, owner=AMIR)
    dana = app.agency.dana
    ts = dana.say(BIRCH, "three weeks overdue")
    dana.react(BIRCH, ts, LATE)
    app.settle()
    hide(app, client)
    kept = app.notes(client)[0].state
    dana.unreact(BIRCH, ts, LATE)
    app.settle()

    assert (kept, app.notes(client)[0].state) == ("live", "withdrawn")


def test_home_shows_a_hidden_client_to_its_people_only(app: Any, kestrel: Client) -> None:
    """To everybody else Home is as on the first day."""
    homes = [str(person.home()) for person in (app.agency.amir, app.agency.olivia, app.agency.dana)]

    assert [CANARY in home for home in homes] == [True, True, False]
    assert "Welcome" in homes[2]


def test_a_digest_names_a_hidden_client_only_where_everyone_may_see_it(app: Any, kestrel: Client) -> None:
    """In a channel that anybody may join it is left out; among its owner and the admins it stands.

    Only a client that needs somebody has a line, so this one does.
    """
    new = NewNote(
        client_id=kestrel.id, type="abuse", source=Source.FORM, happened_at=app.web.outside.clock.now(), once="abused"
    )
    app.web.services.capture.log(app.team_id, app.member(OLIVIA), new)
    for channel in (GENERAL, LEADS):
        app.set_digest(channel)
    app.sweep(by=app.until_digest())

    posted = {
        channel: [CANARY in m.text + str(m.blocks) for m in app.world.slack.messages(channel) if m.by_app]
        for channel in (GENERAL, LEADS)
    }
    assert posted == {GENERAL: [False], LEADS: [True]}


def test_a_note_from_before_shows_its_author_nothing_any_more(app: Any) -> None:
    """Old receipts keep their buttons; each click is asked anew and answered without the client's name."""
    client = app.add_client("Kestrel Quay", BIRCH, owner=AMIR)
    dana = app.agency.dana
    buttons = ("undo_note", "change_note", "why")
    receipts = [
        dana.command("/redflag", "Kestrel Quay paid late", channel=GENERAL).messages[-1] for _ in range(len(buttons))
    ]
    hide(app, client)
    calls = len(app.world.slack.calls)
    for receipt, button in zip(receipts, buttons, strict=True):
        dana.click(receipt, button)
    said = str([call.arguments for call in app.world.slack.calls[calls:]])

    assert [note.state for note in app.notes(client)] == ["live"] * 3
    assert said.count("shown to some people only") == 3
    assert CANARY not in said


def test_the_gate_counts_those_who_may_see_the_client(app: Any, kestrel: Client) -> None:
    """Where only the owner and the admins see it, "two reporters" and the confirmer are looked for among them."""
    with app.web.outside.units.read(app.team_id) as unit:
        everybody = {member.id for member in unit.people.members() if not member.is_bot}
        team = team_ids(unit, unit.clients.get(kestrel.id))

    assert team == {AMIR, OLIVIA}
    assert DANA in everybody


def test_an_owner_is_one_of_the_team(app: Any) -> None:
    """A guest named as the owner of a new client comes back beside the field."""
    amir = app.agency.amir
    amir.command("/client", "add Volt")
    refused = amir.submit({"owner": app.agency.gus.who.id})

    assert set(refused.errors) == {"owner"}
    assert amir.submit({"owner": AMIR}).outcome == "updated"


def test_a_witness_is_not_offered_what_only_the_reporter_may(app: Any) -> None:
    """Whoever joins a note that another one logged gets a receipt without Undo; its reporter gets one with it."""
    client = app.add_client("Kestrel Quay", LEADS, owner=OLIVIA)
    amir, olivia = app.agency.amir, app.agency.olivia
    app.world.slack.invite(LEADS, DANA)
    ts = olivia.say(LEADS, "three weeks overdue")
    shown = []
    for person in (app.agency.dana, amir):
        person.shortcut("log_red_flag", LEADS, ts)
        person.submit({"client": client.id, "type": "late_payment"})
        shown.append("undo_note" in str(person.view))

    assert shown == [True, False]
    assert len(app.notes(client)) == 1


def test_who_sees_a_client_is_its_owners_and_the_admins_word(app: Any) -> None:
    """The form hides and shows again; people named beside "everyone", and guests, come back beside their field."""
    app.add_client("Kestrel Quay", BIRCH, owner=AMIR)
    amir, dana, gus = app.agency.amir, app.agency.dana, app.agency.gus.who.id
    offered = ["visibility" in str(p.command("/client", "Kestrel Quay").messages[-1].blocks) for p in (dana, amir)]
    amir.choose(amir.command("/client", "Kestrel Quay").messages[-1], "open_verb.more", "Who sees it")
    errors = [amir.submit({"people": [OLIVIA]}).errors, amir.submit({"shown_to": "some", "people": [gus]}).errors]
    amir.submit({"people": []})
    hidden = "no client called" in dana.command("/client", "Kestrel Quay").text
    amir.choose(amir.command("/client", "Kestrel Quay").messages[-1], "open_verb.more", "Who sees it")
    amir.submit({"shown_to": "everyone"})

    assert offered == [False, True]
    assert [set(each) for each in errors] == [{"people"}, {"people"}]
    assert hidden
    assert "Evidence" in str(dana.command("/client", "Kestrel Quay").messages[-1].blocks)
