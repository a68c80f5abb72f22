"""Trello's webhooks: asked with HEAD before they are taken, signed, repeated, and switched off when nobody answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from integrations.sandbox.trello.board import Board, Json, RefusedError

REPEATED_AFTER = (30.0, 60.0, 120.0)
"""Trello's own waits, in seconds."""

SWITCHED_OFF_AFTER = 30
ANSWER_SECONDS = 30
OK = 200


@dataclass(slots=True, kw_only=True)
class Hook:
    """One that was registered; `failures` are those in a row."""

    id: str
    url: str
    model_id: str
    description: str = ""
    is_active: bool = True
    failures: int = 0


class Hooks:
    """Rings at what was registered, and at nothing else. `reach` finds the machine behind a public address.

    `copies` is how often each word is sent: Trello promises no exactly-once. `repeated_after` are the
    waits, in seconds, until it sends again what was not answered with 200; after `switched_off_after` failures a
    webhook is off.
    """

    def __init__(self, board: Board) -> None:
        self.secret = ""
        self.reach: Callable[[str], str] = lambda url: url
        self.copies = 1
        self.repeated_after: tuple[float, ...] = REPEATED_AFTER
        self.switched_off_after = SWITCHED_OFF_AFTER
        self.hooks: list[Hook] = []
        self._board = board
        self._lock = threading.Lock()
        self._numbers = 0

    def register(self, given: Json) -> Json:
        url, model_id = str(given.get("callbackURL") or ""), given.get("idModel")
        if model_id != self._board.id:
            raise RefusedError("invalid value for idModel")
        self._require_somebody_at(url)
        with self._lock:
            self._require_only_one(url, model_id)
            made = Hook(
                id=self._board.new_id(), url=url, model_id=model_id, description=str(given.get("description") or "")
            )
            self.hooks.append(made)
        return _described(made)

    def change(self, hook_id: str, given: Json) -> Json | None:
        found = next((hook for hook in self.hooks if hook.id == hook_id), None)
        if found is None:
            return None
        url = str(given.get("callbackURL", found.url))
        self._require_somebody_at(url)
        with self._lock:
            self._require_only_one(url, found.model_id, besides=found)
            found.url = url
            found.is_active = bool(given.get("active", found.is_active))
            found.failures = 0 if given.get("active") else found.failures
        return _described(found)

    def _require_only_one(self, url: str, model_id: str, besides: Hook | None = None) -> None:
        if any((hook.url, hook.model_id) == (url, model_id) for hook in self.hooks if hook is not besides):
            raise RefusedError("A webhook with that callback, model, and token already exists")

    def described(self) -> list[Json]:
        with self._lock:
            return [_described(hook) for hook in self.hooks]

    def ring(self, kind: str, card_id: str) -> None:
        """Somebody changed a card."""
        with self._lock:
            self._numbers += 1
            action = {"id": f"{self._numbers:024x}", "type": kind, "data": {"card": {"id": card_id}}}
            listening = [hook for hook in self.hooks if hook.is_active]
        for hook in listening:
            for _ in range(self.copies):
                self._send(hook, json.dumps({"action": action, "model": {"id": self._board.id}}).encode(), 0)

    def _send(self, hook: Hook, body: bytes, turn: int) -> None:
        """The first time at once; what is repeated comes from a thread of its own."""
        if self._is_heard(hook, body):
            hook.failures = 0
            return
        hook.failures += 1
        hook.is_active = hook.is_active and hook.failures < self.switched_off_after
        if turn < len(self.repeated_after) and hook.is_active:
            later = threading.Timer(self.repeated_after[turn], self._send, (hook, body, turn + 1))
            later.daemon = True
            later.start()

    def _is_heard(self, hook: Hook, body: bytes) -> bool:
        mark = hmac.new(self.secret.encode(), body + hook.url.encode(), hashlib.sha1).digest()
        headers = {"X-Trello-Webhook": base64.b64encode(mark).decode(), "Content-Type": "application/json"}
        return self._ask("POST", hook.url, data=body, headers=headers) == OK

    def _require_somebody_at(self, url: str) -> None:
        status = self._ask("HEAD", url)
        if status != OK:
            raise RefusedError(f"URL ({url}) did not return 200 status code, got {status}")

    def _ask(self, method: str, url: str, **more: Any) -> int:
        """The status; 0 where nobody answers."""
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.request(method, self.reach(url), timeout=ANSWER_SECONDS, **more).status_code
        except requests.RequestException:
            return 0


def _described(hook: Hook) -> Json:
    return {
        "id": hook.id,
        "description": hook.description,
        "idModel": hook.model_id,
        "callbackURL": hook.url,
        "active": hook.is_active,
        "consecutiveFailures": hook.failures,
        "firstConsecutiveFailDate": None,
    }
