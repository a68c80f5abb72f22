from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from integrations.http import WebAddress
from integrations.secret import Secret

QUIET_PERIODS = {"cloud": timedelta(minutes=5), "datacenter": timedelta(minutes=3)}


def _quiet_period(given: dict[str, Any]) -> timedelta:
    return QUIET_PERIODS[given.get("kind", "cloud")]


class JiraSettings(BaseModel):
    """Where Jira is and as whom we go there. `token` is an API token, or Data Center's personal access token.

    `issue_type` is a name, in whichever language, or an id. `components` and `labels` go on every ticket, with commas
    between. `token_expires` is the day on which the token ends: Jira tells it nowhere. At `gateway` Cloud takes tokens
    with scopes, which the site itself refuses; it is found by itself.
    `quiet_period` must be longer than Jira's search index lags (ISO 8601, `PT5M`; facts/trackers.md 3.4).
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["cloud", "datacenter"] = "cloud"
    url: WebAddress
    gateway: WebAddress = "https://api.atlassian.com"
    email: str = ""
    token: Secret = Field(min_length=1)
    project: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$")
    issue_type: str = Field(default="Task", min_length=1)
    components: str = ""
    labels: str = ""
    token_expires: date | None = None
    webhook_secret: Secret = SecretStr("")
    quiet_period: timedelta = Field(default_factory=_quiet_period, gt=timedelta())

    @model_validator(mode="after")
    def _cloud_knows_us_by_email(self) -> Self:
        if self.kind == "cloud" and "@" not in self.email:
            raise ValueError("Jira Cloud needs the e-mail of the account whose token this is: set its EMAIL as well.")
        return self
