"""The Home tab: the way in for everybody, from the first day to the two hundredth client."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.agency import BIRCH
from rules.clients.client import Client


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
