"""`amicable setup`: from nothing to an installation that the doctor finds well."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
import yaml
from dotenv import dotenv_values
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from bot.commands.setup import slack_app
from bot.settings import Settings
from integrations.sandbox.trello.board import Board
from tests.clocks import real_now
from tests.scenarios.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from integrations.sandbox.world import World

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
            "project": jira["AMICABLE_JIRA__PROJECT"],
            "type": "",
            "token_expires": NEXT_YEAR.isoformat(),
        }
        return "".join(f"{line}\n" for line in (said | other).values())

    def set_up(self, answers: str) -> Result:
        return CliRunner().invoke(command_line(), ["setup"], input=answers)


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
    assert "https://amicable.example/slack/events" in unquote(done.stdout)
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
    two = [world.slack.workspace.bot_token, world.slack.workspace.app_token]
    done = newcomer.set_up("".join(f"{line}\n" for line in ["", *two, "", "", ""]))
    slack = Settings().slack
    assert (done.exit_code, "socket_mode_enabled: true" in unquote(done.stdout)) == (0, True)
    assert (slack.app_token.get_secret_value(), slack.signing_secret.get_secret_value()) == (two[1], "")
    assert ("Socket Mode, and no port has to be open" in done.stdout, "type /redflag in Slack" in done.stdout) == (
        True,
        True,
    )


def test_a_configuration_token_makes_the_app_and_brings_it_up_to_date(newcomer: Newcomer, world: World) -> None:
    """The app is our manifest's, to the last scope; the second time it is changed, and none is made beside it."""
    slack = world.slack.workspace
    before = set(slack.apps)
    lines = ["", slack.config_token, slack.bot_token, slack.app_token, "", "", ""]
    made = newcomer.set_up("".join(f"{line}\n" for line in lines))
    (app_id,) = set(slack.apps) - before
    told = yaml.safe_load(CliRunner().invoke(command_line(), ["manifest", "--socket"]).stdout)
    world.slack.install(app_id)

    slack.apps[app_id] = told | {"oauth_config": {"scopes": {"bot": ["commands"]}}}
    again = newcomer.set_up("".join(f"{line}\n" for line in ["", slack.config_token, *[""] * 5]))
    assert (made.exit_code, again.exit_code, slack.apps[app_id], set(slack.apps) - before) == (0, 0, told, {app_id})
    assert f"Install it: https://api.slack.com/apps/{app_id}/install-on-team" in made.stdout
    assert "It asks for more than before: install it again" in again.stdout
    assert slack.config_token not in Path(".env").read_text()


def test_what_slack_has_against_the_app_is_told_and_nothing_is_written(newcomer: Newcomer, world: World) -> None:
    """A token that has ended, the refresh token in its place, and a manifest with a fault, with Slack's pointer."""
    refused = [newcomer.set_up(f"\n{token}\n") for token in ("xoxe.xoxp-1-ended", "xoxe-1-refresh")]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(slack_app, "manifest_object", lambda _url: {"settings": {"interactivity": {"is_enabled": True}}})
        refused.append(newcomer.set_up(f"\n{world.slack.workspace.config_token}\n"))
    assert [(each.exit_code, said in each.stderr) for each, said in zip(refused, SAID_OF_THE_APP, strict=True)] == [
        (2, True)
    ] * 3
    assert (Path(".env").exists(), len(world.slack.workspace.apps)) == (False, 1)


SAID_OF_THE_APP = (
    "(invalid_auth). It is good for twelve hours",
    "This is the refresh token",
    "/settings/interactivity: Interactivity requires a Request URL",
)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"address": "http://amicable.example"}, "https:// alone"),
    ({"token": "xapp-1-A1-2-abc"}, "app-level token, which is asked for next"),
    ({"token": "xoxp-12"}, "a person's token"),
    ({"token": "xoxb-typo"}, "Slack does not accept the token (invalid_auth)"),
    ({"secret": "abc"}, "not of the shape of Slack's"),
    ({"database": "mysql://here/amicable"}, "must begin with sqlite:///"),
    ({"timezone": "Amsterdam"}, "Amsterdam is not a time zone"),
    ({"jira_token": "wrong"}, "no longer accepts our access"),
    ({"project": "NOPE"}, "Check that it exists and that our account sees it"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG, ids=[each[1][:20] for each in WRONG])
def test_each_wrong_answer_is_told_with_what_to_do(newcomer: Newcomer, wrong: dict[str, str], said: str) -> None:
    """Tried on the spot against the service that it is for."""
    assert said in newcomer.set_up(newcomer.answers(**wrong)).stderr


@pytest.mark.parametrize("asked", ["wrap-UPS", "https://trello.com/b/AmiBoard/wrap-ups", "5f0000000000000000000001"])
def test_a_board_is_found_by_name_or_address(
    newcomer: Newcomer, world: World, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Whatever somebody has at hand; a name that no board bears is answered with those that there are."""
    world.trello.other_boards = [Board(id="5f0000000000000000000002", short_link="OldBoard", name="Old", closed=True)]
    known = newcomer.known
    monkeypatch.setenv("AMICABLE_TRELLO__URL", known["AMICABLE_TRELLO__URL"])
    slack = ["", known["AMICABLE_SLACK__BOT_TOKEN"], world.slack.workspace.app_token, "", ""]
    trello = ["trello", known["AMICABLE_TRELLO__KEY"], known["AMICABLE_TRELLO__TOKEN"]]
    lost = newcomer.set_up("".join(f"{line}\n" for line in [*slack, *trello, "Old"]))
    newcomer.set_up("".join(f"{line}\n" for line in [*slack, *trello, asked]))
    settings = Settings().trello
    assert settings is not None
    assert (settings.board, "Those that it sees: Wrap-ups." in lost.stderr) == ("AmiBoard", True)


def test_somebody_at_a_terminal_is_asked_again_and_shows_no_secret(newcomer: Newcomer, world: World) -> None:
    """A wrong token is told and asked for again at once; what is typed of a secret is not seen on the screen."""
    del newcomer  # its folder and environment
    slack, wrong = world.slack.workspace, "xoxb-not-this-one"
    terminal = Terminal()
    terminal.answer("over Socket Mode)")
    for prompt, token in [("Bot token (", wrong), ("Bot token (", slack.bot_token), ("App-level", slack.app_token)]:
        terminal.answer(prompt, token, hidden=True)
    for prompt, line in [("Database", ""), ("Time zone", "Mars/Phobos"), ("Time zone", "Europe/Oslo")]:
        terminal.answer(prompt, line)
    terminal.answer("Where do tickets go")
    code = terminal.leave()

    assert (code, Settings().timezone, Settings().slack.bot_token.get_secret_value()) == (
        0,
        "Europe/Oslo",
        slack.bot_token,
    )
    assert (
        "Slack does not accept the token" in terminal.shown,
        "Mars/Phobos is not a time zone" in terminal.shown,
    ) == (
        True,
        True,
    )
    assert [each for each in (wrong, slack.bot_token, slack.app_token) if each in terminal.shown] == []
