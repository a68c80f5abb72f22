"""Slack: the token, what it may do, and how far our clocks are apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from bot.commands.doctor.findings import Finding, fault, fine
from rules.ports import Clock
from rules.sentences import Sentence

AREA: Final = "Slack"
# Slack's signatures are good for five minutes; half of that leaves room for slow networks.
MOST_SKEW: Final = timedelta(seconds=150)


class SlackLook:
    """One call tells it all. `workspace_id` is known afterwards where the token is good."""

    def __init__(self, slack: WebClient, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self.workspace_id = ""

    def look(self, wanted_scopes: Collection[str]) -> Iterator[Finding]:
        try:
            answer = self._slack.auth_test()
        except SlackApiError as error:
            yield _refused(str(error.response.get("error", "")))
            yield from self._skew(error.response.headers)
            return
        except (SlackClientError, OSError) as error:
            yield _unreachable(error)
            return
        self.workspace_id = str(answer["team_id"])
        yield fine(AREA, Sentence("The token is good for the workspace {answer}.", answer=answer["team"]))
        yield _scopes(_header(answer.headers, "x-oauth-scopes"), wanted_scopes)
        yield from self._skew(answer.headers)

    def _skew(self, headers: Any) -> Iterator[Finding]:
        said = _header(headers, "date")
        if not said:
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


def _scopes(granted: str, wanted: Collection[str]) -> Finding:
    missing = sorted(set(wanted) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        return fine(AREA, "It has every scope of the manifest.")
    return fault(
        AREA,
        Sentence("The token lacks {missing}.", missing=", ".join(missing)),
        "Update the app in Slack from `amicable manifest`, then reinstall it to your workspace.",
    )


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
        return _unreachable(error)
    return fine(AREA, "The app-level token opens connections: Socket Mode, and no port has to be open.")


def _unreachable(error: Exception) -> Finding:
    return fault(
        AREA,
        Sentence("Slack can't be reached ({name}).", name=type(error).__name__),
        "Check the network, a proxy, and AMICABLE_SLACK__API_URL if it is set.",
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
