"""Rules for what stands inside blocks: buttons, selects, inputs, options, rich text (facts 1.4, 1.5)."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack.blockkit.shapes import (
    Check,
    Inspection,
    anything,
    choice,
    flag,
    items,
    number,
    one_of,
    plain,
    record,
    string,
    text,
)
from integrations.sandbox.slack.workspace import SlackError

CONFIRM = record(
    {
        "title": plain(100),
        "text": text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": choice("primary", "danger"),
    },
    "title",
    "text",
    "confirm",
    "deny",
)
OPTION_FIELDS = {"text": text(75), "value": string(150, 1), "description": text(75), "url": string(3000)}
OPTION = record(OPTION_FIELDS, "text", "value")
PLAIN_OPTION = record({**OPTION_FIELDS, "text": plain(75), "description": plain(75)}, "text", "value")
GROUP = record({"label": plain(75), "options": items(PLAIN_OPTION, 100)}, "label", "options")
DISPATCH = record(
    {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)}, "trigger_actions_on"
)
FILTER = record(
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)

COMMON: dict[str, Check] = {"type": anything, "action_id": string(255, 1)}
FOCUS: dict[str, Check] = {"focus_on_load": flag}
ASKING: dict[str, Check] = {**COMMON, **FOCUS, "confirm": CONFIRM, "placeholder": plain(150)}
MANY: dict[str, Check] = {**ASKING, "max_selected_items": number(1, 100)}
TYPING: dict[str, Check] = {**COMMON, **FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
CONVERSATION_ONE: dict[str, Check] = {
    "initial_conversation": string(64),
    "default_to_current_conversation": flag,
    "filter": FILTER,
}

BUTTON = record(
    {
        **COMMON,
        "text": plain(75),
        "value": string(2000),
        "url": string(3000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": anything,
        "visible_to_user_ids": items(string(64), 100),
    },
    "text",
)
IMAGE = record(
    {
        "type": choice("image"),
        "image_url": string(3000, 1),
        "slack_file": record({"id": string(64), "url": string(3000)}),
        "alt_text": string(2000, 1),
    },
    "alt_text",
)
ONE_STATIC: dict[str, Check] = {
    "options": items(PLAIN_OPTION, 100),
    "option_groups": items(GROUP, 100),
}


def options_present(check: Check) -> Check:
    """A static select needs options or groups, not both, and an initial choice must be one of them."""

    def checked(seen: Inspection, value: Any, pointer: str) -> None:
        before = len(seen.findings)
        check(seen, value, pointer)
        if len(seen.findings) > before:
            return
        if ("options" in value) == ("option_groups" in value):
            seen.fault("exactly one of options and option_groups is required", pointer)
        offered = all_options(value)
        initial = value.get("initial_option")
        chosen = [initial] if initial else value.get("initial_options") or []
        if any(option not in offered for option in chosen):
            seen.fault("initial_option must match one of the options", pointer)

    return checked


def all_options(element: Any) -> list[Any]:
    """The options of an element, those inside groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group.get("options") or [])]


def check_options(reply: Any) -> None:
    """Refuses what Slack can't show as the options of an external select."""
    seen = Inspection("modal")
    offered = record({"options": items(PLAIN_OPTION, 100, 0), "option_groups": items(GROUP, 100, 0)})
    offered(seen, reply, "")
    if seen.findings:
        raise SlackError("invalid_options", errors=seen.findings)


