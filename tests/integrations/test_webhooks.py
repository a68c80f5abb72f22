"""What trackers send us: only what they signed is taken, and nothing of it is believed to be true."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from integrations.jira.settings import JiraSettings
from integrations.jira.webhook import JiraWebhook
from integrations.trackers import build_webhooks
from integrations.trello.settings import TrelloSettings
from integrations.trello.webhook import TrelloWebhook, callback_address
from rules.ports import TicketHint

SECRET = "a-long-webhook-secret"
CARD, ACTION = "5f00000000000000000000aa", "5f00000000000000000000bb"
JIRA = JiraSettings(
    url="https://x.example", email="a@x.example", token=SecretStr("t"), project="AMI", webhook_secret=SecretStr(SECRET)
)
TRELLO = TrelloSettings(key=SecretStr("k"), token=SecretStr("t"), board="AmiBoard", secret=SecretStr(SECRET))
jira, trello = JiraWebhook(JIRA), TrelloWebhook(TRELLO, callback_address(TRELLO, "https://amicable.example/"))


def issue(event: str = "jira:issue_updated", **more: Any) -> bytes:
    return json.dumps({"webhookEvent": event, "issue": {"id": "10001", "key": "AMI-1"}, **more}).encode()


def action(kind: str = "updateCard", **data: Any) -> bytes:
    return json.dumps({"action": {"id": ACTION, "type": kind, "data": data or {"card": {"id": CARD}}}}).encode()


def jiras_mark(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def trellos_mark(body: bytes, url: str = "https://amicable.example/webhooks/trello") -> dict[str, str]:
    digest = hmac.new(SECRET.encode(), body + url.encode(), hashlib.sha1).digest()
    return {"x-trello-webhook": base64.b64encode(digest).decode()}


class TestJira:
    def test_the_secret_of_the_address_and_a_signature_that_is_there_must_be_right(self) -> None:
        """Data Center does not sign; where Cloud does, a wrong signature is refused."""
        body = issue()
        tried = [
            jira.is_genuine({}, body, SECRET),
            jira.is_genuine(jiras_mark(body), body, SECRET),
            jira.is_genuine({}, body, "guessed"),
            jira.is_genuine({}, body, ""),
            jira.is_genuine(jiras_mark(body, "other"), body, SECRET),
            jira.is_genuine(jiras_mark(b"{}"), body, SECRET),
            jira.is_genuine({"x-hub-signature": "säh"}, body, SECRET),
        ]
        assert tried == [True, True, False, False, False, False, False]

    def test_an_event_names_its_issue(self) -> None:
        """Which issue changed is all that is taken from it; each repeat has the same event id."""
        named = {"x-atlassian-webhook-identifier": "e1"}
        hint = jira.read(named, issue("jira:issue_created", issue={"id": 10007}))
        assert hint == TicketHint(tracker="jira", event_id="e1", ref="10007", is_new=True)
        assert jira.read({}, issue()) == jira.read({}, issue()) != jira.read({}, issue(timestamp=2))

    @pytest.mark.parametrize("body", [issue("comment_created"), issue(issue={"id": "../x"}), issue(issue=None), b"{}"])
    def test_what_concerns_no_issue_is_let_go(self, body: bytes) -> None:
        """Other events are answered and forgotten."""
        assert jira.read({}, body) is None


class TestTrello:
    def test_body_and_address_are_signed(self) -> None:
        """A body that was changed, or was meant for another address, is refused."""
        body = action()
        tried = [
            trello.is_genuine(trellos_mark(body), body, ""),
            trello.is_genuine({}, body, ""),
            trello.is_genuine(trellos_mark(body), body + b" ", ""),
            trello.is_genuine(trellos_mark(body, "https://elsewhere.example"), body, ""),
        ]
        assert tried == [True, False, False, False]

    def test_an_action_names_its_card_or_list(self) -> None:
        """A parent is a list, a task is a card; the action's id is the same in each repeat."""
        hints = [trello.read({}, action()), trello.read({}, action("createList", list={"id": CARD}))]
        assert hints == [
            TicketHint(tracker="trello", event_id=ACTION, ref=CARD, is_new=False),
            TicketHint(tracker="trello", event_id=ACTION, ref=f"list:{CARD}", is_new=True),
        ]

    @pytest.mark.parametrize("body", [action("commentCard"), action("updateCard", card={"id": "x"}), action(list={})])
    def test_what_concerns_no_ticket_is_let_go(self, body: bytes) -> None:
        """Comments and the like are answered and forgotten."""
        assert trello.read({}, body) is None


@given(
    st.binary()
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda part: (
            st.lists(part)
            | st.dictionaries(st.sampled_from(["action", "data", "card", "id", "type", "webhookEvent", "issue"]), part)
        ),
    ).map(lambda made: json.dumps(made).encode())
)
def test_no_body_breaks_the_door(body: bytes) -> None:
    """Whatever is sent is a hint, of no concern, or unreadable."""
    for webhook in (jira, trello):
        try:
            assert webhook.read({}, body) is None
        except ValueError:
            continue


def test_a_webhook_without_its_secret_is_off() -> None:
    """Without a secret nobody could be told apart; Trello needs our address as well, since it signs that."""
    bare = JIRA.model_copy(update={"webhook_secret": SecretStr("")})
    assert [list(build_webhooks(bare, TRELLO, "")), list(build_webhooks(JIRA, TRELLO, "https://a.example"))] == [
        [],
        ["jira", "trello"],
    ]
