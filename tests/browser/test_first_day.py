"""The first day in the browser: the page's own hints lead to a note, on a phone too, and whatever the names are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import DANA, GENERAL, NORTHWIND
from integrations.sandbox.play import open_theatre
from integrations.sandbox.theatre import Theatre
from tests.clocks import SLACK_SECONDS

pytestmark = pytest.mark.timeout(300)
PHONE = {"width": 390, "height": 780}
LONG = "Gesellschaftsvertragsangelegenheitenverwaltungsbüro & Töchter Unternehmensgruppe"  # 80 signs are the most

TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
  for (const each of document.querySelectorAll(".main, .main .messages, .main .home, dialog, .modal-body"))
    if (each.scrollWidth > each.clientWidth + 1) wide.push(`${each.className || each.tagName} scrolls`);
  const shown = document.querySelector("dialog[open]") ?? document.querySelector(".main");
  for (const each of shown.querySelectorAll("button, input, select, textarea, code, h1, h2, span, p")) {
    const box = each.getBoundingClientRect();
    if (box.right > innerWidth + 1 && !each.closest(".b-table"))
      wide.push(`${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`);
  }
  return wide;
}"""


@pytest.fixture(scope="module")
def theatre(starts_at: datetime) -> Iterator[Theatre]:
    """An agency in which nobody has done anything yet."""
    with open_theatre(0, starts_at=starts_at, slack_seconds=SLACK_SECONDS) as opened:
        yield opened


def sticks_out(hand: Any) -> list[str]:
    """What reaches beyond the window's right edge, and whether anything can be scrolled sideways."""
    return list(hand.page.evaluate(TOO_WIDE))


def test_a_newcomer_comes_to_a_note_by_the_pages_hints(hand: Any) -> None:
    """Three presses, nothing typed or refused: the hint, Send, the form's button. Then two: the other hint, and Send.

    The page and the help that Slack shows say where lists come in.
    """
    hand.theatre.set_up()
    hand.open(DANA, f"channel/{GENERAL}")
    expect(hand.page.locator(".empty")).to_contain_text("amicable import")
    for step in (".hint-words >> nth=0", "#composer .send", "#modal-submit"):
        hand.page.locator(step).click()
    expect(hand.dialog()).to_contain_text("Logged")
    hand.close()
    hand.page.locator(".hint-words >> nth=1").click()
    hand.page.locator("#composer .send").click()
    hand.said("Logged")
    hand.type("/client help")
    hand.said("whoever runs the server types amicable import")
    history = hand.command("/client Birch & Barrow history")
    for words in ("Paid late", "paid three weeks late", "thanked the whole team"):
        expect(history).to_contain_text(words)


def test_nothing_is_scrolled_sideways_on_a_phone(hand: Any) -> None:
    """Home, a card, forms and a refusal with its buttons, of a client with the longest of names."""
    hand.theatre.set_up()
    hand.page.set_viewport_size(PHONE)
    hand.open(DANA, f"channel/{NORTHWIND}")
    seen = {"channel": sticks_out(hand)}
    hand.command("/client add")
    hand.submit({"name": LONG, "channel": NORTHWIND})
    seen["added"] = sticks_out(hand)
    hand.close()
    hand.command("/redflag")
    seen["form"] = sticks_out(hand)
    hand.close()
    hand.type(f"/redflag {LONG} paid late {LONG}")
    hand.said("Logged")
    seen["logged"] = sticks_out(hand)
    hand.type(f"/client {LONG}")
    expect(hand.page.locator(".main .message").last).to_contain_text("too early to say")
    seen["card"] = sticks_out(hand)
    for word in ("why", "history", "settings"):
        hand.command(f"/client {LONG} {word}")
        seen[word] = sticks_out(hand)
        hand.close()
    hand.type("/redflag Zorro paid late")
    expect(hand.said("Zorro").get_by_role("button").first).to_be_visible()
    seen["refusal"] = sticks_out(hand)
    hand.page.locator("#open-sidebar").click()
    hand.go("view-home")
    hand.page.locator(".home .b-section").first.wait_for()
    seen["home"] = sticks_out(hand)

    assert {place: wide for place, wide in seen.items() if wide} == {}
