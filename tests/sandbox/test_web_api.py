"""The Web API refuses what Slack refuses; Slack's own SDK asks."""

from __future__ import annotations

from collections.abc import Callable
from http.client import RemoteDisconnected
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.standin import SlackStandIn

Json = dict[str, Any]
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [SECTION]}
SAY: Json = {"channel": "C0PUBLIC01", "text": "hello"}

REFUSALS: dict[str, tuple[str, Json, str]] = {
    "unknown channel": ("chat.postMessage", SAY | {"channel": "C0NOWHERE1"}, "channel_not_found"),
    "private channel without us": ("chat.postMessage", SAY | {"channel": "C0HIDDEN01"}, "channel_not_found"),
    "public channel without us": ("chat.postMessage", SAY | {"channel": "C0ELSEWHER"}, "not_in_channel"),
    "no words": ("chat.postMessage", {"channel": "C0PUBLIC01"}, "no_text"),
    "bad blocks": ("chat.postMessage", SAY | {"blocks": [{"type": "shiny"}]}, "invalid_blocks"),
    "bad metadata": ("chat.postMessage", SAY | {"metadata": {"event_type": "x"}}, "invalid_arguments"),
    "reply to nothing": ("chat.postMessage", SAY | {"thread_ts": "1.1"}, "message_not_found"),
    "private reply to a stranger": ("chat.postEphemeral", SAY | {"user": "U0GUS00001"}, "user_not_in_channel"),
    "update of nothing": ("chat.update", SAY | {"ts": "1.1"}, "message_not_found"),
    "long update": ("chat.update", SAY | {"ts": "1.1", "text": "x" * 4001}, "msg_too_long"),
    "delete nothing": ("chat.delete", {"channel": "C0PUBLIC01", "ts": "1.1"}, "message_not_found"),
    "link to nothing": ("chat.getPermalink", {"channel": "C0PUBLIC01", "message_ts": "1.1"}, "message_not_found"),
    "history without us": ("conversations.history", {"channel": "C0ELSEWHER"}, "not_in_channel"),
    "hidden channel": ("conversations.info", {"channel": "C0HIDDEN01"}, "channel_not_found"),
    "thread of nothing": ("conversations.replies", {"channel": "C0PUBLIC01", "ts": "1.1"}, "thread_not_found"),
    "too many at once": ("conversations.history", {"channel": "C0PUBLIC01", "limit": "1000"}, "invalid_limit"),
    "direct messages need their scope": ("conversations.list", {"types": "im"}, "missing_scope"),
    "join needs its scope": ("conversations.join", {"channel": "C0ELSEWHER"}, "missing_scope"),
    "reactions need their scope": ("reactions.add", {"channel": "C0PUBLIC01"}, "missing_scope"),
    "unknown person": ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
    "unknown address": ("users.lookupByEmail", {"email": "nobody@agency.example"}, "users_not_found"),
    "nobody to talk to": ("conversations.open", {}, "users_list_not_supplied"),
    "group talk needs its scope": ("conversations.open", {"users": "U0ANNA0001,U0BEN00001"}, "missing_scope"),
    "made-up trigger": ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    "bad view": ("views.open", {"trigger_id": "1.2.3", "view": MODAL | {"blocks": 1}}, "invalid_arguments"),
    "unknown view": ("views.update", {"view_id": "V1", "view": MODAL}, "not_found"),
    "a dialog as Home": ("views.publish", {"user_id": "U0ANNA0001", "view": MODAL}, "invalid_arguments"),
    "unknown method": ("chat.shout", {}, "unknown_method"),
}


def refusal(work: Callable[[], object]) -> Any:
    with pytest.raises(SlackApiError) as caught:
        work()
    return caught.value.response


@pytest.mark.parametrize("name", REFUSALS)
def test_slack_refuses(slack: SlackStandIn, name: str) -> None:
    """Each thing that Slack refuses is refused, in Slack's word."""
    method, arguments, error = REFUSALS[name]
    assert slack.api(method, **arguments).get("error") == error


def test_a_missing_scope_is_named(slack: SlackStandIn) -> None:
    """The refusal says which scope is missing and which ones there are."""
    answer = slack.api("reactions.add", channel="C0PUBLIC01")
    assert (answer["needed"], "chat:write" in answer["provided"]) == ("reactions:write", True)


def test_scopes_come_from_the_manifest(slack: SlackStandIn) -> None:
    """Whoever takes a scope out of the manifest loses what it allowed."""
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("chat:write")
    assert slack.api("chat.postMessage", **SAY)["error"] == "missing_scope"


