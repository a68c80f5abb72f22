"""Two clicks on one screen, both made before either was answered: the later one stays (facts/slack.md 9.5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot.calls import LastActs
from integrations.sandbox.agency import AMIR, BIRCH

WAIT = 60.0
Click = Callable[[], object]


class TwoOnTheirWay:
    """The first two calls of a method wait on their way to Slack, and arrive there in the order that is wanted."""

    def __init__(self, slack: Any, method: str) -> None:
        self._as_ever, self._method, self._lock = slack.call, method, threading.Lock()
        self._sent = [threading.Event(), threading.Event()]
        self._go = [threading.Event(), threading.Event()]
        self._calls = 0
        self.errors: list[str] = []
        slack.call = self._call

    def _call(self, method: str, token: str, arguments: Any) -> Any:
        if method != self._method:
            return self._as_ever(method, token, arguments)
        with self._lock:
            number, self._calls = self._calls, self._calls + 1
        if number < len(self._go):
            self._sent[number].set()
            assert self._go[number].wait(WAIT)
        answer = self._as_ever(method, token, arguments)
        self.errors.append(str(answer.get("error", "")))
        return answer

    def run(self, clicks: tuple[Click, Click], arrive: tuple[int, int]) -> None:
        threads = []
        for number, click in enumerate(clicks):
            threads.append(threading.Thread(target=click))
            threads[-1].start()
            assert self._sent[number].wait(WAIT)
        for number in arrive:
            self._go[number].set()
            threads[number].join(WAIT)


@pytest.mark.parametrize("arrive", [(0, 1), (1, 0)], ids=["in order", "turned round"])
def test_the_later_click_in_a_dialog_stays(app: Any, arrive: tuple[int, int]) -> None:
    """Nobody sees an error of it, and the click that came first does not come back over it."""
    client = app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    amir = app.agency.amir
    amir.click(amir.home(), "open_client.mine-0")
    card, titles = amir.view, []
    for action in ("history", "why"):
        amir.click(card, action, client.id, forge=True)
        titles.append(amir.view["title"]["text"])
    way = TwoOnTheirWay(app.world.slack, "views.update")
    way.run(
        (
            lambda: amir.click(card, "history", client.id, forge=True),
            lambda: amir.click(card, "why", client.id, forge=True),
        ),
        arrive,
    )

    assert way.errors.count("hash_conflict") == 1
    assert amir.view["title"]["text"] == titles[1] != titles[0]


@pytest.mark.parametrize("arrive", [(0, 1), (1, 0)], ids=["in order", "turned round"])
def test_the_later_click_on_home_stays(app: Any, arrive: tuple[int, int]) -> None:
    """Two pages of it."""
    for number in range(31):
        app.add_client(f"Client {number:02}", "")
    olivia = app.agency.olivia
    home = olivia.home()
    app.settle()
    way = TwoOnTheirWay(app.world.slack, "views.publish")
    way.run(
        (
            lambda: olivia.click(home, "home_page", "0", forge=True),
            lambda: olivia.click(home, "home_page", "1", forge=True),
        ),
        arrive,
    )
    shown = str(olivia.published_home)

    assert way.errors.count("hash_conflict") == 1
    assert ("Client 30" in shown, "Client 00" in shown) == (True, False)


def test_what_was_answered_last_is_known_for_the_newest_screens_only() -> None:
    """An older act is not the last, whenever it comes; the memory does not grow."""
    acts = LastActs()
    found = []
    for at in ("2.0", "1.0", "2.0", "3.0", ""):
        acts.note("V1", at)
        found.append(acts.is_last("V1", at))
    assert found == [True, False, True, True, False]
    for number in range(LastActs.KEPT):
        acts.note(f"W{number}", "1.0")
    assert acts.is_last("V1", "1.0")
