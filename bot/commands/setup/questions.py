"""What is asked for, in the order in which somebody has it at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.bootstrap.trying import own_timezone
from bot.commands.setup import checks
from bot.commands.setup.checks import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`name` is the setting's, without prefix; `usual` what it is where nobody says anything."""

    name: str
    text: str
    usual: str = ""
    secret: bool = False
    needed: bool = False
    check: Check = checks.as_it_is


ADDRESS: Final = Question(
    name="WEB__PUBLIC_URL",
    text="The address at which Slack reaches this machine, with https:// (Enter: none is needed, over Socket Mode)",
    check=checks.address,
)
_BOT_TOKEN: Final = Question(
    name="SLACK__BOT_TOKEN",
    text="Bot token (xoxb-...), or first a configuration token (xoxe...)",
    secret=True,
    needed=True,
    check=checks.bot_token,
)
OVER_HTTPS: Final = (
    _BOT_TOKEN,
    Question(
        name="SLACK__SIGNING_SECRET",
        text="Signing secret (Basic Information)",
        secret=True,
        needed=True,
        check=checks.secret,
    ),
)
OVER_SOCKET: Final = (
    _BOT_TOKEN,
    Question(
        name="SLACK__APP_TOKEN",
        text="App-level token with the scope connections:write (Basic Information, begins with xapp-)",
        secret=True,
        needed=True,
        check=checks.app_token,
    ),
)
HOUSE: Final = (
    Question(
        name="DATABASE_URL",
        text="Database (a PostgreSQL address, or a SQLite file)",
        usual="sqlite:///data/amicable.db",
        check=checks.database,
    ),
    Question(
        name="TIMEZONE",
        text="Time zone in which days are counted, such as Europe/Amsterdam",
        usual=own_timezone(),
        check=checks.timezone,
    ),
)
JIRA: Final = (
    Question(name="JIRA__KIND", text="Jira: cloud or datacenter", usual="cloud"),
    Question(name="JIRA__URL", text="Jira's address", needed=True, check=checks.jira_site),
    Question(name="JIRA__EMAIL", text="Jira: e-mail of the account that opens tickets (Data Center: empty)"),
    Question(
        name="JIRA__TOKEN",
        text="Jira: that account's API token (with or without scopes)",
        secret=True,
        needed=True,
        check=checks.jira_account,
    ),
    Question(
        name="JIRA__PROJECT", text="Jira: key of the project, such as OPS", needed=True, check=checks.jira_project
    ),
    Question(name="JIRA__ISSUE_TYPE", text="Jira: type of the tickets", usual="Task"),
    Question(
        name="JIRA__TOKEN_EXPIRES", text="Jira: the day on which that token ends, such as 2027-11-30 (Enter: none)"
    ),
)
TRELLO: Final = (
    Question(name="TRELLO__KEY", text="Trello: API key", secret=True, needed=True),
    Question(name="TRELLO__TOKEN", text="Trello: token", secret=True, needed=True),
    Question(name="TRELLO__BOARD", text="Trello: name or address of the board", needed=True, check=checks.trello_board),
)


TRACKERS: Final[Mapping[str, tuple[Question, ...]]] = {"jira": JIRA, "trello": TRELLO}
WITHOUT: Final = "none"
