"""Two clicks on one screen, both made before either was answered: the later one stays (facts/slack.md 9.5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot.calls import EventCall, LastActs, OnlyTheNewest
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


def test_of_homes_opened_within_a_moment_the_newest_is_drawn() -> None:
    """One is being drawn; of all that come meanwhile only the newest waits for it, and nobody else is held up."""
    only, drawn = OnlyTheNewest(), []
    started, finish = threading.Event(), threading.Event()

    def draw(at: str, *, wait: bool = False, person: str = "amir") -> None:
        with only.turn(person, at) as is_newest:
            drawn.append((person, at, is_newest))
            if wait:
                started.set()
                assert finish.wait(WAIT)

    def begin(at: str, **how: Any) -> threading.Thread:
        thread = threading.Thread(target=draw, args=(at,), kwargs=how)
        thread.start()
        return thread

    first = begin("1.0", wait=True)
    assert started.wait(WAIT)
    draw("1.0", person="dana")
    second, third = begin("2.0"), begin("3.0")
    draw("2.5")  # by now, or at once, a newer one is known
    second.join(WAIT)
    assert (first.is_alive(), third.is_alive()) == (True, True)
    finish.set()
    for thread in (first, third):
        thread.join(WAIT)
    draw("1.5")
    assert [each for each in drawn if each[2]] == [("amir", "1.0", True), ("dana", "1.0", True), ("amir", "3.0", True)]
    assert sorted(at for _, at, is_newest in drawn if not is_newest) == ["1.5", "2.0", "2.5"]


def test_a_drawing_that_failed_keeps_nobody_waiting() -> None:
    """The engine asks again for the same one."""
    only = OnlyTheNewest()
    with pytest.raises(ZeroDivisionError), only.turn("amir", "1.0"):
        raise ZeroDivisionError
    with only.turn("amir", "1.0") as is_newest:
        assert is_newest


def test_an_older_open_of_home_that_comes_late_draws_nothing(app: Any) -> None:
    """Events are handled in any order."""
    app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    shown = []
    for at in ("200.0", "100.0", "300.0"):
        event = {"type": "app_home_opened", "user": AMIR, "tab": "home", "event_ts": at}
        now = app.web.outside.clock.now()
        app.web.desk.handle(EventCall(workspace_id=app.team_id, event_id="Ev1", event=event, now=now))
        shown.append(app.agency.amir.published_home["hash"])
    assert (shown[0] == shown[1], shown[1] == shown[2]) == (True, False)
