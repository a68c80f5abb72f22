"""What people see and click, replies included."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from integrations.sandbox.slack.screen import NotThereError
from integrations.sandbox.slack.standin import SlackStandIn

ANNA, BEN = "U0ANNA0001", "U0BEN00001"
PUBLIC = "C0PUBLIC01"


def section(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def button(action_id: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": value}}


def test_a_command_can_be_answered_in_the_acknowledgement(slack: SlackStandIn, app: Any) -> None:
    """Text and JSON are private replies; in_channel is for everybody."""
    app.reply("only you")
    app.reply({"text": "note", "blocks": [section("in a block")]})
    app.reply({"text": "all", "response_type": "in_channel"})
    answers = [slack.person(ANNA).command("/redflag", channel=PUBLIC).text for _ in range(3)]
    assert answers == ["only you", "note\nin a block", "all"]
    assert [message.text for message in slack.person(BEN).sees(PUBLIC)] == ["all"]


def test_a_response_url_works_five_times(slack: SlackStandIn, app: Any) -> None:
    """In a channel without the bot too; the sixth reply is refused."""
    slack.person(ANNA).command("/redflag", channel="C0HIDDEN01")
    url = app.requests[0]["body"]["response_url"]
    statuses = [requests.post(url, json={"text": str(n)}, timeout=60).status_code for n in range(6)]
    assert statuses == [200] * 5 + [404]
    assert [message.text for message in slack.person(ANNA).sees("C0HIDDEN01")] == ["0", "1", "2", "3", "4"]


def test_refused_words_are_shown_as_trouble(slack: SlackStandIn, app: Any) -> None:
    """A reply with blocks that Slack refuses reaches nobody, and the stand-in tells on it."""
    app.reply({"text": "x", "blocks": [{"type": "shiny"}]})
    answer = slack.person(ANNA).command("/redflag", channel=PUBLIC)
    url = app.requests[0]["body"]["response_url"]
    status = requests.post(url, json={"text": "x", "blocks": [{"type": "shiny"}]}, timeout=60).status_code
    assert (answer.error.split(":")[0], answer.messages, status) == ("invalid_blocks", [], 400)
    assert [call.answer["error"] for call in slack.refusals()] == ["invalid_blocks"]


def test_a_response_url_lasts_half_an_hour(slack: SlackStandIn, app: Any) -> None:
    """Of real time."""
    slack.person(ANNA).command("/redflag", channel=PUBLIC)
    start = slack.workspace.real()
    slack.workspace.real = lambda: start + 1801
    url = app.requests[0]["body"]["response_url"]
    assert requests.post(url, json={"text": "late"}, timeout=60).text == "expired_url"


def test_a_click_tells_which_button_it_was(slack: SlackStandIn, client: WebClient, app: Any) -> None:
    """Action, value, message and a response_url that replaces the message."""
    client.chat_postMessage(channel=PUBLIC, text="Choose", blocks=[section("Choose", accessory=button("go", "7"))])
    message = slack.person(ANNA).find(PUBLIC, "Choose")
    assert message is not None
    slack.person(ANNA).click(message, "go")
    body = app.requests[0]["body"]
    requests.post(body["response_url"], json={"text": "Done", "replace_original": True}, timeout=60)
    action = body["actions"][0]
    assert (body["type"], action["action_id"], action["value"]) == ("block_actions", "go", "7")
    assert (body["message"]["ts"], [m.text for m in slack.messages(PUBLIC)]) == (message.ts, ["Done"])


def test_a_private_reply_can_be_taken_back(slack: SlackStandIn, client: WebClient, app: Any) -> None:
    """delete_original works for ephemerals; their message is not part of the payload."""
    client.chat_postEphemeral(
        channel=PUBLIC, user=ANNA, text="x", blocks=[{"type": "actions", "elements": [button("go", "1")]}]
    )
    slack.person(ANNA).click(slack.person(ANNA).sees(PUBLIC)[0], "go")
    body = app.requests[0]["body"]
    requests.post(body["response_url"], json={"delete_original": True}, timeout=60)
    assert ("message" in body, body["container"]["is_ephemeral"], slack.messages(PUBLIC)) == (False, True, [])


def test_what_is_not_there_can_not_be_clicked(slack: SlackStandIn, client: WebClient, app: Any) -> None:
    """Neither a missing button nor a message that the person does not see, unless a test forges the request."""
    client.chat_postEphemeral(
        channel=PUBLIC, user=ANNA, text="x", blocks=[{"type": "actions", "elements": [button("go", "1")]}]
    )
    message = slack.person(ANNA).sees(PUBLIC)[0]
    with pytest.raises(NotThereError):
        slack.person(ANNA).click(message, "stop")
    with pytest.raises(NotThereError):
        slack.person(BEN).click(message, "go")
    slack.person(BEN).click(message, "stop", "9", forge=True)
    body = app.requests[0]["body"]
    assert (body["user"]["id"], body["actions"][0]["action_id"], body["actions"][0]["value"]) == (BEN, "stop", "9")


def test_a_choice_in_a_message_reaches_the_app(slack: SlackStandIn, client: WebClient, app: Any) -> None:
    """Selects and overflow menus send the chosen option."""
    option = {"text": {"type": "plain_text", "text": "Later"}, "value": "later"}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    pick = {"type": "static_select", "action_id": "pick", "options": [option]}
    client.chat_postMessage(channel=PUBLIC, text="x", blocks=[{"type": "actions", "elements": [menu, pick]}])
    message = slack.messages(PUBLIC)[0]
    for action in ("more", "pick"):
        slack.person(ANNA).choose(message, action, "Later")
    assert [request["body"]["actions"][0]["selected_option"]["value"] for request in app.requests] == ["later"] * 2


def test_a_message_shortcut_brings_the_whole_message(slack: SlackStandIn, app: Any) -> None:
    """No history has to be read; it works where the bot is not."""
    ts = slack.person(ANNA).say("C0HIDDEN01", "they were late")
    slack.person(ANNA).shortcut("log_red_flag", "C0HIDDEN01", ts)
    body = app.requests[0]["body"]
    assert (body["type"], body["message"]["text"], body["channel"]["id"]) == (
        "message_action",
        "they were late",
        "C0HIDDEN01",
    )
    assert {"response_url", "trigger_id"} <= set(body)


def test_a_global_shortcut_has_no_channel(slack: SlackStandIn, app: Any) -> None:
    """Neither a channel nor a response_url; guests do not have it."""
    slack.person(ANNA).shortcut("log_note")
    with pytest.raises(NotThereError):
        slack.person("U0GUS00001").shortcut("log_note")
    assert {"channel", "response_url"} & set(app.requests[0]["body"]) == set()


def test_people_see_what_is_theirs(slack: SlackStandIn) -> None:
    """Members see private channels, guests only their own, everybody of ours the public ones."""
    seen = {
        who: [channel for channel in slack.workspace.channels if slack.person(who).may_read(channel)]
        for who in (BEN, "U0GUS00001", "U0CLEO0001")
    }
    assert seen == {
        BEN: ["C0PUBLIC01", "C0ELSEWHER", "C0GUESTS01", "C0SHARED01"],
        "U0GUS00001": ["C0GUESTS01"],
        "U0CLEO0001": ["C0SHARED01"],
    }


def test_waiting_ends_when_it_happens(slack: SlackStandIn, client: WebClient) -> None:
    """Tests wait for Slack to change, not for time to pass."""
    client.chat_postMessage(channel=PUBLIC, text="here")
    found = slack.wait_for(lambda: slack.person(ANNA).find(PUBLIC, "here"))
    with pytest.raises(TimeoutError):
        slack.wait_for(lambda: slack.person(ANNA).find(PUBLIC, "never"), timeout=0.05)
    assert found is not None
