from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from integrations.http import WebAddress
from integrations.secret import Secret


class TrelloSettings(BaseModel):
    """Which board, and as whom we go there. `board` is the board's id or the short code in its address.

    `quiet_period` must be longer than a request can be on its way (ISO 8601, `PT2M`; facts/trackers.md 3.4).
    `secret` is the app's secret, which signs webhooks.
    `partings`: each gets a list of its own (`lists`), or all share one list and each gets a label (`label`); `auto`
    takes labels where the board's lists are states such as To do and Done. `cards_begin_in` is the name or the id of
    the list in which cards then begin; blank: the one that says so, else the first.
    `requests_per_10_seconds` is how much of Trello's 100 a token one process takes; opening a ticket and looking at
    it need some of them at once.
    """

    model_config = ConfigDict(frozen=True)

    key: Secret = Field(min_length=1)
    token: Secret = Field(min_length=1)
    board: str = Field(pattern=r"^([0-9a-f]{24}|[0-9A-Za-z]{8})$")
    url: WebAddress = "https://api.trello.com"
    secret: Secret = SecretStr("")
    quiet_period: timedelta = Field(default=timedelta(minutes=2), gt=timedelta())
    partings: Literal["auto", "lists", "label"] = "auto"
    cards_begin_in: str = ""
    requests_per_10_seconds: int = Field(default=90, ge=10, le=100)
