"""What Jira and Trello tell the app by themselves when a person changes something there: signed, and sent once.

A word that gets lost is not repeated: the app finds by itself what it has missed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json

import requests

SECRET = "sandbox-webhook-secret"
PUBLIC_URL = "http://amicable.sandbox"
"""What the app is told to be its address: Trello signs that as well."""

SECONDS = 3


class Bells:
    """Rings at `app_url`; silent while that is empty."""

    def __init__(self) -> None:
        self.app_url = ""
        self._numbers = itertools.count(1)

    def jira(self, event: str, issue_id: str) -> None:
        number = next(self._numbers)
        body = json.dumps({"timestamp": number, "webhookEvent": event, "issue": {"id": issue_id}}).encode()
        mark = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={mark}", "X-Atlassian-Webhook-Identifier": f"sandbox-{number}"}
        self._ring(f"/webhooks/jira/{SECRET}", body, headers)

    def trello(self, kind: str, card_id: str) -> None:
        action = {"id": f"{next(self._numbers):024x}", "type": kind, "data": {"card": {"id": card_id}}}
        body = json.dumps({"action": action}).encode()
        signed = hmac.new(SECRET.encode(), body + f"{PUBLIC_URL}/webhooks/trello".encode(), hashlib.sha1).digest()
        self._ring("/webhooks/trello", body, {"X-Trello-Webhook": base64.b64encode(signed).decode()})

    def _ring(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        if not self.app_url:
            return
        try:
            with requests.Session() as session:
                session.trust_env = False
                session.post(f"{self.app_url}{path}", data=body, headers=headers, timeout=SECONDS)
        except requests.RequestException:
            return
