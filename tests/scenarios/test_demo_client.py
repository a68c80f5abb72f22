"""A demo client: one click to look at it, one click and nothing of it is left; meanwhile it counts nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from bot.services.privacy.erasure import OF_CLIENT
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, GENERAL
from rules.clients.client import DEMO_ID
from rules.health.signal import Side
from rules.ports import Chosen
from tests.scenarios.test_after_installing import guide, installed, offered

NAME = "Demo client"
REFUSED = "This is a demo: nothing of it is real"


def everything(app: Any) -> str:
    """All that the database holds, the engine's tables among them."""
    engine = app.web.outside.engine
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for name in sa.inspect(engine).get_table_names()
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name)))
        )


def notes(app: Any) -> list[Any]:
    with app.web.outside.units.read(app.team_id) as unit:
        return list(unit.signals.history(DEMO_ID, 100))


def at_once(*doing: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(doing)) as pool:
        for each in [pool.submit(do) for do in doing]:
            each.result()


def clients(app: Any) -> list[Any]:
    with app.web.outside.units.read(app.team_id) as unit:
        return list(unit.clients.all(archived=True))


def rows(app: Any) -> dict[str, int]:
    """How many rows hang on a client, by table; and the demo as it is."""
    with app.web.outside.units.read(app.team_id) as unit:
        counted = {name: unit.archive.count(name, Chosen()) for name in OF_CLIENT}
        return counted | {str(unit.clients.demo()): len(unit.signals.history(DEMO_ID, 100))}


def close(person: Any) -> None:
    while person.view:
        person.close()


def test_it_is_looked_at_and_goes_with_everything(app: Any) -> None:
    """Beside the first step, for whoever installed us and the admins: one for all of them, and again after it went."""
    installed(app, AMIR)
    amir, olivia, dana = app.agency.amir, app.agency.olivia, app.agency.dana
    before, steps = everything(app), offered(amir.home())
    olivia.home()
    dana.home()
    refused = dana.click(dana.published_home, "look_at_demo", forge=True)
    at_once(
        lambda: amir.click(guide(amir), "look_at_demo.told-client"),
        lambda: olivia.click(olivia.published_home, "look_at_demo.home-client"),
    )
    cards = [str(person.view["blocks"]) for person in (amir, olivia)]
    amir.click(amir.view, "why")
    why = str(amir.view)
    for person in (amir, olivia):
        close(person)
    amir.click(guide(amir), "look_at_demo.told-client")
    amir.click(amir.view, "trend")
    trend, written = str(amir.view), notes(app)
    close(amir)
    app.settle()
    unseen = dana.command("/client", NAME).text

    assert ("the demo is theirs" in str(refused.view), NAME in unseen and "notes" in unseen) == (True, False)
    assert [(NAME in card, "remove_demo" in card, REFUSED[:15] in card) for card in cards] == [(True, True, False)] * 2
    assert (len(written), {note.side for note in written}) == (11, {*Side})
    assert all(note.note in why for note in written if note.side is Side.THEIRS)
    assert "A picture appears" not in trend
    assert offered(amir.home()) == steps
    assert ("remove_demo" in str(amir.home()), "remove_demo" in str(dana.home())) == (True, False)

    olivia.home()
    at_once(
        lambda: olivia.click(olivia.published_home, "remove_demo.home-demo"),
        lambda: amir.click(amir.published_home, "remove_demo.home-demo"),
    )
    app.settle()
    left = everything(app)
    assert "is gone, with everything" in str(olivia.view)
    assert [NAME in each or DEMO_ID in each for each in (before, left)] == [False, False]
    assert [note.note for note in written if note.note in left] == []
    assert "remove_demo" not in str(amir.home())

    close(amir)
    amir.click(amir.published_home, "look_at_demo.home-client")
    amir.click(amir.view, "remove_demo")
    assert ("is gone, with everything" in str(amir.view), notes(app)) == (True, [])
    with app.web.outside.units.read(app.team_id) as unit:
        done = [entry.action for entry in unit.audit.newest(20) if "demo" in entry.action]
    assert done == ["demo removed", "demo added"] * 2


def signed_up(app: Any) -> Any:
    """An admin who looks at a demo, beside a client of ours."""
    installed(app)
    olivia = app.agency.olivia
    olivia.home()
    olivia.click(olivia.published_home, "look_at_demo.home-client")
    close(olivia)
    app.add_client("Acme", COBALT)
    return olivia


def test_nothing_of_it_changes(app: Any) -> None:
    """Whatever would store something about it is refused with one sentence, whatever the way in."""
    olivia = signed_up(app)
    (acme,) = [client.id for client in clients(app)]
    said, before = [], rows(app)
    said.append(olivia.command("/redflag", f"{NAME} paid late").text)
    for word, filled in (
        ("consider", {"origin": "ours", "thought": "They pay late."}),
        ("settings", {"channels": [BIRCH]}),
        ("value", {"hours": "12"}),
    ):
        olivia.command("/client", f"{NAME} {word}")
        said.append(f"{olivia.submit(filled)} {olivia.view}")
        close(olivia)
    olivia.command("/client", f"{NAME} settings")
    olivia.click(olivia.view, "merge_client")
    said.append(str(olivia.submit({"client": acme})) + str(olivia.view))
    for button in ("erase", "export"):
        close(olivia)
        olivia.home()
        olivia.click(olivia.published_home, "settings")
        olivia.click(olivia.view, "privacy")
        olivia.click(olivia.view, button)
        said.append(str(olivia.submit({"kind": "client", "who": NAME})) + str(olivia.view))
    app.settle()

    assert [REFUSED in each for each in said] == [True] * 7, said
    assert rows(app) == before


def test_it_counts_nowhere(app: Any) -> None:
    """Weeks go by beside a real client: what is listed, offered, told, posted, summed up and exported knows of none."""
    olivia = signed_up(app)
    app.set_digest(GENERAL)
    olivia.command("/praise", "Acme thanked us warmly")
    live = app.live()
    olivia.command("/client", "settings")
    olivia.click(olivia.command("/client", "settings").messages[-1], "track_record")
    seen = [str(olivia.view), olivia.command("/client", "list").text]
    close(olivia)
    olivia.home()
    seen.append(str([option["text"] for option in olivia.options(olivia.published_home, "find_client", "")]))
    with app.web.outside.units.read(app.team_id) as unit:
        standings = set(unit.standings.all())
    for _ in range(6):
        app.sweep(app.until_digest())
        app.tell()
    olivia.home()
    waiting = str(olivia.published_home).replace(f"*{NAME}*: made up", "")
    seen += [waiting, str([each.blocks for each in (*olivia.dms(), *olivia.sees(GENERAL))])]
    olivia.click(olivia.published_home, "settings")
    olivia.click(olivia.view, "privacy")
    olivia.click(olivia.view, "export")
    olivia.submit({"kind": "all", "format": "json"})
    app.settle()
    (file,) = [each for each in app.world.slack.workspace.files.values() if each.name.startswith("amicable-")]
    exported = json.loads(file.content)

    assert [NAME in each for each in seen] == [False] * 5
    assert ("Acme" in seen[1], "Acme" in seen[4], "open the demo client" in waiting.lower()) == (True, True, True)
    assert (live, standings) == (1, {client.id for client in clients(app)})
    assert ([each["name"] for each in exported["clients"]], len(exported["notes"])) == (["Acme"], 1)
    assert NAME not in str(exported)
    assert DEMO_ID not in str(exported)
