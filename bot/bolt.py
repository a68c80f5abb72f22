"""Bolt as we set it up: one listener for each kind of payload, and what answers when one can't be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web import WebClient

log = structlog.get_logger()

ANYTHING = re.compile(".*")

# What malformed payloads raise while it is read who asks and where: no dict where one should be, JSON too deep.
UNREADABLE = (ValueError, AttributeError, TypeError, KeyError, IndexError, RecursionError)

Body = dict[str, Any]
Run = Callable[[Ack, Body], None]


def table(listen: Callable[..., Any], name_of: Callable[[Body], str]) -> dict[str, Run]:
    """What runs, by name. Bolt asks one listener of ours for each kind: asking hundreds took a third of each click."""
    runs: dict[str, Run] = {}

    def is_known(body: Body) -> bool:
        return name_of(body) in runs

    def run(ack: Ack, body: Body) -> None:
        runs[name_of(body)](ack, body)

    listen(ANYTHING, matchers=[is_known])(run)
    return runs


def build_bolt(slack: WebClient, signing_secret: str) -> App:
    """One workspace with a pasted token: authorising needs neither network nor database, so no event is lost by it."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=slack.token)

    bolt = App(
        name="amicable",  # else Bolt reads the source of every frame of the stack to find one
        client=WebClient(base_url=slack.base_url, ssl=slack.ssl),  # the token comes from authorize
        signing_secret=signing_secret,
        request_verification_enabled=bool(signing_secret),  # nothing comes by HTTP in Socket Mode
        authorize=authorize,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    def refuse(error: Exception) -> BoltResponse:
        if isinstance(error, UNREADABLE):
            log.warning("request_unreadable", kind=type(error).__name__)
            return BoltResponse(status=400, body="The body can't be read.")
        # Only the inbox lets other errors through to here: not acknowledged, so Slack repeats the event.
        return BoltResponse(status=503, body=json.dumps({"error": type(error).__name__}))

    bolt.error(refuse)
    return bolt
