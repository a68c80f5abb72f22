"""The world behind one address: trackers, mailbox, clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
import requests

from integrations.clock import FileClock
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS


@pytest.fixture
def world(tmp_path: Path, starts_at: datetime) -> Iterator[World]:
    """A served world with a clock file."""
    made = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
    made.slack.add_person("U0ANNA0001", "anna")
    made.slack.add_channel("C0PUBLIC01", "general", ["U0ANNA0001"])
    made.serve()
    yield made
    made.stop()


def letter(**headers: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["To"] = "cleo@client.example"
    message["Subject"] = "Thank you"
    message.set_content("It was good to work with you.")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return bytes(message)


def test_everything_is_behind_one_address(world: World) -> None:
    """The app needs one address for Slack, Jira and Trello."""
    environment = world.app_environment()
    token = f"Bearer {environment['AMICABLE_SLACK__BOT_TOKEN']}"
    slack = requests.post(
        f"{environment['AMICABLE_SLACK__API_URL']}auth.test", headers={"Authorization": token}, timeout=60
    )
    jira = requests.get(
        f"{environment['AMICABLE_JIRA__URL']}/rest/api/3/myself",
        auth=(environment["AMICABLE_JIRA__EMAIL"], environment["AMICABLE_JIRA__TOKEN"]),
        timeout=60,
    )
    trello = requests.get(f"{environment['AMICABLE_TRELLO__URL']}/1/boards/AmiBoard", timeout=60)
    assert (slack.json()["ok"], jira.status_code, trello.status_code) == (True, 200, 401)


def test_the_clock_moves_for_everybody(world: World, tmp_path: Path) -> None:
    """Messages carry the moved time, and so does every process that reads the file."""
    before = float(world.slack.person("U0ANNA0001").say("C0PUBLIC01", "then"))
    world.move_clock(timedelta(days=7))
    after = float(world.slack.person("U0ANNA0001").say("C0PUBLIC01", "now"))
    elsewhere = FileClock(tmp_path / "clock").now() - world.now()
    assert (6.9 < (after - before) / 86_400 < 7.1, abs(elsewhere) < timedelta(seconds=1)) == (True, True)


def test_the_clock_does_not_age_triggers(world: World) -> None:
    """Triggers and signatures live in real time."""
    trigger = world.slack.workspace.new_trigger("U0ANNA0001")
    world.move_clock(timedelta(days=7))
    assert world.slack.workspace.spend_trigger(trigger) == "U0ANNA0001"


def test_the_mailbox_takes_only_unsent_letters(world: World) -> None:
    """An .eml that is not marked as unsent would look received."""
    answers = [
        requests.post(f"{world.url}/mail/drafts", data=data, timeout=60).status_code
        for data in (
            letter(X_Unsent="1", Content_Language="nl"),
            letter(),
            letter(X_Unsent="1").replace(b"\r\n", b"\n"),
        )
    ]
    draft = world.mailbox.drafts[0]
    assert (answers, draft.to, draft.language) == ([201, 400, 400], "cleo@client.example", "nl")


def test_a_compose_link_opens_a_draft(world: World) -> None:
    """Subject and text are in the link, as RFC 6068 has them: CRLF between lines, and a plus sign is no space."""
    draft = world.mailbox.open_link("mailto:cleo%40client.example?subject=A%20%26%20B&body=Dear+Cleo%0D%0AThanks")
    assert (draft.to, draft.subject, draft.body) == ("cleo@client.example", "A & B", "Dear+Cleo\nThanks")
    with pytest.raises(ValueError, match="%0D%0A"):
        world.mailbox.open_link("mailto:cleo@client.example?body=Dear%20Cleo%0AThanks")
