"""What the app is sent: signed, in three seconds, events again and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from integrations.sandbox.slack.standin import SlackStandIn

ANNA = "U0ANNA0001"
PUBLIC = "C0PUBLIC01"


def is_signed(slack: SlackStandIn, request: dict[str, Any]) -> bool:
    headers = {name.lower(): value for name, value in request["headers"].items()}
    return SignatureVerifier(slack.workspace.signing_secret).is_valid_request(request["raw"], headers)


def reacted(slack: SlackStandIn, channel: str = PUBLIC, who: str = ANNA) -> str:
    ts = slack.person(ANNA).say(channel, "late again")
    slack.person(who).react(channel, ts, "triangular_flag_on_post")
    return ts


def test_deliveries_are_signed(slack: SlackStandIn, app: Any) -> None:
    """Slack's own verifier accepts an event, a command and a shortcut."""
    reacted(slack)
    slack.person(ANNA).command("/redflag", "Acme", channel=PUBLIC)
    slack.person(ANNA).shortcut("log_note")
    assert [is_signed(slack, request) for request in app.requests] == [True, True, True]


def test_a_forged_signature_is_wrong(slack: SlackStandIn, app: Any) -> None:
    """On demand one delivery is signed with another secret."""
    slack.forge_next_signature()
    slack.person(ANNA).command("/redflag")
    assert is_signed(slack, app.requests[0]) is False


def test_a_reaction_event_names_the_message_without_its_text(slack: SlackStandIn, app: Any) -> None:
    """The app has to fetch the text (facts 2.3)."""
    ts = reacted(slack)
    body = app.requests[0]["body"]
    event = body["event"]
    assert (body["type"], event["item"]) == ("event_callback", {"type": "message", "channel": PUBLIC, "ts": ts})
    assert (event["user"], event["item_user"], "text" in str(event)) == (ANNA, ANNA, False)


def test_events_come_from_where_the_bot_is(slack: SlackStandIn, app: Any) -> None:
    """A reaction in a channel without the bot is not delivered."""
    reacted(slack, "C0ELSEWHER")
    assert app.requests == []


def test_reactions_of_another_company_are_delivered(slack: SlackStandIn, app: Any) -> None:
    """In a shared channel the client's reactions arrive too, marked as from there."""
    reacted(slack, "C0SHARED01", "U0CLEO0001")
    body = app.requests[0]["body"]
    assert (body["event"]["user"], body["is_ext_shared_channel"]) == ("U0CLEO0001", True)


def test_events_need_a_subscription(slack: SlackStandIn, app: Any) -> None:
    """What the manifest does not name is not delivered."""
    slack.workspace.manifest["settings"]["event_subscriptions"]["bot_events"].remove("reaction_added")
    reacted(slack)
    assert app.requests == []


def test_failed_events_come_three_times_more(slack: SlackStandIn, app: Any) -> None:
    """Each repetition says which one it is and why; the event keeps its id."""
    for _ in range(4):
        app.reply(status=500)
    reacted(slack)
    slack.settle(retries=True)
    headers = [request["headers"] for request in app.requests]
    assert [header.get("x-slack-retry-num") for header in headers] == [None, "1", "2", "3"]
    assert {header.get("x-slack-retry-reason") for header in headers[1:]} == {"http_error"}
    assert len({request["body"]["event_id"] for request in app.requests}) == 1


def test_a_repeated_event_that_is_taken_is_not_sent_again(slack: SlackStandIn, app: Any) -> None:
    """One success ends it."""
    app.reply(status=503)
    reacted(slack)
    slack.settle(retries=True)
    assert len(app.requests) == 2


def test_slowness_counts_as_failure(slack: SlackStandIn, app: Any) -> None:
    """An acknowledgement that comes too late is repeated with the reason http_timeout."""
    slack.deliveries.ack_seconds = 0.1
    app.reply(wait=0.3)
    reacted(slack)
    slack.settle(retries=True)
    assert [request["headers"].get("x-slack-retry-reason") for request in app.requests] == [None, "http_timeout"]


def test_an_unreachable_app_is_tried_again(slack: SlackStandIn, app: Any) -> None:
    """Nothing listens at first; the repetition arrives."""
    target, slack.deliveries.target_url = slack.deliveries.target_url, "http://127.0.0.1:9/slack/events"
    slack.deliveries.retry_waits = (0.2,)
    reacted(slack)
    slack.deliveries.target_url = target
    slack.settle(retries=True)
    assert [request["headers"].get("x-slack-retry-reason") for request in app.requests] == ["connection_failed"]


@pytest.mark.parametrize(
    ("status", "wait", "error"),
    [(500, 0.0, "dispatch_failed"), (404, 0.0, "dispatch_failed"), (200, 0.3, "operation_timeout")],
)
def test_a_failed_command_is_shown_and_not_repeated(
    slack: SlackStandIn, app: Any, status: int, wait: float, error: str
) -> None:
    """The person sees Slack's error; nothing is sent again."""
    slack.deliveries.ack_seconds = 0.1
    app.reply(status=status, wait=wait)
    answer = slack.person(ANNA).command("/redflag", "Acme", channel=PUBLIC)
    assert (answer.error, len(app.requests)) == (error, 1)