def test_private_channels_need_their_own_scope(slack: SlackStandIn) -> None:
    """channels:read does not open private channels."""
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("groups:read")
    assert slack.api("conversations.info", channel="C0PRIVATE1")["needed"] == "groups:read"


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_tokens_are_checked(slack: SlackStandIn, token: str, error: str) -> None:
    """A wrong token and no token are told apart."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(f"{slack.workspace.public_url}/api/auth.test", headers=headers, timeout=60)
    assert answer.json() == {"ok": False, "error": error}


def test_the_scopes_stand_in_a_header(client: WebClient) -> None:
    """Doctor can read the token's scopes."""
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]


def test_reading_methods_do_not_look_into_json(client: WebClient) -> None:
    """A reading method that is sent JSON misses its arguments, as with Slack."""
    answer = refusal(lambda: client.api_call("conversations.info", json={"channel": "C0PUBLIC01"}))
    assert answer["error"] == "invalid_arguments"


def test_writing_methods_take_forms_too(client: WebClient) -> None:
    """Blocks in a form are JSON text."""
    form = {"channel": "C0PUBLIC01", "blocks": f'[{{"type": "header", "text": {MODAL["title"]!s}}}]'.replace("'", '"')}
    said = client.api_call("chat.postMessage", data=form)["message"]
    assert said["blocks"][0]["text"]["text"] == "t"


