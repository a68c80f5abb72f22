"""The one HTTP seam: one attempt at a change, bounded time, no redirects, nothing secret in an error.

Trackers go through it, and answers to Slack's `response_url`. Neither tracker's library retries or follows a login page
through it (facts/trackers.md 1.3, 1.4, 2.2).
"""

from __future__ import annotations

import logging
import os
import random
import socket
import ssl
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit

import requests
from pydantic import AfterValidator, StringConstraints
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.sentences import Sentence

CONNECT_SECONDS = 3.05
READ_SECONDS = 20.0
ANSWER_SECONDS = 5.0  # somebody waits for it
DEFAULT_WAIT_SECONDS = 10
NO_ANSWER_WAIT_SECONDS = 3
LONGEST_WAIT_SECONDS = 3600
PREPARED_WITHIN_PART = 4
PREPARED_WAIT_SECONDS = 1  # what was read is kept, so that the next try has less to read

WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s?#]+$", strip_whitespace=True),
    AfterValidator(lambda url: url.rstrip("/")),
]
"""The address of a service in settings, without a closing slash."""

_log = logging.getLogger(__name__)


# Looking for a ticket may take dozens of reads, and one lost answer would make it begin anew.
READS_AGAIN = Retry(total=3, connect=0, read=3, redirect=0, status=0, other=0, allowed_methods={"GET"})


def trusted() -> ssl.SSLContext:
    """The certificates by which Slack's client knows whom it talks to, a company's own in SSL_CERT_FILE included."""
    return _certificates(os.environ.get("SSL_CERT_FILE", ""))


@cache
def _certificates(_named: str) -> ssl.SSLContext:
    """Read once a process: that takes 27 ms of CPU. SSL finds the named file by itself."""
    return ssl.create_default_context()


class UnreachableError(requests.ConnectionError):
    """Nothing was sent, and nothing ever is until somebody corrects the address or the certificate."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Session(requests.Session):
    """A session that tells of a failure without its headers, query or body.

    A GET whose answer is lost is sent again, up to three times; any other request is sent exactly once.
    """

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        super().__init__()
        self._read_seconds = read_seconds
        # Slack's client reads a company's own certificates from SSL_CERT_FILE; so do the trackers'.
        self.verify = os.environ.get("SSL_CERT_FILE") or True
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(max_retries=READS_AGAIN))

    # The libraries pass arguments of their own by name; ours win.
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        name = method.decode() if isinstance(method, bytes) else method
        host = urlsplit(url.decode() if isinstance(url, bytes) else url).hostname
        kwargs |= {"timeout": (CONNECT_SECONDS, self._read_seconds), "allow_redirects": False}
        failure: requests.RequestException
        try:
            response = super().request(method, url, *args, **kwargs)
        except requests.Timeout:
            failure = requests.Timeout(Sentence("{name} {host}: no answer in time", name=name, host=host))
        except requests.RequestException as error:
            failure = _permanent(error, str(host)) or requests.ConnectionError(f"{name} {host}: {type(error).__name__}")
        else:
            _log.info("%s %s %s", name, host, response.status_code)
            return response
        _log.warning("%s %s failed: %s", name, host, type(failure).__name__)
        # Raised outside the handler: the original, which knows the headers, must not hang on as its context.
        raise failure


def _permanent(error: requests.RequestException, host: str) -> UnreachableError | None:
    """A name that nobody knows, or a certificate that does not hold: waiting mends neither."""
    if isinstance(error, requests.exceptions.SSLError):
        return UnreachableError(
            Sentence(
                "The certificate of {host} does not hold, so nothing is sent there. If it is your company's own, name "
                "its file in SSL_CERT_FILE.",
                host=host,
            )
        )
    causes: list[BaseException | None] = [error]
    while causes[-1] is not None:
        causes.append(causes[-1].__cause__ or causes[-1].__context__)
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME for cause in causes):
        return UnreachableError(
            Sentence("There is no server named {host}. Correct the address in the settings.", host=host)
        )
    return None


def unreachable(label: str, error: requests.RequestException) -> NeedsHumanError | None:
    """The same as what a person has to see to; None for what passes."""
    if not isinstance(error, UnreachableError):
        return None
    return NeedsHumanError(Sentence("{label}: {sentence}", label=label, sentence=error.sentence), everything=True)


def answers(url: str, seconds: float) -> bool:
    """Whether a server on this machine says that all is well; no proxy lies between a machine and itself."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(url, timeout=seconds).status_code == HTTPStatus.OK
        except requests.RequestException:
            return False


