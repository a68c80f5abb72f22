"""Slack: the token, what it may do, and how far our clocks are apart."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from bot.commands.doctor.findings import Finding, fault, fine, off, unknown
from rules.ports import Clock
from rules.sentences import Sentence

AREA: Final = "Slack"
# Slack's signatures are good for five minutes; half of that leaves room for slow networks.
MOST_SKEW: Final = timedelta(seconds=150)
ROTATING: Final = "xoxe.xoxb-"
# What Amicable does without where a scope that the manifest calls optional was refused.
WITHOUT: Final = {
    "emoji:read": "the workspace's own emoji can't be chosen for notes, only Slack's",
    "files:write": "trends stand in words, and exports, letters and calendars are not sent as files",
    "users:read.email": "people are not found by e-mail, in lists that are imported and in the trackers",
}


class SlackLook:
    """One call tells it all. `workspace_id` is known afterwards where the token is good and of one workspace."""

    def __init__(self, slack: WebClient, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self.workspace_id = ""
        self.is_reached = True

    def look(self, wanted: Mapping[str, bool]) -> Iterator[Finding]:
        """`wanted` are the scopes, and whether each is optional."""
        try:
            answer = self._slack.auth_test()
        except SlackApiError as error:
            yield _refused(str(error.response.get("error", "")))
            yield from self._skew(error.response.headers)
            return
        except (SlackClientError, OSError) as error:
            self.is_reached = False
            yield _unreachable(error, str(self._slack.base_url))
            return
        if answer.get("is_enterprise_install"):
            yield fault(
                AREA,
                "The app is installed for a whole organisation (Enterprise), and Amicable serves one workspace.",
                "Install it to that one workspace, and copy the bot token from there.",
            )
            return
        self.workspace_id = str(answer["team_id"])
        yield fine(AREA, Sentence("The token is good for the workspace {answer}.", answer=answer["team"]))
        if str(self._slack.token).startswith(ROTATING):
            yield fault(
                AREA,
                "The bot token ends twelve hours after it was made, since token rotation is on.",
                "Make the app anew from `amicable manifest`, which leaves rotation off: Slack can't turn it off again.",
            )
        yield from _scopes(_header(answer.headers, "x-oauth-scopes"), wanted)
        yield unknown(
            AREA,
            "Whether Slack delivers events again after an outage of more than some minutes can't be asked.",
            "Turn on “Delayed Events” under “Event Subscriptions” of your app: then it does for a day.",
        )
        yield from self._skew(answer.headers)

    def _skew(self, headers: Any) -> Iterator[Finding]:
        said = _header(headers, "date")
        if not said:
            yield unknown("Clock", "Slack did not say what time it is, so this machine's clock was not compared.")
            return
        skew = self._clock.real() - _moment(said)
        if abs(skew) > MOST_SKEW:
            ahead = "ahead of" if skew > timedelta() else "behind"
            yield fault(
                "Clock",
                Sentence(
                    "This machine's clock is {total_seconds:.0f} seconds {ahead} Slack's, whose signatures "
                    "are good for five minutes.",
                    total_seconds=abs(skew).total_seconds(),
                    ahead=ahead,
                ),
                "Set the clock, and let it be kept right (NTP).",
            )
        else:
            yield fine("Clock", "This machine's clock agrees with Slack's.")


def _scopes(granted: str, wanted: Mapping[str, bool]) -> Iterator[Finding]:
    if not granted:
        yield unknown(AREA, "Slack did not say which scopes the token has.", "A proxy may take its headers away.")
        return
    missing = sorted(set(wanted) - {scope.strip() for scope in granted.split(",")})
    needed = [scope for scope in missing if not wanted[scope]]
    if needed:
        yield fault(
            AREA,
            Sentence("The token lacks {missing}.", missing=", ".join(needed)),
            "Update the app in Slack from `amicable manifest`, then reinstall it to your workspace.",
        )
    for scope in missing:
        if wanted[scope]:
            said = Sentence("{scope} was not granted: {what}.", scope=scope, what=WITHOUT[scope])
            yield off(AREA, said, "To have it, reinstall the app to your workspace and grant that scope.")
    if not missing:
        yield fine(AREA, "It has every scope of the manifest.")


def look_at_app_token(slack: WebClient, token: str) -> Finding:
    """Whether connections may be opened with it; the address that Slack answers with is left unused."""
    if not token.startswith("xapp-"):
        return fault(
            AREA,
            "AMICABLE_SLACK__APP_TOKEN is no app-level token.",
            "It begins with xapp-, has the scope connections:write, and stands under “Basic Information” of your app.",
        )
    try:
        slack.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return fault(
            AREA,
            Sentence("Slack does not accept the app-level token ({code}).", code=error.response.get("error")),
            "Under “Basic Information”, “App-Level Tokens”, make one with the scope connections:write, and copy it.",
        )
    except (SlackClientError, OSError) as error:
        return _unreachable(error, str(slack.base_url))
    return fine(AREA, "The app-level token opens connections: Socket Mode, and no port has to be open.")


def _unreachable(error: Exception, url: str) -> Finding:
    """A name that nobody bears and a certificate that does not hold don't pass by waiting."""
    host = urlsplit(url).hostname
    causes: list[BaseException | None] = [error]
    while causes[-1] is not None:
        reason = getattr(causes[-1], "reason", None)
        causes.append(reason if isinstance(reason, BaseException) else causes[-1].__cause__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return fault(
            AREA,
            Sentence("The certificate of {host} does not hold, so nothing is sent there.", host=host),
            "If it is your company's own, name its file in SSL_CERT_FILE.",
        )
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME for cause in causes):
        return fault(
            AREA,
            Sentence("There is no server named {host}.", host=host),
            "Correct AMICABLE_SLACK__API_URL, or this machine's name server.",
        )
    return fault(
        AREA,
        Sentence("Slack does not answer now ({name}).", name=type(causes[-2]).__name__),
        "Check the network, a proxy, and AMICABLE_SLACK__API_URL if it is set; then run the doctor again.",
    )


def _refused(code: str) -> Finding:
    if code in {"account_inactive", "token_revoked"}:
        return fault(
            AREA,
            Sentence("The app was removed from the workspace ({code}).", code=code),
            "Install it again, and set its token.",
        )
    return fault(
        AREA,
        Sentence("Slack does not accept the token ({code}).", code=code),
        "Copy the bot token (xoxb-...) from “OAuth & Permissions” into AMICABLE_SLACK__BOT_TOKEN.",
    )


def _header(headers: Any, name: str) -> str:
    return next((str(value) for key, value in dict(headers or {}).items() if key.lower() == name), "")


def _moment(said: str) -> datetime:
    """An HTTP date, which is in GMT."""
    return parsedate_to_datetime(said)
