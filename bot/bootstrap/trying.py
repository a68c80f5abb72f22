"""What `amicable setup` tries before anything is written: single values, and the services that they lead to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from integrations.clock import SystemClock
from integrations.database.settings import known_url
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.trackers import find_board, try_account, try_site
from rules.errors import InvalidError
from rules.local_days import is_timezone
from rules.ports import Clock
from rules.sentences import Sentence

ZONE_FILE = Path("/etc/localtime")


def clock() -> Clock:
    return SystemClock()


def database(url: str) -> None:
    """Raises `InvalidError` for what is no database's address."""
    try:
        known_url(url)
    except ValueError as error:
        raise InvalidError(str(error)) from None


def timezone(name: str) -> None:
    if not is_timezone(name):
        raise InvalidError(Sentence("{name} is not a time zone; use a name such as Europe/Amsterdam.", name=name))


def site(url: str) -> None:
    try_site(url)


def account(told: Mapping[str, str]) -> None:
    try_account(told)


def project(told: Mapping[str, str]) -> None:
    JiraTracker(JiraSettings.model_validate(dict(told))).destination()


def board(told: Mapping[str, str], asked: str) -> str:
    return find_board(told, asked)


def own_timezone() -> str:
    """This machine's, by its name; UTC where it has none."""
    named = os.environ.get("TZ", "").removeprefix(":") or str(ZONE_FILE.resolve()).partition("zoneinfo/")[2]
    return named if is_timezone(named) else "UTC"