def test_a_slow_down_says_for_how_long(client: WebClient, slack: SlackStandIn) -> None:
    """429 carries Retry-After, and the next call goes through."""
    slack.rate_limit("users.info", retry_after=7)
    answer = refusal(lambda: client.users_info(user="U0ANNA0001"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert client.users_info(user="U0ANNA0001")["user"]["is_admin"]


def test_a_lost_answer_leaves_the_message(client: WebClient, slack: SlackStandIn) -> None:
    """The connection breaks after Slack has posted: the caller can't know, the channel does."""
    client.retry_handlers.clear()
    slack.lose_answer("chat.postMessage")
    with pytest.raises(RemoteDisconnected):
        client.chat_postMessage(**SAY)
    assert [message.text for message in slack.messages("C0PUBLIC01")] == ["hello"]


def test_the_sdk_says_it_twice_when_an_answer_is_lost(client: WebClient, slack: SlackStandIn) -> None:
    """Its own repetition after a broken connection knows nothing of what was posted."""
    slack.lose_answer("chat.postMessage")
    client.chat_postMessage(**SAY)
    assert [message.text for message in slack.messages("C0PUBLIC01")] == ["hello", "hello"]


def test_metadata_is_found_again(client: WebClient) -> None:
    """Our mark on a message comes back with the history, when asked for."""
    mark = {"event_type": "amicable_post", "event_payload": {"key": "k"}}
    client.chat_postMessage(**SAY, metadata=mark)
    found = client.conversations_history(channel="C0PUBLIC01", include_all_metadata=True)["messages"][0]
    plain = client.conversations_history(channel="C0PUBLIC01")["messages"][0]
    assert (found["metadata"], "metadata" in plain) == (mark, False)


def test_replies_are_not_in_the_history(client: WebClient, slack: SlackStandIn) -> None:
    """A reply in a thread is found by replies only (facts 2.3)."""
    anna = slack.person("U0ANNA0001")
    top = anna.say("C0PUBLIC01", "question")
    reply = anna.say("C0PUBLIC01", "answer", thread=top)
    history = client.conversations_history(channel="C0PUBLIC01", latest=reply, inclusive=True)["messages"]
    replies = client.conversations_replies(channel="C0PUBLIC01", ts=reply)["messages"]
    assert ([m["text"] for m in history], [m["text"] for m in replies]) == (["question"], ["answer"])


def test_history_comes_in_pages_newest_first(client: WebClient, slack: SlackStandIn) -> None:
    """A cursor leads to the older messages."""
    for number in range(5):
        slack.person("U0ANNA0001").say("C0PUBLIC01", str(number))
    pages = [page["messages"] for page in client.conversations_history(channel="C0PUBLIC01", limit=2)]
    assert [[m["text"] for m in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]


def test_members_come_in_pages(client: WebClient) -> None:
    """Whoever reads only the first page misses a guest."""
    pages = [page["members"] for page in client.conversations_members(channel="C0GUESTS01", limit=2)]
    assert [len(page) for page in pages] == [2, 1]


def test_a_shared_channel_says_so(client: WebClient) -> None:
    """The leak guard can see that a client listens."""
    channel = client.conversations_info(channel="C0SHARED01")["channel"]
    assert (channel["is_ext_shared"], channel["is_shared"]) == (True, True)


def test_people_are_told_apart(client: WebClient) -> None:
    """Guests and people of other teams are recognisable."""
    gus = client.users_info(user="U0GUS00001")["user"]
    cleo = client.users_info(user="U0CLEO0001")["user"]
    assert (gus["is_restricted"], cleo["team_id"]) == (True, "T0CLIENT01")


def test_a_private_reply_is_for_one(client: WebClient, slack: SlackStandIn) -> None:
    """An ephemeral is seen by its reader alone, is in no history, and can't be deleted."""
    ts = client.chat_postEphemeral(**SAY, user="U0ANNA0001")["message_ts"]
    anna, ben = (len(slack.person(who).sees("C0PUBLIC01")) for who in ("U0ANNA0001", "U0BEN00001"))
    history = client.conversations_history(channel="C0PUBLIC01")["messages"]
    error = refusal(lambda: client.chat_delete(channel="C0PUBLIC01", ts=str(ts)))["error"]
    assert (anna, ben, history, error) == (1, 0, [], "message_not_found")


def test_only_our_own_words_can_be_changed(client: WebClient, slack: SlackStandIn) -> None:
    """A person's message is not ours to update or delete."""
    ts = slack.person("U0ANNA0001").say("C0PUBLIC01", "mine")
    errors = [
        refusal(lambda: client.chat_update(channel="C0PUBLIC01", ts=ts, text="x"))["error"],
        refusal(lambda: client.chat_delete(channel="C0PUBLIC01", ts=ts))["error"],
    ]
    assert errors == ["cant_update_message", "cant_delete_message"]


def test_nothing_is_said_in_an_archive(client: WebClient, slack: SlackStandIn) -> None:
    """An archived channel takes no messages."""
    slack.archive("C0PUBLIC01")
    assert refusal(lambda: client.chat_postMessage(**SAY))["error"] == "is_archived"


def test_a_message_to_a_person_is_a_direct_message(client: WebClient, slack: SlackStandIn) -> None:
    """A person's id stands for the conversation with them."""
    client.chat_postMessage(channel="U0ANNA0001", text="psst")
    opened = client.conversations_open(users="U0ANNA0001")["channel"]["id"]
    assert [(m.text, m.channel_id) for m in slack.person("U0ANNA0001").dms()] == [("psst", opened)]


def test_the_bot_leaves_for_good(client: WebClient) -> None:
    """After leaving, nothing can be said there."""
    client.conversations_leave(channel="C0SHARED01")
    assert refusal(lambda: client.chat_postMessage(**SAY | {"channel": "C0SHARED01"}))["error"] == "not_in_channel"


def test_an_uninstalled_app_is_shut_out(client: WebClient, slack: SlackStandIn) -> None:
    """The token dies with the installation."""
    slack.uninstall()
    assert refusal(client.auth_test)["error"] == "account_inactive"


def test_files_are_uploaded_in_three_steps(client: WebClient, slack: SlackStandIn) -> None:
    """The SDK's own upload works once the scope is there."""
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"] += ["files:write", "files:read"]
    client.files_upload_v2(content=b"picture", filename="a.png", alt_txt="a chart", channel="C0PUBLIC01")
    stored = next(iter(slack.workspace.files.values()))
    assert (stored.content, stored.alt_text, stored.channel_ids) == (b"picture", "a chart", ["C0PUBLIC01"])


@pytest.mark.parametrize("name", ["fine", "shiny"])
def test_blocks_can_be_validated_without_a_token(slack: SlackStandIn, name: str) -> None:
    """blocks.validate needs no token."""
    blocks = {"fine": [SECTION], "shiny": [{"type": "shiny"}]}[name]
    answer = requests.post(
        f"{slack.workspace.public_url}/api/blocks.validate", json={"blocks": blocks}, timeout=60
    ).json()
    assert answer["ok"] is (name == "fine")


def test_reading_is_limited_for_apps_outside_the_marketplace(slack: SlackStandIn, client: WebClient) -> None:
    """On demand: one call a minute and fifteen messages; beyond that Slack says how long to wait (facts 2.5)."""
    slack.workspace.reads_a_minute = 1
    for number in range(20):
        slack.person("U0ANNA0001").say("C0PUBLIC01", f"message {number}")
    first = client.conversations_history(channel="C0PUBLIC01", limit=200)
    with pytest.raises(SlackApiError) as refused:
        client.conversations_history(channel="C0PUBLIC01")

    assert (len(first["messages"]), refused.value.response.status_code) == (15, 429)
    assert refused.value.response.headers["Retry-After"] == "60"


def test_own_emoji_are_listed_with_their_aliases(slack: SlackStandIn, client: WebClient) -> None:
    """Slack's standard ones are not among them, and the scope is needed."""
    slack.workspace.custom_emoji = {"shipit": "https://emoji.example/shipit.png", "party": "alias:tada"}
    scopes = slack.workspace.manifest["oauth_config"]["scopes"]["bot"]
    scopes[:] = [each for each in scopes if each != "emoji:read"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.emoji_list()
    scopes.append("emoji:read")

    assert client.emoji_list()["emoji"] == {"shipit": "https://emoji.example/shipit.png", "party": "alias:tada"}