class AnswerPost:
    """Sends answers to addresses that came with a request: once, without following anybody elsewhere."""

    def __init__(self) -> None:
        self._session = Session(ANSWER_SECONDS)

    def __call__(self, url: str, answer: Mapping[str, Any]) -> int:
        """The status that came back; 0 where nothing did."""
        try:
            return self._session.post(url, json=answer).status_code
        except requests.RequestException:
            return 0


def refusal(
    label: str, status: int, headers: Mapping[str, str], complaint: str = "", fields: Mapping[str, str] | None = None
) -> TrackerError:
    """What an HTTP status of a tracker means to us (facts/trackers.md 3.4, step 2)."""
    match status:
        case 429:
            return busy(label, wait_told(headers))
        case 401:
            return NeedsHumanError(
                Sentence(
                    "{label} no longer accepts our access. An admin has to renew the token; the tasks wait until then.",
                    label=label,
                ),
                everything=True,
            )
        case 403:
            return NeedsHumanError(
                Sentence(
                    "{label} does not allow our account to do this. An admin has to give it the right; the tasks wait.",
                    label=label,
                ),
                everything=True,
            )
        case 404:
            return NeedsHumanError(
                Sentence(
                    "{label} can't find the place for this ticket. Check that it exists and that our account sees it.",
                    label=label,
                )
            )
        case 400 | 413 | 422:
            reason = complaint or "it gave no reason"
            return NeedsHumanError(
                Sentence(
                    "{label} did not accept this ticket: {rstrip}. Change that in {label}, then try again.",
                    label=label,
                    rstrip=reason.rstrip("."),
                ),
                fields=dict(fields or {}),
            )
        case _:
            return unknown_outcome(label)


def busy(label: str, wait: timedelta) -> AgainLaterError:
    """Nothing was done, and will be after this time."""
    return AgainLaterError(Sentence("{label} is busy. We go on by ourselves in a moment.", label=label), wait=wait)


def require_in_time(label: str, began: float, quiet_period: timedelta) -> None:
    """Raises `AgainLaterError` where what had to be read before a request took a quarter of its quiet period.

    A clean look proves something only while the request went out soon after `began`, by the monotonic clock: the rest
    is for the request itself, which has 23 seconds, and for a worker that was frozen before (`may_still_send`).
    """
    if time.monotonic() - began > quiet_period.total_seconds() / PREPARED_WITHIN_PART:
        raise busy(label, spread(PREPARED_WAIT_SECONDS))


def unknown_outcome(label: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        Sentence("{label} gave no clear answer. We look whether the ticket is there before trying again.", label=label)
    )


def nothing_learned(label: str) -> AgainLaterError:
    """For calls that create nothing: without a clear answer they are simply made again."""
    wait = spread(NO_ANSWER_WAIT_SECONDS)
    return AgainLaterError(Sentence("{label} gave no clear answer. We ask again in a moment.", label=label), wait=wait)


def wait_told(headers: Mapping[str, str]) -> timedelta:
    """Retry-After in seconds, else ten (Trello tells none)."""
    told = headers.get("Retry-After", "")
    return spread(min(int(told), LONGEST_WAIT_SECONDS) if told.isdecimal() else DEFAULT_WAIT_SECONDS)


def spread(seconds: float) -> timedelta:
    """Up to a quarter more, so that not all come at once."""
    jitter = random.uniform(0, 1 + seconds / 4)  # noqa: S311 - spreads load, guards nothing
    return timedelta(seconds=seconds + jitter)
