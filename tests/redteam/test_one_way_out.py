"""BR14: only the announcer puts words before people in Slack. A way round it fails here, however it is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

HOUSE = Path(__file__).parents[2]
ANNOUNCER = "bot/announcer.py"
SANDBOX = "integrations/sandbox/"

# Families of the Web API that show something to somebody, or bring somebody to where something can be seen.
SHOWING = (
    "admin",
    "assistant",
    "bookmarks",
    "calls",
    "canvases",
    "chat",
    "dialog",
    "files",
    "pins",
    "reminders",
    "slackLists",
    "stars",
    "views",
    "workflows",
)
MOVING = ("archive", "create", "invite", "inviteShared", "join", "leave", "open", "rename", "setPurpose", "setTopic")
READING = frozenset({"chat.getPermalink", "files.info"})
METHOD_NAME = re.compile(
    rf"(?:{'|'.join(SHOWING)})(?:\.[a-zA-Z]+)+|reactions\.(?:add|remove)|conversations\.(?:{'|'.join(MOVING)})"
)
SDK_CALL = re.compile(rf"(?:{'|'.join(SHOWING)})_\w+|reactions_(?:add|remove)|conversations_(?:{'|'.join(MOVING)})")
HOOK = re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)")
GIVEN_BY_BOLT = frozenset({"say", "respond", "set_status", "set_title", "set_suggested_prompts", "complete"})
# Who may hold Slack's client at all, and what for.
HOLDERS = {
    ANNOUNCER: "posts",
    "bot/bolt.py": "hands Bolt a client that has no token",
    "bot/bootstrap/adapters.py": "builds it",
    "bot/commands/doctor/slack.py": "asks who we are",
    "bot/commands/setup/checks.py": "asks whether a token that was typed is good",
    "bot/commands/setup/slack_app.py": "makes the app from our manifest",
    "bot/directory.py": "reads people and places",
}
CALLERS = {ANNOUNCER, "bot/directory.py", "bot/commands/doctor/slack.py"}
WEB = frozenset({"requests", "httpx", "urllib", "urllib3", "http", "aiohttp", "socket", "smtplib", "websockets"})
# Who may open connections of their own, and where to; Slack is reached through its client only.
CONNECTORS = ("integrations/http.py", "integrations/jira/", "integrations/trello/")
NAMES_THE_MACHINE = "integrations/engine/"
NAMES_ERRORS = ("bot/commands/doctor/slack.py", "integrations/trackers.py")  # whose types they tell apart
SOCKET = "bot/bootstrap/socket.py"  # acknowledges envelopes and ends lines, and has no client of the Web API
KNOW_BOLT = {"bot/app.py", "bot/bolt.py", "bot/web.py", "bot/bootstrap/house.py", SOCKET}


def ways_round(path: str, source: str) -> list[str]:
    """Each place in a module that would show something to people without the announcer, or could."""
    return [f"{path}:{line} {what}" for line, what in sorted(set(_found(path, ast.parse(source))))]


def _found(path: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        match node:
            case ast.Attribute(attr=name, lineno=line) if SDK_CALL.fullmatch(name):
                yield line, name
            case ast.Attribute(attr="api_call", lineno=line) if path not in CALLERS:
                yield line, "api_call"
            case ast.Constant(value=str(text), lineno=line) if _names_a_way_out(text):
                yield line, text
            case ast.arg(arg=name, lineno=line) if name in GIVEN_BY_BOLT and path.startswith("bot/"):
                yield line, name
            case ast.Import() | ast.ImportFrom():
                yield from ((node.lineno, name) for name in _imported(node) if _is_forbidden(path, name))
            case _:
                pass


def _names_a_way_out(text: str) -> bool:
    named = METHOD_NAME.fullmatch(text) and text not in READING
    return bool(named or SDK_CALL.fullmatch(text) or HOOK.search(text) or text in {"in_channel", "api_call"})


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _is_forbidden(path: str, name: str) -> bool:
    top = name.partition(".")[0]
    if top == "slack_sdk":
        harmless = name.startswith(("slack_sdk.models", "slack_sdk.errors", "slack_sdk.signature"))
        listens = path == SOCKET and name.startswith("slack_sdk.socket_mode")
        return not (harmless or listens) and path not in HOLDERS
    if top == "slack_bolt":
        return "adapter" not in name and path not in KNOW_BOLT
    if (top == "socket" and path.startswith((NAMES_THE_MACHINE, SOCKET))) or (
        top in {"socket", "requests"} and path in NAMES_ERRORS
    ):
        return False
    return top in WEB and not name.startswith(("urllib.parse", "http.HTTPStatus")) and not path.startswith(CONNECTORS)


def sources() -> Iterator[tuple[str, str]]:
    for package in ("bot", "integrations", "rules"):
        for file in sorted((HOUSE / package).rglob("*.py")):
            path = str(file.relative_to(HOUSE))
            if not path.startswith(SANDBOX) and path != ANNOUNCER:
                yield path, file.read_text(encoding="utf-8")


def test_only_the_announcer_posts() -> None:
    """No other module calls a method of Slack's that shows something, names one, or opens a connection of its own."""
    assert [way for path, source in sources() for way in ways_round(path, source)] == []


