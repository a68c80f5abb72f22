"""The Home tab: the way in for everybody, from the first day to the two hundredth client."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.services.capture.notes import NewNote
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, LEADS, OLIVIA, VOLT
from rules.clients.client import BandOverride, Client
from rules.clients.stages import Stage
from rules.decisions.plan import Checkpoint, Concern, Outcome, Plan
from rules.health.score import Band
from rules.health.signal import Source


def blocks(person: Any) -> list[dict[str, Any]]:
    """What stands on this person's Home, without drawing it anew."""
    found: list[dict[str, Any]] = person.published_home["blocks"]
    return found


def names(person: Any) -> list[str]:
    """The clients on the page, by the names on their lines."""
    texts = [str(block.get("text", {}).get("text", "")) for block in blocks(person)]
    return [text.split("*")[1] for text in texts if "circle:" in text]


def test_the_first_day_leads_to_the_first_note(app: Any) -> None:
    """No client: add one. A client without a note: log one. Then neither is spoken of any more."""
    amir = app.agency.amir
    seen = [str(amir.home())]
    client = app.add_client("Birch & Barrow", BIRCH, owner=amir.who.id)
    seen.append(str(amir.home()))
    amir.click(amir.published_home, "log_from_home.first")
    amir.submit({"client": client.id, "type": "quick_reply"})
    seen.append(str(amir.home()))

    assert ["Add a client" in page for page in seen] == [True, True, True]
    assert ["Welcome" in page for page in seen] == [True, False, False]
    assert ["Nothing is noted yet" in page for page in seen] == [False, True, False]


def test_a_client_is_found_by_typing_and_opens(app: Any, birch: Client) -> None:
    """With two hundred clients nobody leafs: a few letters of a name or alias are enough."""
    app.add_client("Cobalt")
    amir = app.agency.amir
    amir.home()
    found = [option["text"]["text"] for option in amir.options(amir.published_home, "find_client", "b&b")]
    amir.choose(amir.published_home, "find_client", birch.id)

    assert found == ["Birch & Barrow"]
    assert "Birch & Barrow" in str(amir.view)


def test_many_clients_are_leafed_through_and_mine_come_first(app: Any) -> None:
    """Thirty a page; each client stands on one page, and what needs me stands on the first."""
    amir, olivia = app.agency.amir, app.agency.olivia
    for number in range(64):
        app.add_client(f"Client {number:02}", owner=amir.who.id if number % 2 else olivia.who.id)
    amir.home()
    pages = [names(amir)]
    first = str(blocks(amir))
    for _ in range(2):
        amir.click(amir.published_home, "home_page.next")
        pages.append(names(amir))
    last = str(blocks(amir))
    amir.click(amir.published_home, "home_page.previous")

    assert [len(page) for page in pages] == [30, 30, 4]
    assert len({name for page in pages for name in page}) == 64
    assert {int(name[-2:]) % 2 for name in pages[0]} == {1}
    assert ("What needs you" in first, "What needs you" in last) == (True, False)
    assert ("home_page.next" in last, "home_page.previous" in first) == (False, False)
    assert names(amir) == pages[1]


def test_settings_are_a_click_away(app: Any, birch: Client) -> None:
    """From Home the settings open on top, and the digest can be set there."""
    olivia = app.agency.olivia
    olivia.home()
    olivia.click(olivia.published_home, "settings")
    assert "Weekly digest" in str(olivia.view)


def test_whoever_was_away_for_a_week_reads_first_what_changed(app: Any) -> None:
    """By client, only what they may see and did not do themselves; gone once seen, and on the next visit."""
    amir, dana = app.agency.amir, app.agency.dana
    fell = app.add_client("Fell Ltd", BIRCH)
    hidden = app.add_client("Hidden Ltd", LEADS)
    own = app.add_client("Own Ltd", VOLT, owner=DANA)
    secret = app.add_client("Secret Ltd", COBALT)
    app.restrict(hidden, (AMIR,))
    for person in (amir, dana):
        person.home()
    first = str(blocks(dana))
    for _ in range(4):
        app.sweep(by=timedelta(days=2))
        for emoji in ("money_with_wings", "snail"):
            for place in (BIRCH, LEADS):
                amir.react(place, amir.say(place, "Not again"), emoji)
        dana.react(VOLT, dana.say(VOLT, "Not again"), "snail")
        app.settle()
    with app.web.outside.units.begin(app.team_id) as unit:
        considered = replace(
            unit.clients.lock(secret.id), stage=Stage.CONSIDERING, stage_since=app.web.outside.clock.now()
        )
        unit.clients.save(considered)
    lines = away_lines(dana.home())
    again = away_lines(dana.home())
    decider = away_lines(app.agency.olivia.home())
    amirs = away_lines(amir.home())
    dana.click(dana.published_home, "seen_changes")
    seen = away_lines(dana.published_home)
    app.sweep(by=timedelta(hours=2))

    assert "Since you were away" not in first
    assert blocks(amir)[0]["type"] == "header"
    assert (len(lines), lines) == (1, again)
    assert fell.name in lines[0]
    assert "8 new notes (" in lines[0]
    assert decider == []  # Olivia was never here before
    assert [name for name in ("Own", "Secret", "Hidden", "Fell") if name in str(amirs)] == ["Own"]
    assert [name for name in (own.name, secret.name, hidden.name) if name in str(lines)] == []
    assert (seen, away_lines(amir.home())) == ([], [])


