"""What Jira tells the app by itself when a person changes something there, signed; and where the app is to be found.

An admin of Jira has made the webhook. A word is repeated when it was answered with what says "later", and never comes
when the app is away for longer: the app finds by itself what it has missed.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading

import requests

SECRET = "sandbox-webhook-secret"
PUBLIC_URL = "http://amicable.sandbox"
"""What the app is told to be its address: Trello signs that as well."""

SECONDS = 3
LATER = {408, 409, 425, 429}
REPEATED_AFTER = (300.0, 450.0, 600.0, 750.0, 900.0)
"""Jira's own waits: five times, five to fifteen minutes apart (facts/trackers.md 3.1)."""


class Bells:
    """Rings at `app_url`; silent while that is empty. `copies` is how often each word comes, always with one name."""

    def __init__(self) -> None:
        self.app_url = ""
        self.copies = 1
        self.repeated_after: tuple[float, ...] = REPEATED_AFTER
        self._numbers = itertools.count(1)

    def jira(self, event: str, issue_id: str) -> None:
        number = next(self._numbers)
        body = json.dumps({"timestamp": number, "webhookEvent": event, "issue": {"id": issue_id}}).encode()
        mark = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={mark}", "X-Atlassian-Webhook-Identifier": f"sandbox-{number}"}
        for _ in range(self.copies if self.app_url else 0):
            self._ring(f"/webhooks/jira/{SECRET}", body, headers, 0)

    def reach(self, url: str) -> str:
        """Where the app's public address leads to, in a box without a network: nowhere while it is not up."""
        return url.replace(PUBLIC_URL, self.app_url) if self.app_url else ""

    def _ring(self, path: str, body: bytes, headers: dict[str, str], turn: int) -> None:
        """Again and again where nobody answered, or with a status that says so; from a thread of its own."""
        try:
            with requests.Session() as session:
                session.trust_env = False
                retry = {"X-Atlassian-Webhook-Retry": str(turn)} if turn else {}
                answer = session.post(f"{self.app_url}{path}", data=body, headers=headers | retry, timeout=SECONDS)
            is_heard = answer.status_code < 500 and answer.status_code not in LATER  # noqa: PLR2004 - a server's fault
        except requests.RequestException:
            is_heard = False
        if not is_heard and turn < len(self.repeated_after):
            later = threading.Timer(self.repeated_after[turn], self._ring, (path, body, headers, turn + 1))
            later.daemon = True
            later.start()
