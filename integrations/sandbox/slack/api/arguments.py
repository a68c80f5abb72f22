"""Arguments of a Web API call, whether they came as JSON, as a form or in the query (facts 7.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from integrations.sandbox.slack.workspace import SlackError

TRUE = {True, "1", "true", "True"}


class Arguments:
    """Reads typed values; a missing or malformed one is Slack's `invalid_arguments`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    @classmethod
    def read(cls, content_type: str, body: bytes, query: str, *, takes_json: bool = True) -> Arguments:
        """Methods that only read do not look into a JSON body, and then miss what stands there."""
        values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
        if content_type.startswith("application/json"):
            values |= _object(body) if takes_json else {}
        else:
            values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
        return cls(values)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.values[name] in TRUE if name in self.values else default

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit():
            raise invalid_arguments(f"[ERROR] must be an integer [json-pointer:/{name}]")
        return int(value)

    def structure(self, name: str) -> Any:
        """A JSON value, either as such or as text; None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise invalid_arguments(f"[ERROR] invalid JSON [json-pointer:/{name}]") from None


def invalid_arguments(*messages: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": list(messages)})


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found
