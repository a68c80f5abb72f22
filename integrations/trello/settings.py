from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from integrations.http import WebAddress
from integrations.secret import Secret


class TrelloSettings(BaseModel):
    """Which board, and as whom we go there. `board` is the board's id or the short code in its address.

    `quiet_period` must be longer than a request can be on its way (ISO 8601, `PT2M`; facts/trackers.md 3.4).
    `secret` is the app's secret, which signs webhooks.
    """

    model_config = ConfigDict(frozen=True)

    key: Secret = Field(min_length=1)
    token: Secret = Field(min_length=1)
    board: str = Field(pattern=r"^([0-9a-f]{24}|[0-9A-Za-z]{8})$")
    url: WebAddress = "https://api.trello.com"
    secret: Secret = SecretStr("")
    quiet_period: timedelta = Field(default=timedelta(minutes=2), gt=timedelta())
