"""How a process ends when it is told to."""

from __future__ import annotations

import subprocess
import sys
import threading

from bot.commands.processes import wait_until_told

TOLD_WHILE_IT_HOLDS_THE_LOCK = """
import os, signal
from bot.commands.processes import _told_to_stop, wait_until_told
stopping = _told_to_stop()
with stopping._cond:
    os.kill(os.getpid(), signal.SIGTERM)
wait_until_told(stopping)
"""


def test_a_signal_in_the_midst_of_waiting_ends_the_process_in_order() -> None:
    """Its handler runs in the thread that waits, wherever that is: also where it holds what setting takes."""
    done = subprocess.run([sys.executable, "-c", TOLD_WHILE_IT_HOLDS_THE_LOCK], check=False)  # noqa: S603 - ours

    assert done.returncode == 0


def test_a_signal_that_wakes_nobody_is_heard_all_the_same() -> None:
    """Three in two thousand came just as the thread fell asleep, and then it slept on: nothing notified it."""
    stopping = threading.Event()
    waiting = threading.Thread(target=wait_until_told, args=(stopping,), daemon=True)
    waiting.start()

    vars(stopping)["_flag"] = True  # set, and nobody was woken
    waiting.join(timeout=30)

    assert not waiting.is_alive()
