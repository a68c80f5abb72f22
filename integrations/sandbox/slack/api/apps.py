"""apps.manifest.*: apps made and changed from a manifest, with a configuration token of whoever makes them.

Documented at docs.slack.dev/reference/methods/apps.manifest.create, .update and .validate: what is wrong with a
manifest comes as `errors`, each with a message and a JSON pointer. A change replaces the whole manifest, and scopes
that it adds are granted only when the app is installed again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.workspace import Json, SlackError, Workspace

LONGEST = {"/display_information/name": 35, "/display_information/description": 140}
BY_SOCKET = "Socket Mode Enabled"


def create(workspace: Workspace, args: Arguments) -> Json:
    manifest = _manifest(args)
    app_id = workspace.new_id("A0")
    workspace.apps[app_id] = manifest
    client_id = f"{workspace.new_id('')}.{workspace.new_id('')}"
    asked = urlencode({"client_id": client_id, "scope": ",".join(_scopes(manifest))})
    return {
        "app_id": app_id,
        "credentials": {
            "client_id": client_id,
            "client_secret": secrets.token_hex(16),
            "verification_token": secrets.token_hex(12),
            "signing_secret": workspace.signing_secret,
        },
        "oauth_authorize_url": f"https://slack.com/oauth/v2/authorize?{asked}",
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
    }


def update(workspace: Workspace, args: Arguments) -> Json:
    app_id = args.need("app_id")
    if app_id not in workspace.apps:
        raise SlackError("invalid_app_id")
    manifest = _manifest(args)
    changed = _scopes(manifest) != _scopes(workspace.apps[app_id])
    workspace.apps[app_id] = manifest
    return {"app_id": app_id, "permissions_updated": changed}


def validate(_workspace: Workspace, args: Arguments) -> Json:
    _manifest(args)
    return {"errors": []}


def bot(workspace: Workspace, args: Arguments) -> Json:
    """bots.info: which app a bot belongs to."""
    if args.text("bot") != workspace.bot_id:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": workspace.bot_id,
            "app_id": workspace.app_id,
            "user_id": workspace.bot_user_id,
            "name": workspace.app_name,
            "deleted": False,
            "updated": int(workspace.real()),
            "icons": {},
        }
    }


def _manifest(args: Arguments) -> Json:
    """JSON in a string, as documented; refused with every fault that is found in it."""
    try:
        manifest = json.loads(args.need("manifest"))
    except ValueError:
        raise SlackError("invalid_manifest", errors=[{"message": "Invalid JSON", "pointer": "/"}]) from None
    if found := [{"message": message, "pointer": pointer} for message, pointer in _faults(manifest)]:
        raise SlackError("invalid_manifest", errors=found)
    return dict(manifest)


def _faults(manifest: Json) -> Iterator[tuple[str, str]]:
    if not _at(manifest, "/display_information/name"):
        yield "Missing required field: name", "/display_information"
    for pointer, longest in LONGEST.items():
        if len(str(_at(manifest, pointer) or "")) > longest:
            yield f"Must be at most {longest} characters", pointer
    by_socket = _at(manifest, "/settings/socket_mode_enabled")
    events = _at(manifest, "/settings/event_subscriptions") or {}
    if events.get("bot_events") and not events.get("request_url") and not by_socket:
        yield f"Event Subscription requires either Request URL or {BY_SOCKET}", "/settings/event_subscriptions"
    interactivity = _at(manifest, "/settings/interactivity") or {}
    if interactivity.get("is_enabled") and not interactivity.get("request_url") and not by_socket:
        yield "Interactivity requires a Request URL", "/settings/interactivity"
        yield "Interactivity requires Socket Mode enabled", "/settings/interactivity"
    for number, command in enumerate(_at(manifest, "/features/slash_commands") or []):
        if not command.get("url") and not by_socket:
            yield f"Slash Commands require either a URL or {BY_SOCKET}", f"/features/slash_commands/{number}"


def _at(manifest: Json, pointer: str) -> Any:
    found: Any = manifest
    for name in pointer.strip("/").split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _scopes(manifest: Json) -> list[str]:
    return list(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
