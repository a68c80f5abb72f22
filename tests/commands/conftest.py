"""`amicable` as an operator types it, with settings from the environment and no `.env`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import command_line

Typed = Callable[..., Result]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Typed:
    """Types a command in an empty folder."""
    folder = tmp_path / "operator"
    folder.mkdir()
    monkeypatch.chdir(folder)
    runner = CliRunner()

    def type_in(*words: object, answers: str | None = None) -> Result:
        return runner.invoke(command_line(), [str(word) for word in words], input=answers)

    return type_in


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    """The settings name a fresh database; Slack is not there."""
    for name, value in {
        "AMICABLE_SLACK__BOT_TOKEN": "xoxb-made-up",
        "AMICABLE_SLACK__SIGNING_SECRET": "5" * 32,
        "AMICABLE_DATABASE_URL": database_url,
    }.items():
        monkeypatch.setenv(name, value)
    return database_url
