"""The settings: what is missing, misspelt, or readable by others."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.commands.doctor.findings import Finding, fault, fine, off
from bot.settings import SLACKS_SHAPE, Settings, strange_names
from rules.sentences import Sentence

AREA: Final = "Settings"


def look_at_settings(settings: Settings, environment: Mapping[str, str], file: Path) -> Iterator[Finding]:
    """`environment` is the process's, `file` the `.env` beside."""
    for name in strange_names(environment, file):
        yield fault(
            AREA,
            Sentence("There is no setting {name}, so it does nothing.", name=name),
            "Correct its name, or take it out.",
        )
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        yield fault(
            AREA,
            Sentence("Others on this machine can read {file}, which holds secrets.", file=file),
            Sentence("Type: chmod 600 {file}", file=file),
        )
    if not settings.slack.app_token.get_secret_value():
        yield signing_secret(settings.slack.signing_secret.get_secret_value())
    yield from _trackers(settings)
    yield from _webhooks(settings)


def signing_secret(secret: str) -> Finding:
    """By its shape: Slack has no way to ask whether it is the right one."""
    if secret.startswith("xox"):
        return fault(
            AREA,
            "AMICABLE_SLACK__SIGNING_SECRET holds a token.",
            "The signing secret stands under “Basic Information” of your Slack app.",
        )
    if not SLACKS_SHAPE.fullmatch(secret):
        return off(
            AREA,
            "The signing secret is not of the shape of Slack's: 32 digits and letters from a to f.",
            "Copy it once more from “Basic Information” of your Slack app.",
        )
    return fine(AREA, "The signing secret is set.")


def _trackers(settings: Settings) -> Iterator[Finding]:
    if settings.jira is None:
        yield off(AREA, "Jira is off.", "It takes AMICABLE_JIRA__URL, __EMAIL, __TOKEN and __PROJECT.")
    if settings.trello is None:
        yield off(AREA, "Trello is off.", "It takes AMICABLE_TRELLO__KEY, __TOKEN and __BOARD.")
    if settings.jira is None and settings.trello is None:
        yield off(AREA, "Tasks of a parting are ticked off in Slack.")


def _webhooks(settings: Settings) -> Iterator[Finding]:
    jira, trello, url = settings.jira, settings.trello, settings.web.public_url
    if url and not url.startswith("https://"):
        yield fault(AREA, "AMICABLE_WEB__PUBLIC_URL does not begin with https://.", "Slack and Trello need HTTPS.")
    if jira and not jira.webhook_secret.get_secret_value():
        yield off(AREA, "News from Jira takes up to ten minutes.", "AMICABLE_JIRA__WEBHOOK_SECRET makes it seconds.")
    if trello and not trello.secret.get_secret_value():
        yield off(AREA, "News from Trello takes up to ten minutes.", "AMICABLE_TRELLO__SECRET makes it seconds.")
    elif trello and not url:
        yield fault(
            AREA,
            "Trello's webhook is not answered, since its signature covers our address and we don't know it.",
            "Set AMICABLE_WEB__PUBLIC_URL to the address at which Trello reaches us.",
        )
