"""Everything that operators can set: environment or `.env`, prefix `AMICABLE_`, nested with `__`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources.utils import parse_env_vars

from integrations.database.settings import DEFAULT_URL, known_url
from integrations.engine.settings import EngineSettings
from integrations.jira.settings import JiraSettings
from integrations.secret import Secret
from integrations.trello.settings import TrelloSettings
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue, own_catalogue
from rules.local_days import is_timezone
from rules.sentences import Sentence
from rules.workdays import is_known

SLACK_API = "https://slack.com/api/"
ENV_FILE = Path(".env")
PREFIX = "AMICABLE_"
SLACKS_SHAPE = re.compile(r"[0-9a-f]{32}")  # of a signing secret
FOR_TESTS = frozenset({"AMICABLE_SPECS", "AMICABLE_TEST_POSTGRES_URL"})


class SlackSettings(BaseModel):
    """Slack's tokens and addresses."""

    bot_token: Secret = Field(min_length=1)
    signing_secret: Secret = SecretStr("")
    app_token: Secret = SecretStr("")
    api_url: str = SLACK_API
    response_url_hosts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _slack_reaches_us(self) -> Self:
        if not self.signing_secret.get_secret_value() and not self.app_token.get_secret_value():
            raise ValueError(
                "set AMICABLE_SLACK__APP_TOKEN for Socket Mode, or AMICABLE_SLACK__SIGNING_SECRET where Slack reaches "
                "this machine by HTTPS"
            )
        return self

    @classmethod
    def none(cls) -> SlackSettings:
        """For commands that do without Slack."""
        nothing = SecretStr("")
        return cls.model_construct(bot_token=nothing, signing_secret=nothing, app_token=nothing)

    def answer_hosts(self) -> frozenset[str]:
        """The hosts that a `response_url` may have."""
        return frozenset(self.response_url_hosts or ("hooks.slack.com", urlsplit(self.api_url).hostname or ""))


class WebSettings(BaseModel):
    """Where the HTTP door listens."""

    host: str = "127.0.0.1"
    port: int = 3000
    public_url: str = ""


class MetricsSettings(BaseModel):
    """Who may read the figures at `/metrics`: nobody without a token."""

    token: Secret = SecretStr("")


class ImportSettings(BaseModel):
    """The folder whose lists are read each morning; none where it is empty."""

    folder: str = ""


class _EnvFile(DotEnvSettingsSource):
    """`.env` as it stands: a `$` in a secret is a `$`, and no `${NAME}` is filled in behind the operator's back."""

    @staticmethod
    def _static_read_env_file(
        file_path: Path,
        *,
        encoding: str | None = None,
        case_sensitive: bool = False,
        ignore_empty: bool = False,
        parse_none_str: str | None = None,
    ) -> Mapping[str, str | None]:
        found = read_env_file(file_path, encoding or "utf-8")
        return parse_env_vars(found, case_sensitive, ignore_empty, parse_none_str)


def read_env_file(path: Path, encoding: str = "utf-8-sig") -> Mapping[str, str | None]:
    """By name, as written; a `ValueError` says what to do about a file in another encoding."""
    try:
        text = path.read_text(encoding=encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError(Sentence("{path} is not written in UTF-8. Save it as UTF-8 and try again.", path=path))
    return dotenv_values(stream=io.StringIO(text), interpolate=False)


def read_weights(path: str) -> Catalogue:
    """The catalogue with the weights of a file; a `ValueError` says what is wrong with it."""
    try:
        return own_catalogue(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ValueError(Sentence("{path} can't be read. Name a file in UTF-8.", path=path)) from None
    except InvalidError as error:
        raise ValueError(Sentence("{path}: {fault}", path=path, fault=error.sentence)) from None


class Settings(BaseSettings):
    """Absent means off: without `jira` and `trello` the tasks stay in the built-in checklist."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",  # Windows' editors put a mark before the first name
        env_ignore_empty=True,
        extra="ignore",
    )

    database_url: str = Field(
        default=DEFAULT_URL,
        validation_alias=AliasChoices("AMICABLE_DATABASE_URL", "DATABASE_URL"),
    )
    slack: SlackSettings
    jira: JiraSettings | None = None
    trello: TrelloSettings | None = None
    web: WebSettings = WebSettings()
    metrics: MetricsSettings = MetricsSettings()
    imports: ImportSettings = Field(default=ImportSettings(), validation_alias="AMICABLE_IMPORT")
    engine: EngineSettings = EngineSettings()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    timezone: str = "UTC"
    country: str = Field(default="", description="Two letters, such as ES: whose holidays count by default")
    region: str = Field(default="", description="A region of that country with holidays of its own, such as CT")
    weights_file: str = Field(default="", description="A file of the agency's own weights and limits")
    clock_file: str = Field(default="", description="A file with seconds to add to the clock; only the sandbox sets it")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        if isinstance(dotenv_settings, DotEnvSettingsSource):
            dotenv_settings = _EnvFile(settings_cls, env_file=dotenv_settings.env_file)
        return init_settings, env_settings, dotenv_settings, file_secret_settings

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        return known_url(value)

    @model_validator(mode="after")
    def _known_country(self) -> Self:
        if self.place and not is_known(self.place):
            raise ValueError(
                Sentence("no holidays are known for {place}; use ES, and CT for its region", place=self.place)
            )
        return self

    @property
    def place(self) -> str:
        """Country and region in one: "NL", "ES-CT"."""
        return f"{self.country}-{self.region}".strip("-").upper() if self.country else ""

    @field_validator("weights_file")
    @classmethod
    def _fitting_weights(cls, value: str) -> str:
        if value:
            read_weights(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if not is_timezone(value):
            raise ValueError(Sentence("{value!r} is not a time zone; use a name such as Europe/Amsterdam", value=value))
        return ZoneInfo(value).key


class SettingsWithoutSlack(Settings):
    """For commands that do without it: what is written of Slack is neither needed nor looked at."""

    slack: SlackSettings = Field(default_factory=SlackSettings.none)

    @field_validator("slack", mode="plain")
    @classmethod
    def _not_looked_at(cls, _written: object) -> SlackSettings:
        return SlackSettings.none()


def strange_names(environment: Mapping[str, str], file: Path) -> list[str]:
    """What is named as ours are, in the environment or in `.env`, and is no setting: misspelt, most likely."""
    written = read_env_file(file) if file.exists() else {}
    ours = {name.upper() for place in (environment, written) for name in place if name.upper().startswith(PREFIX)}
    return sorted(ours - set(setting_names(Settings)) - FOR_TESTS)


def setting_names(model: type[BaseModel], outer: str = PREFIX) -> Iterator[str]:
    """Every setting as it stands in an environment."""
    for name, field in model.model_fields.items():
        part = _part(field.annotation)
        alias = field.validation_alias
        if part is not None:
            yield f"{outer}{name}".upper()  # as JSON
            yield from setting_names(part, f"{outer}{name}__".upper())
        elif isinstance(alias, AliasChoices):
            yield from map(str, alias.choices)
        else:
            yield f"{outer}{name}".upper()


def _part(annotation: Any) -> type[BaseModel] | None:
    kinds = (kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type))
    return next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
