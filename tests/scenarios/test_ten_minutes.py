"""From a clean folder to the first note: what a newcomer types, which ports are open, and how long each step takes.

Getting the clone and `make install` come before and are measured apart: they are the network's and pip's.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrations.sandbox.agency import BIRCH, Agency
from integrations.sandbox.world import World
from tests.scenarios.terminal import ROOT, Terminal

MOST_TYPED = 4
MOST_SECONDS = 600
LISTENING = "0A"  # proc(5), /proc/net/tcp


class Watch:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


def open_ports(process: int) -> list[str]:
    """The local addresses, in hexadecimal, at which this process listens for TCP."""
    own = {found[1] for each in Path(f"/proc/{process}/fd").iterdir() if (found := _socket(each))}
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]
    ]
    return [words[1] for words in lines if words[3] == LISTENING and words[9] in own]


def _socket(handle: Path) -> re.Match[str] | None:
    try:
        return re.match(r"socket:\[(\d+)\]", str(handle.readlink()))
    except OSError:
        return None  # closed meanwhile


@pytest.fixture
def folder(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Empty, and nothing in the environment but which Slack is meant; the clock is the real one, as a newcomer's."""
    for name in [name for name in os.environ if name.startswith("AMICABLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMICABLE_SLACK__API_URL", world.app_environment()["AMICABLE_SLACK__API_URL"])
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = tmp_path / "clean"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def set_up(world: World) -> Terminal:
    """Three tokens: the first makes the app, the other two are copied once it is installed."""
    slack, before = world.slack.workspace, set(world.slack.workspace.apps)
    terminal = Terminal()
    terminal.answer("over Socket Mode)")
    terminal.answer("Bot token (", slack.config_token, hidden=True)
    terminal.read_until("install-on-team")
    (made,) = set(slack.apps) - before
    world.slack.install(made)
    terminal.answer("Bot token (", slack.bot_token, hidden=True)
    terminal.answer("App-level", slack.app_token, hidden=True)
    for prompt in ("Database", "Time zone", "Where do tickets go"):
        terminal.answer(prompt)
    return terminal


@contextmanager
def running(world: World, watch: Watch) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"])
    try:
        with watch.step("start"):
            world.slack.wait_for(lambda: world.slack.deliveries.sockets.connected == 2, timeout=MOST_SECONDS)
        yield process
        process.terminate()
        process.wait(30)
    finally:
        process.kill()
        process.wait()


def until(look: Callable[[], int]) -> int:
    """The doctor is content once the worker's heart has beaten."""
    end = time.monotonic() + MOST_SECONDS
    while (code := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return code


def test_a_newcomer_writes_the_first_note_within_ten_minutes(world: World, folder: Path) -> None:
    """Setup with a configuration token, `amicable run`, a client, a note: at most four things typed, no open port."""
    agency, watch = Agency(world), Watch()
    with watch.step("setup"):
        terminal = set_up(world)
        ended = terminal.leave()
    with running(world, watch) as process:
        with watch.step("first client"):
            agency.olivia.command("/client", "add Acme")
            agency.olivia.submit({"channel": BIRCH})
        with watch.step("first note"):
            answer = agency.olivia.command("/redflag", "Acme paid three weeks late")
        with watch.step("doctor"):
            command = [sys.executable, "-m", "bot", "doctor"]
            code = until(lambda: subprocess.run(command, capture_output=True, check=False).returncode)  # noqa: S603 - ours
        ports = open_ports(process.pid)
    sys.stdout.write("".join(f"{name:14}{seconds:6.1f} s\n" for name, seconds in watch.seconds.items()))

    assert (ended, code, ports, sorted(path.name for path in folder.iterdir())) == (0, 0, [], [".env", "data"])
    assert ("Paid late" in answer.text, "type /redflag in Slack" in terminal.shown) == (True, True)
    assert (terminal.typed <= MOST_TYPED, sum(watch.seconds.values()) < MOST_SECONDS) == (True, True)
