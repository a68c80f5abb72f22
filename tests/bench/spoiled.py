"""What Slack sends, spoiled: real payloads with one or more things wrong, always the same ones for a seed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.bench.slack_stub import PERSON, TEAM
from tests.clocks import real_now

CANARY = "zq-door-canary"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DEEP = 3000
ODD: tuple[Any, ...] = (
    None, True, -1, 10**40, 0.5, "", "x" * 5000, [], {}, [[]], {"id": None}, ["\u202e", "\x00"], "1" * 5000, "\ud800",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SpoiledRequest:
    """One POST to `/slack/events`."""

    body: bytes
    headers: Mapping[str, str]


def real_payloads() -> list[tuple[str, Any]]:
    """One of each kind, with the type of its body."""
    person = {"id": PERSON, "username": "amir", "name": "amir", "team_id": TEAM}
    common: dict[str, Any] = {"team": {"id": TEAM, "domain": "d"}, "user": person, "api_app_id": "A1", "token": CANARY}
    common |= {"trigger_id": "1.2.3", "enterprise": None, "is_enterprise_install": False}
    message = {"type": "message", "user": PERSON, "ts": "1.1", "text": CANARY}
    private = {"response_url": f"https://hooks.slack.com/{CANARY}", "channel": {"id": "C1", "name": "c"}}
    view: dict[str, Any] = {
        "id": "V1",
        "type": "modal",
        "callback_id": "form_log_note",
        "private_metadata": "{}",
        "hash": "1.2",
    }
    view |= {"blocks": [], "state": {"values": {"note": {"note": {"type": "plain_text_input", "value": CANARY}}}}}
    pressed = {"type": "button", "action_id": "why", "block_id": "b", "action_ts": "1.1", "value": CANARY}
    inner: dict[str, Any] = {
        "type": "reaction_added",
        "user": PERSON,
        "reaction": "snail",
        "item_user": "U2",
        "event_ts": "1.2",
    }
    inner |= {"item": {"type": "message", "channel": "C1", "ts": "1.1"}}
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "user": PERSON, "text": CANARY, "ts": "1.3"}
    command = {"token": CANARY, "team_id": TEAM, "channel_id": "C1", "channel_name": "c", "user_id": PERSON}
    command |= {"command": "/redflag", "text": f"{CANARY} paid late", "trigger_id": "1.2", "api_app_id": "A1"}
    container = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    return [
        *((JSON, _event(each, number)) for number, each in enumerate((inner, said))),
        (JSON, {"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1, "api_app_id": "A1"}),
        (JSON, {"type": "url_verification", "challenge": "abc", "token": CANARY}),
        (FORM, command | {"response_url": f"https://hooks.slack.com/{CANARY}"}),
        (FORM, {"payload": {**common, **private, "type": "block_actions", "container": container,
                            "actions": [pressed]}}),
        (FORM, {"payload": {**common, "type": "block_actions", "view": view, "actions": [pressed], "team": None}}),
        (FORM, {"payload": {**common, "type": "view_submission", "view": view, "response_urls": []}}),
        (FORM, {"payload": {**common, "type": "view_closed", "view": view, "is_cleared": False}}),
        (FORM, {"payload": {**common, "type": "shortcut", "callback_id": "log_note", "action_ts": "1"}}),
        (FORM, {"payload": {**common, **private, "type": "message_action", "callback_id": "log_red_flag",
                            "action_ts": "1", "message_ts": "1.1", "message": message}}),
        (FORM, {"payload": {**common, "type": "block_suggestion", "action_id": "pick_client", "block_id": "client",
                            "value": CANARY, "container": {"type": "view", "view_id": "V1"}, "view": view}}),
    ]  # fmt: skip


def _event(inner: Mapping[str, Any], number: int) -> dict[str, Any]:
    mine = {"team_id": TEAM, "enterprise_id": None, "user_id": "UBOT", "is_bot": True, "is_enterprise_install": False}
    outer = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": f"Ev{number}", "event_time": 1}
    return outer | {"authorizations": [mine], "event": dict(inner)}


def requests_of(count: int, seed: int, secret: str = "") -> Iterator[SpoiledRequest]:
    """Signed with the secret; without one each has some signature that is not good."""
    chance = Random(seed)  # noqa: S311 - spoils payloads
    kinds = real_payloads()
    for _ in range(count):
        kind, payload = chance.choice(kinds)
        spoiled = json.loads(json.dumps(payload))
        for _ in range(chance.randint(0, 3)):
            chance.choice(_IN_TREE)(spoiled, chance)
        body = _written(kind, spoiled)
        if chance.random() < 0.2:
            body = chance.choice(_IN_BYTES)(body, chance)
        kind = chance.choice((FORM, JSON, "text/plain", "")) if chance.random() < 0.05 else kind
        yield SpoiledRequest(body=body, headers={"Content-Type": kind, **_signature(body, chance, secret)})


def _written(kind: str, payload: Any) -> bytes:
    if kind == JSON:
        return json.dumps(payload).encode()
    fields = payload if isinstance(payload, dict) else {"payload": payload}
    texts = {name: each if isinstance(each, str) else json.dumps(each) for name, each in fields.items()}
    return urlencode(texts, errors="replace").encode()


def _signature(body: bytes, chance: Random, secret: str) -> dict[str, str]:
    moment = str(int(real_now().timestamp()))
    if not secret:
        stamps = (moment, "9" * 5000, "", "tomorrow", "-1", str(int(moment) - 3600), "1e9")
        signs = ("v0=" + "0" * 64, "", "v0=", "v1=" + "f" * 64, "x" * 5000)
        return {"X-Slack-Request-Timestamp": chance.choice(stamps), "X-Slack-Signature": chance.choice(signs)}
    sign = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={sign}"}


# --- what goes wrong -----------------------------------------------------------------------------------------------


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


def _drop(tree: Any, chance: Random) -> None:
    if found := list(_places(tree)):
        place, key = chance.choice(found)
        del place[key]


def _replace(tree: Any, chance: Random) -> None:
    if found := list(_places(tree)):
        place, key = chance.choice(found)
        place[key] = chance.choice(ODD)


def _rename(tree: Any, chance: Random) -> None:
    found = [(place, key) for place, key in _places(tree) if isinstance(place, dict)]
    if found:
        place, key = chance.choice(found)
        place[f"{key}_"] = place.pop(key)


def _cut(body: bytes, chance: Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _flip(body: bytes, chance: Random) -> bytes:
    spoiled = bytearray(body or b"?")
    for _ in range(chance.randint(1, 8)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def _deep(body: bytes, _chance: Random) -> bytes:
    nested = "[" * DEEP + "]" * DEEP
    return f'{{"type": {nested}}}'.encode() if body.startswith(b"{") else urlencode({"payload": nested}).encode()


_IN_TREE: tuple[Callable[[Any, Random], None], ...] = (_drop, _replace, _replace, _rename)
_IN_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_cut, _flip, _deep)
