"""How a process ends when it is told to."""

from __future__ import annotations

import threading

from bot.commands.processes import wait_until_told


def test_a_signal_that_wakes_nobody_is_heard_all_the_same() -> None:
    """Three in two thousand came just as the thread fell asleep, and then it slept on: nothing notified it."""
    stopping = threading.Event()
    waiting = threading.Thread(target=wait_until_told, args=(stopping,), daemon=True)
    waiting.start()

    vars(stopping)["_flag"] = True  # set, and nobody was woken
    waiting.join(timeout=30)

    assert not waiting.is_alive()
