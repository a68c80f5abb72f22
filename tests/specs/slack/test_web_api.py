"""Our requests and the stand-in's answers agree with Slack's own description of its Web API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.request.exceptions import InvalidRequestBody
from openapi_core.validation.response.exceptions import InvalidData
from slack_sdk import WebClient

from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.endpoints import application
from integrations.sandbox.slack.standin import SlackStandIn

ANNA, PUBLIC = "U0ANNA0001", "C0PUBLIC01"
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [{"type": "divider"}]}
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]
MARK = {"event_type": "amicable_post", "event_payload": {"key": "k"}}
Work = Callable[[WebClient, SlackStandIn, str], object]

CALLS: dict[str, Work] = {
    "auth.test": lambda client, _slack, _ts: client.auth_test(),
    "chat.postMessage": lambda client, _slack, _ts: client.chat_postMessage(
        channel=PUBLIC, text="x", blocks=BLOCKS, metadata=MARK, unfurl_links=False, unfurl_media=False
    ),
    "chat.postEphemeral": lambda client, _slack, _ts: client.chat_postEphemeral(channel=PUBLIC, user=ANNA, text="x"),
    "chat.update": lambda client, _slack, ts: client.chat_update(channel=PUBLIC, ts=ts, text="y"),
    "chat.delete": lambda client, _slack, ts: client.chat_delete(channel=PUBLIC, ts=ts),
    "chat.getPermalink": lambda client, _slack, ts: client.chat_getPermalink(channel=PUBLIC, message_ts=ts),
    "conversations.history": lambda client, _slack, _ts: client.conversations_history(
        channel=PUBLIC, limit=5, inclusive=True, include_all_metadata=True
    ),
    "conversations.replies": lambda client, _slack, ts: client.conversations_replies(channel=PUBLIC, ts=ts),
    "conversations.info": lambda client, _slack, _ts: client.conversations_info(channel=PUBLIC),
    "conversations.list": lambda client, _slack, _ts: client.conversations_list(limit=5, exclude_archived=True),
    "conversations.members": lambda client, _slack, _ts: client.conversations_members(channel=PUBLIC, limit=5),
    "conversations.open": lambda client, _slack, _ts: client.conversations_open(users=ANNA),
    "conversations.leave": lambda client, _slack, _ts: client.conversations_leave(channel=PUBLIC),
    "emoji.list": lambda client, _slack, _ts: client.emoji_list(),
    "users.conversations": lambda client, _slack, _ts: client.users_conversations(limit=5),
    "users.info": lambda client, _slack, _ts: client.users_info(user=ANNA),
    "users.list": lambda client, _slack, _ts: client.users_list(limit=5),
    "users.lookupByEmail": lambda client, _slack, _ts: client.users_lookupByEmail(email="anna@agency.example"),
    "views.open": lambda client, slack, _ts: client.views_open(
        trigger_id=slack.workspace.new_trigger(ANNA), view=MODAL
    ),
    "views.push": lambda client, slack, _ts: (
        client.views_open(trigger_id=slack.workspace.new_trigger(ANNA), view=MODAL),
        client.views_push(trigger_id=slack.workspace.new_trigger(ANNA), view=MODAL),
    ),
    "views.publish": lambda client, _slack, _ts: client.views_publish(
        user_id=ANNA, view={"type": "home", "blocks": BLOCKS}
    ),
    "views.update": lambda client, slack, _ts: client.views_update(
        view_id=client.views_open(trigger_id=slack.workspace.new_trigger(ANNA), view=MODAL)["view"]["id"], view=MODAL
    ),
}


@pytest.fixture(scope="module")
def slack(starts_at: datetime) -> Iterator[SlackStandIn]:
    standin = SlackStandIn(now=lambda: starts_at)
    server = RunningServer(application(standin)).start()
    standin.workspace.public_url = server.url
    yield standin
    standin.stop()
    server.stop()


@pytest.mark.parametrize("method", CALLS)
def test_requests_and_answers_are_as_slack_describes_them(openapi: OpenAPI, slack: SlackStandIn, method: str) -> None:
    """Argument by argument and field by field, as far as the document goes."""
    slack.add_person(ANNA, "anna")
    slack.add_channel(PUBLIC, "general", [ANNA])
    ts = str(slack.api("chat.postMessage", channel=PUBLIC, text="first", blocks=BLOCKS)["ts"])
    slack.api("chat.postMessage", channel=PUBLIC, text="second", thread_ts=ts)
    CALLS[method](WebClient("xoxb-sandbox-amicable", base_url=f"{slack.workspace.public_url}/api/"), slack, ts)
    call = slack.calls_of(method)[-1]
    request = _request(method, call.arguments)
    openapi.validate_request(request)
    openapi.validate_response(request, MockResponse(data=json.dumps(call.answer).encode()))


@pytest.mark.parametrize("wrong", [{"ts": "yesterday"}, {"surprise": 1}, {"message": {}}])
def test_the_document_notices_what_is_wrong(openapi: OpenAPI, slack: SlackStandIn, wrong: dict[str, Any]) -> None:
    """An answer with a field of the wrong form, too many or too few, does not pass."""
    slack.add_channel(PUBLIC, "general", [])
    answer = slack.api("chat.postMessage", channel=PUBLIC, text="x") | wrong
    request = _request("chat.postMessage", {"channel": PUBLIC, "text": "x"})
    with pytest.raises(InvalidData):
        openapi.validate_response(request, MockResponse(data=json.dumps(answer).encode()))


@pytest.mark.parametrize("arguments", [{"text": "x"}, {"channel": PUBLIC, "colour": "red"}, {"channel": 1}])
def test_the_document_notices_a_wrong_request(openapi: OpenAPI, arguments: dict[str, Any]) -> None:
    """A missing, unknown or malformed argument does not pass."""
    with pytest.raises(InvalidRequestBody):
        openapi.validate_request(_request("chat.postMessage", arguments))


def test_every_refusal_of_a_description_has_its_form(description: dict[str, Any], slack: SlackStandIn) -> None:
    """A refusal is `ok: false` and a word."""
    answer = slack.api("chat.postMessage", channel="C0NOWHERE1", text="x")
    described = description["paths"]["/chat.postMessage"]["post"]["responses"]["default"]["schema"]
    assert answer["error"] in described["properties"]["error"]["enum"]


def _request(method: str, arguments: dict[str, Any]) -> MockRequest:
    """Numbers and flags of a form arrive as text; the document knows what they mean."""
    read = {name: _read(value) for name, value in arguments.items()}
    return MockRequest(
        "http://localhost", "post", f"/api/{method}", data=json.dumps(read).encode(), content_type="application/json"
    )


def _read(value: Any) -> Any:
    if value in {"True", "1", "true"} if isinstance(value, str) else False:
        return True
    return int(value) if isinstance(value, str) and value.isdigit() else value
