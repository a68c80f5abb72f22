"""BR14: every kind of channel x every way in x every way out, counted at the stand-ins reader by reader: 0 leaks."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from integrations.database.tables import audit
from integrations.sandbox.agency import DANA
from rules.clients.client import Client
from tests.redteam.conftest import IVO
from tests.redteam.places import OURS, SPOTS, Spot, accept_invitation, part_with_ivo
from tests.redteam.readers import CANARY, Readers, canary
from tests.redteam.ways import TYPED, WAYS_IN, Attack, ask_for_everything, part_of, take_away
from tests.scenarios.conftest import App

# After these there is nobody left to tell anything; test_removal holds what becomes of it.
ENDINGS = {"app_uninstalled", "tokens_revoked"}
SLICE = ("public", "private", "shared", "turnedguest", "turnedshared")


def cast(app: Any, readers: Readers, spots: list[Spot]) -> dict[str, Client]:
    """The channels with their clients; a digest is posted wherever one may be."""
    clients = {}
    for spot in spots:
        spot.build(app)
        readers.plant(canary(spot.code, "client"), OURS | {IVO})
        for way in WAYS_IN:
            readers.plant(canary(spot.code, part_of(way)), OURS if way in TYPED else spot.readers)
        clients[spot.code] = app.add_client(canary(spot.code, "client"), spot.id)
    for spot in spots:
        if spot.posted:
            app.set_digest(spot.id)
    app.sweep(by=app.until_digest())
    readers.look()
    return clients


@pytest.mark.timeout(900)  # it walks through thousands of clicks, which a busy machine takes its time for
@pytest.mark.both_ways
@pytest.mark.parametrize(("app", "codes"), [("sqlite", None), ("postgresql", SLICE)], indirect=["app"])
def test_no_channel_and_no_way_in_leaks_a_word(
    app: App,
    readers: Readers,
    codes: tuple[str, ...] | None,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whatever is done in whatever channel: no word reaches a client, a guest, or a colleague who may not read it."""
    caplog.set_level(logging.INFO)
    spots = [spot for spot in SPOTS if codes is None or spot.code in codes]
    clients = cast(app, readers, spots)
    part_with_ivo(app)
    readers.dismiss(IVO)
    for spot in spots:
        spot.becomes(app, spot.id)
    app.world.slack.change_person(DANA, real_name="Dana Kay")
    app.world.slack.add_emoji("late", "alias:money_with_wings")
    app.settle()
    app.sweep()
    readers.look()
    for spot in spots:
        for way in WAYS_IN:
            way(Attack(app, spot, clients[spot.code], canary(spot.code, part_of(way))))
        app.settle()
        readers.look()
    app.tell()
    app.sweep(by=app.until_digest())
    ask_for_everything(app, list(clients.values()))
    take_away(app)
    for spot in spots:
        accept_invitation(app, spot.id)
    app.settle()
    app.sweep(by=timedelta(days=1))
    readers.look()

    logged = set(CANARY.findall(caplog.text + "".join(capfd.readouterr())))
    assert sorted(set(readers.leaks)) == []
    assert readers.elsewhere() == []
    assert (logged, audited(app)) == (set(), set())
    assert codes or heard(app) == {*app.world.slack.workspace.subscribed_events} - ENDINGS
    assert exported(app) >= {canary("public", "react"), canary("public", "typecommands")}
    assert {spot.code for spot in spots if reacted(app, clients[spot.code])} == {
        spot.code for spot in spots if spot.logs
    }


def heard(app: App) -> set[str]:
    """The events that came in, by the names under which the manifest asks for them."""
    bodies = [each.body for each in app.world.slack.deliveries.log if each.kind == "event_callback"]
    events = [json.loads(body)["event"] for body in bodies]
    kinds = {"channel": "message.channels", "group": "message.groups"}
    return {kinds[each["channel_type"]] if each["type"] == "message" else each["type"] for each in events}


def reacted(app: Any, client: Client) -> bool:
    return any(note.source == "reaction" for note in app.notes(client))


def audited(app: Any) -> set[str]:
    """Words of notes in the audit log; names of clients may stand there."""
    with app.web.outside.engine.connect() as connection:
        rows = " ".join(map(str, connection.execute(sa.select(audit)).all()))
    return {word for word in CANARY.findall(rows) if not word.endswith("-client")}


def exported(app: Any) -> set[str]:
    """The words in the file, so that its silence about others proves something."""
    files = app.world.slack.workspace.files.values()
    return {word for file in files if file.channel_ids for word in CANARY.findall(file.content.decode(errors="ignore"))}