def test_each_change_is_said_in_its_words(app: Any) -> None:
    """Worst first; a guess of abuse is no news, and where somebody's word stands for the band nothing fell or rose."""
    dana = app.agency.dana
    names = ("Alarmed", "Fell", "Judged", "Praised", "Told", "Planned", "Ended", "Guessed", "Same")
    clients = {name: app.add_client(f"{name} Ltd") for name in names}
    for name in ("Fell", "Judged"):
        noted(app, clients[name], "praise", 30, 20, 10)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.plans.save(plan_of(app, clients["Ended"]))
        word = BandOverride(
            band=Band.CONSIDER,
            reason="We talked.",
            by_id=OLIVIA,
            made_at=app.web.outside.clock.now(),
            last_day=app.web.outside.clock.now().date() + timedelta(days=60),
            until=app.web.outside.clock.now() + timedelta(days=60),
        )
        unit.clients.save(replace(unit.clients.lock(clients["Judged"].id), override=word))
    app.sweep(by=timedelta(days=1))
    dana.home()
    app.sweep(by=timedelta(days=9))
    for name in ("Fell", "Judged"):
        for kind in ("breach_of_deal", "late_payment"):
            noted(app, clients[name], kind, 5, 4, 3, 2)
    noted(app, clients["Praised"], "praise", 6, 4)
    for kind in ("abuse", "guess of abuse"):
        words = "he yelled at Mia and called her a bloody idiot"
        client = clients["Alarmed" if kind == "abuse" else "Guessed"]
        told = app.agency.amir.command("/redflag", f"{client.name} {words}")
        if kind == "abuse":
            app.press(app.agency.amir, told.messages[-1], "sort_note")
    with app.web.outside.units.begin(app.team_id) as unit:
        now = app.web.outside.clock.now()
        unit.clients.save(unit.clients.lock(clients["Told"].id).moved_to(Stage.TOLD, now))
        unit.plans.save(plan_of(app, clients["Planned"]))
        unit.plans.save(replace(unit.plans.of_client(clients["Ended"].id)[0], ended_at=now, outcome=Outcome.KEEP))
    lines = away_lines(dana.home())

    assert lines == [
        "*Alarmed Ltd*: act now: see what was noted; 1 new note (Verbal abuse)",
        "*Fell Ltd*: fell from healthy to watch; 8 new notes (Didn't keep their end of the deal, Paid late)",
        "*Told Ltd*: told",
        "*Ended Ltd*: a plan ended",
        "*Planned Ltd*: a plan began",
        "*Judged Ltd*: 8 new notes (Didn't keep their end of the deal, Paid late)",
        "*Praised Ltd*: 2 new notes (Good news)",
        "*Guessed Ltd*: 1 new note (Not sorted yet)",
    ]


def noted(app: Any, client: Client, kind: str, *days: int) -> None:
    """By Olivia, so many days ago each."""
    now = app.web.outside.clock.now()
    for each in days:
        new = NewNote(
            client_id=client.id, type=kind, source=Source.FORM, happened_at=now - timedelta(days=each), once=f"{each}"
        )
        app.web.services.capture.log(app.team_id, app.member(OLIVIA), new)


def plan_of(app: Any, client: Client) -> Plan:
    now = app.web.outside.clock.now()
    return Plan(
        id=f"pl-{client.id}",
        workspace_id=app.team_id,
        client_id=client.id,
        goal="On time",
        concerns=(Concern(id="c1", text="Late"),),
        actions=(),
        checkpoints=(Checkpoint(due_on=now.date() + timedelta(days=30)),),
        started_at=now,
        started_by=OLIVIA,
    )


def test_a_long_absence_has_eight_lines_at_most(app: Any) -> None:
    """The last of them counts the rest."""
    amir, dana = app.agency.amir, app.agency.dana
    clients = [app.add_client(f"Client {number}") for number in range(10)]
    dana.home()
    app.sweep(by=timedelta(days=8))
    for each in clients:
        amir.command("/redflag", f"{each.name} paid late")
    page = dana.home()

    assert len(away_lines(page)) == 7
    assert "and 3 more clients with news" in str(page)


def away_lines(page: Any) -> list[str]:
    """What stands between the heading and the button that it is seen with."""
    texts = [str(block.get("text", {}).get("text", "")) for block in page["blocks"]]
    if "Since you were away" not in texts:
        return []
    start = texts.index("Since you were away") + 1
    end = next(place for place, block in enumerate(page["blocks"]) if "seen_changes" in str(block))
    return [text for text in texts[start:end] if text]
