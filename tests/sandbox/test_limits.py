"""Block Kit's limits, one after the other: what fits is taken, one more is refused (facts 1.1-1.5)."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.slack.blockkit.limits import check_blocks, check_view
from integrations.sandbox.slack.workspace import SlackError

Json = dict[str, Any]


def plain(letters: int) -> Json:
    return {"type": "plain_text", "text": "x" * letters}


def mrkdwn(letters: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * letters}


def section(letters: int = 1, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(letters), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain(1), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: int = 1, value: str = "v") -> Json:
    return {"text": plain(text), "value": value}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def asked(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(1), "element": element, **more}


def buttons(count: int) -> list[Json]:
    return [button(action_id=f"go.{number}") for number in range(count)]


def rows(lines: int, cells: int, letters: int = 1) -> Json:
    cell = {"type": "raw_text", "text": "x" * letters}
    return {"type": "table", "rows": [[cell] * cells for _ in range(lines)]}


def chart(series: int) -> Json:
    lines = [{"name": f"s{n}", "data": [{"label": "a", "value": 1}]} for n in range(series)]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "line", "series": lines, "axis_config": {"categories": ["a"]}},
    }


def task(status: str) -> Json:
    return {"type": "task_card", "task_id": "1", "title": "t", "status": status}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(1), "blocks": list(blocks), **more}


FITS: dict[str, list[Json]] = {
    "50 blocks": [section() for _ in range(50)],
    "section text 3000": [section(3000)],
    "10 fields of 2000": [{"type": "section", "fields": [mrkdwn(1000)] * 10}],
    "header 150": [{"type": "header", "text": plain(150)}],
    "25 elements in actions": [actions(*buttons(25))],
    "10 elements in context": [{"type": "context", "elements": [mrkdwn(1)] * 10}],
    "an image in context": [{"type": "context", "elements": [{"type": "image", "image_url": "u", "alt_text": "a"}]}],
    "button text 75, value 2000": [actions(button(text=plain(75), value="x" * 2000))],
    "100 options": [actions(select(options=[option(value=str(n)) for n in range(100)]))],
    "option value 150": [actions(select(options=[option(75, "x" * 150)]))],
    "overflow 5": [actions({"type": "overflow", "action_id": "o", "options": [option()] * 5})],
    "table 100 x 20": [rows(100, 20)],
    "6 series": [chart(6)],
    "task card": [task("complete")],
    "plan": [{"type": "plan", "title": "t", "tasks": [task("in_progress")]}],
    "markdown 12000": [{"type": "markdown", "text": "x" * 12_000}],
    "action_id 255": [actions(button(action_id="x" * 255))],
    "inputs of one name": [asked({"type": "plain_text_input", "action_id": "v"}, block_id=name) for name in ("a", "b")],
    "rich text": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
        }
    ],
}

REFUSED: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([section() for _ in range(51)], "/blocks"),
    "unknown block": ([{"type": "shiny"}], "/blocks/0/type"),
    "null block": ([None], "/blocks/0/type"),  # type: ignore[list-item]  # what the SDK makes of a block it doesn't know
    "section text 3001": ([section(3001)], "/blocks/0/text/text"),
    "empty section text": ([section(0)], "/blocks/0/text/text"),
    "section without text": ([{"type": "section"}], "/blocks/0"),
    "field 2001": ([{"type": "section", "fields": [mrkdwn(2001)]}], "/blocks/0/fields/0/text"),
    "11 fields": ([{"type": "section", "fields": [mrkdwn(1)] * 11}], "/blocks/0/fields"),
    "unknown property": ([section(colour="red")], "/blocks/0"),
    "header 151": ([{"type": "header", "text": plain(151)}], "/blocks/0/text/text"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn(1)}], "/blocks/0/text/type"),
    "26 elements": ([actions(*buttons(26))], "/blocks/0/elements"),
    "no elements": ([actions()], "/blocks/0/elements"),
    "11 in context": ([{"type": "context", "elements": [mrkdwn(1)] * 11}], "/blocks/0/elements"),
    "a button in context": ([{"type": "context", "elements": [button()]}], "/blocks/0/elements/0"),
    "text input in actions": ([actions({"type": "plain_text_input", "action_id": "v"})], "/blocks/0/elements/0/type"),
    "button text 76": ([actions(button(text=plain(76)))], "/blocks/0/elements/0/text/text"),
    "button value 2001": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    "button style": ([actions(button(style="loud"))], "/blocks/0/elements/0/style"),
    "101 options": (
        [actions(select(options=[option(value=str(n)) for n in range(101)]))],
        "/blocks/0/elements/0/options",
    ),
    "no options": ([actions(select(options=[]))], "/blocks/0/elements/0/options"),
    "option text 76": ([actions(select(options=[option(76)]))], "/blocks/0/elements/0/options/0/text/text"),
    "option value 151": ([actions(select(options=[option(1, "x" * 151)]))], "/blocks/0/elements/0/options/0/value"),
    "preset that is not offered": ([actions(select(initial_option=option(1, "w")))], "/blocks/0/elements/0"),
    "placeholder 151": ([actions(select(placeholder=plain(151)))], "/blocks/0/elements/0/placeholder/text"),
    "overflow 6": (
        [actions({"type": "overflow", "action_id": "o", "options": [option()] * 6})],
        "/blocks/0/elements/0/options",
    ),
    "11 boxes": (
        [actions({"type": "checkboxes", "action_id": "c", "options": [option()] * 11})],
        "/blocks/0/elements/0/options",
    ),
    "same button twice": ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
    "same button in two blocks": ([actions(button()), actions(button())], "/blocks/1/elements/0/action_id"),
    "same block_id": ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
    "action_id 256": ([actions(button(action_id="x" * 256))], "/blocks/0/elements/0/action_id"),
    "block_id 256": ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    "image without alt text": ([{"type": "image", "image_url": "u"}], "/blocks/0"),
    "confirm title 101": (
        [actions(button(confirm={"title": plain(101), "text": plain(1), "confirm": plain(1), "deny": plain(1)}))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm button 31": (
        [actions(button(confirm={"title": plain(1), "text": plain(1), "confirm": plain(31), "deny": plain(1)}))],
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    "101 table rows": ([rows(101, 1)], "/blocks/0/rows"),
    "21 table cells": ([rows(1, 21)], "/blocks/0/rows/0"),
    "10001 letters in a table": ([rows(73, 1, 137)], "/blocks/0/rows"),
    "7 series": ([chart(7)], "/blocks/0/chart/series"),
    "task status": ([task("waiting")], "/blocks/0/status"),
    "alert in a message": ([{"type": "alert", "text": plain(1)}], "/blocks/0/type"),
    "e-mail field in a message": ([asked({"type": "email_text_input", "action_id": "v"})], "/blocks/0"),
    "empty rich text": (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
            }
        ],
        "/blocks/0/elements/0/elements/0/text",
    ),
}

BAD_VIEWS: dict[str, tuple[Json, str]] = {
    "title 25": (modal(section(), title=plain(25)), "/view/title/text"),
    "submit 25": (modal(section(), submit=plain(25)), "/view/submit/text"),
    "close 25": (modal(section(), close=plain(25)), "/view/close/text"),
    "no title": ({"type": "modal", "blocks": [section()]}, "/view"),
    "private_metadata 3001": (modal(section(), private_metadata="x" * 3001), "/view/private_metadata"),
    "callback_id 256": (modal(section(), callback_id="x" * 256), "/view/callback_id"),
    "101 blocks": (modal(*[section()] * 101), "/view/blocks"),
    "input without submit": (modal(asked({"type": "plain_text_input", "action_id": "v"})), "/view"),
    "table in a dialog": (modal(rows(1, 1)), "/view/blocks/0/type"),
    "plan in a dialog": (modal({"type": "plan", "title": "t"}), "/view/blocks/0/type"),
    "label 2001": (
        modal(asked({"type": "plain_text_input", "action_id": "v"}, label=plain(2001)), submit=plain(1)),
        "/view/blocks/0/label/text",
    ),
    "max_length 3001": (
        modal(asked({"type": "plain_text_input", "action_id": "v", "max_length": 3001}), submit=plain(1)),
        "/view/blocks/0/element/max_length",
    ),
    "button as input": (modal(asked(button()), submit=plain(1)), "/view/blocks/0/element/type"),
    "a Home tab as a dialog": ({"type": "home", "title": plain(1), "blocks": []}, "/view/type"),
}


@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_taken(name: str) -> None:
    """A message that keeps to Slack's limits is accepted."""
    check_blocks(FITS[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused_with_its_place(name: str) -> None:
    """A message beyond a limit is refused, and the complaint points to the place."""
    blocks, pointer = REFUSED[name]
    with pytest.raises(SlackError) as refusal:
        check_blocks(blocks)
    pointers = [finding.split("json-pointer:")[1].rstrip("]") for finding in refusal.value.details["errors"]]
    assert (refusal.value.code, pointer in pointers) == ("invalid_blocks", True), refusal.value.details


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_dialog_beyond_a_limit_is_refused(name: str) -> None:
    """A dialog beyond a limit does not open, and the complaint points to the place."""
    view, pointer = BAD_VIEWS[name]
    with pytest.raises(SlackError) as refusal:
        check_view(view, home=False)
    assert f"[json-pointer:{pointer}]" in str(refusal.value.details["response_metadata"])


def test_a_message_is_limited_as_a_whole() -> None:
    """Blocks that are fine one by one can be too long together."""
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_blocks([section(3000) for _ in range(5)])


def test_only_one_table_fits_in_a_message() -> None:
    """A second table is refused."""
    with pytest.raises(SlackError) as refusal:
        check_blocks([rows(1, 1), rows(1, 1)])
    assert refusal.value.details["errors"] == ["only_one_table_allowed"]


def test_a_view_is_limited_as_a_whole() -> None:
    """A view of more than 250 KB is refused."""
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(*[section(3000) for _ in range(90)]), home=False)


def test_the_home_tab_shows_no_tables() -> None:
    """What is reported not to render on Home is refused there."""
    with pytest.raises(SlackError):
        check_view({"type": "home", "blocks": [rows(1, 1)]}, home=True)


def test_a_home_tab_may_ask_without_a_submit_button() -> None:
    """Home has fields but no submit button."""
    check_view({"type": "home", "blocks": [asked({"type": "plain_text_input", "action_id": "v"})]}, home=True)
