"""The table of Web API methods with the scopes they need, and the way of every call through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from integrations.sandbox.slack.api import apps, chat, conversations, emoji, files, people, reactions, views
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.blockkit.limits import check_blocks, check_view
from integrations.sandbox.slack.workspace import Json, SlackError, Workspace

Work = Callable[[Workspace, Arguments], Json]


@dataclass(frozen=True)
class Method:
    """`scopes`: the app needs one of them. Methods on conversations check the kind's own scope themselves.

    `token` is the kind that it takes: the bot's, or the configuration token of whoever makes apps.
    """

    work: Work
    scopes: tuple[str, ...] = ()
    needs_token: bool = True
    takes_json: bool = True
    token: Literal["bot", "config", "either"] = "bot"


@dataclass
class Call:
    """One Web API call, for tests and the page."""

    method: str
    arguments: Json
    answer: Json = field(default_factory=dict)


def blocks_validate(_workspace: Workspace, args: Arguments) -> Json:
    view = args.structure("view")
    if view is not None:
        check_view(view, home=view.get("type") == "home")
    message: Any = args.structure("message") or {}
    check_blocks(args.structure("blocks") or message.get("blocks") or [])
    return {}


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: Mapping[str, Method] = {
    "apps.manifest.create": Method(apps.create, token="config"),
    "apps.manifest.update": Method(apps.update, token="config"),
    "apps.manifest.validate": Method(apps.validate, token="config"),
    "auth.test": Method(people.auth_test, token="either"),
    "blocks.validate": Method(blocks_validate, needs_token=False),
    "bots.info": Method(apps.bot, ("users:read",), takes_json=False),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink, takes_json=False),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.history": Method(conversations.history, HISTORY, takes_json=False),
    "conversations.info": Method(conversations.info, READ, takes_json=False),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.leave": Method(conversations.leave, ("channels:manage", "groups:write")),
    "conversations.list": Method(conversations.list_all, READ, takes_json=False),
    "conversations.members": Method(conversations.members, READ, takes_json=False),
    "conversations.open": Method(conversations.open_direct, ("im:write", "mpim:write")),
    "conversations.replies": Method(conversations.replies, HISTORY, takes_json=False),
    "emoji.list": Method(emoji.list_custom, ("emoji:read",), takes_json=False),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",), takes_json=False),
    "files.delete": Method(files.delete, ("files:write",)),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",), takes_json=False),
    "files.info": Method(files.info, ("files:read",), takes_json=False),
    "reactions.add": Method(reactions.add, ("reactions:write",)),
    "reactions.get": Method(reactions.get, ("reactions:read",), takes_json=False),
    "reactions.remove": Method(reactions.remove, ("reactions:write",)),
    "users.conversations": Method(people.conversations, READ, takes_json=False),
    "users.info": Method(people.info, ("users:read",), takes_json=False),
    "users.list": Method(people.list_all, ("users:read",), takes_json=False),
    "users.lookupByEmail": Method(people.lookup_by_email, ("users:read.email",), takes_json=False),
    "views.open": Method(views.open_dialog),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}


def takes_json(name: str) -> bool:
    return name not in METHODS or METHODS[name].takes_json


def answer(workspace: Workspace, name: str, token: str, args: Arguments) -> Json:
    """Slack's answer to a call; a refusal is an answer too."""
    try:
        method = _method(name)
        _check_token(workspace, method, token or args.text("token"))
        _check_scopes(workspace, method)
        if token == workspace.config_token and name == "auth.test":
            return {"ok": True, **people.own_auth(workspace)}
        return {"ok": True, **method.work(workspace, args)}
    except SlackError as refusal:
        return {"ok": False, "error": refusal.code, **refusal.details}


def answer_response_url(workspace: Workspace, key: str, args: Arguments) -> Json:
    try:
        return {"ok": True, **chat.respond(workspace, key, args)}
    except SlackError as refusal:
        return {"ok": False, "error": refusal.code, **refusal.details}


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _check_token(workspace: Workspace, method: Method, token: str) -> None:
    if not method.needs_token:
        return
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.config_token}:
        raise SlackError("invalid_auth")
    kind = "bot" if token == workspace.bot_token else "config"
    if method.token not in {kind, "either"}:
        raise SlackError("not_allowed_token_type")
    if kind == "config":
        return
    if not workspace.installed:
        raise SlackError("account_inactive")


def _check_scopes(workspace: Workspace, method: Method) -> None:
    if method.scopes and workspace.scopes.isdisjoint(method.scopes):
        provided = ",".join(sorted(workspace.scopes))
        raise SlackError("missing_scope", needed=",".join(method.scopes), provided=provided)
