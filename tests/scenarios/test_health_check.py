"""`amicable health` in a container: of a web server its answer, of a worker its heartbeat."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from bot.bootstrap.house import House
from bot.commands.health import faults, running
from bot.settings import Settings
from integrations.database.tables import executors


def of(app: Any, monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """What is wrong, as the check finds it."""
    monkeypatch.setenv("AMICABLE_WEB__PORT", str(urlsplit(app.url).port))
    house = House(Settings(_env_file=None), serves_web=True)
    try:
        return [*faults(house, {*names})]
    finally:
        house.close()


def test_a_worker_is_well_while_its_own_heart_beats(front: Any, monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    """Another machine's worker hides nothing; a web server is asked whether it answers."""
    elsewhere = {"id": "another:1:abcdef", "seen_at": front.web.outside.clock.real()}
    with front.web.outside.engine.begin() as connection:
        connection.execute(sa.insert(executors), elsewhere)
    before = [len(of(front, monkeypatch, *names)) for names in ({"worker"}, {"web"}, {"run"}, set())]
    request.getfixturevalue("worker")
    after = [len(of(front, monkeypatch, *names)) for names in ({"worker"}, {"web"}, {"run"})]
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        front.url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        silent = [len(of(front, monkeypatch, *names)) for names in ({"worker"}, {"web"}, {"run"}, {"socket"})]

    assert (before, after, silent) == ([1, 0, 1, 1], [0, 0, 0], [0, 1, 1, 0])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/opt/amicable/bin/python\0/opt/amicable/bin/amicable\0worker\0", ["worker"]),
        ("python\0-m\0bot\0web\0", ["web"]),
        ("amicable\0run", ["run"]),
        ("/opt/amicable/bin/python\0/opt/amicable/bin/amicable\0health\0", []),
        ("vi\0/app/run\0web", []),
        ("", []),
    ],
)
def test_what_runs_is_known_by_its_command_line(line: str, name: list[str], tmp_path: Path) -> None:
    """The check itself and an editor are none of ours."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "cmdline").write_text(line)
    assert [*running(tmp_path)] == name
