"""`amicable doctor`: each fault that an installation can have is named, with its remedy, and no secret with it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import command_line
from bot.commands.doctor.storage import look_at_disk
from integrations.clock import FileClock
from integrations.database import tables
from integrations.sandbox.agency import BIRCH, GENERAL, LEADS, OLIVIA, SHARED, VOLT

if TYPE_CHECKING:
    from tests.scenarios.conftest import App

Found = dict[str, str]

LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[")


class Doctor:
    """What the doctor says now."""

    def __init__(self) -> None:
        self.everything = ""
        self.code = -1

    def ask(self) -> list[Found]:
        done = CliRunner().invoke(command_line(), ["doctor", "--json"])
        self.everything, self.code = done.output, done.exit_code
        # Nothing else is printed, but a worker's thread in this very process may log a line between.
        told = json.loads("\n".join(line for line in done.stdout.splitlines() if not LOGGED.match(line)))
        assert told["ok"] is (done.exit_code == 0)
        found: list[Found] = told["findings"]
        return found

    def faults(self) -> list[tuple[str, str]]:
        return [(each["said"], each["remedy"]) for each in self.ask() if each["state"] == "fault"]


@pytest.fixture
def doctor(front: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Doctor:
    """In front of an installation that is well, but for its worker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMICABLE_WEB__PUBLIC_URL", "https://amicable.example")
    front.web.services.workspaces.welcome(front.team_id)
    return Doctor()


def test_all_is_well(app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody who did everything right reads so, and a script sees 0."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMICABLE_WEB__PUBLIC_URL", "https://amicable.example")
    app.add_client("Birch", BIRCH)
    done = CliRunner().invoke(command_line(), ["doctor"])
    assert (done.exit_code, "All is well." in done.stdout, "FAULT" in done.stdout) == (0, True, False)


def lose_scopes(app: App) -> None:
    asked = app.world.slack.workspace.manifest["oauth_config"]["scopes"]["bot"]
    asked[:] = [scope for scope in asked if scope not in {"files:write", "commands"}]


def install_for_an_organisation(app: App) -> None:
    app.world.slack.workspace.is_enterprise = True


def lose_the_token(app: App) -> None:
    app.world.slack.workspace.bot_token = "xoxb-another-one"


def uninstall(app: App) -> None:
    app.world.slack.workspace.installed = False


def be_in_no_channel(app: App) -> None:
    app.add_client("Volt", VOLT)
    app.world.slack.workspace.channels[VOLT].members.remove(app.world.slack.workspace.bot_user_id)


def hide_a_channel(app: App) -> None:
    app.add_client("Leads", LEADS)
    app.world.slack.workspace.channels[LEADS].members.remove(app.world.slack.workspace.bot_user_id)


def share_the_digest(app: App) -> None:
    app.set_digest(GENERAL)
    app.world.slack.workspace.channels[GENERAL].externally_shared = True


def archive_the_digest(app: App) -> None:
    app.set_digest(GENERAL)
    app.world.slack.workspace.channels[GENERAL].archived = True


def require_a_field(app: App) -> None:
    app.world.jira.project.required["customfield_10010"] = "Client"


def open_the_board(app: App) -> None:
    app.world.trello.board.level = "public"


def lose_jira(app: App) -> None:
    app.world.jira.token = "another"


def choose_what_is_gone(app: App) -> None:
    app.web.services.clients.choose_tracker(app.team_id, app.member(OLIVIA), "asana")


