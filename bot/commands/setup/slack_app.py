"""The Slack app: made or brought up to date by Slack's own API, or by hand on a page that is filled in.

A configuration token (`xoxe.xoxp-...`) belongs to a person and a workspace, is good for twelve hours, and is not kept
(docs.slack.dev, "Configuring apps with app manifests").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import yaml
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from bot.commands.manifest import manifest_object
from rules.errors import RefusedError
from rules.sentences import Sentence

APPS: Final = "https://api.slack.com/apps"
_TOKENS: Final = "“Your App Configuration Tokens” on https://api.slack.com/apps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`secret` is the new app's signing secret; blank where an app was brought up to date. `person_id` did it."""

    app_id: str
    person_id: str
    secret: str = ""
    asks_for_more: bool = True


def page(url: str) -> str:
    """Slack's page for a new app with our manifest filled in; `url` as for `manifest_text`."""
    # YAML without our comments is shorter than JSON once it is encoded.
    text = yaml.safe_dump(manifest_object(url), sort_keys=False, allow_unicode=True)
    return f"{APPS}?new_app=1&manifest_yaml={quote(text, safe='')}"


def install_page(app_id: str) -> str:
    """Where the app is installed and its tokens are shown.

    Not the `oauth_authorize_url` of Slack's answer: that one hands the token to an address of ours, which there is not.
    """
    return f"{APPS}/{app_id}/install-on-team"


def make(slack: WebClient, url: str, bot_token: str) -> Made:
    """A new app, or the app of `bot_token` brought up to date; `RefusedError` says what Slack has against it."""
    manifest = manifest_object(url)
    try:
        slack.apps_manifest_validate(manifest=manifest)
        person_id = str(slack.auth_test().get("user_id", ""))
        if app_id := _app_of(slack, bot_token):
            answer = slack.apps_manifest_update(app_id=app_id, manifest=manifest)
            return Made(app_id=app_id, person_id=person_id, asks_for_more=bool(answer.get("permissions_updated")))
        answer = slack.apps_manifest_create(manifest=manifest)
    except SlackApiError as error:
        refusal = RefusedError(_why_not(error.response))
    except (SlackClientError, OSError) as error:
        refusal = RefusedError(
            Sentence("Slack can't be reached ({name}). Check the network, then try again.", name=type(error).__name__)
        )
    else:
        credentials: Mapping[str, Any] = answer.get("credentials") or {}
        return Made(
            app_id=str(answer["app_id"]), person_id=person_id, secret=str(credentials.get("signing_secret", ""))
        )
    raise refusal  # outside the handler: Slack's own error knows the token


def _app_of(slack: WebClient, bot_token: str) -> str:
    """Blank where there is none yet, or the token is not good any more."""
    if not bot_token:
        return ""
    try:
        bot_id = slack.auth_test(token=bot_token).get("bot_id")
        bot: Mapping[str, Any] = slack.bots_info(token=bot_token, bot=bot_id).get("bot") or {}
    except SlackApiError:
        return ""
    return str(bot.get("app_id", ""))


def _why_not(response: Any) -> str:
    match code := str(response.get("error", "")):
        case "invalid_manifest":
            lines = "\n".join(_faults(response.get("errors") or ()))
            return Sentence("Slack does not take the manifest:\n{lines}", lines=lines)
        case "invalid_auth" | "token_expired" | "not_authed" | "not_allowed_token_type" | "token_revoked":
            return Sentence(
                "Slack does not accept the configuration token ({code}). It is good for twelve hours: make a new one "
                "under {place}, and copy the access token, which begins with xoxe.xoxp-.",
                code=code,
                place=_TOKENS,
            )
        case "ratelimited":
            return "Slack asks us to wait a minute. Paste the configuration token again then."
        case _:
            return Sentence(
                "Slack refuses to make or change the app ({code}). Do it by hand at {place} with what amicable "
                "manifest prints, then paste the bot token here.",
                code=code,
                place=APPS,
            )


def _faults(errors: Any) -> Iterator[str]:
    for each in errors:
        yield f"  {each.get('pointer', '/')}: {each.get('message', '')}"
