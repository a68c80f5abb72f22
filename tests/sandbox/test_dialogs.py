"""Triggers, dialogs, Home tabs: one trigger opens one dialog, for three seconds; three lie on one another at most."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.slack.standin import SlackStandIn
from integrations.sandbox.slack.workspace import SlackError

Json = dict[str, Any]
ANNA = "U0ANNA0001"


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": text(block_id), "element": element, **more}


def modal(*blocks: Json) -> Json:
    return {"type": "modal", "callback_id": "form", "title": text("Form"), "submit": text("Go"), "blocks": list(blocks)}


def options(*values: str) -> list[Json]:
    return [{"text": text(value.title()), "value": value} for value in values]


WORDS = field("words", {"type": "plain_text_input", "action_id": "v"})
EVERYTHING = modal(
    WORDS,
    field("one", {"type": "static_select", "action_id": "v", "options": options("a", "b")}),
    field("far", {"type": "external_select", "action_id": "far", "min_query_length": 0}),
    field("day", {"type": "datepicker", "action_id": "v"}),
    field("boxes", {"type": "checkboxes", "action_id": "v", "options": options("x", "y")}, optional=True),
    field("dot", {"type": "radio_buttons", "action_id": "v", "options": options("p", "q")}),
    field("who", {"type": "users_select", "action_id": "v"}),
    field("where", {"type": "conversations_select", "action_id": "v"}),
    field("sum", {"type": "number_input", "action_id": "v", "is_decimal_allowed": False}),
    field("mail", {"type": "email_text_input", "action_id": "v"}),
)
FILLED = {
    "words": "hello",
    "one": "b",
    "far": "Acme",
    "day": "2026-03-31",
    "boxes": ["x", "Y"],
    "dot.v": "q",
    "who": ANNA,
    "where": "C0PUBLIC01",
    "sum": "12",
    "mail": "a@b.example",
}


def shown(slack: SlackStandIn, view: Json) -> Json:
    trigger = slack.workspace.new_trigger(ANNA)
    return dict(slack.api("views.open", trigger_id=trigger, view=view))


def test_a_trigger_opens_one_dialog(slack: SlackStandIn) -> None:
    """A second use is refused."""
    trigger = slack.workspace.new_trigger(ANNA)
    answers = [slack.api("views.open", trigger_id=trigger, view=modal(WORDS)) for _ in range(2)]
    assert [answer.get("error") for answer in answers] == [None, "exchanged_trigger_id"]


def test_a_trigger_expires(slack: SlackStandIn) -> None:
    """Three seconds of real time, whatever the product's clock says."""
    trigger = slack.workspace.new_trigger(ANNA)
    issued = slack.workspace.real()
    slack.workspace.real = lambda: issued + 3.1
    assert slack.api("views.open", trigger_id=trigger, view=modal(WORDS))["error"] == "expired_trigger_id"


def test_three_dialogs_lie_on_one_another_at_most(slack: SlackStandIn) -> None:
    """A fourth is refused."""
    shown(slack, modal(WORDS))
    errors = [
        slack.api("views.push", trigger_id=slack.workspace.new_trigger(ANNA), view=modal(WORDS)).get("error")
        for _ in range(3)
    ]
    assert errors == [None, None, "push_limit_reached"]


def test_a_stale_hash_does_not_overwrite(slack: SlackStandIn) -> None:
    """Two updates of one view with the same hash: the second is refused."""
    view = shown(slack, modal(WORDS))["view"]
    answers = [
        slack.api("views.update", view_id=view["id"], hash=view["hash"], view=modal(WORDS)).get("error")
        for _ in range(2)
    ]
    assert answers == [None, "hash_conflict"]


def test_every_kind_of_field_reaches_the_app(slack: SlackStandIn, app: Any) -> None:
    """What a person enters arrives in the state that Slack makes of it."""
    shown(slack, EVERYTHING)
    app.reply({"options": [{"text": text("Acme"), "value": "CL1"}]})
    answer = slack.person(ANNA).submit(FILLED)
    values = app.requests[-1]["body"]["view"]["state"]["values"]
    asked = app.requests[0]["body"]
    assert answer.outcome == "closed"
    assert (asked["type"], asked["value"], asked["block_id"]) == ("block_suggestion", "Acme", "far")
    assert values["words"]["v"] == {"type": "plain_text_input", "value": "hello"}
    assert values["one"]["v"]["selected_option"]["value"] == "b"
    assert values["far"]["far"]["selected_option"]["value"] == "CL1"
    assert values["day"]["v"]["selected_date"] == "2026-03-31"
    assert [option["value"] for option in values["boxes"]["v"]["selected_options"]] == ["x", "y"]
    assert values["dot"]["v"]["selected_option"]["value"] == "q"
    assert values["who"]["v"]["selected_user"] == ANNA
    assert values["where"]["v"]["selected_conversation"] == "C0PUBLIC01"
    assert (values["sum"]["v"]["value"], values["mail"]["v"]["value"]) == ("12", "a@b.example")


