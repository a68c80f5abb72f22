"""What Trello sends us by itself (facts/trackers.md 2.3, 3.3). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from integrations.trello.settings import TrelloSettings
from integrations.trello.wire import LABEL, LIST
from rules.ports import TicketHint

NEW = ("createCard", "createList", "createLabel", "copyCard", "moveCardToBoard")
CARDS = ("createCard", "copyCard", "updateCard", "deleteCard", "moveCardToBoard", "moveCardFromBoard")
LISTS = ("createList", "updateList")
LABELS = ("createLabel", "updateLabel", "deleteLabel")
PATH = "/webhooks/trello"

_ID = re.compile(r"[0-9a-f]{24}")


def callback_address(settings: TrelloSettings, public_url: str) -> str:
    """Where Trello can tell us of changes; blank while it can't, or could not be believed."""
    return f"{public_url.rstrip('/')}{PATH}" if settings.secret.get_secret_value() and public_url else ""


class TrelloWebhook:
    """Actions on the board. Trello signs body and `callback`, our address, with the app's secret."""

    def __init__(self, settings: TrelloSettings, callback: str) -> None:
        self._secret = settings.secret.get_secret_value().encode()
        self._callback = callback.encode()

    def is_genuine(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        del secret
        # Trello's choice of SHA-1; as an HMAC it still holds.
        digest = hmac.new(self._secret, body + self._callback, hashlib.sha1).digest()
        return hmac.compare_digest(headers.get("x-trello-webhook", "").encode(), base64.b64encode(digest))

    def read(self, headers: Mapping[str, str], body: bytes) -> TicketHint | None:
        del headers
        told = json.loads(body)
        action = told.get("action") if isinstance(told, dict) else None
        if not isinstance(action, dict):
            raise ValueError("no action")  # noqa: TRY004 - the port's word for a body of another shape
        ref, event_id = _ref(action), str(action.get("id", ""))
        if not ref or not _ID.fullmatch(event_id):
            return None
        return TicketHint(tracker="trello", event_id=event_id, ref=ref, is_new=action.get("type") in NEW)


def _ref(action: dict[str, Any]) -> str:
    kind, data = action.get("type"), action.get("data")
    parts = {**dict.fromkeys(CARDS, ("card", "")), **dict.fromkeys(LISTS, ("list", LIST))}
    part, prefix = (parts | dict.fromkeys(LABELS, ("label", LABEL))).get(str(kind), ("", ""))
    found = data.get(part) if part and isinstance(data, dict) else None
    thing_id = str(found.get("id", "")) if isinstance(found, dict) else ""
    return f"{prefix}{thing_id}" if _ID.fullmatch(thing_id) else ""