def test_the_announcer_is_where_it_all_goes_through() -> None:
    """The search finds what it looks for: the announcer itself is full of it."""
    found = ways_round(ANNOUNCER, (HOUSE / ANNOUNCER).read_text(encoding="utf-8"))
    shown = {way.split(" ", 1)[1] for way in found}
    assert {"chat.postMessage", "chat.update", "views.open", "views.publish", "files_upload_v2"} <= shown


@pytest.mark.parametrize(
    "smuggled",
    [
        "self._slack.chat_postMessage(channel=channel, text=text)",
        "self._slack.chat_postEphemeral(channel=channel, user=user, text=text)",
        "self._slack.chat_scheduleMessage(channel=channel, post_at=1, text=text)",
        "self._slack.chat_unfurl(channel=channel, ts=ts, unfurls={})",
        "self._slack.files_upload_v2(file=path, channel=channel)",
        "self._slack.files_remote_add(external_id='x', title=title)",
        "self._slack.views_publish(user_id=user, view=view)",
        "self._slack.canvases_create(title=title)",
        "self._slack.bookmarks_add(channel_id=channel, title=title, type='link')",
        "self._slack.conversations_setTopic(channel=channel, topic=text)",
        "self._slack.conversations_invite(channel=channel, users=users)",
        "self._slack.reactions_add(channel=channel, timestamp=ts, name='flag')",
        "self._slack.api_call('chat.postMessage', json={})",
        "post = self._slack.api_call",
        "getattr(self._slack, 'chat_postMessage')(channel=channel)",
        "getattr(self._slack, 'api_call')(method)",
        "self._ask('chat.meMessage', text=text)",
        "METHOD = 'files.completeUploadExternal'",
        "from slack_sdk.webhook import WebhookClient",
        "from slack_sdk import WebClient",
        "import slack_sdk",
        "from slack_bolt import Say",
        "import requests",
        "from urllib.request import urlopen",
        "import httpx",
        "import smtplib",
        "HOOK = 'https://hooks.slack.com/services/T0/B0/x'",
        "def run(ack, say): ...",
        "def run(ack, respond): ...",
        "ack({'response_type': 'in_channel', 'text': text})",
    ],
)
def test_a_new_way_round_the_announcer_is_found(smuggled: str) -> None:
    """Whatever somebody writes into a service one day to post by themselves fails the build."""
    assert ways_round("bot/services/new.py", dedent(smuggled)) != []


@pytest.mark.parametrize(
    "harmless",
    [
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "from slack_sdk.models import blocks as kit",
        "SCOPE = 'chat:write'",
        "self._directory.message(channel, ts)",
        "LINK = 'chat.getPermalink'",
        "'Please look at the files.'",
    ],
)
def test_what_shows_nothing_is_let_through(harmless: str) -> None:
    """The search cries no wolf: nobody would switch off what bothers them without a reason."""
    assert ways_round("bot/services/new.py", harmless) == []