INVITE = "Type /invite @amicable there."
FAULTS: list[tuple[Callable[[App], None], str, str]] = [
    (
        lose_scopes,
        "The token lacks commands.",
        "Update the app in Slack from `amicable manifest`, then reinstall it to your workspace.",
    ),
    (
        install_for_an_organisation,
        "The app is installed for a whole organisation (Enterprise), and Amicable serves one workspace.",
        "Install it to that one workspace, and copy the bot token from there.",
    ),
    (
        lose_the_token,
        "Slack does not accept the token (invalid_auth).",
        "Copy the bot token (xoxb-...) from “OAuth & Permissions” into AMICABLE_SLACK__BOT_TOKEN.",
    ),
    (
        uninstall,
        "The app was removed from the workspace (account_inactive).",
        "Install it again, and set its token.",
    ),
    (be_in_no_channel, "Amicable is not in #volt (Volt), so it sees no reactions there.", INVITE),
    (
        hide_a_channel,
        "Slack does not show us the channels of some clients: Leads's (C0LEADS).",
        "Where they are private type /invite @amicable there; where they are gone map others.",
    ),
    (
        share_the_digest,
        "The digest is kept out of #general: it is shared with another company.",
        "Choose an internal channel with /client settings.",
    ),
    (
        archive_the_digest,
        "The digest can't be posted in #general: it is archived.",
        "Type /invite @amicable there, or choose another channel with /client settings.",
    ),
    (
        require_a_field,
        "Wrap-ups takes no ticket without Client.",
        "A workspace admin can answer that once for all tickets: open the parting, then “Who sees the tickets?”.",
    ),
    (
        open_the_board,
        "No ticket may be opened in Wrap-ups.",
        "The Trello board Wrap-ups is public or open to a whole company. Make it private, then try again.",
    ),
    (
        lose_jira,
        "Jira can't be used.",
        "Jira no longer accepts our access. An admin has to renew the token; the tasks wait until then.",
    ),
    (
        choose_what_is_gone,
        "Tasks are meant to go to asana, which is not set up.",
        "Set it up again, or choose another place with /client settings.",
    ),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("harm", "said", "remedy"), FAULTS, ids=[each[0].__name__ for each in FAULTS])
def test_each_fault_is_named_with_its_remedy(
    doctor: Doctor, app: App, harm: Callable[[App], None], said: str, remedy: str
) -> None:
    """One thing goes wrong, and that one thing is what the doctor names."""
    harm(app)
    assert (doctor.faults(), doctor.code) == ([(said, remedy)], 1)


def test_a_worker_that_is_missing_is_named(doctor: Doctor) -> None:
    """Only the web process runs: commands are answered, and nothing else happens."""
    said = "No worker has been heard of for half a minute: nothing is posted and no ticket is opened."
    assert doctor.faults() == [(said, "Start one with amicable run, or with amicable worker beside amicable web.")]


