"""Whatever somebody writes stays text: no mention, no link, no formatting of theirs is ever alive in Slack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.ids import Action, Command
from integrations.sandbox.agency import AMIR
from integrations.sandbox.slack.workspace import Json
from rules.clients.commands import Verb
from tests.redteam.readers import Readers
from tests.redteam.secrets import Archive
from tests.redteam.test_forged import Intruder
from tests.scenarios.conftest import App

NASTY = " <!channel> <@U0EVIL> <#C0EVIL> <http://evil.example|ok> <!subteam^S1> *bo* _it_ ~st~ `co` & \u202eRTL"
CALLING = re.compile(r"<!|<@U0EVIL|<#C0EVIL|<http://evil|&(?!amp;|lt;|gt;)")
FORMATTING = re.compile(r"(?<!\u2060)(?:\*bo|_it_|~st|`co)")
ALWAYS_MARKED = ("chat.postMessage", "chat.update", "response_url")


def marked_texts(value: Any) -> Iterator[str]:
    """Every text in which Slack looks for mentions, links and formatting."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value["text"])
        if value.get("type") in {"link", "user", "channel", "broadcast", "usergroup"}:
            yield f"<!{json.dumps(value)}" if "evil" in json.dumps(value).casefold() else ""
        for each in value.values():
            yield from marked_texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from marked_texts(each)


def not_verbatim(value: Any) -> Iterator[str]:
    """Texts in which Slack would make links of names of channels and people, and of whatever looks like an address."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn" and value.get("verbatim") is not True:
            yield str(value["text"])
        for each in value.values():
            yield from not_verbatim(each)
    elif isinstance(value, list):
        for each in value:
            yield from not_verbatim(each)


def outgoing(app: App) -> Iterator[Json]:
    """All that went to Slack: calls, and answers in acknowledgements."""
    for call in app.world.slack.calls:
        spoken = call.arguments if call.method in ALWAYS_MARKED else {}
        yield {"spoken": spoken, "shown": [*call.arguments.values()]}
    for sent in app.world.slack.deliveries.log:
        yield {"spoken": sent.ack.json(), "shown": sent.ack.json()}


def alive(said: Json) -> Iterator[str]:
    """Markup of theirs. The text beside blocks is for notifications only, which know mentions but no formatting."""
    text = str(said["spoken"].get("text") or "")
    yield from _alive(text, CALLING)
    if not said["spoken"].get("blocks"):
        yield from _alive(text, FORMATTING)
    for shown in marked_texts(said["shown"]):
        yield from _alive(shown, CALLING)
        yield from _alive(shown, FORMATTING)


def _alive(text: str, markup: re.Pattern[str]) -> list[str]:
    return [f"{match[0]} in {text[:200]}" for match in markup.finditer(text) if "zq-" in text]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_markup_of_theirs_is_alive_anywhere(app: App, readers: Readers) -> None:
    """Names, notes, plans, reasons and letters full of mentions and links: text in every dialog and message."""
    archive = Archive(app, readers, tail=NASTY)
    case = archive.hidden()
    amir = app.agency.amir
    intruder = Intruder(app, AMIR)
    for word in ("", "list", "digest", "settings", *(f'"{case.client.name}" {verb}'.strip() for verb in ("", *Verb))):
        amir.command(Command.CLIENT, word)
    amir.command(Command.REDFLAG, f"paid late {NASTY}", channel=case.client.channel_ids[0])
    amir.home()
    for action in Action:
        for value in case.ids.values():
            intruder.click(action.value, value, case.ids)
    app.settle()
    app.sweep()
    said = [*outgoing(app)]

    assert sorted({found for each in said for found in alive(each)}) == []
    assert sorted({text for each in said for text in not_verbatim(each)}) == []
    refused = [call for call in app.world.slack.refusals() if call.answer["error"] == "invalid_arguments"]
    assert [(call.arguments["view"]["callback_id"], call.answer) for call in refused] == []
    assert sum("evil.example" in str(each["shown"]) for each in said) > 20
