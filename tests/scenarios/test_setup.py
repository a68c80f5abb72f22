"""`amicable setup`: from nothing to an installation that the doctor finds well."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.settings import Settings
from tests.clocks import real_now

if TYPE_CHECKING:
    from integrations.sandbox.world import World

ROOT = Path(__file__).parents[2]
NEXT_YEAR = real_now().date() + timedelta(days=300)


class Newcomer:
    """Somebody with an empty folder, a Slack app and a Jira."""

    def __init__(self, world: World) -> None:
        self.known = world.app_environment()

    def answers(self, **other: str) -> str:
        """A line for each question, as a pipe sends them."""
        jira = self.known
        said = {
            "address": "https://amicable.example",
            "token": jira["AMICABLE_SLACK__BOT_TOKEN"],
            "secret": jira["AMICABLE_SLACK__SIGNING_SECRET"],
            "database": "",
            "timezone": "Europe/Amsterdam",
            "tracker": "jira",
            "kind": jira["AMICABLE_JIRA__KIND"],
            "url": jira["AMICABLE_JIRA__URL"],
            "email": jira["AMICABLE_JIRA__EMAIL"],
            "jira_token": jira["AMICABLE_JIRA__TOKEN"],
            "token_expires": NEXT_YEAR.isoformat(),
            "project": jira["AMICABLE_JIRA__PROJECT"],
            "type": "",
        }
        return "".join(f"{line}\n" for line in (said | other).values())

    def set_up(self, answers: str) -> Result:
        return CliRunner().invoke(cli, ["setup"], input=answers)


@pytest.fixture
def newcomer(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Newcomer:
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("AMICABLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMICABLE_SLACK__API_URL", world.app_environment()["AMICABLE_SLACK__API_URL"])
    return Newcomer(world)


def test_answers_lead_to_an_installation_that_is_well(newcomer: Newcomer) -> None:
    """The file is for nobody else's eyes, the database is ready, the doctor has looked, and no secret was shown."""
    command = [sys.executable, "-m", "bot", "setup"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=newcomer.answers(), env=environment, capture_output=True, text=True)  # noqa: S603, PLW1510 - ours, and its code is looked at
    settings = Settings()
    assert (done.returncode, "All is well." in done.stdout) == (0, True)
    assert settings.jira is not None
    assert (settings.timezone, settings.jira.token_expires, Path("data/amicable.db").exists()) == (
        "Europe/Amsterdam",
        NEXT_YEAR,
        True,
    )
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    assert "amicable manifest --url https://amicable.example" in done.stdout
    assert newcomer.known["AMICABLE_JIRA__TOKEN"] not in done.stdout + done.stderr


def test_enter_keeps_everything(newcomer: Newcomer) -> None:
    """Run again, it asks again, and what somebody wrote into the file besides stays."""
    Path(".env").write_text("# ours\nAMICABLE_LOG_LEVEL=WARNING\nOTHER=1\n")
    newcomer.set_up(newcomer.answers())
    before = Path(".env").read_text()
    again = newcomer.set_up("\n" * 13)
    assert (again.exit_code, Path(".env").read_text()) == (0, before)
    assert before.startswith("# ours\nAMICABLE_LOG_LEVEL=WARNING\nOTHER=1\n")


def test_a_wrong_answer_is_named_and_nothing_is_written(newcomer: Newcomer) -> None:
    """A pipe can't be asked again."""
    done = newcomer.set_up(newcomer.answers(timezone="Amsterdam", url="jira.example"))
    said = [line.partition(":")[0] for line in done.stderr.splitlines() if line.startswith("AMICABLE")]
    assert (done.exit_code, said, Path(".env").exists()) == (
        2,
        ["AMICABLE_JIRA__URL", "AMICABLE_TIMEZONE"],
        False,
    )


def test_answers_that_end_too_early_write_nothing(newcomer: Newcomer) -> None:
    """Half a setup is none."""
    done = newcomer.set_up("https://amicable.example\nxoxb-1\n")
    assert (done.exit_code, list(Path().iterdir())) == (1, [])


@pytest.mark.parametrize("secret", ["plain-1/2+3=", "with 'quotes' and $HOME # and \\ more", 'a "b" c'])
def test_any_secret_is_kept_as_it_is(newcomer: Newcomer, secret: str) -> None:
    """Signs that a shell or a file format gives a meaning are no trouble."""
    newcomer.set_up(newcomer.answers(jira_token=secret))
    kept = Settings().jira
    assert kept is not None
    assert kept.token.get_secret_value() == secret


def test_values_need_no_quotation_marks_where_docker_would_keep_them(newcomer: Newcomer) -> None:
    """The same file serves `docker run --env-file`."""
    newcomer.set_up(newcomer.answers())
    lines = dict(line.split("=", 1) for line in Path(".env").read_text().splitlines())
    assert lines == dotenv_values(".env")


def test_a_fault_is_named_at_once(newcomer: Newcomer) -> None:
    """A token with a typing error is found before anything is started; what was answered is kept."""
    done = newcomer.set_up(newcomer.answers(token="xoxb-typo"))
    assert (done.exit_code, "Slack does not accept the token" in done.stdout, Path(".env").exists()) == (1, True, True)


def test_without_an_address_two_tokens_are_enough(newcomer: Newcomer, world: World) -> None:
    """Socket Mode and the built-in checklist: nothing else is typed, and the doctor is content."""
    said = newcomer.answers(address="", token=newcomer.known["AMICABLE_SLACK__BOT_TOKEN"])
    two = [said.splitlines()[1], world.slack.workspace.app_token]
    done = newcomer.set_up("".join(f"{line}\n" for line in ["", *two, "", "", ""]))
    slack = Settings().slack
    assert (done.exit_code, "amicable manifest --socket" in done.stdout) == (0, True)
    assert (slack.app_token.get_secret_value(), slack.signing_secret.get_secret_value()) == (two[1], "")
    assert "over Socket Mode" in done.stdout
