"""What a command reads before anything else: settings that hold, and the day. No adapter is made for it."""

from __future__ import annotations

import os
import sys
from datetime import date

import structlog
from pydantic import ValidationError

from bot.settings import ENV_FILE, SLACKS_SHAPE, Settings, SettingsWithoutSlack, read_env_file, strange_names
from integrations.clock import SystemClock
from integrations.logs import configure_logs
from rules.sentences import Sentence

log = structlog.get_logger()


def read_settings(*, without_slack: bool = False) -> Settings:
    """A wrong value stops the start with a sentence; the value itself, which may be a secret, is not repeated.

    Commands that do without Slack don't ask for its settings, nor whether they are right.
    """
    try:
        settings = try_settings(without_slack=without_slack)
    except ValidationError as error:
        sys.stderr.writelines(f"{problem.rstrip('.')}.\n" for problem in problems(error))
        sys.stderr.write("Correct it in .env or in the environment, or type amicable setup.\n")
        raise SystemExit(2) from None
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    for name in strange_names(os.environ, ENV_FILE):
        log.warning("no_such_setting", name=name)
    secret = settings.slack.signing_secret.get_secret_value()
    if secret and not SLACKS_SHAPE.fullmatch(secret):
        log.warning("not_of_slacks_shape", name="AMICABLE_SLACK__SIGNING_SECRET", remedy="copy its 32 digits once more")
    return settings


def try_settings(*, without_slack: bool = False) -> Settings:
    """The same for those who tell of what is wrong themselves: a `ValidationError` or, of `.env`, a `ValueError`."""
    if ENV_FILE.exists():
        read_env_file(ENV_FILE)  # pydantic's own reader would end in a traceback about a codec
    settings = SettingsWithoutSlack() if without_slack else Settings()
    configure_logs(settings.log_level, settings.log_format)
    return settings


def problems(error: ValidationError) -> list[str]:
    """What is wrong with the settings, each by the name that an operator knows."""
    found: list[str] = []
    for problem in error.errors():
        if problem["type"] == "default_factory_not_called":
            continue  # only for want of another value, which is named itself
        path = "__".join(str(part) for part in problem["loc"]).upper()
        name = f"AMICABLE_{path.removeprefix('AMICABLE_')}"
        if problem["type"] == "missing":
            name = {"AMICABLE_SLACK": "AMICABLE_SLACK__BOT_TOKEN"}.get(name, name)
            found.append(Sentence("{name} is not set", name=name))
        else:
            found.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}")
    return found


def today() -> date:
    """By this machine's clock and time zone, for commands that read no workspace."""
    return SystemClock().real().astimezone().date()
