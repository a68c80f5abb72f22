"""Socket Mode: the same desk behind connections that we open, so that nothing from outside has to reach this machine.

Bolt's adapter acknowledges an envelope after the listener is done, that is after an event was stored; what is not
acknowledged comes again over another connection, and the inbox knows it by its id. Connections are renewed by Slack's
client when Slack asks for it, when a ping is not answered, and after sleep (facts/slack.md 9.8).
"""

from __future__ import annotations

import socket
import threading
import time
import traceback
from contextlib import suppress
from typing import Final

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.bolt import UNREADABLE
from bot.errors import a_request
from rules.errors import RefusedError

log = structlog.get_logger()

CONNECTIONS: Final = 2  # while one is renewed, the other takes what comes
ACKNOWLEDGED_WITHIN: Final = 3.0
TRIED_AGAIN_SECONDS: Final = 5.0
# What Slack says of a token that no waiting helps, or of an app that is not in Socket Mode.
REFUSED: Final = frozenset(
    {
        "account_inactive",
        "forbidden_team",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
PING_SECONDS: Final = 3.0  # how soon a connection that is gone is noticed


class SocketDoor:
    """Open from `connect` to `close`."""

    def __init__(self, bolt: App, app_token: str) -> None:
        self._lines = [_Line(bolt, app_token, ping_interval=PING_SECONDS) for _ in range(CONNECTIONS)]

    def connect(self, stopping: threading.Event) -> None:
        """Tries until Slack answers or somebody stops it; `RefusedError` where Slack does not take the app token.

        Once open, a connection is kept by Slack's client; it would not try again where the first one fails.
        """
        for line in self._lines:
            while not stopping.is_set() and not _is_connected(line.client):
                stopping.wait(TRIED_AGAIN_SECONDS)

    def close(self) -> None:
        for line in self._lines:
            # Disconnected first: the client's own `close` may meet its receiver between two rounds, which takes the
            # connection for a fresh one and never ends (seen in slack_sdk 3.47, builtin client).
            line.client.auto_reconnect_enabled = False
            _wake(line.client)
            line.client.disconnect()
            line.client.close()


def _wake(client: SocketModeClient) -> None:
    """Ends what its receiver waits for: else it holds the lock for up to three seconds, which delays our end."""
    if (session := client.current_session) and (line := session.sock):
        with suppress(OSError):  # it has ended by itself
            socket.socket.shutdown(line, socket.SHUT_RD)


def _is_connected(client: SocketModeClient) -> bool:
    try:
        client.connect()
    except SlackApiError as error:
        if error.response.get("error") in REFUSED:
            raise RefusedError(
                "Slack does not take the app token. It needs the scope connections:write, and the app Socket Mode: "
                "correct AMICABLE_SLACK__APP_TOKEN, or type amicable setup."
            ) from None
        log.warning("slack_away", kind=error.response.get("error"))
    except (OSError, SlackClientError) as error:
        log.warning("slack_away", kind=type(error).__name__)
    return bool(client.is_connected())


class _Line(SocketModeHandler):
    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # the adapter's base takes any client
        """Acknowledged in time or not at all: Slack has given up an envelope that is answered later."""
        began = time.monotonic()
        try:
            with a_request():
                answer = run_bolt_app(self.app, req)
        except UNREADABLE as error:
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            log.warning("request_unreadable", kind=type(error).__name__, places=places[-3:])
            return
        if time.monotonic() - began < ACKNOWLEDGED_WITHIN:
            send_response(client, req, answer, began)
        else:
            log.warning("acknowledged_too_late")
