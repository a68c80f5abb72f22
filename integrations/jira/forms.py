"""In which Cloud and Data Center differ on the wire. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from rules.ports import TicketOrder

Json = dict[str, Any]

PROPERTY = "wrapup"

_WIKI = re.compile(r"[\\{}\[\]|]|(?<!\w)[*_+\-^~#](?=\S)|!(?=\S)|\?(?=\?)")


class Form(Protocol):
    """In which Cloud and Data Center differ on the wire."""

    def text(self, plain: str) -> Any:
        """A text of several lines."""

    def person(self, account_id: str) -> Json: ...
    def account_id(self, user: Json) -> str: ...
    def labels(self, order: TicketOrder) -> list[str]: ...
    def properties(self, order: TicketOrder) -> Json:
        """What stands beside the fields."""

    def missing_marks(self, fields: Mapping[str, str]) -> str:
        """What a create screen needs so that a ticket can carry its marker; empty when it has it."""


class CloudForm:
    """Texts as Atlassian documents; a property holds the marker, and one label a run keeps the list of labels short."""

    def text(self, plain: str) -> Any:
        return _document(plain)

    def person(self, account_id: str) -> Json:
        return {"accountId": account_id}

    def account_id(self, user: Json) -> str:
        return str(user["accountId"])

    def labels(self, order: TicketOrder) -> list[str]:
        return [order.run_marker]

    def properties(self, order: TicketOrder) -> Json:
        return {"properties": [{"key": PROPERTY, "value": {"marker": order.marker, "run": order.run_marker}}]}

    def missing_marks(self, fields: Mapping[str, str]) -> str:
        del fields
        return ""


class DataCenterForm:
    """Wiki text; a search gives no properties, so a label holds the marker."""

    def text(self, plain: str) -> Any:
        return _wiki(plain)

    def person(self, account_id: str) -> Json:
        return {"name": account_id}

    def account_id(self, user: Json) -> str:
        return str(user["name"])

    def labels(self, order: TicketOrder) -> list[str]:
        return [order.run_marker, order.marker]

    def properties(self, order: TicketOrder) -> Json:
        del order
        return {}

    def missing_marks(self, fields: Mapping[str, str]) -> str:
        return "" if "labels" in fields or "description" in fields else "Labels"


def _document(text: str) -> Json:
    """Plain text as a document: blank lines part paragraphs, single ones break lines."""
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    return {"type": "doc", "version": 1, "content": [_paragraph(part) for part in paragraphs if part.strip()]}


def _paragraph(text: str) -> Json:
    nodes: list[Json] = []
    for line in text.split("\n"):
        if nodes:
            nodes.append({"type": "hardBreak"})
        if line:
            nodes.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": nodes}


def _wiki(text: str) -> str:
    """Plain text that Data Center's wiki renderer shows as it is."""
    return _WIKI.sub(lambda found: "&#92;" if found[0] == "\\" else f"\\{found[0]}", text)
