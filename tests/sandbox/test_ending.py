"""How the sandbox ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

SANDBOX = [sys.executable, "-m", "bot", "sandbox", "--port", "0"]


def test_a_sandbox_that_is_told_to_end_leaves_nothing_running(tmp_path: Path) -> None:
    """Ended from outside (a container, a closed terminal), it takes web and worker with it."""
    log = tmp_path / "log"
    with log.open("w") as said:
        running = subprocess.Popen(SANDBOX, stderr=said, cwd=Path(__file__).parents[2])  # noqa: S603 - our own command
    try:
        while "open" not in log.read_text() and running.poll() is None:
            time.sleep(0.05)
        children = psutil.Process(running.pid).children()
        running.terminate()
        _, alive = psutil.wait_procs(children, timeout=60)
        assert (len(children), alive, running.wait(30)) == (2, [], 0)
    finally:
        running.kill()
        running.wait()
