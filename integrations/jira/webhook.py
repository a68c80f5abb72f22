"""What Jira sends us by itself (facts/trackers.md 3.1, 3.2). Pure.

Data Center does not sign: there the secret in the address is all there is. Cloud signs where its webhook has a secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from integrations.jira.settings import JiraSettings
from rules.ports import TicketHint

CREATED = "jira:issue_created"
EVENTS = (CREATED, "jira:issue_updated", "jira:issue_deleted")
EVENT_ID = "x-atlassian-webhook-identifier"
"""The same in each repeat of a delivery; Data Center has none, and there equal bodies are one event."""


class JiraWebhook:
    """Jira's issue events."""

    def __init__(self, settings: JiraSettings) -> None:
        self._secret = settings.webhook_secret.get_secret_value().encode()

    def is_genuine(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        if not hmac.compare_digest(secret.encode(), self._secret):
            return False
        signature = headers.get("x-hub-signature")
        if signature is None:
            return True
        expected = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        return hmac.compare_digest(signature.encode(), expected.encode())

    def read(self, headers: Mapping[str, str], body: bytes) -> TicketHint | None:
        told = json.loads(body)
        if not isinstance(told, dict):
            raise ValueError("no event")  # noqa: TRY004 - the port's word for a body of another shape
        event, issue = told.get("webhookEvent"), told.get("issue")
        if event not in EVENTS or not isinstance(issue, dict) or not str(issue.get("id", "")).isdecimal():
            return None
        event_id = headers.get(EVENT_ID) or hashlib.sha256(body).hexdigest()
        return TicketHint(tracker="jira", event_id=event_id[:64], ref=str(issue["id"]), is_new=event == CREATED)
