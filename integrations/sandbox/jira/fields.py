"""Whether a value has the shape that a field takes, as Atlassian's examples of creating an issue show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

Json = dict[str, Any]

MOMENT = "%Y-%m-%dT%H:%M:%S.%f%z"


def misfit(value: Any, schema: Json, options: Sequence[Json], *, plain: bool) -> str:
    """Jira's complaint; blank where it takes the value. `plain`: Data Center, with texts and user names."""
    if schema["type"] != "array":
        return _misfit(value, schema["type"], schema, options, plain=plain)
    if not isinstance(value, list):
        return "data was not an array"
    complaints = [_misfit(each, schema.get("items", "string"), schema, options, plain=plain) for each in value]
    return next(filter(None, complaints), "")


def _misfit(value: Any, kind: str, schema: Json, options: Sequence[Json], *, plain: bool) -> str:
    if kind == "string" and str(schema.get("custom", "")).endswith(":textarea") and not plain:
        return (
            ""
            if isinstance(value, dict) and value.get("type") == "doc"
            else "Operation value must be an Atlassian Document"
        )
    if kind in _JUDGES:
        return _JUDGES[kind](value)
    if kind == "user":
        return (
            "" if isinstance(value, dict) and set(value) == {"name" if plain else "accountId"} else "expected an object"
        )
    if kind == "option-with-child":
        return "" if _is_offered_pair(value, options) else "Option id is not valid."
    return "" if value in [{"id": option["id"]} for option in options] else "Option id is not valid."


def _is_offered_pair(value: Any, options: Sequence[Json]) -> bool:
    pairs: list[Json] = []
    for option in options:
        children = option.get("children", [])
        pairs += [{"id": option["id"], "child": {"id": child["id"]}} for child in children] or [{"id": option["id"]}]
    return value in pairs


def _bad_text(value: Any) -> str:
    return "" if isinstance(value, str) else "Operation value must be a string"


def _bad_number(value: Any) -> str:
    return "" if isinstance(value, int | float) else "Operation value must be a number"


def _bad_day(value: Any) -> str:
    try:
        is_day = bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and date.fromisoformat(value) is not None
    except (TypeError, ValueError):
        is_day = False
    return "" if is_day else f"Error parsing date string: {value}"


def _bad_moment(value: Any) -> str:
    try:
        datetime.strptime(value, MOMENT).astimezone(UTC)
    except (TypeError, ValueError):
        return f"Error parsing time: {value}"
    return ""


def _bad_group(value: Any) -> str:
    return "" if isinstance(value, dict) and isinstance(value.get("name"), str) else "expected an object"


_JUDGES: dict[str, Callable[[Any], str]] = {
    "string": _bad_text,
    "number": _bad_number,
    "date": _bad_day,
    "datetime": _bad_moment,
    "group": _bad_group,
}
