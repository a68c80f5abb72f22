"""Everything that operators can set: environment or `.env`, prefix `AMICABLE_`, nested with `__`."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from integrations.database.settings import DEFAULT_URL, known_url
from integrations.engine.settings import EngineSettings
from integrations.jira.settings import JiraSettings
from integrations.trello.settings import TrelloSettings
from rules.sentences import Sentence

SLACK_API = "https://slack.com/api/"


class SlackSettings(BaseModel):
    """Slack's tokens and addresses."""

    bot_token: SecretStr
    signing_secret: SecretStr
    api_url: str = SLACK_API
    response_url_hosts: tuple[str, ...] = ()

    def answer_hosts(self) -> frozenset[str]:
        """The hosts that a `response_url` may have."""
        return frozenset(self.response_url_hosts or ("hooks.slack.com", urlsplit(self.api_url).hostname or ""))


class WebSettings(BaseModel):
    """Where the HTTP door listens."""

    host: str = "127.0.0.1"
    port: int = 3000
    public_url: str = ""


class Settings(BaseSettings):
    """Absent means off: without `jira` and `trello` the tasks stay in the built-in checklist."""

    model_config = SettingsConfigDict(
        env_prefix="AMICABLE_", env_nested_delimiter="__", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    database_url: str = Field(
        default=DEFAULT_URL,
        validation_alias=AliasChoices("AMICABLE_DATABASE_URL", "DATABASE_URL"),
    )
    slack: SlackSettings
    jira: JiraSettings | None = None
    trello: TrelloSettings | None = None
    web: WebSettings = WebSettings()
    engine: EngineSettings = EngineSettings()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    timezone: str = "UTC"
    clock_file: str = Field(default="", description="A file with seconds to add to the clock; only the sandbox sets it")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        return known_url(value)

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(Sentence("{value!r} is not a time zone; use a name such as Europe/Amsterdam", value=value))
        return ZoneInfo(value).key