def test_a_database_that_was_not_migrated_is_named(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An empty file, and none at all, which is not made by looking."""
    nowhere = tmp_path / "nowhere.db"
    monkeypatch.setenv("AMICABLE_DATABASE_URL", f"sqlite:///{nowhere}")
    missing = doctor.faults()
    made = nowhere.exists()
    nowhere.touch(0o600)
    assert (missing, made, doctor.faults()) == (
        [("There is no database yet.", "Run `amicable migrate`, or `amicable run`, which begins with it.")],
        False,
        [("The database is not up to date.", "Run `amicable migrate` first.")],
    )


def test_a_database_that_is_away_is_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address may hold a password, which is not shown."""
    monkeypatch.setenv("AMICABLE_DATABASE_URL", "postgresql://amicable:hunter2@127.0.0.1:9/amicable")
    found = doctor.faults()
    sentence = ("The database can't be reached.", "Check AMICABLE_DATABASE_URL, and that its server runs.")
    assert (found, "hunter2" in doctor.everything) == ([sentence], False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_machines_on_one_file_are_named(doctor: Doctor, app: App, engine: sa.Engine) -> None:
    """A file on a network disk is lost sooner or later."""
    with engine.begin() as connection:
        connection.execute(
            sa.insert(tables.executors).values(id="elsewhere:1:abc", seen_at=app.web.outside.clock.real())
        )
    assert [said for said, _ in doctor.faults()] == ["Another machine works on this SQLite file."]


def test_another_workspaces_database_is_named(doctor: Doctor, engine: sa.Engine) -> None:
    """A token of one workspace before the data of another shows nobody anything."""
    with engine.begin() as connection:
        connection.execute(sa.update(tables.workspaces).values(id="T0OTHER"))
    said = "The database holds what belongs to Good Agency, and the token is of another workspace."
    remedy = "Set that workspace's token, or another AMICABLE_DATABASE_URL."
    assert [found for found in doctor.faults() if "belongs" in found[0]] == [(said, remedy)]


def test_a_clock_that_is_wrong_is_named(doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond five minutes nothing that Slack sends would be believed."""
    real = FileClock.real
    monkeypatch.setattr(FileClock, "real", lambda self: real(self) + timedelta(minutes=4))
    found = [said.partition(" seconds")[2] for said, _ in doctor.faults() if "clock" in said]
    assert found == [" ahead of Slack's, whose signatures are good for five minutes."]


def test_slack_that_is_away_is_named(doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is looked at all the same."""
    monkeypatch.setenv("AMICABLE_SLACK__API_URL", "http://127.0.0.1:9/api/")
    assert [said for said, _ in doctor.faults()] == ["Slack does not answer now (ConnectionRefusedError)."]


def test_wrong_settings_are_named(doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing one, a misspelt one, a swapped one and a file that everybody can read."""
    monkeypatch.setenv("AMICABLE_JIRA__TOKN", "x")
    monkeypatch.setenv("AMICABLE_SLACK__SIGNING_SECRET", "xoxb-oops")
    monkeypatch.delenv("AMICABLE_WEB__PUBLIC_URL")
    env = Path(".env")
    env.touch(0o644)
    several = [said for said, _ in doctor.faults()]
    monkeypatch.delenv("AMICABLE_SLACK__BOT_TOKEN")
    assert (several, [said for said, _ in doctor.faults()]) == (
        [
            "There is no setting AMICABLE_JIRA__TOKN, so it does nothing.",
            "Others on this machine can read .env, which holds secrets.",
            "AMICABLE_SLACK__SIGNING_SECRET holds a token.",
            "Trello's webhook is not answered, since its signature covers our address and we don't know it.",
        ],
        ["AMICABLE_SLACK__BOT_TOKEN is not set."],
    )


def test_what_is_off_is_no_fault(doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing setting says which feature it turns off; shared channels are named."""
    for name in (
        "JIRA__URL",
        "JIRA__GATEWAY",
        "JIRA__TOKEN",
        "JIRA__PROJECT",
        "JIRA__EMAIL",
        "JIRA__KIND",
        "JIRA__WEBHOOK_SECRET",
        "JIRA__QUIET_PERIOD",
    ):
        monkeypatch.delenv(f"AMICABLE_{name}")
    monkeypatch.delenv("AMICABLE_TRELLO__SECRET")
    app.add_client("Northwind", SHARED)
    said = [each["said"] for each in doctor.ask() if each["state"] == "off"]
    assert (doctor.code, said[:3]) == (
        0,
        [
            "Jira is off.",
            "News from Trello takes up to ten minutes.",
            "Others read #northwind-shared, too: notes are logged from the message's menu, and nothing is posted.",
        ],
    )


def test_no_secret_is_told(doctor: Doctor, app: App) -> None:
    """What the doctor prints can be pasted into a ticket."""
    doctor.ask()
    secrets = [
        value
        for name, value in app.world.app_environment().items()
        if name.rpartition("__")[2] in {"BOT_TOKEN", "SIGNING_SECRET", "TOKEN", "KEY", "SECRET", "WEBHOOK_SECRET"}
    ]
    assert (len(secrets) >= 6, [secret for secret in secrets if secret in doctor.everything]) == (True, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_files_that_others_can_read_are_named(front: App, doctor: Doctor, tmp_path: Path) -> None:
    """The database, what SQLite keeps beside it, copies and exports; what the doctor says to type closes them."""
    opened = [tmp_path / name for name in ("amicable.before-0002.db", "amicable.backup-1.db", "amicable-export.json")]
    for path in opened:
        path.touch()
    beside = [path for path in tmp_path.iterdir() if path.name.startswith("amicable.db")]
    for path in (*opened, *beside):
        path.chmod(0o644)
    (tmp_path / "another.db").touch(0o644)
    ((said, remedy),) = [each for each in doctor.faults() if each[1].startswith("Type: chmod")]
    subprocess.run(shlex.split(remedy.removeprefix("Type: ")), check=True)  # noqa: S603 - what the doctor says

    assert {path.name for path in (*opened, *beside) if path.name not in said} == set()
    assert ("another" in said, len(beside) > 1) == (False, True)
    assert [each for each in doctor.faults() if "chmod" in each[1]] == []
    assert front.url


def test_an_optional_scope_that_was_refused_is_off_and_says_what_goes(doctor: Doctor, app: App) -> None:
    """Whoever installed it chose so: no fault, and the rest works."""
    app.world.slack.workspace.refused_scopes = {"emoji:read", "users:read.email", "commands"}
    found = {
        each["said"].partition(" was")[0]: each["state"] for each in doctor.ask() if "was not granted" in each["said"]
    }
    assert (found, doctor.code) == ({"emoji:read": "off", "users:read.email": "off"}, 0)


def test_what_slack_does_not_say_is_unknown(doctor: Doctor, app: App) -> None:
    """A proxy that takes headers away makes nothing wrong, and nothing well."""
    app.world.slack.workspace.hides_scopes = True
    said = [each["said"] for each in doctor.ask() if each["state"] == "unknown"]
    assert (said[0], doctor.code) == ("Slack did not say which scopes the token has.", 0)


def test_what_ends_or_may_be_lost_by_itself_is_named(doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot token that rotates, Jira's the day before it ends; delayed events, of which Slack tells nobody."""
    rotating = "xoxe.xoxb-1-rotating"
    app.world.slack.workspace.bot_token = rotating
    tomorrow = app.web.outside.clock.now().date() + timedelta(days=1)
    monkeypatch.setenv("AMICABLE_SLACK__BOT_TOKEN", rotating)
    monkeypatch.setenv("AMICABLE_JIRA__TOKEN_EXPIRES", tomorrow.isoformat())
    found = {state: [each["said"] for each in doctor.ask() if each["state"] == state] for state in ("fault", "unknown")}

    (rotates, ends), (delayed,) = found["fault"], found["unknown"]
    assert (rotates, doctor.code) == (
        "The bot token ends twelve hours after it was made, since token rotation is on.",
        1,
    )
    assert ends.startswith("Our access to Jira ends in 1 day, on ")
    assert delayed.startswith("Whether Slack delivers events again after an outage")
    assert rotating not in doctor.everything


def test_a_server_that_does_not_exist_is_told_once_and_in_our_words(
    doctor: Doctor, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No waiting helps; what the libraries say of it is no second voice."""
    del app
    really = socket.getaddrinfo

    def looked_up(host: Any, *more: Any, **named: Any) -> Any:
        if str(host) == "slack.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return really(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setenv("AMICABLE_SLACK__APP_TOKEN", "xapp-1-A1-2-abc")
    monkeypatch.setenv("AMICABLE_SLACK__API_URL", "https://slack.invalid/api/")
    assert [said for said, _ in doctor.faults()] == ["There is no server named slack.invalid."]
    assert "library_said" not in doctor.everything


def test_a_disk_that_is_full_or_not_of_this_machine_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite on a share of the network, and a disk with a few megabytes left."""
    file, mounts = tmp_path / "amicable.db", tmp_path / "mounts"
    file.touch()
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/files {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**8))
    found = list(look_at_disk(f"sqlite:///{file}", tmp_path, mounts))
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n")
    monkeypatch.undo()
    assert [each.said for each in found] == [
        f"The disk under {tmp_path} has 100 MB left.",
        f"{tmp_path} is on a network disk (nfs4), where SQLite loses data.",
    ]
    assert [each.said for each in look_at_disk(f"sqlite:///{file}", tmp_path, mounts) if "network" in each.said] == []