def _picks(**fields: Check) -> Check:
    return record({**ASKING, **fields})


ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": record({**COMMON, "options": items(PLAIN_OPTION, 5), "confirm": CONFIRM}, "options"),
    "static_select": options_present(_picks(**ONE_STATIC, initial_option=PLAIN_OPTION)),
    "multi_static_select": options_present(
        record({**MANY, **ONE_STATIC, "initial_options": items(PLAIN_OPTION, 100)}),
    ),
    "external_select": _picks(initial_option=PLAIN_OPTION, min_query_length=number(0, 300)),
    "multi_external_select": record(
        {**MANY, "initial_options": items(PLAIN_OPTION, 100), "min_query_length": number(0, 300)}
    ),
    "users_select": _picks(initial_user=string(64)),
    "multi_users_select": record({**MANY, "initial_users": items(string(64), 100)}),
    "conversations_select": _picks(**CONVERSATION_ONE, response_url_enabled=flag),
    "multi_conversations_select": record(
        {
            **MANY,
            "initial_conversations": items(string(64), 100),
            "default_to_current_conversation": flag,
            "filter": FILTER,
        }
    ),
    "channels_select": _picks(initial_channel=string(64), response_url_enabled=flag),
    "multi_channels_select": record({**MANY, "initial_channels": items(string(64), 100)}),
    "checkboxes": options_present(
        record(
            {
                **COMMON,
                **FOCUS,
                "confirm": CONFIRM,
                "options": items(OPTION, 10),
                "initial_options": items(OPTION, 10),
            },
            "options",
        )
    ),
    "radio_buttons": options_present(
        record(
            {**COMMON, **FOCUS, "confirm": CONFIRM, "options": items(OPTION, 10), "initial_option": OPTION}, "options"
        )
    ),
    "datepicker": _picks(initial_date=string(10, 10)),
    "timepicker": _picks(initial_time=string(5, 5), timezone=string(64)),
    "datetimepicker": record({**COMMON, **FOCUS, "confirm": CONFIRM, "initial_date_time": number(10**9, 10**10 - 1)}),
    "plain_text_input": record(
        {
            **TYPING,
            "initial_value": string(3000),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        }
    ),
    "email_text_input": record({**TYPING, "initial_value": string(3000)}),
    "url_text_input": record({**TYPING, "initial_value": string(3000)}),
    "number_input": record(
        {
            **TYPING,
            "is_decimal_allowed": flag,
            "initial_value": string(64),
            "min_value": string(64),
            "max_value": string(64),
        },
        "is_decimal_allowed",
    ),
    "rich_text_input": record({**TYPING, "initial_value": anything, "min_lines": anything, "max_lines": anything}),
    "file_input": record({**COMMON, "filetypes": items(string(32), 100), "max_files": number(1, 10)}),
    "feedback_buttons": record(
        {**COMMON, "positive_button": anything, "negative_button": anything}, "positive_button", "negative_button"
    ),
    "icon_button": record(
        {
            **COMMON,
            "icon": choice("trash"),
            "text": plain(75),
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string(64), 100),
        },
        "icon",
        "text",
    ),
}

SINGLE_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
SELECTS = (*SINGLE_SELECTS, *(f"multi_{name}" for name in SINGLE_SELECTS))
PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
IN_SECTION = ("button", "image", "overflow", *SELECTS, *PICKERS)
IN_ACTIONS = ("button", "overflow", *SINGLE_SELECTS, *PICKERS, "datetimepicker")
MODAL_ONLY = ("email_text_input", "url_text_input", "number_input", "file_input")
IN_INPUT = ("plain_text_input", "rich_text_input", "datetimepicker", *SELECTS, *PICKERS, *MODAL_ONLY)
NOT_ON = {
    **dict.fromkeys(MODAL_ONLY, ("message", "home")),
    "rich_text_input": ("message",),
    "datetimepicker": ("home",),
    "feedback_buttons": ("modal", "home"),
    "icon_button": ("modal", "home"),
}

STYLE = record({"bold": flag, "italic": flag, "strike": flag, "code": flag, "underline": flag})
RICH_PIECES: dict[str, Check] = {
    "text": record({"type": anything, "text": string(12_000, 1, counted=True), "style": STYLE}, "text"),
    "link": record(
        {"type": anything, "url": string(3000, 1), "text": string(3000, counted=True), "style": STYLE, "unsafe": flag},
        "url",
    ),
    "user": record({"type": anything, "user_id": string(64, 1), "style": STYLE}, "user_id"),
    "channel": record({"type": anything, "channel_id": string(64, 1), "style": STYLE}, "channel_id"),
    "usergroup": record({"type": anything, "usergroup_id": string(64, 1), "style": STYLE}, "usergroup_id"),
    "emoji": record({"type": anything, "name": string(100, 1), "unicode": string(100), "style": STYLE}, "name"),
    "date": record(
        {
            "type": anything,
            "timestamp": number(0, 10**11),
            "format": string(200, 1),
            "url": string(3000),
            "fallback": string(200),
            "style": STYLE,
        },
        "timestamp",
        "format",
    ),
    "broadcast": record({"type": anything, "range": choice("here", "channel", "everyone"), "style": STYLE}, "range"),
    "color": record({"type": anything, "value": string(7, 1), "style": STYLE}, "value"),
}
LINE: dict[str, Check] = {"type": anything, "elements": items(one_of(RICH_PIECES), 1000, 0), "border": number(0, 1)}
RICH_PARTS: dict[str, Check] = {
    "rich_text_section": record(LINE, "elements"),
    "rich_text_preformatted": record({**LINE, "language": string(30)}, "elements"),
    "rich_text_quote": record(LINE, "elements"),
    "rich_text_list": record(
        {
            "type": anything,
            "style": choice("bullet", "ordered"),
            "indent": number(0, 8),
            "offset": number(0, 10_000),
            "border": number(0, 1),
            "elements": items(one_of({"rich_text_section": record(LINE, "elements")}), 1000),
        },
        "style",
        "elements",
    ),
}
RICH_TEXT = record(
    {"type": anything, "block_id": string(255, 1), "elements": items(one_of(RICH_PARTS), 500)}, "elements"
)
