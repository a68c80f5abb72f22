"""What Slack sends to the app: signed, with three seconds to answer, events again when they failed (facts 2.1)."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from integrations.sandbox.slack.sockets import Sockets
from integrations.sandbox.slack.workspace import Json, Workspace

ACK_SECONDS = 3.0
AT_ONCE = 1
RETRY_WAITS = (0.0, 60.0, 300.0)
HTTP_OK = 200
EVENT_SCOPES = {
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_rename": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_rename": ("groups:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "user_change": ("users:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "emoji_changed": ("emoji:read",),
}


@dataclass(frozen=True)
class Ack:
    """How the app answered. `trouble` is Slack's reason when it did not, or not well."""

    status: int = 0
    body: str = ""
    trouble: str = ""
    no_retry: bool = False

    def json(self) -> Json:
        """The JSON object in the body; empty when there is none."""
        try:
            found = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(order=True)
class _Pending:
    due: float
    order: int
    body: bytes = field(compare=False)
    attempt: int = field(compare=False, default=0)
    reason: str = field(compare=False, default="")


@dataclass(kw_only=True)
class Delivery:
    """One request to the app and its answer, for tests and the page. `at` is real time, `seconds` the app's time."""

    kind: str
    attempt: int
    ack: Ack
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    at: float = 0.0
    seconds: float = 0.0