def test_an_event_can_come_twice(slack: SlackStandIn, app: Any) -> None:
    """On demand: the same event_id again, though it was taken."""
    slack.duplicate_next_event()
    reacted(slack)
    slack.settle()
    assert len({request["body"]["event_id"] for request in app.requests}) == 1
    assert [request["headers"].get("x-slack-retry-num") for request in app.requests] == [None, "1"]


def test_events_can_come_late_and_in_another_order(slack: SlackStandIn, app: Any) -> None:
    """On demand: held back, then the removal before the addition."""
    slack.hold_events()
    ts = reacted(slack)
    slack.person(ANNA).unreact(PUBLIC, ts, "triangular_flag_on_post")
    held = len(app.requests)
    slack.release_events(reordered=True)
    kinds = [request["body"]["event"]["type"] for request in app.requests]
    assert (held, kinds) == (0, ["reaction_removed", "reaction_added"])


def test_a_channel_that_becomes_shared_is_told(slack: SlackStandIn, app: Any) -> None:
    """So are renaming, archiving, joining and changes of people."""
    slack.share(PUBLIC)
    slack.rename(PUBLIC, "all")
    slack.rename("C0PRIVATE1", "quiet")
    slack.archive(PUBLIC, ANNA)
    slack.archive(PUBLIC, ANNA, undo=True)
    slack.invite(PUBLIC, "U0GUS00001", ANNA)
    slack.change_person("U0BEN00001", is_guest=True)
    slack.unshare(PUBLIC)
    slack.uninstall()
    assert [request["body"]["event"]["type"] for request in app.requests] == [
        "channel_shared",
        "channel_rename",
        "group_rename",
        "channel_archive",
        "channel_unarchive",
        "member_joined_channel",
        "user_change",
        "channel_unshared",
        "app_uninstalled",
    ]


def test_messages_are_told_as_slack_tells_them(slack: SlackStandIn, app: Any) -> None:
    """Said, edited and deleted, by whomever, the app's own words too; private replies are nobody's event."""
    subscribe(slack, "message.channels")
    anna = slack.person(ANNA)
    ts = anna.say(PUBLIC, "late again")
    anna.edit(PUBLIC, ts, "late, again")
    anna.delete(PUBLIC, ts)
    slack.api("chat.postMessage", channel=PUBLIC, text="Ours")
    slack.api("chat.postEphemeral", channel=PUBLIC, user=ANNA, text="Only you")
    slack.settle()
    events = [request["body"]["event"] for request in app.requests]

    assert [(event.get("subtype", ""), event["channel_type"]) for event in events] == [
        ("", "channel"),
        ("message_changed", "channel"),
        ("message_deleted", "channel"),
        ("", "channel"),
    ]
    said, changed, deleted, ours = events
    assert (said["text"], said["user"], said["ts"]) == ("late again", ANNA, ts)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("late, again", "late again")
    assert (changed["message"]["ts"], "edited" in changed["message"], changed["hidden"]) == (ts, True, True)
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "late, again")
    assert (ours["text"], "bot_id" in ours) == ("Ours", True)


def test_messages_need_the_subscription_of_their_kind_and_its_scope(slack: SlackStandIn, app: Any) -> None:
    """Public and private channels are subscribed to apart; without the history's scope nothing comes."""
    anna = slack.person(ANNA)
    told = []
    for event in ("message.groups", "message.channels"):
        subscribe(slack, event)
        for place in (PUBLIC, "C0PRIVATE1", "C0ELSEWHER"):
            anna.say(place, "hello")
        slack.settle()
        told.append([request["body"]["event"]["channel"] for request in app.requests])
        app.requests.clear()
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("channels:history")
    anna.say(PUBLIC, "hello")
    slack.settle()

    assert told == [["C0PRIVATE1"], [PUBLIC, "C0PRIVATE1"]]
    assert app.requests == []


def subscribe(slack: SlackStandIn, event: str) -> None:
    slack.workspace.manifest["settings"]["event_subscriptions"]["bot_events"].append(event)


def test_a_command_arrives_as_slack_sends_it(slack: SlackStandIn, app: Any) -> None:
    """People, channels and links arrive as entities, other brackets escaped."""
    slack.person(ANNA).command("/redflag", "#general <late> & @ben https://x.example/a", channel="C0PRIVATE1")
    body = app.requests[0]["body"]
    expected = "<#C0PUBLIC01|general> &lt;late&gt; &amp; <@U0BEN00001|ben> <https://x.example/a>"
    assert (body["text"], body["channel_name"], body["user_id"]) == (expected, "privategroup", ANNA)


def test_people_of_another_company_have_no_commands(slack: SlackStandIn, app: Any) -> None:
    """Neither commands nor shortcuts of ours reach a client."""
    cleo = slack.person("U0CLEO0001")
    answer = cleo.command("/redflag", "Acme", channel="C0SHARED01")
    with pytest.raises(LookupError):
        cleo.shortcut("log_note")
    assert (answer.error, app.requests) == ("invalid_command", [])