def test_required_fields_keep_a_dialog_open(slack: SlackStandIn, app: Any) -> None:
    """Slack itself asks for what is missing; the app hears nothing."""
    shown(slack, modal(WORDS))
    answer = slack.person(ANNA).submit()
    assert (answer.outcome, list(answer.errors), app.requests) == ("incomplete", ["words"], [])


@pytest.mark.parametrize(
    ("name", "value"), [("day", "tomorrow"), ("sum", "many"), ("mail", "me"), ("one", "c"), ("words", "x" * 3001)]
)
def test_fields_take_only_their_kind(slack: SlackStandIn, name: str, value: str) -> None:
    """Slack's client does not let a person enter this."""
    shown(slack, EVERYTHING)
    with pytest.raises((ValueError, LookupError)):
        slack.person(ANNA).submit({name: value})


def test_options_have_limits_too(slack: SlackStandIn, app: Any) -> None:
    """An external select that is offered too much shows nothing."""
    shown(slack, EVERYTHING)
    app.reply({"options": options(*(str(number) for number in range(101)))})
    view = slack.person(ANNA).view
    assert view is not None
    with pytest.raises(SlackError, match="invalid_options"):
        slack.person(ANNA).options(view, "far")


def test_preset_values_are_submitted(slack: SlackStandIn, app: Any) -> None:
    """What the app filled in and nobody changed is part of the state."""
    shown(slack, modal(field("words", {"type": "plain_text_input", "action_id": "v", "initial_value": "preset"})))
    slack.person(ANNA).submit()
    assert app.requests[-1]["body"]["view"]["state"]["values"]["words"]["v"]["value"] == "preset"


@pytest.mark.parametrize(
    ("reply", "outcome", "open_dialogs"),
    [
        ("", "closed", 0),
        ({"response_action": "clear"}, "closed", 0),
        ({"response_action": "errors", "errors": {"words": "No."}}, "errors", 1),
        ({"response_action": "errors", "errors": {"elsewhere": "No."}}, "failed", 1),
        ({"response_action": "update", "view": modal(WORDS)}, "updated", 1),
        ({"response_action": "push", "view": modal(WORDS)}, "pushed", 2),
        ({"response_action": "update", "view": {"type": "modal"}}, "failed", 1),
        ("thank you", "failed", 1),
    ],
)
def test_the_answer_to_a_submission_counts(
    slack: SlackStandIn, app: Any, reply: Any, outcome: str, open_dialogs: int
) -> None:
    """Errors, updates and further dialogs come from the acknowledgement; nonsense is shown as trouble."""
    shown(slack, modal(WORDS))
    app.reply(reply)
    answer = slack.person(ANNA).submit({"words": "hello"})
    assert (answer.outcome, len(slack.workspace.dialogs[ANNA])) == (outcome, open_dialogs)


def test_what_was_entered_survives_an_update(slack: SlackStandIn, app: Any) -> None:
    """A field that keeps its names keeps what the person wrote."""
    view = shown(slack, modal(WORDS))["view"]
    app.reply({"response_action": "errors", "errors": {"words": "No."}})
    slack.person(ANNA).submit({"words": "hello"})
    slack.api("views.update", view_id=view["id"], view=modal(WORDS, field("more", WORDS["element"], optional=True)))
    slack.person(ANNA).submit()
    assert app.requests[-1]["body"]["view"]["state"]["values"]["words"]["v"]["value"] == "hello"


def test_the_home_tab_is_published_for_one_person(slack: SlackStandIn, app: Any) -> None:
    """Opening Home tells the app, and shows what it publishes."""
    home = {"type": "home", "blocks": [{"type": "header", "text": text("Welcome")}]}
    app.react = lambda body: slack.api("views.publish", user_id=body["event"]["user"], view=home) and None
    seen = slack.person(ANNA).home()
    assert seen is not None
    assert (seen["blocks"][0]["text"]["text"], slack.person("U0BEN00001").published_home) == ("Welcome", None)
    assert app.requests[0]["body"]["event"] | {"event_ts": ""} == {
        "type": "app_home_opened",
        "user": ANNA,
        "channel": slack.workspace.direct_channel(ANNA).id,
        "tab": "home",
        "event_ts": "",
    }


def test_closing_is_told_only_when_asked_for(slack: SlackStandIn, app: Any) -> None:
    """view_closed needs notify_on_close."""
    for view in (modal(WORDS), modal(WORDS) | {"notify_on_close": True}):
        shown(slack, view)
        slack.person(ANNA).close()
    assert [request["body"]["type"] for request in app.requests] == ["view_closed"]
