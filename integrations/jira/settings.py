from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from integrations.http import WebAddress


class JiraSettings(BaseModel):
    """Where Jira is and as whom we go there.

    `quiet_period` must be longer than Jira's search index lags (ISO 8601, `PT5M`; facts/trackers.md 3.4).
    """

    model_config = ConfigDict(frozen=True)

    url: WebAddress
    email: str = Field(min_length=3)
    token: SecretStr = Field(min_length=1)
    project: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$")
    issue_type: str = Field(default="Task", min_length=1)
    kind: Literal["cloud", "datacenter"] = "cloud"
    webhook_secret: SecretStr = SecretStr("")
    quiet_period: timedelta = Field(default=timedelta(minutes=5), gt=timedelta())

    @field_validator("kind")
    @classmethod
    def _supported(cls, kind: str) -> str:
        if kind == "datacenter":
            raise ValueError("Jira Data Center is not supported yet. Use Jira Cloud, Trello or the built-in checklist.")
        return kind
