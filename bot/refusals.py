"""What Slack refuses, as a sentence for whoever wanted it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from rules.errors import AgainLaterError, RefusedError, UnavailableError
from rules.sentences import Sentence

log = structlog.get_logger()

Answer = TypeVar("Answer")

_IN_NO_CHANNEL = "Amicable is not in that channel. Invite it there and try again."
_BY_HAND = "Slack does not let Amicable delete this message. Please delete it by hand."
_INSTALL_AGAIN = "Slack does not know our token any more. An admin has to install Amicable again."
NO_FILES = (
    "The file can't be sent: whoever installed Amicable did not let it send files (files:write). Ask them to install "
    "it again with that scope, or to export on the command line."
)
_REFUSALS = {
    "not_in_channel": _IN_NO_CHANNEL,
    "channel_not_found": _IN_NO_CHANNEL,
    "is_archived": "That channel is archived. Choose another one.",
    "cant_delete_message": _BY_HAND,
    "compliance_exports_prevent_deletion": _BY_HAND,
    **dict.fromkeys(
        ("account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"), _INSTALL_AGAIN
    ),
}


def explained(code: str, retry_after: str) -> RefusedError | AgainLaterError | UnavailableError:
    """`code` is Slack's `error`; `retry_after` are seconds, as the header of that name says them."""
    if code in _REFUSALS:
        return RefusedError(_REFUSALS[code])
    match code:
        case "ratelimited":
            return AgainLaterError(
                "Slack asks us to slow down. Please try again in a moment.", wait=timedelta(seconds=int(retry_after))
            )
        case "expired_trigger_id" | "exchanged_trigger_id":
            return UnavailableError("Slack needed this form sooner than we could open it. Please try again.")
        case _:
            return UnavailableError(Sentence("Slack refused this ({code}). An admin finds more in the log.", code=code))


def asked(method: str, ask: Callable[[], Answer], ignore: tuple[str, ...] = ()) -> Answer | dict[str, Any]:
    """Slack's answer, or its refusal as a sentence."""
    try:
        return ask()
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        if code in ignore:
            return {}
        log.warning("slack_refused", method=method, error=code)
        raise explained(code, error.response.headers.get("Retry-After", "1")) from error
    except (SlackClientError, OSError) as error:
        log.warning("slack_unreachable", method=method, kind=type(error).__name__)
        raise UnavailableError("Slack did not answer. Please try again in a moment.") from error
