"""Block Kit's limits as one table: which block may stand where and what it may hold (facts 1.1-1.5).

`check_blocks` and `check_view` raise what Slack answers, with the pointers that Slack gives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.slack.blockkit.elements import (
    ELEMENTS,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    NOT_ON,
    RICH_TEXT,
)
from integrations.sandbox.slack.blockkit.shapes import (
    Check,
    Inspection,
    Surface,
    anything,
    choice,
    either,
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

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_VIEW_BYTES = 250_000
MOST_BLOCK_LETTERS = 13_200
MOST_UPDATE_LETTERS = 4_000
MOST_MARKDOWN_LETTERS = 12_000
TRUNCATED_AT = 40_000
TABLE_LETTERS = 10_000

EVERYWHERE = ("message", "modal", "home")
COMMON: dict[str, Check] = {"type": anything, "block_id": string(255, 1)}
CELLS: dict[str, Check] = {
    "raw_text": record({"type": anything, "text": string(3000, 1, counted=True)}, "text"),
    "raw_number": record({"type": anything, "value": anything, "text": string(100, counted=True)}, "value"),
    "rich_text": RICH_TEXT,
}
POINT = record({"label": string(20, 1), "value": anything}, "label", "value")
AXIS = record({"categories": items(string(20, 1), 20), "x_label": string(50), "y_label": string(50)}, "categories")
SERIES = record({"name": string(20, 1), "data": items(POINT, 20)}, "name", "data")
SERIES_CHART = record({"type": anything, "series": items(SERIES, 6), "axis_config": AXIS}, "series", "axis_config")
CHARTS: dict[str, Check] = {
    "bar": SERIES_CHART,
    "line": SERIES_CHART,
    "area": SERIES_CHART,
    "pie": record({"type": anything, "segments": items(POINT, 6)}, "segments"),
}
TASK_CARD = record(
    {
        **COMMON,
        "task_id": string(255, 1),
        "title": string(256, 1, counted=True),
        "status": choice("pending", "in_progress", "complete", "error"),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(anything, 20),
    },
    "task_id",
    "title",
)
CARD = record(
    {
        **COMMON,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "icon": IMAGE,
        "hero_image": IMAGE,
        "subtext": text(150),
        "actions": items(one_of(ELEMENTS, "button"), 3),
        "slack_icon": anything,
    }
)
COLUMN = record({"align": choice("left", "center", "right"), "is_wrapped": flag})

BLOCKS: dict[str, Check] = {
    "section": record(
        {
            **COMMON,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": one_of(ELEMENTS, *IN_SECTION),
            "expand": flag,
        }
    ),
    "divider": record(COMMON),
    "header": record({**COMMON, "text": plain(150), "level": number(1, 4)}, "text"),
    "image": record(
        {
            **COMMON,
            "image_url": string(3000, 1),
            "slack_file": record({"id": string(64), "url": string(3000)}),
            "alt_text": string(2000, 1),
            "title": plain(2000),
        },
        "alt_text",
    ),
    "actions": record({**COMMON, "elements": items(one_of(ELEMENTS, *IN_ACTIONS), 25)}, "elements"),
    "context": record({**COMMON, "elements": items(either(IMAGE, text(3000)), 10)}, "elements"),
    "context_actions": record(
        {**COMMON, "elements": items(one_of(ELEMENTS, "feedback_buttons", "icon_button"), 5)}, "elements"
    ),
    "input": record(
        {
            **COMMON,
            "label": plain(2000),
            "hint": plain(2000),
            "element": one_of(ELEMENTS, *IN_INPUT),
            "optional": flag,
            "dispatch_action": flag,
        },
        "label",
        "element",
    ),
    "markdown": record({**COMMON, "text": string(MOST_MARKDOWN_LETTERS, 1, counted=True)}, "text"),
    "rich_text": RICH_TEXT,
    "table": record(
        {**COMMON, "rows": items(items(one_of(CELLS), 20), 100), "column_settings": items(either(COLUMN), 20)}, "rows"
    ),
    "data_table": record(
        {
            **COMMON,
            "caption": string(500, 1),
            "rows": items(items(one_of(CELLS), 20), 101, 2),
            "page_size": number(1, 100),
            "row_header_column_index": number(0, 19),
        },
        "caption",
        "rows",
    ),
    "data_visualization": record({**COMMON, "title": string(50, 1), "chart": one_of(CHARTS)}, "title", "chart"),
    "task_card": TASK_CARD,
    "plan": record({**COMMON, "title": string(256, 1, counted=True), "tasks": items(TASK_CARD, 50)}, "title"),
    "alert": record(
        {**COMMON, "text": text(200), "level": choice("default", "info", "warning", "error", "success")}, "text"
    ),
    "card": CARD,
    "carousel": record({**COMMON, "elements": items(CARD, 10)}, "elements"),
    "container": record(
        {
            **COMMON,
            "title": text(150),
            "subtitle": text(150),
            "rich_text_title": RICH_TEXT,
            "child_blocks": items(anything, 10),
            "width": choice("narrow", "standard", "wide", "full"),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "icon": IMAGE,
        },
        "child_blocks",
    ),
}
STANDS_ON: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("section", "divider", "header", "image", "actions", "context", "input", "rich_text"),
        EVERYWHERE,
    ),
    **dict.fromkeys(
        (
            "context_actions",
            "markdown",
            "table",
            "data_table",
            "data_visualization",
            "task_card",
            "plan",
            "card",
            "container",
        ),
        ("message",),
    ),
    "alert": ("modal",),
    "carousel": ("message", "home"),
}

VIEW_COMMON: dict[str, Check] = {
    "type": choice("modal", "home"),
    "blocks": anything,
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = record(
    {
        **VIEW_COMMON,
        "title": plain(24),
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    "title",
    "blocks",
)
HOME = record(VIEW_COMMON, "blocks")


def check_blocks(blocks: Any, surface: Surface = "message") -> None:
    """Refuses what Slack would refuse in a message."""
    seen = Inspection(surface)
    _inspect_blocks(seen, blocks, "/blocks")
    if seen.findings:
        raise SlackError(
            "invalid_blocks",
            errors=seen.findings,
            response_metadata={"messages": [f"[ERROR] {finding}" for finding in seen.findings]},
        )
    if seen.types.count("table") > 1:
        raise SlackError("invalid_blocks", errors=["only_one_table_allowed"])
    if seen.letters > MOST_BLOCK_LETTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *, home: bool) -> None:
    """Refuses what Slack would refuse as a dialog, or as a Home tab."""
    surface: Surface = "home" if home else "modal"
    seen = Inspection(surface)
    (HOME if home else MODAL)(seen, view, "/view")
    if not isinstance(view, dict) or view.get("type") != surface:
        seen.fault(f"must be a valid enum value: {surface}", "/view/type")
    else:
        _inspect_blocks(seen, view.get("blocks"), "/view/blocks")
        if not seen.findings:
            _needs_submit(seen, view)
    if seen.findings:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": [f"[ERROR] {finding}" for finding in seen.findings]}
        )
    if len(json.dumps(view, ensure_ascii=False).encode()) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")


def _inspect_blocks(seen: Inspection, blocks: Any, pointer: str) -> None:
    items(_inspect_block, MOST_BLOCKS[seen.surface], 0)(seen, blocks, pointer)


def _inspect_block(seen: Inspection, block: Any, pointer: str) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in BLOCKS:
        seen.fault(f"unsupported type: {kind}", f"{pointer}/type")
        return
    kind = str(kind)
    if seen.surface not in STANDS_ON[kind]:
        seen.fault(f"block type not allowed on this surface: {kind}", f"{pointer}/type")
    seen.types.append(kind)
    seen.take_name("block_id", block.get("block_id"), pointer)
    before = len(seen.types), seen.letters
    names = seen.action_ids
    if kind == "input":
        # A form's state is kept by block first, so that fields of different blocks may share a name.
        seen.action_ids = set()
    BLOCKS[kind](seen, block, pointer)
    seen.action_ids = names
    for element in seen.types[before[0] :]:
        if seen.surface in NOT_ON.get(element, ()):
            seen.fault(f"element type not allowed on this surface: {element}", pointer)
    _hangs_together(seen, block, pointer)
    if kind in {"table", "data_table"} and seen.letters - before[1] > TABLE_LETTERS:
        seen.fault(f"must be less than {TABLE_LETTERS + 1} characters in all cells", f"{pointer}/rows")


def _hangs_together(seen: Inspection, block: Mapping[str, Any], pointer: str) -> None:
    match block["type"]:
        case "section" if not block.get("text") and not block.get("fields"):
            seen.fault("missing required field: text or fields", pointer)
        case "image" if bool(block.get("image_url")) == bool(block.get("slack_file")):
            seen.fault("exactly one of image_url and slack_file is required", pointer)
        case "card" if not any(block.get(name) for name in ("hero_image", "title", "actions", "body")):
            seen.fault("one of hero_image, title, actions, body is required", pointer)
        case "container":
            items(_inspect_block, 10)(seen, block.get("child_blocks"), f"{pointer}/child_blocks")
        case "data_table" if len({len(row) for row in block.get("rows") or [] if isinstance(row, list)}) > 1:
            seen.fault("all rows must have the same number of cells", f"{pointer}/rows")
        case _:
            pass


def _needs_submit(seen: Inspection, view: Mapping[str, Any]) -> None:
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks") or [])
    if asks and seen.surface == "modal" and not view.get("submit"):
        seen.fault("missing required field: submit", "/view")
