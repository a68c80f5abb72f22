"""What a person enters: the state that Slack makes of it, block by block and element by element (facts 7.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.sandbox.slack.blockkit.elements import all_options
from integrations.sandbox.slack.workspace import Json

REQUIRED = "Please complete this required field."
KEPT_AS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
LISTS = {"selected_options", "selected_users", "selected_conversations", "selected_channels"}
PATTERNS = {
    "datepicker": (re.compile(r"\d{4}-\d\d-\d\d"), "a date like 2026-03-31"),
    "timepicker": (re.compile(r"\d\d:\d\d"), "a time like 09:30"),
    "email_text_input": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an e-mail address"),
    "url_text_input": (re.compile(r"https?://\S+"), "a link"),
    "number_input": (re.compile(r"-?\d+(\.\d+)?"), "a number"),
}


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, those inside containers and cards too."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or [])):
            if isinstance(element, dict) and element.get("type") == "card":
                yield from ((element, each) for each in element.get("actions") or [])
            elif isinstance(element, dict):
                yield block, element
        if block.get("type") == "card":
            yield from ((block, each) for each in block.get("actions") or [])
        yield from elements_of(block.get("child_blocks") or [])


def fields_of(blocks: list[Json]) -> Iterator[tuple[set[str], tuple[Json, Json]]]:
    """What can be filled in, with the names by which it is called."""
    for block, element in elements_of(blocks):
        if element.get("type") in KEPT_AS:
            block_id, action_id = str(block.get("block_id")), str(element.get("action_id"))
            yield {block_id, f"{block_id}.{action_id}", action_id}, (block, element)


def state_values(blocks: list[Json], entered: Mapping[str, Mapping[str, Json]]) -> dict[str, dict[str, Json]]:
    """`state.values` of these blocks: what was entered, or what the app preset."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements_of(blocks):
        if element.get("type") in KEPT_AS:
            block_id, action_id = str(block.get("block_id")), str(element.get("action_id"))
            state = entered.get(block_id, {}).get(action_id) or preset(element)
            values.setdefault(block_id, {})[action_id] = state
    return values


def preset(element: Json) -> Json:
    name, initial = KEPT_AS[element["type"]]
    return {"type": element["type"], name: element.get(initial, [] if name in LISTS else None)}


def missing_answers(blocks: list[Json], values: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What Slack's client itself refuses to submit: required inputs without an answer."""
    missing: dict[str, str] = {}
    for block in blocks:
        if block.get("type") == "input" and not block.get("optional"):
            state = values[block["block_id"]][block["element"]["action_id"]]
            if not state[KEPT_AS[state["type"]][0]]:
                missing[block["block_id"]] = REQUIRED
    return missing


def entered_state(element: Json, value: Any) -> Json:
    """The state of an element after a person entered `value`; options are named by their value or their words."""
    kind = str(element["type"])
    name, _ = KEPT_AS[kind]
    if value is None or value in ("", []):
        return {"type": kind, name: [] if name in LISTS else None}
    if name == "selected_option":
        return {"type": kind, name: pick(element, value)}
    if name == "selected_options":
        return {"type": kind, name: [pick(element, each) for each in value]}
    if name in LISTS:
        return {"type": kind, name: list(value)}
    return {"type": kind, name: _typed(element, kind, value)}


def pick(element: Json, value: Any) -> Json:
    """The offered option with this value, or else with these words."""
    offered = all_options(element)
    wanted = value.get("value") if isinstance(value, dict) else str(value)
    for option in offered:
        if option["value"] == wanted:
            return _chosen(option)
    for option in offered:
        if option["text"]["text"] == wanted:
            return _chosen(option)
    raise LookupError(f"{wanted!r} is not offered, only {[option['value'] for option in offered]}")


def _chosen(option: Json) -> Json:
    return {"text": option["text"], "value": option["value"]}


def _typed(element: Json, kind: str, value: Any) -> Any:
    if kind in {"rich_text_input", "datetimepicker"}:
        return value
    text = str(value)
    if kind in PATTERNS and not PATTERNS[kind][0].fullmatch(text):
        raise ValueError(f"Slack's client takes only {PATTERNS[kind][1]} here, not {text!r}")
    if not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
        raise ValueError(f"Slack's client does not take {len(text)} characters here")
    return text