class Deliveries:
    """The sending side. Events go out from threads of their own; what people do in forms is sent at once.

    Slack promises no order and waits for no answer before it sends the next one (facts 2.1): `at_once` says how many
    are under way together. It is read when the first one goes out.
    """

    def __init__(self, workspace: Workspace, target_url: str = "", retry_waits: Sequence[float] = RETRY_WAITS) -> None:
        self.target_url = target_url
        self.retry_waits = tuple(retry_waits)
        self.log: list[Delivery] = []
        self.ack_seconds = ACK_SECONDS
        self.duplicates = 0
        self.at_once = AT_ONCE
        self.wrong_signatures = 0
        self.holding = False
        self.sockets = Sockets()
        self._workspace = workspace
        self._held: list[bytes] = []
        self._queue: list[_Pending] = []
        self._in_flight = 0
        self._order = 0
        self._stopped = False
        self._wake = threading.Condition()
        self._threads: list[threading.Thread] = []

    # --- events ---

    def event(self, event: Json) -> None:
        """Delivers the event if the app subscribed to it and may know of it."""
        if not self._is_wanted(event):
            return
        body = json.dumps(self._envelope(event)).encode()
        with self._wake:
            if self.holding:
                self._held.append(body)
                return
        self._enqueue(body)

    def release(self, *, reordered: bool = False) -> None:
        """Sends what was held back, in reverse order if wished."""
        with self._wake:
            held, self._held, self.holding = self._held, [], False
        for body in reversed(held) if reordered else held:
            self._enqueue(body)

    @property
    def held(self) -> int:
        """How many events wait for `release`."""
        return len(self._held)

    def settle(self, timeout: float = 90.0, *, retries: bool = False) -> None:
        """Waits until each event was tried once; with `retries` until nothing is left to be repeated."""
        with self._wake:
            done = self._wake.wait_for(lambda: not self._waiting(retries=retries), timeout)
        if not done:
            raise TimeoutError("The app did not take the events in time.")

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._queue.clear()
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(self.ack_seconds + 1)

    # --- commands and interactions: never repeated ---

    def command(self, fields: Json) -> Ack:
        if self.sockets.connected:
            return self._hand_over("command", "slash_commands", fields)
        return self._send("command", urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def interaction(self, payload: Json) -> Ack:
        if self.sockets.connected:
            return self._hand_over(payload["type"], "interactive", payload)
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self._send(payload["type"], body, "application/x-www-form-urlencoded")

    # --- inside ---

    def _is_wanted(self, event: Json) -> bool:
        kind = _subscription(event)
        workspace = self._workspace
        if kind not in workspace.subscribed_events or not (workspace.installed or kind == "app_uninstalled"):
            return False
        scopes = EVENT_SCOPES.get(kind, ())
        if scopes and workspace.scopes.isdisjoint(scopes):
            return False
        channel = workspace.channels.get(_channel_of(event))
        if channel is None or kind == "app_home_opened":
            return True
        everywhere = kind.startswith("channel_") and channel.kind == "public"
        left = kind == "member_left_channel" and event["user"] == workspace.bot_user_id
        return everywhere or left or workspace.bot_is_in(channel)

    def _envelope(self, event: Json) -> Json:
        workspace = self._workspace
        channel = workspace.channels.get(_channel_of(event))
        return {
            "token": "verification-token",
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": {"event_ts": workspace.new_ts(), **event},
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.externally_shared),
        }

    def _enqueue(self, body: bytes) -> None:
        with self._wake:
            copies = 2 if self.duplicates else 1
            self.duplicates = max(0, self.duplicates - 1)
            self._put(body, 0.0, 0, "")
            if copies > 1:
                self._put(body, 0.0, 1, "http_timeout")
            if not self._threads:
                names = [f"slack-events-{number}" for number in range(self.at_once)]
                self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for name in names]
                for thread in self._threads:
                    thread.start()

    def _put(self, body: bytes, wait: float, attempt: int, reason: str) -> None:
        self._order += 1
        heapq.heappush(self._queue, _Pending(time.monotonic() + wait, self._order, body, attempt, reason))
        self._wake.notify_all()

    def _waiting(self, *, retries: bool) -> bool:
        return bool(self._in_flight) or any(retries or each.due <= time.monotonic() for each in self._queue)

    def _run(self) -> None:
        while pending := self._next():
            ack = self._deliver(pending)
            with self._wake:
                if ack.trouble and not ack.no_retry and pending.attempt < len(self.retry_waits):
                    wait = self.retry_waits[pending.attempt]
                    self._put(pending.body, wait, pending.attempt + 1, ack.trouble)
                self._in_flight -= 1
                self._wake.notify_all()

    def _deliver(self, pending: _Pending) -> Ack:
        """Over a connection of the app's where it has one or has no address; an event waits until there is one."""
        if not self.sockets.connected and self.target_url:
            return self._send("event_callback", pending.body, "application/json", pending.attempt, pending.reason)
        payload = json.loads(pending.body)
        return self._hand_over("event_callback", "events_api", payload, pending.attempt, pending.reason)

    def _hand_over(self, kind: str, envelope: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        began = time.monotonic()
        answer = self.sockets.send(envelope, payload, seconds=self.ack_seconds, attempt=attempt, reason=reason)
        ack = Ack(trouble="socket_timeout") if answer is None else Ack(status=HTTP_OK, body=json.dumps(answer))
        sent = Delivery(
            kind=kind, attempt=attempt, ack=ack, body=json.dumps(payload).encode(), at=self._workspace.real()
        )
        sent.seconds = time.monotonic() - began
        self.log.append(sent)
        return ack

    def _next(self) -> _Pending | None:
        with self._wake:
            while not self._stopped:
                now = time.monotonic()
                if self._queue and self._queue[0].due <= now:
                    self._in_flight += 1
                    return heapq.heappop(self._queue)
                self._wake.wait(self._queue[0].due - now if self._queue else None)
            return None

    def _send(self, kind: str, body: bytes, content_type: str, attempt: int = 0, reason: str = "") -> Ack:
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self._signed(body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        began = time.monotonic()
        ack = _post(self.target_url, body, headers, self.ack_seconds)
        sent = Delivery(kind=kind, attempt=attempt, ack=ack, body=body, headers=headers, at=self._workspace.real())
        sent.seconds = time.monotonic() - began
        self.log.append(sent)
        return ack

    def _signed(self, body: bytes) -> dict[str, str]:
        secret = self._workspace.signing_secret
        if self.wrong_signatures:
            self.wrong_signatures -= 1
            secret = "somebody-else's-secret"
        return signature(secret, int(self._workspace.real()), body)


def _subscription(event: Json) -> str:
    """What the app subscribes to; messages by the kind of the conversation."""
    if event["type"] != "message":
        return str(event["type"])
    family = str(event["channel_type"])
    return f"message.{family}s" if family in {"channel", "group"} else f"message.{family}"


def signature(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Slack's signature headers for this body (facts 6)."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _post(url: str, body: bytes, headers: dict[str, str], seconds: float) -> Ack:
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(url, data=body, headers=headers, timeout=seconds, allow_redirects=False)
    except requests.Timeout:
        return Ack(trouble="http_timeout")
    except requests.RequestException:
        return Ack(trouble="connection_failed")
    fine = answer.status_code == HTTP_OK
    return Ack(
        status=answer.status_code,
        body=answer.text,
        trouble="" if fine else "http_error",
        no_retry=answer.headers.get("X-Slack-No-Retry") == "1",
    )


def _channel_of(event: Json) -> str:
    channel: Any = event.get("channel") or event.get("item", {}).get("channel", "")
    return str(channel.get("id", "")) if isinstance(channel, dict) else str(channel)
