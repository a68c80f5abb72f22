"""The first day in the browser: the page's own hints lead to a note."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import DANA, GENERAL
from integrations.sandbox.play import open_theatre
from integrations.sandbox.theatre import Theatre
from tests.clocks import SLACK_SECONDS

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def theatre(starts_at: datetime) -> Iterator[Theatre]:
    """An agency in which nobody has done anything yet."""
    with open_theatre(0, starts_at=starts_at, slack_seconds=SLACK_SECONDS) as opened:
        yield opened


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
